"""`factwire watch` as a user runs it: a process of its own, signals, kills, and what it leaves; the model and all."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.dataset import Dataset
from pipeline.dataset.verify import problems_in
from schemas.tables import FACT_TABLES
from tests.loopback import Loopback
from tests.needs import needs
from tests.processes import family
from tests.scripted_feeds import NEWS, Site, scrolling
from tests.test_scripted_feeds import run_again_and_again
from tests.watching import DEADLINE, everything, rows_of, wait_until, watching

pytestmark = pytest.mark.slow


def test_the_same_history_gives_the_same_rows(web: Loopback, tmp_path: Path) -> None:
    """By `run` again and again, and by `watch`: from the same addresses, one after the other."""
    for name in ("run", "watch"):
        (tmp_path / name).mkdir()
    run_again_and_again(Site(web, NEWS), tmp_path / "run")
    site = Site(web, NEWS)
    with watching(tmp_path / "watch", *site.addresses) as watch:
        watch.until(lambda: site.told_all and len(watch.texts()) == len(site.articles), "all was committed")
    one, other = everything(tmp_path / "run" / "ds"), everything(tmp_path / "watch" / "ds")
    for table, rows in one.items():
        assert rows == other[table], table
        assert rows, table


# --- as a process


class Process:
    """`factwire watch` in a process, and a session, of its own."""

    def __init__(self, where: Path, *arguments: str, **environment: str) -> None:
        argv = [sys.executable, "-m", "pipeline", "watch", *arguments, "--output", str(where / "ds"), "--json", "--workers", "1"]
        argv += ["--allow-private", *(() if "--every" in arguments else ("--every", "1s"))]
        self.dataset = where / "ds"
        self._out, self._err = where / "out.txt", where / "err.txt"
        with self._out.open("ab") as out, self._err.open("ab") as err:
            self.process = subprocess.Popen(argv, stdout=out, stderr=err, env=os.environ | environment, start_new_session=True)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._out.read_text("utf-8").splitlines()]

    @property
    def words(self) -> str:
        return self._err.read_text("utf-8")

    def until(self, articles: int) -> None:
        """Wait until it has committed so many."""
        wait_until(lambda: len(rows_of(self.dataset, "articles")) >= articles or self.process.poll() is not None, f"{articles} articles")
        assert self.process.poll() is None, self.words

    def ends(self) -> int:
        return self.process.wait(DEADLINE)

    def children(self) -> list[int]:
        """All processes that it has started, and they."""
        return family(self.process.pid)[1:]


@contextlib.contextmanager
def started(where: Path, *arguments: str, **environment: str) -> Iterator[Process]:
    made = Process(where, *arguments, **environment)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.process.kill()
            made.process.wait()


def is_whole(dataset: Path, site: Site) -> None:
    """What the feeds have shown is there once, and the dataset is as it was committed."""
    articles = rows_of(dataset, "articles")
    assert sorted(row["text"].split("\n\n", 1)[1] for row in articles) == sorted(text for _, text in site.articles)
    assert len({row["article_id"] for row in articles}) == len(articles)
    for table in FACT_TABLES:
        ids = [row["row_id"] for row in rows_of(dataset, table)]
        assert len(ids) == len(set(ids))
    assert list(problems_in(Dataset.open(dataset))) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
def test_a_signal_ends_it_in_order(web: Loopback, tmp_path: Path, number: signal.Signals) -> None:
    site = Site(web, {"/f": scrolling(2)})
    with started(tmp_path, *site.addresses) as watch:
        watch.until(2)
        # As the keyboard does it, to all of its group; as systemd does it, to the process alone.
        os.killpg(watch.process.pid, number) if number == signal.SIGINT else watch.process.send_signal(number)
        assert watch.ends() == 0
    is_whole(watch.dataset, site)
    commits = Dataset.open(watch.dataset).commits
    assert [line["sequence"] for line in watch.lines] == [commit.sequence for commit in commits]
    first = watch.lines[0]
    assert first["articles"] == first["records"] == 1 and first["rows"]["articles"] == 1
    assert first["lag"]["poll"] > 0 and list(first["sources"]) == site.addresses
    assert watch.words.count("\n") == 1 and "small bounded runs" in watch.words


def test_a_second_signal_stops_it_hard(web: Loopback, tmp_path: Path) -> None:
    site = Site(web, {"/f": scrolling(1)})
    with started(tmp_path, *site.addresses) as watch:
        wait_until(lambda: len(watch.children()) >= 2, "a worker is loading")  # it has begun to extract
        watch.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        if watch.process.poll() is None:
            watch.process.send_signal(signal.SIGTERM)
        code = watch.ends()
    assert code == 143 or (code == 0 and rows_of(watch.dataset, "articles"))


@needs("proc")
def test_kill_9_loses_nothing_and_doubles_nothing(web: Loopback, tmp_path: Path) -> None:
    site = Site(web, {"/f": scrolling(6)})
    with started(tmp_path, *site.addresses) as watch:
        watch.until(2)
        wait_until(lambda: len(watch.children()) >= 3, "a child extracts")
        family = watch.children()
        watch.process.kill()
        watch.process.wait()
        wait_until(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in family), "its workers are gone too")
    with started(tmp_path, *site.addresses) as watch:
        watch.until(6)
        watch.process.send_signal(signal.SIGTERM)
        assert watch.ends() == 0
    is_whole(watch.dataset, site)


@needs("proc")
@pytest.mark.parametrize("which", ["worker", "child", "parser"])
def test_a_process_that_is_killed_is_one_sentence_at_most(web: Loopback, tmp_path: Path, which: str) -> None:
    site = Site(web, {"/f": scrolling(3)})
    with started(tmp_path, *site.addresses) as watch:
        watch.until(1)
        wait_until(lambda: len(_running(watch, b"engines.worker")) == 2, "the worker has a child")
        victims = _running(watch, b"parser_process" if which == "parser" else b"engines.worker")
        os.kill(victims[1 if which == "child" else 0], signal.SIGKILL)
        watch.until(3)
        watch.process.send_signal(signal.SIGTERM)
        assert watch.ends() == 0
    is_whole(watch.dataset, site)
    assert watch.words.count("it is tried again") <= 1
    assert "Traceback" not in watch.words


def _running(watch: Process, code: bytes) -> list[int]:
    """Those of its processes that run such code, in the order in which they were started: the worker, and the child that it has forked."""
    found = []
    for pid in watch.children():
        with contextlib.suppress(OSError):
            if code in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def test_systemd_sees_it_live(web: Loopback, tmp_path: Path) -> None:
    site = Site(web, {"/f": scrolling(1)})
    address = tmp_path / "notify"
    heard: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(address))
        manager.settimeout(DEADLINE)
        with started(tmp_path, *site.addresses, NOTIFY_SOCKET=str(address), WATCHDOG_USEC="400000") as watch:
            while not any(word.startswith("STATUS=last commit") for word in heard):
                heard.append(manager.recv(1000).decode())
            watch.process.send_signal(signal.SIGTERM)
            while heard[-1] != "STOPPING=1":
                heard.append(manager.recv(1000).decode())
            assert watch.ends() == 0
    assert "READY=1" in heard
    assert heard.count("WATCHDOG=1") > 3  # while the model was loaded, the main thread waited for its worker


def test_the_doctor_tells_of_it(web: Loopback, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = Site(web, {"/f": scrolling(1)})
    with started(tmp_path, *site.addresses) as watch:
        watch.until(1)
        wait_until(lambda: bool(watch.lines), "it told of it")
        assert main(["doctor", str(watch.dataset)]) == 0
        assert f"a watch (process {watch.process.pid}" in (shown := capsys.readouterr().out)
        assert "its last commit was at" in shown
        watch.process.kill()
        watch.process.wait()
    assert main(["doctor", str(watch.dataset)]) == 1
    assert "is dead" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["https://news.example/f", "--runner", "dask"], "reads what has an end"),
        (["https://news.example/f", "--runner", "flink"], "watch runs on local"),
        ([], "no source given"),
        (["no-such-folder"], "no such file or folder"),
        (["https://news.example/f", "--every", "soon"], "--every is a time like"),
        (["gs://bucket/news/*"], "of this machine"),
        (["--feeds", "no-such-list.opml"], "no-such-list.opml"),
    ],
)
def test_what_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert main(["watch", *arguments, "--output", str(tmp_path / "ds")]) == 1
    shown = capsys.readouterr().err
    assert told in shown and shown.count("\n") == 1
    assert not (tmp_path / "ds").exists()
