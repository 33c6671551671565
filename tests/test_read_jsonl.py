import json
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.reject import Reject
from tests.reading import article, articles, read, rejects


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_all_fields(tmp_path: Path) -> None:
    record = {
        "id": 17, "title": "A  title", "url": "http://e.org/x?utm_source=a", "outlet": "Post", "byline": "Jo", "published_at": "2024-02-29",
        "language": "en-GB", "text": "Some text.", "other": {"kept": "not"},
    }  # fmt: skip
    found = article(read(tmp_path / "a.jsonl", lines(record)))
    assert (found.guid, found.title, found.canonical_url, found.outlet, found.byline) == ("17", "A  title", "http://e.org/x", "Post", "Jo")
    assert (found.text, found.body_start) == ("A  title\n\nSome text.", 10)
    assert (found.language, found.language_confidence, found.published_origin) == ("en", None, "metadata")


@pytest.mark.parametrize("text", ["Head\n\nA body. With more.\n\nEnd ", "  spaces \tand\xa0nbsp\u200b…\n", "𝒜 😀 “q” é é"])
def test_a_text_without_title_is_kept_to_the_letter(tmp_path: Path, text: str) -> None:
    found = article(read(tmp_path / "a.jsonl", lines({"text": text})))
    assert (found.text, found.title, found.body_start, found.guid) == (text, None, 0, None)


@pytest.mark.parametrize(
    ("title", "text", "expected", "body"),
    [
        ("Apple", "Apple said so.", "Apple\n\nApple said so.", "Apple said so."),
        ("Apple", "Apple\n\nIt said so.", "Apple\n\nIt said so.", "It said so."),
        ("Apple", "Apple\nIt said so.", "Apple\nIt said so.", "It said so."),
        ("Apple", "Apple", "Apple", ""),
        (" Ap\r\n  ple\t ", "Ap ple  \nIt.", "Ap ple  \nIt.", "It."),
        ("Apple", "\nApple \n\nIt.", "\nApple \n\nIt.", "It."),
        (" ", "It said so.", "It said so.", "It said so."),
    ],
)
def test_the_title_stands_once(tmp_path: Path, title: str, text: str, expected: str, body: str) -> None:
    found = article(read(tmp_path / "a.jsonl", lines({"title": title, "text": text})))
    assert found.text == expected and found.text[found.body_start :] == body


@pytest.mark.hostile(81)
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{broken", "bad_json"),
        (b'{"text": "a"} {"text": "b"}', "bad_json"),
        (b'{"text": "a", "x": NaN}', "bad_json"),
        (b'{"text": "a", "x": -Infinity}', "bad_json"),
        (b'{"text": "a", "text": "b"}', "bad_json"),
        (b'{"text": "a", "x": ' + b"9" * 5000 + b"}", "bad_json"),
        (b'{"text": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "bad_json"),
        (b'{"text": "tab\tand\x01"}', "bad_json"),
        (b'["text"]', "bad_type"),
        (b"null", "bad_type"),
        (b'"text"', "bad_type"),
        (b'{"text": 5}', "bad_type"),
        (b'{"text": ["a"]}', "bad_type"),
        (b'{"text": "a", "title": {}}', "bad_type"),
        (b'{"text": "a", "published_at": 1700000000}', "bad_type"),
        (b'{"text": "a", "id": true}', "bad_type"),
        (b'{"text": null}', "missing_text"),
        (b'{"title": "a"}', "missing_text"),
        (b'{"text": " \\n "}', "empty_text"),
        (b'{"text": "\\u0000\\ud800"}', "empty_text"),
        (b'{"text": "\xff"}', "bad_encoding"),
        (b'{"text": "' + b"a" * (11 << 20) + b'"}', "too_large"),
        (b'{"text": "' + b"a" * 5_000_001 + b'"}', "too_long"),
    ],
)
def test_a_bad_line_is_one_reject_with_its_number(tmp_path: Path, line: bytes, reason: str) -> None:
    good = lines({"text": "Good."})
    records = read(tmp_path / "a.jsonl", good + b"\n" + line + b"\r\n" + good)
    assert [(r.position, isinstance(r.item, Article)) for r in records] == [(1, True), (3, False), (4, True)]
    assert rejects(records) == [("record", reason)]
    bad = records[1].item
    assert isinstance(bad, Reject)
    assert bad.position == "line 3" and len(bad.payload or "") <= 500


