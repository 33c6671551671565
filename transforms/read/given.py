"""From what a source says of an article to its row (articles.published_origin), or to the reject that stands for it."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemas.article import Article, InputFormat, PublishedOrigin
from schemas.ids import article_id, digest, text_sha256
from transforms.read.clean import clean_text, one_line, without_secrets
from transforms.read.dates import Moment
from transforms.read.record import Reading, Record
from transforms.read.web_address import canonical_url

LONGEST_TEXT: Final = 5_000_000  # characters
LONGEST_TITLE: Final = 1_000  # characters

_LANGUAGE_TAG: Final = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*", re.IGNORECASE)
_BROKEN_LINE: Final = re.compile(r"[ \t]*\n\s*")
_LINE_END: Final = re.compile(r"[ \t]*(?:\n\s*|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a source says of one article, as it says it. `origin` tells where `published` stood."""

    text: str
    input_format: InputFormat
    title: str | None = None
    body_start: int = 0
    url: str | None = None
    outlet: str | None = None
    byline: str | None = None
    published: Moment | None = None
    origin: PublishedOrigin = "none"
    updated: Moment | None = None
    guid: str | None = None
    feed_url: str | None = None
    language: str | None = None
    item_version: str | None = None
    written_in: str | None = None
    urgency: int | None = None
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """What an entry of a feed is known by, see `schemas.ids`: its address, or else the guid within the feed."""

    url: str | None
    feed: str
    guid: str | None

    @property
    def hash(self) -> str:
        """The same for a reject."""
        return digest("url", self.url) if self.url else digest("guid", self.guid or "")

    @property
    def article(self) -> str:
        """The id of the article."""
        return article_id(canonical_url=self.url, feed_url=self.feed, guid=self.guid)


def records_of(reading: Reading, position: int, given: Given, *, where: str | None = None, key: Key | None = None) -> Iterator[Record]:
    """The article, or the reject of scope record that stands for it; then what was set aside of it.

    A separate title goes before the text, with a blank line between, unless the text begins with it already.
    """
    text, known_by = clean_text(given.text), key.hash if key else None
    if not text.strip():
        yield reading.reject("record", "empty_text", "has no text", position=position, where=where, key=known_by, payload=given.title)
        return
    full_title = title_line(given.title)
    title = full_title[:LONGEST_TITLE].rstrip() if full_title else None
    text, body_start = (text, given.body_start) if given.body_start or not title else with_title(text, title)
    if len(text) > LONGEST_TEXT:
        message = f"has {len(text):,} characters, more than the {LONGEST_TEXT:,} that an article may have: split it"
        yield reading.reject("record", "too_long", message, position=position, where=where, key=known_by, payload=text)
        return
    yield Record(position, _article(reading, position, given, title, text, body_start, key))
    if full_title and len(full_title) > LONGEST_TITLE:
        message = f"the title is longer than {LONGEST_TITLE:,} characters: it was cut there"
        yield reading.reject("part", "too_long", message, position=position, where=where, key=known_by, payload=full_title)


def title_line(given: str | None) -> str | None:
    """The title on one line, but otherwise as given: the text may begin with it."""
    if not given:
        return None
    # Cut first: a title as long as a book would only cost time.
    return _BROKEN_LINE.sub(" ", clean_text(given[: LONGEST_TITLE * 2]).strip()) or None


def with_title(text: str, title: str) -> tuple[str, int]:
    """The text with its title at the head, and where the body begins.

    A text that only goes on from the same words ("Apple" and "Apple said ...") does not begin with its title: the
    title must have its line to itself.
    """
    lead = len(text) - len(text.lstrip())
    if text.startswith(title, lead) and (end := _LINE_END.match(text, lead + len(title))):
        return text, end.end()
    return f"{title}\n\n{text}", len(title) + 2


def _article(reading: Reading, position: int, given: Given, title: str | None, text: str, body_start: int, key: Key | None) -> Article:
    url = canonical_url(given.url)
    outlet, feed_url = one_line(given.outlet), canonical_url(given.feed_url)
    guid = without_secrets(clean_text(given.guid)).strip() or None if given.guid else None
    published, origin = _published(reading, given)
    return Article(
        article_id=article_id(
            canonical_url=key.url if key else url,
            feed_url=key.feed if key else None,
            guid=key.guid if key else None,
            outlet=outlet,
            record_id=guid,
            relative_path=reading.source.relative_path,
            record_number=position,
        ),
        guid=guid,
        source_uri=reading.source.uri,
        canonical_url=url,
        feed_url=feed_url,
        input_format=given.input_format,
        outlet=outlet,
        title=title,
        byline=one_line(given.byline),
        published_at=published.at if published else None,
        published_local_date=published.local_date if published else None,
        published_precision=published.precision if published else None,
        published_origin=origin,
        updated_at=given.updated.at if given.updated else None,
        fetched_at=reading.defaults.fetched_at,
        language=_language(given.language),
        language_confidence=None,
        item_version=one_line(given.item_version),
        written_in=one_line(given.written_in),
        urgency=given.urgency,
        keywords=tuple(word for each in given.keywords if (word := one_line(each))),
        text=text,
        text_sha256=text_sha256(text),
        body_start=body_start,
        words_sha256=None,
        signature=None,
    )


def _language(given: str | None) -> str | None:
    """The ISO 639-1 code of a language tag ("en-GB"); what is none is left for detection."""
    tag = _LANGUAGE_TAG.fullmatch(given.strip()) if given else None
    return tag[1].lower() if tag else None


def _published(reading: Reading, given: Given) -> tuple[Moment | None, PublishedOrigin]:
    if given.published:
        return given.published, given.origin
    default: dt.date | None = reading.defaults.published_at
    return (Moment.of_day(default), "option") if default else (None, "none")
