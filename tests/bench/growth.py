"""What a dataset of 1,000,000 articles costs against one of 10,000: to open, to ask, and to add 500 articles to.

    python -m tests.bench.growth [--commits N] [--rounds N] [--keep FOLDER]

Both are made without the model, a commit of 1,000 articles a day, upkeep after each as a run does it; one has as many days as are asked for, the
other ten. What is added is one more day's 500 articles: all that a run does but for extraction (lock, look up what is known, stage
prepared rows, find copies, commit, upkeep). Processes of their own take turns and report their processor time; the quickest counts.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TypeVar

from pipeline.copies import clusters_staged
from pipeline.dataset import Commit, Dataset, Writer, writing
from pipeline.dataset.rewrite import rows_by_table
from pipeline.dataset.seen import seen_in
from pipeline.dataset.views import connect
from pipeline.plan import SLICE
from pipeline.upkeep import tidied
from tests.bench.prepared import Day, fill, stage

T = TypeVar("T")

FEW: Final = 10  # commits of the small dataset
A_DAY: Final = 1_000  # articles of each
ADDED: Final = SLICE
KNOWN: Final = 20  # of what is looked up was committed the day before


@dataclass(frozen=True, slots=True)
class Measured:
    """Processor time in seconds; files and bytes as they are."""

    opened: float
    asked: float  # connected, and all articles counted
    first: float  # the first commit of a process
    next: float  # the commits after it
    files: int
    in_log: int  # files in `_runs`
    bytes_of_log: int


def measured(root: Path, days: int, commits: int) -> Measured:
    """What a dataset of so many days costs this process, which has worked on another one before."""
    opened = min(_seconds(lambda: Dataset.open(root)) for _ in range(5))
    asked = min(_seconds(lambda: _count(root)) for _ in range(2))
    added = [_seconds(lambda number=number: add(root, Day.of(days + number, ADDED), Day.of(days - 1, A_DAY))) for number in range(commits)]
    log = [path for path in (root / "_runs").iterdir() if path.is_file()]
    files = len(Dataset.open(root).log.files)
    return Measured(opened, asked, added[0], min(added[1:]), files, len(log), sum(path.stat().st_size for path in log))


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _count(root: Path) -> None:
    with connect(Dataset.open(root)) as connection:
        connection.execute("SELECT count(*) FROM articles").fetchall()


def add(root: Path, day: Day, known: Day) -> None:
    """Add a day's articles as a run does."""
    run = f"added-{day.number}"
    with writing(Dataset.open(root)) as writer:
        seen_in(writer.dataset, [*day.ids, *known.ids[-KNOWN:]])
        _commit(writer, run, day)
        tidied(writer, run, day.moment)


def _commit(writer: Writer, run: str, day: Day) -> None:
    folder = writer.staging(run, "0000")
    rows = day.tables(run)
    del rows["clusters"]
    staged = stage(rows, folder)
    staged += clusters_staged(staged, folder, writer.dataset, run_id=run)
    writer.commit(Commit(run=run, slice="0000", staged=staged, rows=rows_by_table(staged), created=day.moment))


@contextlib.contextmanager
def linked(root: Path) -> Iterator[Path]:
    """A copy of a dataset for who adds to it: files that were committed are never changed, so links to them do."""
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        copy = Path(folder) / "ds"
        shutil.copytree(root, copy, copy_function=os.link)
        yield copy


def _in_a_process(root: Path, days: int, commits: int) -> Measured:
    argv = [sys.executable, "-m", "tests.bench.growth", "--measure", str(root), "--commits", str(days), "--rounds", str(commits)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def compared(commits: int, rounds: int, folder: Path) -> str:
    """Make both datasets in `folder`, if they are not there, and tell what each costs."""
    sizes = {"small": FEW, "large": commits}
    for name, days in sizes.items():
        if not (folder / name).exists():
            fill(folder / f"{name}.part", days, A_DAY)
            (folder / f"{name}.part").rename(folder / name)
    found: dict[str, list[Measured]] = {name: [] for name in sizes}
    for _ in range(rounds):
        for name, days in sizes.items():
            found[name].append(_in_a_process(folder / name, days, 4))
    small, large = (_quickest(found[name]) for name in sizes)
    lines = [f"a dataset of {commits * A_DAY:,} articles in {commits:,} commits against one of {FEW * A_DAY:,} in {FEW}:"]
    for what, told in (
        ("opened", "opening"),
        ("asked", "opening, making the views and counting all articles"),
        ("first", f"committing {ADDED} articles, all but extraction, first thing in a process"),
        ("next", f"committing {ADDED} more"),
    ):
        one, other = asdict(large)[what], asdict(small)[what]
        lines.append(f"  {told}: {one / other:.2f} times ({1000 * one:.1f} ms against {1000 * other:.1f} ms of the processor here)")
    lines.append(
        f"  {large.files:,} files of tables against {small.files:,}; {large.in_log:,} files in _runs against {small.in_log:,}, "
        f"{large.bytes_of_log >> 10:,} KB against {small.bytes_of_log >> 10:,} KB"
    )
    return "\n".join(lines)


def _quickest(found: list[Measured]) -> Measured:
    return Measured(**{name: min(asdict(each)[name] for each in found) for name in asdict(found[0])})


def main() -> None:
    """Make both, compare them, and print that; or, as one of the processes that take turns, measure one."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--commits", type=int, default=1_000)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--keep", type=Path, metavar="FOLDER", help="where the datasets are made, and found the next time")
    ap.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    a = ap.parse_args()
    if a.measure:
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder) / "warm", 2, ADDED)
            measured(Path(folder) / "warm", 2, 2)
        with linked(a.measure) as root:
            print(json.dumps(asdict(measured(root, a.commits, a.rounds))))
    elif a.keep:
        a.keep.mkdir(exist_ok=True)
        print(compared(a.commits, a.rounds, a.keep))
    else:
        with tempfile.TemporaryDirectory() as folder:
            print(compared(a.commits, a.rounds, Path(folder)))


if __name__ == "__main__":
    main()
