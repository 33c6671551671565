#!/usr/bin/env bash
# apache-beam 2.77.0 (Python), PortableRunner or PrismRunner, Prism v2.77.0: `wait_until_finish()` of a job that lasts longer than
#   --job_server_timeout (300 s unless given) raises DEADLINE_EXCEEDED, though the job is well and goes on without its driver. The option's
#   own help says "the timeout does not apply to the actual pipeline run time. The driver program can still wait for job completion indefinitely."
#   The stream of the job's states is opened before the job is run, with that limit as its deadline. Job services whose preparation
#   has another id than the job (Flink's) refuse it there, and it is opened anew without a limit: they are not concerned.
#   Cure: --job_server_timeout of many years, which is then also the time that a job service which never answers is waited for.
# A Prism that is at hand can be named in PRISM; else Go builds it (minutes). The limit here is 5 s, the job sleeps for 15 s.
#
# Seen:
#   --job_server_timeout=5: the driver failed after 5 s: StatusCode.DEADLINE_EXCEEDED
#   --job_server_timeout=315360000: the driver was told DONE after 16 s
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

cat >"$here/sleeps.py" <<'PY'
"""A job of one element, which sleeps; whether its driver waits for it."""
import sys
import time

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

endpoint, limit = sys.argv[1:]


def sleeps(_):
    time.sleep(15)


options = PipelineOptions([f"--job_endpoint={endpoint}", "--environment_type=LOOPBACK", f"--job_server_timeout={limit}"])
p = beam.Pipeline(runner="PortableRunner", options=options)
p | beam.Create([1]) | beam.Map(sleeps)
job = p.run()
began = time.monotonic()
try:
    told = f"was told {job.wait_until_finish()}"
except Exception as error:
    told = f"failed: {error.code() if hasattr(error, 'code') else error}"
seconds = time.monotonic() - began
how, _, what = told.partition(": ")
print(f"--job_server_timeout={limit}: the driver {how} after {seconds:.0f} s{': ' + what if what else ''}", flush=True)
PY

"$PRISM" --job_port=0 --serve_http=false --log_kind=json >"$here/prism.log" 2>&1 &
prism=$!
for _ in $(seq 60); do
  endpoint=$(sed -n 's/.*Serving JobManagement.*"endpoint":"\([^"]*\)".*/\1/p' "$here/prism.log")
  [ -n "$endpoint" ] && break
  sleep 1
done
for limit in 5 315360000; do
  timeout 120 "$here/venv/bin/python" "$here/sleeps.py" "$endpoint" "$limit" 2>"$here/words" | tee -a "$here/told" || true
done
grep -q -- '--job_server_timeout=5: the driver failed after .*DEADLINE_EXCEEDED' "$here/told"
grep -q -- '--job_server_timeout=315360000: the driver was told DONE' "$here/told"
