#!/usr/bin/env bash
# The zone in which every paper of India gives its times, "12:00 IST", in four readers: three answers, hours apart, and none of them doubtful.
#   dateparser 1.5.0 takes it for Israel's, also where locales=["en-IN"] or region="IN" says whose English it is; fastfeedparser 0.6.5 and
#   chrono-node 2.10.3 (npm) for India's, and feedparser 6.0.14 for UTC, as it does not know it. dateutil 2.9.0.post0 alone gives a time without
#   a zone, by which one can tell.
#   Cure: a zone in letters is none, but for those of RFC 822 and what the source's country says.
#
# Needs Node.js 18 or later.
# Seen: the hour in UTC
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0 fastfeedparser==0.6.5 feedparser==6.0.14 \
  python-dateutil==2.9.0.post0
npm install --silent --no-audit --no-fund --prefix "$here" chrono-node@2.10.3

cat >"$here/seen.mjs" <<'JS'
import * as chrono from "chrono-node";

for (const written of process.argv.slice(2)) console.log(chrono.parseDate(written).toISOString().slice(11, 16));
JS
cat >"$here/seen.py" <<'PY'
import datetime as dt
import subprocess
import sys
import time
import warnings

import dateparser
import fastfeedparser
import feedparser
from dateutil.parser import parse

warnings.simplefilter("ignore")
FEED = '<rss version="2.0"><channel><title>Post</title><item><title>a</title><pubDate>{}</pubDate></item></channel></rss>'


def hour(when):
    return f"{when.astimezone(dt.UTC):%H:%M}" if when.tzinfo else "no zone"


WRITTEN = [f"30 Nov 2026 12:00:00 {zone}" for zone in ("GMT", "IST")]
in_node = subprocess.run(["node", f"{sys.argv[1]}/seen.mjs", *WRITTEN], capture_output=True, text=True, check=True).stdout.split()
for written, by_chrono in zip(WRITTEN, in_node, strict=True):
    given = FEED.format(written)
    print(f"{written}: dateparser {hour(dateparser.parse(written, languages=['en']))}, en-IN {hour(dateparser.parse(written, locales=['en-IN']))}, "
          f"region IN {hour(dateparser.parse(written, languages=['en'], region='IN'))}, chrono {by_chrono}, "
          f"fastfeedparser {hour(dt.datetime.fromisoformat(fastfeedparser.parse(given).entries[0].published))}, "
          f"feedparser {time.strftime('%H:%M', feedparser.parse(given).entries[0].published_parsed)}, dateutil {hour(parse(written))}")
PY
TZ=UTC "$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
30 Nov 2026 12:00:00 GMT: dateparser 12:00, en-IN 12:00, region IN 12:00, chrono 12:00, fastfeedparser 12:00, feedparser 12:00, dateutil 12:00
30 Nov 2026 12:00:00 IST: dateparser 10:00, en-IN 10:00, region IN 10:00, chrono 06:30, fastfeedparser 06:30, feedparser 12:00, dateutil no zone
END
