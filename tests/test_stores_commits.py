"""Commits to an object store: killed at every point at which that matters there, two writers at once, lists that lag.

The same small run as on a disk (`tests.torture.work`): its rows there are what is expected here. Points that lie on the mirror alone, which
ends with its process, are met by the tests of the disk.
"""

import datetime as dt
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest

from pipeline.dataset import Dataset, DatasetError, LockedError, StoreError, writing
from pipeline.dataset.stores import open_mirrors
from pipeline.dataset.stores.mirror import name_of
from pipeline.dataset.stores.store import Store
from tests.object_store import BUCKET, Server, complaints, rows_in, serving
from tests.torture.harness import _FORKS, NOON, finish
from tests.torture.prepared_rows import article, commit_rows
from tests.torture.work import Failure, Fault, arrange, kill, put_back, work

pytestmark = pytest.mark.service

POINTS = (
    "intent:put",
    "commit:putting",
    "commit:put",
    "commit:created",
    "commit:made",
    "head:uploaded",
    "head:turned",
    "remove:dropping",
    "finish:dropping",
    "forget:dropping",
)
LOCAL = ("stage", "checkpoint", "part", "fold", "index", "clear")
AFTER_A_CRASH = {"forget:dropping": "commit:put"}  # points that are met only by the run after a crash, and where that crash must be


def stand_still() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _child(environment: dict[str, str], root: Path, run: str, fault: Fault | None, begun: Event) -> None:
    os.environ.update(environment)
    arrange(fault, [])
    begun.set()
    try:
        work(root, run, NOON)
    except DatasetError as error:
        os._exit(error.exit_code)
    os._exit(0)


def start(server: Server, root: Path, run: str, fault: Fault | None = None) -> ForkServerProcess:
    """Start a run in a process of its own, and return when it begins to work."""
    begun = _FORKS.Event()
    child = _FORKS.Process(target=_child, args=(server.environment(), root, run, fault, begun))
    child.start()
    begun.wait(120)
    return child


def complete(server: Server, root: Path, run: str, fault: Fault | None = None) -> int:
    return finish(start(server, root, run, fault))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


