#!/usr/bin/env bash
# extruct 0.18.0 (and microdata 0.8.0): the microdata of a <time> without a datetime attribute is an empty text.
#   HTML says that such an element's value is then what it shows, so that the date of <time itemprop="datePublished">2026-11-30</time> is one that
#   programs are meant to read. Both give "": the property is there, and empty, so that who asks whether it is there takes it. microdata has the
#   words for the value of <data value="...">, too; extruct has that right.
#   Cure: take an empty property for none, and read the element.
#
# Seen: the same date in four elements
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check extruct==0.18.0 lxml_html_clean==0.4.6 microdata==0.8.0

cat >"$here/seen.py" <<'PY'
import extruct
import microdata

FORMS = (
    "<time {} datetime='2026-11-30'>Monday</time>",
    "<time {}>2026-11-30</time>",
    "<data {} value='2026-11-30'>Monday</data>",
    "<b {}>2026-11-30</b>",
)

for element in (form.format("itemprop='datePublished'") for form in FORMS):
    page = f"<html><body><div itemscope itemtype='https://schema.org/NewsArticle'>{element}</div></body></html>"
    found = extruct.extract(page, syntaxes=["microdata"])["microdata"][0]["properties"]["datePublished"]
    print(f"{element}: extruct {found!r}, microdata {microdata.get_items(page)[0].datePublished!r}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
<time itemprop='datePublished' datetime='2026-11-30'>Monday</time>: extruct '2026-11-30', microdata '2026-11-30'
<time itemprop='datePublished'>2026-11-30</time>: extruct '', microdata ''
<data itemprop='datePublished' value='2026-11-30'>Monday</data>: extruct '2026-11-30', microdata 'Monday'
<b itemprop='datePublished'>2026-11-30</b>: extruct '2026-11-30', microdata '2026-11-30'
END
