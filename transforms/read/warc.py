"""WARC files: an article a page.

Pages are what a `response` of status 200 or a `resource` holds as HTML. Whatever else an archive has (requests,
metadata, revisits, redirects, images, name look-ups) is no record of ours, and is counted nowhere.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from transforms.read.apart import ParsingError
from transforms.read.format import HEAD_SIZE, PAGE_TYPES, format_of_head, media_type
from transforms.read.html import page_records
from transforms.read.http_message import EncodingError, Response
from transforms.read.record import Reading, Record
from transforms.read.warc_digest import Digest
from transforms.read.warc_frames import LARGEST_BLOCK, Frame, frames_in
from transforms.read.web_page import LARGEST_PAGE, page_of

_OK: Final = 200
_END_OF_HEAD: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class _Archived:
    """A page in the archive: how it was sent, and under which address and type."""

    address: str
    content_type: str
    message: Response | None  # None where the record holds the page itself
    sent: bytes

    def body(self) -> bytes:
        return self.message.body(LARGEST_PAGE) if self.message else self.sent


def warc_records(reading: Reading) -> Iterator[Record]:
    """The pages of an archive. Damage is told in rejects of scope part, and the records after it are read."""
    for found in frames_in(reading.source.path):
        if isinstance(found, Frame):
            yield from _records_of_frame(reading, found)
        else:
            where = f"byte {found.offset}"
            yield reading.reject("part", found.reason, found.message, where=where, retryable=found.retryable)


def _records_of_frame(reading: Reading, frame: Frame) -> Iterator[Record]:
    where = f"record {frame.number}"
    if _is_altered(frame):
        message = f"{where} is not what was archived: its digest differs"
        yield reading.reject("part", "corrupt", message, position=frame.number, where=f"{where}, digest")
    if not reading.wants(frame.number):
        return
    archived = _page_in(frame)
    if archived is None:
        return
    if frame.missing:
        message = f"{where} lacks {frame.missing:,} bytes: its page was not read"
        yield reading.reject("record", "truncated", message, position=frame.number, where=where, payload=archived.address)
    elif frame.size > LARGEST_BLOCK:
        message = f"{where} has {frame.size:,} bytes: its page was not read"
        yield reading.reject("record", "too_large", message, position=frame.number, where=where, payload=archived.address)
    else:
        yield from _records_of_page(reading, frame, archived, where)


def _records_of_page(reading: Reading, frame: Frame, archived: _Archived, where: str) -> Iterator[Record]:
    try:
        page = page_of(
            archived.body(),
            fetched_at=_archived_at(frame, reading.defaults.fetched_at),
            address=archived.address or None,
            content_type=archived.content_type,
        )
    except (ParsingError, EncodingError) as error:
        message = f"{where} {error.message}"
        yield reading.reject("record", error.reason, message, position=frame.number, where=where, payload=archived.address)
        return
    guid = frame.fields.get("warc-record-id", "").strip("<> ") or None
    yield from page_records(reading, frame.number, page, input_format="warc", guid=guid, where=where)
    if cause := frame.fields.get("warc-truncated"):
        message = f"{where} was cut short when it was archived ({cause[:20]})"
        yield reading.reject("part", "short", message, position=frame.number, where=f"{where}, cut")


def _is_altered(frame: Frame) -> bool:
    """Whether a digest differs, of the record's content or of the page in it.

    Writers take the latter before or after the encodings of HTTP, and a revisit gives that of the page it stands for.
    """
    if frame.missing:
        return False
    if frame.digest and frame.digest.differs:
        return True
    written = frame.fields.get("warc-payload-digest", "")
    if frame.size > LARGEST_BLOCK or frame.fields.get("warc-type", "").strip().lower() == "revisit":
        return False
    for payload in _payloads(frame.block):
        digest = Digest.of(written, payload)
        if digest is None or not digest.differs:
            return False
    return True


def _payloads(block: bytes) -> Iterator[bytes]:
    """What may be meant by the payload of a record."""
    yield block
    if (at := block.find(_END_OF_HEAD)) >= 0:
        yield block[at + len(_END_OF_HEAD) :]
    if message := Response.of(block):
        with contextlib.suppress(EncodingError):
            yield message.unchunked()
            yield message.body(LARGEST_PAGE)


def _page_in(frame: Frame) -> _Archived | None:
    """The page that the record holds, or None where it holds none."""
    address = frame.fields.get("warc-target-uri", "").strip("<> ")
    kind = frame.fields.get("warc-type", "").strip().lower()
    if kind == "resource":
        content_type = frame.fields.get("content-type", "")
        return _Archived(address, content_type, None, frame.block) if _is_page(content_type, frame.block) else None
    message = Response.of(frame.block) if kind == "response" else None
    if message is None or message.status != _OK:
        return None
    content_type = message.fields.get("content-type", "")
    return _Archived(address, content_type, message, message.sent) if _is_page(content_type, message.sent) else None


def _is_page(content_type: str, sent: bytes) -> bool:
    """Whether it is announced as HTML; where nothing is announced, whether it looks like it."""
    kind = media_type(content_type)
    return kind in PAGE_TYPES if kind else format_of_head(sent[:HEAD_SIZE]) == "html"


def _archived_at(frame: Frame, read_at: dt.datetime) -> dt.datetime:
    """When the page was archived: it cannot have been published later."""
    try:
        written = dt.datetime.fromisoformat(frame.fields.get("warc-date", ""))
    except ValueError:
        return read_at
    return min(read_at, written if written.tzinfo else written.replace(tzinfo=dt.UTC))
