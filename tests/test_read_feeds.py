import datetime as dt
import gzip
import json
from pathlib import Path

import pytest

from schemas.reject import Reject
from tests.reading import FETCHED, article, articles, read, rejects
from transforms.read import Defaults, Source, apart, records_in, sources_in
from transforms.read.apart import ParsingError, parsed_apart
from transforms.read.dates import moment_of_feed
from transforms.read.feed import _PARSER
from transforms.read.feed_parse import parsed_feed
from transforms.read.markup import plain_text

SEEDS = Path(__file__).parent.parent / "seeds"
DECLARATION = "<?xml version='1.0' encoding='utf-8'?>"
NAMESPACES = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
SELF = '<atom:link rel="self" href="https://e.org/feed.rss"/>'


def item(number: int, extra: str = "") -> str:
    return f"<item><title>Title {number}</title><link>https://e.org/{number}</link><description>Text {number}.</description>{extra}</item>"


def rss(*items: str, head: str = SELF, declaration: str = DECLARATION) -> bytes:
    return f'{declaration}<rss version="2.0" {NAMESPACES}><channel><title>The Post</title>{head}{"".join(items)}</channel></rss>'.encode()


def test_the_sample_feeds_repeat_articles_of_the_sample_lines() -> None:
    found = {
        source.relative_path: list(records_in(source, defaults=Defaults(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))))
        for source in sources_in([str(SEEDS / "feeds"), str(SEEDS / "wikinews.jsonl")]).found
    }
    lines = {(a.article_id, a.text) for a in articles(found.pop("wikinews.jsonl"))}
    assert len(lines) == 60
    for name, records in found.items():
        assert rejects(records) == []
        assert {(a.article_id, a.text) for a in articles(records)} < lines
        assert {a.input_format for a in articles(records)} == {name.rpartition(".")[2]}
        assert {(a.outlet, a.published_origin) for a in articles(records)} == {("Wikinews", "feed")}
    assert [len(records) for records in found.values()] == [5, 4]


def test_all_fields(tmp_path: Path) -> None:
    extra = (
        '<guid isPermaLink="false">g1</guid><pubDate>Mon, 05 May 2025 23:30:00 -0400</pubDate><dc:creator>Jo Reed</dc:creator>'
        "<content:encoded><![CDATA[<h2>Sub&amp;head</h2><p>One <b>bold</b>\nline.</p><p>Two<br>three &lt;4</p><script>bad()</script>]]></content:encoded>"
    )
    found = article(read(tmp_path / "f.rss", rss(item(1, extra))))
    assert (found.guid, found.title, found.byline, found.outlet) == ("g1", "Title 1", "Jo Reed", "The Post")
    assert (found.canonical_url, found.feed_url, found.input_format) == ("https://e.org/1", "https://e.org/feed.rss", "rss")
    assert found.text == "Title 1\n\nSub&head\n\nOne bold line.\n\nTwo\nthree <4"
    assert found.text[found.body_start :].startswith("Sub&head")
    assert (found.published_at, found.published_local_date) == (dt.datetime(2025, 5, 6, 3, 30, tzinfo=dt.UTC), dt.date(2025, 5, 5))
    assert (found.published_precision, found.published_origin, found.language) == ("second", "feed", None)


def test_atom(tmp_path: Path) -> None:
    content = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>&lt;b&gt;Post&lt;/b&gt;</title><author><name>Desk</name></author>"
        "<link rel='self' href='https://e.org/a.atom'/><entry><id>urn:1</id><title>Rates up</title><link href='https://e.org/1'/>"
        "<updated>2025-05-05T10:00:00+02:00</updated><summary>Short.</summary>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>A longer</p><p>text</p></div></content></entry>"
        "<entry><id>urn:2</id><title>No more than a title</title><author><name>Jo</name></author></entry></feed>"
    )
    first, second = articles(read(tmp_path / "f.atom", content.encode()))
    assert (first.outlet, first.byline, first.input_format, first.text) == ("Post", "Desk", "atom", "Rates up\n\nA longer\n\ntext")
    assert first.published_at == first.updated_at == dt.datetime(2025, 5, 5, 8, tzinfo=dt.UTC)
    assert (second.text, second.byline, second.published_origin) == ("No more than a title", "Jo", "none")
    assert second.text is not None and second.body_start == len(second.text)


