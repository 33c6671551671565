#!/usr/bin/env bash
# APScheduler 3.11.3: CronTrigger.from_crontab reads a line of crontab(5) by other rules than cron.
#   Day 1 of the week is Tuesday and 0 is Monday, so "0 9 * * 1-5" runs on Saturdays and never on Mondays, and 7 is an error; names ("mon") are
#   right. Where the day of the month and that of the week are both given, both must hold: "0 9 1 * mon" is a Monday that is a first, some
#   twice a year, where cron runs on each first and each Monday.
#   "*/2" in such a pair divides even those who mean cron: croniter 7.0.0 takes either day, cronsim 2.8 (as cron on Debian does) asks for both.
#   Cure: names of days, and never both fields.
#
# Seen: the first days from Monday, 30 November 2026, at 8:00
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check apscheduler==3.11.3 croniter==7.0.0 cronsim==2.8

cat >"$here/seen.py" <<'PY'
import datetime as dt

from apscheduler.triggers.cron import CronTrigger
from croniter import croniter
from cronsim import CronSim

START = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)


def apscheduler(line):
    trigger, last = CronTrigger.from_crontab(line, timezone="UTC"), None
    while last := trigger.get_next_fire_time(last, last or START):
        yield last


def of_croniter(line):
    days = croniter(line, START)
    while True:
        yield days.get_next(dt.datetime)


for line in ("0 9 * * 1", "0 9 * * 1-5", "0 9 * * 0", "0 9 1 * mon", "0 9 */2 * mon"):
    for name, days in (("apscheduler", apscheduler(line)), ("croniter", of_croniter(line)), ("cronsim", CronSim(line, START))):
        print(f"{line} {name}:", ", ".join(f"{day:%a %d.%m.}" for day, _ in zip(days, range(5))))
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
0 9 * * 1 apscheduler: Tue 01.12., Tue 08.12., Tue 15.12., Tue 22.12., Tue 29.12.
0 9 * * 1 croniter: Mon 30.11., Mon 07.12., Mon 14.12., Mon 21.12., Mon 28.12.
0 9 * * 1 cronsim: Mon 30.11., Mon 07.12., Mon 14.12., Mon 21.12., Mon 28.12.
0 9 * * 1-5 apscheduler: Tue 01.12., Wed 02.12., Thu 03.12., Fri 04.12., Sat 05.12.
0 9 * * 1-5 croniter: Mon 30.11., Tue 01.12., Wed 02.12., Thu 03.12., Fri 04.12.
0 9 * * 1-5 cronsim: Mon 30.11., Tue 01.12., Wed 02.12., Thu 03.12., Fri 04.12.
0 9 * * 0 apscheduler: Mon 30.11., Mon 07.12., Mon 14.12., Mon 21.12., Mon 28.12.
0 9 * * 0 croniter: Sun 06.12., Sun 13.12., Sun 20.12., Sun 27.12., Sun 03.01.
0 9 * * 0 cronsim: Sun 06.12., Sun 13.12., Sun 20.12., Sun 27.12., Sun 03.01.
0 9 1 * mon apscheduler: Mon 01.02., Mon 01.03., Mon 01.11., Mon 01.05., Mon 01.01.
0 9 1 * mon croniter: Mon 30.11., Tue 01.12., Mon 07.12., Mon 14.12., Mon 21.12.
0 9 1 * mon cronsim: Mon 30.11., Tue 01.12., Mon 07.12., Mon 14.12., Mon 21.12.
0 9 */2 * mon apscheduler: Mon 07.12., Mon 21.12., Mon 11.01., Mon 25.01., Mon 01.02.
0 9 */2 * mon croniter: Mon 30.11., Tue 01.12., Thu 03.12., Sat 05.12., Mon 07.12.
0 9 */2 * mon cronsim: Mon 07.12., Mon 21.12., Mon 11.01., Mon 25.01., Mon 01.02.
END
