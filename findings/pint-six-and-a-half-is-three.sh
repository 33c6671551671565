#!/usr/bin/env bash
# Pint 0.25.3: a quantity as people write it is an expression, and a blank in it a multiplication.
#   "6 1/2 inch" is 3 inches, as 6 times a half, and "6½ inch" is 6; "5 ft 11 in" are 55 square feet and inches, "1 hour 30 minutes" 30 of hours times
#   minutes, "1 in 10" are 10 inches, and "1,5 m" is 15 m, as commas are taken out. All of them are quantities without an error, and those of one
#   unit convert on. One would think of 6.5 inches, or of an error, which other forms ("½ inch", "2 x 4 inches") do give.
#   Cure: take the number apart oneself, and give Pint the unit alone: ureg.Quantity(6.5, "inch").
#
# Seen: what parse_expression makes of each
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pint==0.25.3

cat >"$here/seen.py" <<'PY'
import pint

registry = pint.UnitRegistry()
for written in ("6 1/2 inch", "6½ inch", "5 ft 11 in", "1 hour 30 minutes", "1 in 10", "1,5 m", "2 x 4 inches"):
    try:
        print(f"{written} -> {registry.parse_expression(written)}")
    except pint.PintError as error:
        print(f"{written} -> {type(error).__name__}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
6 1/2 inch -> 3.0 inch
6½ inch -> 6 inch
5 ft 11 in -> 55 foot * inch
1 hour 30 minutes -> 30 hour * minute
1 in 10 -> 10 inch
1,5 m -> 15 meter
2 x 4 inches -> UndefinedUnitError
END
