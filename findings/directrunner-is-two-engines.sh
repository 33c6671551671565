#!/usr/bin/env bash
# apache-beam 2.77.0 (Python): DirectRunner runs a bounded pipeline on Prism where it can fetch that program from Beam's releases, and on
#   FnApiRunner where it cannot: the engine hangs on the network of the machine. Nothing is said above INFO, the pipeline is DONE, and an empty
#   ~/.apache_beam/cache/prism/bin stays behind; the fetch has no time limit of its own.
#   Cure: name the runner (FnApiRunner, or PrismRunner with --prism_location).
# Being cut off is played by a proxy that refuses.
#
# Seen:
#   state: DONE, by FnApiRunner; words at WARNING or above about it: 0
#   at INFO: Exception with PrismRunner ... / Falling back to FnApiRunner ...
#   left behind: .apache_beam/cache/prism/bin, with 0 files
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check apache-beam==2.77.0

cat >"$here/direct.py" <<'PY'
"""Ten numbers on DirectRunner, and which runner it was in the end."""
import logging
import sys
from pathlib import Path

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import fn_runner


class Kept(logging.Handler):
    records = []

    def emit(self, record):
        self.records.append(record)


ran = []
whole = fn_runner.FnApiRunner.run_pipeline
fn_runner.FnApiRunner.run_pipeline = lambda self, *a, **k: (ran.append("FnApiRunner"), whole(self, *a, **k))[1]
logging.getLogger().addHandler(Kept())
logging.getLogger().setLevel(logging.INFO)
p = beam.Pipeline("DirectRunner")
p | beam.Create(range(10)) | beam.Map(str)
state = p.run().wait_until_finish()
told = [r for r in Kept.records if "rism" in r.getMessage() or "alling back" in r.getMessage()]
loud = [r for r in told if r.levelno >= logging.WARNING]
print(f"state: {state}, by {' and '.join(ran) or 'another runner'}; words at WARNING or above about it: {len(loud)}")
print("at INFO:", " / ".join(r.getMessage().splitlines()[0][:150] for r in told))
cache = Path.home() / ".apache_beam" / "cache" / "prism" / "bin"
print(f"left behind: {cache.relative_to(Path.home())}, with {len(list(cache.iterdir()))} files")
sys.exit(not (state == "DONE" and ran == ["FnApiRunner"] and not loud and not list(cache.iterdir())))
PY
mkdir "$here/home"
HOME="$here/home" https_proxy=http://127.0.0.1:9 "$here/venv/bin/python" "$here/direct.py" 2>"$here/words" || { cat "$here/words"; exit 1; }
