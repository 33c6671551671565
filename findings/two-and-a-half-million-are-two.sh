#!/usr/bin/env bash
# Numbers in words: word2number 1.1, compromise 14.17.0 (npm), text2num 3.1.0, number-parser 0.3.2 and numerizer 0.2.4 agree on "five hundred and ten
#   million" and on little else. What they do not know they pass over, and go on with the rest as if it were all.
#   "two and a half million" is 2,000,000 in word2number and compromise; text2num and number-parser hand on "a half" and then 1000000. "half a
#   million" and "2.5 million" are 1,000,000 in word2number, which adds up words that stand together: "nineteen eighty-four" is 1524, "one or two"
#   3. "one million two million" is 1000002 and 1000000 for two of them. Only a few of these are errors, or None.
#   Cure: take a reading only where every word of the number was used.
#
# Needs Node.js 18 or later.
# Seen: five readings of each
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check word2number==1.1 text2num==3.1.0 number-parser==0.3.2 numerizer==0.2.4
npm install --silent --no-audit --no-fund --prefix "$here" compromise@14.17.0

cat >"$here/seen.mjs" <<'JS'
import nlp from "compromise";

for (const words of process.argv.slice(2)) console.log(nlp(words).numbers().json().map((found) => found.number.num).join(" "));
JS
cat >"$here/seen.py" <<'PY'
import subprocess
import sys

from number_parser import parse
from numerizer import numerize
from text_to_num import alpha2digit
from word2number import w2n

WRITTEN = ("five hundred and ten million", "two and a half million", "half a million", "2.5 million", "two point five million",
           "nineteen eighty-four", "one or two", "one million two million")


def tried(read, words):
    try:
        return read(words)
    except ValueError as error:
        return type(error).__name__


in_node = subprocess.run(["node", f"{sys.argv[1]}/seen.mjs", *WRITTEN], capture_output=True, text=True, check=True).stdout.splitlines()
for words, compromise in zip(WRITTEN, in_node, strict=True):
    read = {"word2number": w2n.word_to_num, "text2num": lambda text: alpha2digit(text, "en"), "number-parser": parse, "numerizer": numerize}
    print(f"{words}:", "; ".join(f"{name} {tried(each, words)}" for name, each in read.items()) + f"; compromise {compromise}")
PY
"$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
five hundred and ten million: word2number 510000000; text2num 510000000; number-parser 510000000; numerizer 510000000; compromise 510000000
two and a half million: word2number 2000000; text2num two and a half 1000000; number-parser 2 and a half 1000000; numerizer 2500000; compromise 2000000
half a million: word2number 1000000; text2num half a 1000000; number-parser half a 1000000; numerizer 1/2 1000000; compromise 500000
2.5 million: word2number 1000000; text2num 2.5 1000000; number-parser 2.5 1000000; numerizer 2500000; compromise 2500000
two point five million: word2number 2; text2num 2.5 1000000; number-parser 2 point 5000000; numerizer 2 point 5000000; compromise 2
nineteen eighty-four: word2number 1524; text2num 19 84; number-parser 19 84; numerizer 19 80 4; compromise 19 80 4
one or two: word2number 3; text2num one or two; number-parser 1 or 2; numerizer 1 or 2; compromise 1 2
one million two million: word2number ValueError; text2num 1000002 1000000; number-parser 1000002 1000000; numerizer 1000000 2000000; compromise 0
END
