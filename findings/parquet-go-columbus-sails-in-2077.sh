#!/usr/bin/env bash
# parquet-go v0.32.0 (Go) and what pyarrow 25.0.1 writes, read into a struct by ReadFile: what does not fit the struct's fields is bent to them.
#   Times go by nanoseconds since 1970, so that 12 October 1492 is 1677 as a date and 2077 as a timestamp (time.Time can hold both). -12.50 and
#   1234.12, decimals, are 2.6e-315 and 1.7e-315 as float64: the bits of the number, not the number. 2^53+1 is 1 as int32. A list whose field lacks
#   ",list" in its tag is empty in each row, and a column that is spelled otherwise is empty, too. None is an error.
#   Cure: fields of the file's own types (int32 for dates, int64 for decimals), every tag in full; compare the file's schema with the struct's.
#
# Needs Go 1.24 or later; builds for about a minute where nothing of it is in Go's cache.
# Seen: each column by fields that one would write for it
set -euo pipefail

here=$(mktemp -d)
trap 'chmod -R u+w "$here"; rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==25.0.1

"$here/venv/bin/python" - "$here/rows.parquet" <<'PY'
import datetime as dt
import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

then = [dt.datetime(1492, 10, 12, 10), dt.datetime(2026, 11, 30, 10)]
rows = pa.table(
    {
        "day": [when.date() for when in then],
        "at": pa.array(then, pa.timestamp("us")),
        "price": pa.array([Decimal("-12.50"), Decimal("1234.12")], pa.decimal128(9, 2)),
        "count": [2**53 + 1, 5],
        "names": [["Ann", "Bo"], ["Cy"]],
    }
)
pq.write_table(rows, sys.argv[1])
PY
cat >"$here/main.go" <<'GO'
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/parquet-go/parquet-go"
)

type plain struct {
	Day   time.Time `parquet:"day,optional"`
	At    time.Time `parquet:"at,optional"`
	Price float64   `parquet:"price,optional"`
	Count int32     `parquet:"count,optional"`
	Names []string  `parquet:"names,optional"`
	Town  string    `parquet:"Day,optional"`
}

type full struct {
	Day   int32    `parquet:"day,optional"`
	At    int64    `parquet:"at,optional"`
	Count int64    `parquet:"count,optional"`
	Names []string `parquet:"names,optional,list"`
}

func main() {
	bent, err := parquet.ReadFile[plain](os.Args[1])
	for _, row := range bent {
		days := []string{row.Day.Format(time.DateOnly), row.At.Format(time.DateOnly)}
		fmt.Println(days, row.Price, row.Count, row.Names, row.Town == "", err)
	}
	right, err := parquet.ReadFile[full](os.Args[1])
	for _, row := range right {
		day, at := time.Unix(int64(row.Day)*86400, 0).UTC(), time.UnixMicro(row.At).UTC()
		fmt.Println(day.Format(time.DateOnly), at.Format(time.DateOnly), row.Count, row.Names, err)
	}
}
GO
(
  cd "$here"
  go mod init seen
  go get github.com/parquet-go/parquet-go@v0.32.0
  go build -o seen .
) 2>"$here/log" || { cat "$here/log"; exit 1; }
"$here/seen" "$here/rows.parquet" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
[1677-09-21 2077-05-02] 2.56830911e-315 1 [] true <nil>
[2026-11-30 2026-11-30] 1.73098721e-315 5 [] true <nil>
1492-10-12 1492-10-12 9007199254740993 [Ann Bo] <nil>
2026-11-30 2026-11-30 5 [Cy] <nil>
END
