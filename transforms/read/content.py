"""The bytes of a file, inflated where they are gzip, bzip2, xz or Zstandard, and checked to their end.

What is whole is handed on before damage is told: a reader keeps its good records and rejects the rest.
"""

import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from transforms.read.damage import DamageError
from transforms.read.format import HEAD_SIZE, is_packed
from transforms.read.unpack import CODECS, unpacked

CHUNK: Final = 1 << 18  # bytes
LARGEST_INFLATED: Final = 2 << 30  # bytes
RATIO_CHECKED_FROM: Final = 16 << 20  # bytes; below it a high ratio does no harm
LARGEST_RATIO: Final = 200  # real news in JSON stays below 50, a bomb is near 1,000

_GZIP: Final = b"\x1f\x8b"
_GZIP_WINDOW: Final = 31  # zlib's number for "with gzip header and trailer"
MOST_CANDIDATES: Final = 10_000  # places that may be the head of a gzip member; chance has one in 16 MB

_MEMBER: Final = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_PEEK: Final = 1 << 12  # bytes in which the first of a member can be inflated, its head and tables included


def chunks_of(path: str, *, largest: int = LARGEST_INFLATED, begin: int = 0) -> Iterator[bytes]:
    """The content of a regular file in pieces, inflated if it is packed. Raises DamageError, also after good pieces.

    With `begin` it is read from that byte on, where a member of it begins.
    """
    chunks = _raw_chunks(path, begin)
    first = next(chunks, b"")
    codec = next((codec for codec in CODECS if codec.begins(first)), None)
    if first.startswith(_GZIP):
        yield from _inflated(first, chunks, largest, begin)
    elif codec:
        yield from _checked(unpacked(codec, first, chunks), codec.name, largest)
    else:
        yield first
        yield from chunks


def _checked(pieces: Iterable[tuple[bytes, int]], kind: str, largest: int) -> Iterator[bytes]:
    """Pieces that were inflated, each with how many bytes were read until then, as long as they are no bomb and hold no archive but tar."""
    made = 0
    for piece, read in pieces:
        if not made and is_packed(piece):
            raise DamageError("unsupported", f"holds an archive inside {kind}: unpack it first")
        made += len(piece)
        if made > largest or (made > RATIO_CHECKED_FROM and made > read * LARGEST_RATIO):
            raise DamageError("unsafe", f"inflates to more than {made >> 20} MiB from {read} bytes: it was cut there")
        yield piece


def next_member(path: str, begin: int, content: bytes) -> int | None:
    """Where, at or after a byte, the next gzip member begins that holds something that begins so; None where there is none, or no file.

    Gives up after MOST_CANDIDATES places that look like one and are none.
    """
    held, start, candidates = b"", begin, 0
    chunks = _raw_chunks(path, begin)
    try:
        for chunk in chunks:
            held += chunk
            # What stands at the end may be cut short, unless the file ends with it: it is looked at again with the next chunk.
            whole = max(0, len(held) - _PEEK)
            for found in _MEMBER.finditer(held, 0, whole):
                candidates += 1
                if candidates > MOST_CANDIDATES:
                    return None
                if _begins(held[found.start() : found.start() + _PEEK], content):
                    return start + found.start()
            held, start = held[whole:], start + whole
    except DamageError:
        return None  # it was told by whoever read the file before
    ends = (found.start() for found in _MEMBER.finditer(held))
    return next((start + at for at in ends if _begins(held[at : at + _PEEK], content)), None)


def _begins(data: bytes, content: bytes) -> bool:
    try:
        return zlib.decompressobj(_GZIP_WINDOW).decompress(data, len(content)) == content
    except zlib.error:
        return False


def all_of(path: str, limit: int) -> tuple[bytes, DamageError | None]:
    """The whole content up to `limit` bytes, and what was wrong with it. Raises nothing."""
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in chunks_of(path):
            size += len(piece)
            if size > limit:
                return b"", DamageError("too_large", f"more than {limit >> 20} MiB of content: split the file")
            pieces.append(piece)
    except DamageError as damage:
        return b"".join(pieces), damage
    return b"".join(pieces), None


