"""A file's text line by line, in whatever encoding it is, without holding it."""

import codecs
import functools
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from transforms.read.content import CHUNK, chunks_of
from transforms.read.damage import DamageError
from transforms.read.encoding import decoded

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SAMPLE: Final = 1 << 16  # bytes by which an encoding is told


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's text is encoded, and whether bytes of it are none in that encoding."""

    name: str
    damaged: bool


def encoding_of(path: str) -> Encoding | None:
    """The encoding of a file by its first bytes, and by the first that are no UTF-8; None where it is no text. Damage is left to reading."""
    chunks = chunks_of(path)
    utf8 = codecs.getincrementaldecoder("utf-8")()
    sample = b""
    try:
        while len(sample) < SAMPLE and (chunk := next(chunks, b"")):
            sample += chunk
        first = _told(sample)
        if first is None or first.name != "utf-8" or first.damaged:
            return first
        utf8.decode(sample)
        for chunk in chunks:
            utf8.decode(chunk)
    except UnicodeDecodeError as error:
        return _told(error.object[max(0, error.start - SAMPLE // 2) : error.start + SAMPLE // 2]) or Encoding("utf-8", damaged=True)
    except DamageError:
        return _told(sample)  # reading the lines will say what is wrong
    return first


def _told(sample: bytes) -> Encoding | None:
    found = decoded(_to_a_line_end(sample))
    return Encoding(found.encoding, found.damaged) if found else None


def lines_of(path: str, encoding: str, longest: int) -> Iterator[str]:
    """The lines with their ends, which may be LF, CRLF or CR, without a byte order mark; of a longer one comes the beginning, which is longer.

    What is none in the encoding is replaced. Raises DamageError behind what is whole.
    """
    buffered = io.BufferedReader(_Chunks(chunks_of(path)), CHUNK)
    text = io.TextIOWrapper(buffered, "utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline="")
    for line in iter(functools.partial(text.readline, longest + 1), ""):
        yield line
        rest = line
        while len(rest) > longest and not rest.endswith(("\n", "\r")):
            rest = text.readline(longest + 1)


class _Chunks(io.RawIOBase):
    """Pieces of bytes as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        while not self._held:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._held = memoryview(chunk)
        into = memoryview(buffer)
        size = min(len(into), len(self._held))
        into[:size], self._held = self._held[:size], self._held[size:]
        return size


def _to_a_line_end(data: bytes) -> bytes:
    """The data up to a line end, so that no character is cut in two."""
    end = data.rfind(b"\n")
    return data[: end + 1] if end > 0 and end % 2 else data
