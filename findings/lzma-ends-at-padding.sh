#!/usr/bin/env bash
# Python's lzma (3.11 to 3.13): of an .xz file whose streams have padding between them, only the first is read, without an error.
#   The format allows zero bytes, in fours, behind each stream (section 2.2), and xz itself reads on; tools that align parts to blocks, and
#   "cat" of padded files, make such. lzma takes the zeros for the beginning of a stream that is none, and what is none behind a good stream
#   it leaves out by design: so all that follows is gone. lzma.decompress, lzma.open and tarfile's "r:xz" are alike.
#   Cure: LZMADecompressor, stream by stream; pass over the zeros in its unused_data.
#
# Seen:
#   two streams: 18 bytes; with four zeros between them: decompress 9, open 9; xz: 18
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cat >"$here/padded.py" <<'PY'
import io
import lzma
import sys
from pathlib import Path

stream = lzma.compress(b"nine here")
padded = stream + b"\0" * 4 + stream
Path(sys.argv[1]).write_bytes(padded)
plain, at_once, opened = len(lzma.decompress(stream + stream)), len(lzma.decompress(padded)), len(lzma.open(io.BytesIO(padded)).read())
print(f"two streams: {plain} bytes; with four zeros between them: decompress {at_once}, open {opened}", end="")
sys.exit((plain, at_once, opened) != (18, 9, 9))
PY
python3 "$here/padded.py" "$here/padded.xz"
if command -v xz >/dev/null; then
    size=$(xz -dc "$here/padded.xz" | wc -c)
    echo "; xz: $size"
    test "$size" -eq 18
else
    echo "; xz is not installed here"
fi
