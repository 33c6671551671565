"""What the next run asks: hosts that want to be left alone, feeds that are to be had whole, lists that name nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.options import UsageError
from tests.loopback import Asked, Loopback, Reply
from tests.polling import INTRANET, item, ran, rss

pytestmark = pytest.mark.usefixtures("articles_only")
XML = {"Content-Type": "application/rss+xml"}
NOW = replace(INTRANET, ask="now")


def test_recheck_asks_for_the_whole_feed(web: Loopback, tmp_path: Path) -> None:
    def conditional(asked: Asked) -> Reply:
        return Reply(status=304) if "if-none-match" in asked.headers else Reply(rss(item(1)), headers=XML | {"ETag": '"1"'})

    web.routes["/f"] = conditional
    ran(tmp_path, web.url("/f"))
    assert ran(tmp_path, web.url("/f")).feed.http == 304
    whole = ran(tmp_path, web.url("/f"), recheck=True)
    assert "if-none-match" not in web.asked[-1].headers
    assert (whole.feed.http, whole.outcome.account.total.unchanged) == (200, 1)


@pytest.mark.hostile(53)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_host_is_left_alone_in_this_run_and_the_next_though_asked_for_now(web: Loopback, tmp_path: Path, status: int) -> None:
    web.routes["/busy"] = Reply(status=status, headers={"Retry-After": "7200"})
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    addresses = [web.url("/busy"), web.url("/f")]
    made = ran(tmp_path, addresses)
    feeds = made.outcome.account.feeds
    assert [feeds[a].status for a in addresses] == ["failed", "waiting"]
    again = ran(tmp_path, addresses, fetching=NOW)
    assert {f.status for f in again.outcome.account.feeds.values()} == {"waiting"}
    assert web.paths() == ["/busy"]


@pytest.mark.hostile(38)
def test_a_redirect_that_cannot_be_followed_fails_its_feed_alone(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {
        "/long": Reply(status=301, headers={"Location": "/" + "x" * 3000}),
        "/odd": Reply(status=301, headers={"Location": "http://xn--%zz/"}),
        "/f": Reply(rss(item(1)), headers=XML),
    }
    made = ran(tmp_path, [web.url(path) for path in ("/long", "/odd", "/f")])
    assert (made.articles, made.exit_code) == (1, 2)


@pytest.mark.hostile(35)
@pytest.mark.parametrize("content", ["", "<?xml version='1.0'?><opml version='2.0'><body/></opml>", "<opml><outline text='a'/></opml>"])
def test_a_list_without_feeds_is_told(tmp_path: Path, content: str) -> None:
    listed = tmp_path / "feeds"
    listed.write_text(content)
    with pytest.raises(UsageError, match="names no feed"):
        ran(tmp_path, feeds=listed)
    assert ran(tmp_path, feeds=listed, allow_empty=True).exit_code == 0
