#!/usr/bin/env bash
# @dsnp/parquetjs 1.8.8 (npm), the kept one of the parquetjs family, and Parquet files of pyarrow 25.0.1: true is read as false.
#   In data pages of version 2 booleans stand in runs (RLE), and each of them comes out as false; texts and numbers of the same pages are right, and
#   so are booleans of version 1, so that it is the writer's option which decides it (pyarrow's data_page_version). A number without a sign is read
#   with one: 4,000,000,000 of a uint32 is -294,967,296, be the pages of which version they will. hyparquet 1.33.0 reads all of it.
#   Cure: another reader, or pages of version 1 and int64.
#
# Needs Node.js 18 or later.
# Seen: true, false, true, true, null and a uint32, by pages of both versions
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==25.0.1
npm install --silent --no-audit --no-fund --prefix "$here" @dsnp/parquetjs@1.8.8 hyparquet@1.33.0

"$here/venv/bin/python" - "$here" <<'PY'
import sys

import pyarrow as pa
import pyarrow.parquet as pq

rows = pa.table({"held": [True, False, True, True, None], "votes": pa.array([4_000_000_000, 1, 2, 3, None], pa.uint32()), "town": list("abcde")})
for pages in ("1.0", "2.0"):
    pq.write_table(rows, f"{sys.argv[1]}/pages-{pages}.parquet", data_page_version=pages, compression="none")
PY
cat >"$here/seen.mjs" <<'JS'
import parquetjs from "@dsnp/parquetjs";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";

const ofParquetjs = async (path) => {
  const reader = await parquetjs.ParquetReader.openFile(path);
  const cursor = reader.getCursor();
  const rows = [];
  for (let row = await cursor.next(); row; row = await cursor.next()) rows.push(row);
  await reader.close();
  return rows;
};
const ofHyparquet = async (path) => parquetReadObjects({ file: await asyncBufferFromFile(path) });

for (const pages of ["1.0", "2.0"])
  for (const [name, read] of [["parquetjs", ofParquetjs], ["hyparquet", ofHyparquet]]) {
    const rows = await read(`pages-${pages}.parquet`);
    const columns = ["held", "votes", "town"].map((column) => rows.map((row) => row[column] ?? "null").join(" "));
    console.log(`pages ${pages}, ${name}: ${columns.join(" | ")}`);
  }
JS
(cd "$here" && node seen.mjs) >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
pages 1.0, parquetjs: true false true true null | -294967296 1 2 3 null | a b c d e
pages 1.0, hyparquet: true false true true null | 4000000000 1 2 3 null | a b c d e
pages 2.0, parquetjs: false false false false null | -294967296 1 2 3 null | a b c d e
pages 2.0, hyparquet: true false true true null | 4000000000 1 2 3 null | a b c d e
END
