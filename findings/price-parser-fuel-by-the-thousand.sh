#!/usr/bin/env bash
# price-parser 0.5.1: three digits behind a point or comma are thousands, whatever stands before them.
#   "$3.459" a gallon, as fuel, power, exchange rates and small shares are quoted, is 3459 dollars, and "$0.125" is 125; two digits, or four, are
#   decimals. "$1,234.567", where the comma has taken the thousands, is 1,234,567. One would think that a leading zero, a comma before the point
#   or the dollar decides it. "€1.5 million" is 1.5, too, and of "2 for $5" it is the 2 that costs dollars.
#   Cure: decimal_separator="." where the source is known; and nothing where three digits stand behind the only sign.
#
# Seen: amounts, and those with decimal_separator="."
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check price-parser==0.5.1

cat >"$here/seen.py" <<'PY'
from price_parser import Price

for written in ("$3.45", "$3.459", "$3.4599", "$0.125", "$1,234.567", "€1.5 million", "2 for $5"):
    plain, told = (Price.fromstring(written, decimal_separator=separator) for separator in (None, "."))
    print(f"{written} -> {plain.amount} {plain.currency}, told {told.amount}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
$3.45 -> 3.45 $, told 3.45
$3.459 -> 3459 $, told 3.459
$3.4599 -> 3.4599 $, told 3.4599
$0.125 -> 125 $, told 0.125
$1,234.567 -> 1234567 $, told 1234.567
€1.5 million -> 1.5 €, told 1.5
2 for $5 -> 2 $, told 2
END
