#!/usr/bin/env bash
# pyarrow 25.0.1: a writer that is left by an exception finishes its file, which then reads as whole.
#   `with pq.ParquetWriter(...)`, `with pa.ipc.new_file(...)` and `new_stream(...)` close in __exit__ whatever went wrong, and closing writes the
#   footer or the end mark. What a failed export leaves is a valid file with the rows that came before: nothing in it says that any are missing.
#   (A process that is killed leaves a Parquet file without a footer, which no one reads.)
#   Cure: write to a name that nobody reads, and rename only behind the block.
#
# Seen (a block that raises after 2 of 3 pieces of 10 rows):
#   ParquetWriter: 20 rows; new_file: 20 rows; new_stream: 20 rows, with its end mark
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==25.0.1

cat >"$here/failed.py" <<'PY'
import contextlib
import sys

import pyarrow as pa
import pyarrow.parquet as pq

piece = pa.table({"n": list(range(10))})
folder = sys.argv[1]


def export(writer):
    with contextlib.suppress(RuntimeError), writer as out:
        for number in range(3):
            if number == 2:
                raise RuntimeError("the third piece failed")
            out.write_table(piece)


export(pq.ParquetWriter(f"{folder}/a.parquet", piece.schema))
for name, make in (("file", pa.ipc.new_file), ("stream", pa.ipc.new_stream)):
    with open(f"{folder}/a.{name}", "wb") as sink:
        export(make(sink, piece.schema))
with open(f"{folder}/a.stream", "rb") as stream:
    content = stream.read()
whole = pq.read_table(f"{folder}/a.parquet").num_rows
filed = pa.ipc.open_file(f"{folder}/a.file").read_all().num_rows
streamed = pa.ipc.open_stream(content).read_all().num_rows
mark = "with its end mark" if content.endswith(b"\xff\xff\xff\xff\0\0\0\0") else "without an end mark"
print(f"ParquetWriter: {whole} rows; new_file: {filed} rows; new_stream: {streamed} rows, {mark}")
PY
"$here/venv/bin/python" "$here/failed.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
ParquetWriter: 20 rows; new_file: 20 rows; new_stream: 20 rows, with its end mark
END
