#!/usr/bin/env bash
# ctparse 0.3.6: a phrase that it does not know is read by one of its words, and another day comes of it.
#   "5 years ago" is five o'clock tomorrow, "the 19th century" the 19th of next month, "last week" and "last year" today (as "last" is a time of the
#   day), "last Monday" the next one, "the first Monday in May" the Monday to come, and "since Friday" Friday next. "from 3 to 5 pm" begins at three
#   in the night. "05/13/2026", which has no other reading, is 5 to 13 December. None where it knows nothing ("next year"), so one takes the rest for
#   understood; the part that was used is said to be (mstart, mend), but tells it of a few only.
#   Cure: compare the part that was used with the whole, and the phrases with a list of one's own.
#
# Seen: phrases, told that it is 10:00 on Monday, 30 November 2026
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check ctparse==0.3.6

cat >"$here/seen.py" <<'PY'
import datetime as dt
import logging

from ctparse import ctparse

logging.disable(logging.WARNING)
NOW = dt.datetime(2026, 11, 30, 10)
PHRASES = ("5 years ago", "the 19th century", "last week", "last year", "last Monday", "the first Monday in May", "since Friday", "from 3 to 5 pm")
for phrase in (*PHRASES, "05/13/2026", "next year", "yesterday"):
    found = ctparse(phrase, ts=NOW)
    print(f"{phrase} -> {found and found.resolution}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
5 years ago -> 2026-12-01 05:00 (X/X)
the 19th century -> 2026-12-19 X:X (X/X)
last week -> 2026-11-30 X:X (X/last)
last year -> 2026-11-30 X:X (X/last)
last Monday -> 2026-12-07 X:X (X/last)
the first Monday in May -> 2026-12-07 X:X (X/first)
since Friday -> 2026-12-04 X:X (X/X)
from 3 to 5 pm -> 2026-12-01 03:00 (X/X) - 2026-12-01 17:00 (X/X)
05/13/2026 -> 2026-12-05 X:X (X/X) - 2026-12-13 X:X (X/X)
next year -> None
yesterday -> 2026-11-29 X:X (X/X)
END