@pytest.mark.hostile(2, 3, 10, 11, 18, 98)
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b" \n\t ", "not_a_feed"),
        (b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", "not_a_feed"),
        (b"<html><body><feed>Are you human?</feed></body></html>", "not_a_feed"),
        (b"<?xml version='1.0'?><opml><body><outline xmlUrl='https://e.org/f'/></body></opml>", "not_a_feed"),
        (b"Plain words.", "not_a_feed"),
        (b"<" * 1_000_000, "not_a_feed"),
        (b"<rss>" + b" " * (50 << 20), "too_large"),
        (
            rss(
                declaration="<!DOCTYPE r [<!ENTITY a 'ha'>"
                + "".join(f"<!ENTITY {'bcdefgh'[i]} '{'&' + 'abcdefg'[i] + ';'} '>" for i in range(7))
                + "]>"
            ),
            "unsafe",
        ),
        (rss(declaration=f"<!DOCTYPE r [<!ENTITY a '{'x' * 50_000}'>]>"), "unsafe"),
    ],
)
def test_what_is_no_feed(tmp_path: Path, content: bytes, reason: str) -> None:
    records = read(tmp_path / "f.rss", content)
    assert rejects(records) == [("source", reason)] and len(records) == 1


@pytest.mark.hostile(12, 13)
def test_external_entities_bring_nothing_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    kinds = f"<!ENTITY a SYSTEM 'file://{secret}'><!ENTITY % p SYSTEM 'http://127.0.0.1:9/x.dtd'>%p;"
    content = rss(
        item(1, "<dc:creator>&a;</dc:creator>"), declaration=f"{DECLARATION}<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/y.dtd' [{kinds}]>"
    )
    records = read(tmp_path / "f.rss", content)
    assert len(articles(records)) == 1 and "hunter2" not in repr(records)


def test_signs_that_a_feed_declares_are_read(tmp_path: Path) -> None:
    content = rss(
        item(1, "<dc:creator>Ren&eacute;e</dc:creator>"), declaration="<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY eacute '&#233;'>]>"
    )
    assert article(read(tmp_path / "f.rss", content)).byline == "Renée"


@pytest.mark.hostile(5)
@pytest.mark.parametrize("cut", ["</item", "<description>Text 3", "<item><title>Title 3", "https://e.org/3"])
def test_a_truncated_feed_gives_its_whole_entries(tmp_path: Path, cut: str) -> None:
    content = rss(item(1), item(2), item(3))
    records = read(tmp_path / "f.rss", content[: content.rindex(cut.encode()) + len(cut)])
    assert [a.title for a in articles(records)] == ["Title 1", "Title 2"]
    assert rejects(records) == [("part", "truncated")]
    packed = gzip.compress(rss(*(item(n) for n in range(500))))
    records = read(tmp_path / "g.rss.gz", packed[:-200])
    assert 300 < len(articles(records)) < 500 and rejects(records) == [("part", "truncated")]


@pytest.mark.hostile(19)
def test_entries_past_the_limit_are_told(tmp_path: Path) -> None:
    records = read(tmp_path / "f.rss", rss(*(item(n) for n in range(1, 50_001))))
    assert len(articles(records)) == 2000 and rejects(records) == [("part", "too_many")]
    assert articles(records)[-1].title == "Title 2000"


@pytest.mark.hostile(14, 15)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("attributes", rss("<item " + " ".join(f"a{n}='x'" for n in range(20_000)) + "><title>A</title></item>")),
        ("nesting", rss("<item><description>" + "<b>" * 200_000 + "x</description></item>")),
    ],
)
def test_a_feed_that_stalls_the_parser_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(apart, "SECONDS", 0.3)
        patch.setattr(apart, "SECONDS_A_MEGABYTE", 0.0)
        assert rejects(read(tmp_path / f"{name}.rss", content)) == [("source", "timeout")]
    assert len(articles(read(tmp_path / "next.rss", rss(item(1))))) == 1


