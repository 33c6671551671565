"""One target of the fuzzer: a reader, given whatever bytes atheris makes of its seeds.

    python -m tests.fuzz.target NAME [LIBFUZZER'S OPTIONS] FOLDER

What other people's parsers raise is expected: they run apart, and it becomes a reject. What our own code raises, an article
that the tables could not hold, and a record that is counted twice are findings.
"""

import importlib
import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import atheris

with atheris.instrument_imports(include=["transforms", "pipeline.fetch", "feedparser"]):
    from pipeline.fetch.opml import feeds_in
    from schemas.arrow import complaints
    from schemas.article import Article
    from tests.reading import FETCHED
    from transforms.read import Defaults, Source, agency, feed, records_in, web_page
    from transforms.read.agency_parse import parsed_items as _parsed_items
    from transforms.read.apart import ParsingError
    from transforms.read.feed_parse import parsed_feed as _parsed_feed
    from transforms.read.format import Format
    from transforms.read.json_feed import parsed_json_feed as _parsed_json_feed
    from transforms.read.messages import FORMAT, Message, MessageFile
    from transforms.read.page_parse import parsed_page as _parsed_page
    from transforms.read.record import MEMBER
    from transforms.read.sitemap import parsed_sitemap as _parsed_sitemap

ROOT = Path(__file__).parent.parent.parent
OURS = tuple(str(ROOT / folder) for folder in ("transforms", "pipeline", "schemas"))
FILES = {
    **{"feed": "a.rss", "jsonfeed": "a.json", "html": "a.html", "jsonl": "a.jsonl", "warc": "a.warc"},
    **{
        "json": "a.json",
        "csv": "a.csv",
        "newsml": "a.xml",
        "nitf": "a.nitf",
        "sitemap": "a.xml",
        "zip": "a.zip",
        "tar": "a.tar",
        "arrow": "a.arrow",
    },
}
PREFIXES = {
    **{"jsonfeed": b'{"version": "https://jsonfeed.org/version/1.1", ', "warc": b"WARC/1."},
    **{"zip": b"PK", "arrow": b"ARROW1"},
}
AS: dict[str, Format] = {"newsml": "newsml", "nitf": "nitf", "json": "json"}  # whatever its first bytes are
PARSERS: dict[str, Callable[..., Any]] = {
    "parsed_feed": _parsed_feed,
    "parsed_items": _parsed_items,
    "parsed_sitemap": _parsed_sitemap,
    "parsed_json_feed": _parsed_json_feed,
    "parsed_page": _parsed_page,
}


def parsed_here(parser: str, data: bytes, **options: Any) -> Any:
    """As `parsed_apart`, but in this process, where the fuzzer sees what it does; raises what our own code raises."""
    try:
        return json.loads(json.dumps(PARSERS[parser.partition(":")[2]](data, **options)))
    except Exception as error:
        if ours(error):
            raise
        raise ParsingError("corrupt", f"cannot be parsed: {error}") from None


def ours(error: BaseException) -> bool:
    """Whether the code that raised it is ours."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].filename.startswith(OURS)


def read_as(name: str, folder: str) -> Callable[[bytes], None]:
    """A target that reads its bytes as a file of that name."""
    path = Path(folder) / FILES[name]
    source = Source(str(path), folder, format=AS.get(name))
    prefix = PREFIXES.get(name, b"")

    def target(data: bytes) -> None:
        path.write_bytes(data if data.startswith(prefix) else prefix + data)
        check(source)

    return target


def read_as_message(folder: str) -> Callable[[bytes], None]:
    """A target that reads its bytes as a message of a topic, with a good one behind it: that is read whatever the first is."""
    path = Path(folder) / "a.messages"
    source = Source(str(path), folder, format=FORMAT)

    def target(data: bytes) -> None:
        with MessageFile(path, topic="wire", topic_id="id") as file:
            file.add(Message(0, 0, data))
            file.add(Message(0, 1, b'{"text": "The last."}'))
        check(source)

    return target


def check(source: Source) -> None:
    """Read a source, and look whether all that came of it holds."""
    counted: set[int] = set()
    for record in records_in(source, defaults=Defaults(FETCHED)):
        wrong = complaints(record.item)
        assert not wrong, wrong
        if isinstance(record.item, Article) or record.item.scope == "record":
            assert record.position not in counted, f"record {record.position} is counted twice"
            counted.add(record.position)
    if source.format == FORMAT:
        assert max(counted) == 2 * MEMBER + 1, "the message behind it was lost"


def read_opml(data: bytes) -> None:
    told = feeds_in(data)
    assert isinstance(json.loads(json.dumps(told))["addresses"], list)


def main() -> None:
    name = sys.argv.pop(1)
    for module in (agency, feed, web_page):
        importlib.import_module(module.__name__).parsed_apart = parsed_here  # type: ignore[attr-defined]
    with TemporaryDirectory() as folder:
        read = {"opml": read_opml, "messages": read_as_message(folder)}.get(name) or read_as(name, folder)
        atheris.Setup(sys.argv, read)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
