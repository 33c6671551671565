"""The body of an answer as it comes over the wire, inflated piece by piece and never beyond its limit."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final, Literal

_GZIP: Final = b"\x1f\x8b"
_GZIP_WINDOW: Final = 31  # zlib's number for "with gzip header and trailer"
_PIECE: Final = 1 << 18  # bytes made at once


class BodyError(Exception):
    """A body that is not read to its end: why."""

    def __init__(self, kind: Literal["encoding", "too_large", "broken"], message: str) -> None:
        super().__init__(message)
        self.kind = kind


def inflated(pieces: Iterable[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    """The pieces of a body without its content encoding, `limit` bytes in all. Raises BodyError.

    A body that is said to be gzip and is not is taken as it is: there are servers that lie so.
    """
    if encoding.strip().lower() not in ("", "identity", "gzip", "x-gzip"):
        raise BodyError("encoding", f"is encoded as {encoding[:40]!r}, which was not asked for: its owner must mend that")
    made = 0
    for piece in _plain(iter(pieces), said_gzip="gzip" in encoding.lower()):
        made += len(piece)
        if made > limit:
            raise BodyError("too_large", f"is larger than {limit >> 20} MiB: nothing of it was read")
        yield piece


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
