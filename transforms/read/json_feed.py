"""JSON Feed, versions 1 and 1.1 (jsonfeed.org), from bytes to plain values; runs apart (see `apart`), as all parsing does.

What is no JSON by the letter (a name given twice, NaN, a number beyond all measure) costs the item that it stands in.
"""

import dataclasses
import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urljoin

from schemas.ids import digest
from schemas.reject import Reason
from transforms.read.byline import names_in
from transforms.read.encoding import decoded
from transforms.read.feed_parse import MOST_ENTRIES, Entry, Feed
from transforms.read.markup import plain_text
from transforms.read.web_address import web_address

LONGEST_NUMBER: Final = 20  # digits; Python refuses 4,300 of them, and no identifier has as many as these
MOST_AUTHORS: Final = 20


_ITEMS: Final = re.compile(r'"items"\s*:\s*\[')
_NEXT_ITEM: Final = re.compile(r"[\s,]*(?=\{)")


class _NoNumber:
    """Stands where the JSON has what is no number of JSON."""


class _Object(dict[str, Any]):
    """An object of the JSON; `wrong` says what is wrong with it, `wrong_inside` with what it holds."""

    wrong: str | None = None
    wrong_inside: str | None = None


class _FieldError(Exception):
    """A field of an item that is not of its type."""


def parsed_json_feed(data: bytes, *, address: str | None = None, content_type: str | None = None) -> dict[str, Any]:
    """The fields of a Feed, fit for JSON; `address` is where it was fetched. JSON is Unicode, whatever the server says."""
    return dataclasses.asdict(_feed(data, address))


def _feed(data: bytes, address: str | None) -> Feed:
    text = decoded(data)
    if text is None:
        return Feed(input_format="jsonfeed", refused=("binary", "is no text: its bytes are in no known encoding"))
    notes: list[tuple[Reason, str]] = []
    if text.damaged:
        notes.append(("bad_encoding", f"has bytes that are no {text.encoding}: they were replaced"))
    try:
        feed, whole = _decoded(text.text)
    except (ValueError, RecursionError) as error:
        told = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return Feed(input_format="jsonfeed", refused=("bad_json", f"is no JSON: {told}"))
    if not whole:
        notes.append(("truncated", f"is cut off or broken after item {len(feed['items'])}: the items before were read"))
    items = feed.get("items") if isinstance(feed, _Object) else None
    if not isinstance(items, list):
        return Feed(input_format="jsonfeed", refused=("not_a_feed", "is no JSON Feed: it has no list of items"))
    if feed.wrong:
        notes.append(("bad_json", f"the feed itself: {feed.wrong}"))
    if len(items) > MOST_ENTRIES:
        notes.append(("too_many", f"has {len(items):,} items: the first {MOST_ENTRIES:,} were read"))
    return _feed_of(feed, items[:MOST_ENTRIES], address, notes)


def _decoded(text: str) -> tuple[Any, bool]:
    """What the text holds, and whether it is whole. A feed that is cut off keeps its whole items. Raises ValueError, RecursionError."""
    begin = text.lstrip()
    try:
        return _DECODER.decode(begin), True
    except ValueError:
        head = _ITEMS.search(begin)
        if head is None:
            raise
        feed = _DECODER.decode(begin[: head.end()] + "]}")
        feed["items"] = list(_whole_items(begin, head.end()))
        if not feed["items"]:
            raise
        return feed, False


def _whole_items(text: str, begin: int) -> Iterator[Any]:
    at = begin
    while first := _NEXT_ITEM.match(text, at):
        try:
            item, at = _DECODER.raw_decode(text, first.end())
        except ValueError:
            return
        yield item


