#!/usr/bin/env bash
# humanfriendly 10.0: of a unit it reads the first letter, and a year has 364 days.
#   parse_size knows "5 PB" by its "p": "5 people" are five petabytes, "7 towns" seven terabytes, "5 million" five megabytes, while "5 billion" are
#   five bytes. parse_length takes "1 mile" for a metre, and "10 million km" for ten of them; what begins with another letter than m, c, k or n is an
#   error, so one thinks that units are looked at. parse_timespan reckons a year as 52 weeks, so that "10 years" are 12 days and a half short, and has
#   no months.
#   Cure: compare the unit with those one means; years by a calendar.
#
# Seen: text -> bytes, metres, days
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check humanfriendly==10.0

cat >"$here/seen.py" <<'PY'
from humanfriendly import InvalidLength, InvalidTimespan, parse_length, parse_size, parse_timespan


def shown(read, written):
    try:
        return read(written)
    except (InvalidLength, InvalidTimespan) as error:
        return type(error).__name__


for written in ("5 PB", "5 people", "7 towns", "5 million", "5 billion"):
    print(f"{written} -> {parse_size(written):,} bytes")
for written in ("1 m", "1 mile", "10 million km", "3 inches"):
    print(f"{written} -> {shown(parse_length, written)} m")
for written in ("52 weeks", "1 year", "10 years", "1 month"):
    print(f"{written} -> {shown(lambda text: parse_timespan(text) / 86400, written)} days")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
5 PB -> 5,000,000,000,000,000 bytes
5 people -> 5,000,000,000,000,000 bytes
7 towns -> 7,000,000,000,000 bytes
5 million -> 5,000,000 bytes
5 billion -> 5 bytes
1 m -> 1 m
1 mile -> 1 m
10 million km -> 10 m
3 inches -> InvalidLength m
52 weeks -> 364.0 days
1 year -> 364.0 days
10 years -> 3640.0 days
1 month -> InvalidTimespan days
END