def test_a_wrong_date_leaves_the_article(tmp_path: Path) -> None:
    records = read(tmp_path / "a.jsonl", lines({"text": "Good.", "published_at": "2024-02-31"}))
    assert rejects(records) == [("part", "bad_date")]
    assert article(records).published_origin == "none"


@pytest.mark.hostile(81)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_and_line_ends(tmp_path: Path, encoding: str) -> None:
    content = '{"text": "Caf\u00e9"}\r\n\r\n{"text": "B"}'.encode(encoding)
    records = read(tmp_path / "a.jsonl", content)
    assert [(r.position, a.text) for r, a in zip(records, articles(records), strict=True)] == [(1, "Café"), (3, "B")]


def test_utf16_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    content = '{"text": "A"}\n{"text": "B"}\n'.encode("utf-16") + b"\x00"
    records = read(tmp_path / "a.jsonl", content)
    assert len(articles(records)) == 2 and rejects(records) == [("part", "bad_encoding")]


def test_lone_surrogates_and_control_characters_go(tmp_path: Path) -> None:
    found = article(read(tmp_path / "a.jsonl", b'{"text": "a\\ud800b\\u0000c\\r\\nd\\ud83d\\ude00", "title": "T\\udfff"}'))
    assert (found.title, found.text) == ("T", "T\n\nabc\nd😀")


def test_only_wanted_records_are_read(tmp_path: Path) -> None:
    content = lines(*({"text": f"Text {n}."} for n in range(1, 6))) + b"{broken\n"
    whole = read(tmp_path / "a.jsonl", content)
    assert read(tmp_path / "a.jsonl", positions={2, 5}) == [whole[1], whole[4]]
    assert read(tmp_path / "a.jsonl", positions=range(6, 7)) == whole[5:]


def test_identity(tmp_path: Path) -> None:
    same = [{"text": "a", "url": "http://E.org/x#top"}, {"text": "b", "url": "HTTP://e.org/x#top", "id": "other"}]
    by_id = [{"text": "a", "id": "1", "outlet": "P"}, {"text": "b", "id": "1", "outlet": "P"}, {"text": "c", "id": "1", "outlet": "Q"}]
    by_place = [{"text": "a"}, {"text": "a"}]
    ids = [a.article_id for a in articles(read(tmp_path / "a.jsonl", lines(*same, *by_id, *by_place)))]
    assert ids[0] == ids[1] and ids[2] == ids[3] and len(set(ids)) == 5


def test_secrets_are_kept_nowhere(tmp_path: Path) -> None:
    address = "https://user:hunter2@e.org/a?api_key=hunter2&x=1"
    records = read(tmp_path / "a.jsonl", lines({"text": "a", "url": address, "id": address}, {"url": address}, {"text": 1, "url": address}))
    assert article(records).canonical_url == "https://e.org/a?x=1"
    assert "hunter2" not in repr(records)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "/relative",
        "http://",
        "http://[::1",
        "x" * 3000,
        "https://e.org/" + "x" * 2048,
    ],
)
def test_only_addresses_of_the_web_are_kept(tmp_path: Path, url: str) -> None:
    assert article(read(tmp_path / "a.jsonl", lines({"text": "a", "url": url}))).canonical_url is None


def test_a_title_past_the_limit_is_cut_and_told(tmp_path: Path) -> None:
    records = read(tmp_path / "a.jsonl", lines({"text": "Body.", "title": "t" * 1500}))
    assert article(records).title == "t" * 1000 and rejects(records) == [("part", "too_long")]


@pytest.mark.parametrize(("given", "kept"), [("en", "en"), ("EN_us", "en"), ("eng", None), ("English", None), ("", None)])
def test_language_codes(tmp_path: Path, given: str, kept: str | None) -> None:
    assert article(read(tmp_path / "a.jsonl", lines({"text": "a", "language": given}))).language == kept
