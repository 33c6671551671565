"""HTML pages: the article of a page, where what is known of it stood, and what is told of pages that are none."""

import datetime as dt
import gzip
import json
from pathlib import Path

import pytest

from schemas.reject import Reject
from tests.reading import FETCHED, article, articles, read, rejects
from transforms.read import Defaults, Source, records_in
from transforms.read.apart import ParsingError
from transforms.read.web_page import LARGEST_PAGE, Page, page_of

SENTENCES = [
    "The harbour of Lindby was closed on Monday after a ferry struck the northern pier, the port authority said.",
    "Nobody was hurt, and the 212 passengers were brought ashore by two pilot boats within an hour of the accident.",
    "Engineers expect that the pier can be used again in three weeks, once its steel piles have been looked at by divers.",
    "The ferry company said that a rudder had failed, and that it would pay for the repair whatever the inquiry finds.",
]
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
TITLE = "Ferry strikes pier in Lindby"


def page(body: str = f"<article><h1>{TITLE}</h1>{BODY}</article>", head: str = "", lang: str = ' lang="en-GB"') -> bytes:
    return f"<!DOCTYPE html><html{lang}><head><title>{TITLE} - The Post</title>{head}</head><body>{body}</body></html>".encode()


def ld(**said: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | said)}</script>'


def parsed(data: bytes, address: str | None = "https://post.example/news/ferry", content_type: str | None = None) -> Page:
    return page_of(data, fetched_at=FETCHED, address=address, content_type=content_type)


def refusal(data: bytes) -> tuple[str, str]:
    with pytest.raises(ParsingError) as told:
        parsed(data)
    return told.value.reason, told.value.message


def flags(data: bytes, address: str | None = "https://post.example/news/ferry") -> list[str]:
    return [reason for reason, _ in parsed(data, address).flags]


def test_a_page_is_one_article(tmp_path: Path) -> None:
    head = (
        '<link rel="canonical" href="https://post.example/news/ferry?utm_source=x"><meta property="og:site_name" content="The Post">'
        + ld(datePublished="2025-11-03T18:20:00+01:00", dateModified="2025-11-04T07:00:00Z", author={"@type": "Person", "name": "Ada Holm"})
    )
    (record,) = read(tmp_path / "ferry.html", page(head=head))
    found = article([record])
    assert found.title == TITLE and found.text == "\n\n".join((TITLE, *SENTENCES)) and found.body_start == len(TITLE) + 2
    assert (found.input_format, found.outlet, found.byline, found.language) == ("html", "The Post", "Ada Holm", "en")
    assert found.canonical_url == "https://post.example/news/ferry"
    assert found.published_at == dt.datetime(2025, 11, 3, 17, 20, tzinfo=dt.UTC)
    assert (found.published_local_date, found.published_origin, found.published_precision) == (dt.date(2025, 11, 3), "json_ld", "second")
    assert found.updated_at == dt.datetime(2025, 11, 4, 7, tzinfo=dt.UTC)


def test_pages_are_found_by_their_content(tmp_path: Path) -> None:
    packed = article(read(tmp_path / "ferry.html.gz", gzip.compress(page())))
    unnamed = article(read(tmp_path / "ferry", page()))
    assert packed.text == unnamed.text and {packed.input_format, unnamed.input_format} == {"html"}
    assert rejects(read(tmp_path / "cut.htm", gzip.compress(page())[:-20])) == [("record", "truncated")]


@pytest.mark.parametrize(
    ("language", "shown", "day"),
    [
        ("en-US", "Published 04/05/2024", None),  # April, or May
        ("en", "Published 4/5/24", None),
        ("en-GB", "Published 04/05/2024", dt.date(2024, 5, 4)),
        ("en", "Published 14/05/2024", dt.date(2024, 5, 14)),
        ("en", "Published 05/05/2024", dt.date(2024, 5, 5)),
        ("en", "Published May 4, 2024", dt.date(2024, 5, 4)),
    ],
)
def test_a_day_in_numbers_that_may_be_another_is_none(tmp_path: Path, language: str, shown: str, day: dt.date | None) -> None:
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    made = f'<html lang="{language}"><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1><p class="date">{shown}</p>{body}'
    found = article(read(tmp_path / "quay.html", made.encode()))
    assert (found.published_local_date, found.published_at is None) == (day, day is None)


