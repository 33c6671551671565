#!/usr/bin/env bash
# pyarrow 25.0.1: read_csv changes or loses what a column holds, without a word.
#   A quotation mark that is never closed swallows all rows behind it into one field (no error, as strict readers give). Identifiers lose
#   their zeros ("007" is 7, and 7.0 if another has an exponent). Texts that are "NA", "null" or "nan" are null, though quoted. A column in which one
#   byte is no UTF-8 becomes a column of bytes, the good rows too.
#   Cure: ConvertOptions(column_types=..., strings_can_be_null=False), an encoding that was looked for, and a reader that counts rows.
#
# Seen:
#   an open mark: {'id': [1], 'text': ['open\n2,b\n3,c\n']}
#   ids and texts: {'id': [7.0, 1000.0], 'text': [None, None]}
#   one byte: {'text': [b'plain', b'caf\xe9']}
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==25.0.1

cat >"$here/guesses.py" <<'PY'
import io
import sys

from pyarrow import csv


def read(data, **options):
    return csv.read_csv(io.BytesIO(data), **options).to_pydict()


opened = read(b'id,text\n1,"open\n2,b\n3,c\n')
guessed = read(b'id,text\n007,"NA"\n1e3,null\n')
of_bytes = read(b"text\nplain\ncaf\xe9\n")
print("an open mark:", opened)
print("ids and texts:", guessed)
print("one byte:", of_bytes)
ok = (
    opened == {"id": [1], "text": ["open\n2,b\n3,c\n"]}
    and guessed == {"id": [7.0, 1000.0], "text": [None, None]}
    and of_bytes == {"text": [b"plain", b"caf\xe9"]}
)
sys.exit(not ok)
PY
"$here/venv/bin/python" "$here/guesses.py"
