#!/usr/bin/env bash
# pyarrow 25.0.1: ParquetFile.read(columns=...) leaves out names that the file has not, in silence; pq.read_table refuses them.
#   With no name that fits there is a table of no columns, whose number of rows is still right, so that counts agree. A column that was renamed,
#   or one of an older file, is noticed only where somebody asks the table for it.
#   Cure: compare the table's names with those asked for.
#
# Seen: ["n"], then (2, 0), then an error
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==25.0.1

cat >"$here/seen.py" <<'PY'
import tempfile

import pyarrow as pa
import pyarrow.parquet as pq

path = f"{tempfile.mkdtemp()}/a.parquet"
pq.write_table(pa.table({"n": [1, 2], "text": ["a", "b"]}), path)
file = pq.ParquetFile(path)
print("one of two is there:", file.read(columns=["n", "txet"]).column_names)
print("none is there:", file.read(columns=["txet"]).shape)
try:
    pq.read_table(path, columns=["n", "txet"])
except pa.ArrowInvalid:
    print("read_table: refused")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
one of two is there: ['n']
none is there: (2, 0)
read_table: refused
END
