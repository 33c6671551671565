import datetime as dt
import json
from pathlib import Path

import pytest

from schemas.reject import Reject
from tests.reading import article, articles, read, rejects
from transforms.read.text_file import titled

BODY = "The council met on Monday. It agreed on the budget.\n\nA vote follows in May."


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (f"Council agrees\n\n{BODY}", "Council agrees", "The council"),
        (f"Council agrees\n\nThe budget grows by a tenth.\n\n{BODY}", "Council agrees", "The council"),
        (f"\n\nCouncil agrees  \n \nMr. Smith of the U.S. Senate is content.\n\n{BODY}", "Council agrees", "The council"),
        ("Council agrees\n\nOne sentence that is all there is.", "Council agrees", "One sentence"),
        (f"Council agrees\n\nTwo sentences. They are no deck.\n\n{BODY}", "Council agrees", "Two sentences"),
        (f"Council agrees\n\n“Enough!” She left the room.\n\n{BODY}", "Council agrees", "“Enough!”"),
        (f"Council agrees\n\n{'word ' * 60}end\n\n{BODY}", "Council agrees", "word"),
        (f"{'t' * 200}\n\n{BODY}", None, "ttt"),
        ("A first line\nand a second one.\n\nAnd more.", None, "A first line"),
        ("One line alone", None, "One line"),
        ("Only a headline\n\n", "Only a headline", ""),
    ],
)
def test_title_and_deck_are_read_off_the_text(text: str, title: str | None, body: str) -> None:
    found, body_start = titled(text)
    assert found == title
    assert text[body_start:].startswith(body) and (body or body_start == len(text))


def test_text_is_kept_but_for_line_ends_and_control_characters(tmp_path: Path) -> None:
    text = "  Head \r\n\r\nBody\twith\x00 NUL,\x07 bell\x1b[31m,\x85 and “quotes”…\u2028\xa0end \r\n"
    found = article(read(tmp_path / "a.txt", text.encode()))
    assert found.text == "  Head \n\nBody\twith NUL, bell[31m, and “quotes”…\u2028\xa0end \n"
    assert (found.title, found.text[found.body_start :][:4]) == ("Head", "Body")
    assert found.language is None and found.signature is None and found.published_origin == "none"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.hostile(87)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Café prices rise\n\nThe “euro” fell – by 5 % – on Tuesday, he said. It’s naïve, added Zoë."
    records = read(tmp_path / "a.txt", text.encode(encoding))
    assert rejects(records) == []
    assert article(records).text == text


def test_other_scripts_are_detected(tmp_path: Path) -> None:
    text = "Президент подписал закон о бюджете на следующий год. Об этом сообщает пресс-служба. " * 5
    assert article(read(tmp_path / "a.txt", text.encode("cp1251"))).text == text


def test_broken_bytes_in_utf8_are_replaced_and_told(tmp_path: Path) -> None:
    records = read(tmp_path / "a.txt", "“One” – ‘two’ – “three” – four\n".encode() * 3 + b"\xff broken")
    assert rejects(records) == [("part", "bad_encoding")]
    assert article(records).text.endswith("\ufffd broken")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (bytes(range(256)) * 20, [("record", "binary")]),
        (b"\x7fELF\x02\x01\x01" + bytes(500), [("record", "binary")]),
        (b" \n\t\r\n", [("record", "empty_text")]),
        (b"%PDF-1.7 and so on", [("source", "unsupported")]),
        (b"PK\x03\x04" + b"x" * 300, [("source", "corrupt")]),
        (b"x" * 5_000_001, [("record", "too_long")]),
        (b"x" * 20_000_005, [("record", "too_large")]),
        (b"", []),
    ],
)
@pytest.mark.hostile(87)
def test_what_is_no_article(tmp_path: Path, content: bytes, expected: list[tuple[str, str]]) -> None:
    records = read(tmp_path / "a.txt", content)
    assert rejects(records) == expected
    assert articles(records) == []


