"""The scripted feeds themselves: they go on by requests, answer honestly, and `run` again and again sees all of what they show."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.loopback import Asked, Loopback
from tests.polling import INTRANET, Ran, ran
from tests.scripted_feeds import NEWS, Busy, Moved, Same, Site, item, scrolling, shows

DEADLINE = 120.0  # seconds


def ask(site: Site, path: str, tag: str = "") -> tuple[int, str]:
    reply = site.server.routes[path](Asked(path, {"if-none-match": tag}, 0.0))  # type: ignore[operator]
    return reply.status, reply.headers.get("ETag", "")


def test_each_request_is_one_step(web: Loopback) -> None:
    one, two = item(1, "One."), item(2, "Two.")
    site = Site(web, {"/f": (shows(one), Same(), Busy(), shows(two, one), Moved("/g")), "/g": (shows(two),)})
    assert site.addresses == [web.url("/f")]
    status, tag = ask(site, "/f")
    assert status == 200
    assert ask(site, "/f", tag) == (304, tag)
    assert ask(site, "/f", tag)[0] == 503
    assert ask(site, "/f", tag)[0] == 200
    assert not site.told_all
    assert [ask(site, "/f")[0] for _ in range(3)] == [301, 301, 301]
    assert ask(site, "/g")[0] == 200
    assert site.told_all
    assert site.polls("/f") == 7


def test_a_feed_that_scrolls_shows_each_entry_some_time() -> None:
    steps = scrolling(7, at_once=2, shown=3)
    assert [[each.name for each in step.items] for step in steps] == [["1", "0"], ["3", "2", "1"], ["5", "4", "3"]]


def run_again_and_again(site: Site, where: Path) -> Ran:
    """`factwire run` until the feeds have shown all; hosts that want to be left alone are."""
    fetching = replace(INTRANET, ask="now")
    deadline = time.monotonic() + DEADLINE
    while not site.told_all:
        assert time.monotonic() < deadline
        ran(where, site.addresses, fetching=fetching)
    return ran(where, site.addresses, fetching=fetching)


@pytest.mark.usefixtures("articles_only")
def test_runs_hold_all_that_was_shown(web: Loopback, tmp_path: Path) -> None:
    site = Site(web, NEWS)
    made = run_again_and_again(site, tmp_path)
    assert {(row["canonical_url"] or row["feed_url"], row["text"].split("\n\n", 1)[1]) for row in made.rows()} == {
        (address if "/" in address else web.url("/world"), text) for address, text in site.articles
    }
    assert sorted(row["version"] for row in made.rows() if row["canonical_url"] == "https://paper.example/2") == [1, 2, 3]
    assert sorted(row["reason"] for row in made.rows("rejects")) == ["bad_date", "empty_text"]
