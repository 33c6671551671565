#!/usr/bin/env bash
# Phrases of news in three parsers of dates, told that it is noon of 30 November 2026: dateparser 1.5.0, parsedatetime 2.6, chrono-node 2.10.3 (npm).
#   "the 1990s" are 1990 seconds: ago in dateparser (11:26 that day), to come in parsedatetime (12:33), where "2026" is 20:26. "10 m" are minutes,
#   ago and to come alike. "for two years" is a day in 2028 for two of them, "in May" the May before for one and the next for two, "Friday" the
#   last for two and the next for one, and when somebody sat, it was a Saturday. Nothing is marked as doubtful, and languages=["en"] was given.
#   Cure: ask for the forms that one reads oneself, and let no parser of such kind see the rest.
#
# Needs Node.js 18 or later.
# Seen: three readings of each
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0 parsedatetime==2.6
npm install --silent --no-audit --no-fund --prefix "$here" chrono-node@2.10.3

cat >"$here/seen.mjs" <<'JS'
import * as chrono from "chrono-node";

const instant = new Date("2026-11-30T12:00:00Z");
for (const phrase of process.argv.slice(2)) {
  const found = chrono.parseDate(phrase, { instant, timezone: "UTC" });
  console.log(found ? found.toISOString().slice(0, 16).replace("T", " ") : "none");
}
JS
cat >"$here/seen.py" <<'PY'
import datetime as dt
import subprocess
import sys

import dateparser
import parsedatetime

TODAY = dt.datetime(2026, 11, 30, 12)
PHRASES = ("30 November 2026", "the 1990s", "in 1990", "2026", "10 m", "for two years", "in May", "Friday", "He sat", "9/11")

in_node = subprocess.run(["node", f"{sys.argv[1]}/seen.mjs", *PHRASES], capture_output=True, text=True, check=True).stdout.splitlines()
for phrase, by_chrono in zip(PHRASES, in_node, strict=True):
    first = dateparser.parse(phrase, languages=["en"], settings={"RELATIVE_BASE": TODAY})
    second, found = parsedatetime.Calendar().parseDT(phrase, sourceTime=TODAY)
    shown = [f"{when:%Y-%m-%d %H:%M}" if when else "none" for when in (first, found and second)]
    print(f"{phrase}: dateparser {shown[0]}; parsedatetime {shown[1]}; chrono {by_chrono}")
PY
TZ=UTC "$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
30 November 2026: dateparser 2026-11-30 00:00; parsedatetime 2026-11-30 12:00; chrono 2026-11-30 12:00
the 1990s: dateparser 2026-11-30 11:26; parsedatetime 2026-11-30 12:33; chrono none
in 1990: dateparser 1990-11-30 00:00; parsedatetime none; chrono none
2026: dateparser 2026-11-30 00:00; parsedatetime 2026-11-30 20:26; chrono none
10 m: dateparser 2026-11-30 11:50; parsedatetime 2026-11-30 12:10; chrono none
for two years: dateparser none; parsedatetime 2028-11-30 12:00; chrono 2028-11-30 12:00
in May: dateparser 2026-05-30 00:00; parsedatetime 2027-05-01 12:00; chrono 2027-05-01 12:00
Friday: dateparser 2026-11-27 00:00; parsedatetime 2026-12-04 12:00; chrono 2026-11-27 12:00
He sat: dateparser none; parsedatetime 2026-12-05 12:00; chrono 2026-11-28 12:00
9/11: dateparser 2026-09-11 00:00; parsedatetime 2027-09-11 12:00; chrono 2026-09-11 12:00
END
