"""The parts of a watch by themselves: its options, its folders, its feeds, how it is stopped, what it tells systemd."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.fetch.feed_state import FeedState
from pipeline.options import Engine, RunOptions, UsageError
from pipeline.watch.folders import GROWING, Folders
from pipeline.watch.service import Service
from pipeline.watch.stopping import Stopping
from pipeline.watch.watch_options import WatchOptions, counted, duration, shown
from pipeline.watch.watched_feeds import Feeds
from tests.watching import wait_until

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
ADDRESS = "https://news.example/feed"


# --- options


@pytest.mark.parametrize(("given", "seconds"), [("1s", 1), ("30s", 30), ("5m", 300), (" 2h ", 7200), ("1d", 86400)])
def test_times_as_users_write_them(given: str, seconds: int) -> None:
    assert duration(given, "--every") == dt.timedelta(seconds=seconds)
    assert duration(shown(duration(given, "--every")), "--every").total_seconds() == seconds


@pytest.mark.parametrize("given", ["", "0s", "5", "5x", "-1m", "1.5m", "9999999s", "٣s"])
def test_what_is_no_time(given: str) -> None:
    with pytest.raises(UsageError, match="--every is a time like"):
        duration(given, "--every")


@pytest.mark.parametrize(("engine", "told"), [("dask", "reads what has an end"), ("flink", "local, DirectRunner or prism")])
def test_engines_that_cannot_watch_are_refused(engine: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        WatchOptions(run=RunOptions(sources=(ADDRESS,), output=Path("ds"), engine=Engine(name=engine)))


@pytest.mark.parametrize("engine", ["local", "DirectRunner", "prism"])
def test_engines_that_watch(engine: str) -> None:
    made = WatchOptions(run=RunOptions(sources=(ADDRESS, "in"), output=Path("ds"), engine=Engine(name=engine)))
    assert made.folders == ("in",)


def test_how_much_is_watched() -> None:
    assert counted(1, ()) == "1 feed"
    assert counted(2, ("in", "*.txt")) == "2 feeds and 2 folders or files"
    assert counted(0, ("in",)) == "1 folder or file"


# --- folders


def names(folders: Folders, now: float | None = None) -> list[str]:
    return sorted(Path(source.path).name for source in folders.look(time.time() if now is None else now).ready)


def test_a_file_is_ready_when_it_has_not_changed_for_a_while(tmp_path: Path) -> None:
    folders = Folders([str(tmp_path)], settled=5.0)
    (tmp_path / "a.txt").write_text("text")
    looked = folders.look(time.time())
    assert looked.ready == () and looked.next is not None and looked.next <= 5
    assert names(folders, time.time() + 6) == ["a.txt"]  # as if so much time had passed


def test_a_clock_that_is_ahead_holds_nothing_back_for_ever(tmp_path: Path) -> None:
    folders = Folders([str(tmp_path)], settled=0.2)
    (tmp_path / "a.txt").write_text("text")
    now = time.time() - 3600  # the file seems to be of the next hour
    assert names(folders, now) == []
    wait_until(lambda: names(folders, now) == ["a.txt"], "it is taken for whole")


def test_what_was_read_comes_again_only_when_it_changes(tmp_path: Path) -> None:
    folders = Folders([str(tmp_path)], settled=0.0)
    (tmp_path / "a.txt").write_text("text")
    assert names(folders) == ["a.txt"]
    assert names(folders) == ["a.txt"]  # it was not read yet
    folders.done(())
    assert names(folders) == []
    (tmp_path / "a.txt").write_text("texts")
    assert names(folders) == ["a.txt"]
    (tmp_path / "a.txt").unlink()
    folders.done(())
    assert names(folders) == []
    assert folders._read == {}


def test_what_has_no_end_is_looked_at_again_and_then_no_more_growing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.watch.folders.GROWING", 0.3)
    folders = Folders([str(tmp_path)], settled=0.0)
    path = tmp_path / "a.jsonl"
    path.write_text("{")
    looked = folders.look(time.time())
    assert looked.growing == {str(path)}
    folders.done({str(path)})
    assert folders.look(time.time()).ready == ()
    wait_until(lambda: names(folders) == ["a.jsonl"], "it is looked at again")
    assert folders.look(time.time()).growing == frozenset()
    folders.done(())
    assert folders.look(time.time()).next is None
    assert GROWING > 60


def test_hidden_files_and_loops_of_links(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "up").symlink_to(tmp_path)
    (tmp_path / "deep" / ".hidden.txt").write_text("text")
    (tmp_path / "deep" / "a.txt").write_text("text")
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    assert names(Folders([str(tmp_path)], settled=0.0)) == ["a.txt"]


def test_globs_and_single_files(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.jsonl"):
        (tmp_path / name).write_text("text")
    assert names(Folders([str(tmp_path / "*.txt"), str(tmp_path / "c.jsonl")], settled=0.0)) == ["a.txt", "b.txt", "c.jsonl"]
    assert names(Folders([str(tmp_path / "*.rss")], settled=0.0)) == []


def test_a_folder_that_may_not_be_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    real = os.scandir

    def scandir(path: str) -> Any:
        if path.endswith("deep"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    looked = Folders([str(tmp_path)], settled=0.0).look(time.time())
    assert looked.troubles == (f"{tmp_path / 'deep'}: cannot be looked into (Permission denied); let this user read it",)


# --- feeds


def feeds(*addresses: str, every: dt.timedelta = MINUTE) -> Feeds:
    made = Feeds(addresses, None, every)
    made.reload()
    return made


def test_feeds_are_due_by_their_states() -> None:
    made = feeds(ADDRESS, "https://other.example/feed")
    assert len(made.due(NOW, ())) == 2
    made.remember({ADDRESS: FeedState(address=ADDRESS, asked_at=NOW, due_at=NOW + 3 * MINUTE)})
    assert [feed.key for feed in made.due(NOW, ())] == ["https://other.example/feed"]
    made.asked(NOW)
    assert made.due(NOW, ()) == []
    assert made.next(NOW, ()) == NOW + MINUTE  # nothing is known of the other, and yet it was asked
    made.remember({"https://other.example/feed": FeedState(address="https://other.example/feed", off="gone")})
    assert made.next(NOW, ()) == NOW + 3 * MINUTE


def test_a_host_that_wants_to_be_left_alone_holds_all_its_feeds() -> None:
    made = feeds(ADDRESS, "https://news.example/other")
    made.remember({ADDRESS: FeedState(address=ADDRESS, wait_until=NOW + 5 * MINUTE, due_at=NOW + 5 * MINUTE)})
    assert made.due(NOW, ()) == []
    assert made.next(NOW, ()) == NOW + 5 * MINUTE


def test_what_others_asked_later_is_learnt() -> None:
    made = feeds(ADDRESS)
    made.remember({ADDRESS: FeedState(address=ADDRESS, asked_at=NOW, etag="ours")})
    made.learn({ADDRESS: {"asked_at": (NOW - MINUTE).isoformat(), "etag": "old"}})
    assert made.states[ADDRESS].etag == "ours"
    made.learn({ADDRESS: {"asked_at": (NOW + MINUTE).isoformat(), "etag": "new"}})
    assert made.states[ADDRESS].etag == "new"
    assert made.pending_as_json()[ADDRESS]["etag"] == "ours"


# --- stopping


def test_the_first_signal_asks_and_the_second_is_for_others() -> None:
    got = []
    before = signal.signal(signal.SIGTERM, lambda number, _: got.append(number))
    stopping = Stopping()
    try:
        with stopping.on_signals():
            assert not stopping.wait(0)
            os.kill(os.getpid(), signal.SIGTERM)
            assert stopping.wait(60) and got == []
            os.kill(os.getpid(), signal.SIGTERM)
            wait_until(lambda: got == [signal.SIGTERM], "the second came through")
        assert signal.getsignal(signal.SIGTERM) is not before
    finally:
        signal.signal(signal.SIGTERM, before)
        stopping.close()


def test_a_signal_ends_the_waiting() -> None:
    stopping = Stopping()
    with stopping.on_signals():
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        assert stopping.wait(3600)
    stopping.close()


# --- systemd


class Manager:
    """The socket on which systemd listens."""

    def __init__(self, path: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        self.socket.settimeout(60)

    def next(self) -> str:
        return self.socket.recv(1000).decode()

    def waiting(self) -> list[str]:
        self.socket.setblocking(False)
        found = []
        try:
            while True:
                found.append(self.next())
        except BlockingIOError:
            self.socket.settimeout(60)
        return found


@pytest.fixture(params=["/", "@"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Manager, str]]:
    address = str(tmp_path / "notify") if request.param == "/" else f"@factwire-{os.getpid()}-{tmp_path.name}"
    made = Manager("\0" + address[1:] if request.param == "@" else address)
    yield made, address
    made.socket.close()


def test_systemd_is_told(manager: tuple[Manager, str]) -> None:
    service = Service({"NOTIFY_SOCKET": manager[1]})
    service.ready()
    service.status("all\nis well")
    service.stopping()
    assert [manager[0].next() for _ in range(3)] == ["READY=1", "STATUS=all is well", "STOPPING=1"]


def test_the_watchdog_is_fed_while_the_loop_is_in_time_and_no_longer(manager: tuple[Manager, str]) -> None:
    service = Service({"NOTIFY_SOCKET": manager[1], "WATCHDOG_USEC": "200000", "WATCHDOG_PID": str(os.getpid())})
    with service.fed():
        service.allows(3600)
        assert [manager[0].next() for _ in range(3)] == ["WATCHDOG=1"] * 3  # while this waits: no thread does it
        service.allows(0)
        manager[0].waiting()
        time.sleep(0.3)
        assert manager[0].waiting() == []  # the loop hangs: it is not fed any more
        service.allows(3600)
        assert manager[0].next() == "WATCHDOG=1"
    manager[0].waiting()
    time.sleep(0.2)
    assert manager[0].waiting() == []


def test_without_systemd_nothing_is_done() -> None:
    service = Service({})
    service.ready()
    with service.fed():
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_watchdog_of_another_process_is_not_ours() -> None:
    with Service({"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "200000", "WATCHDOG_PID": "1"}).fed():
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_help_of_the_verb_loads_no_engine() -> None:
    code = "import sys; from pipeline.cli import main; c = main(['watch', '--help']); sys.exit(c or len({'apache_beam', 'spacy', 'duckdb', 'httpx'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
