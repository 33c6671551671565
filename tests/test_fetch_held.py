"""Fetching where a mistake would go unseen: credentials on the way down, secrets by every name, limits at their edge, whose word counts."""

import contextlib
import datetime as dt
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpcore
import pytest

from pipeline.dataset import Dataset
from pipeline.fetch import guard, http_client, policy
from pipeline.fetch.feed_state import FeedState, key_of
from pipeline.fetch.guard import Guard
from pipeline.fetch.http_client import Client, Limits
from pipeline.fetch.policy import Bad, Good
from pipeline.fetch.turns import HostTurns
from pipeline.options import Fetching
from tests.fetching import GOOD, INSIDE_TOO, TRUST, XML, fetched, refused
from tests.loopback import Loopback, Reply, certificate, moved
from tests.polling import INTRANET, item, ran, rss
from transforms.read.clean import without_secrets
from transforms.read.web_address import canonical_url, web_address

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
AGAIN = replace(INTRANET, ask="now")


# --- credentials


class _UsualPorts(httpcore.NetworkBackend):
    """A host with the web's own ports: 443 leads to one loopback server, 80 to another."""

    def __init__(self, ports: dict[int, int]) -> None:
        self._ports = ports

    def connect_tcp(self, host: str, port: int, *args: Any, **more: Any) -> httpcore.NetworkStream:
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self._ports[port], *args)


@pytest.fixture
def both(web: Loopback, tmp_path: Path) -> Iterator[tuple[Loopback, Client]]:
    """The host 127.0.0.1 with TLS at port 443 and without at port 80, so that no port stands in its addresses."""
    path, context = certificate(tmp_path, days=30)
    safe = Loopback(context)
    trust = ssl.create_default_context(cafile=str(path))
    yield safe, Client(Guard(private=True), trust, HostTurns(0.0), dial=_UsualPorts({443: safe.port, 80: web.port}))
    safe.close()


@pytest.mark.hostile(43)
@pytest.mark.parametrize("home", ["https://u:p@127.0.0.1/down", "https://u:p@127.0.0.1:443/down"])
def test_credentials_given_for_https_do_not_go_along_to_http_on_the_same_host(
    web: Loopback, tmp_path: Path, both: tuple[Loopback, Client], home: str
) -> None:
    safe, by = both
    safe.routes["/down"] = moved("http://127.0.0.1/f")
    web.routes["/f"] = Reply(GOOD)
    assert by.fetch(home, tmp_path / "body", {}).status == 200
    assert "authorization" in safe.asked[-1].headers
    assert (web.paths(), "authorization" in web.asked[-1].headers) == (["/f"], False)


@pytest.mark.hostile(43)
def test_credentials_given_for_http_go_along_to_https_on_the_same_host(
    web: Loopback, tmp_path: Path, both: tuple[Loopback, Client]
) -> None:
    safe, by = both
    web.routes["/up"] = moved("https://127.0.0.1/f")
    safe.routes["/f"] = Reply(GOOD)
    assert by.fetch("http://u:p@127.0.0.1/up", tmp_path / "body", {}).status == 200
    assert "authorization" in safe.asked[-1].headers


@pytest.mark.hostile(42)
@pytest.mark.parametrize("name", ["key", "token", "sig", "signature", "secret", "password", "passwd", "auth"])
@pytest.mark.parametrize("written", ["{}", "client_{}", "X-Amz-{}", "user{}"])
def test_a_parameter_with_a_secret_name_is_kept_nowhere(name: str, written: str) -> None:
    for parameter in (written.format(name), written.format(name).upper(), written.format(name.capitalize())):
        address = f"https://news.example/f?a=1&{parameter}=hunter2"
        for kept in (web_address(address), canonical_url(address), key_of(address)):
            assert kept is not None
            assert "hunter2" not in kept
        assert web_address(address) == "https://news.example/f?a=1"
        assert without_secrets(f"{address} cannot be read") == f"https://news.example/f?a=1&{parameter}= cannot be read"


@pytest.mark.parametrize("name", ["keywords", "author", "signal", "secretary", "tokens", "passwords-of-the-day", "id"])
def test_a_parameter_that_only_looks_like_a_secret_is_kept(name: str) -> None:
    assert web_address(f"https://news.example/f?{name}=varga") == f"https://news.example/f?{name}=varga"


# --- limits


