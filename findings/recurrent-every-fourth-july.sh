#!/usr/bin/env bash
# Schedules in words: recurrent 0.4.1 (PyPI) and rrule 2.8.1 (npm, RRule.fromText) take "every year on 4 July", and neither as that day.
#   recurrent takes the number for the interval: July of each fourth year, and "every 5 May" May of each fifth; with "July 4" or "4th of July" it is
#   right. rrule stops at what it does not know, and gives what it has by then: any day of the year for "4 July", all July for "July 4th", 17:00 for
#   "17:30", every Friday for "every Friday in May". "daily" is a rule without a frequency, which counts as yearly. And rrule's toText leaves out
#   BYSETPOS and minutes, though isFullyConvertibleToText() is true: the first weekday of a month is each of them.
#   Cure: build the rule from its parts; show the next five dates, never the words.
#
# Needs Node.js 18 or later.
# Seen: words -> rule, rule -> words
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check recurrent==0.4.1
npm install --silent --no-audit --no-fund --prefix "$here" rrule@2.8.1

cat >"$here/seen.py" <<'PY'
import datetime as dt

from recurrent.event_parser import RecurringEvent

for words in ("every year on 4 July", "every 4 July", "every 5 May", "every year on July 4", "every 4th of July"):
    print(f"recurrent: {words} -> {RecurringEvent(now_date=dt.datetime(2026, 11, 30)).parse(words)}")
PY
cat >"$here/seen.mjs" <<'JS'
import rrule from "rrule";

for (const words of ["every year on 4 July", "every year on July 4th", "every day at 17:30", "every Friday in May", "daily"])
  console.log(`rrule: ${words} -> ${rrule.RRule.fromText(words).toString()}`);
for (const rule of ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "FREQ=DAILY;BYHOUR=9;BYMINUTE=30"]) {
  const read = rrule.RRule.fromString(rule);
  console.log(`rrule: ${rule} -> ${read.toText()}, said to be whole: ${read.isFullyConvertibleToText()}`);
}
JS
{ "$here/venv/bin/python" "$here/seen.py"; (cd "$here" && node seen.mjs); } >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
recurrent: every year on 4 July -> RRULE:BYMONTH=7;INTERVAL=4;FREQ=YEARLY
recurrent: every 4 July -> RRULE:BYMONTH=7;INTERVAL=4;FREQ=YEARLY
recurrent: every 5 May -> RRULE:BYMONTH=5;INTERVAL=5;FREQ=YEARLY
recurrent: every year on July 4 -> RRULE:BYMONTHDAY=4;BYMONTH=7;INTERVAL=1;FREQ=YEARLY
recurrent: every 4th of July -> RRULE:BYMONTHDAY=4;BYMONTH=7;INTERVAL=1;FREQ=YEARLY
rrule: every year on 4 July -> RRULE:FREQ=YEARLY
rrule: every year on July 4th -> RRULE:FREQ=YEARLY;BYMONTH=7
rrule: every day at 17:30 -> RRULE:FREQ=DAILY;BYHOUR=17
rrule: every Friday in May -> RRULE:FREQ=WEEKLY;BYDAY=FR
rrule: daily -> 
rrule: FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1 -> every month on weekdays, said to be whole: true
rrule: FREQ=DAILY;BYHOUR=9;BYMINUTE=30 -> every day at 9, said to be whole: true
END
