"""JSON lines: an object a line with `text`, and what else is known of the article."""

import codecs
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from transforms.read.article import Given, records_of
from transforms.read.content import DamageError, chunks_of
from transforms.read.fields import FieldError, identifier_of, moment_of, object_in, text_of
from transforms.read.format import bom_of
from transforms.read.record import Reading, Record

LONGEST_LINE: Final = 10 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end, counted from 1. `cut` tells that it was longer than a line may be."""

    number: int
    data: bytes
    cut: bool = False


def jsonl_records(reading: Reading) -> Iterator[Record]:
    """The records of a file of JSON lines; blank lines are none. Damage keeps the lines before it."""
    lines = lines_in(_as_utf8(chunks_of(reading.source.path)))
    number = 0
    while True:
        try:
            line = next(lines, None)
        except DamageError as damage:
            message = f"{damage.message}; the lines before were kept"
            yield reading.reject("part", damage.reason, message, where=f"after line {number}", retryable=damage.retryable)
            return
        if line is None:
            return
        number = line.number
        if reading.wants(number) and line.data.strip():
            yield from _records_of_line(reading, line)


def lines_in(chunks: Iterable[bytes]) -> Iterator[Line]:
    """Lines of a stream of bytes, with at most LONGEST_LINE bytes held of one.

    A line that damage cuts short is not handed on: a last line without a line end is, if the stream ends by itself.
    """
    number, held, cut = 1, bytearray(), False
    for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            held += piece[: LONGEST_LINE + 1 - len(held)]
            yield Line(number, bytes(held), cut or len(held) > LONGEST_LINE)
            number, held, cut = number + 1, bytearray(), False
        held += rest[: LONGEST_LINE + 1 - len(held)]
        cut = cut or len(held) > LONGEST_LINE
    if held:
        yield Line(number, bytes(held), cut)


def _as_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The stream without its byte order mark, and in UTF-8 where the mark tells of another encoding."""
    first = b""
    for chunk in chunks:
        first += chunk
        if len(first) >= len(codecs.BOM_UTF32_LE):
            break
    encoding = bom_of(first)
    if encoding in (None, "utf-8"):
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        yield decoder.decode(first).encode()
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError as error:
        raise DamageError("bad_encoding", f"is no {encoding} throughout, as its first bytes say: {error.reason}") from error


def record_items(reading: Reading, record: Mapping[str, Any]) -> Iterator[Record]:
    """The article that a record is whose fields are those of a line, or its reject; then what was set aside of it."""
    try:
        given, wrong_date = _given(record)
    except FieldError as error:
        yield reading.reject("record", error.reason, f"the record {error.message}", position=1, payload=str(record)[:2000])
        return
    yield from _records_given(reading, 1, given, wrong_date, where=None, shown=str(record)[:2000])


def _records_of_line(reading: Reading, line: Line) -> Iterator[Record]:
    where = f"line {line.number}"
    shown = line.data[:2000].decode("utf-8", "replace")
    if line.cut:
        message = f"{where} is longer than {LONGEST_LINE >> 20} MiB: split the article"
        yield reading.reject("record", "too_large", message, position=line.number, where=where, payload=shown)
        return
    try:
        given, wrong_date = _given(_object_of(line.data))
    except FieldError as error:
        yield reading.reject("record", error.reason, f"{where} {error.message}", position=line.number, where=where, payload=shown)
        return
    yield from _records_given(reading, line.number, given, wrong_date, where=where, shown=shown)


def _records_given(
    reading: Reading, number: int, given: Given, wrong_date: FieldError | None, *, where: str | None, shown: str
) -> Iterator[Record]:
    yield from records_of(reading, number, given, where=where)
    if wrong_date:
        message = f"{where or 'the record'}: {wrong_date.message}; the article has no date of its own"
        yield reading.reject("part", wrong_date.reason, message, position=number, where=where, payload=shown)


def _object_of(data: bytes) -> dict[str, Any]:
    try:
        # Files that were put one behind the other have their marks in the middle.
        return object_in(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FieldError("bad_encoding", f"is no UTF-8 at byte {error.start} of the line") from error


def _given(record: Mapping[str, Any]) -> tuple[Given, FieldError | None]:
    """What the record says, and what is wrong with its date: an article is not dropped for that alone."""
    text = text_of(record, "text")
    if text is None:
        raise FieldError("missing_text", "has no `text`")
    published, wrong_date = None, None
    try:
        published = moment_of(record, "published_at")
    except FieldError as error:
        if error.reason != "bad_date":
            raise
        wrong_date = error
    given = Given(
        text=text,
        input_format="jsonl",
        title=text_of(record, "title"),
        url=text_of(record, "url"),
        outlet=text_of(record, "outlet"),
        byline=text_of(record, "byline"),
        guid=identifier_of(record, "id"),
        language=text_of(record, "language"),
        published=published,
        origin="metadata",
    )
    return given, wrong_date
