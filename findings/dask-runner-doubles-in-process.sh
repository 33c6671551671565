#!/usr/bin/env bash
# apache-beam 2.77.0 (Python), its DaskRunner, on dask and distributed 2026.8.0: with a cluster whose workers are threads of this process
# (`Client(processes=False)`), elements are multiplied between two steps, and the run ends as DONE. All partitions of a step share one list
# of outputs; where workers are processes each task unpickles a list of its own, and all is well.
#
# Seen (8 elements in 4 partitions, what the second step was given):
#   worker processes: 8 elements
#   threads of this process: 20 elements
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check apache-beam==2.77.0 dask==2026.8.0 distributed==2026.8.0

cat >"$here/steps.py" <<'PY'
import apache_beam as beam


class Noted(beam.DoFn):
    def __init__(self, path):
        self.path = path

    def process(self, element):
        with open(self.path, "a") as file:
            file.write(f"{element}\n")
        yield element
PY

cat >"$here/look.py" <<'PY'
import sys
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.dask.dask_runner import DaskRunner
from distributed import LocalCluster
from steps import Noted


def given(processes, path):
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=processes, dashboard_address=None) as cluster:
        options = PipelineOptions([f"--dask_client_address={cluster.scheduler_address}", "--dask_npartitions=4"])
        p = beam.Pipeline(runner=DaskRunner(), options=options)
        p | beam.Create(range(8)) | beam.Map(int) | beam.ParDo(Noted(str(path)))
        result = p.run()
        result.wait_until_finish()
        assert result.state == "DONE", result.state
    return len(path.read_text().splitlines())


if __name__ == "__main__":
    here = Path(sys.argv[1])
    apart, together = given(True, here / "apart"), given(False, here / "together")
    print(f"worker processes: {apart} elements")
    print(f"threads of this process: {together} elements")
    sys.exit(not (apart == 8 < together))
PY

cd "$here"
PYTHONPATH="$here" venv/bin/python look.py "$here" 2>"$here/words" || { tail -5 "$here/words"; exit 1; }
