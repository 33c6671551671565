#!/usr/bin/env bash
# edtf 5.0.2: text_to_edtf makes a century of "the 2000s", and of days that are named by two numbers others, years away.
#   "the 1990s" and "the 2010s" are 199X and 201X, but "the 2000s", "early 2000s" too, 20XX: 2000 to 2099. "10 to 12 May 2020" is 12 May 2010, and
#   "May 10 to 12, 2020" 10 May 2012: two of three numbers are taken for day and year, the last is let go. A range of words it does not know gives
#   None only where no such reading is there ("5 to 7 June 1999"). "44 BC" is -0044, which in EDTF is 45 BC, as it has a year nought; and "until 1990"
#   is 1990, where "before 1990" is open. The EDTF is well formed each time.
#   Cure: give it one date, of which one has the words; a decade by oneself.
#
# Seen: text -> EDTF, and what years that is
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check edtf==5.0.2

cat >"$here/seen.py" <<'PY'
from edtf import parse_edtf, text_to_edtf

WRITTEN = ("the 1990s", "the 2000s", "early 2000s", "the 2010s", "10 to 12 May 2020", "10-12 May 2020", "May 10 to 12, 2020")
for written in (*WRITTEN, "5 to 7 June 1999", "44 BC", "before 1990", "until 1990"):
    found = text_to_edtf(written)
    years = found and [edge()[0] for edge in (parse_edtf(found).lower_strict, parse_edtf(found).upper_strict)]
    print(f"{written} -> {found}, {years}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
the 1990s -> 199X, [1990, 1999]
the 2000s -> 20XX, [2000, 2099]
early 2000s -> 20XX, [2000, 2099]
the 2010s -> 201X, [2010, 2019]
10 to 12 May 2020 -> 2010-05-12, [2010, 2010]
10-12 May 2020 -> 2010-05-12, [2010, 2010]
May 10 to 12, 2020 -> 2012-05-10, [2012, 2012]
5 to 7 June 1999 -> None, None
44 BC -> -0044, [-44, -44]
before 1990 -> /1990, [1980, 1990]
until 1990 -> 1990, [1990, 1990]
END
