#!/usr/bin/env bash
# numeral 2.0.6 and currency.js 2.0.4 (npm): what they do not know between two digits is taken out, and the digits stand together.
#   numeral reads "1.5m" as 1,500,000 and "1.5 million" as 1.5; "1e3", a number to JavaScript and JSON, is 13 to both, "2 for $5" 25, "12 for $5" 125,
#   and "10-12" -1012 for numeral. "€1.234,56", a price of a thousand, is 1.23. Nothing tells them from what was read whole; null and NaN are for
#   other texts, and "½" is 0 for currency.js.
#   Cure: match the whole text with a pattern of one's own before either.
#
# Needs Node.js 18 or later.
# Seen: text -> number by both
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
npm install --silent --no-audit --no-fund --prefix "$here" numeral@2.0.6 currency.js@2.0.4

cat >"$here/seen.mjs" <<'JS'
import currency from "currency.js";
import numeral from "numeral";

for (const text of ["1,234.5", "1.5m", "1.5 million", "1e3", "10-12", "2 for $5", "12 for $5", "1,5", "€1.234,56", "½", "$5-$10"])
  console.log(`${text} -> numeral ${numeral(text).value()}, currency.js ${currency(text).value}`);
JS
(cd "$here" && node seen.mjs) >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
1,234.5 -> numeral 1234.5, currency.js 1234.5
1.5m -> numeral 1500000, currency.js 1.5
1.5 million -> numeral 1.5, currency.js 1.5
1e3 -> numeral 13, currency.js 13
10-12 -> numeral -1012, currency.js NaN
2 for $5 -> numeral 25, currency.js 25
12 for $5 -> numeral 125, currency.js 125
1,5 -> numeral 15, currency.js 15
€1.234,56 -> numeral 1.23456, currency.js 1.23
½ -> numeral null, currency.js 0
$5-$10 -> numeral -510, currency.js NaN
END
