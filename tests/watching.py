"""A watch in a thread of the test: what it said, what it committed, and waiting for what it is to do."""

import contextlib
import datetime as dt
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.dataset import Dataset, DatasetError, Manifest
from pipeline.options import RunOptions
from pipeline.stream.drive import PrismWatch
from pipeline.watch.local_watch import LocalWatch
from pipeline.watch.service import Service
from pipeline.watch.stopping import Stopping
from pipeline.watch.watch_options import WatchOptions
from pipeline.watch.watch_telling import Telling
from schemas.tables import FACT_TABLES
from tests.polling import INTRANET

DEADLINE = 120.0  # seconds: for what takes a moment on a machine with nothing else to do
# Of clusters the newest row counts: how many there were before is of no account.
VARYING = {"run_id", "fetched_at", "rejected_at", "revision"}
OFTEN = dt.timedelta(milliseconds=50)
WINDOW = dt.timedelta(seconds=2)


@dataclass(slots=True)
class Heard(Telling):
    """What a watch told."""

    said: list[str] = field(default_factory=list)
    commits: list[Manifest] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def committed(self, made: Manifest, lag: dict[str, float]) -> None:
        self.commits.append(made)


@dataclass(slots=True)
class Watched:
    """A watch that is under way."""

    dataset: Path
    watch: LocalWatch | PrismWatch
    stopping: Stopping
    heard: Heard
    thread: threading.Thread | None = None
    error: BaseException | None = None
    expected: bool = False

    def ends(self) -> BaseException | None:
        """Wait until it ends by itself, and return what it raised."""
        self.expected = True
        wait_until(lambda: not self.alive, "the watch ended")
        return self.error

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something; the watch must not end meanwhile."""
        wait_until(lambda: condition() or not self.alive, what)
        if not condition():
            raise AssertionError(f"the watch ended before {what}") from self.error

    @property
    def alive(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    def texts(self) -> list[str]:
        return sorted(row["text"].split("\n\n", 1)[-1] for row in rows_of(self.dataset, "articles"))


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something, for as long as a busy machine may take."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"it took too long until {what}")
        time.sleep(0.02)


def rows_of(dataset: Path, table: str) -> list[dict[str, Any]]:
    """The committed rows of a table; none where there is no dataset yet."""
    try:
        opened = Dataset.open(dataset)
    except DatasetError:
        return []
    return [row for path in opened.paths(table) for row in pq.ParquetFile(path).read().to_pylist()]


def everything(dataset: Path) -> dict[str, list[str]]:
    """All rows of a dataset, but for what may differ between two ways to the same: of `clusters`, the row of each article that counts."""
    found = {table: rows_of(dataset, table) for table in ("articles", *FACT_TABLES, "rejects", "clusters")}
    newest = {row["article_id"]: row for row in sorted(found["clusters"], key=lambda row: row["revision"])}
    found["clusters"] = list(newest.values())
    plain = {table: [{k: v for k, v in row.items() if k not in VARYING} for row in rows] for table, rows in found.items()}
    return {table: sorted(json.dumps(row, default=str, sort_keys=True) for row in rows) for table, rows in plain.items()}


def options_of(
    where: Path, sources: Sequence[str], *, every: dt.timedelta = OFTEN, window: dt.timedelta = WINDOW, **more: Any
) -> WatchOptions:
    run = RunOptions(**{"sources": tuple(sources), "output": where / "ds", "fetching": INTRANET, "workers": 1} | more)
    return WatchOptions(run=run, every=every, window=window)


@contextlib.contextmanager
def watching(
    where: Path, *sources: str, kind: type[LocalWatch] | type[PrismWatch] = LocalWatch, settled: float = 0.2, **more: Any
) -> Iterator[Watched]:
    """A watch over sources into `where`/ds, stopped when the block ends. Raises what it raised, unless the block waited for its end."""
    stopping, heard = Stopping(), Heard()
    watch = kind(options_of(where, sources, **more), stopping, Service({}), heard)
    watch._looking.folders = replace(watch._looking.folders, settled=settled)
    watched = Watched(where / "ds", watch, stopping, heard)

    def run() -> None:
        try:
            watch.run()
        except BaseException as error:
            watched.error = error

    watched.thread = threading.Thread(target=run, daemon=True)
    watched.thread.start()
    try:
        yield watched
    finally:
        stopping.ask()
        watched.thread.join(DEADLINE)
        assert not watched.thread.is_alive(), "the watch did not end"
        stopping.close()
    if watched.error and not watched.expected:
        raise watched.error
