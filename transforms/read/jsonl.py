"""JSON lines: an object a line, with `text` and what else is known of the article, or an item of ninjs."""

import codecs
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from schemas.article import InputFormat
from transforms.read.content import chunks_of
from transforms.read.damage import DamageError
from transforms.read.fields import FieldError, object_in
from transforms.read.format import bom_of
from transforms.read.item import item_records
from transforms.read.json_items import LONGEST_ITEM, Item, Kept
from transforms.read.ninjs import is_ninjs, item_of
from transforms.read.record import Reading, Record
from transforms.read.record_columns import A_RECORD, SHOWN, article_records, bad_record, shown
from transforms.read.sole import SOLE

LONGEST_LINE: Final = LONGEST_ITEM


def jsonl_records(reading: Reading) -> Iterator[Record]:
    """The records of a file of JSON lines; blank lines are none. Damage keeps the lines before it."""
    lines = lines_in(as_utf8(chunks_of(reading.source.path)))
    number, last = 0, reading.last
    while number < last:
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
            yield from item_records_of(reading, line, where=f"line {number}", input_format="jsonl")


def lines_in(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Lines of a stream of bytes without their ends, with at most LONGEST_LINE bytes held of one.

    A line that damage cuts short is not handed on: a last line without a line end is, if the stream ends by itself.
    """
    number, kept = 1, Kept()
    for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            kept.add(piece)
            yield kept.item(number)
            number, kept = number + 1, Kept()
        kept.add(rest)
    if kept.data:
        yield kept.item(number)


def as_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
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
    yield from _records_of(reading, SOLE, record, where=None, input_format="jsonl", payload=lambda: str(record)[:SHOWN])


def item_records_of(reading: Reading, item: Item, *, where: str, input_format: InputFormat) -> Iterator[Record]:
    """The records of a line or an object of a list, which may be too long to be one."""
    if item.cut:
        message = f"{where} is longer than {LONGEST_ITEM >> 20} MiB: split the article"
        yield reading.reject("record", "too_large", message, position=item.number, where=where, payload=shown(item.data))
        return
    yield from object_records(reading, item.number, item.data, where=where, input_format=input_format)


def object_records(reading: Reading, position: int, data: bytes, *, where: str, input_format: InputFormat) -> Iterator[Record]:
    """The record that an object of JSON is: an article in fields of its own, or an item of ninjs."""
    try:
        # Files that were put one behind the other have their marks in the middle.
        record = object_in(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        wrong = FieldError("bad_encoding", f"is no UTF-8 at byte {error.start} of it")
        yield bad_record(reading, position, wrong, where=where, payload=shown(data))
    except FieldError as error:
        yield bad_record(reading, position, error, where=where, payload=shown(data))
    else:
        yield from _records_of(reading, position, record, where=where, input_format=input_format, payload=lambda: shown(data))


def _records_of(
    reading: Reading,
    position: int,
    record: Mapping[str, Any],
    *,
    where: str | None,
    input_format: InputFormat,
    payload: Callable[[], str],
) -> Iterator[Record]:
    if not is_ninjs(record, reading.defaults.columns):
        row = position if input_format == "json" else None
        yield from article_records(reading, position, record, input_format, where=where, payload=payload, row=row)
        return
    try:
        yield from item_records(reading, position, item_of(record), where=where or A_RECORD)
    except FieldError as error:
        yield bad_record(reading, position, error, where=where, payload=payload())
