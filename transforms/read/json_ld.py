"""What a page says of its article in JSON-LD, schema.org's vocabulary: type, dates, language, authors, whether all of it is free.

A block that is broken is left out: the page can be read without it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

MOST_OBJECTS: Final = 5_000  # looked at on one page; those of real ones are some hundreds
MOST_AUTHORS: Final = 20
_ARTICLE_ENDINGS: Final = ("article", "posting")  # NewsArticle, ReportageNewsArticle, LiveBlogPosting, ...
_ARTICLE_TYPES: Final = ("report", "review")


@dataclass(frozen=True, slots=True)
class Said:
    """What the article's object says, as it is written there."""

    published: str | None = None
    modified: str | None = None
    language: str | None = None
    byline: str | None = None
    free: bool | None = None


def article_in(blocks: Iterable[str]) -> Said | None:
    """What the first object of an article in the blocks says, or None where there is none."""
    for thing in _objects(blocks):
        if _is_article(thing):
            return Said(
                _string(thing, "datePublished") or _string(thing, "dateCreated"),
                _string(thing, "dateModified"),
                _string(thing, "inLanguage"),
                _names(thing.get("author")),
                _truth(thing.get("isAccessibleForFree")),
            )
    return None


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


def _names(authors: object) -> str | None:
    """The names of people or organisations: each an object with a name, or the name itself."""
    given = authors if isinstance(authors, list) else [authors]
    names = [author.get("name") if isinstance(author, dict) else author for author in given]
    known = [name.strip() for name in names if isinstance(name, str) and name.strip() and "://" not in name]
    return ", ".join(dict.fromkeys(known[:MOST_AUTHORS])) or None


def _truth(value: object) -> bool | None:
    """A truth value as pages write it: true, "True", "http://schema.org/True"."""
    told = str(value).rpartition("/")[2].lower() if isinstance(value, bool | str) else ""
    return {"true": True, "false": False}.get(told)
