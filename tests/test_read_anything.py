"""Whatever the bytes: reading raises nothing, loses nothing, and gives only what the tables can hold."""

import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.arrow import complaints, to_table
from schemas.article import Article
from schemas.ids import text_sha256
from schemas.reject import Reject
from tests.reading import read
from transforms.read import Record
from transforms.read.dates import moment_of_feed, moment_of_iso
from transforms.read.markup import plain_text

KINDS = [
    "a.txt",
    "a.jsonl",
    "a.rss",
    "a",
    "a.txt.gz",
    "a.html",
    "a.warc",
    "a.json",
    "a.csv",
    "a.tsv",
    "a.parquet",
    "a.arrow",
    "a.nitf",
    "a.zip",
    "a.tar",
    "a.xz",
]
PAGE = (
    b'<html><head><title>T</title><script type=\'application/ld+json\'>{"@type": "Article"}</script></head><body><p>A. B.</p></body></html>'
)
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
WARC = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(HTTP), HTTP)
JSON_FEED = (
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_html": "<p>a</p>"}, {"id": 2, "content_text": "b"}]}'
)
FEED = b"<rss version='2.0'><channel><title>T</title><item><title>A</title><description>&lt;p&gt;B&lt;/p&gt;</description></item></channel></rss>"


def checked(records: list[Record]) -> list[Record]:
    for record in records:
        assert record.position >= 0
        if isinstance(record.item, Article):
            text = record.item.text
            assert text is not None and text.strip() and record.item.text_sha256 == text_sha256(text)
            assert 0 <= record.item.body_start <= len(text)
            assert "\r" not in text and "\0" not in text
        else:
            assert record.item.message and (record.item.scope != "record" or record.position > 0)
        assert complaints(record.item) == []
        to_table(type(record.item), [record.item])
    assert len(counted(records)) == len(set(counted(records)))
    return records


def counted(records: list[Record]) -> list[int]:
    """The positions that the account counts: an article or a reject of scope record each."""
    return [r.position for r in records if isinstance(r.item, Article) or r.item.scope == "record"]


def read_bytes(name: str, content: bytes) -> list[Record]:
    with TemporaryDirectory() as folder:
        return checked(read(Path(folder, name), content))


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=60)
@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass"))))
def test_arbitrary_bytes(name: str, content: bytes) -> None:
    read_bytes(name, content)


CONTENTS = {
    "feed": (FEED, ["a.rss", "a.jsonl"]),
    "gzip": (gzip.compress(FEED, mtime=0), ["a.rss", "a.jsonl"]),
    "lines": (b'{"text": "a", "title": "b"}\n' * 3, ["a.rss", "a.jsonl"]),
    "page": (PAGE, ["a.html", "a"]),
    "warc": (WARC * 3, ["a.warc", "a"]),
    "json feed": (JSON_FEED, ["a.json", "a"]),
}


@pytest.mark.parametrize(
    ("kind", "name", "texts"),
    [
        ("feed", "a.rss", ["A\n\nB"]),
        ("gzip", "a.rss", ["A\n\nB"]),
        ("lines", "a.jsonl", ["b\n\na"] * 3),
        ("page", "a.html", ["T\n\nA. B."]),
        ("warc", "a.warc", ["T\n\nA. B."] * 3),
        ("json feed", "a.json", ["a", "b"]),
    ],
)
def test_undamaged_bytes_are_articles(kind: str, name: str, texts: list[str]) -> None:
    """Else what is damaged below would be nothing to begin with."""
    found = [record.item for record in read_bytes(name, CONTENTS[kind][0])]
    assert [item.text for item in found if isinstance(item, Article)] == texts