def test_what_was_fetched_as_a_feed_and_is_a_page_is_no_article(tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes(page())
    source = Source(str(path), str(tmp_path), address="https://post.example/feed", format="feed")
    assert rejects(list(records_in(source, defaults=Defaults(FETCHED)))) == [("source", "not_a_feed")]


@pytest.mark.parametrize(
    ("head", "day", "origin"),
    [
        (ld(datePublished="2025-11-03") + '<meta property="article:published_time" content="2025-11-01">', "2025-11-03", "json_ld"),
        (ld(datePublished="soon") + '<meta property="article:published_time" content="2025-11-01">', "2025-11-01", "metadata"),
        (ld(datePublished="2031-01-01") + '<meta name="pubdate" content="Mon, 03 Nov 2025 08:00:00 GMT">', "2025-11-03", "metadata"),
        (ld() + '<meta name="date" content="2025-11-02">', "2025-11-02", "metadata"),
        (ld(datePublished=["2025-11-03"]), "2025-11-03", "json_ld"),
        ('<script type="application/ld+json">{"@graph": [{"@type": "WebPage", "datePublished": "2020-01-01"}, {"@type": ["BlogPosting"], "datePublished": "2025-11-03"}]}</script>', "2025-11-03", "json_ld"),
    ],
)  # fmt: skip
def test_dates_and_their_origin(head: str, day: str, origin: str) -> None:
    found = parsed(page(head=head))
    assert found.published and (found.published.local_date.isoformat(), found.origin) == (day, origin)


def test_a_date_in_the_text_is_found_and_one_that_cannot_be_is_told() -> None:
    shown = parsed(page(f'<article><h1>{TITLE}</h1><div class="date">Published 3 November 2025</div>{BODY}</article>'))
    assert shown.published and (shown.published.local_date, shown.origin) == (dt.date(2025, 11, 3), "metadata")
    impossible = parsed(page(head=ld(datePublished="2031-01-01")))
    assert impossible.published is None and [reason for reason, _ in impossible.flags] == ["bad_date"]
    assert parsed(page()).published is None and parsed(page()).flags == ()


@pytest.mark.hostile(68)
@pytest.mark.parametrize(
    "block", ['{"@type": "NewsArticle", ', "[" * 50_000, '{"a": NaN}', "not json", '"text"', "[1, [2]]", '{"@type": 3}']
)
def test_broken_json_ld_is_left_out(block: str) -> None:
    script = f'<script type="application/ld+json">{block}</script>'
    found = parsed(page(head=script + '<meta name="date" content="2025-11-02">'))
    assert found.text == "\n\n".join((TITLE, *SENTENCES)) or found.text == "\n\n".join(SENTENCES)
    assert found.origin == "metadata" and not found.flags


@pytest.mark.parametrize(
    ("canonical", "address", "expected"),
    [
        ("https://post.example/news/1", "https://www.post.example/news/1?id=3", "https://post.example/news/1"),
        ("/news/1", "https://post.example/amp/1", "https://post.example/news/1"),
        ("https://post.example/", "https://post.example/news/1", "https://post.example/news/1"),
        ("https://other.example/stolen", "https://post.example/news/1", "https://post.example/news/1"),
        ("javascript:alert(1)", "https://post.example/news/1", "https://post.example/news/1"),
        ("https://post.example/news/1?token=abc", None, "https://post.example/news/1"),
        ("https://post.example/", None, None),
        ("", None, None),
    ],
)
def test_a_page_speaks_for_itself_alone(canonical: str, address: str | None, expected: str | None) -> None:
    assert parsed(page(head=f'<link rel="canonical" href="{canonical}">'), address).url == expected


@pytest.mark.hostile(63)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"<html></html>",
        b"<html><head><title>News</title></head><body></body></html>",
        b"<html><body><div id='app'></div><script>render({text: 'The harbour was closed on Monday.'})</script></body></html>",
        b"<html><body><noscript>Please turn on JavaScript.</noscript></body></html>",
    ],
)
def test_a_page_without_text_is_told(tmp_path: Path, data: bytes) -> None:
    assert refusal(data)[0] == "no_text"
    if data.strip():
        assert rejects(read(tmp_path / "a.html", data)) == [("record", "no_text")]


