"""Full texts: pages of short entries, where robots may fetch them, once for each state of an entry."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.dataset import Dataset
from pipeline.forget import forget
from tests.loopback import Asked, Loopback, Reply
from tests.polling import INTRANET, WORDS, item, ran, rss

pytestmark = pytest.mark.usefixtures("articles_only")
XML = {"Content-Type": "application/rss+xml"}
HTML = {"Content-Type": "text/html"}


def page(of: str) -> Reply:
    body = "".join(f"<p>{of} paragraph {n}. {WORDS}</p>" for n in range(9))
    return Reply(f"<html><head><title>Story</title></head><body><article>{body}</article></body></html>".encode(), headers=HTML)


@pytest.fixture
def feeds(web: Loopback, tmp_path: Path) -> Path:
    web.routes["/f"] = Reply(rss(item(1, "Cut short…", link="/1"), item(2, "The whole of it. " + WORDS * 9, link="/2")), headers=XML)
    web.routes |= {"/1": page("One"), "/2": page("Two")}
    path = tmp_path / "feeds.toml"
    path.write_text(f"full_text = true\n[[feed]]\nurl = '{web.url('/f')}'\n")
    return path


def test_a_short_entry_takes_its_page(web: Loopback, tmp_path: Path, feeds: Path) -> None:
    made = ran(tmp_path, feeds=feeds)
    short, whole = sorted(made.rows(), key=lambda a: a["canonical_url"])
    assert "One paragraph 8." in short["text"] and short["input_format"] == "rss"
    assert "Two paragraph" not in whole["text"]
    assert (made.feed.pages, web.paths()) == ({"fetched": 1}, ["/f", "/robots.txt", "/1"])


def test_an_entry_as_it_was_is_not_fetched_again(web: Loopback, tmp_path: Path, feeds: Path) -> None:
    ran(tmp_path, feeds=feeds)
    web.asked.clear()
    web.routes["/f"] = Reply(
        web.routes["/f"].body.replace(b"</channel>", item(3, "Short too…", link="/3").encode() + b"</channel>"), headers=XML
    )
    web.routes["/3"] = page("Three")
    made = ran(tmp_path, feeds=feeds)
    assert web.paths() == ["/f", "/robots.txt", "/3"]
    total = made.outcome.account.total
    assert (total.records, total.articles, total.unchanged) == (3, 1, 2) and total.balances
    assert {a["version"] for a in made.rows()} == {1}
    web.routes["/f"] = Reply(web.routes["/f"].body.replace(b"Cut short", b"Cut shorter"), headers=XML)
    web.routes["/1"] = page("One, edited,")
    assert ran(tmp_path, feeds=feeds).articles == 1
    assert web.paths()[-1] == "/1"


@pytest.mark.parametrize("given", ["/1", "/1?utm_source=x", "/1#top"])
def test_the_address_of_a_forgotten_article_is_not_fetched(web: Loopback, tmp_path: Path, given: str) -> None:
    web.routes |= {"/1": page("One"), "/2": page("Two")}
    ran(tmp_path, [web.url("/1"), web.url("/2")])
    forget(tmp_path / "ds", url=web.url("/1"))
    web.asked.clear()
    made = ran(tmp_path, [web.url(given), web.url("/2")], recheck=True)
    assert web.paths() == ["/2"]
    told = made.outcome.account.feeds[web.url(given).partition("#")[0]]
    assert told.status == "forgotten" and told.trouble
    total = made.outcome.account.total
    assert (total.records, total.filtered, total.unchanged, made.exit_code) == (2, 1, 1, 0)
    assert all(web.url("/1") not in path.read_text("utf-8") for path in (tmp_path / "ds" / "_runs").iterdir())


@pytest.mark.hostile(56)
@pytest.mark.parametrize(
    ("rules", "pages"),
    [
        (Reply(b"User-agent: *\nDisallow: /1"), {"robots": 1}),
        (Reply(b"User-agent: factwire\nDisallow: /"), {"robots": 1}),
        (Reply(b"\xef\xbb\xbfUser-agent: *\nDisallow: /1"), {"robots": 1}),
        (Reply(b"", 503), {"robots": 1}),
        (Reply(b"User-agent: other\nDisallow: /"), {"fetched": 1}),
        (Reply(b"", 404), {"fetched": 1}),
        (Reply(b"User-agent: *\nDisallow: /" + b"*a" * 2000 + b"$"), {"fetched": 1}),
    ],
)
def test_h56_what_robots_may_not_fetch_is_counted(web: Loopback, tmp_path: Path, feeds: Path, rules: Reply, pages: dict[str, int]) -> None:
    web.routes["/robots.txt"] = rules
    made = ran(tmp_path, feeds=feeds)
    assert (made.feed.pages, made.articles, made.exit_code) == (pages, 2, 0)
    assert ("/1" in web.paths()) == ("fetched" in pages)
    assert any("Cut short" in a["text"] for a in made.rows()) == ("robots" in pages)


def test_a_page_that_fails_is_tried_three_times(web: Loopback, tmp_path: Path, feeds: Path) -> None:
    web.routes["/1"] = Reply(b"", 404)
    counts = [ran(tmp_path, feeds=feeds).feed.pages for _ in range(4)]
    assert counts == [{"failed": 1}, {"failed": 1}, {"failed": 1}, {}]
    assert web.paths().count("/1") == 3
    (marks,) = (state["entries"] for state in Dataset.open(tmp_path / "ds").feeds.values())
    assert [tries for _, tries in marks.values()] == [0]


def test_a_page_that_comes_later_is_a_version(web: Loopback, tmp_path: Path, feeds: Path) -> None:
    web.routes["/1"] = Reply(b"", 404)
    ran(tmp_path, feeds=feeds)
    web.routes["/1"] = page("One")
    made = ran(tmp_path, feeds=feeds)
    assert (made.articles, made.outcome.account.total.unchanged) == (1, 1)
    assert sorted(a["version"] for a in made.rows()) == [1, 1, 2]


def test_pages_are_limited_a_poll_and_come_in_turn(web: Loopback, tmp_path: Path, feeds: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("pipeline.fetch.pages.MOST_PAGES", 2)
    web.routes["/f"] = Reply(rss(*(item(n, f"Short {n}…", link=f"/p{n}") for n in range(5))), headers=XML | {"ETag": '"1"'})
    web.routes |= {f"/p{n}": page(f"Page {n}") for n in range(5)}
    counts = [ran(tmp_path, feeds=feeds).feed.pages for _ in range(4)]
    assert counts == [{"fetched": 2, "put_off": 3}, {"fetched": 2, "put_off": 1}, {"fetched": 1}, {}]
    assert len(web.paths()) == len([p for p in web.paths() if p in ("/f", "/robots.txt")]) + 5


def test_a_busy_host_of_pages_is_left_alone(web: Loopback, tmp_path: Path, feeds: Path) -> None:
    web.routes["/f"] = Reply(rss(*(item(n, f"Short {n}…", link=f"/p{n}") for n in range(3))), headers=XML)
    web.routes["/p0"] = Reply(b"", 429)
    made = ran(tmp_path, feeds=feeds)
    assert (made.feed.pages, made.articles) == ({"put_off": 3}, 3)


def test_secrets_of_a_feed_do_not_go_to_its_pages(web: Loopback, tmp_path: Path, feeds: Path) -> None:
    feeds.write_text(feeds.read_text().replace("//127", "//user:hunter2@127"))
    assert ran(tmp_path, feeds=feeds).feed.pages == {"fetched": 1}
    with_credentials = [a.path for a in web.asked if "authorization" in a.headers]
    assert with_credentials == ["/f"]


def test_pages_that_lead_inside_are_not_fetched(web: Loopback, tmp_path: Path, feeds: Path, monkeypatch: Any) -> None:
    seen: list[Asked] = web.asked
    web.routes["/f"] = Reply(rss(item(1, "Short…", link="http://0x7f000001:1/x")), headers=XML)
    web.routes["/robots.txt"] = Reply(b"", 404)
    made = ran(tmp_path, feeds=feeds)
    assert made.articles == 1 and [a.path for a in seen] == ["/f"]


@pytest.mark.parametrize("ask", ["due", "afresh"])
def test_the_page_of_an_entry_that_was_taken_down_is_not_asked_for(web: Loopback, tmp_path: Path, feeds: Path, ask: Any) -> None:
    made = ran(tmp_path, feeds=feeds)
    forget(made.dataset, url=web.url("/1"), article=None)
    web.asked.clear()
    entries = (item(1, "Cut short anew…", link="/1"), item(4, "Short too…", link="/4"))
    web.routes |= {"/f": Reply(rss(*entries), headers=XML), "/4": page("Four")}
    again = ran(tmp_path, feeds=feeds, fetching=replace(INTRANET, ask=ask))
    assert web.paths() == ["/f", "/robots.txt", "/4"]
    total = again.outcome.account.total
    assert (total.records, total.filtered, total.articles) == (2, 1, 1)
    assert "One paragraph" not in again.everything()


def test_nor_is_that_of_one_known_by_its_guid_alone(web: Loopback, tmp_path: Path, feeds: Path) -> None:
    both = (item(1, "Cut short…", link="/1"), item(2, "Short too…", link="/1"))  # one address for two: their guids tell them apart
    web.routes["/f"] = Reply(rss(*both), headers=XML)
    made = ran(tmp_path, feeds=feeds)
    first = min(made.rows(), key=lambda a: a["guid"])
    forget(made.dataset, url=None, article=first["article_id"])
    web.asked.clear()
    web.routes["/f"] = Reply(rss(*(each.replace("hort", "hort, edited,") for each in both)), headers=XML)
    ran(tmp_path, feeds=feeds)
    assert "/1" not in web.paths()  # it is the page of the article that was taken down, whoever names it