@pytest.mark.hostile(37)
def test_five_redirects_are_followed_and_six_are_not(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {f"/{n}": moved(f"/{n + 1}") for n in range(6)} | {"/6": Reply(GOOD)}
    assert fetched(web.url("/1"), tmp_path).status == 200
    assert web.paths() == ["/1", "/2", "/3", "/4", "/5", "/6"]
    assert refused(web.url("/0"), tmp_path).kind == "redirects"


class _Clock:
    """A clock that goes on only where a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    sleep = staticmethod(time.sleep)


class _SlowTurns:
    """A host at whose door others stand: each turn comes a minute later."""

    def __init__(self, clock: _Clock) -> None:
        self._clock = clock

    @contextlib.contextmanager
    def turn(self, host: str) -> Iterator[None]:
        self._clock.now += 60.0
        yield


def test_waiting_for_ones_turn_takes_nothing_from_the_time_of_a_fetch(
    web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = _Clock()
    monkeypatch.setattr(http_client, "time", clock)
    monkeypatch.setattr(guard, "time", clock)
    web.routes |= {"/0": moved("/1"), "/1": moved("/2"), "/2": Reply(GOOD)}
    by = Client(INSIDE_TOO, TRUST, _SlowTurns(clock), Limits(seconds=30.0))
    assert by.fetch(web.url("/0"), tmp_path / "body", {}).status == 200
    assert clock.now == 1000.0 + 3 * 60.0


# --- what servers ask for


@pytest.mark.parametrize(
    "said", ["no-store", "no-store, max-age=7200", "max-age=7200, no-store", "No-Store", "private,no-store", "no-cache"]
)
def test_what_must_not_be_stored_is_fresh_for_no_time(said: str) -> None:
    until = format_datetime(NOW + 3 * HOUR, usegmt=True)
    assert policy.freshness({"cache-control": said, "expires": until}, NOW) == dt.timedelta()


@pytest.mark.hostile(53)
@pytest.mark.parametrize("hours", [(2, 5), (5, 2), (2, 5, 3)])
def test_of_two_addresses_of_a_host_the_one_that_asked_for_the_longer_rest_counts(hours: tuple[int, ...]) -> None:
    states = [FeedState(address=f"https://news.example/{h}", wait_until=NOW + h * HOUR) for h in hours]
    assert policy.blocked_hosts(states, NOW) == {"news.example": NOW + 5 * HOUR}


def test_a_good_answer_that_asks_for_a_rest_gets_the_longer_of_rest_and_wish() -> None:
    def due(rest: int, age: int) -> dt.datetime | None:
        headers = {"retry-after": str(rest), "cache-control": f"max-age={age}"}
        good = Good(sha256="a" * 64, headers=headers, is_feed=True)
        return policy.after_good(FeedState(address="https://news.example/f"), good, now=NOW, interval=HOUR, jitter=0.0).due_at

    assert due(7200, 60) == NOW + 2 * HOUR
    assert due(60, 7200) == NOW + 2 * HOUR


# --- an address that has taken the place of another

TO = "https://new.example/feed"


def _moved() -> FeedState:
    """An address that was adopted: three good fetches led there, the last two days after the first."""
    return FeedState(address="https://old.example/feed", moved_to=TO, moved_since=NOW - 2 * DAY, moved_times=3, asked_at=NOW)


def test_an_adopted_address_that_fails_is_given_up_at_once_however_long_it_was_good() -> None:
    state = _moved()
    assert policy.adopted(state) == TO
    kept = policy.after_good(state, Good(sha256=None, headers={}, is_feed=True), now=NOW + HOUR, interval=dt.timedelta(), jitter=0.0)
    assert policy.adopted(kept) == TO  # it answers for itself: no redirect tells of it any more
    failed = policy.after_bad(kept, Bad(trouble="is not there"), now=NOW + 2 * HOUR, jitter=0.0)
    assert (failed.moved_to, failed.moved_times, policy.adopted(failed)) == (None, 0, None)
    later = replace(failed, asked_at=NOW + 30 * DAY)
    assert policy.adopted(later) is None


def test_one_that_is_not_adopted_yet_may_fail_once() -> None:
    state = replace(_moved(), moved_times=2)
    failed = policy.after_bad(state, Bad(trouble="is not there"), now=NOW + HOUR, jitter=0.0)
    assert (failed.moved_to, failed.moved_times) == (TO, 2)


@pytest.mark.hostile(54)
@pytest.mark.usefixtures("articles_only")
@pytest.mark.parametrize("gone", [Reply(status=404), Reply(b"<html><body>Buy this domain</body></html>"), moved("http://127.0.0.1:1/")])
def test_where_the_new_address_fails_the_given_one_is_asked_again(
    web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: Reply
) -> None:
    monkeypatch.setattr("pipeline.fetch.policy.MOVE_LASTS", dt.timedelta())
    web.routes |= {"/old": moved("/new"), "/new": Reply(rss(item(1)), headers=XML)}
    for _ in range(3):
        ran(tmp_path, web.url("/old"), recheck=True)
    web.asked.clear()
    web.routes |= {"/old": Reply(rss(item(1), item(2)), headers=XML), "/new": gone}
    failed = ran(tmp_path, web.url("/old"), fetching=AGAIN)
    assert (failed.feed.status, web.paths()[0]) == ("failed", "/new")
    assert "moved_to" not in Dataset.open(failed.dataset).feeds[web.url("/old")]
    web.asked.clear()
    mended = ran(tmp_path, web.url("/old"), fetching=AGAIN)
    assert (web.paths(), mended.feed.status, mended.articles) == (["/old"], "read", 1)


@pytest.mark.hostile(39, 54)
@pytest.mark.usefixtures("articles_only")
def test_a_new_address_that_leads_inside_by_now_fails_and_the_given_one_is_asked_again(
    web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever let the name of the new place go does not keep the feed: its own rules refuse it, but the given address is good."""
    monkeypatch.setattr("pipeline.fetch.policy.MOVE_LASTS", dt.timedelta())
    public = guard.is_public
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1" or public(address))
    outside = Fetching(ports=frozenset((web.port,)), feed_gap=0.0, ask="now")
    web.routes |= {"/old": moved("/new"), "/new": Reply(rss(item(1)), headers=XML)}
    for _ in range(3):
        made = ran(tmp_path, web.url("/old"), recheck=True, fetching=outside)
    states = Dataset.open(made.dataset).feeds
    inside = {web.url("/old"): states[web.url("/old")] | {"moved_to": "http://127.0.0.2/new"}}
    with monkeypatch.context() as patched:
        patched.setattr(Dataset, "feeds", inside)
        assert ran(tmp_path, web.url("/old"), fetching=outside).feed.status == "failed"
    web.asked.clear()
    web.routes["/old"] = Reply(rss(item(1), item(2)), headers=XML)
    assert ran(tmp_path, web.url("/old"), fetching=outside).articles == 1
    assert web.paths() == ["/old"]
