#!/usr/bin/env bash
# DuckDB 2.0.0, DataFusion 55.0.0, ClickHouse (chdb 4.4.0) and a Parquet file with a NaN (pyarrow 25.0.1): one query, two answers.
#   The format leaves NaN out of a column's least and greatest value, and engines decide by these as if they told of all rows. Where both are 1,
#   "x = 1" gives every row in DuckDB and DataFusion, that with NaN too, though it is greater than all else for both; "x > 1" has none, and
#   isnan(x) finds nothing. ClickHouse loses it from "x <> 1" alone. Polars 2.1.0, and the first three on a table of their own, find it.
#   Cure: write null for NaN, or write_statistics=[names of the other columns].
#
# Seen (rows 1, 2 and 3 with x = 1, 1, NaN): what is found in the file, in the engine's own table, and in the file without statistics
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0 datafusion==55.0.0 chdb==4.4.0 polars==2.1.0 pyarrow==25.0.1

cat >"$here/seen.py" <<'PY'
import sys

import chdb
import datafusion
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

folder = sys.argv[1]
rows = pa.table({"id": [1, 2, 3], "x": [1.0, 1.0, float("nan")]})
FILES = {"file": f"{folder}/nan.parquet", "without": f"{folder}/without.parquet"}
pq.write_table(rows, FILES["file"])
pq.write_table(rows, FILES["without"], write_statistics=["id"])

duck, fusion = duckdb.connect(), datafusion.SessionContext()
duck.sql("CREATE TABLE kept AS FROM rows")
fusion.from_arrow(rows, name="kept")
for name, path in FILES.items():
    duck.sql(f"CREATE VIEW {name} AS FROM '{path}'")
    fusion.register_parquet(name, path)


def in_duckdb(where, place):
    return [row[0] for row in duck.sql(f"SELECT id FROM {place} WHERE {where} ORDER BY id").fetchall()]


def in_datafusion(where, place):
    return fusion.sql(f"SELECT id FROM {place} WHERE {where} ORDER BY id").to_pydict()["id"]


def in_clickhouse(where, place):
    source = "(SELECT arrayJoin([(1, 1.), (2, 1.), (3, nan)]) AS r, r.1 AS id, r.2 AS x)" if place == "kept" else f"file('{FILES[place]}')"
    asked = f"SELECT id FROM {source} WHERE {where.replace('isnan', 'isNaN')} ORDER BY id"
    return [int(line) for line in str(chdb.query(asked, "CSV")).split()]


def in_polars(where, place):
    x = pl.col("x")
    asked = {"x = 1": x == 1, "x <> 1": x != 1, "x > 1": x > 1, "isnan(x)": x.is_nan()}[where]
    frame = pl.from_arrow(rows).lazy() if place == "kept" else pl.scan_parquet(FILES[place])
    return frame.filter(asked).collect()["id"].to_list()


for ask in (in_duckdb, in_datafusion, in_clickhouse, in_polars):
    for where in ("x = 1", "x <> 1", "x > 1", "isnan(x)"):
        print(ask.__name__.removeprefix("in_"), where, *(f"{place} {ask(where, place)}" for place in ("file", "kept", "without")))
PY
"$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
duckdb x = 1 file [1, 2, 3] kept [1, 2] without [1, 2]
duckdb x <> 1 file [] kept [3] without [3]
duckdb x > 1 file [] kept [3] without [3]
duckdb isnan(x) file [] kept [3] without [3]
datafusion x = 1 file [1, 2, 3] kept [1, 2] without [1, 2]
datafusion x <> 1 file [] kept [3] without [3]
datafusion x > 1 file [] kept [3] without [3]
datafusion isnan(x) file [] kept [3] without [3]
clickhouse x = 1 file [1, 2] kept [1, 2] without [1, 2]
clickhouse x <> 1 file [] kept [3] without [3]
clickhouse x > 1 file [] kept [] without []
clickhouse isnan(x) file [3] kept [3] without [3]
polars x = 1 file [1, 2] kept [1, 2] without [1, 2]
polars x <> 1 file [3] kept [3] without [3]
polars x > 1 file [3] kept [3] without [3]
polars isnan(x) file [3] kept [3] without [3]
END
