#!/usr/bin/env bash
# apache-beam 2.77.0 (Python), FnApiRunner, what DirectRunner falls back to: an unbounded splittable DoFn that puts off the rest of its work
# by two seconds (`defer_remainder(Duration(2))`) is resumed at once, again and again: a feed would be hammered. Its manual watermark moves
# on, and yet no window behind it ever closes. No error, no warning: the pipeline runs and writes nothing. (`--streaming` is given.)
#
# Seen in 20 s, where 10 polls and 4 windows were to be expected, a poll taking 0.3 s:
#   polls 65, windows of 4 s that closed 0; ended by itself: no, lines with an error: 0
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check apache-beam==2.77.0

cat >"$here/poller.py" <<'PY'
"""One element, polled for ever: each poll asks to be resumed two seconds later."""
import sys
import time

import apache_beam as beam
from apache_beam.io.iobase import RestrictionProgress, RestrictionTracker
from apache_beam.io.restriction_trackers import OffsetRange
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp


def note(what):
    with open(sys.argv[1], "a") as log:
        log.write(what + "\n")


class Tracker(RestrictionTracker):
    def __init__(self, range_):
        self.range, self.next = range_, range_.start

    def current_restriction(self):
        return self.range

    def try_claim(self, position):
        self.next = position + 1
        return True

    def try_split(self, fraction):
        if fraction:
            return None
        stop, self.range = self.range.stop, OffsetRange(self.range.start, self.next)
        return self.range, OffsetRange(self.next, stop)

    def check_done(self):
        pass

    def current_progress(self):
        return RestrictionProgress(fraction=0.0)

    def is_bounded(self):
        return False


class Provider(RestrictionProvider):
    def initial_restriction(self, element):
        return OffsetRange(0, 2**40)

    def create_tracker(self, restriction):
        return Tracker(restriction)

    def restriction_size(self, element, restriction):
        return 1


class Poll(beam.DoFn):
    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        element,
        tracker=beam.DoFn.RestrictionParam(Provider()),
        watermark=beam.DoFn.WatermarkEstimatorParam(ManualWatermarkEstimator.default_provider()),
    ):
        number, now = tracker.current_restriction().start, time.time()
        if not tracker.try_claim(number):
            return
        note(f"poll {number}")
        time.sleep(0.3)
        yield TimestampedValue(("key", number), now)
        watermark.set_watermark(Timestamp(now))
        tracker.defer_remainder(Duration(2))


def closed(group):
    note(f"window {sorted(group[1])}")


p = beam.Pipeline(runner="FnApiRunner", options=PipelineOptions(["--streaming"]))
p | beam.Create(["feed"]) | beam.ParDo(Poll()) | beam.WindowInto(FixedWindows(4)) | beam.GroupByKey() | beam.Map(closed)
p.run().wait_until_finish()
PY

log="$here/log"
touch "$log"
"$here/venv/bin/python" "$here/poller.py" "$log" >"$here/words" 2>&1 &
beam=$!
for _ in $(seq 60); do  # a busy machine takes its time to load Beam
  grep -q poll "$log" && break
  sleep 1
done
sleep 20
ended=no
kill -0 "$beam" 2>/dev/null || ended=yes
kill -KILL "$beam" 2>/dev/null || true
wait "$beam" 2>/dev/null || true

polls=$(grep -c poll "$log" || true)
windows=$(grep -c window "$log" || true)
errors=$(grep -cE '^[A-Za-z_.]*(Error|Exception): ' "$here/words" || true)
echo "polls $polls, windows of 4 s that closed $windows; ended by itself: $ended, lines with an error: $errors"
test "$polls" -gt 20 && test "$windows" -eq 0 && test "$ended" = no && test "$errors" -eq 0
