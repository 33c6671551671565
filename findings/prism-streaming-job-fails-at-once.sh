#!/usr/bin/env bash
# apache-beam 2.77.0 (Python) on Prism v2.77.0: what an exception in one step of a streaming job does.
#   No bundle is tried again, as streaming engines are known for: the first exception fails the whole job, the other elements that are on
#   their way with it. `wait_until_finish()` raises a RuntimeError whose text holds the traceback; the class and what it carried (the errno and
#   the file name of an OSError) are gone, also where the steps run in the driver's own process (LOOPBACK).
#   Cure: keep the first exception where the driver finds it, and raise that.
# A Prism that is at hand can be named in PRISM; else Go builds it (minutes).
#
# Seen:
#   attempts at the element that fails: 1; elements that were tried after it: 0
#   the driver was told: RuntimeError, errno None, its text names the OSError: yes
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
EVERY, WINDOW = 1, 2  # seconds


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
        watermark.set_watermark(Timestamp(now))
        tracker.defer_remainder(Duration(EVERY))


def tried(element):
    note(f"try {element[1]}")
    if element[1] == 3:
        raise OSError(28, "No space left on device", "/data/file")
    return element


def closed(group):
    note(f"window of {sorted(group[1])}")


options = PipelineOptions(["--streaming", f"--job_endpoint={endpoint}", "--environment_type=LOOPBACK"])
p = beam.Pipeline(runner="PortableRunner", options=options)
p | beam.Create(["feed"]) | beam.ParDo(Poll()) | beam.Map(tried) | beam.WindowInto(FixedWindows(WINDOW)) | beam.GroupByKey() | beam.Map(closed)
try:
    p.run().wait_until_finish()
except Exception as error:
    named = "yes" if "OSError: [Errno 28]" in str(error) else "no"
    print(f"the driver was told: {type(error).__name__}, errno {getattr(error, 'errno', None)}, its text names the OSError: {named}", flush=True)
PY

"$PRISM" --job_port=0 --serve_http=false --log_kind=json >"$here/prism.log" 2>&1 &
prism=$!
for _ in $(seq 60); do
  endpoint=$(sed -n 's/.*Serving JobManagement.*"endpoint":"\([^"]*\)".*/\1/p' "$here/prism.log")
  [ -n "$endpoint" ] && break
  sleep 1
done

log="$here/log"
touch "$log"
timeout 120 "$here/venv/bin/python" "$here/stream.py" "$endpoint" "$log" fails >"$here/told" 2>"$here/words" || true
sleep 5
attempts=$(grep -c 'try 3$' "$log" || true)
later=$(grep -cE 'try [4-9]' "$log" || true)
echo "attempts at the element that fails: $attempts; elements that were tried after it: $later"
cat "$here/told"
test "$attempts" -eq 1 && test "$later" -eq 0
grep -q 'the driver was told: RuntimeError, errno None, its text names the OSError: yes' "$here/told"
