#!/usr/bin/env bash
# deltalake 1.6.6 (delta-rs): write_deltalake(mode="append") takes rows of other types than the table's, and bends their values.
#   "Schema mismatch" is what one knows of Delta, and it comes for another number or other names of columns. Other types are cast: 2.7 for a column of
#   whole numbers is 2, 1.239 for a decimal 1.24, the number 5 for a date 6 January 1970, 2 for a truth value true, a text for a list of texts a list
#   of one. In a list of structs a field of another name is left out, and the one that is missing null, which the same struct without a list is
#   refused for. Only what no cast can read ("x" as a number, too large a number) is an error. pyarrow's own cast refuses 2.7.
#   Cure: compare the table's schema with DeltaTable(...).schema() before it.
#
# Seen: a table of one row, what is appended, and the row behind it
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check deltalake==1.6.6 pyarrow==25.0.1

cat >"$here/seen.py" <<'PY'
import datetime as dt
import sys
from decimal import Decimal

import deltalake
import pyarrow as pa

DAY, PRICE, NAMED = pa.array([dt.date(2026, 1, 1)]), pa.array([Decimal("1.25")], pa.decimal128(6, 2)), {"name": "Ann", "age": 40}
CASES = [(pa.array([1]), 2.7), (pa.array([1]), "7"), (pa.array([1]), "x"), (pa.array([1], pa.int32()), 2**40), (PRICE, 1.239), (DAY, 5)]
OTHER = {"name": "Bo", "years": 50}
CASES += [(pa.array([False]), 2), (pa.array([["a"]]), "b"), (pa.array([NAMED]), OTHER), (pa.array([[NAMED]]), [OTHER])]
for number, (column, given) in enumerate(CASES):
    table = f"{sys.argv[1]}/{number}"
    deltalake.write_deltalake(table, pa.table({"x": column}))
    try:
        deltalake.write_deltalake(table, pa.table({"x": [given]}), mode="append")
        (seen,) = [row for row in deltalake.DeltaTable(table).to_pyarrow_table()["x"].to_pylist() if row != column[0].as_py()]
    except Exception as error:  # some of its errors are plain Exceptions
        assert type(error).__name__ == "SchemaMismatchError" or "ast" in str(error), error
        seen = "error"
    print(f"{given} for {column.type}: {seen}")
PY
"$here/venv/bin/python" "$here/seen.py" "$here" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
2.7 for int64: 2
7 for int64: 7
x for int64: error
1099511627776 for int32: error
1.239 for decimal128(6, 2): 1.24
5 for date32[day]: 1970-01-06
2 for bool: True
b for list<item: string>: ['b']
{'name': 'Bo', 'years': 50} for struct<name: string, age: int64>: error
[{'name': 'Bo', 'years': 50}] for list<item: struct<name: string, age: int64>>: [{'name': 'Bo', 'age': None}]
END
