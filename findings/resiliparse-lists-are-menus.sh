#!/usr/bin/env bash
# Resiliparse 2.0.1: extract_plain_text(main_content=True) drops every <ul> of an article, and keeps every <ol>.
#   A list with points is taken for a menu wherever it stands, also amid an <article>, and also where its items are whole paragraphs; numbered lists,
#   tables and <dl> stay. So "what we know", lists of the dead and live pages are gone, and the heading above them stands alone. A class may do the
#   same by a part of it: class="popular-vote" goes as a pop-up does. Nothing is said.
#   Cure: main_content=False and a look for the article by oneself, or <ul> made <ol> before it.
#
# Seen: what of an article stays
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check resiliparse==2.0.1

cat >"$here/seen.py" <<'PY'
from resiliparse.extract.html2text import extract_plain_text

REST = "<p>The mayor of Mill Town said on Monday that the bridge over the river would be closed, and that ships could not pass below it.</p>"
ITEM = "Engineers will look at all of the twelve piers, the mayor said."
PARTS = {
    "ul": f"<ul><li>{ITEM}</li><li>{ITEM}</li></ul>",
    "ul of paragraphs": f"<ul><li><p>{ITEM}</p></li></ul>",
    "ol": f"<ol><li>{ITEM}</li><li>{ITEM}</li></ol>",
    "dl": f"<dl><dt>Piers</dt><dd>{ITEM}</dd></dl>",
    "table": f"<table><tr><td>1</td><td>{ITEM}</td></tr></table>",
    "class popular-vote": f'<p class="popular-vote">{ITEM}</p>',
    "class public-vote": f'<p class="public-vote">{ITEM}</p>',
}
for name, part in PARTS.items():
    html = f"<!doctype html><html><body><article><h1>Bridge</h1>{REST * 2}<h2>What we know</h2>{part}{REST}</article></body></html>"
    main, whole = (extract_plain_text(html, main_content=only) for only in (True, False))
    assert ITEM in whole and "What we know" in main
    print(f"{name}: {'kept' if ITEM in main else 'gone'}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
ul: gone
ul of paragraphs: gone
ol: kept
dl: kept
table: kept
class popular-vote: gone
class public-vote: kept
END
