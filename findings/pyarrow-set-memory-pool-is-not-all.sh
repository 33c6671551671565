#!/usr/bin/env bash
# pyarrow 25.0.1: set_memory_pool is not the pool of what writes Parquet: it goes on with the one that was chosen when Arrow was loaded.
#   Once system_memory_pool() is set, tables are made and sorted with it, but write_table takes its buffers from mimalloc, and so does some of what reads.
#   mimalloc keeps what it freed, where malloc_trim(3) does not reach it: a process that merges files grows by tens of megabytes,
#   though default_memory_pool() says "system" and holds nothing. write_table takes memory_pool= as well, and that changes nothing.
#   Cure: ARROW_DEFAULT_MEMORY_POOL=system in the environment before pyarrow is loaded.
#
# Seen (bytes that mimalloc handed out on the way, and the pool by name):
#   set_memory_pool: default_memory_pool is system; sort: 0, write: 9,267,260, read: 888,960, write with memory_pool=: 9,267,260
#   the environment: default_memory_pool is system; sort: 0, write: 0, read: 0, write with memory_pool=: 0
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==25.0.1

cat >"$here/pools.py" <<'PY'
import io
import sys

import pyarrow as pa
import pyarrow.parquet as pq

if sys.argv[1] == "set_memory_pool":
    pa.set_memory_pool(pa.system_memory_pool())
mimalloc, taken, before = pa.mimalloc_memory_pool(), {}, 0


def done(what):
    global before
    now = mimalloc.total_bytes_allocated()
    taken[what], before = now - before, now


rows = pa.table({"text": [str(number * 7919 % 100_000) for number in range(100_000)]}).sort_by("text")
done("sort")
file = io.BytesIO()
pq.write_table(rows, file, compression="zstd")
done("write")
pq.ParquetFile(file).read()
done("read")
pq.write_table(rows, io.BytesIO(), compression="zstd", memory_pool=pa.system_memory_pool())
done("write with memory_pool=")
print(f"{sys.argv[1]}: default_memory_pool is {pa.default_memory_pool().backend_name};", ", ".join(f"{k}: {v:,}" for k, v in taken.items()))
as_said = taken["sort"] == 0 and min(taken["write"], taken["write with memory_pool="]) > 1_000_000 and taken["read"] > 0
sys.exit(not (as_said if sys.argv[1] == "set_memory_pool" else not any(taken.values())))
PY
env -u ARROW_DEFAULT_MEMORY_POOL "$here/venv/bin/python" "$here/pools.py" set_memory_pool
ARROW_DEFAULT_MEMORY_POOL=system "$here/venv/bin/python" "$here/pools.py" "the environment"