@pytest.mark.hostile(16, 17, 98)
@pytest.mark.parametrize(
    "extra",
    [
        "<x:unknown>undeclared prefix</x:unknown>",
        f"<long a='{'x' * 200_000}'/>",
        "<description>" + "<![CDATA[" * 100 + "]]>" * 100 + "</description>",
        "<category>&nbsp;&bogus; & </category>",
        "<category>\x00\x01\x1b</category>",
        "<pubDate>" + "9" * 100_000 + "</pubDate>",
    ],
)
def test_odd_entries_are_read(tmp_path: Path, extra: str) -> None:
    found = article(read(tmp_path / "f.rss", rss(item(1, extra))))
    assert (found.text is not None and "Text 1." in found.text) or "CDATA" in (found.text or "")


@pytest.mark.hostile(7, 9)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "iso-8859-1", "windows-1252", "cp037"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    named = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16"}.get(encoding, encoding)
    text = rss(item(1).replace("Text", "Café"), declaration=f"<?xml version='1.0' encoding='{named}'?>").decode()
    assert article(read(tmp_path / "f.rss", text.encode(encoding))).text == "Title 1\n\nCafé 1."


@pytest.mark.hostile(6)
def test_a_wrong_declaration_is_told(tmp_path: Path) -> None:
    records = read(tmp_path / "f.rss", rss(item(1).replace("Text", "Café")).decode().encode("latin-1"))
    assert rejects(records) == [("part", "bad_encoding")]
    assert article(records).text == "Title 1\n\nCafé 1."


@pytest.mark.hostile(6)
def test_one_bad_byte_does_not_spoil_a_feed_in_utf8(tmp_path: Path) -> None:
    content = rss(item(1).replace("Text", "“Café” – ‘naïve’"), item(2)).replace(b"Text 2", b"\xff Text 2")
    records = read(tmp_path / "f.rss", content)
    assert [a.text for a in articles(records)] == ["Title 1\n\n“Café” – ‘naïve’ 1.", "Title 2\n\n\ufffd Text 2."]
    assert rejects(records) == [("part", "bad_encoding")]


def test_entries_that_the_parser_does_not_see_are_told(tmp_path: Path) -> None:
    content = b"<rss rss:version=2.0><rss:channel><rss:title>P</rss:title><rss:item><rss:title>A</rss:title></rss:item></rss:channel></rss>"
    assert rejects(read(tmp_path / "f.rss", content)) == [("part", "corrupt")]


def test_no_text_at_all_is_a_reject(tmp_path: Path) -> None:
    records = read(tmp_path / "f.rss", rss(item(1), "<item><link>https://e.org/2</link></item>", item(3)))
    assert rejects(records) == [("record", "empty_text")] and [r.position for r in records] == [1, 2, 3]
    assert read(tmp_path / "f.rss", positions={3}) == records[2:]


@pytest.mark.hostile(30, 31, 32)
@pytest.mark.parametrize(
    ("link", "head", "expected"),
    [
        ("/news/1", SELF, "https://e.org/news/1"),
        ("/news/1", "<link>http://site.org/x</link>", "http://site.org/news/1"),
        ("/news/1", "", None),
        ("javascript:alert(1)", SELF, None),
        ("data:text/html,x", SELF, None),
        ("file:///etc/passwd", SELF, None),
        ("https://u:pw@e.org/1?token=abc", SELF, "https://e.org/1"),
        ("https://[broken", SELF, None),
        ("https://e.org/" + "x" * 2048, SELF, None),
    ],
)
def test_links(tmp_path: Path, link: str, head: str, expected: str | None) -> None:
    found = article(read(tmp_path / "f.rss", rss(f"<item><title>A</title><link>{link}</link></item>", head=head)))
    assert found.canonical_url == expected


