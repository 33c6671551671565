"""A poll that is told to stop: what is under way ends, what was not asked is put off, and nobody waits for his turn."""

import datetime as dt
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.fetch import lanes
from pipeline.fetch.feed_list import Feed
from pipeline.fetch.feed_state import key_of
from pipeline.fetch.poll import Poll, poll
from pipeline.fetch.turns import HostTurns, StoppedError
from tests.loopback import Asked, Loopback, Reply
from tests.polling import INTRANET, item, rss
from tests.test_fetch_pages import page
from transforms.read.feed_pages import page_texts

XML = {"Content-Type": "application/rss+xml"}
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LONG = 600.0  # seconds: a test that waits for that has failed long before


def polled(addresses: list[str], folder: Path, stop: threading.Event, *, full_text: bool = False, gap: float = LONG) -> Poll:
    fetching = replace(INTRANET, feed_gap=gap, page_gap=LONG)
    feeds = [Feed(address=address, key=key_of(address), full_text=full_text) for address in addresses]
    return poll(feeds, {}, fetching, folder=folder, now=NOW, stop=stop)


def answering(reply: Reply, then: Callable[[], None]) -> Callable[[Asked], Reply]:
    def route(_: Asked) -> Reply:
        then()
        return reply

    return route


def test_who_waits_for_his_turn_is_put_off(web: Loopback, tmp_path: Path) -> None:
    stop = threading.Event()
    web.routes |= {f"/{n}": answering(Reply(rss(item(n)), headers=XML), stop.set) for n in range(3)}
    made = polled([web.url(f"/{n}") for n in range(3)], tmp_path, stop)
    assert [p.status for p in made.polled] == ["read", "put_off", "put_off"]
    assert set(made.states({})) == {web.url("/0")}  # of the others nothing is remembered, so that they stay due
    assert web.paths() == ["/0"]


def test_nothing_is_asked_once_it_is_to_stop(web: Loopback, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    made = polled([web.url("/f")], tmp_path, stop)
    assert (made.polled[0].result, made.states({}), web.paths()) == (None, {}, [])


def test_pages_that_were_not_fetched_are_put_off(web: Loopback, tmp_path: Path) -> None:
    stop = threading.Event()
    entries = [item(n, "Cut short…", link=f"/{n}") for n in range(1, 4)]
    web.routes |= {"/f": Reply(rss(*entries), headers=XML), "/robots.txt": Reply(b"")}
    web.routes |= {f"/{n}": answering(page(f"Page {n}"), stop.set) for n in range(1, 4)}
    fetching = replace(INTRANET, page_gap=0.0)
    feed = Feed(address=web.url("/f"), key=key_of(web.url("/f")), full_text=True)
    made = poll([feed], {}, fetching, folder=tmp_path, now=NOW, stop=stop)
    (outcome,) = made.polled
    assert outcome.pages == {"fetched": 1, "put_off": 2}
    assert outcome.source is not None
    assert list(page_texts(outcome.source.pages)) == [1]
    assert sorted(tries for _, tries in (outcome.marks or {}).values()) == [0, 3, 3]


def test_a_server_that_does_not_end_is_left_to_itself(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "PATIENCE", 0.2)
    stop, end = threading.Event(), threading.Event()

    def drips(connection: socket.socket) -> None:
        stop.set()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n")
        while not end.wait(0.1):
            connection.sendall(b" ")

    web.raw["/drips"] = drips
    started = time.monotonic()
    made = polled([web.url("/drips", "127.0.0.1")], tmp_path, stop)
    end.set()
    assert time.monotonic() - started < 25  # its own deadline is 30 seconds
    assert made.polled[0].result is None
    assert made.states({}) == {}


def test_a_turn_is_not_waited_for(tmp_path: Path) -> None:
    stop = threading.Event()
    feeds = HostTurns(LONG, stop=stop)
    pages = HostTurns(LONG, feeds)
    with feeds.turn("a.test"):
        pass
    threading.Timer(0.1, stop.set).start()
    for turns in (pages, feeds):
        with pytest.raises(StoppedError), turns.turn("a.test"):
            pass
