"""JSON Feed: an article an item; what is broken costs the item that it stands in."""

import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from schemas.reject import Reject
from tests.needs import needs
from tests.reading import FETCHED, article, articles, read, rejects
from transforms.read import Defaults, Source, records_in, sources_in

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus" / "feeds"
FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "The Post &amp; Courier", "feed_url": "https://e.org/feed.json"}
ITEM = {"id": "1", "url": "https://e.org/1", "title": "Ferry strikes pier", "content_text": "Nobody was hurt."}


def feed(*items: Any, **fields: Any) -> bytes:
    return json.dumps(FEED | fields | {"items": list(items)}).encode()


@pytest.mark.hostile(33)
def test_an_item_is_an_article(tmp_path: Path) -> None:
    item = ITEM | {
        "content_html": "<p>Nobody was hurt, the port said.</p><p>The pier is closed.</p>",
        "date_published": "2025-11-03T18:20:00+01:00",
        "date_modified": "2025-11-04T07:00:00Z",
        "authors": [{"name": "Ada Holm"}, {"url": "https://e.org/bo"}, {"name": "Bo Lund"}],
        "language": "en-GB",
        "external_url": "https://other.example/story",
    }
    found = article(read(tmp_path / "feed.json", feed(item)))
    assert (found.input_format, found.outlet, found.feed_url) == ("jsonfeed", "The Post & Courier", "https://e.org/feed.json")
    assert found.text == "Ferry strikes pier\n\nNobody was hurt, the port said.\n\nThe pier is closed."
    assert (found.title, found.byline, found.language, found.guid) == ("Ferry strikes pier", "Ada Holm, Bo Lund", "en", "1")
    assert found.canonical_url == "https://e.org/1"
    assert found.published_at == dt.datetime(2025, 11, 3, 17, 20, tzinfo=dt.UTC) and found.published_origin == "feed"
    assert found.published_local_date == dt.date(2025, 11, 3)
    assert found.updated_at == dt.datetime(2025, 11, 4, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("item", "fields", "expected"),
    [
        ({"author": {"name": "Ada"}}, {"version": "https://jsonfeed.org/version/1"}, ("byline", "Ada")),
        ({}, {"authors": [{"name": "Ada"}]}, ("byline", "Ada")),
        ({}, {"author": {"name": "Ada"}, "language": "de"}, ("language", "de")),
        ({"id": 12345678901234567890}, {}, ("guid", "12345678901234567890")),
        ({"id": 1.5}, {}, ("guid", "1.5")),
        ({"id": None}, {}, ("guid", None)),
        ({"url": "/2"}, {}, ("canonical_url", "https://e.org/2")),
        ({"url": "/2"}, {"feed_url": None, "home_page_url": "https://site.example/x"}, ("canonical_url", "https://site.example/2")),
        ({"url": None, "id": "https://e.org/by-id"}, {}, ("canonical_url", "https://e.org/by-id")),
        ({"url": None, "external_url": "https://other.example/"}, {}, ("canonical_url", None)),
        ({"url": "javascript:alert(1)"}, {}, ("canonical_url", None)),
        ({"url": "https://u:p@e.org/1?token=x"}, {}, ("canonical_url", "https://e.org/1")),
        ({"content_text": None, "summary": "In short."}, {}, ("text", "Ferry strikes pier\n\nIn short.")),
        ({"title": None, "content_text": "3 < 5 <b>"}, {}, ("text", "3 < 5 <b>")),
        ({"date_modified": "2025-11-04"}, {}, ("published_local_date", dt.date(2025, 11, 4))),
        ({"content_text": "Nul \x00 and \x1b."}, {}, ("text", "Ferry strikes pier\n\nNul  and .")),
        ({"title": 5}, {"title": 5}, None),
        ({}, {"title": 5}, ("outlet", None)),
    ],
)
def test_fields(tmp_path: Path, item: dict[str, Any], fields: dict[str, Any], expected: tuple[str, object] | None) -> None:
    records = read(tmp_path / "feed.json", feed(ITEM | item, **fields))
    if expected is None:
        assert rejects(records) == [("record", "bad_type")]
    else:
        assert getattr(article(records), expected[0]) == expected[1] and rejects(records) == []


