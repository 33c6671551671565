"""The records of a WARC file, whole or not, and what of the file is none.

fastwarc finds them; it stops without a word where a file is clipped and gives up at the first bytes that are no record.
So its stream is ours: inflated and checked by `content`, remembered for a while, so that each record's end is compared
with what the file holds, and reading goes on at the next record after damage.
"""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from fastwarc.warc import ArchiveIterator, WarcRecord

from schemas.reject import Reason
from transforms.read.content import CHUNK, chunks_of, next_member
from transforms.read.damage import DamageError
from transforms.read.warc_digest import Digest

LARGEST_ARCHIVE: Final = 1 << 40  # bytes, inflated; records are looked at one by one
LARGEST_BLOCK: Final = (10 << 20) + (1 << 16)  # bytes; what a record may hold to be read
MOST_DAMAGE: Final = 1_000  # places of a file at which reading goes on

_PIECE: Final = 1 << 16  # bytes that are taken from a record at once
_REMEMBERED: Final = 2 * CHUNK  # bytes; more than fastwarc's buffer and the longest head of a record together
_HEAD: Final = re.compile(rb"WARC/1\.\d\r?\n[A-Za-z][\w-]{0,40}:")
_HEAD_BEGINS_WITHIN: Final = 64  # bytes; more than what the expression takes
_HEAD_ENDS: Final = (b"\r\n\r\n", b"\n\n")
_LINE_ENDS: Final = b"\r\n"
_MAGIC: Final = b"WARC/"


