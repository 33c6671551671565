#!/usr/bin/env bash
# apache-beam 2.77.0 (Python) on Prism v2.77.0: a manual watermark estimator may be set ahead of the clock, and windows close by it at once.
#   A source that knows when it will be asked next (a feed's poll) can say so: with windows of a minute, what a poll gave is grouped and
#   worked on within a second, where a watermark that follows the clock holds it until the minute is over. Timestamps of later elements must
#   not fall behind it: take the later of clock and watermark.
# A Prism that is at hand can be named in PRISM; else Go builds it (minutes).
#
# Seen, with a poll each 5 s:
#   windows of a minute that closed within 25 s: 0 where the watermark follows the clock, 4 where it runs ahead
set -euo pipefail

here=$(mktemp -d)
prism=
trap '[ -z "$prism" ] || kill "$prism"; rm -rf "$here"' EXIT
if [ -z "${PRISM:-}" ]; then
  GOBIN="$here" go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0
  PRISM="$here/prism"
fi
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check apache-beam==2.77.0

cat >"$here/stream.py" <<'PY'
"""One element, polled for ever; what its polls give is grouped in windows."""
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

endpoint, log, what = sys.argv[1:]
EVERY, WINDOW = 5, 60  # seconds


def note(words):
    with open(log, "a") as file:
        file.write(words + "\n")


class Tracker(RestrictionTracker):
    """Takes part in no split but the one that puts off the rest."""

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
        number = tracker.current_restriction().start
        mark = watermark.current_watermark()
        now = max(time.time(), float(mark) if mark is not None else 0.0)
        if not tracker.try_claim(number):
            return
        yield TimestampedValue(("key", number), now)
        watermark.set_watermark(Timestamp(now if what == "clock" else now - now % WINDOW + WINDOW))
        tracker.defer_remainder(Duration(EVERY))


def closed(group):
    note(f"window of polls {sorted(group[1])}")


options = PipelineOptions(["--streaming", f"--job_endpoint={endpoint}", "--environment_type=LOOPBACK"])
p = beam.Pipeline(runner="PortableRunner", options=options)
p | beam.Create(["feed"]) | beam.ParDo(Poll()) | beam.WindowInto(FixedWindows(WINDOW)) | beam.GroupByKey() | beam.Map(closed)
p.run().wait_until_finish()
PY

"$PRISM" --job_port=0 --serve_http=false --log_kind=json >"$here/prism.log" 2>&1 &
prism=$!
for _ in $(seq 60); do
  endpoint=$(sed -n 's/.*Serving JobManagement.*"endpoint":"\([^"]*\)".*/\1/p' "$here/prism.log")
  [ -n "$endpoint" ] && break
  sleep 1
done

declare -A windows
for what in clock ahead; do
  log="$here/$what"
  touch "$log"
  while [ $(($(date +%s) % 60)) -ge 25 ]; do sleep 1; done  # a minute that has just begun
  "$here/venv/bin/python" "$here/stream.py" "$endpoint" "$log" "$what" >"$here/words" 2>&1 &
  beam=$!
  sleep 25
  windows[$what]=$(wc -l <"$log")
  kill -KILL "$beam" 2>/dev/null || true
  wait "$beam" 2>/dev/null || true
done
echo "windows of a minute that closed within 25 s: ${windows[clock]} where the watermark follows the clock, ${windows[ahead]} where it runs ahead"
test "${windows[clock]}" -eq 0 && test "${windows[ahead]}" -ge 2
