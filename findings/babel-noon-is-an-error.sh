#!/usr/bin/env bash
# babel 2.18.0: parse_time adds twelve to every hour with PM and nothing else, so midnight is noon and noon is an error.
#   12:30 AM becomes 12:30; 12:30 PM becomes hour 24, which datetime refuses. All other hours of the clock are right, so tests by 3:30 PM pass.
#   parse_date beside it takes any three numbers of a text for a date, and each year of two digits for one of this century.
#
# Seen (locale en_US): 12:30 AM -> 12:30; 12:30 PM -> ValueError; "page 3 of 12, 2026" -> a day; 3/4/95 -> 2095
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check babel==2.18.0

cat >"$here/seen.py" <<'PY'
from babel.dates import parse_date, parse_time


def seen(what, parse, text):
    try:
        print(what, text, "->", parse(text, locale="en_US"))
    except ValueError as error:
        print(what, text, "->", type(error).__name__)


for text in ("3:30 PM", "12:30 AM", "12:30 PM"):
    seen("time", parse_time, text)
for text in ("3/4/95", "page 3 of 12, 2026"):
    seen("date", parse_date, text)
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
time 3:30 PM -> 15:30:00
time 12:30 AM -> 12:30:00
time 12:30 PM -> ValueError
date 3/4/95 -> 2095-03-04
date page 3 of 12, 2026 -> 2026-03-12
END
