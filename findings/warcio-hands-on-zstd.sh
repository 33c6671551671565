#!/usr/bin/env bash
# warcio 1.8.1: of an archived page that its server sent as zstd, content_stream() gives the bytes as they were sent, and no error.
#   content_stream() "decodes" by Content-Encoding, but knows gzip, deflate and br in these very letters: of zstd, which browsers ask for since
#   2024, of "x-gzip", which RFC 9110 says is gzip, and of two codings one over the other ("gzip, br") it hands on what is no text; an HTML parser
#   makes an empty page of it. FastWARC 2.0.1 reads zstd and two codings, but raises for x-gzip ("Unsupported Transfer-Encoding").
#   Cure: compare the header with what one knows, and decode by oneself.
#
# Seen: whether the page comes out
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check warcio==1.8.1 fastwarc==2.0.1 zstandard==0.25.0

cat >"$here/seen.py" <<'PY'
import gzip
import io
import zlib

import fastwarc.warc
import warcio.archiveiterator
import zstandard

PAGE = b"<p>The bridge is closed.</p>" * 5
SENT = {
    "gzip": gzip.compress(PAGE),
    "deflate": zlib.compress(PAGE),
    "x-gzip": gzip.compress(PAGE),
    "zstd": zstandard.compress(PAGE),
    "gzip, zstd": zstandard.compress(gzip.compress(PAGE)),
}


def archived(coding, body):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (coding.encode(), len(body)) + body
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://post.example/\r\nWARC-Date: 2026-11-30T10:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\nContent-Type: application/http; msgtype=response\r\n"
    )
    return io.BytesIO(head + b"Content-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n")


def of_warcio(file):
    return next(warcio.archiveiterator.ArchiveIterator(file)).content_stream().read()


def of_fastwarc(file):
    return next(fastwarc.warc.ArchiveIterator(file, auto_decode="all")).reader.read()


for coding, body in SENT.items():
    seen = {PAGE: "the page", body: "as it was sent"}
    for name, read in (("warcio", of_warcio), ("FastWARC", of_fastwarc)):
        try:
            print(f"{coding} by {name}: {seen[read(archived(coding, body))]}")
        except OSError as error:
            print(f"{coding} by {name}: {error}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
gzip by warcio: the page
gzip by FastWARC: the page
deflate by warcio: the page
deflate by FastWARC: the page
x-gzip by warcio: as it was sent
x-gzip by FastWARC: Unsupported Transfer-Encoding: x-gzip
zstd by warcio: as it was sent
zstd by FastWARC: the page
gzip, zstd by warcio: as it was sent
gzip, zstd by FastWARC: the page
END
