#!/usr/bin/env bash
# Prism v2.77.0 with apache-beam 2.77.0 (Python) and --environment_type=PROCESS, the command being Beam's own start program for workers (the
#   `boot` of its images): the job hangs for ever, without an error on either side.
#   Prism starts the command with quotes inside the argument, --id='job-001[job]_ref_...', as a shell would take off, but there is no shell:
#   the worker reports under a name with quotes, and Prism goes on waiting for the one without.
#   Cure: a command of one's own that takes the quotes off; then the same job is done in seconds.
# A Prism that is at hand can be named in PRISM; else Go builds it (minutes). The start program is built from Beam's sources in any case.
#
# Seen:
#   the command was given: --id='job-001[job]_ref_Environment_default_environment_1'
#   with Beam's start program the job is not done after 60 s; Prism says no error
#   with the quotes taken off it is done: DONE
set -euo pipefail

here=$(mktemp -d)
prism=
trap '[ -z "$prism" ] || kill "$prism" 2>/dev/null || true; rm -rf "$here"' EXIT
if [ -z "${PRISM:-}" ]; then
  GOBIN="$here" go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0
  PRISM="$here/prism"
fi
GOBIN="$here" go install github.com/apache/beam/sdks/v2/python/container@v2.77.0
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check apache-beam==2.77.0

# The start program runs the Python that comes first on PATH, and puts what it is sent below the folder that it is told.
export PATH="$here/venv/bin:$PATH" RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT=1 HERE="$here"
cat >"$here/as-it-is" <<'SH'
#!/bin/bash
printf '%s\n' "$1" >>"$HERE/given"
exec "$HERE/container" "$@" "--semi_persist_dir=$HERE/staged"
SH
cat >"$here/without-quotes" <<'SH'
#!/bin/bash
exec "$HERE/container" "${@//\'/}" "--semi_persist_dir=$HERE/staged"
SH
chmod +x "$here/as-it-is" "$here/without-quotes"
cat >"$here/driver.py" <<'PY'
import sys

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

p = beam.Pipeline(options=PipelineOptions(sys.argv[1:]))
p | beam.Create([1, 2, 3]) | beam.Map(abs)
print(p.run().wait_until_finish())
PY

# A job whose workers are started by the command; a Prism for each, and what it says in a file.
job() {
  "$PRISM" --job_port=0 --serve_http=false --log_kind=json >"$here/said" 2>&1 &
  prism=$!
  disown "$prism"
  for _ in $(seq 600); do grep --quiet endpoint "$here/said" && break; sleep 0.1; done
  local endpoint
  endpoint=$(sed -n 's/.*"endpoint":"\([^"]*\)".*/\1/p' "$here/said" | head -1)
  timeout "$2" python "$here/driver.py" --runner=PortableRunner --job_endpoint="$endpoint" --environment_type=PROCESS \
    --environment_config="{\"command\": \"$here/$1\"}" 2>"$here/words" && code=0 || code=$?
  kill "$prism" 2>/dev/null || true
}

job as-it-is 60 >"$here/out"
echo "the command was given: $(head -1 "$here/given")"
grep --quiet "^--id='.*'$" "$here/given"
[ "$code" = 124 ] || { cat "$here/words"; exit 1; }
! grep --quiet '"level":"ERROR"' "$here/said"
echo "with Beam's start program the job is not done after 60 s; Prism says no error"
job without-quotes 120 >"$here/out"
[ "$code" = 0 ] || { cat "$here/words" "$here/said"; exit 1; }
echo "with the quotes taken off it is done: $(tail -1 "$here/out")"
grep --quiet DONE "$here/out"
