"""What a page says of its article in JSON-LD, schema.org's vocabulary: headline, dates, language, authors, publisher, whether all is free.

A block that is broken is left out: the page can be read without it.
"""

import html
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

MOST_OBJECTS: Final = 5_000  # looked at on one page; those of real ones are some hundreds
MOST_NAMES: Final = 20
_ARTICLE_ENDINGS: Final = ("article", "posting")  # NewsArticle, ReportageNewsArticle, LiveBlogPosting, ...
_ARTICLE_TYPES: Final = ("report", "review")


@dataclass(frozen=True, slots=True)
class Said:
    """What the article's object says, as it is written there."""

    published: str | None = None
    modified: str | None = None
    language: str | None = None
    headline: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    section: str | None = None
    free: bool | None = None
    body: str | None = None  # all of the text, as some pages give it
    words: int | None = None


def article_in(blocks: Iterable[str]) -> Said | None:
    """What the first object of an article in the blocks says, or None where there is none."""
    things = list(_objects(blocks))
    thing = next(filter(_is_article, things), None)
    if thing is None:
        return None
    return Said(
        published=_string(thing, "datePublished") or _string(thing, "dateCreated"),
        modified=_string(thing, "dateModified"),
        language=_string(thing, "inLanguage"),
        headline=_plain(thing, "headline"),
        authors=_names(thing.get("author"), things),
        publisher=next(iter(_names(thing.get("publisher"), things)), None),
        section=_plain(thing, "articleSection"),
        free=_truth(thing.get("isAccessibleForFree")),
        body=_string(thing, "articleBody"),
        words=_count(thing.get("wordCount")),
    )


def _objects(blocks: Iterable[str]) -> Iterator[dict[str, Any]]:
    """All objects, those that stand higher up first."""
    waiting: list[Any] = []
    for block in blocks:
        try:
            waiting.append(json.loads(block, strict=False))
        except (ValueError, RecursionError):
            continue
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        deeper: list[Any] = []
        for value in waiting:
            if isinstance(value, dict):
                yield value
                deeper += value.values()
            elif isinstance(value, list):
                deeper += value[:MOST_OBJECTS]
        waiting = [value for value in deeper[:MOST_OBJECTS] if isinstance(value, dict | list)]


def _is_article(thing: dict[str, Any]) -> bool:
    types = thing.get("@type")
    names = [name.lower() for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]
    return any(name.endswith(_ARTICLE_ENDINGS) or name in _ARTICLE_TYPES for name in names)


def _string(thing: dict[str, Any], name: str) -> str | None:
    value = thing.get(name)
    first = value[0] if isinstance(value, list) and value else value
    return first.strip() or None if isinstance(first, str) else None


def _plain(thing: dict[str, Any], name: str) -> str | None:
    """A text without the character references that many writers leave in it."""
    value = _string(thing, name)
    return html.unescape(value).strip() or None if value else None


def _names(given: object, things: list[dict[str, Any]]) -> tuple[str, ...]:
    """The names of people or organisations: each an object with a name, or the id of one that stands elsewhere, or the name itself."""
    names: list[str] = []
    for each in (given if isinstance(given, list) else [given])[:MOST_NAMES]:
        name = each.get("name") or _named(each.get("@id"), things) if isinstance(each, dict) else each
        names += [html.unescape(name).strip()] if isinstance(name, str) and name.strip() and "://" not in name else []
    return tuple(dict.fromkeys(filter(None, names)))


def _named(reference: object, things: list[dict[str, Any]]) -> object:
    if not isinstance(reference, str):
        return None
    return next((thing["name"] for thing in things if thing.get("@id") == reference and thing.get("name")), None)


def _truth(value: object) -> bool | None:
    """A truth value as pages write it: true, "True", "http://schema.org/True"."""
    told = str(value).rpartition("/")[2].lower() if isinstance(value, bool | str) else ""
    return {"true": True, "false": False}.get(told)


def _count(value: object) -> int | None:
    """A whole number, as such or in digits."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() and value.isascii() and len(value) < 7 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
