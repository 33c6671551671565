"""JSON files: a list of articles, an object that holds one, or one article; and the same of ninjs."""

from collections.abc import Iterator
from typing import Any, Final

from transforms.read.column_names import Columns, listed, names_by_field
from transforms.read.content import chunks_of
from transforms.read.damage import DamageError
from transforms.read.fields import FieldError, object_in
from transforms.read.json_items import Item, list_items, nested_items
from transforms.read.jsonl import as_utf8, item_records_of
from transforms.read.ninjs import is_ninjs
from transforms.read.record import Reading, Record

_NO_LIST: Final = "holds no list of articles"


def json_records(reading: Reading) -> Iterator[Record]:
    """The records of a JSON file, counted from 1 in the list that they stand in. Damage keeps the records before it.

    Of several lists inside an object the first counts whose first object is an article.
    """
    number, last = 0, reading.last
    try:
        for item in _items(reading):
            number = item.number
            if number > last:
                return
            if reading.wants(number):
                yield from item_records_of(reading, item, where=f"item {number}", input_format="json")
    except DamageError as damage:
        yield reading.damaged(damage, number, "item")


def _items(reading: Reading) -> Iterator[Item]:
    """The objects of the file that are records. Raises DamageError, also behind good ones."""

    def chunks() -> Iterator[bytes]:
        return as_utf8(chunks_of(reading.source.path))

    begin = next((stripped[:1] for chunk in chunks() if (stripped := chunk.lstrip())), b"")
    if begin == b"[":
        yield from list_items(chunks())
        return
    if begin != b"{":
        raise DamageError("bad_json", "is no JSON: it begins with neither a list nor an object")
    items, columns = list_items(chunks()), reading.defaults.columns
    trouble: DamageError | None = None
    first = second = None
    try:
        first = next(items)
        second = next(items, None)
    except DamageError as damage:
        trouble = damage
    if first and (second or _is_article(first, columns)):
        yield first
        if second:
            yield second
        if trouble:
            raise trouble
        yield from items
        return
    names = list(_object(first))
    for elements in nested_items(chunks()):
        element = next(elements, None)
        if element and _is_article(element, columns):
            yield element
            yield from elements
            return
        names = list(_object(element)) or names
    raise trouble or DamageError(
        "missing_text", f"{_NO_LIST}, and is none; {listed(names)}: say what holds the text with --columns text=NAME"
    )


def _is_article(item: Item, columns: Columns) -> bool:
    record = _object(item)
    return is_ninjs(record, columns) or "text" in names_by_field(columns, tuple(record))


def _object(item: Item | None) -> dict[str, Any]:
    """The object that an item is; without fields where it is none."""
    try:
        return object_in(item.data.decode("utf-8-sig")) if item and not item.cut else {}
    except (FieldError, UnicodeDecodeError):
        return {}
