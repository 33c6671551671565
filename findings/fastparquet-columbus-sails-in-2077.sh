#!/usr/bin/env bash
# fastparquet 2026.9.0 (pandas.read_parquet(engine="fastparquet")): dates before 1677 and after 2262 become others, and lists of structs null.
#   A date32 is made to nanoseconds, without a look at whether it fits: 12 October 1492 is 1 May 2077, and 9999-12-31, which stands for "no end" in
#   many tables, is in 1816. A timestamp of the same day in the same file is right, since its unit is kept. A list of structs is read as null in
#   each row, without a word; a list of texts is right. pyarrow 25.0.1 reads all of it.
#   Cure: engine="pyarrow".
#
# Seen: what each reads
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check fastparquet==2026.9.0 pyarrow==25.0.1 pandas==3.1.1

cat >"$here/seen.py" <<'PY'
import datetime as dt
import sys
import warnings

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

warnings.simplefilter("ignore")  # that pandas will do without fastparquet one day
path = f"{sys.argv[1]}/days.parquet"
DAYS = [dt.date(1492, 10, 12), dt.date(1812, 6, 18), dt.date(9999, 12, 31)]
pq.write_table(
    pa.table(
        {
            "date": DAYS,
            "timestamp": pa.array([dt.datetime(*day.timetuple()[:3]) for day in DAYS], pa.timestamp("us")),
            "texts": [["a"], [], None],
            "structs": [[{"name": "a"}], [], None],
        }
    ),
    path,
)
for engine in ("pyarrow", "fastparquet"):
    read = pd.read_parquet(path, engine=engine)
    for name in ("date", "timestamp"):
        print(engine, name, *(str(day)[:10] for day in read[name]))
    for name in ("texts", "structs"):
        print(engine, name, *(None if each is None else list(each) for each in read[name]))
PY
"$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
pyarrow date 1492-10-12 1812-06-18 9999-12-31
pyarrow timestamp 1492-10-12 1812-06-18 9999-12-31
pyarrow texts ['a'] [] None
pyarrow structs [{'name': 'a'}] [] None
fastparquet date 2077-05-01 1812-06-18 1816-03-29
fastparquet timestamp 1492-10-12 1812-06-18 9999-12-31
fastparquet texts ['a'] [] None
fastparquet structs None None None
END