def ids(path: Path, *items: str, head: str = SELF) -> list[str]:
    return [a.article_id for a in articles(read(path, rss(*items, head=head)))]


def entry(guid: str | None, link: str | None, title: str) -> str:
    identifier = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    return f"<item>{identifier}<title>{title}</title>{f'<link>{link}</link>' if link else ''}</item>"


@pytest.mark.hostile(20, 21)
def test_identity_within_a_feed(tmp_path: Path) -> None:
    path = tmp_path / "f.rss"
    same_guid = ids(path, entry("g", "https://e.org/1", "A"), entry("g", "https://e.org/2", "B"), entry("g", "https://e.org/2", "C"))
    assert len(set(same_guid)) == 3
    same_link = ids(path, entry("g1", "https://e.org/", "A"), entry("g2", "https://e.org/", "B"), entry(None, "https://e.org/", "C"))
    assert len(set(same_link)) == 3
    bare = ids(path, entry(None, None, "A"), entry(None, None, "B"), entry("g", None, "C"), entry("g", None, "D"))
    assert len(set(bare)) == 4
    twice = ids(path, entry("g", "https://e.org/1", "A"), entry("g", "https://e.org/1", "A"))
    assert len(set(twice)) == 1


@pytest.mark.hostile(22)
def test_identity_across_fetches(tmp_path: Path) -> None:
    first = ids(tmp_path / "f.rss", entry("g1", "https://e.org/1", "A"), entry("g2", None, "B"))
    again = ids(tmp_path / "later.rss", entry("g9", "https://e.org/1?utm_source=x", "A, edited"), entry("g2", None, "B"))
    assert first == again
    assert ids(tmp_path / "other.rss", entry("g2", None, "B"), head="") != ids(tmp_path / "third.rss", entry("g2", None, "B"), head="")


@pytest.mark.parametrize(
    ("given", "at", "day", "precision"),
    [
        ("Mon, 06 Sep 2021 10:00:05 GMT", "2021-09-06T10:00:05", "2021-09-06", "second"),
        ("6 Sep 21 23:30 EST", "2021-09-07T04:30", "2021-09-06", "minute"),
        ("Mon, 6 September 2021 00:30 CEST", "2021-09-05T22:30", "2021-09-06", "minute"),
        ("06 Sep 2021", "2021-09-06T00:00", "2021-09-06", "day"),
        ("Mon, 06 Sep 2021 10:00:00 IST", "2021-09-06T00:00", "2021-09-06", "day"),
        ("Mon, 06 Sep 2021 10:00:00 GMT+0530", "2021-09-06T04:30", "2021-09-06", "second"),
        ("2021-09-06T10:00:00.5+09:00", "2021-09-06T01:00:00.5", "2021-09-06", "second"),
        ("2021-09", "2021-09-01T00:00", "2021-09-01", "month"),
        ("September 6, 2021, 07:47 PM EST", "2021-09-07T00:47", "2021-09-06", "minute"),
        ("Sept. 6th, 2021 at 12:05 a.m.", "2021-09-06T00:05", "2021-09-06", "minute"),
        ("Mon Sep 06 2021 03:05:46 GMT+0000", "2021-09-06T03:05:46", "2021-09-06", "second"),
        ("September 6, 2021", "2021-09-06T00:00", "2021-09-06", "day"),
        ("Mon, 31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:59", "2016-12-31", "second"),
        ("2021/09/06 08:00:02", "2021-09-06T08:00:02", "2021-09-06", "second"),
        ("2021.9.6 8:00", "2021-09-06T08:00", "2021-09-06", "minute"),
        ("06.09.2021 14:05", "2021-09-06T14:05", "2021-09-06", "minute"),
        ("26/09/2021 14:05", "2021-09-26T14:05", "2021-09-26", "minute"),
        ("09/26/2021 - 2:05 PM", "2021-09-26T14:05", "2021-09-26", "minute"),
        ("6/6/2021", "2021-06-06T00:00", "2021-06-06", "day"),
        ("Mon Sep 06 19:20:36 CEST 2021", "2021-09-06T17:20:36", "2021-09-06", "second"),
        ("Mon Sep 06 01:10:00 JST 2021", "2021-09-05T16:10", "2021-09-06", "second"),
        ("Mon Sep 06 01:10:00 IST 2021", "2021-09-06T00:00", "2021-09-06", "day"),
        ("026, 26 Mar 2021 22:43:38 +0000", "2021-03-26T22:43:38", "2021-03-26", "second"),
        ("2021-09-06 14:05:10 CET", "2021-09-06T13:05:10", "2021-09-06", "second"),
        ("2021-09-06 2:05 pm", "2021-09-06T14:05", "2021-09-06", "minute"),
        ("2021-09-06T14.05.10Z", "2021-09-06T14:05:10", "2021-09-06", "second"),
        ("2021-W36-1", "2021-09-06T00:00", "2021-09-06", "day"),
        ("Mon, 06 Sep 2021 24:00:00 GMT", "2021-09-06T00:00", "2021-09-06", "day"),
        ("Published: 6 Sep 2021", "2021-09-06T00:00", "2021-09-06", "day"),
        ("Montag, 6. September 2021", "2021-09-06T00:00", "2021-09-06", "day"),
        ("Mon, 6 September 2021 - 14:05", "2021-09-06T14:05", "2021-09-06", "minute"),
    ],
)  # fmt: skip
def test_dates(given: str, at: str, day: str, precision: str) -> None:
    moment = moment_of_feed(given)
    assert moment is not None
    assert (moment.at, moment.local_date) == (dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC), dt.date.fromisoformat(day))
    assert moment.precision == precision