def _feed_of(feed: _Object, items: list[Any], address: str | None, notes: list[tuple[Reason, str]]) -> Feed:
    own_address = web_address(_kept(feed, "feed_url")) or address
    base = own_address or web_address(_kept(feed, "home_page_url")) or ""
    entries: list[Entry] = []
    bad: list[tuple[int, Reason, str, str]] = []
    for number, item in enumerate(items, start=1):
        try:
            entries.append(_entry(number, item, feed, base))
        except _FieldError as error:
            reason: Reason = "bad_json" if isinstance(item, _Object) and (item.wrong or item.wrong_inside) else "bad_type"
            bad.append((number, reason, str(error), _key(item)))
    title = _kept(feed, "title")
    return Feed(
        input_format="jsonfeed",
        title=plain_text(title) or None if title else None,
        feed_url=own_address,
        entries=tuple(entries),
        notes=tuple(notes),
        bad=tuple(bad),
    )


def _entry(number: int, item: Any, feed: _Object, base: str) -> Entry:
    if not isinstance(item, _Object):
        raise _FieldError("is no object")
    if wrong := item.wrong or item.wrong_inside:
        raise _FieldError(wrong)
    guid = _identifier(item)
    title = _string(item, "title")
    updated = _string(item, "date_modified")
    return Entry(
        number=number,
        guid=guid,
        title=plain_text(title) or None if title else None,
        # An item whose address is its id alone is common. `external_url` is another's page, and names another article.
        link=_link(_string(item, "url"), base) or _link(guid, ""),
        text=_text(item),
        byline=_names(item) or _names(feed),
        published=_string(item, "date_published") or updated,
        updated=updated,
        language=_string(item, "language") or _kept(feed, "language"),
    )


def _key(item: Any) -> str:
    """What an item that cannot be read is known by: its id, else its address, else what it says outright."""
    if not isinstance(item, _Object):
        return digest("item", item if isinstance(item, str) else type(item).__name__)
    for name in ("id", "url"):
        if isinstance(value := item.get(name), str | int) and str(value).strip():
            return digest(name, str(value))
    return digest("item", *(f"{name}={value}" for name, value in sorted(item.items()) if isinstance(value, str | int | float)))


def _text(item: _Object) -> str:
    """The content, of two forms the longer; without any the summary."""
    html, text = _string(item, "content_html"), _string(item, "content_text")
    return max(plain_text(html or ""), text or "", key=len) or _string(item, "summary") or ""


def _names(of: _Object) -> str | None:
    """The authors, as version 1.1 or 1 gives them."""
    authors = of.get("authors") if isinstance(of.get("authors"), list) else [of.get("author")]
    given = (author.get("name") for author in (authors or [])[:MOST_AUTHORS] if isinstance(author, dict))
    return ", ".join(names_in(name for name in given if isinstance(name, str))) or None


def _identifier(item: _Object) -> str | None:
    value = item.get("id")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _string(item, "id")


def _link(given: str | None, base: str) -> str | None:
    try:
        return web_address(urljoin(base, given.strip())) if given else None
    except ValueError:
        return None


def _string(of: _Object, name: str) -> str | None:
    value = of.get(name)
    if value is not None and not isinstance(value, str):
        raise _FieldError(f"`{name}` is no text")
    return value if value and value.strip() else None


def _kept(feed: _Object, name: str) -> str | None:
    """A field of the feed itself, which costs no item if it is of another type."""
    value = feed.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        made.wrong = f"{next(name for name in names if names.count(name) > 1)[:40]!r} is given twice"
    made.wrong_inside = next(_wrong(made.values()), None)
    return made


def _wrong(values: Iterable[Any]) -> Iterator[str]:
    """What is wrong with values and what they hold; lists in lists are gone through without recursion."""
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, _NoNumber):
            yield "holds a number that is none"
        elif isinstance(value, _Object) and (wrong := value.wrong or value.wrong_inside):
            yield wrong
        elif isinstance(value, list):
            waiting += value


def _whole(digits: str) -> int | _NoNumber:
    return int(digits) if len(digits) <= LONGEST_NUMBER else _NoNumber()


def _fraction(digits: str) -> float | _NoNumber:
    value = float(digits)
    return value if math.isfinite(value) else _NoNumber()


# Control characters in strings are taken out later, wherever they come from.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=lambda _: _NoNumber(), parse_int=_whole, parse_float=_fraction, strict=False
)
