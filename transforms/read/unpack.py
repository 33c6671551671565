"""bzip2, xz and Zstandard: streams of one part or of several, inflated piece by piece and checked to their ends. (For gzip see `content`.)"""

import bz2
import lzma
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import zstandard

from transforms.read.damage import DamageError

PIECE: Final = 1 << 18  # bytes made at once
LARGEST_DICTIONARY: Final = 128 << 20  # bytes that a stream may ask its reader to hold; the programs' own highest levels ask for less
# zstandard makes all that its input holds at once; four bytes of that may stand for 128 KiB.
_FEW: Final = 256

_PADDING: Final = b"\0\0\0\0"  # that may stand between the parts of xz, any number of times
_LONGEST_MAGIC: Final = 6


class _Bounded:
    """A decompressor of Python's own, which makes no more at once than it is asked for."""

    def __init__(self, decompressor: Any) -> None:
        self._decompressor = decompressor

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while True:
            piece = self._decompressor.decompress(data, PIECE)
            yield piece
            data = b""
            if self._decompressor.eof or self._decompressor.needs_input:
                return

    @property
    def rest(self) -> bytes | None:
        """What followed the end; None where that has not come."""
        return self._decompressor.unused_data if self._decompressor.eof else None


class _Zstandard:
    """A frame of Zstandard, fed a little at a time."""

    def __init__(self) -> None:
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=LARGEST_DICTIONARY).decompressobj()
        self._left = b""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), _FEW):
            yield self._decompressor.decompress(data[at : at + _FEW])
            if self._decompressor.eof:
                self._left = self._decompressor.unused_data + data[at + _FEW :]
                return

    @property
    def rest(self) -> bytes | None:
        """What followed the end; None where that has not come."""
        return self._left if self._decompressor.eof else None


@dataclass(frozen=True, slots=True)
class Codec:
    """One kind of packing: its name, how each part of it begins, and what undoes it."""

    name: str
    magic: "re.Pattern[bytes]"
    opened: Callable[[], Any]
    padding: bool = False

    def begins(self, data: bytes) -> bool:
        return self.magic.match(data) is not None


# Frames that are to be skipped may come first; pzstd writes such.
ZSTANDARD: Final = Codec("Zstandard", re.compile(rb"(?:\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)"), _Zstandard)
CODECS: Final = (
    Codec("bzip2", re.compile(rb"BZh[1-9]"), lambda: _Bounded(bz2.BZ2Decompressor())),
    Codec(
        "xz",
        re.compile(rb"\xfd7zXZ\x00"),
        lambda: _Bounded(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LARGEST_DICTIONARY)),
        padding=True,
    ),
    ZSTANDARD,
)


def unpacked(codec: Codec, first: bytes, chunks: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """The content in pieces, each with how many bytes had been read for it. Raises DamageError behind what is whole."""
    reader, read, pending = codec.opened(), 0, first
    while pending or (pending := next(chunks, b"")):
        read += len(pending)
        try:
            for piece in reader.pieces(pending):
                if piece:
                    yield piece, read
        except (OSError, EOFError, ValueError, lzma.LZMAError, zstandard.ZstdError, MemoryError) as error:
            raise DamageError("corrupt", f"damaged {codec.name} before byte {read}: {error}") from error
        pending = b""
        if reader.rest is not None:
            read -= len(reader.rest)
            padding, pending = _next_part(codec, reader.rest, chunks)
            if not pending:
                return
            read += padding
            if not codec.begins(pending):
                message = f"bytes that are no {codec.name} follow its end at byte {read}: they were left out"
                raise DamageError("corrupt", message, whole=True)
            reader = codec.opened()
    raise DamageError("truncated", f"truncated at byte {read}: the {codec.name} stream has no end")


def _next_part(codec: Codec, rest: bytes, chunks: Iterator[bytes]) -> tuple[int, bytes]:
    """How many bytes of padding follow the end of a part, and then enough to tell what it is; nothing at the end of the stream."""
    padding = 0
    while True:
        if codec.padding:
            stripped = rest.lstrip(b"\0")
            zeros = (len(rest) - len(stripped)) // len(_PADDING) * len(_PADDING)
            padding, rest = padding + zeros, rest[zeros:]
        if len(rest) >= _LONGEST_MAGIC or not (more := next(chunks, b"")):
            return padding, rest
        rest += more
