"""The body of an answer as it comes over the wire, inflated piece by piece and never beyond its limit."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final, Literal

_GZIP: Final = b"\x1f\x8b"
_GZIP_WINDOW: Final = 31  # zlib's number for "with gzip header and trailer"
_PIECE: Final = 1 << 18  # bytes made at once
_GZIP_NAMES: Final = ("gzip", "x-gzip")
# https://www.iana.org/assignments/http-parameters, and what browsers call them.
_ENCODINGS: Final = frozenset(
    (*_GZIP_NAMES, "deflate", "br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip", "bzip2", "lzma", "xz")
)
_BEFORE: Final = b"\xef\xbb\xbf \t\r\n"  # a byte order mark and blanks
_PLAIN_BEGINS: Final = (b"<", b"{")


class BodyError(Exception):
    """A body that is not read to its end: why."""

    def __init__(self, kind: Literal["encoding", "too_large", "broken"], message: str) -> None:
        super().__init__(message)
        self.kind = kind


def inflated(pieces: Iterable[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    """The pieces of a body without its content encoding, `limit` bytes in all. Raises BodyError.

    A body that is said to be gzip and is not is taken as it is: there are servers that lie so. So is one before whose XML or JSON stand
    names that are no encoding ("aws-chunked", "UTF-8", "none"), as stores and careless programs send them.
    """
    named = [token.strip().lower() for token in encoding.split(",")]
    packed = [token for token in named if token in _ENCODINGS]
    unknown = len(packed) < sum(token not in ("", "identity") for token in named)
    refused = BodyError("encoding", f"is encoded as {encoding[:40]!r}, which was not asked for: its owner must mend that")
    if len(packed) > 1 or any(token not in _GZIP_NAMES for token in packed):
        raise refused
    made = 0
    for number, piece in enumerate(_from_first(_plain(iter(pieces), said_gzip=bool(packed)))):
        if not number and unknown and not piece.lstrip(_BEFORE).startswith(_PLAIN_BEGINS):
            raise refused
        made += len(piece)
        if made > limit:
            raise BodyError("too_large", f"is larger than {limit >> 20} MiB: nothing of it was read")
        yield piece


def _from_first(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, the first of which begins what there is."""
    first = b""
    while not first.strip(_BEFORE) and (more := next(pieces, None)) is not None:
        first += more
    yield first
    yield from pieces


def _plain(pieces: Iterator[bytes], *, said_gzip: bool) -> Iterator[bytes]:
    first = b""
    while said_gzip and len(first) < len(_GZIP) and (more := next(pieces, b"")):
        first += more
    if not first.startswith(_GZIP):
        yield first
        yield from pieces
        return
    inflater = zlib.decompressobj(_GZIP_WINDOW)
    data = first
    try:
        while data or (data := next(pieces, b"")):
            if inflater.eof:
                if not data.startswith(_GZIP[: len(data)]):
                    return  # padding behind the end, which no browser minds
                inflater = zlib.decompressobj(_GZIP_WINDOW)
            yield inflater.decompress(data, _PIECE)
            data = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        while not inflater.eof and (rest := inflater.decompress(b"", _PIECE)):
            yield rest
    except zlib.error as error:
        raise BodyError("broken", f"sent damaged gzip ({error})") from error
    if not inflater.eof:
        raise BodyError("broken", "broke off in the middle of its gzip")
