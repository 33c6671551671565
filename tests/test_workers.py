"""Workers: what they are dealt, and what happens when one is killed or the run that waits for them is stopped."""

import _thread
import datetime as dt
import functools
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dataset import Dataset
from pipeline.engines import local as workers
from pipeline.engines import worker
from pipeline.engines.execute import WorkerLostError
from pipeline.engines.worker import Order
from pipeline.graph import Graph
from pipeline.trouble import explained
from tests.needs import needs
from tests.test_run import rows_of, started, written
from transforms.annotate.language import _identifier, detected
from transforms.flow.take import FromDataset, FromSource, Take
from transforms.read import Defaults, Source

NOW = dt.datetime(2024, 5, 7, tzinfo=dt.UTC)
NUMBERS = st.lists(st.integers(1, 99), unique=True, max_size=9)


def entries_of(take: Take) -> Counter[object]:
    if isinstance(take, FromDataset):
        return Counter((take.path, *article) for article in take.articles)
    return Counter((take.source.uri, *version) for version in take.versions) + Counter((take.source.uri, at) for at in take.rejects)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6), st.integers(1, 5))
def test_shares_hold_every_entry_once_and_articles_evenly(given: list[tuple[list[int], list[int]]], over: int) -> None:
    takes: list[Take] = [
        FromSource(Source(f"{i}.jsonl", "."), Defaults(NOW), tuple((at, 1) for at in articles), tuple((at, "bad_json") for at in rejects))
        for i, (articles, rejects) in enumerate(given)
    ]
    takes.append(FromDataset("articles/x.parquet", (("a", 1), ("b", 2))))
    count = sum(take.count for take in takes)
    shares = Graph(tuple(takes), count, "m", "full", Path("s"), "r").shares(over)
    assert sum((entries_of(t) for s in shares for t in s.takes), Counter()) == sum(map(entries_of, takes), Counter())
    assert sum(s.articles for s in shares) == count
    assert len({s.share for s in shares}) == len(shares) <= over
    assert all(s.articles in (count // over, -(-count // over)) for s in shares) or len(shares) < over


def test_a_worker_loads_beam_and_spacy_without_clients_and_commands_that_can_be_loaded_later() -> None:
    code = """
import sys
from pipeline.engines import lean
lean.load()
loaded = {"apache_beam", "spacy"} <= set(sys.modules) and not {"boto3", "pymongo", "jinja2", "spacy.cli"} & set(sys.modules)
loaded = loaded and not {"langcodes.data_dicts", "apache_beam.io.gcp.bigquery"} & set(sys.modules)
import pymongo, spacy.cli
sys.exit(not (loaded and pymongo.MongoClient and spacy.cli.info and spacy.util.find_matching_language("no") == "nb"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), "nobody is told of what is left out"


def child_of(pid: int) -> int:
    """The process that a worker has forked; waits for it."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if found := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            return int(found[0])
        time.sleep(0.01)
    raise TimeoutError("the worker forked no child")


def when_a_child_works(then: Callable[[int], None], seen: list[int]) -> threading.Thread:
    """Do something as soon as the first worker has a child; the thread that waits for it."""

    def waits() -> None:
        while not workers._standing:
            time.sleep(0.01)
        seen.append(child_of(workers._standing[0].process.pid))
        then(seen[0])

    thread = threading.Thread(target=waits)
    thread.start()
    return thread


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


@needs("proc")
@pytest.mark.parametrize(("number", "said"), [(signal.SIGKILL, "want of memory"), (signal.SIGSEGV, "(Segmentation fault)")])
def test_a_worker_that_is_killed_ends_the_run_in_a_sentence_and_the_next_one_does_it_all(tmp_path: Path, number: int, said: str) -> None:
    source = written(tmp_path)
    thread = when_a_child_works(lambda pid: os.kill(pid, number), [])
    with pytest.raises(WorkerLostError) as lost:
        started(source, tmp_path / "ds")
    thread.join()
    known = explained(lost.value)
    assert known is not None
    assert known[1] == 1
    assert said in known[0]
    assert f"5 articles, from record 1 of {source} to record 5 of {source}" in known[0]
    assert not Dataset.open(tmp_path / "ds").commits
    started(source, tmp_path / "ds")
    assert len(rows_of(tmp_path / "ds", "articles")) == 5


@needs("proc")
def test_a_run_that_is_stopped_takes_its_workers_along(tmp_path: Path) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    seen: list[int] = []
    thread = when_a_child_works(lambda _: _thread.interrupt_main(), seen)
    with pytest.raises(KeyboardInterrupt):
        started(written(tmp_path), tmp_path / "ds")
    thread.join()
    assert gone(seen[0])
    assert not workers._standing


def test_a_fork_of_the_run_leaves_the_workers_to_their_owner(tmp_path: Path) -> None:
    source = written(tmp_path)
    started(source, tmp_path / "ds")
    child = os.fork()
    if not child:
        os._exit(len(workers._standing))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert workers._standing[0].stands_by
    started(source, tmp_path / "again")
    assert rows_of(tmp_path / "again", "figures") == rows_of(tmp_path / "ds", "figures")


class AsksAfter:
    """A way that runs nothing, but asks in which language a text is."""

    def __init__(self, text: str) -> None:
        self.text = text

    def ready(self, graph: Graph) -> "AsksAfter":
        return self

    def over(self, graph: Graph) -> None:
        detected(self.text)


def test_a_worker_loads_the_detector_for_children_once_one_has_asked_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr("transforms.annotate.language._identifier", functools.cache(lambda: loaded.append("here") or _identifier()))
    monkeypatch.setattr(worker, "_asked_detector", [False])
    graph, (driver, _) = Graph((), 0, "m", "full", tmp_path, "r"), multiprocessing.Pipe()
    plain = Order(graph, AsksAfter("The minister said that the bridge would be closed."))
    for order, so_far in (
        (plain, 0),
        (plain, 0),
        (Order(graph, AsksAfter("Der Minister sagt, die Brücke sei zu.")), 0),
        (plain, 1),
        (plain, 1),
    ):
        assert worker._answer(order, driver) is None
        assert len(loaded) == so_far


def test_the_ends_of_what_a_worker_had_are_named() -> None:
    assert FromDataset("x.parquet", (("a", 1), ("b", 2))).ends == ("article a", "article b")
    assert FromSource(Source("n.jsonl", "."), Defaults(NOW), ((7, 1), (9, 1)), rejects=((2, "bad_json"),)).ends == (
        "record 2 of n.jsonl",
        "record 9 of n.jsonl",
    )
