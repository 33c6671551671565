#!/usr/bin/env bash
# ClickHouse (chdb 4.4.0) over several Parquet files: the one that is looked at first says what a column is, and values of the others are bent to it.
#   One would think of an error, or of the wider type. 1,099,511,627,783 of an int64 is 7 where the first file has int32, 300 is 44 behind a uint8,
#   2.7 is 2, and a text behind a column of nulls alone is null. With "*" the first is the one that the directory lists first, which is not by name:
#   one folder gives two machines two answers. DuckDB 2.0.0, by name, refuses what is out of range, but makes 2.7 to 3 and "007" to 7.
#   pyarrow 25.0.1 refuses all but "007".
#   Cure: name the types (file(path, Parquet, 'n Int64')), in DuckDB union_by_name=true; and write every file by one schema.
#
# Seen: what the other file's value is read as
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check chdb==4.4.0 duckdb==2.0.0 pyarrow==25.0.1

cat >"$here/seen.py" <<'PY'
import json
import sys
from pathlib import Path

import chdb
import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

CASES = {
    "int64 behind int32": (pa.array([1], pa.int32()), pa.array([1_099_511_627_783], pa.int64())),
    "int16 behind uint8": (pa.array([1], pa.uint8()), pa.array([300], pa.int16())),
    "double behind int64": (pa.array([1], pa.int64()), pa.array([2.7])),
    "text behind nulls": (pa.nulls(1), pa.array(["x"])),
    "text behind int64": (pa.array([1], pa.int64()), pa.array(["007"])),
}


def in_clickhouse(folder, files="{0,1}"):
    asked = f"SELECT n FROM file('{folder}/{files}.parquet', Parquet) ORDER BY _path SETTINGS schema_inference_use_cache_for_file = 0"
    return [json.loads(line)["n"] for line in str(chdb.query(asked, "JSONEachRow")).splitlines()]


def turned(folder):
    return in_clickhouse(folder, "{1,0}")


def in_duckdb(folder, by_name="false"):
    files = f"read_parquet('{folder}/*.parquet', filename=true, union_by_name={by_name})"
    return [row[0] for row in duckdb.sql(f"SELECT n FROM {files} ORDER BY filename").fetchall()]


def by_name(folder):
    return in_duckdb(folder, "true")


def in_pyarrow(folder):
    return ds.dataset(folder).to_table()["n"].to_pylist()


def second(ask, folder):
    try:
        return ask(str(folder))[1]
    except (duckdb.Error, pa.ArrowException) as error:
        return type(error).__name__


for number, (name, pair) in enumerate(CASES.items()):
    folder = Path(sys.argv[1], str(number))
    folder.mkdir()
    for each, column in enumerate(pair):
        pq.write_table(pa.table({"n": column}), folder / f"{each}.parquet")
    asked = {"clickhouse": in_clickhouse, "files turned": turned, "duckdb": in_duckdb, "by name": by_name, "pyarrow": in_pyarrow}
    print(f"{name}, {pair[1][0]}:", ", ".join(f"{engine} {second(ask, folder)}" for engine, ask in asked.items()))
PY
"$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
int64 behind int32, 1099511627783: clickhouse 7, files turned 1099511627783, duckdb ConversionException, by name 1099511627783, pyarrow ArrowInvalid
int16 behind uint8, 300: clickhouse 44, files turned 300, duckdb ConversionException, by name 300, pyarrow ArrowInvalid
double behind int64, 2.7: clickhouse 2, files turned 2.7, duckdb 3, by name 2.7, pyarrow ArrowInvalid
text behind nulls, x: clickhouse None, files turned x, duckdb ConversionException, by name x, pyarrow ArrowNotImplementedError
text behind int64, 007: clickhouse 7, files turned 007, duckdb 7, by name 007, pyarrow 7
END