def test_five_million_characters_are_read_whole(tmp_path: Path) -> None:
    assert len(article(read(tmp_path / "a.txt", b"word " * 1_000_000)).text or "") == 5_000_000


def sidecar(folder: Path, **fields: object) -> None:
    (folder / "a.json").write_text(json.dumps(fields))


def test_a_sidecar_says_what_the_text_does_not(tmp_path: Path) -> None:
    sidecar(
        tmp_path,
        title="Council agrees",
        url="https://user:pw@Example.org:443/a?b=1&token=abc&a=2",
        outlet=" The  Courier ",
        byline="Jo Reed",
        published_at="2025-05-05T23:30:00-04:00",
    )
    found = article(read(tmp_path / "a.txt", f"Council agrees\n\nShort deck.\n\n{BODY}".encode(), published_at=dt.date(2020, 1, 1)))
    assert found.title == "Council agrees" and found.text is not None
    assert found.text[found.body_start :] == BODY
    assert (found.outlet, found.byline, found.canonical_url) == ("The Courier", "Jo Reed", "https://example.org/a?a=2&b=1")
    assert found.published_at == dt.datetime(2025, 5, 6, 3, 30, tzinfo=dt.UTC)
    assert found.published_local_date == dt.date(2025, 5, 5)
    assert (found.published_precision, found.published_origin) == ("second", "sidecar")


def test_another_title_goes_before_the_text(tmp_path: Path) -> None:
    sidecar(tmp_path, title="The Council")
    found = article(read(tmp_path / "a.txt", f"The Council agrees\n\n{BODY}".encode()))
    assert found.text == f"The Council\n\nThe Council agrees\n\n{BODY}"
    assert found.text[found.body_start :].startswith("The Council agrees")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{broken", "bad_json"),
        (b"[1]", "bad_type"),
        (b'{"url": NaN}', "bad_json"),
        (b'{"title": 5}', "bad_type"),
        (b'{"published_at": "soon"}', "bad_date"),
        (b'{"published_at": "0001-01-01T00:00+14:00"}', "bad_date"),
        (b'{"title": "\xff"}', "bad_encoding"),
        (b"[" * 100_000, "bad_json"),
        (b"1" * 10_000, "bad_json"),
        (b" " * (2 << 20), "too_large"),
    ],
)
def test_a_broken_sidecar_is_told_and_the_article_read(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.json").write_bytes(content)
    records = read(tmp_path / "a.txt", BODY.encode(), published_at=dt.date(2020, 1, 2))
    assert rejects(records) == [("part", reason)]
    assert article(records).published_origin == "option"
    assert all("a.json" in r.item.message for r in records if isinstance(r.item, Reject))


@pytest.mark.parametrize(
    ("given", "at", "day", "precision"),
    [
        ("2008", "2008-01-01T00:00", "2008-01-01", "year"),
        ("2008-03", "2008-03-01T00:00", "2008-03-01", "month"),
        ("20080306", "2008-03-06T00:00", "2008-03-06", "day"),
        ("2008-03-06", "2008-03-06T00:00", "2008-03-06", "day"),
        ("2008-03-06T09:30", "2008-03-06T09:30", "2008-03-06", "minute"),
        ("2008-03-06 09:30:15Z", "2008-03-06T09:30:15", "2008-03-06", "second"),
        ("2008-03-06T23:30+0530", "2008-03-06T18:00", "2008-03-06", "minute"),
        ("1987-02-26T15:01:00.123", "1987-02-26T15:01:00.123", "1987-02-26", "second"),
    ],
)
def test_dates_keep_their_precision_and_day(tmp_path: Path, given: str, at: str, day: str, precision: str) -> None:
    sidecar(tmp_path, published_at=given)
    found = article(read(tmp_path / "a.txt", BODY.encode()))
    assert found.published_at == dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    assert (found.published_local_date, found.published_precision) == (dt.date.fromisoformat(day), precision)