@pytest.mark.hostile(26, 27, 28, 29)
@pytest.mark.parametrize(
    "given",
    ["1630886460", "0000-00-00", "9999-99-99", "Sun, 31 Feb 2021 10:00:00 GMT", "2021-02-31", "31/02/2021", "05/06/2021", "2021/02/31", "2021/13/01", "2021-W54-1",
     "31.06.2021", "2021-09-06T25:00:00Z", "yesterday", "0", "-1-1-1",
     "12 Μαρτίου 2021", "1. září 2021", "lun., 6 sept 2021 99:00", "6 Febbraieau 20211 ", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 10 Jan 2027 00:00:00 GMT", "Mon, 06 Sep 0000 10:00 GMT"],
)  # fmt: skip
def test_dates_that_are_none_stay_null_and_are_told(tmp_path: Path, given: str) -> None:
    records = read(tmp_path / "f.rss", rss(item(1, f"<pubDate>{given}</pubDate>")))
    assert (article(records).published_at, article(records).published_origin) == (None, "none")
    assert rejects(records) == [("part", "bad_date")]


@pytest.mark.hostile(25)
def test_without_a_date_the_default_counts(tmp_path: Path) -> None:
    found = article(read(tmp_path / "f.rss", rss(item(1)), published_at=dt.date(2025, 5, 5)))
    assert (found.published_local_date, found.published_origin, found.published_precision) == (dt.date(2025, 5, 5), "option", "day")


def test_what_the_parser_raises_is_a_sentence() -> None:
    with pytest.raises(ParsingError) as told:
        parsed_apart("binascii:unhexlify", b"no hex")
    assert told.value.reason == "corrupt" and "cannot be parsed" in told.value.message
    with pytest.raises(ParsingError) as told:
        parsed_apart("no.such.module:at_all", b"")
    assert told.value.reason == "failed"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Profit < 5 &amp; rising\n\nStill > 3", "Profit < 5 & rising\n\nStill > 3"),
        ("<p>a</p>\n\n\n<p> b </p>", "a\n\nb"),
        ("a<br/>b<br><br>c", "a\nb\n\nc"),
        ("<div>5&nbsp;%<ul><li>x<li>y</ul></div>", "5 %\n\nx\n\ny"),
        ("<p>a<style>b{}</style><svg><p>c</p></svg><iframe src=x></iframe>d</p>", "ad"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"),
        ("<p>un<b>closed", "unclosed"),
        ("5&nbsp;% of A&B", "5 % of A&B"),
        ("<p>soft\u00adware</p>", "software"),
        ("<p>open<iframe src=x> but <i>seen</i><script>not", "open but seen"),
        ("<![CDATA[x]]><p>y</p>", "y"),
        # Cut off, or damaged: Python's own parser reads these in one way or another, by its patch release.
        ('<p>Read <a href="http://example.com/a', "Read"),
        ("<p>Seen</p><!-- seen <b>too</b>", "Seen\n\nseen too"),
        ("<p>a<!-->b<!--->c<!-- x --!>d</p>", "abcd"),
        ("<script>if (a</b) {}</script foo>seen<p>", "seen"),
        ('<p>a <a href="b>c</a> and so on</p>', "a c and so on"),
        ("<p>5 < 6 and 7 <8 and </ x></p>", "5 < 6 and 7 <8 and"),
        ("<svg><path/></svg><iframe/>a<p/>b", "a\n\nb"),
        ("<p>a<?php x ?>b<!DOCTYPE c>d</p>", "abd"),
        ("", ""),
    ],
)
def test_markup_becomes_text(value: str, text: str) -> None:
    assert plain_text(value) == text


