"""Peak memory of the worker of a run with one worker, in MB: the most of any slice, as the workers measured it themselves."""

import json
import sys
import tempfile
from pathlib import Path

from pipeline.dataset import Dataset
from pipeline.options import RunOptions
from pipeline.run import run

with tempfile.TemporaryDirectory() as out:
    run(RunOptions(sources=(sys.argv[1],), output=Path(out) / "ds", workers=1))
    peaks = [commit.timings["worker_peak_mb"] for commit in Dataset.open(Path(out) / "ds").commits]
print(json.dumps({"peak": max(peaks), "slices": peaks}))
