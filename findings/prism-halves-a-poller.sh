#!/usr/bin/env bash
# apache-beam 2.77.0 (Python) on Prism v2.77.0: how an unbounded splittable DoFn of one element fares with Beam's own trackers.
#   OffsetRestrictionTracker: Prism halves the range while the first poll is still at it, so that two pollers (more, where polls take
#     longer) ask the same source side by side: poll 0, poll 549755813888, poll 1, poll 549755813889, ...
#   UnsplittableRestrictionTracker, Beam's own cure for that: `defer_remainder()` is refused as well, since it is a split at 0, and no word
#     is said. The process call returns, and the job fails: "OffsetRestrictionTracker is not done since work in range ... has not been claimed".
#   A tracker of one's own whose `try_split` takes 0 and refuses all else: one poller, each two seconds.
# A Prism that is at hand can be named in PRISM; else Go builds it (minutes).
#
# Seen:
#   offset: polls at the front 7, in the second half 7; failed: no
#   unsplittable: polls at the front 1, in the second half 0; failed: yes
#   own: polls at the front 7, in the second half 0; failed: no
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

cat >"$here/poller.py" <<'PY'
"""One element, polled for ever: each poll asks to be resumed two seconds later."""
import sys
import time

import apache_beam as beam
from apache_beam.io.iobase import RestrictionProgress, RestrictionTracker
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker, UnsplittableRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp


def note(what):
    with open(sys.argv[1], "a") as log:
        log.write(what + "\n")


class Own(RestrictionTracker):
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


TRACKERS = {
    "offset": OffsetRestrictionTracker,
    "unsplittable": lambda restriction: UnsplittableRestrictionTracker(OffsetRestrictionTracker(restriction)),
    "own": Own,
}


class Provider(RestrictionProvider):
    def initial_restriction(self, element):
        return OffsetRange(0, 2**40)

    def create_tracker(self, restriction):
        return TRACKERS[sys.argv[2]](restriction)

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


options = PipelineOptions(["--streaming", f"--job_endpoint={sys.argv[3]}", "--environment_type=LOOPBACK"])
p = beam.Pipeline(runner="PortableRunner", options=options)
p | beam.Create(["feed"]) | beam.ParDo(Poll())
p.run().wait_until_finish()
PY

"$PRISM" --job_port=0 --serve_http=false --log_kind=json >"$here/prism.log" 2>&1 &
prism=$!
for _ in $(seq 60); do
  endpoint=$(sed -n 's/.*Serving JobManagement.*"endpoint":"\([^"]*\)".*/\1/p' "$here/prism.log")
  [ -n "$endpoint" ] && break
  sleep 1
done

declare -A front second failed
for tracker in offset unsplittable own; do
  log="$here/$tracker"
  touch "$log"
  "$here/venv/bin/python" "$here/poller.py" "$log" "$tracker" "$endpoint" >"$here/words" 2>&1 &
  beam=$!
  for _ in $(seq 60); do  # a busy machine takes its time to load Beam
    grep -q poll "$log" && break
    sleep 1
  done
  sleep 15
  failed[$tracker]=no
  grep -q 'is not done since work in range' "$here/words" && failed[$tracker]=yes
  kill -KILL "$beam" 2>/dev/null || true
  wait "$beam" 2>/dev/null || true
  front[$tracker]=$(grep -cE 'poll [0-9]{1,4}$' "$log" || true)
  second[$tracker]=$(grep -cE 'poll [0-9]{5,}$' "$log" || true)
  echo "$tracker: polls at the front ${front[$tracker]}, in the second half ${second[$tracker]}; failed: ${failed[$tracker]}"
done
test "${second[offset]}" -gt 0 && test "${failed[offset]}" = no
test "${front[unsplittable]}" -le 1 && test "${failed[unsplittable]}" = yes
test "${front[own]}" -gt 2 && test "${second[own]}" -eq 0 && test "${failed[own]}" = no