@pytest.mark.hostile(34)
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ('{"id": "1", "content_text": "a", "id": "2"}', "bad_json"),
        ('{"id": "1", "content_text": "a", "_x": {"a": 1, "a": 2}}', "bad_json"),
        ('{"id": NaN, "content_text": "a"}', "bad_json"),
        ('{"id": "1", "content_text": "a", "_x": [[Infinity]]}', "bad_json"),
        ('{"id": 1e999, "content_text": "a"}', "bad_json"),
        ('{"id": ' + "9" * 5000 + ', "content_text": "a"}', "bad_json"),
        ('{"id": "1", "content_text": ["a"]}', "bad_type"),
        ('{"id": "1", "url": {}, "content_text": "a"}', "bad_type"),
        ("[1]", "bad_type"),
        ("null", "bad_type"),
        ('{"id": "1"}', "empty_text"),
    ],
)
def test_a_broken_item_is_rejected_alone(tmp_path: Path, raw: str, reason: str) -> None:
    content = feed(ITEM, "@", ITEM | {"id": "3", "url": "https://e.org/3"}).replace(b'"@"', raw.encode())
    records = read(tmp_path / "feed.json", content)
    assert len(articles(records)) == 2 and rejects(records) == [("record", reason)]
    assert sorted(r.position for r in records) == [1, 2, 3]
    assert rejects(read(tmp_path / "feed.json", positions={2})) == [("record", reason)]


@pytest.mark.hostile(34)
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (feed(ITEM).replace(b'"items"', b'"_x": ' + b"[" * 100_000 + b"]" * 100_000 + b', "items"'), "bad_json"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "not_a_feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "not_a_feed"),
        (b'{"version": "https://jsonfeed.org/version/1", ', "bad_json"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "bad_json"),
    ],
    ids=["nested", "items are no list", "no items", "cut", "cut before the first item"],
)
def test_a_broken_feed_is_told(tmp_path: Path, content: bytes, reason: str) -> None:
    assert rejects(read(tmp_path / "feed.json", content)) == [("source", reason)]


@pytest.mark.hostile(34)
def test_a_feed_that_says_things_twice_is_read_and_told(tmp_path: Path) -> None:
    records = read(tmp_path / "feed.json", feed(ITEM).replace(b'"title": "The', b'"title": "A", "title": "The'))
    assert len(articles(records)) == 1 and rejects(records) == [("part", "bad_json")]


@pytest.mark.hostile(5)
def test_a_feed_that_is_cut_off_keeps_its_whole_items(tmp_path: Path) -> None:
    content = feed(*(ITEM | {"id": str(n), "url": f"https://e.org/{n}"} for n in range(1, 6)))
    for cut in range(len(content) - 3, 100, -17):
        records = read(tmp_path / "feed.json", content[:cut])
        whole = content[:cut].count(b'hurt."}')
        assert len(articles(records)) == whole
        assert rejects(records)[0][1] == ("truncated" if whole else "bad_json")


@pytest.mark.hostile(19)
def test_too_many_items(tmp_path: Path) -> None:
    records = read(tmp_path / "feed.json", feed(*(ITEM | {"id": n, "url": f"https://e.org/{n}"} for n in range(2100))))
    assert len(articles(records)) == 2000 and rejects(records) == [("part", "too_many")]


def test_it_is_found_by_its_content(tmp_path: Path) -> None:
    by_php = feed(ITEM).replace(b"/", b"\\/")
    late = json.dumps({"title": "P", "items": [ITEM], "version": FEED["version"]}).encode()
    for name, content in {
        "a.json": by_php,
        "b": late,
        "c.json.gz": gzip.compress(by_php),
        "d.json": feed(ITEM).decode().encode("utf-16"),
    }.items():
        (tmp_path / name).write_bytes(content)
        assert article(read(tmp_path / name)).input_format == "jsonfeed"
    (tmp_path / "package.json").write_text('{\n "name": "x",\n "version": "1.0"\n}', "utf-8")
    assert [Path(s.path).name for s in sources_in([str(tmp_path)]).found] == ["a.json", "b", "c.json.gz", "d.json"]
    (only,) = read(tmp_path / "package.json")
    assert isinstance(only.item, Reject) and only.item.reason == "missing_text" and "no list of articles" in only.item.message


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    damaged = feed(ITEM | {"content_text": "@ café " + "é" * 9}).replace(b"\\u00e9", "é".encode()).replace(b"@", b"Caf\xff")
    records = read(tmp_path / "feed.json", damaged)
    assert rejects(records) == [("part", "bad_encoding")] and "Caf\ufffd" in (article(records).text or "")


@pytest.mark.hostile(33)
@needs("corpus")
def test_the_feeds_of_the_corpus_are_read() -> None:
    found = {}
    for path in sorted(CORPUS.rglob("*.json")):
        if b"jsonfeed.org" in path.read_bytes()[:2000] and not path.name.endswith(".expected.json"):
            records = list(records_in(Source(str(path), str(CORPUS)), defaults=Defaults(FETCHED)))
            assert not any(scope == "source" for scope, _ in rejects(records)), path
            found[path.name] = len(articles(records))
    assert len(found) >= 12 and found["rose.json"] == 84 and found["DaringFireball.json"] == 48
