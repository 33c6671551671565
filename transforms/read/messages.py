"""Messages of a topic, taken from their broker into a file: each is an article as a line of JSON would be one, an item of an agency, or an entry
of a feed, told by its content.

A message is known by the id of its topic, its partition and its offset: a topic that was made anew counts its offsets anew, under another id.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyarrow as pa

from schemas.article import Article
from schemas.ids import article_id, digest
from schemas.reject import Reject
from transforms.read.column_names import names_by_field
from transforms.read.fields import FieldError, object_in
from transforms.read.format import Format, format_of_head
from transforms.read.jsonl import LONGEST_LINE, object_records
from transforms.read.record import MEMBER, Reading, Record
from transforms.read.record_columns import shown
from transforms.read.source import Origin, Source

FORMAT: Final[Format] = "messages"
BATCH: Final = 500  # messages, or
LARGEST_BATCH: Final = 8 << 20  # bytes, that are held at once

_SCHEMA: Final = pa.schema([("partition", pa.int32()), ("offset", pa.int64()), ("value", pa.binary())])
_PLACE: Final = re.compile(r"partition (\d{1,10}), offset (\d{1,19})(?:,|\Z)")
_OF_MESSAGE: Final = 24  # hex digits of a reject's key that tell its message; the others tell which record of it
_REGISTRY: Final = 5  # bytes that a schema registry's clients put before each message: a zero, and the number of its schema
_ENTRY: Final = re.compile(rb"(?P<head>\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*)<(?:[\w.-]+:)?(?P<kind>item|entry)(?=[\s>/])", re.DOTALL)
_ITEM_AROUND: Final = (
    b'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    b'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>',
    b"</channel></rss>",
)
_ENTRY_AROUND: Final = (b'<feed xmlns="http://www.w3.org/2005/Atom">', b"</feed>")
_JSON_ITEM_AROUND: Final = (b'{"version":"https://jsonfeed.org/version/1.1","items":[', b"]}")
_JSON_CONTENT: Final = ("content_html", "content_text")  # what an entry of a JSON Feed has, and a record of ours has not
_OF_FEEDS: Final = ("rss", "atom", "jsonfeed", "sitemap")
_XML: Final[tuple[Format, ...]] = ("feed", "sitemap", "newsml", "nitf")

ReadFile = Callable[..., Iterator[Record]]


@dataclass(frozen=True, slots=True)
class Message:
    """One message that has a value."""

    partition: int
    offset: int
    value: bytes

    @property
    def place(self) -> str:
        """Where it stands in its topic, as rejects say it."""
        return f"partition {self.partition}, offset {self.offset}"


def message_at(place: str | None) -> tuple[int, int] | None:
    """The partition and offset of a reject's position (see `Message.place`); None where it names none."""
    found = _PLACE.match(place or "")
    return (int(found[1]), int(found[2])) if found else None


def key_of_message(topic_id: str, partition: int, offset: int) -> str:
    """What the `record_key` of each reject of a message begins with."""
    return digest("message", topic_id, partition, offset)[:_OF_MESSAGE]


class MessageFile:
    """Writes messages of one topic into a file that `message_records` reads. Raises OSError where it cannot be written."""

    def __init__(self, path: Path, *, topic: str, topic_id: str) -> None:
        self._sink = pa.OSFile(str(path), "wb")
        self._writer = pa.ipc.new_file(self._sink, _SCHEMA.with_metadata({"topic": topic, "topic_id": topic_id}))
        self._held: list[Message] = []
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._write()
        self._writer.close()
        self._sink.close()

    def add(self, message: Message) -> None:
        """Write a message behind those that were."""
        self._held.append(message)
        self._size += len(message.value)
        if len(self._held) >= BATCH or self._size >= LARGEST_BATCH:
            self._write()

    def _write(self) -> None:
        if self._held:
            columns = [[getattr(message, name) for message in self._held] for name in _SCHEMA.names]
            self._writer.write_batch(pa.record_batch([pa.array(c, f.type) for c, f in zip(columns, _SCHEMA, strict=True)], schema=_SCHEMA))
        self._held, self._size = [], 0