@pytest.mark.hostile(36)
@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("&lt;script&gt;alert(1)&lt;/script&gt;Rates up", "Rates up"),
        ("<![CDATA[<script src='//x'></script>Rates <b>up</b>]]>", "Rates up"),
        ("Rates &lt;img src=x onerror=alert(1)&gt; up", "Rates up"),
        ("Rates &amp;lt;script&amp;gt; up", "Rates <script> up"),
    ],
)
def test_a_title_is_text(tmp_path: Path, title: str, kept: str) -> None:
    assert article(read(tmp_path / "f.rss", rss(item(1).replace("Title 1", title)))).title == kept


@pytest.mark.hostile(8)
@pytest.mark.parametrize(
    ("declared", "encoding", "sent", "text"),
    [
        ("utf-8", "utf-8", "application/rss+xml; charset=iso-8859-1", "Café 1."),
        ("windows-1252", "windows-1252", "application/rss+xml; charset=utf-8", "Café 1."),
        ("utf-16", "utf-16", "text/xml; charset=utf-8", "Café 1."),
        ("", "windows-1251", "text/xml; charset=windows-1251", "Caй 1."),
        ("", "utf-8", "text/xml; charset=windows-1251", "Café 1."),
        ("", "utf-8", "text/xml; charset=no-such", "Café 1."),
    ],
)
def test_what_the_server_says_counts_least(tmp_path: Path, declared: str, encoding: str, sent: str, text: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{declared}'?>" if declared else "<?xml version='1.0'?>"
    path = tmp_path / "f.rss"
    path.write_bytes(rss(item(1).replace("Text 1.", text), declaration=declaration).decode().encode(encoding))
    source = Source(str(path), str(tmp_path), address="https://e.org/feed.rss", content_type=sent)
    assert article(list(records_in(source, defaults=Defaults(FETCHED)))).text == f"Title 1\n\n{text}"


def test_messages_are_sentences_for_people(tmp_path: Path) -> None:
    (record,) = read(tmp_path / "f.rss", b"<html><head></head></html>")
    assert isinstance(record.item, Reject)
    assert record.item.source_uri == str(tmp_path / "f.rss") and record.item.message.startswith("is a web page")


@pytest.mark.parametrize("path", sorted((SEEDS / "feeds").iterdir()), ids=lambda p: p.name)
def test_parsing_apart_changes_nothing(path: Path) -> None:
    data = path.read_bytes()
    for content in (data, data[: len(data) // 2], data.replace(b"encoding", b"was"), data.upper(), b"\xef\xbb\xbf" + data, data[300:]):
        assert parsed_apart(_PARSER, content) == json.loads(json.dumps(parsed_feed(content)))
