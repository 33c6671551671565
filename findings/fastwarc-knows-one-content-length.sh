#!/usr/bin/env bash
# FastWARC 2.0.1: the names of a WARC record's fields are looked up in any letters (`"Content-Length" in record.headers`), but the reader itself knows
#   Content-Length in these letters alone. A record that writes "content-length" (ISO 28500 lets it) has the length 0, and its content is
#   taken for the next record's head: the next one raises "Invalid WARC header".
#   Cure: compare the names as written (`record.headers.to_tuples()`), and read such a record's content oneself.
#
# Seen:
#   Content-Length: length 5, in headers True
#   content-length: length 0, in headers True
set -euo pipefail

python3 - <<'PY'
import io
import sys

from fastwarc.warc import ArchiveIterator

seen = []
for name in ("Content-Length", "content-length"):
    data = f"WARC/1.0\r\nWARC-Type: metadata\r\n{name}: 5\r\n\r\nhello\r\n\r\n".encode()
    record = next(iter(ArchiveIterator(io.BytesIO(data), parse_http=False)))
    seen.append((record.content_length, "Content-Length" in record.headers))
    print(f"{name}: length {seen[-1][0]}, in headers {seen[-1][1]}")
sys.exit(seen != [(5, True), (0, True)])
PY
