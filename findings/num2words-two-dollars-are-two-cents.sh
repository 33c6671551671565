#!/usr/bin/env bash
# num2words 0.5.14: whether a sum is of dollars or of cents hangs on the number's Python type.
#   num2words(1200, to="currency", currency="EUR") is "twelve euro, zero cents": an int is taken for cents, while 1200.0, Decimal(1200) and even the
#   text "1200" are euros. So it does in every language that has currencies, be it English, French or German. A column of whole amounts reads a
#   hundredth, and where a mean or a JSON number with a point comes by, the same amount is right. Fractions of a cent are cut or rounded: 1.005 is a
#   dollar, 1.999 two.
#   Cure: str(amount) before it.
#
# Seen: the same sum by four types
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check num2words==0.5.14

cat >"$here/seen.py" <<'PY'
from decimal import Decimal

from num2words import num2words

for language in ("en", "fr", "de"):
    for amount in (1200, 1200.0, Decimal(1200), "1200"):
        print(f"{language} {amount!r}: {num2words(amount, to='currency', currency='EUR', lang=language)}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
en 1200: twelve euro, zero cents
en 1200.0: one thousand, two hundred euro, zero cents
en Decimal('1200'): one thousand, two hundred euro, zero cents
en '1200': one thousand, two hundred euro, zero cents
fr 1200: douze euros et zéro centimes
fr 1200.0: mille deux cents euros et zéro centimes
fr Decimal('1200'): mille deux cents euros et zéro centimes
fr '1200': mille deux cents euros et zéro centimes
de 1200: zwölf Euro und null Cent
de 1200.0: eintausendzweihundert Euro und null Cent
de Decimal('1200'): eintausendzweihundert Euro und null Cent
de '1200': eintausendzweihundert Euro und null Cent
END
