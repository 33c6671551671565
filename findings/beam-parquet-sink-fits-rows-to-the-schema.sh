#!/usr/bin/env bash
# apache-beam 2.77.0 (pyarrow 25.0.1): WriteToParquet makes rows fit its schema, in silence.
#   A column that the schema does not name is left out; one that a row lacks is null; 1.5 for a column of whole numbers becomes 1 (pyarrow.array
#   does so with a type given, while a cast refuses); 10:00+02:00 for a time without a zone becomes 8:00. So a step that spells a column otherwise
#   writes a file that is whole, with a column of nulls.
#   Cure: check rows against the schema before the sink.
#
# Seen: {"count": 1.5, "at": 10:00+02:00, "extra": "x"} -> {"count": 1, "at": 08:00, "name": null}
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check apache-beam==2.77.0 pyarrow==25.0.1

cat >"$here/seen.py" <<'PY'
import glob
import logging
import tempfile
from datetime import datetime, timedelta, timezone

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq

logging.disable(logging.CRITICAL)
row = {"count": 1.5, "at": datetime(2026, 1, 1, 10, tzinfo=timezone(timedelta(hours=2))), "extra": "x"}
schema = pa.schema([("count", pa.int64()), ("at", pa.timestamp("us")), ("name", pa.string())])
folder = tempfile.mkdtemp()
with beam.Pipeline() as pipeline:
    pipeline | beam.Create([row]) | beam.io.WriteToParquet(f"{folder}/rows", schema)
(path,) = glob.glob(f"{folder}/rows*")
print(pq.read_table(path).to_pylist())
try:
    print(pa.array([1.5]).cast(pa.int64()))
except pa.ArrowInvalid:
    print("cast: refused")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
[{'count': 1, 'at': datetime.datetime(2026, 1, 1, 8, 0), 'name': None}]
cast: refused
END
