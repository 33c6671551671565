#!/usr/bin/env bash
# apache-beam 2.77.0 (Python) with PrismRunner and Prism v2.77.0: a driver that is killed (kill -9, the kernel's want of memory) leaves the
#   Prism behind that it started: it goes on listening, on every interface, with no job and no parent, and nothing will end it.
#   Prism has an option for that, --idle_shutdown_timeout, but PrismRunner passes a fixed list of options and no other.
#   Started by oneself with that option and named by --job_endpoint (PortableRunner), it ends by itself; on Linux prctl(PR_SET_PDEATHSIG)
#   in the process that becomes Prism ends it at once.
# A Prism that is at hand can be named in PRISM; else Go builds it (minutes).
#
# Seen:
#   20 s after its driver was killed, the Prism of PrismRunner is there, its parent is process 1
#   a Prism with --idle_shutdown_timeout=10s and a killed driver ended after 10 s
set -euo pipefail

here=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; rm -rf "$here"' EXIT
if [ -z "${PRISM:-}" ]; then
  GOBIN="$here" go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0
  PRISM="$here/prism"
fi
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check apache-beam==2.77.0

cat >"$here/driver.py" <<'PY'
"""A job of one element that takes for ever; the runner and its options are the arguments."""
import sys
import time
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions


def wait(started):
    Path(started).touch()
    while True:
        time.sleep(1)


if __name__ == "__main__":
    with beam.Pipeline(options=PipelineOptions([*sys.argv[2:], "--environment_type=LOOPBACK"])) as p:
        p | beam.Create([sys.argv[1]]) | beam.Map(wait)
PY

running() { [ -d "/proc/$1" ] && ! grep --quiet '^State:.[ZX]' "/proc/$1/status"; }

# Start a driver, wait until its step runs, kill it.
driver_killed() {
  local started="$here/started-$RANDOM"
  "$here/venv/bin/python" "$here/driver.py" "$started" "$@" >"$here/words" 2>&1 &
  local driver=$!
  pids+=("$driver")
  for _ in $(seq 600); do [ -e "$started" ] && break; sleep 0.1; done
  [ -e "$started" ] || { cat "$here/words"; exit 1; }
  children=$(cat "/proc/$driver/task/"*/children)
  disown "$driver"
  kill -9 "$driver"
}

driver_killed --runner=PrismRunner --prism_location="$PRISM"
left=$children
for pid in $left; do pids+=("$pid"); done
sleep 20
for pid in $left; do
  running "$pid" || { echo "Prism ended with its driver"; exit 1; }
  parent=$(sed -n 's/^PPid:\s*//p' "/proc/$pid/status")
  echo "20 s after its driver was killed, the Prism of PrismRunner is there, its parent is process $parent"
  kill "$pid"
done

"$PRISM" --job_port=0 --serve_http=false --log_kind=json --idle_shutdown_timeout=10s 2>"$here/said" &
own=$!
pids+=("$own")
for _ in $(seq 600); do grep --quiet endpoint "$here/said" && break; sleep 0.1; done
endpoint=$(sed -n 's/.*"endpoint":"\([^"]*\)".*/\1/p' "$here/said" | head -1)
driver_killed --runner=PortableRunner --job_endpoint="$endpoint"
for second in $(seq 90); do
  running "$own" || { echo "a Prism with --idle_shutdown_timeout=10s and a killed driver ended after $second s"; exit 0; }
  sleep 1
done
echo "a Prism with --idle_shutdown_timeout=10s and a killed driver is there after 90 s"
exit 1
