"""Reading: from a source to its articles, and to a reject for each thing that became none.

Each record of a source yields exactly one Article or one Reject of scope record. Nothing here raises on what a
file holds; `sources_in` alone raises, on arguments that name nothing.
"""

from collections.abc import Callable, Container, Iterator
from typing import Final

from transforms.read.advice import advice_on
from transforms.read.agency import agency_records
from transforms.read.archive import archive_records
from transforms.read.arrow_file import arrow_records
from transforms.read.content import DamageError, head_of
from transforms.read.csv_file import csv_records
from transforms.read.feed import feed_records
from transforms.read.format import format_of, format_of_name
from transforms.read.html import html_records
from transforms.read.json_file import json_records
from transforms.read.jsonl import jsonl_records
from transforms.read.messages import message_records
from transforms.read.record import Defaults as Defaults
from transforms.read.record import Reading
from transforms.read.record import Record as Record
from transforms.read.source import NothingMatchedError as NothingMatchedError
from transforms.read.source import Origin as Origin
from transforms.read.source import Source as Source
from transforms.read.source import SourceError as SourceError
from transforms.read.source import Sources as Sources
from transforms.read.source import sources_in as sources_in
from transforms.read.text_file import text_file_records
from transforms.read.warc import warc_records


def _archive_records(reading: Reading) -> Iterator[Record]:
    return archive_records(reading, records_in)


def _message_records(reading: Reading) -> Iterator[Record]:
    return message_records(reading, records_in)


READERS: Final[dict[str, Callable[[Reading], Iterator[Record]]]] = {
    "arrow": arrow_records,
    "csv": csv_records,
    "feed": feed_records,
    "html": html_records,
    "json": json_records,
    "jsonfeed": feed_records,
    "jsonl": jsonl_records,
    "messages": _message_records,
    "newsml": agency_records,
    "nitf": agency_records,
    "parquet": arrow_records,
    "sitemap": feed_records,
    "tar": _archive_records,
    "txt": text_file_records,
    "warc": warc_records,
    "zip": _archive_records,
}


def records_in(source: Source, *, defaults: Defaults, positions: Container[int] | None = None) -> Iterator[Record]:
    """Yield the records of a source in order; with `positions` only those, the others being skipped unread.

    A file without a byte in it has no records and is no error. Positions count from 1: the line of a .jsonl, the
    entry of a feed, the record of a WARC file, 1 for a .txt or a page. At 0 stands what concerns the source as a
    whole. The language of an article is set only where the source gives it; its signature never.
    """
    reading = Reading(source, defaults, positions)
    if source.origin and source.origin.trouble:
        yield from reading.wanted([reading.reject("source", "unreadable", source.origin.trouble, retryable=source.origin.is_file)])
        return
    try:
        head = head_of(source.path)
    except DamageError as damage:
        if damage.member is not None and format_of_name(source.path) == "warc":
            yield from reading.wanted(warc_records(reading))  # other members of it may be whole
        else:
            yield from reading.wanted([reading.reject("source", damage.reason, damage.message, retryable=damage.retryable)])
        return
    if not head:
        return
    kind = source.format or format_of(source.path, head)
    reader = READERS.get(kind)
    if reader is None:
        message = f"holds {kind}, which cannot be read: {advice_on(kind)}"
        yield from reading.wanted([reading.reject("source", "unsupported", message)])
        return
    yield from reading.wanted(reader(reading))
