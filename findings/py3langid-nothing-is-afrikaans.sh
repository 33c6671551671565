#!/usr/bin/env bash
# py3langid 0.4.0: a text in which it knows nothing is Afrikaans, or Serbian.
#   Digits, an empty text, but also "Paris" reach no feature: classify answers with the first of its languages ("af", a score of -3.4e38); with
#   norm_probs it is "sr" with 1/71, the share that all have. Nothing tells such an answer from one that was found; and two words of English
#   ("Hello world") are Fula, of Nigeria.
#   Cure: norm_probs, a least share, and no answer for a text without a few words in small letters.
#
# Seen: af, af, fuv; sr with the share of one language in 71
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check py3langid==0.4.0

cat >"$here/seen.py" <<'PY'
import py3langid
from py3langid.langid import MODEL_FILE, LanguageIdentifier

for text in ("", "Paris", "Hello world"):
    print(repr(text), py3langid.classify(text)[0])
normed = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
language, share = normed.classify("Paris")
print("normed:", language, round(1 / share))
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
'' af
'Paris' af
'Hello world' fuv
normed: sr 71
END
