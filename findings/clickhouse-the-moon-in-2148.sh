#!/usr/bin/env bash
# ClickHouse (chdb 4.4.0) and a DATE column of a Parquet file (pyarrow 25.0.1): a date is read right, and lost by what one asks of it.
#   The column is a Date32, but DATE in SQL is ClickHouse's older Date, which knows 1970 to 2149: "day::DATE" makes 24 December 2148 of 20 July 1969,
#   and toStartOfMonth, as most of its kin, 1 January 1970, while date_trunc('month', day), which one would take for the same, and toYear are
#   right. Timestamps fare alike. Nothing is said, and a count by month of what news say of the past is wrong.
#   Cure: toDate32 and date_trunc; SETTINGS enable_extended_results_for_datetime_functions = 1, date_time_overflow_behavior = 'throw'.
#
# Seen: three days by ways that mean the same, and with both settings
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check chdb==4.4.0 pyarrow==25.0.1

cat >"$here/seen.py" <<'PY'
import datetime as dt
import sys

import chdb
import pyarrow as pa
import pyarrow.parquet as pq

path = f"{sys.argv[1]}/days.parquet"
pq.write_table(pa.table({"day": [dt.date(1815, 6, 18), dt.date(1969, 7, 20), dt.date(2026, 11, 30)]}), path)
SETTINGS = "SETTINGS enable_extended_results_for_datetime_functions = 1, date_time_overflow_behavior = 'throw'"


def asked(what, settings=""):
    try:
        return str(chdb.query(f"SELECT {what} FROM file('{path}') ORDER BY day {settings}", "TSV")).split()
    except RuntimeError as error:
        assert "VALUE_IS_OUT_OF_RANGE" in str(error)
        return "out of range"


for what in ("day", "toYear(day)", "day::DATE", "date_trunc('month', day)", "toStartOfMonth(day)", "toMonday(day)", "toDate32(day)"):
    print(what, asked(what), "with settings", asked(what, SETTINGS))
PY
"$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
day ['1815-06-18', '1969-07-20', '2026-11-30'] with settings ['1815-06-18', '1969-07-20', '2026-11-30']
toYear(day) ['1815', '1969', '2026'] with settings ['1815', '1969', '2026']
day::DATE ['1994-11-22', '2148-12-24', '2026-11-30'] with settings out of range
date_trunc('month', day) ['1815-06-01', '1969-07-01', '2026-11-01'] with settings ['1815-06-01', '1969-07-01', '2026-11-01']
toStartOfMonth(day) ['1970-01-01', '1970-01-01', '2026-11-01'] with settings ['1815-06-01', '1969-07-01', '2026-11-01']
toMonday(day) ['1970-01-01', '1970-01-01', '2026-11-30'] with settings ['1815-06-12', '1969-07-14', '2026-11-30']
toDate32(day) ['1815-06-18', '1969-07-20', '2026-11-30'] with settings ['1815-06-18', '1969-07-20', '2026-11-30']
END
