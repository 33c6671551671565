#!/usr/bin/env bash
# Folders in Hive's manner (outlet=The%20Post): each library writes them, and not each reads what another wrote.
#   pyarrow 25.0.1 and DuckDB 2.0.0 write a value's signs by percent, and null as __HIVE_DEFAULT_PARTITION__, and read both back. ClickHouse
#   (chdb 4.4.0) takes the names as they stand, so that outlet = 'The Post' finds no row, and is no error; null is a text of 26 signs there, and
#   in DataFusion 55.0.0 as well: "outlet IS NULL" finds nothing and count(DISTINCT outlet) one more. Polars 2.1.0 leaves "?" and "#" as they are:
#   of such a folder DuckDB says that the files do not fit together, as it takes "?" for a wildcard or the begin of a query.
#   Cure: keep the column in the files as well, or give folders names of letters and digits.
#
# Seen: for each writer and reader the values that come back
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==25.0.1 duckdb==2.0.0 polars==2.1.0 chdb==4.4.0 datafusion==55.0.0

cat >"$here/seen.py" <<'PY'
import sys
from pathlib import Path

import chdb
import datafusion
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds

root = Path(sys.argv[1])
rows = pa.table({"outlet": pa.array(["The Post", "Ja/Nein", "Why?", None]), "n": [1, 2, 3, 4]})
BY = ds.partitioning(pa.schema([("outlet", pa.string())]), flavor="hive")

ds.write_dataset(rows, root / "pyarrow", format="parquet", partitioning=BY)
duckdb.sql(f"COPY (FROM rows) TO '{root}/duckdb' (FORMAT parquet, PARTITION_BY (outlet))")
pl.from_arrow(rows).write_parquet(root / "polars", partition_by=["outlet"])
for writer in ("pyarrow", "duckdb", "polars"):
    print(writer, "writes", sorted(path.name for path in (root / writer).iterdir()))


def in_pyarrow(folder):
    return ds.dataset(folder, partitioning=BY, exclude_invalid_files=False).to_table(columns=["outlet", "n"]).sort_by("n")["outlet"].to_pylist()


def in_duckdb(folder):
    files = f"read_parquet('{folder}/*/*.parquet', hive_partitioning=true)"
    return [row[0] for row in duckdb.sql(f"SELECT outlet FROM {files} ORDER BY n").fetchall()]


def in_polars(folder):
    return pl.scan_parquet(folder, hive_partitioning=True).sort("n").collect()["outlet"].to_list()


def in_clickhouse(folder):
    asked = f"SELECT outlet FROM file('{folder}/*/*.parquet') ORDER BY n SETTINGS use_hive_partitioning = 1"
    return [None if line == r"\N" else line for line in str(chdb.query(asked, "TSV")).splitlines()]


def in_datafusion(folder):
    context = datafusion.SessionContext()
    context.register_parquet("files", folder, table_partition_cols=[("outlet", pa.string())])
    return context.sql("SELECT outlet FROM files ORDER BY n").to_pydict()["outlet"]


for writer in ("pyarrow", "duckdb"):
    for ask in (in_pyarrow, in_duckdb, in_polars, in_clickhouse, in_datafusion):
        print(writer, "read", ask.__name__.replace("_", " "), ask(f"{root}/{writer}/"))
for ask in (in_polars, in_duckdb):
    try:
        print("polars read", ask.__name__.replace("_", " "), ask(f"{root}/polars/"))
    except duckdb.Error as error:
        print("polars read", ask.__name__.replace("_", " "), type(error).__name__)
PY
"$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
pyarrow writes ['outlet=Ja%2FNein', 'outlet=The%20Post', 'outlet=Why%3F', 'outlet=__HIVE_DEFAULT_PARTITION__']
duckdb writes ['outlet=Ja%2FNein', 'outlet=The%20Post', 'outlet=Why%3F', 'outlet=__HIVE_DEFAULT_PARTITION__']
polars writes ['outlet=Ja%2FNein', 'outlet=The%20Post', 'outlet=Why?', 'outlet=__HIVE_DEFAULT_PARTITION__']
pyarrow read in pyarrow ['The Post', 'Ja/Nein', 'Why?', None]
pyarrow read in duckdb ['The Post', 'Ja/Nein', 'Why?', None]
pyarrow read in polars ['The Post', 'Ja/Nein', 'Why?', None]
pyarrow read in clickhouse ['The%20Post', 'Ja%2FNein', 'Why%3F', '__HIVE_DEFAULT_PARTITION__']
pyarrow read in datafusion ['The Post', 'Ja/Nein', 'Why?', '__HIVE_DEFAULT_PARTITION__']
duckdb read in pyarrow ['The Post', 'Ja/Nein', 'Why?', None]
duckdb read in duckdb ['The Post', 'Ja/Nein', 'Why?', None]
duckdb read in polars ['The Post', 'Ja/Nein', 'Why?', None]
duckdb read in clickhouse ['The%20Post', 'Ja%2FNein', 'Why%3F', '__HIVE_DEFAULT_PARTITION__']
duckdb read in datafusion ['The Post', 'Ja/Nein', 'Why?', '__HIVE_DEFAULT_PARTITION__']
polars read in polars ['The Post', 'Ja/Nein', 'Why?', None]
polars read in duckdb BinderException
END
