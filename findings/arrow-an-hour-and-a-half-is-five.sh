#!/usr/bin/env bash
# arrow 1.4.0: dehumanize takes what it knows of a phrase, and leaves out the rest without a word.
#   "in 1.5 hours" is in five hours, as only the digits next to the unit count, and "2.5 years ago" five years ago; "1 month and 2 days ago" are two
#   days, since "1 month" is known as "a month" alone, and "2 years and 1 week ago" two years. "two weeks ago" and "1 month ago" by themselves are
#   errors, by which one thinks that a phrase is read whole or not at all. "more than 5 years ago" is 5 years. What humanize says with several
#   granularities, "a month and a day ago", it reads back.
#   Cure: ask dehumanize for what humanize wrote, and nothing else.
#
# Seen: phrases, told that it is 10:00 on 30 November 2026
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check arrow==1.4.0

cat >"$here/seen.py" <<'PY'
import arrow

NOW = arrow.get("2026-11-30T10:00")
PHRASES = ("in 1.5 hours", "2.5 years ago", "an hour and a half ago", "1 month ago", "1 month and 2 days ago", "2 years and 1 week ago")
for phrase in (*PHRASES, "two weeks ago", "more than 5 years ago", "10-12 days ago", "a month and a day ago"):
    try:
        print(f"{phrase} -> {NOW.dehumanize(phrase):YYYY-MM-DD HH:mm}")
    except ValueError as error:
        print(f"{phrase} -> {type(error).__name__}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
in 1.5 hours -> 2026-11-30 15:00
2.5 years ago -> 2021-11-30 10:00
an hour and a half ago -> 2026-11-30 09:00
1 month ago -> ValueError
1 month and 2 days ago -> 2026-11-28 10:00
2 years and 1 week ago -> 2024-11-30 10:00
two weeks ago -> ValueError
more than 5 years ago -> 2021-11-30 10:00
10-12 days ago -> 2026-11-18 10:00
a month and a day ago -> 2026-10-29 10:00
END
