#!/usr/bin/env bash
# DataFusion 55.0.0 and a DATE column of a Parquet file (pyarrow 25.0.1): one day before 1677 fails every query that puts it beside now().
#   A Date32 holds millions of years, and is read, shown, compared with a date, written out and asked for its year as it should. Beside a timestamp it
#   becomes one of nanoseconds, and so it does in date_trunc, date_bin and ::timestamp: "day < now()" is an error of the whole query as soon as one
#   row is of 1492, not null in that row, be the other days of this year. Seconds (arrow_cast) do not help date_trunc.
#   Cure: current_date, now()::date, date '2000-01-01'; for months make_date, extract or to_char.
#
# Seen: questions to a column of three days
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check datafusion==55.0.0 pyarrow==25.0.1

cat >"$here/seen.py" <<'PY'
import datetime as dt
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from datafusion import SessionContext

path = f"{sys.argv[1]}/days.parquet"
pq.write_table(pa.table({"day": [dt.date(1492, 10, 12), dt.date(1815, 6, 18), dt.date(2020, 11, 30)]}), path)
context = SessionContext()
context.register_parquet("days", path)
SECONDS = "date_trunc('month', arrow_cast(day, 'Timestamp(Second, None)'))"
BESIDE_TIMES = ("day < now()", "day > timestamp '2000-01-01'", "date_trunc('month', day)", SECONDS)
DAYS = ("day < current_date", "day < now()::date", "day > date '2000-01-01'", "make_date(extract(year from day)::int, 1, 1)")
for asked in (*BESIDE_TIMES, *DAYS, "to_char(day, '%Y-%m')"):
    try:
        (column,) = context.sql(f"SELECT {asked} AS x FROM days ORDER BY day").to_pydict().values()
        print(f"{asked} ->", *column)
    except Exception as error:  # DataFusion's errors are plain Exceptions
        assert "exceeds the representable" in str(error) or "out of range" in str(error), error
        print(f"{asked} -> error")
PY
"$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
day < now() -> error
day > timestamp '2000-01-01' -> error
date_trunc('month', day) -> error
date_trunc('month', arrow_cast(day, 'Timestamp(Second, None)')) -> error
day < current_date -> True True True
day < now()::date -> True True True
day > date '2000-01-01' -> False False True
make_date(extract(year from day)::int, 1, 1) -> 1492-01-01 1815-01-01 2020-01-01
to_char(day, '%Y-%m') -> 1492-10 1815-06 2020-11
END
