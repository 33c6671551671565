#!/usr/bin/env bash
# inflect 7.6.0: a number in words is zero, and of a singular word in s it takes the s.
#   number_to_words takes texts, and reads the digits in them: "two" is "zero", "1/2" is "twelve", "1e6" "sixteen", "1.5 million" is "one point five",
#   and "12 of 20" 1,220. singular_noun is said to give False for what is no plural, and does for "glass" and "police"; but "gas" is "ga", "Celsius"
#   "Celsiu", "crisis" "crisi", "Texas" "Texa", and "US", as a pronoun, "ME". Who brings names of units or of things to one form by it has several for
#   one: "crises" is "crisis".
#   Cure: int or Decimal for numbers; a tagger that says NNS, and lemmas, for words.
#
# Seen: both
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check inflect==7.6.0

cat >"$here/seen.py" <<'PY'
import inflect

engine = inflect.engine()
for number in ("2", "two", "1/2", "1e6", "1.5 million", "12 of 20"):
    print(f"{number} -> {engine.number_to_words(number)}")
for word in ("glass", "police", "news", "gas", "Celsius", "virus", "crisis", "crises", "Texas", "US"):
    print(f"{word} -> {engine.singular_noun(word)}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
2 -> two
two -> zero
1/2 -> twelve
1e6 -> sixteen
1.5 million -> one point five
12 of 20 -> one thousand, two hundred and twenty
glass -> False
police -> False
news -> news
gas -> ga
Celsius -> Celsiu
virus -> viru
crisis -> crisi
crises -> crisis
Texas -> Texa
US -> ME
END