@pytest.mark.hostile(64)
@pytest.mark.parametrize(
    "data",
    [
        page(f"<article><h1>{TITLE}</h1><p>{SENTENCES[0]}</p></article>"),
        page(head=ld(isAccessibleForFree=False)),
        page(head=ld(isAccessibleForFree="http://schema.org/False")),
        page(f"<article><h1>{TITLE}</h1>{BODY}<p>It said that the</p></article>".replace("It said that the", "It said that the ...")),
        page(f"<article><h1>{TITLE}</h1>{BODY}</article><div class='wall'>Subscribe now to continue reading.</div>"),
        page(f"<article><h1>{TITLE}</h1>{BODY}</article><div class='wall'>To keep reading, please log in.</div>"),
        page(f"<article><h1>{TITLE}</h1>{BODY}</article><aside>Already a subscriber?</aside>"),
    ],
)
def test_a_stub_before_a_paywall_is_read_and_flagged(tmp_path: Path, data: bytes) -> None:
    records = read(tmp_path / "a.html", data)
    assert len(articles(records)) == 1 and rejects(records) == [("part", "short")]


def test_whole_articles_are_not_flagged() -> None:
    assert flags(page()) == flags(page(head=ld(isAccessibleForFree=True))) == []
    long = "".join(f"<p>{sentence} Number {n}.</p>" for n in range(5) for sentence in SENTENCES)
    assert flags(page(f"<article><h1>{TITLE}</h1>{long}</article><p>Subscribe to continue</p>", ld(isAccessibleForFree=False))) == []
    said = "<p>“Sign up,” the mayor told the crews. The union keeps a register of boats.</p>"
    assert flags(page(f"<article><h1>{TITLE}</h1>{BODY}{said}</article>")) == []


@pytest.mark.hostile(65)
def test_two_articles_on_a_page_are_one(tmp_path: Path) -> None:
    second = BODY.replace("Lindby", "Norhavn")
    records = read(tmp_path / "a.html", page(f"<article><h1>{TITLE}</h1>{BODY}</article><article><h1>Another</h1>{second}</article>"))
    assert len(articles(records)) == 1 and SENTENCES[0] in (article(records).text or "")


