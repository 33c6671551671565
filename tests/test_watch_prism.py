"""A watch on Prism: the rows of runs and of the local watch, whatever is killed; what it says, and what ends it."""

import contextlib
import errno
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import plan
from pipeline.dataset import Dataset, IntegrityError, LockedError, Manifest
from pipeline.dataset.lock import LOCK
from pipeline.dataset.views import connect
from pipeline.options import Engine, RunOptions
from pipeline.run import run
from pipeline.stream.drive import PrismWatch
from tests import engines
from tests.engines import wait_for
from tests.loopback import Loopback, Reply
from tests.needs import needs
from tests.polling import INTRANET, WORDS, item, rss
from tests.scripted_feeds import NEWS, Item, Same, Shows, Site, scrolling, shows
from tests.watching import Watched, everything, rows_of, watching
from transforms import steps
from transforms.annotate import Annotated
from transforms.flow import durable

# Threads of gRPC's and Beam's that wait for Prism end in an error of their own when it ends.
pytestmark = [
    pytest.mark.engine,
    needs("prism", "proc"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]

XML = {"Content-Type": "application/rss+xml"}


@contextlib.contextmanager
def on_prism(where: Path, *sources: str) -> Iterator[Watched]:
    with watching(where, *sources, kind=PrismWatch, engine=Engine(name="prism", prism=engines.prism())) as watch:
        yield watch


def texts_of(dataset: Path) -> list[str]:
    """The committed texts, without their headlines."""
    return sorted(row["text"].split("\n\n", 1)[-1] for row in rows_of(dataset, "articles"))


def by_runs(site: Site, out: Path) -> dict[str, list[str]]:
    """The rows that runs again and again make of a site."""
    fetching = replace(INTRANET, ask="now")
    over = False
    while not over:
        over = site.told_all
        run(RunOptions(sources=tuple(site.addresses), output=out, fetching=fetching, workers=1, max_bad=1.0))
    return everything(out)


# --- the same rows


def test_the_same_history_gives_the_same_rows_by_runs_and_by_either_watch(web: Loopback, tmp_path: Path) -> None:
    runs = by_runs(Site(web, NEWS), tmp_path / "runs")
    for name, watching_it in (("local", watching), ("prism", on_prism)):
        site = Site(web, NEWS)
        with watching_it(tmp_path / name, *site.addresses) as watch:
            watch.until(lambda: site.told_all and len(watch.texts()) == len(site.articles), "all was committed")  # noqa: B023 - within the round
        assert everything(watch.dataset) == runs
    commits = Dataset.open(tmp_path / "prism" / "ds").commits
    accounts = [commit.account for commit in commits]
    assert all(a["records"] == sum(a[k] for k in ("articles", "rejects", "repeats", "unchanged", "filtered")) for a in accounts)
    assert sum(commit.rows.get("articles", 0) for commit in commits) == sum(a["articles"] for a in accounts) == len(site.articles)
    assert len({(commit.run, commit.slice) for commit in commits}) == len(commits)


def test_a_burst_goes_through_window_by_window(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """300 new entries at once, cut into parts of 100 articles, each committed by itself; polls of other feeds go on."""
    monkeypatch.setattr(plan, "SLICE", 100)
    site = Site(web, {"/burst": scrolling(300, at_once=300, shown=300), "/slow": scrolling(5, begin=300)})
    with on_prism(tmp_path, *site.addresses) as watch:
        watch.until(lambda: site.told_all and len(watch.texts()) == 305, "all was committed")
    commits = [commit for commit in Dataset.open(tmp_path / "ds").commits if commit.rows.get("articles")]
    assert max(commit.rows["articles"] for commit in commits) <= 105
    assert len(set(texts_of(tmp_path / "ds"))) == 305


def test_folders_that_fill_up_and_a_network_that_comes_late(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    real, there = socket.getaddrinfo, threading.Event()

    def resolve(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name == "news.test" and not there.is_set():
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real("127.0.0.1" if name == "news.test" else host, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    folder = tmp_path / "in"
    folder.mkdir()
    wire = folder / "wire.jsonl"

    def line(number: int) -> str:
        return json.dumps({"id": str(number), "text": f"{WORDS}Line {number}."}) + "\n"

    wire.write_text(line(1) + line(2)[:60])  # somebody is still writing
    with on_prism(tmp_path, str(folder), web.url("/f", "news.test")) as watch:
        watch.until(lambda: len(watch.texts()) == 1, "the first line was")
        wire.write_text(line(1) + line(2) + line(3))
        watch.until(lambda: len(watch.texts()) == 3, "the whole file was")
        (tmp_path / "note.txt").write_text(f"{WORDS}It came in whole.\n")
        (tmp_path / "note.txt").rename(folder / "note.txt")
        watch.until(lambda: len(watch.texts()) == 4, "the note was")
        there.set()
        watch.until(lambda: len(watch.texts()) == 5, "the feed was")
    assert any("until the network is there" in said for said in watch.heard.said)
    with connect(Dataset.open(tmp_path / "ds")) as connection:
        assert connection.sql("SELECT count(*) FROM rejects").fetchall() == [(0,)]
        assert connection.sql("SELECT max(version) FROM articles_all").fetchall() == [(1,)]
    assert {Path(uri).name for uri in Dataset.open(tmp_path / "ds").inputs} == {"wire.jsonl", "note.txt"}


def test_a_cancelled_item_is_taken_down(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()

    def put(number: int, status: str, text: str) -> None:
        ninjs = {"uri": "urn:wire:21", "version": str(number), "pubstatus": status, "body_text": text, "language": "en"}
        (folder / f"new-{number}").write_text(json.dumps(ninjs), "utf-8")
        (folder / f"new-{number}").rename(folder / f"{number}.json")

    put(1, "usable", f"{WORDS}The first.")
    with on_prism(tmp_path, str(folder)) as watch:
        watch.until(lambda: len(watch.texts()) == 1, "the item was there")
        put(2, "canceled", "")
        watch.until(lambda: not watch.texts(), "it was gone")
    dataset = Dataset.open(tmp_path / "ds")
    assert [row["reason"] for row in rows_of(tmp_path / "ds", "rejects")] == ["canceled"]
    assert any("was taken down" in said for said in watch.heard.said)
    assert {Path(uri).name for uri in dataset.inputs} >= {"2.json"}


def test_nothing_new_writes_nothing_but_states_at_the_end(web: Loopback, tmp_path: Path) -> None:
    site = Site(web, {"/f": (*scrolling(1), *[Same()] * 10)})
    with on_prism(tmp_path, *site.addresses) as watch:
        watch.until(lambda: site.told_all, "it asked often")
        assert len(Dataset.open(watch.dataset).commits) <= 1
    # The states of later looks are kept at the end, unless all looks fell into the first window.
    assert [commit.rows.get("articles", 0) for commit in Dataset.open(tmp_path / "ds").commits] in ([1, 0], [1])


# --- what ends it


def all_but_number_2(tried: steps.Tried) -> Iterable[Annotated]:
    return (each for each in steps.annotated_among(tried) if "number 2" not in (each.article.text or ""))


def test_a_step_that_loses_an_article_commits_nothing_of_its_window(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.build.annotated_among", all_but_number_2)
    site = Site(web, {"/f": scrolling(4)})
    with on_prism(tmp_path, *site.addresses) as watch:
        error = watch.ends()
    assert isinstance(error, IntegrityError)
    assert "it was not committed" in str(error)
    assert not any("number 2" in text for text in texts_of(tmp_path / "ds"))
    monkeypatch.undo()
    with on_prism(tmp_path, *site.addresses) as watch:
        watch.until(lambda: site.told_all and len(watch.texts()) == 4, "it went on where it was")


def test_a_disk_that_fails_in_the_commit_ends_it_and_costs_nothing(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reached(point: str) -> None:
        if point == "commit:moving":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere")

    monkeypatch.setattr(durable, "reached", reached)
    site = Site(web, {"/f": scrolling(3, at_once=3)})
    with on_prism(tmp_path, *site.addresses) as watch:
        error = watch.ends()
    assert isinstance(error, OSError)
    assert (error.errno, error.filename) == (errno.ENOSPC, "somewhere")
    assert texts_of(tmp_path / "ds") == []
    monkeypatch.undo()
    with on_prism(tmp_path, *site.addresses) as watch:
        watch.until(lambda: len(watch.texts()) == 3, "it went on where it was")


def test_a_lock_that_is_taken_away_ends_it(web: Loopback, tmp_path: Path) -> None:
    site = Site(web, {"/f": tuple(each for step in scrolling(60) for each in (step, *[Same()] * 20))})  # one more a second
    with on_prism(tmp_path, *site.addresses) as watch:
        watch.until(lambda: bool(watch.texts()), "the first was committed")
        with contextlib.suppress(FileNotFoundError):
            (tmp_path / "ds" / LOCK).unlink()
        assert isinstance(watch.ends(), LockedError)
    assert 1 <= len(texts_of(tmp_path / "ds")) < 60


# --- killed, and started again, as a user does it


def started(out: Path, site: Site, *more: str) -> subprocess.Popen[str]:
    given = ("-o", out, "--runner", "prism", "--every", "1s", "--window", "3s", "--allow-private", "--json", *more)
    return engines.command("watch", *site.addresses, *given, env={"FACTWIRE_PRISM": str(engines.prism())})


def on_the_way(site: Site, out: Path, process: subprocess.Popen[str], *, committed: int) -> None:
    """Wait until so many articles are committed, and others were shown that are not."""
    wait_for(lambda: process.poll() is not None or (committed <= len(texts_of(out)) < site.polls("/f")))
    assert process.poll() is None, engines.ended(process).err


def test_whatever_is_killed_nothing_is_lost_and_nothing_doubled(web: Loopback, tmp_path: Path) -> None:
    script = {"/f": tuple(shows(*step.items, Item("empty", "")) for step in scrolling(15, shown=15) if isinstance(step, Shows))}
    runs = by_runs(Site(web, script), tmp_path / "runs")
    out, site = tmp_path / "ds", Site(web, script)

    process = started(out, site)
    on_the_way(site, out, process, committed=1)
    prism = engines.named(engines.offspring(process.pid), "prism")
    assert prism
    process.kill()
    process.communicate()
    wait_for(lambda: not any(map(engines.alive, prism)))  # it ends with its driver

    before = len(texts_of(out))
    process = started(out, site)
    on_the_way(site, out, process, committed=before + 1)
    (pid,) = engines.named(engines.offspring(process.pid), "prism")
    os.kill(pid, signal.SIGKILL)
    done = engines.ended(process)
    assert done.code == 1
    assert done.err.splitlines()[-1] == "factwire: prism has ended under the watch; what was committed stays, start it again to go on"
    assert "Traceback" not in done.err

    process = started(out, site)
    wait_for(lambda: process.poll() is not None or site.told_all)
    process.send_signal(signal.SIGTERM)
    done = engines.ended(process)
    assert (done.code, "Traceback" in done.err) == (0, False), done.err
    assert len(done.err.splitlines()) == 2, done.err  # where Prism listens, and what is watched
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert sum(line["articles"] for line in lines) == len(texts_of(out)) - sum(
        c.rows.get("articles", 0) for c in commits_before(out, lines)
    )
    assert everything(out) == runs


def commits_before(out: Path, lines: list[dict[str, Any]]) -> list[Manifest]:
    """The commits of the watches that were killed."""
    return [commit for commit in Dataset.open(out).commits if commit.run != lines[0]["run"]]


@pytest.mark.parametrize("option", ["--environment_type=DOCKER", "--job_endpoint=localhost:1"])
def test_its_steps_run_in_its_own_process_and_nowhere_else(option: str, tmp_path: Path) -> None:
    done = engines.ended(engines.command("watch", "https://e.example/feed", "-o", tmp_path / "ds", "--runner", "prism", "--", option))
    assert (done.code, done.out) == (1, "")
    assert done.err == f"factwire: {option} cannot be given to a watch: its steps run in its own process, which holds the dataset's lock\n"
    assert not (tmp_path / "ds").exists()


@pytest.mark.parametrize("runner", ["dask", "flink", "FnApiRunner"])
def test_engines_that_would_never_write_are_refused(runner: str, tmp_path: Path) -> None:
    done = engines.ended(engines.command("watch", "https://e.example/feed", "-o", tmp_path / "ds", "--runner", runner))
    assert (done.code, len(done.err.splitlines())) == (1, 1), done.err
    assert not (tmp_path / "ds").exists()
