"""From a record of a table, or an object of JSON, to what it says of its article."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from schemas.article import InputFormat
from transforms.read.column_names import FIELDS, Columns, listed, names_by_field
from transforms.read.dates import Moment, moment_of_feed, moment_of_iso
from transforms.read.fields import FieldError, identifier_of, kind_of, moment_of, text_of
from transforms.read.given import Given, records_of
from transforms.read.record import Reading, Record

A_RECORD: Final = "the record"  # what is called so that stands nowhere
SHOWN: Final = 2000  # bytes of a record that a reject may show


def given_of(
    record: Mapping[str, Any], columns: Columns, input_format: InputFormat, *, row: int | None = None
) -> tuple[Given, FieldError | None]:
    """What a record says of its article, and what is wrong with its dates: an article is not dropped for that alone.

    A field under our own name, or one that the user named, must be of its type, else FieldError is raised; under another name it is
    then taken to mean something else. With the number of its `row`, from 1, an id that is but that number is none, unless the user named its
    column: two tables that count their rows would else be taken for two versions of the same articles.
    """
    names = names_by_field(columns, tuple(record))
    if "text" not in names:
        raise FieldError("missing_text", f"has no `text`; {listed(record)}")
    mine = {name for _, name in columns.named} | set(FIELDS)
    wrong: FieldError | None = None

    def had(field: str, read: Any) -> Any:
        nonlocal wrong
        name = names.get(field)
        if name is None:
            return None
        try:
            return read(record, name)
        except FieldError as error:
            if error.reason == "bad_date":
                wrong = wrong or error
            elif field == "text" or name in mine:
                raise
            return None

    text = had("text", text_of)
    if text is None:
        raise FieldError("missing_text", f"has no text: `{names['text']}` is empty")
    guid = had("id", identifier_of)
    if row is not None and guid in (str(row), str(row - 1)) and not any(field == "id" for field, _ in columns.named):
        guid = None
    return Given(
        text=text,
        input_format=input_format,
        title=had("title", text_of),
        url=had("url", text_of),
        outlet=had("outlet", text_of),
        byline=had("byline", _names_of),
        guid=guid,
        language=had("language", text_of),
        published=had("published_at", date_of),
        updated=had("updated_at", date_of),
        origin="metadata",
    ), wrong


def date_of(record: Mapping[str, Any], name: str) -> Moment | None:
    """A field that holds a date or time: as ISO 8601 or as feeds write it, or of a table's own type. Raises FieldError."""
    value = record.get(name)
    try:
        if isinstance(value, dt.datetime):
            return Moment.of_time(value, "second")
        if isinstance(value, dt.date):
            return Moment.of_day(value)
    except OverflowError:
        raise FieldError("bad_date", f"`{name}` is out of range: {value}") from None
    if value is not None and not isinstance(value, str | int | float | list | dict):  # a table's own, of no day that there is
        raise FieldError("bad_date", f"`{name}` is out of range")
    return moment_of(record, name, lambda given: moment_of_iso(given) or moment_of_feed(given))


def _names_of(record: Mapping[str, Any], name: str) -> str | None:
    """A field that holds a byline: text, or a list of names."""
    value = record.get(name)
    if not isinstance(value, list):
        return text_of(record, name)
    if not all(isinstance(each, str) for each in value):
        raise FieldError("bad_type", f"`{name}` must be text or a list of names, not {kind_of(value)} of other things")
    return ", ".join(each.strip() for each in value if each.strip()) or None


def shown(data: bytes) -> str:
    """The beginning of a record's bytes, for a reject."""
    return data[:SHOWN].decode("utf-8", "replace")


def bad_record(reading: Reading, position: int, error: FieldError, *, where: str | None, payload: str) -> Record:
    """The reject of a record that says of no article what it must."""
    return reading.reject("record", error.reason, f"{where or A_RECORD} {error.message}", position=position, where=where, payload=payload)


def article_records(
    reading: Reading,
    position: int,
    record: Mapping[str, Any],
    input_format: InputFormat,
    *,
    where: str | None,
    payload: Callable[[], str],
    row: int | None = None,
) -> Iterator[Record]:
    """The article of a record, or the reject that stands for it, and the reject of scope part for a date that cannot be read.

    `payload` gives what a reject may show of the record, for `row` see `given_of`.
    """
    try:
        given, wrong_date = given_of(record, reading.defaults.columns, input_format, row=row)
    except FieldError as error:
        yield bad_record(reading, position, error, where=where, payload=payload())
        return
    yield from records_of(reading, position, given, where=where)
    if wrong_date:
        message = f"{where or A_RECORD}: {wrong_date.message}; the article has no date of its own"
        yield reading.reject("part", wrong_date.reason, message, position=position, where=where, payload=payload())
