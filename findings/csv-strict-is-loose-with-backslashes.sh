#!/usr/bin/env bash
# Python's csv (3.11 to 3.13): strict=True, which is to raise on bad input, is strict behind a closing quotation mark only where marks are doubled.
#   With doublequote=False and an escapechar, as MySQL and others export tables, "a"b,c is read as ab and c: a mark that ends a text too early
#   moves the columns, or swallows rows up to the next mark, and nothing is raised. In the default dialect the same row is an error.
#   And after "field larger than field limit" the next call goes on in the midst of the field, so that what stands inside of it comes as rows.
#   Cure: count the columns of each row against the header's; read the lines of a bad row once more from its second.
#
# Seen:
#   doubled: ',' expected after '"'
#   with backslashes: ['1', 'ab', 'c']
#   a field that is too large: field larger than field limit (131072), then ['2', 'inside"'], then ['3', 'ok']
set -euo pipefail

python3 - <<'PY'
import csv
import io
import sys

ROW = '1,"a"b,c\n'
try:
    doubled = str(next(csv.reader([ROW], strict=True)))
except csv.Error as error:
    doubled = str(error)
escaped = next(csv.reader([ROW], strict=True, doublequote=False, escapechar="\\"))
print("doubled:", doubled)
print("with backslashes:", escaped)

reader = csv.reader(io.StringIO('1,"' + "x" * 131_073 + '\n2,inside"\n3,ok\n'), strict=True)
told = []
while True:
    try:
        told.append(str(next(reader)))
    except StopIteration:
        break
    except csv.Error as error:
        told.append(str(error))
print("a field that is too large:", ", then ".join(told))
sys.exit(not ("expected after" in doubled and escaped == ["1", "ab", "c"] and told[1:] == ["['2', 'inside\"']", "['3', 'ok']"]))
PY