def message_records(reading: Reading, read_file: ReadFile) -> Iterator[Record]:
    """The records of a file of messages; `read_file` reads a source. `position` counts those of each message on from the number of the message.

    Whatever is wrong with a message concerns that record alone.
    """
    wanted = {position // MEMBER for position in reading.positions} if isinstance(reading.positions, frozenset) else None
    with pa.memory_map(reading.source.path) as mapped, tempfile.TemporaryDirectory(prefix="factwire-") as folder:
        file = pa.ipc.open_file(mapped)
        topic = _Topic(reading, read_file, file.schema.metadata, Path(folder))
        number = 0
        for at in range(file.num_record_batches):
            batch = file.get_batch(at)
            for row in range(batch.num_rows):
                number += 1
                if wanted is None or number in wanted:
                    yield from topic.records(number, Message(*(batch[name][row].as_py() for name in _SCHEMA.names)))


class _Topic:
    """The messages of one topic as they are read. What can only be read from a file is put into `folder`."""

    def __init__(self, reading: Reading, read_file: ReadFile, told: dict[bytes, bytes], folder: Path) -> None:
        self._reading, self._read_file, self._folder = reading, read_file, folder
        self._name, self._id = told[b"topic"].decode(), told[b"topic_id"].decode()

    def records(self, number: int, message: Message) -> Iterator[Record]:
        """The records of one message, the `number`th of its file."""
        found = [self._told(message, record) for record in self._read(message)]
        if found and not any(isinstance(record.item, Article) or record.item.scope == "record" for record in found):
            last = found.pop()  # nothing of it could be read, so that stands for it
            assert isinstance(last.item, Reject)
            found.append(Record(last.position, replace(last.item, scope="record")))
        yield from (Record(number * MEMBER + record.position, record.item) for record in found)

    def _read(self, message: Message) -> Iterator[Record]:
        data = message.value
        if data[:1] == b"\0" and data[_REGISTRY : _REGISTRY + 1] == b"{":
            data = data[_REGISTRY:]
        begin = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        within = Reading(self._source(message), self._reading.defaults)
        if not begin:
            return
        if len(data) > LONGEST_LINE:
            told = f"is longer than {LONGEST_LINE >> 20} MiB: split the article"
            yield within.reject("record", "too_large", told, position=1, payload=shown(data))
        elif begin == b"{":
            around = self._around_json(data)
            if around is None:
                yield from object_records(within, 1, data, where=message.place, input_format="jsonl")
            else:
                yield from self._from_file(message, "jsonfeed", around[0] + data + around[1])
        elif begin == b"[":
            yield from self._from_file(message, "json", data)
        elif begin == b"<":
            yield from self._from_xml(message, data)
        else:
            yield within.reject("record", "unsupported", _advice(data), position=1, payload=shown(data))

    def _around_json(self, data: bytes) -> tuple[bytes, bytes] | None:
        """What goes around an object to make a JSON Feed of it: nothing where it is one, None where it is a record or an item of ninjs."""
        if format_of_head(data) == "jsonfeed":
            return b"", b""
        if not any(name.encode() in data for name in _JSON_CONTENT):
            return None
        try:
            names = tuple(object_in(data.decode("utf-8-sig")))
        except (FieldError, UnicodeDecodeError):
            return None  # reading it says what is wrong
        is_entry = "text" not in names_by_field(self._reading.defaults.columns, names) and not {*_JSON_CONTENT}.isdisjoint(names)
        return _JSON_ITEM_AROUND if is_entry else None

    def _from_xml(self, message: Message, data: bytes) -> Iterator[Record]:
        entry = _ENTRY.match(data)
        if entry:
            before, after = _ITEM_AROUND if entry["kind"] == b"item" else _ENTRY_AROUND
            data = entry["head"] + before + data[len(entry["head"]) :] + after
        kind = format_of_head(data)
        yield from self._from_file(message, kind if kind in _XML else "feed", data)

    def _from_file(self, message: Message, kind: Format, data: bytes) -> Iterator[Record]:
        path = self._folder / "message"
        path.write_bytes(data)
        # An entry is known by its guid within the topic, as it is within a feed; what has none by where it stands.
        place = f"kafka/{self._name}" if kind in ("feed", "jsonfeed", "sitemap") else None
        source = self._source(message, place=place, path=path, kind=kind)
        for record in self._read_file(source, defaults=self._reading.defaults):
            item = record.item
            if isinstance(item, Article) and item.input_format in _OF_FEEDS and not item.guid and not item.canonical_url:
                yield Record(record.position, replace(item, article_id=self._id_of_place(message, record.position)))
            else:
                yield record

    def _source(self, message: Message, *, place: str | None = None, path: Path | None = None, kind: Format = "jsonl") -> Source:
        """The message as a source of its own: with the topic's address, and its own place in the topic."""
        origin = Origin(self._reading.source.uri, place or self._place(message))
        return Source(str(path or self._reading.source.path), str(self._folder), origin=origin, format=kind)

    def _place(self, message: Message) -> str:
        return f"kafka/{self._id}/{message.partition}/{message.offset}"

    def _id_of_place(self, message: Message, number: int) -> str:
        return article_id(relative_path=self._place(message), record_number=number)

    def _told(self, message: Message, record: Record) -> Record:
        """A record of a message as one of the topic's: what is wrong with it names partition and offset."""
        item = record.item
        if not isinstance(item, Reject):
            return record
        inner = item.position if item.position != message.place else None
        return Record(
            record.position,
            replace(
                item,
                scope="record" if item.scope == "source" else item.scope,
                position=f"{message.place}, {inner}" if inner else message.place,
                message=item.message if item.message.startswith(message.place) else f"{message.place}: {item.message}",
                record_key=key_of_message(self._id, message.partition, message.offset)
                + digest("in message", item.record_key or record.position)[_OF_MESSAGE:],
            ),
        )


def _advice(data: bytes) -> str:
    """What to do about a message that is of no kind that is read."""
    if data[:1] == b"\0":
        return "is of a schema registry, in Avro or Protobuf: let its producer, or a connector, write JSON"
    return "is neither JSON nor XML: a message is an article as a line of .jsonl is one, an item of ninjs, NewsML-G2 or NITF, or an entry of a feed"
