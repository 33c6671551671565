#!/usr/bin/env bash
# apache-beam 2.77.0 (Python), its DaskRunner, on dask and distributed 2026.8.0, a scheduler and two worker processes. Each ends as DONE:
#   tagged outputs: every element goes to each output of a step with tags.
#   finish_bundle: what a DoFn emits there is lost.
#   two sinks: of two steps that nothing follows only the last is run; the other is not begun.
#   windows: GroupByKey groups over all windows as if there were one.
#
# Seen:
#   tagged outputs: good 10, bad 10 of 10
#   finish_bundle: 0 of 10
#   two sinks: first 0, last 10 of 10
#   windows: 1 group of 2
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check apache-beam==2.77.0 dask==2026.8.0 distributed==2026.8.0

cat >"$here/steps.py" <<'PY'
"""Steps that leave a line for each element that they were given."""
import apache_beam as beam


class Noted(beam.DoFn):
    def __init__(self, path):
        self.path = path

    def process(self, element):
        with open(self.path, "a") as file:
            file.write(repr(element) + "\n")
        yield element


class Kept(beam.DoFn):
    def start_bundle(self):
        self.kept = []

    def process(self, element):
        self.kept.append(element)

    def finish_bundle(self):
        for element in self.kept:
            yield beam.window.GlobalWindows.windowed_value(element)


def told_apart(number):
    yield number if number % 2 else beam.pvalue.TaggedOutput("bad", number)


def at_its_time(pair):
    return beam.window.TimestampedValue(pair, pair[1])
PY

cat >"$here/look.py" <<'PY'
import sys
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.dask.dask_runner import DaskRunner
from distributed import LocalCluster
from steps import Kept, Noted, at_its_time, told_apart

HERE = Path(sys.argv[1])


def noted(name):
    return beam.ParDo(Noted(str(HERE / name)))


def lines(name):
    path = HERE / name
    return path.read_text().splitlines() if path.exists() else []


def tagged(p):
    found = p | beam.Create(range(10)) | beam.FlatMap(told_apart).with_outputs("bad", main="good")
    both = (found.good | "a" >> noted("good"), found.bad | "b" >> noted("bad"))
    both | beam.Flatten()


def finishing(p):
    p | beam.Create(range(10)) | beam.ParDo(Kept()) | noted("finished")


def two_sinks(p):
    numbers = p | beam.Create(range(10))
    numbers | "a" >> noted("first")
    numbers | "b" >> noted("last")


def windowed(p):
    pairs = p | beam.Create([("k", 1), ("k", 2), ("k", 11), ("k", 12)]) | beam.Map(at_its_time)
    pairs | beam.WindowInto(beam.window.FixedWindows(10)) | beam.GroupByKey() | noted("groups")


if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        for build in (tagged, finishing, two_sinks, windowed):
            options = PipelineOptions([f"--dask_client_address={cluster.scheduler_address}", "--dask_npartitions=4"])
            p = beam.Pipeline(runner=DaskRunner(), options=options)
            build(p)
            result = p.run()
            result.wait_until_finish()
            assert result.state == "DONE", result.state
    print(f"tagged outputs: good {len(lines('good'))}, bad {len(lines('bad'))} of 10")
    print(f"finish_bundle: {len(lines('finished'))} of 10")
    print(f"two sinks: first {len(lines('first'))}, last {len(lines('last'))} of 10")
    print(f"windows: {len(lines('groups'))} group of 2")
    seen = [len(lines(name)) for name in ("good", "bad", "finished", "first", "last", "groups")]
    sys.exit(seen != [10, 10, 0, 0, 10, 1])
PY

cd "$here"
PYTHONPATH="$here" venv/bin/python look.py "$here" 2>"$here/words" || { tail -5 "$here/words"; exit 1; }
