#!/usr/bin/env bash
# htmldate 1.11.0: numbers are a day first, whatever language the page says it is in, and a date in the address comes before what the page declares.
#   "04/05/2024" is 4 May on a page with lang="en-US" and an American title; where the address has a date, JSON-LD's datePublished and the
#   meta elements are not asked, which is wrong for a page that was published anew, or whose address has the day of an event.
#   Cure: read what the page declares first, and let a date of numbers be none where both orders are possible.
#
# Seen: 4 May; the address's day instead of the declared one; the declared one without the address
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check htmldate==1.11.0

cat >"$here/seen.py" <<'PY'
import json

from htmldate import find_date

told = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "datePublished": "2026-03-05T10:00:00+00:00"})
page = f'<html><head><script type="application/ld+json">{told}</script></head><body><p>Text.</p></body></html>'
american = '<html lang="en-US"><body><p class="date">Published 04/05/2024</p></body></html>'
print("numbers:", find_date(american))
print("with the address:", find_date(page, url="https://post.example/2019/01/02/story"))
print("without:", find_date(page))
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
numbers: 2024-05-04
with the address: 2019-01-02
without: 2026-03-05
END
