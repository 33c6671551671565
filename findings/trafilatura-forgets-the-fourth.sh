#!/usr/bin/env bash
# trafilatura 2.3.1: with deduplicate=True the same page is read three times and is empty the fourth.
#   What was seen is kept by the process, not by the call: a paragraph that came up more than twice, in whatever pages, is left out of the next.
#   A watch that reads a page again for its changes, or a worker that reads a wire's story from several papers, loses text by and by, and which
#   text depends on what else that worker has read.
#   Cure: leave it off, and find repeats among whole articles.
#
# Seen: characters of four calls for one page
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.6

cat >"$here/seen.py" <<'PY'
from trafilatura import extract

words = " ".join(f"The harbour of quay number {number} was opened to ships." for number in range(30))
page = f"<html><head><title>Quays</title></head><body><article><h1>Quays</h1><p>{words}</p></article></body></html>"
with_it = [bool(extract(page, deduplicate=True)) for _ in range(4)]
print("with deduplicate:", with_it)
print("without:", [bool(extract(page)) for _ in range(4)])
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
with deduplicate: [True, True, True, False]
without: [True, True, True, True]
END
