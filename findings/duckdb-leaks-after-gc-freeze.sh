#!/usr/bin/env bash
# duckdb 2.0.0 (Python): after gc.freeze(), which long-running programs call to keep what they have loaded out of the collector's walks,
#   a program that has used DuckDB writes dozens of lines to stderr when it ends: "nanobind: leaked 27 instances! ...". Nothing is wrong and
#   the exit code is 0: the binding looks for what is left when the interpreter ends, and what is frozen is not collected by then.
#   Cure: gc.unfreeze() before the end.
#
# Seen:
#   lines on stderr: 0 without freeze, 47 with it, 0 where it is unfrozen before the end
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0

cat >"$here/query.py" <<'PY'
import gc
import sys

import duckdb

assert duckdb.connect().execute("SELECT 1").fetchall() == [(1,)]
if "freeze" in sys.argv:
    gc.freeze()
if "unfreeze" in sys.argv:
    gc.unfreeze()
PY

plain=$("$here/venv/bin/python" "$here/query.py" 2>&1 | wc -l)
frozen=$("$here/venv/bin/python" "$here/query.py" freeze 2>&1 | tee "$here/words" | wc -l)
thawed=$("$here/venv/bin/python" "$here/query.py" freeze unfreeze 2>&1 | wc -l)
echo "lines on stderr: $plain without freeze, $frozen with it, $thawed where it is unfrozen before the end"
test "$plain" -eq 0 && test "$thawed" -eq 0 && test "$frozen" -gt 10 && grep -q 'nanobind: leaked' "$here/words"
