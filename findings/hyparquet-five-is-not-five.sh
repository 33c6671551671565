#!/usr/bin/env bash
# hyparquet 1.33.0 (npm): a filter of an int64 column by a plain number finds nothing, or all, and says nothing.
#   Such columns are read as BigInt. { n: { $gte: 5, $lte: 5 } } finds the 5, since JavaScript compares 5n and 5, but { n: 5 }, $eq and $in do not,
#   for they ask by ===, and $ne gives every row. A column of int32 takes plain numbers, and no BigInt. Which of the two a file has depends on its
#   writer: pyarrow makes int64 of Python's numbers, and DuckDB int32 of its INTEGER.
#   Cure: the type from the file's metadata; for one value of int64 $gte and $lte, or 5n.
#
# Needs Node.js 18 or later.
# Seen: what each filter finds of 4, 5, 6 as int64 and as int32
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==25.0.1
npm install --silent --no-audit --no-fund --prefix "$here" hyparquet@1.33.0

"$here/venv/bin/python" - "$here/numbers.parquet" <<'PY'
import sys

import pyarrow as pa
import pyarrow.parquet as pq

pq.write_table(pa.table({"n": [4, 5, 6], "m": pa.array([4, 5, 6], pa.int32())}), sys.argv[1], compression="none")
PY
cat >"$here/seen.mjs" <<'JS'
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";

const file = await asyncBufferFromFile("numbers.parquet");
const shown = (value) => JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `${each}n` : each)).replaceAll('"', "");
for (const asked of [{ $gte: 5, $lte: 5 }, 5, { $eq: 5 }, { $in: [5] }, { $ne: 5 }, 5n, { $in: [5n] }]) {
  const found = [];
  for (const column of ["n", "m"]) {
    const rows = await parquetReadObjects({ file, filter: { [column]: asked } });
    found.push(`${column === "n" ? "int64" : "int32"} [${rows.map((row) => row.m)}]`);
  }
  console.log(`${shown(asked)}: ${found.join(", ")}`);
}
JS
(cd "$here" && node seen.mjs) >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
{$gte:5,$lte:5}: int64 [5], int32 [5]
5: int64 [], int32 [5]
{$eq:5}: int64 [], int32 [5]
{$in:[5]}: int64 [], int32 [5]
{$ne:5}: int64 [4,5,6], int32 [4,6]
5n: int64 [5], int32 []
{$in:[5n]}: int64 [5], int32 []
END
