"""Peak memory of a run with one worker, in MB."""

import json
import resource
import sys
import tempfile
from pathlib import Path

from pipeline.options import RunOptions
from pipeline.run import run

with tempfile.TemporaryDirectory() as out:
    run(RunOptions(sources=(sys.argv[1],), output=Path(out) / "ds", workers=1))
print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
