"""Reading: from a source to its articles, and to a reject for each thing that became none.

Each record of a source yields exactly one Article or one Reject of scope record. Nothing here raises on what a
file holds; `sources_in` alone raises, on arguments that name nothing.
"""

import functools
import importlib
from collections.abc import Callable, Container, Iterator
from typing import Final

from transforms.read.advice import advice_on
from transforms.read.content import head_of
from transforms.read.damage import DamageError
from transforms.read.format import format_of, format_of_name
from transforms.read.record import Defaults as Defaults
from transforms.read.record import Reading
from transforms.read.record import Record as Record
from transforms.read.source import NothingMatchedError as NothingMatchedError
from transforms.read.source import Origin as Origin
from transforms.read.source import Source as Source
from transforms.read.source import SourceError as SourceError
from transforms.read.source import Sources as Sources
from transforms.read.source import sources_in as sources_in

# What reads each format, as module and function; loaded with the first file of its kind.
READERS: Final = {
    "arrow": "arrow_file:arrow_records",
    "csv": "csv_file:csv_records",
    "feed": "feed:feed_records",
    "html": "html:html_records",
    "json": "json_file:json_records",
    "jsonfeed": "feed:feed_records",
    "jsonl": "jsonl:jsonl_records",
    "messages": "messages:message_records",
    "newsml": "agency:agency_records",
    "nitf": "agency:agency_records",
    "parquet": "arrow_file:arrow_records",
    "sitemap": "feed:feed_records",
    "tar": "archive:archive_records",
    "txt": "text_file:text_file_records",
    "warc": "warc:warc_records",
    "zip": "archive:archive_records",
}
_HOLD_FILES: Final = ("messages", "tar", "zip")  # whose readers are given what reads a file


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
            yield from reading.wanted(_reader_of("warc")(reading))  # other members of it may be whole
        else:
            yield from reading.wanted([reading.reject("source", damage.reason, damage.message, retryable=damage.retryable)])
        return
    if not head:
        return
    kind = source.format or format_of(source.path, head)
    if kind not in READERS:
        message = f"holds {kind}, which cannot be read: {advice_on(kind)}"
        yield from reading.wanted([reading.reject("source", "unsupported", message)])
        return
    yield from reading.wanted(_reader_of(kind)(reading))


@functools.cache
def _reader_of(kind: str) -> Callable[[Reading], Iterator[Record]]:
    module, name = READERS[kind].split(":")
    reader: Callable[..., Iterator[Record]] = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    return functools.partial(reader, read_file=records_in) if kind in _HOLD_FILES else reader