@dataclass(frozen=True, slots=True)
class Frame:
    """One record of the archive, counted from 1. `block` is its content as far as a record may be read."""

    number: int
    offset: int  # in the inflated file
    fields: dict[str, str]  # names in small letters
    block: bytes
    size: int  # bytes of content that are there
    missing: int  # bytes that its head announces and the file does not have
    digest: Digest | None  # as its head gives it, with that of the bytes that are there


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes of the archive that are no record, or that are not there."""

    reason: Reason
    message: str
    offset: int
    retryable: bool = False


def frames_in(path: str) -> Iterator[Frame | Gap]:
    """The records of the file in order, with what is damaged between them. Raises nothing.

    What is lost with a damaged member of a gzip file ends at the next member that holds a record.
    """
    number = begin = offset = 0
    for _ in range(MOST_DAMAGE):
        stream = _Stream(path, begin, offset)
        for found in _frames_of(stream, number):
            number = found.number if isinstance(found, Frame) else number
            yield found
        # A file whose first member has lost its head does not even look like gzip.
        goes_on_at = stream.goes_on_at if number or offset or stream.damage else next_member(path, 1, _MAGIC)
        if goes_on_at is None:
            return
        begin, offset = goes_on_at, stream.size
    yield Gap("corrupt", f"damaged in more than {MOST_DAMAGE:,} places: not read on from byte {begin}", offset)


def _frames_of(stream: "_Stream", number: int) -> Iterator[Frame | Gap]:
    """The records of what can be read in one go, numbered on from the last number, with what is damaged between and behind them."""
    begin = stream.start
    for _ in range(MOST_DAMAGE):
        head = end = begin
        for record, offset in _records(stream, begin):
            # Asked for before the content is read: the stream does not remember for long.
            content = stream.end_of_head(offset)
            if content is None or record.length is None:
                break
            number += 1
            head, end = content, content + record.length
            yield _frame(record, record.length, number, offset)
        # A record that is longer than the file may have a wrong length: others may stand inside it.
        found = stream.next_head(max(begin + 1, end if end <= stream.size else head))
        if found < 0:
            yield from _last(stream, end)
            return
        if found < end:
            yield Gap("corrupt", f"the record before byte {found} has a wrong length: reading went on at byte {found}", found)
        elif stream.between(end, found).strip(_LINE_ENDS):
            yield Gap("corrupt", f"damaged at byte {end}: what stands there is no record; reading went on at byte {found}", end)
        begin = found
    yield Gap("corrupt", f"damaged in more than {MOST_DAMAGE:,} places: not read on from byte {begin}", begin)


@dataclass(frozen=True, slots=True)
class _Record:
    """A record as it was found: its fields with names in small letters, how long it says it is, and what reads its content."""

    fields: dict[str, str]
    length: int | None
    read: Callable[[int], bytes]


def _records(stream: "_Stream", begin: int) -> Iterator[tuple[_Record, int]]:
    """Records from an offset of the stream on, each with its own offset, up to the end or the first that is none.

    They are as fastwarc finds them; but it knows "Content-Length" in these letters alone, and the case of a field's name does not count
    (ISO 28500, section 4). Where it is written otherwise, the content is read here and fastwarc begins anew behind it.
    """
    at: int | None = begin
    while at is not None:
        stream.back_to(at)
        records, at = ArchiveIterator(stream, parse_http=False, stream_detect=False), None
        while (found := _next_of(records)) is not None:
            offset = found.stream_pos
            written = dict(found.headers.to_tuples())
            fields = {name.lower(): value for name, value in written.items()}
            if "Content-Length" in written:
                yield _Record(fields, found.content_length, found.reader.read), offset
                continue
            content, length = stream.end_of_head(offset), _length_in(fields)
            if content is None or length is None:
                yield _Record(fields, None, found.reader.read), offset
                return
            stream.back_to(content)
            yield _Record(fields, length, stream.reader_of(length)), offset
            at = stream.head_behind(content + length)
            break


def _next_of(records: ArchiveIterator) -> WarcRecord | None:
    try:
        return next(records, None)
    except OSError:
        return None


def _length_in(fields: dict[str, str]) -> int | None:
    written = fields.get("content-length", "").strip()
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 16 else None


def _last(stream: "_Stream", end: int) -> Iterator[Gap]:
    """What is wrong with the end of what can be read in one go, where the last record ends at `end`."""
    rest = stream.between(end, stream.size).strip(_LINE_ENDS)
    if stream.damage and not stream.damage.whole:
        yield stream.gap_of(stream.damage)
    elif end > stream.size:
        yield Gap("truncated", f"truncated at byte {stream.size}: the last record lacks {end - stream.size} bytes", stream.size)
    elif rest.startswith(_MAGIC[: len(rest)]) and rest and not any(ends in rest for ends in _HEAD_ENDS):
        yield Gap("truncated", f"truncated at byte {stream.size}: the head of the last record has no end", stream.size)
    elif rest:
        yield Gap("corrupt", f"holds no record from byte {end} on: {rest[:40].decode('latin-1')!r}", end)
    if stream.damage and stream.damage.whole:
        yield stream.gap_of(stream.damage)


def _frame(record: _Record, length: int, number: int, offset: int) -> Frame:
    digest = Digest.of(record.fields.get("warc-block-digest", ""))
    kept, size = bytearray(), 0
    while piece := record.read(_PIECE):
        size += len(piece)
        kept += piece[: max(0, LARGEST_BLOCK + 1 - len(kept))]
        if digest:
            digest.take(piece)
    return Frame(number, offset, record.fields, bytes(kept), size, length - size, digest)


class _Stream:
    """The inflated file as fastwarc reads it, from a byte of the file on up to its end or to what is damaged.

    What was read last can be read again. Offsets count the bytes that came of the file, `offset` of them before.
    """

    def __init__(self, path: str, begin: int, offset: int) -> None:
        self._path = path
        self._chunks = chunks_of(path, largest=LARGEST_ARCHIVE, begin=begin)
        self._held = b""  # the last bytes read from the file
        self._start = offset  # where they begin
        self._at = offset
        self.start = offset
        self.damage: DamageError | None = None

    @property
    def size(self) -> int:
        """Bytes had from the file up to now."""
        return self._start + len(self._held)

    @functools.cached_property
    def goes_on_at(self) -> int | None:
        """The byte of the file at which there is more to be read behind what is damaged, asked for at the end."""
        if self.damage is None or self.damage.member is None:
            return None
        return next_member(self._path, self.damage.member + 1, _MAGIC)

    def gap_of(self, damage: DamageError) -> Gap:
        """What is wrong with the end of this stream, and where reading goes on."""
        on = "" if self.goes_on_at is None else f"; reading went on at byte {self.goes_on_at} of the file"
        return Gap(damage.reason, damage.message + on, self.size, damage.retryable)

    def read(self, size: int = -1) -> bytes:
        if self._at == self.size and not self._more(self._at):
            return b""
        begin = self._at - self._start
        piece = self._held[begin : begin + size] if size >= 0 else self._held[begin:]
        self._at += len(piece)
        return piece

    def reader_of(self, length: int) -> Callable[[int], bytes]:
        """What reads the next so many bytes, in pieces."""
        end = self._at + length

        def read(size: int) -> bytes:
            return self.read(min(size, end - self._at))

        return read

    def head_behind(self, offset: int) -> int | None:
        """Where the next record begins, if nothing but line ends stands before it; None at the end or where something does."""
        found = self.next_head(offset)
        return found if found >= 0 and not self.between(offset, found).strip(_LINE_ENDS) else None

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """What fastwarc asks of a stream but does not use here."""
        raise OSError("the stream is read in order")

    def close(self) -> None:
        """Nothing: the file is closed when its last chunk was read, or it is forgotten."""

    def back_to(self, offset: int) -> None:
        """Read on from an offset that is remembered."""
        self._at = min(max(offset, self._start), self.size)

    def end_of_head(self, offset: int) -> int | None:
        """Where the head of the record that begins there ends; None where its end is not there."""
        ends = [(at, len(end)) for end in _HEAD_ENDS if (at := self._held.find(end, max(0, offset - self._start))) >= 0]
        return self._start + sum(min(ends)) if ends else None

    def next_head(self, offset: int) -> int:
        """Where the next head of a record begins, at or after the offset, or -1; reads on if need be."""
        begin = max(offset, self._start)
        while not (found := _HEAD.search(self._held, max(0, begin - self._start))):
            begin = max(begin, self.size - _HEAD_BEGINS_WITHIN)
            if not self._more(begin):
                return -1
        return self._start + found.start()

    def between(self, begin: int, end: int) -> bytes:
        """The bytes between two offsets, as far as they are remembered."""
        return self._held[max(0, begin - self._start) : max(0, end - self._start)]

    def _more(self, needed: int) -> bool:
        """Read another chunk, and forget what lies far before the offset that is still needed."""
        try:
            chunk = next(filter(None, self._chunks), b"")  # an empty one is no end
        except DamageError as damage:
            self.damage, chunk = damage, b""
        cut = max(0, needed - self._start - _REMEMBERED)
        self._held, self._start = self._held[cut:] + chunk, self._start + cut
        return bool(chunk)
