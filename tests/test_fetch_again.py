"""What the next run asks: hosts that want to be left alone, feeds that are to be had whole, lists that name nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.fetch import guard
from pipeline.options import Fetching, UsageError
from tests.loopback import Asked, Loopback, Reply, moved
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


def _opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's address as one of the open Internet; all others stay what they are."""
    real = guard.is_public
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1" or real(address))


@pytest.mark.hostile(37, 38, 39)
@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("http://127.0.0.2/feed", "no public address"),
        ("http://169.254.169.254/latest/meta-data/", "no public address"),
        ("http://127.0.0.1:22/", "port 22"),
        ("file:///etc/passwd", "only http and https"),
        ("/f", "in a circle"),
        ("/further", "more than 5 times"),
        ("http://e.org/" + "x" * 3000, "cannot be kept"),
    ],
)
def test_a_redirect_to_where_we_do_not_go_is_followed_again_only_after_a_pause(
    web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str, said: str
) -> None:
    _opened(monkeypatch)
    outside = Fetching(ports=frozenset((web.port,)), feed_gap=0.0)
    web.routes |= {"/f": moved(to), "/further": moved("/1")} | {f"/{n}": moved(f"/{n + 1}") for n in range(1, 9)}
    first = ran(tmp_path, web.url("/f"), fetching=outside)
    assert (first.exit_code, first.feed.status) == (2, "failed")
    assert said in (first.feed.trouble or "")
    asked = len(web.asked)
    again = ran(tmp_path, web.url("/f"), fetching=outside)
    assert (len(web.asked), again.feed.status, again.feed.trouble) == (asked, "not_due", first.feed.trouble)
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    mended = ran(tmp_path, web.url("/f"), fetching=replace(outside, ask="now"))
    assert (mended.exit_code, mended.articles) == (0, 1)


def test_an_address_that_our_own_rules_refuse_is_asked_as_soon_as_they_allow_it(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    assert ran(tmp_path, web.url("/f"), fetching=Fetching(feed_gap=0.0)).feed.status == "refused"
    assert web.asked == []
    assert ran(tmp_path, web.url("/f")).articles == 1


def test_a_network_that_sends_all_to_its_login_page_inside_is_no_fault_of_the_feeds(
    web: Loopback, tmp_path: Path, names: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    _opened(monkeypatch)
    outside = Fetching(ports=frozenset((web.port,)), feed_gap=0.0)
    web.routes["/f"] = moved("http://127.0.0.2/login", 302)
    addresses = [web.url("/f", f"h{n}.test") for n in range(6)]
    made = ran(tmp_path, addresses, fetching=outside)
    assert (made.exit_code, made.outcome.committed) == (2, False)
    assert any("network that wants a login" in note for note in made.outcome.account.notes)
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    assert ran(tmp_path, addresses, fetching=outside).articles == 1
