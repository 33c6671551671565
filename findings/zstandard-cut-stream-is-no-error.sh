#!/usr/bin/env bash
# zstandard 0.25.0 (Python): a stream that is cut off reads as if it ended there. stream_reader and zstandard.open hand on what they could make
#   of it and then say "end of file", without an error and without a way to ask: a download that broke off looks whole, be it cut in the
#   middle or by its last bytes. gzip, bz2 and lzma of Python, and pyarrow's zstd, all raise there.
#   And ZstdDecompressor.decompress, which does raise, gives the first of several frames and no word of the others (pzstd and
#   "cat a.zst b.zst" write such files), where stream_reader gives all.
#   Cure: decompressobj, which has eof and unused_data: once the input is at an end, ask for eof; go on with unused_data.
#
# Seen:
#   whole: 10000000 bytes; cut in half: 4718592 bytes and no error; cut by 5 bytes: 9830400 bytes and no error
#   decompressobj, cut by 5 bytes: eof False
#   two frames of 60 bytes: decompress 60, stream_reader 120
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check zstandard==0.25.0

cat >"$here/cut.py" <<'PY'
import io
import sys

import zstandard


def compressed(data):
    made = zstandard.ZstdCompressor().compressobj()
    return made.compress(data) + made.flush()


def read(data):
    return len(zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read())


whole = compressed(b"a" * 10_000_000)
half, tail = whole[: len(whole) // 2], whole[:-5]
assert [len(zstandard.open(io.BytesIO(cut)).read()) for cut in (half, tail)] == [read(half), read(tail)]
print(f"whole: {read(whole)} bytes; cut in half: {read(half)} bytes and no error; cut by 5 bytes: {read(tail)} bytes and no error")
checked = zstandard.ZstdDecompressor().decompressobj()
checked.decompress(tail)
print(f"decompressobj, cut by 5 bytes: eof {checked.eof}")
frame = zstandard.ZstdCompressor().compress(b"hello " * 10)
first = len(zstandard.ZstdDecompressor().decompress(frame + frame))
print(f"two frames of 60 bytes: decompress {first}, stream_reader {read(frame + frame)}")
sys.exit(not (0 < read(half) < read(tail) < read(whole) == 10_000_000 and not checked.eof and first == 60 and read(frame + frame) == 120))
PY
"$here/venv/bin/python" "$here/cut.py"
