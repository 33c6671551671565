#!/usr/bin/env bash
# langcodes 3.5.1: closest_match finds a model for a language that nobody has one for, by who is expected to understand another.
#   Asked for Ukrainian or Belarusian among English, Russian, Spanish, French and German it is Russian, for Catalan, Galician and Basque Spanish, for
#   Breton French, for Irish and Welsh English; the default distance of 25 lets all of them pass. They are CLDR's figures of what readers of one can
#   be shown instead, not of how alike two languages are: Basque and Spanish have hardly a word in common, while Portuguese and Italian match nothing.
#   A text that is given to a tagger or a list of stop words by it is read as another language. Luxembourgish is German at 9, too.
#   Cure: compare the languages themselves (Language.get(tag).language), and use closest_match for what people read.
#
# Seen: language -> match and distance, by default and at 9
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check langcodes==3.5.1 language_data==1.4.0

cat >"$here/seen.py" <<'PY'
from langcodes import closest_match

HAVE = ["en", "ru", "es", "fr", "de"]
for language in ("uk", "be", "ca", "gl", "eu", "br", "ga", "cy", "lb", "gsw", "pt", "it", "nl", "pl"):
    print(f"{language} -> {closest_match(language, HAVE)}, {closest_match(language, HAVE, max_distance=9)}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
uk -> ('ru', 24), ('und', 1000)
be -> ('ru', 24), ('und', 1000)
ca -> ('es', 20), ('und', 1000)
gl -> ('es', 20), ('und', 1000)
eu -> ('es', 20), ('und', 1000)
br -> ('fr', 20), ('und', 1000)
ga -> ('en', 24), ('und', 1000)
cy -> ('en', 24), ('und', 1000)
lb -> ('de', 8), ('de', 8)
gsw -> ('de', 8), ('de', 8)
pt -> ('und', 1000), ('und', 1000)
it -> ('und', 1000), ('und', 1000)
nl -> ('und', 1000), ('und', 1000)
pl -> ('und', 1000), ('und', 1000)
END
