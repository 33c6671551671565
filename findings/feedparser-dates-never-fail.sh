#!/usr/bin/env bash
# feedparser 6.0.14: what it makes of a date that it half understands looks like any other: published_parsed is wrong, and bozo is false.
#   A zone that RFC 822 does not name counts as UTC (published_parsed is said to be UTC): CEST, JST and AEST are hours off, and behind an ISO day
#   the clock goes with the zone. A number alone is read as year, month and day of its first digits. A day that a month does not have becomes
#   one of the next in ISO's form, though it is none in RFC 822's.
#   Cure: read the words (`published`) by strict rules first, and take feedparser's reading only where its numbers stand in them.
#
# Seen (month-day hour:minute of published_parsed):
#   12:00 EST 11-30 17:00, CEST 11-30 12:00, JST 11-30 12:00, AEST 11-30 12:00, +0900 11-30 03:00
#   2026-11-30 12:00 CEST: 2026-11-30 00:00
#   1630886460: 2016-11-03 00:00
#   2026-02-30T10:00:00Z: 2026-03-02 10:00
#   30 Feb 2026 10:00:00 GMT: none
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check feedparser==6.0.14

cat >"$here/dates.py" <<'PY'
import time

import feedparser


def read(words):
    feed = feedparser.parse(f'<rss version="2.0"><channel><title>t</title><item><title>a</title><pubDate>{words}</pubDate></item></channel></rss>')
    assert not feed.bozo
    return feed.entries[0].get("published_parsed")


def shown(words, form="%Y-%m-%d %H:%M"):
    parsed = read(words)
    return time.strftime(form, parsed) if parsed else "none"


print("12:00", ", ".join(f"{z} {shown(f'Mon, 30 Nov 2026 12:00:00 {z}', '%m-%d %H:%M')}" for z in ("EST", "CEST", "JST", "AEST", "+0900")))
for words in ("2026-11-30 12:00 CEST", "1630886460", "2026-02-30T10:00:00Z", "30 Feb 2026 10:00:00 GMT"):
    print(f"{words}: {shown(words)}")
PY
"$here/venv/bin/python" "$here/dates.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
12:00 EST 11-30 17:00, CEST 11-30 12:00, JST 11-30 12:00, AEST 11-30 12:00, +0900 11-30 03:00
2026-11-30 12:00 CEST: 2026-11-30 00:00
1630886460: 2016-11-03 00:00
2026-02-30T10:00:00Z: 2026-03-02 10:00
30 Feb 2026 10:00:00 GMT: none
END
