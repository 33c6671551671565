#!/usr/bin/env bash
# goose3 3.1.22: of a paragraph it keeps the words in links, bold and italics, and drops those in most other elements.
#   <abbr>, <time>, <mark>, <q>, <cite>, <data>, <u>, <code>, <ins> and <sub> go with what they hold, where one would think of the tag alone: "The
#   <abbr>UN</abbr> said" is "The said", and "fell by <data>5</data> percent" "fell by percent". What is left is a sentence that reads, only without
#   its subject, its figure or its day. Spans keep their words. trafilatura 2.3.1 keeps them all but <time>, which it drops in the midst of sentences.
#   Cure: unwrap such elements (lxml's drop_tag) before the extractor sees them.
#
# Seen: what each leaves of one word in an element
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check goose3==3.1.22 trafilatura==2.3.1 lxml_html_clean==0.4.6

cat >"$here/seen.py" <<'PY'
import trafilatura
from goose3 import Goose

REST = "<p>The mayor of Mill Town said on Monday that the bridge over the river would be closed, and that ships could not pass below it.</p>"
END = "and it was so for many of the years that the council of the town knows of."
ELEMENTS = ("span", "b", "strong", "i", "em", "a", "sup", "small", "abbr", "time", "mark", "q", "cite", "data", "u", "code", "ins", "sub")


def page(element):
    story = f"<p>Then the <{element}>UN</{element}> said, {END}</p>"
    return f"<!doctype html><html><head><title>Bridge</title></head><body><article><h1>Bridge</h1>{REST * 2}{story}{REST}</article></body></html>"


for name, read in (("goose3", lambda html: Goose().extract(raw_html=html).cleaned_text), ("trafilatura", trafilatura.extract)):
    texts = {element: " ".join(read(page(element)).split()) for element in ELEMENTS}
    assert all(END in text for text in texts.values())
    print(f"{name} keeps the word in:", *[element for element, text in texts.items() if "UN" in text])
    print(f"{name} drops it in:", *[element for element, text in texts.items() if "UN" not in text])
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
goose3 keeps the word in: span b strong i em a sup small
goose3 drops it in: abbr time mark q cite data u code ins sub
trafilatura keeps the word in: span b strong i em a sup small abbr mark q cite data u code ins sub
trafilatura drops it in: time
END