@pytest.mark.parametrize(("content", "names"), CONTENTS.values(), ids=CONTENTS)
@settings(max_examples=60)
@given(data=st.data())
def test_damaged_bytes(content: bytes, names: list[str], data: st.DataObject) -> None:
    damaged = bytearray(content[: data.draw(st.integers(0, len(content)))])
    for place in data.draw(st.lists(st.integers(0, max(0, len(damaged) - 1)), max_size=5)):
        if damaged:
            damaged[place] = data.draw(st.integers(0, 255))
    read_bytes(data.draw(st.sampled_from(names)), bytes(damaged))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda v: st.lists(v) | st.dictionaries(st.text(), v),
    max_leaves=6,
)
FIELDS = st.sampled_from(["text", "title", "id", "url", "outlet", "byline", "published_at", "language"])


@settings(max_examples=100)
@given(records=st.lists(st.dictionaries(FIELDS, JSON | st.text(min_size=1)) | JSON, max_size=6))
def test_each_line_is_one_article_or_one_reject(records: list[object]) -> None:
    content = b"".join(json.dumps(record).encode() + b"\n" for record in records)
    found = read_bytes("a.jsonl", content)
    assert counted(found) == list(range(1, len(records) + 1))


@settings(max_examples=100)
@given(text=st.text(min_size=1, max_size=300).filter(str.strip))
def test_a_text_comes_through_json_lines_unchanged(text: str) -> None:
    (record,) = read_bytes("a.jsonl", json.dumps({"text": text}).encode())
    cleaned = "".join(
        c
        for c in text.replace("\r\n", "\n").replace("\r", "\n")
        if c in "\n\t" or not (c < " " or "\x7f" <= c <= "\x9f" or c in "\ufffe\uffff")
    )
    if cleaned.strip():
        assert isinstance(record.item, Article) and record.item.text == cleaned
    else:
        assert isinstance(record.item, Reject) and record.item.reason == "empty_text"


@settings(max_examples=200)
@given(value=st.one_of(st.text(max_size=100), st.from_regex(r"(<[a-z/!]{0,6}[ >]?|&[a-z#0-9]{0,5};?|\w){0,30}", fullmatch=True)))
def test_markup_and_dates_never_raise(value: str) -> None:
    plain_text(value)
    moment_of_iso(value)
    moment_of_feed(value, (2021, 2, 31, 25, 61, 61))
    moment_of_feed(f"2021 {value} 31", (2021, 2, 31, 25, 61, 61))


@pytest.mark.parametrize("filler", [" ", "\n", " \n", "\t", "a.", "a://", "?key=", "A. ", "\u2028", "-", "<", "12 ", "“"])
def test_no_filler_stalls_a_reader(filler: str) -> None:
    """Work grows with the input, not with its square: a million characters take well under the deadline of the suite."""
    long = filler * (1_000_000 // len(filler))
    read_bytes("a.txt", f"Title\n\nx{long}".encode())
    read_bytes("a.txt", f"{long}x".encode())
    record = dict.fromkeys(("text", "title", "url", "id", "outlet", "byline", "published_at", "language"), f"x{long}y")
    read_bytes("a.jsonl", json.dumps(record).encode() + b"\n" + json.dumps(record | {"text": 1}).encode())


XML_TEXT = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\x7f\ufffe\uffff"), max_size=40)


@settings(max_examples=60)
@given(entries=st.lists(st.tuples(XML_TEXT, XML_TEXT, st.booleans()), max_size=8))
def test_each_entry_is_one_article_or_one_reject(entries: list[tuple[str, str, bool]]) -> None:
    items = "".join(
        f"<item><title>{escape(title)}</title><description>{escape(text)}</description>{'<guid>g</guid>' if guid else ''}</item>"
        for title, text, guid in entries
    )
    found = read_bytes("a.rss", f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode())
    assert counted(found) == list(range(1, len(entries) + 1))


@pytest.mark.parametrize(
    "filler", ["<", "<!--", "<!", "</", "<a ", "<a b=", "<a b='", '<a "b"=', "<script>", "<![CDATA[", "<p/", "<?x", "&amp"]
)
def test_no_markup_stalls_the_reading_of_text(filler: str) -> None:
    plain_text("<p>" + filler * (1_000_000 // len(filler)))