def head_of(path: str) -> bytes:
    """The first bytes of the content, at least HEAD_SIZE of them unless it is shorter. Raises DamageError if there are none."""
    head = b""
    try:
        for piece in chunks_of(path):
            head += piece
            if len(head) >= HEAD_SIZE:
                break
    except DamageError:
        if not head:
            raise
    return head


def raw_head(path: str, size: int) -> bytes:
    """The first bytes of a file as it stands. Raises DamageError."""
    return next(_raw_chunks(path), b"")[:size]


def _raw_chunks(path: str, begin: int = 0) -> Iterator[bytes]:
    """The file as it stands, up to the size that it had when opened, so that one which grows for ever ends too."""
    descriptor, before = _opened(path)
    with os.fdopen(descriptor, "rb") as file:
        file.seek(begin)
        left = max(0, before.st_size - begin)
        while left:
            try:
                piece = file.read(min(CHUNK, left))
            except OSError as error:
                raise DamageError("unreadable", f"cannot be read: {_told(error)}", retryable=True) from error
            if not piece:
                break
            left -= len(piece)
            yield piece
        after = os.fstat(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DamageError("changed_while_read", "was written to while it was read: read it again when it is complete", retryable=True)


def _opened(path: str) -> tuple[int, os.stat_result]:
    """A descriptor of a regular file and what the file was like then; the caller closes it."""
    try:
        # A FIFO without a writer would block for ever without O_NONBLOCK; on regular files it changes nothing.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise DamageError("unreadable", f"cannot be opened: {_told(error)}", retryable=True) from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise DamageError("unreadable", "is no regular file: name a file that holds articles")
    return descriptor, status


def _inflated(data: bytes, chunks: Iterator[bytes], largest: int, begin: int) -> Iterator[bytes]:
    """All members of a gzip stream that begins at a byte of its file, checked against its own size and CRC."""
    inflater = zlib.decompressobj(_GZIP_WINDOW)
    read = member = begin
    made = 0
    pending = False  # zlib may hold back output that had no room, with no input left to say so
    while data or pending or (data := next(chunks, b"")):
        if inflater.eof:
            member = read
            if not data.startswith(_GZIP[: len(data)]):
                message = f"bytes that are no gzip follow its end at byte {read}: they were left out"
                raise DamageError("corrupt", message, whole=True, member=member)
            inflater = zlib.decompressobj(_GZIP_WINDOW)
        before = inflater.copy()
        try:
            piece = inflater.decompress(data, CHUNK)
        except zlib.error as error:
            yield from _up_to_error(before, data)
            raise DamageError("corrupt", f"damaged gzip at about byte {read}: {error}", member=member) from error
        rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        read += len(data) - len(rest)
        data, pending = rest, len(piece) == CHUNK and not inflater.eof
        if not made and is_packed(piece):
            raise DamageError("unsupported", "holds an archive inside gzip: unpack it first")
        made += len(piece)
        if made > largest or (made > RATIO_CHECKED_FROM and made > (read - begin) * LARGEST_RATIO):
            raise DamageError("unsafe", f"inflates to more than {made >> 20} MiB from {read - begin} bytes: it was cut there")
        yield piece
    if not inflater.eof:
        raise DamageError("truncated", f"truncated at byte {read}: the gzip stream has no end", member=member)


def _up_to_error(inflater: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """What zlib had inflated before the error: it keeps that to itself, so the same bytes are given to it one by one."""
    made = bytearray()
    try:
        for byte in data:
            made += inflater.decompress(bytes((byte,)))
            if len(made) >= CHUNK:
                yield bytes(made)
                made.clear()
    except zlib.error:
        pass  # the caller tells of it
    if made:
        yield bytes(made)


def _told(error: Exception) -> str:
    """What an operating system or library says, without the path, which the reject has already."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
