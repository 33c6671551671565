"""Items of news agencies (ninjs, NewsML-G2, NITF): from what an item says of itself to its article, or to the reject that stands for it.

What an agency says of an item's use is obeyed: what is withheld or cancelled, or under an embargo that has not ended, is no article.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from schemas.article import InputFormat
from schemas.reject import Reason
from transforms.read.clean import clean_text, without_secrets
from transforms.read.dates import Moment, moment_of_iso
from transforms.read.given import Given, Key, records_of
from transforms.read.record import Reading, Record

# An item is known by its own id alone, in whatever file, format or delivery it comes: ids of items are unique in the world.
_EVERYWHERE: Final = "item"
_USABLE: Final = "usable"
_CANCELLED: Final = ("canceled", "cancelled")
# "usable", "stat:usable", "http://cv.iptc.org/newscodes/pubstatusg2/usable": versions of the formats spell one code differently.
_CODE: Final = re.compile(r"[^:/#\s]*\Z")
_FURTHEST_WEST: Final = dt.timedelta(hours=12)  # behind UTC: where a day or time that names no zone comes last


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """What an item says of itself, as it says it: dates are as written, the text is plain. Without an id it is known by where it stands."""

    input_format: InputFormat
    guid: str | None = None
    version: str | None = None
    text: str = ""
    title: str | None = None
    byline: str | None = None
    outlet: str | None = None
    url: str | None = None
    language: str | None = None
    first_created: str | None = None
    version_created: str | None = None
    status: str | None = None  # None: it says nothing, so it is usable
    embargo: str | None = None  # "" where there is one without an end
    kind: str | None = None  # "text", "picture", "package", ...
    located: str | None = None
    urgency: int | None = None
    keywords: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: dict[str, Any]) -> "NewsItem":
        """An item from the JSON that it became."""
        return cls(**{**values, "keywords": tuple(values["keywords"])})


def item_records(reading: Reading, position: int, item: NewsItem, *, where: str) -> Iterator[Record]:
    """The article of an item, or the reject of scope record that stands for it; then what was set aside of it."""
    guid = without_secrets(clean_text(item.guid)).strip() or None if item.guid else None
    key = Key(None, _EVERYWHERE, guid) if guid else None
    known_by = key.hash if key else None

    def rejected(reason: Reason, message: str, **more: Any) -> Record:
        return reading.reject("record", reason, f"{where} {message}", position=position, where=where, key=known_by, **more)

    status = _status(item.status)
    held = _held(item.embargo, reading.defaults.fetched_at) if item.embargo is not None else None
    # Of what may not be used, no reject shows a word.
    if status in _CANCELLED:
        yield rejected("canceled", "is cancelled by its source: it must not be used", article=key.article if key else None)
    elif status == "withheld":
        yield rejected("withheld", "is withheld by its source until further notice")
    elif status != _USABLE:
        yield rejected("withheld", f"has a publishing status that is none of usable, withheld and canceled: {status[:40]!r}")
    elif held:
        yield rejected("embargoed", held.why, retryable=held.ends)
    elif not item.text.strip() and item.kind not in (None, "text"):
        yield rejected("not_text", f"is a {item.kind[:60]}, not a text", payload=item.title)
    else:
        yield from _article_records(reading, position, item, key, where)


def _article_records(reading: Reading, position: int, item: NewsItem, key: Key | None, where: str) -> Iterator[Record]:
    wrong: list[str] = []
    created, changed = (_moment(value, wrong) for value in (item.first_created, item.version_created))
    embargo = moment_of_iso(item.embargo) if item.embargo else None
    published = created or changed
    if published and embargo and embargo.at > published.at:
        published = embargo  # it was written for the day on which it might be used
    given = Given(
        text=item.text or item.title or "",  # an alert is but its headline
        input_format=item.input_format,
        title=item.title,
        url=item.url,
        outlet=reading.source.outlet or item.outlet,
        byline=item.byline,
        guid=key.guid if key else None,
        language=item.language,
        published=published,
        origin="metadata",
        updated=changed,
        item_version=item.version,
        written_in=item.located,
        urgency=item.urgency,
        keywords=item.keywords,
    )
    yield from records_of(reading, position, given, where=where, key=key)
    for value in wrong:
        message = f"{where}: its date is no ISO 8601: {value[:60]!r}; it was left out"
        yield reading.reject("part", "bad_date", message, position=position, where=where, key=key.hash if key else None, payload=value)


def _status(given: str | None) -> str:
    code = _CODE.search(given.strip()) if given else None
    return code[0].lower() if code and code[0] else _USABLE


@dataclass(frozen=True, slots=True)
class _Held:
    """Why an item may not be used now, and whether that ends by itself."""

    why: str
    ends: bool = False


def _held(embargo: str, now: dt.datetime) -> _Held | None:
    """What an embargo means now; None where it has ended."""
    if not embargo.strip():
        return _Held("is under an embargo without an end: it waits for a version without one")
    moment = moment_of_iso(embargo)
    if moment is None:
        return _Held(f"is under an embargo whose end cannot be read: {embargo[:60]!r}")
    end = moment.at + (dt.timedelta() if _has_zone(embargo) else _FURTHEST_WEST)
    why = f"is under an embargo until {end:%Y-%m-%d %H:%M} UTC: it is read when that has passed"
    return _Held(why, ends=True) if end > now else None


def _has_zone(time: str) -> bool:
    return re.search(r"[T ].*(?:Z|[+-]\d{2}:?(?:\d{2})?)\s*\Z", time, re.IGNORECASE) is not None


def _moment(given: str | None, wrong: list[str]) -> Moment | None:
    if not given or not given.strip():
        return None
    moment = moment_of_iso(given)
    if moment is None:
        wrong.append(given)
    return moment
