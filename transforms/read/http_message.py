"""A response as a web archive keeps it: status, content type, and the body without its transfer and content encoding."""

import zlib
from dataclasses import dataclass
from typing import Final

import brotli

from transforms.read.damage import DamageError, ReadingError
from transforms.read.unpack import ZSTANDARD, unpacked

_GZIP: Final = b"\x1f\x8b"
_PLAIN: Final = ("", "identity")


class EncodingError(ReadingError):
    """A body that cannot be had from its encoding."""


@dataclass(frozen=True, slots=True)
class Response:
    """The head of a response, names of its fields in small letters, and what follows it as it was sent."""

    status: int
    fields: dict[str, str]
    sent: bytes

    @classmethod
    def of(cls, message: bytes) -> "Response | None":
        """The response that the bytes are, or None where they are none."""
        head, _, sent = message.partition(b"\r\n\r\n") if b"\r\n\r\n" in message else message.partition(b"\n\n")
        first, *lines = head.decode("latin-1").splitlines() or [""]
        version, _, told = first.partition(" ")
        status = told.strip()[:3]
        if not version.upper().startswith("HTTP/") or not (status.isascii() and status.isdigit()):
            return None
        pairs = (line.partition(":") for line in lines if ":" in line)
        return cls(int(status), {name.strip().lower(): value.strip() for name, _, value in pairs}, sent)

    def unchunked(self) -> bytes:
        """The body without its transfer encoding. Raises EncodingError."""
        return _unchunked(self.sent) if "chunked" in self.fields.get("transfer-encoding", "").lower() else self.sent

    def body(self, limit: int) -> bytes:
        """The body, inflated up to the limit. Raises EncodingError.

        What is not in the encoding that is announced was decoded before it was archived, and is taken as it stands.
        """
        body = self.unchunked()
        encodings = [name.strip().lower() for name in self.fields.get("content-encoding", "").split(",")]
        applied = [name for name in encodings if name not in _PLAIN]
        if not applied:
            return body
        if len(applied) > 1:
            raise EncodingError("unsupported", "is packed more than once: it was not read")
        if applied[0] in ("gzip", "x-gzip"):
            return _inflated(body, limit, 31) if body.startswith(_GZIP) else body
        if applied[0] == "deflate":
            return _inflated(body, limit, 15 if body[:1] == b"\x78" else -15)
        if body.lstrip()[:1] == b"<":
            return body
        if applied[0] == "br":
            return _unbrotlied(body, limit)
        if applied[0] == "zstd":
            return _of_zstandard(body, limit) if ZSTANDARD.begins(body) else body
        raise EncodingError("unsupported", f"is packed as {applied[0][:20]!r}, which cannot be read")


def _unchunked(sent: bytes) -> bytes:
    """The chunks put together; as it stands where it does not begin with a chunk's size."""
    pieces: list[bytes] = []
    at = 0
    while True:
        end = sent.find(b"\n", at)
        size = _size(sent[at:end]) if end >= 0 else None
        if size is None:
            if not pieces:
                return sent
            raise EncodingError("truncated", f"is cut off: chunk {len(pieces) + 1} has no size")
        if size == 0:
            return b"".join(pieces)
        piece = sent[end + 1 : end + 1 + size]
        if len(piece) < size:
            raise EncodingError("truncated", f"is cut off: chunk {len(pieces) + 1} lacks {size - len(piece)} bytes")
        pieces.append(piece)
        at = end + 1 + size
        at += 2 if sent[at : at + 2] == b"\r\n" else 1 if sent[at : at + 1] == b"\n" else 0


def _size(line: bytes) -> int | None:
    digits = line.partition(b";")[0].strip()
    if not 0 < len(digits) <= 8 or digits.strip(b"0123456789abcdefABCDEF"):
        return None
    return int(digits, 16)


def _inflated(body: bytes, limit: int, window: int) -> bytes:
    inflater = zlib.decompressobj(window)
    try:
        plain = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise EncodingError("corrupt", f"cannot be inflated: {error}") from error
    if len(plain) > limit:
        raise EncodingError("too_large", f"inflates to more than {limit >> 20} MiB: it was not read")
    if not inflater.eof:
        raise EncodingError("truncated", "is cut off: its gzip stream has no end")
    return plain


def _unbrotlied(body: bytes, limit: int) -> bytes:
    inflater = brotli.Decompressor()
    try:
        plain = inflater.process(body, output_buffer_limit=limit + 1)
        while len(plain) <= limit and not inflater.can_accept_more_data():
            plain += inflater.process(b"", output_buffer_limit=limit + 1 - len(plain))
    except brotli.error as error:
        raise EncodingError("corrupt", f"cannot be inflated: {error}") from error
    if len(plain) > limit:
        raise EncodingError("too_large", f"inflates to more than {limit >> 20} MiB: it was not read")
    if not inflater.is_finished():
        raise EncodingError("truncated", "is cut off: its brotli stream has no end")
    return bytes(plain)


def _of_zstandard(body: bytes, limit: int) -> bytes:
    plain = bytearray()
    try:
        for piece, _ in unpacked(ZSTANDARD, body, iter(())):
            plain += piece
            if len(plain) > limit:
                raise EncodingError("too_large", f"inflates to more than {limit >> 20} MiB: it was not read")
    except DamageError as error:
        raise EncodingError(error.reason, f"cannot be inflated: {error.message}") from error
    return bytes(plain)
