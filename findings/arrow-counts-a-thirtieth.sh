#!/usr/bin/env bash
# pyarrow 25.0.1: a table of one row takes thirty times what `nbytes` and `total_allocated_bytes` tell of it.
#   Each column brings 1.2 to 1.6 KB of C++ objects (fields, arrays, chunks, buffers), which no figure of Arrow's counts. Who keeps small tables
#   up to a bound of `nbytes` - the columns of a file of one or two rows for each poll of a feed - keeps thirty times the bound.
#   Cure: count some 1,600 bytes a column besides, or put the tables together.
#
# Seen (seven columns of one row, read from Parquet a thousand times, glibc's mallinfo2): at least 20 times nbytes
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==25.0.1

cat >"$here/seen.py" <<'PY'
import ctypes
import os
import tempfile

os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
import pyarrow as pa
import pyarrow.parquet as pq


class Mallinfo2(ctypes.Structure):
    _fields_ = [(f"field{number}", ctypes.c_size_t) for number in range(10)]


c = ctypes.CDLL(None)
c.mallinfo2.restype = Mallinfo2
path = f"{tempfile.mkdtemp()}/a.parquet"
pq.write_table(pa.table({f"column{number}": ["a text of some forty characters, no more"] for number in range(7)}), path)


def table():
    with pq.ParquetFile(path) as file:
        return file.read(use_threads=False)


table()
before = c.mallinfo2().field7
kept = [table() for _ in range(1000)]
held = (c.mallinfo2().field7 - before) / len(kept)
print("at least 20 times nbytes:", held > 20 * kept[0].nbytes)
print("at least 1,000 bytes a column besides:", held - kept[0].nbytes > 1000 * kept[0].num_columns)
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
at least 20 times nbytes: True
at least 1,000 bytes a column besides: True
END
