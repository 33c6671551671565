"""Break a child at a chosen or a random moment, let the next run mend it, and look whether anything is lost or doubled."""

import contextlib
import datetime as dt
import multiprocessing
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from pipeline.dataset import Dataset, DatasetError
from pipeline.dataset.verify import problems_in
from schemas.tables import TABLES
from tests.torture.work import TAKEN_FROM, Fault, arrange, commit_and_tidy, commit_often, kill, work

NOON: Final = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

# Points that are met only by the run after a crash, and where that crash must be.
_PATIENCE: Final = 300  # seconds; a run takes one, but on a busy machine it may wait its turn
AFTER_A_CRASH: Final = {"finish:dropping": "commit:made", "forget:dropping": "commit:moved"}

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.torture.work"])


def _child(root: Path, run: str, started: dt.datetime, fault: Fault | None, longest: int | None, begun: Event) -> None:
    arrange(fault, [])
    if longest is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails instead
        resource.setrlimit(resource.RLIMIT_FSIZE, (longest, longest))
    begun.set()
    try:
        work(root, run, started)
    except DatasetError as error:
        sys.exit(error.exit_code)
    except OSError:
        sys.exit(1)


def start(
    root: Path, run: str, *, started: dt.datetime = NOON, fault: Fault | None = None, longest: int | None = None
) -> ForkServerProcess:
    """Start a run in a process of its own, and return when it begins to work. No file of it may be longer than `longest` bytes."""
    begun = _FORKS.Event()
    child = _FORKS.Process(target=_child, args=(root, run, started, fault, longest, begun))
    child.start()
    begun.wait(60)
    return child


def start_committing(root: Path, times: int) -> ForkServerProcess:
    """Start a process that makes many small commits."""
    child = _FORKS.Process(target=commit_often, args=(root, times))
    child.start()
    return child


def start_tidying(root: Path, times: int, grace: int) -> ForkServerProcess:
    """Start a process that makes many small commits and merges their files, which stay for so many seconds."""
    child = _FORKS.Process(target=commit_and_tidy, args=(root, times, grace))
    child.start()
    return child


def finish(child: ForkServerProcess) -> int:
    """Wait for a run; its exit code, negative for a signal."""
    child.join(_PATIENCE)
    if child.exitcode is None:
        child.kill()
        raise TimeoutError(f"a run did not end within {_PATIENCE} seconds")
    return child.exitcode


