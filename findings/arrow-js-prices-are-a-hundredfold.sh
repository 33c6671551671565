#!/usr/bin/env bash
# apache-arrow 21.2.0 (npm), and what reads by it (parquet-wasm 0.8.0), with a decimal column of a Parquet file of pyarrow 25.0.1: 12.50 is 1250.
#   A value is the whole number beneath the decimal, and nothing is done with its scale: Number(value), String(value), value + 1, JSON and a sum are
#   of cents, a hundred times too large at a scale of two and a thousand at one of three. The column's type knows the scale (type.scale), the value
#   does not. pyarrow, DuckDB and hyparquet 1.33.0 give 12.5. Past 2^53 Number throws, String goes on.
#   Cure: divide by 10 ** type.scale, or cast to float64 where the file is written.
#
# Needs Node.js 18 or later.
# Seen: the same two prices at two scales
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==25.0.1
npm install --silent --no-audit --no-fund --prefix "$here" apache-arrow@21.2.0 parquet-wasm@0.8.0 hyparquet@1.33.0

"$here/venv/bin/python" - "$here/prices.parquet" <<'PY'
import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

prices = [Decimal("12.50"), Decimal("-0.05")]
pq.write_table(pa.table({f"scale{scale}": pa.array(prices, pa.decimal128(9, scale)) for scale in (2, 3)}), sys.argv[1], compression="none")
PY
cat >"$here/seen.mjs" <<'JS'
import { readFileSync } from "node:fs";
import { tableFromIPC } from "apache-arrow";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { readParquet } from "parquet-wasm";

const table = tableFromIPC(readParquet(new Uint8Array(readFileSync("prices.parquet"))).intoIPCStream());
const rows = await parquetReadObjects({ file: await asyncBufferFromFile("prices.parquet") });
for (const name of ["scale2", "scale3"]) {
  const values = [...table.getChild(name)];
  const shown = `Number ${values.map(Number)}, String ${values.map(String)}, JSON ${JSON.stringify(values)}`;
  console.log(`${name}, arrow: ${shown}, type.scale ${table.getChild(name).type.scale}`);
  console.log(`${name}, hyparquet: ${rows.map((row) => row[name])}`);
}
JS
(cd "$here" && node seen.mjs) >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
scale2, arrow: Number 1250,-5, String 1250,-5, JSON ["\"1250\"","\"-5\""], type.scale 2
scale2, hyparquet: 12.5,-0.05
scale3, arrow: Number 12500,-50, String 12500,-50, JSON ["\"12500\"","\"-50\""], type.scale 3
scale3, hyparquet: 12.5,-0.05
END
