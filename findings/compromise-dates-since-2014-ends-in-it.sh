#!/usr/bin/env bash
# compromise-dates 3.9.0 (npm, on compromise 14.17.0): the words before a date are read for some, and for others pass without a trace.
#   "since 2014" is 2014, from January to December, while "until 2014" is from January 2014 to today. "before 2014" are the last two weeks of 2013,
#   "after 2014" the first two of 2015. "between 2 and 5 May" is the 5th alone, "from 2 to 5 May" nothing, "2 to 5 May 2020" 1 May. Summers and
#   winters have two months, "a year and a half ago" is a year, and "31 June" the 30th. One would think of open ends, or of null for what is not
#   known, which the decades and centuries give.
#   Cure: find the words by it, and reckon by oneself; take start and end only for a whole date.
#
# Needs Node.js 18 or later.
# Seen: first and last day, told that it is 30 November 2026
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
npm install --silent --no-audit --no-fund --prefix "$here" compromise@14.17.0 compromise-dates@3.9.0

cat >"$here/seen.mjs" <<'JS'
import nlp from "compromise";
import dates from "compromise-dates";

nlp.plugin(dates);
const OPEN = ["since 2014", "until 2014", "before 2014", "after 2014", "from 2014 to 2016"];
const DAYS = ["between 2 and 5 May", "from 2 to 5 May", "2 to 5 May 2020", "May 2 to 5", "on 31 June 2026"];
for (const phrase of [...OPEN, ...DAYS, "in the summer of 2025", "a year and a half ago", "in the 1990s"]) {
  const found = nlp(`It happened ${phrase}.`).dates({ today: "2026-11-30", timezone: "UTC" }).get();
  console.log(`${phrase} -> ${found.map(({ start, end }) => `${start?.slice(0, 10)} to ${end?.slice(0, 10)}`).join(" and ") || "nothing"}`);
}
JS
(cd "$here" && node seen.mjs) >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
since 2014 -> 2014-01-01 to 2014-12-31
until 2014 -> 2014-01-01 to 2026-11-30
before 2014 -> 2013-12-18 to 2013-12-31
after 2014 -> 2015-01-01 to 2015-01-15
from 2014 to 2016 -> 2014-01-01 to 2016-12-31
between 2 and 5 May -> 2026-05-05 to 2026-05-05
from 2 to 5 May -> nothing
2 to 5 May 2020 -> 2020-05-01 to 2020-05-01
May 2 to 5 -> 2027-05-02 to 2027-05-05
on 31 June 2026 -> 2026-06-30 to 2026-06-30
in the summer of 2025 -> 2025-06-01 to 2025-07-31
a year and a half ago -> 2025-11-30 to 2025-11-30
in the 1990s -> nothing
END