@pytest.mark.hostile(66)
@pytest.mark.parametrize(
    ("head", "encoding", "content_type"),
    [
        ('<meta charset="utf-8">', "cp1252", None),
        ('<meta charset="iso-8859-1">', "utf-8", "text/html; charset=iso-8859-1"),
        ('<meta charset="no-such"><meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "cp1252", None),
        ('<meta charset="utf-8"><meta charset="windows-1251">', "utf-8", "text/html; charset=windows-1251"),
        ("", "utf-16", "text/html; charset=utf-8"),
        ("", "utf-16-le", None),
        ("", "cp1252", "text/html; charset=windows-1252"),
        ("", "cp1252", 'text/html;charset="x-unknown"'),
        ('<meta charset="utf-8">', "utf-8-sig", "text/html; charset=cp1252"),
    ],
)
def test_the_encoding_is_found_whatever_is_declared(head: str, encoding: str, content_type: str | None) -> None:
    accented = page(head=head).decode().replace("Lindby", "Líndbŷ" if encoding.startswith("utf") else "Líndbÿ")
    found = parsed(accented.encode(encoding), content_type=content_type)
    assert found.text.startswith(("The harbour of Líndbŷ was", "The harbour of Líndbÿ was", "Ferry strikes pier in Líndb"))
    assert "\ufffd" not in found.text


def test_a_declared_encoding_counts_where_it_fits() -> None:
    text = "Порт Линдбю был закрыт в понедельник после столкновения парома с причалом, сообщила администрация порта. " * 4
    data = page(f"<article><h1>Паром</h1><p>{text}</p></article>", '<meta charset="koi8-r">').decode().encode("koi8-r")
    assert parsed(data).text.endswith(text.strip())


@pytest.mark.hostile(67)
def test_surrogates_are_replaced(tmp_path: Path) -> None:
    raw = page(BODY.join(("<article>", "</article>")).replace("Lindby", "Lind&#xD800;by&#xDC00;")).replace(b"ferry", b"fer\xed\xa0\x80ry")
    text = article(read(tmp_path / "a.html", raw)).text or ""
    assert text.encode("utf-8") and "harbour of Lind" in text


@pytest.mark.hostile(70)
def test_front_pages_and_indexes_are_read_and_flagged(tmp_path: Path) -> None:
    teasers = "".join(
        f'<div><a href="/{n}">{TITLE} for the {n}th time this year</a><p>The harbour was closed, again.</p></div>' for n in range(60)
    )
    index = page(f"<main>{teasers}</main>", '<meta property="og:type" content="website">')
    assert "not_article" in flags(index) and "not_article" in flags(index, None)
    assert "not_article" in flags(page(), "https://post.example/") and "not_article" not in flags(page(), "https://post.example/?p=12")
    assert "not_article" not in flags(page(f"<nav>{teasers}</nav><article><h1>{TITLE}</h1>{BODY * 3}</article>", ld()))
    records = read(tmp_path / "index.html", index)
    assert len(articles(records)) == 1 and ("part", "not_article") in rejects(records)


@pytest.mark.hostile(71)
@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n1 0 obj", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500), b"PK\x03\x04" + bytes(90), bytes(range(256)) * 20]
)
def test_what_is_no_page_is_told(tmp_path: Path, data: bytes) -> None:
    assert refusal(data)[0] in ("unsupported", "binary")
    (reject,) = (r.item for r in read(tmp_path / "a.html", data))
    assert isinstance(reject, Reject) and reject.reason in ("unsupported", "binary", "corrupt")


@pytest.mark.hostile(62)
def test_a_page_of_one_word_is_too_long(tmp_path: Path) -> None:
    assert rejects(read(tmp_path / "a.html", page("x" * (20 << 20)))) == [("record", "too_large")]
    assert refusal(bytes(LARGEST_PAGE + 1))[0] == "too_large"
    assert rejects(read(tmp_path / "b.html", page(f"<p>{'x' * (6 << 20)}</p>")))[0] in (("record", "too_long"), ("record", "unsafe"))


@pytest.mark.hostile(59, 60, 61, 69, 98)
@pytest.mark.parametrize(
    "body",
    [
        "<p " + " ".join(f"a{n}=x" for n in range(100_000)) + ">text</p>",
        "<div>" * 100_000 + BODY,
        "".join(f'<a href="/{n}">Link {n}</a> ' for n in range(200_000)) + BODY,
        "<svg>" + "<path d='M0 0'/>" * 300_000 + "</svg>" + BODY,
        f"<p title='{'x' * 200_000}'>text</p>" + BODY,
        "<![CDATA[" * 100 + BODY + "]]>" * 100,
        "<" * 1_000_000,
    ],
    ids=["attributes", "nested", "links", "svg", "long attribute", "cdata", "less than"],
)
def test_pages_built_to_stall_end_within_the_limits(tmp_path: Path, body: str) -> None:
    records = read(tmp_path / "a.html", page(body))
    told = rejects(records)
    assert articles(records) or (told[0][0] == "record" and told[0][1] in ("timeout", "unsafe", "no_text", "failed")), told
    assert article(read(tmp_path / "b.html", page())).text