@contextlib.contextmanager
def scratch(base: Path | None = None) -> Iterator[Path]:
    """A folder for one dataset, deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="factwire-torture-", dir=base))
    try:
        yield folder / "out"
    finally:
        shutil.rmtree(folder)


def rows_on_disk(root: Path, varying: Collection[str] = ("run_id",)) -> dict[str, Counter[str]]:
    """The rows of each table as a plain glob finds them, without the columns in which two runs may differ."""
    found: dict[str, Counter[str]] = {}
    for table in TABLES:
        paths = [p for p in root.glob(f"{table}/**/*.parquet") if not p.name.startswith(".")]
        found[table] = Counter(repr(row | dict.fromkeys(varying)) for path in paths for row in pq.ParquetFile(path).read().to_pylist())
    return found


def complaints(
    root: Path, expected: dict[str, Counter[str]], rows_of: Callable[[Path], dict[str, Counter[str]]] = rows_on_disk
) -> list[str]:
    """What is wrong with a dataset after its last, undisturbed run; `rows_of` gives the rows that are as expected."""
    found = list(problems_in(Dataset.open(root)))
    for table, rows in rows_of(root).items():
        if lost := (expected[table] - rows).total():
            found.append(f"{table}: {lost} rows lost")
        if extra := (rows - expected[table]).total():
            found.append(f"{table}: {extra} rows doubled or made up")
    known = {"_index", "_lock", "_runs", "_staging", *TABLES}
    found += [
        f"{path.name}: tells of what was forgotten" for path in (root / "_runs").iterdir() if TAKEN_FROM.encode() in path.read_bytes()
    ]
    found += [f"{path.name}: left behind" for path in root.iterdir() if path.name not in known]
    found += [f"{path}: left in staging" for path in (root / "_staging").rglob("*")]
    found += [f"{path}: left half written" for path in root.rglob(".*")]
    return found


@dataclass(frozen=True)
class Undisturbed:
    """What a run does when nothing happens: its rows, how often it reaches each point, and how long it takes."""

    rows: dict[str, Counter[str]]
    reached: Counter[str]
    seconds: float


def undisturbed(base: Path | None = None) -> Undisturbed:
    """Make a run in peace, once more to see that it adds nothing, and once to see which points it passes."""
    with scratch(base) as root:
        if finish(start(root, "peace")):
            raise RuntimeError("the undisturbed run failed")
        rows = rows_on_disk(root)
        finish(start(root, "again"))
        if wrong := complaints(root, rows):
            raise RuntimeError(f"the undisturbed run left: {wrong}")
    with scratch(base) as root:
        records: SimpleQueue[tuple[list[str], float]] = _FORKS.SimpleQueue()
        child = _FORKS.Process(target=_record, args=(root, records))
        child.start()
        met, seconds = records.get()
        finish(child)
    return Undisturbed(rows, Counter(met), seconds)


def _record(root: Path, records: "SimpleQueue[tuple[list[str], float]]") -> None:
    met: list[str] = []
    arrange(None, met)
    began = time.monotonic()
    work(root, "recorded", NOON)
    records.put((met, time.monotonic() - began))


def at_point(point: str, peace: Undisturbed, dice: random.Random, base: Path | None = None) -> list[str]:
    """Kill a run at a named point, at one of the times that it gets there, and judge what the next run leaves."""
    with scratch(base) as root:
        first = AFTER_A_CRASH.get(point)
        if first:
            # The last of these commits is the one that removes files, and the only one that adds them to many tables.
            expect_killed(root, "broken-0", Fault(first, peace.reached[first], kill))
        nth = 1 if first else dice.randint(1, peace.reached[point])
        expect_killed(root, "broken-1", Fault(point, nth, kill))
        return _after(root, peace)


def expect_killed(root: Path, run: str, fault: Fault) -> None:
    """Run until the fault; that it is never reached is an error of the harness."""
    if (code := finish(start(root, run, fault=fault))) >= 0:
        raise RuntimeError(f"{fault.point} was not reached for the {fault.nth}. time: exit code {code}")


def at_random(peace: Undisturbed, dice: random.Random, base: Path | None = None, deaths: Counter[int] | None = None) -> list[str]:
    """Kill one to three runs in a row at random moments, then judge what the next one leaves.

    `deaths` counts the commits that there were when the last of them died.
    """
    with scratch(base) as root:
        for number in range(dice.choice((1, 1, 2, 3))):
            child = start(root, f"broken-{number}", started=NOON + dt.timedelta(days=dice.randint(-400, 400)))
            time.sleep(dice.uniform(0, peace.seconds))
            child.kill()
            child.join()
        if deaths is not None:
            deaths[_commits(root)] += 1
        return _after(root, peace)


def at_damage(peace: Undisturbed, dice: random.Random, base: Path | None = None) -> list[str]:
    """Kill a run at a random moment, then damage one of its manifests and its checkpoint.

    The checkpoint is a copy, to be made again; the manifest must be refused by its name, and nothing may be done before it is
    restored.
    """
    with scratch(base) as root:
        child = start(root, "broken")
        time.sleep(dice.uniform(0, peace.seconds))
        child.kill()
        child.join()
        found = []
        for path in root.glob("_runs/checkpoint-*.json"):
            path.write_bytes(path.read_bytes()[: dice.randint(0, 200)])
        if only := sorted(root.glob("_runs/[0f]*.json")):
            victim = dice.choice(only)
            whole = victim.read_bytes()
            victim.write_bytes(whole[: dice.randrange(len(whole))])
            if not finish(start(root, "refused")):
                found.append(f"{victim.name} was cut short and nobody said so")
            victim.write_bytes(whole)
        return found + _after(root, peace)


def at_limit(peace: Undisturbed, dice: random.Random, base: Path | None = None) -> list[str]:
    """Run where no file may grow past a random size (the kernel fails the write), then without that limit."""
    with scratch(base) as root:
        code = finish(start(root, "limited", longest=dice.randint(1, 16_000)))
        return ([] if code >= 0 else [f"a write that failed ended the run with signal {-code}"]) + _after(root, peace)


def _commits(root: Path) -> int:
    """The commits of a dataset as a reader finds it before anything is mended."""
    return Dataset.open(root).log.sequence if (root / "_runs").is_dir() else 0


def _after(root: Path, peace: Undisturbed) -> list[str]:
    if code := finish(start(root, "mended")):
        return [f"the next run ended with {code}"]
    return complaints(root, peace.rows)