@pytest.fixture(autouse=True)
def in_this_process(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way to the server, no mirror of another test, and what `arrange` changes put back afterwards."""
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(open_mirrors, "_mirrors", {})
    put_back(monkeypatch)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Counter[str]]:
    """The rows of the same run on a disk."""
    folder = tmp_path_factory.mktemp("disk") / "out"
    with pytest.MonkeyPatch.context() as patch:  # it comes before what each test puts back
        put_back(patch)
        arrange(None, [])
        work(folder, "disk", NOON)
    return rows_in(folder)


@pytest.fixture
def root(request: pytest.FixtureRequest) -> Path:
    return Path(f"s3://{BUCKET}") / re.sub("[^a-z0-9]+", "-", request.node.name)


def test_the_rows_of_a_disk(server: Server, root: Path, expected: dict[str, Counter[str]]) -> None:
    met: list[str] = []
    arrange(None, met)
    work(root, "peace", NOON)
    assert complaints(server, root, expected) == []
    assert {point for point in met if point.partition(":")[0] not in LOCAL} == set(POINTS) - AFTER_A_CRASH.keys()
    arrange(None, again := [])
    work(root, "again", NOON)
    assert "commit:made" not in again
    assert complaints(server, root, expected) == []


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.slow
def test_killed_at_a_point(server: Server, root: Path, expected: dict[str, Counter[str]], point: str) -> None:
    nth = random.Random(point).randint(1, 2)
    for number, at in enumerate([*([AFTER_A_CRASH[point]] if point in AFTER_A_CRASH else ()), point]):
        assert complete(server, root, f"broken-{number}", Fault(at, 1 if point in AFTER_A_CRASH else nth, kill)) == -signal.SIGKILL
        with pytest.raises(LockedError, match=r"process \d+ on .* is writing to it; try again when it has ended"):
            work(root, "too-early", NOON)
        server.age_lease(root)
    arrange(None, [])
    work(root, "mended", NOON)
    assert complaints(server, root, expected) == []


@pytest.mark.slow
def test_two_runs_race(server: Server, root: Path, expected: dict[str, Counter[str]]) -> None:
    runs = [start(server, root, f"racer-{number}") for number in range(2)]
    codes = sorted(finish(each) for each in runs)
    assert codes in ([0, 75], [0, 0])  # the second one may have come when the first had ended
    assert complaints(server, root, expected) == []


@pytest.mark.parametrize("point", ["commit:putting", "commit:put", "commit:created", "head:uploaded"])
@pytest.mark.slow
def test_a_writer_that_wakes_up_after_another_has_taken_over(
    server: Server, root: Path, expected: dict[str, Counter[str]], point: str
) -> None:
    """It was asleep for longer than its lease: what it goes on with must neither be committed nor do harm."""
    sleeper = start(server, root, "sleeper", Fault(point, 1, stand_still))
    _until_stopped(sleeper)
    server.age_lease(root)
    arrange(None, [])
    work(root, "awake", NOON)
    assert complaints(server, root, expected) == []
    before = [key for key in server.keys(root) if not key.startswith("_staging")]
    os.kill(sleeper.pid or 0, signal.SIGCONT)
    assert finish(sleeper) == 75
    assert complaints(server, root, expected) == []
    assert [key for key in server.keys(root) if not key.startswith("_staging")] == before


def _until_stopped(child: ForkServerProcess) -> None:
    """Wait until a process stands still."""
    for _ in range(1200):
        if Path(f"/proc/{child.pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "T":
            return
        time.sleep(0.1)
    pytest.fail("the run never came to the point")


class Lagging:
    """Lists that show a key only some seconds after it was first there."""

    def __init__(self, seconds: float) -> None:
        self._first: dict[str, float] = {}
        self._seconds = seconds
        self.hidden = 0

    def of(self, names: list[str]) -> list[str]:
        now = time.monotonic()
        shown = [name for name in names if now - self._first.setdefault(name, now) >= self._seconds]
        self.hidden += len(names) - len(shown)
        return shown


def test_lists_that_lag(server: Server, root: Path, expected: dict[str, Counter[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """New keys are not listed for a minute: each commit is read all the same, by another process with an empty mirror too."""
    lag, names, some = Lagging(60), Store.names, Store.some_names
    with monkeypatch.context() as patched:
        patched.setattr(Store, "names", lambda self, below=None: lag.of(names(self, below)))
        patched.setattr(Store, "some_names", lambda self: lag.of(some(self)))
        arrange(None, met := [])
        work(root, "first", NOON)
        commits = met.count("commit:made")
        open_mirrors._mirrors.clear()
        assert rows_in(root) == expected
        arrange(None, met)
        work(root, "second", NOON)
        assert met.count("commit:made") == commits
    assert lag.hidden > 10
    assert Dataset.open(root).log.sequence == commits
    assert [problem for problem in complaints(server, root, expected) if not problem.startswith("_runs")] == []


@pytest.mark.parametrize("point", ["commit:putting", "commit:put", "commit:made", "head:uploaded"])
def test_a_run_that_fails_at_a_point(server: Server, root: Path, expected: dict[str, Counter[str]], point: str) -> None:
    arrange(Fault(point, 2, Failure(5)), [])
    with pytest.raises(OSError, match="Input/output"):
        work(root, "broken", NOON)
    arrange(None, [])
    work(root, "mended", NOON)
    assert complaints(server, root, expected) == []


def test_a_store_that_fails_in_mid_commit(server: Server, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the manifest came through is not known then: nothing is deleted before that is settled."""
    create = Store.create

    def lost(self: Store, key: str, data: bytes) -> Any:
        made = create(self, key, data)
        if key.endswith(name_of(2)):
            monkeypatch.setattr(Store, "create", create)
            raise StoreError("the answer was lost")
        return made

    with pytest.raises(StoreError, match="the answer was lost"), writing(Dataset.create(root)) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)]})
        monkeypatch.setattr(Store, "create", lost)
        commit_rows(writer, "r", "1", {"articles": [article(2)]})
    assert rows_in(root)["articles"].total() == 2
    with writing(Dataset.open(root)) as writer:
        assert commit_rows(writer, "r", "1", {"articles": [article(2)]}).sequence == 2
    assert complaints(server, root, rows_in(root)) == []


def test_a_writer_without_its_lease_commits_nothing(server: Server, root: Path) -> None:
    with pytest.raises(LockedError, match="another has taken it"), writing(Dataset.create(root)) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)]})
        server.put(root, "_lock.json", b"{}")
        commit_rows(writer, "r", "1", {"articles": [article(2)]})
    assert rows_in(root)["articles"].total() == 1


def test_a_manifest_that_is_gone_is_told_by_its_name(server: Server, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.dataset.writer.FOLD_EVERY", 128)
    monkeypatch.setattr("pipeline.dataset.writer.CHECKPOINT_EVERY", 32)
    with writing(Dataset.create(root)) as writer:
        for number in range(3):
            commit_rows(writer, "r", str(number), {"articles": [article(number)]}, created=dt.datetime.now(dt.UTC))
    server.client.delete_object(Bucket=BUCKET, Key=f"{root.name}/_runs/{name_of(1)}")
    open_mirrors._mirrors.clear()
    with pytest.raises(DatasetError, match=name_of(1)):
        Dataset.open(root)


def test_what_a_reader_sees_does_not_help_a_writer_that_lost_its_lease(server: Server, root: Path) -> None:
    """Both share a mirror: were the reader's look at the head the writer's too, it would put back what another has folded meanwhile."""
    with pytest.raises(LockedError, match="another run has changed it meanwhile"), writing(Dataset.create(root)) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)]})
        mine = dict(open_mirrors._mirrors)
        open_mirrors._mirrors.clear()
        server.age_lease(root)
        with writing(Dataset.open(root)) as other:
            for number in range(2, 5):
                commit_rows(other, "other", str(number), {"articles": [article(number)]})
            other.fold()
        open_mirrors._mirrors.clear()
        open_mirrors._mirrors.update(mine)
        assert Dataset.open(root).log.sequence == 5  # one of them shut the first writer out
        writer.home.keep(writer.dataset.log)
    open_mirrors._mirrors.clear()
    assert rows_in(root)["articles"].total() == 4
