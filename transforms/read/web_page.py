"""Web pages: the article of a page, as its markup and its text give it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from schemas.article import PublishedOrigin
from schemas.reject import Reason
from transforms.read.apart import ParsingError, parsed_apart
from transforms.read.dates import Moment, moment_of_feed

LARGEST_PAGE: Final = 10 << 20  # bytes, inflated; of 10,000 pages of news fewer than one is larger

_PARSER: Final = "transforms.read.page_parse:parsed_page"


@dataclass(frozen=True, slots=True)
class Page:
    """The article of a page. `url` is the page's own idea of its address where it may be trusted, else the one given.

    `flags` are doubts that do not keep it from being read: it is short, it is no article, its date is none.
    """

    text: str
    title: str | None
    url: str | None
    outlet: str | None
    byline: str | None
    published: Moment | None
    origin: PublishedOrigin
    updated: Moment | None
    language: str | None
    flags: tuple[tuple[Reason, str], ...]


def page_of(data: bytes, *, fetched_at: dt.datetime, address: str | None = None, content_type: str | None = None) -> Page:
    """The article of a page, parsed apart.

    `address` is where it was fetched, `content_type` the header that came with it: its charset counts where neither
    the bytes nor the page tell. Raises ParsingError where there is no article: no text, no page, or one that takes
    more time or memory than it may.
    """
    if len(data) > LARGEST_PAGE:
        raise ParsingError("too_large", f"more than {LARGEST_PAGE >> 20} MiB of content: no article")
    parsed: dict[str, Any] = parsed_apart(_PARSER, data, address=address, content_type=content_type)
    if parsed["refused"]:
        raise ParsingError(*parsed["refused"])
    published, origin = _first_plausible(parsed["published"], fetched_at)
    updated, _ = _first_plausible(parsed["updated"], fetched_at)
    flags: list[tuple[Reason, str]] = [(reason, message) for reason, message in parsed["flags"]]
    if parsed["published"] and published is None:
        flags.append(("bad_date", f"has a date that cannot be: {parsed['published'][0][1][:60]!r}; the article has no date of its own"))
    return Page(
        text=parsed["text"],
        title=parsed["title"],
        url=parsed["url"],
        outlet=parsed["outlet"],
        byline=parsed["byline"],
        published=published,
        origin=origin,
        updated=updated,
        language=parsed["language"],
        flags=tuple(flags),
    )


def _first_plausible(dates: Iterable[tuple[PublishedOrigin, str]], fetched_at: dt.datetime) -> tuple[Moment | None, PublishedOrigin]:
    """The first of the dates that is one and lies between the beginning of the web and now."""
    for origin, text in dates:
        moment = moment_of_feed(text)
        if moment and moment.is_plausible(fetched_at):
            return moment, origin
    return None, "none"
