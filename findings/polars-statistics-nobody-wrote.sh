#!/usr/bin/env bash
# Polars 2.1.0 (DataFusion 55.0.0 as well) writes, pyarrow 25.0.1 reads: the least and greatest text of a Parquet file's statistics stand in no row.
#   Both cut texts to 64 bytes; the greatest is then made greater by a sign, so that it is still a bound: of a column of addresses it ends in another
#   letter. The format has a field that says whether such a value is exact: Polars does not write it, and pyarrow's Statistics does not show
#   it, so `statistics.max` looks like a value. Who takes the latest, the longest-named or the range of a column from the footer, as one may for
#   numbers and dates, has a text that nobody wrote. pyarrow itself writes them whole, DuckDB cuts at 256 bytes and says so.
#   Cure: take them for bounds alone, and read the column for values.
#
# Seen: whether the statistics' texts are in the column, and what the file says of their being exact
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0 pyarrow==25.0.1 datafusion==55.0.0 duckdb==2.0.0

cat >"$here/seen.py" <<'PY'
import sys
from pathlib import Path

import datafusion
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

root = Path(sys.argv[1])
texts = [f"https://post.example/2026/11/30/the-harbour-of-the-town-is-to-be-closed-until-{when}" for when in ("May", "spring")]
rows = pa.table({"address": texts})

pq.write_table(rows, root / "pyarrow.parquet")
pl.from_arrow(rows).write_parquet(root / "polars.parquet")
duckdb.sql(f"COPY (FROM rows) TO '{root}/duckdb.parquet'")
datafusion.SessionContext().from_arrow(rows).write_parquet(str(root / "datafusion"))

for writer, path in (("pyarrow", "pyarrow.parquet"), ("duckdb", "duckdb.parquet"), ("polars", "polars.parquet"), ("datafusion", "datafusion")):
    (file,) = [root / path] if path.endswith(".parquet") else (root / path).iterdir()
    seen = pq.read_metadata(file).row_group(0).column(0).statistics
    exact = duckdb.sql(f"SELECT min_is_exact, max_is_exact FROM parquet_metadata('{file}')").fetchall()[0]
    print(f"{writer}: {seen.min in texts} {seen.max in texts}, exact {exact}, max ends in {seen.max[-10:]!r}")
PY
"$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
pyarrow: True True, exact (True, True), max ends in 'til-spring'
duckdb: True True, exact (True, True), max ends in 'til-spring'
polars: False False, exact (None, None), max ends in 'n-is-to-bf'
datafusion: False False, exact (False, False), max ends in 'n-is-to-bf'
END
