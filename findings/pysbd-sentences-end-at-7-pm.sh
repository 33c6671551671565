#!/usr/bin/env bash
# pysbd 0.3.4: in the manner in which American papers write, it ends sentences where none do.
#   Behind "p.m." and "a.m." each capital begins one: "at 7 p.m. Tuesday in the hall" are two sentences, and so is "9 p.m. EST", whose zone no
#   sentence begins with. "R-Ga., said so" is cut before the comma, "Ft. Worth" and "Apple Inc. Chief" in the midst of a name, and at a line's end
#   always, so that wrapped texts fall into their lines. "Sen. Ann Roe", "Gen." and "Feb. 3" it has right, and where a sentence does end at "D.C." it
#   does not.
#   Cure: join what ends in such a word to what follows, or a parser's sentences.
#
# Seen: sentences, a "|" where one is cut
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pysbd==0.3.4

cat >"$here/seen.py" <<'PY'
import pysbd

segmenter = pysbd.Segmenter(language="en", clean=False)
for text in (
    "Sen. Ann Roe met Gen. Bo Doe on Feb. 3 in Mobile, Ala., and left.",
    "They meet at 7 p.m. Tuesday in the hall.",
    "It began at 9 p.m. EST on the river.",
    "Sen. Ann Roe, R-Ga., said so.",
    "Police of Ft. Worth asked Apple Inc. Chief Ann Roe.",
    "The mayor of\nMill Town left.",
    "He was born in Washington, D.C. His mother was a judge.",
):
    print("|".join(segmenter.segment(text)).replace("\n", "\\n"))
PY
"$here/venv/bin/python" -W ignore "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
Sen. Ann Roe met Gen. Bo Doe on Feb. 3 in Mobile, Ala., and left.
They meet at 7 p.m. |Tuesday in the hall.
It began at 9 p.m. |EST on the river.
Sen. Ann Roe, R-Ga.|, said so.
Police of Ft. |Worth asked Apple Inc. |Chief Ann Roe.
The mayor of\n|Mill Town left.
He was born in Washington, D.C. His mother was a judge.
END
