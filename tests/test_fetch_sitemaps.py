"""Sitemaps of news: lists of addresses whose pages are fetched, and indices as lists of such lists."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.reject import Reject
from tests.corpus import begun, tried, variants
from tests.loopback import Loopback, Reply
from tests.polling import INTRANET, WORDS, ran
from tests.reading import articles, read, rejects

pytestmark = pytest.mark.usefixtures("articles_only")
SMALL = Path(__file__).parent / "small" / "feeds" / "news-sitemap.xml"
NOW = replace(INTRANET, ask="now")
XML = {"Content-Type": "application/xml"}
SPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'


def page(of: str) -> Reply:
    body = "".join(f"<p>{of} paragraph {n}. {WORDS}</p>" for n in range(9))
    return Reply(
        f"<html><head><title>Story</title></head><body><article>{body}</article></body></html>".encode(),
        headers={"Content-Type": "text/html"},
    )


def sitemap(places: Sequence[str], more: str = "") -> Reply:
    urls = "".join(
        f"<url><loc>{place}</loc><n:news><n:publication><n:name>The Post</n:name><n:language>en</n:language></n:publication>"
        f"<n:publication_date>2025-11-06T08:00:00Z</n:publication_date><n:title>Story {number}</n:title></n:news></url>"
        for number, place in enumerate(places, start=1)
    )
    return Reply(f"<?xml version='1.0'?><urlset {SPACES}>{urls}{more}</urlset>".encode(), headers=XML)


def test_the_pages_of_a_sitemap_are_its_articles(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {"/news.xml": sitemap([web.url("/1"), web.url("/2")]), "/1": page("One"), "/2": page("Two")}
    made = ran(tmp_path, web.url("/news.xml"))
    rows = sorted(made.rows(), key=lambda row: row["canonical_url"])
    assert [(row["title"], row["outlet"], row["input_format"], row["version"]) for row in rows] == [
        ("Story 1", "The Post", "sitemap", 1),
        ("Story 2", "The Post", "sitemap", 1),
    ]
    assert "One paragraph 8." in rows[0]["text"] and made.feed.pages == {"fetched": 2}
    web.asked.clear()
    again = ran(tmp_path, web.url("/news.xml"), fetching=NOW)
    assert web.paths() == ["/news.xml"] and len(again.rows()) == 2


def test_no_headline_is_committed_while_its_page_is_to_come(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {"/news.xml": sitemap([web.url("/1"), web.url("/2")]), "/1": page("One"), "/2": Reply(b"", 500)}
    for _ in range(2):
        made = ran(tmp_path, web.url("/news.xml"), fetching=NOW)
        assert [row["title"] for row in made.rows()] == ["Story 1"]
    made = ran(tmp_path, web.url("/news.xml"), fetching=NOW)  # three times is enough: then there is only the headline
    assert sorted((row["title"], row["version"], len(row["text"]) > 100) for row in made.rows()) == [
        ("Story 1", 1, True),
        ("Story 2", 1, False),
    ]


def test_an_index_is_a_list(web: Loopback, tmp_path: Path) -> None:
    places = "".join(f"<sitemap><loc>{web.url(place)}</loc></sitemap>" for place in ("/a.xml", "/b.xml"))
    index = f'<?xml version="1.0"?><sitemapindex {SPACES}>{places}</sitemapindex>'
    (tmp_path / "index.xml").write_text(index, "utf-8")
    web.routes |= {"/a.xml": sitemap([web.url("/1")]), "/b.xml": sitemap([web.url("/2")]), "/1": page("One"), "/2": page("Two")}
    made = ran(tmp_path, feeds=tmp_path / "index.xml")
    assert sorted(row["canonical_url"] for row in made.rows()) == [web.url("/1"), web.url("/2")]
    web.routes["/index.xml"] = Reply(index.encode(), headers=XML)
    told = ran(tmp_path / "other", web.url("/index.xml"))
    (trouble,) = (each.trouble for each in told.outcome.account.feeds.values())
    assert trouble and "is an index of sitemaps" in trouble and web.url("/a.xml") in trouble and told.exit_code == 2


@pytest.mark.parametrize(
    ("content", "reason", "told"),
    [
        (f"<urlset {SPACES}><url><loc>https://e.org/1</loc></url></urlset>", "not_a_feed", "none of which says that it is news"),
        (f"<urlset {SPACES}/>", "not_a_feed", "without an entry"),
        (f"<urlset {SPACES}><url>", "not_a_feed", "is cut off"),
        (f"<sitemapindex {SPACES}><sitemap><loc>javascript:x</loc></sitemap></sitemapindex>", "not_a_feed", "index of sitemaps"),
        (f"<urlset {SPACES}>" + "<url>" * 100_000, "not_a_feed", "is cut off"),
        ("<urlset " + "".join(f"a{n}='x' " for n in range(100_000)) + "/>", "not_a_feed", "without an entry"),
    ],
)
def test_what_is_no_sitemap_of_news(content: str, reason: str, told: str, tmp_path: Path) -> None:
    records = read(tmp_path / "a.xml", content.encode())
    assert rejects(records) == [("source", reason)]
    assert told in next(r.item.message for r in records if isinstance(r.item, Reject))


def test_many_entries(tmp_path: Path) -> None:
    records = read(tmp_path / "a.xml", sitemap([f"https://e.org/{n}" for n in range(2100)]).body)
    assert len(articles(records)) == 2000 and ("part", "too_many") in rejects(records)


def test_whole_cut_and_flipped() -> None:
    found = begun()
    tried(list(variants(SMALL, cuts=40, flips=40)), found, file=SMALL.name)
    assert not found.wrong and found.articles > 40
