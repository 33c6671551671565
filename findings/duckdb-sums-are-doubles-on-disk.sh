#!/usr/bin/env bash
# DuckDB 2.0.0 (Python): the sum of a column of whole numbers is exact or not, by the way in which it leaves.
#   sum(BIGINT) is a HUGEINT, of 128 bits. Fetched it is exact, and so it is as Arrow's or Polars' decimal(38, 0); COPY ... TO a Parquet file makes it
#   a double, without a word, though the format has that decimal, and df() float64. Past 2^53 the last digits are gone, and counts are no whole
#   numbers any longer to whoever reads the file.
#   Cure: CAST(sum(n) AS BIGINT), or AS DECIMAL(38, 0), before it leaves.
#
# Seen: 9007199254740993 by six ways
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0 pyarrow==25.0.1 polars==2.1.0 pandas==3.1.1

cat >"$here/seen.py" <<'PY'
import sys

import duckdb
import pyarrow.parquet as pq

SUM = "SELECT sum(n) AS s FROM (VALUES (9007199254740992), (1)) AS t(n)"
path = f"{sys.argv[1]}/sum.parquet"


def written(query):
    duckdb.sql(f"COPY ({query}) TO '{path}'")
    table = pq.read_table(path)
    return f"{table.schema.field('s').type} {table['s'][0].as_py():.0f}"


fetched = duckdb.sql(SUM)
print("type:", fetched.types[0])
print("fetchall:", fetched.fetchall()[0][0])
print("Arrow:", duckdb.sql(SUM).to_arrow_table()["s"].type, duckdb.sql(SUM).to_arrow_table()["s"][0])
print("Polars:", duckdb.sql(SUM).pl()["s"][0])
print("pandas:", duckdb.sql(SUM).df()["s"].dtype, f"{duckdb.sql(SUM).df()['s'][0]:.0f}")
print("Parquet:", written(SUM))
print("Parquet, cast:", written(f"SELECT CAST(s AS DECIMAL(38, 0)) AS s FROM ({SUM})"))
PY
"$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
type: HUGEINT
fetchall: 9007199254740993
Arrow: decimal128(38, 0) 9007199254740993
Polars: 9007199254740993
pandas: float64 9007199254740992
Parquet: double 9007199254740992
Parquet, cast: decimal128(38, 0) 9007199254740993
END
