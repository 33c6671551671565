"""Feeds, RSS, Atom, JSON and sitemaps of news: an article an entry."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from schemas.ids import digest
from transforms.read.apart import ParsingError, parsed_apart
from transforms.read.content import all_of
from transforms.read.dates import EARLIEST, Moment, moment_of_feed
from transforms.read.feed_pages import page_texts
from transforms.read.feed_parse import Entry, Feed
from transforms.read.format import format_of_head
from transforms.read.given import Given, Key, records_of
from transforms.read.record import Reading, Record
from transforms.read.source import Source
from transforms.read.web_address import canonical_url

LARGEST_FEED: Final = 15 << 20  # bytes, inflated

_PARSER: Final = "transforms.read.feed_parse:parsed_feed"
_OTHER_PARSERS: Final = {
    "jsonfeed": "transforms.read.json_feed:parsed_json_feed",
    "sitemap": "transforms.read.sitemap:parsed_sitemap",
}


def feed_records(reading: Reading) -> Iterator[Record]:
    """The entries of a feed file. What is cut off or past the limits is told in rejects of scope part."""
    data, damage = all_of(reading.source.path, LARGEST_FEED)
    if damage and (damage.reason == "too_large" or not data):
        yield reading.reject("source", damage.reason, damage.message, retryable=damage.retryable)
        return
    if damage:
        yield reading.reject("part", damage.reason, damage.message, retryable=damage.retryable)
    try:
        feed = feed_of(data, reading.source)
    except ParsingError as error:
        yield reading.reject("source", error.reason, error.message)
        return
    if feed.refused:
        yield reading.reject("source", *feed.refused)
        return
    for reason, message in feed.notes:
        if not damage or reason != "truncated":
            yield reading.reject("part", reason, message)
    for number, reason, message, key in feed.bad:
        where = f"entry {number}"
        yield reading.reject("record", reason, f"{where} {message}", position=number, where=where, key=key)
    key_of = _keys(feed.entries, feed.feed_url or reading.source.relative_path)
    pages = page_texts(reading.source.pages)
    for entry in feed.entries:
        if reading.wants(entry.number):
            text = max(entry.text, pages.get(entry.number, ""), key=len)
            yield from _records_of_entry(reading, feed, entry, text, key_of(entry))


def feed_of(data: bytes, source: Source) -> Feed:
    """The feed that the bytes of a source are, read with what its server said of them if it was fetched. Raises ParsingError."""
    parser = _OTHER_PARSERS.get(format_of_head(data) or "", _PARSER)
    return Feed.of(parsed_apart(parser, data, address=source.address, content_type=source.content_type))


def _records_of_entry(reading: Reading, feed: Feed, entry: Entry, text: str, key: Key) -> Iterator[Record]:
    where = f"entry {entry.number}"
    fetched_at = reading.defaults.fetched_at
    published = moment_of_feed(entry.published, entry.published_parsed)
    updated = moment_of_feed(entry.updated, entry.updated_parsed)
    plausible = published if published and published.is_plausible(fetched_at) else None
    given = Given(
        # An entry that is only a headline states something too.
        text=text or entry.title or "",
        input_format=feed.input_format,
        title=entry.title,
        url=entry.link,
        outlet=entry.source or reading.source.outlet or feed.title,
        byline=entry.byline,
        published=plausible,
        origin="feed",
        updated=updated if updated and updated.is_plausible(fetched_at) else None,
        guid=entry.guid,
        feed_url=feed.feed_url,
        language=entry.language,
    )
    yield from records_of(reading, entry.number, given, where=where, key=key)
    if entry.published and not plausible:
        message = f"{where}: {_wrong(published)}: {entry.published[:60]!r}; the article has no date of its own"
        yield reading.reject("part", "bad_date", message, position=entry.number, where=where, key=key.hash)


def _wrong(implausible: Moment | None) -> str:
    if implausible is None:
        return "its date cannot be read"
    return "its date is before any feed" if implausible.at < EARLIEST else "its date lies in the future"


def _keys(entries: Sequence[Entry], feed: str) -> Callable[[Entry], Key]:
    """What tells the entries of one feed apart: the address; where several share one, the guid; else guid, address and title.

    The same entry given twice has one key, and is a repeat.
    """
    of_address: dict[str | None, set[tuple[str | None, str | None]]] = defaultdict(set)
    of_guid: dict[str | None, set[tuple[str | None, str | None]]] = defaultdict(set)
    for entry in entries:
        of_address[canonical_url(entry.link)].add((entry.guid, entry.title))
        of_guid[entry.guid].add((entry.link, entry.title))

    def key_of(entry: Entry) -> Key:
        address = canonical_url(entry.link)
        if address and len(of_address[address]) == 1:
            return Key(address, feed, entry.guid)
        if entry.guid and len(of_guid[entry.guid]) == 1:
            return Key(None, feed, entry.guid)
        return Key(None, feed, digest(entry.guid or "", address or "", entry.title or entry.published or ""))

    return key_of
