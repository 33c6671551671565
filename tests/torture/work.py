"""What the tortured child does: a small run as the pipeline makes them, without Beam and without a model.

Four sources of prepared articles are read, each a slice: what was committed is skipped, a changed text becomes a new
version, an unchanged one nothing. Then all files are merged into one a table, then one article is taken out again:
the two kinds of commit that remove files. Whatever was interrupted before, the end is the same set of rows.
"""

import datetime as dt
import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

import pipeline.dataset.writer
from pipeline.dataset import Dataset, Input, Writer, writing
from pipeline.dataset.seen import seen_in
from schemas.arrow import from_dict
from schemas.ids import digest
from schemas.tables import TABLES
from tests.torture.prepared import article, commit_rows, figures, reject
from transforms import durable

TAKEN_OUT: Final = digest("article", 3)

# Numbers of articles by source; -1 stands for a record that becomes a reject. Article 1 comes again unchanged,
# article 2 with another text.
_SOURCES: Final = {"a.jsonl": (0, 1, 2), "b.jsonl": (3, 4, -1), "c.jsonl": (1, 2, 5), "d.jsonl": (6, 7)}
_CHANGED: Final = {("c.jsonl", 2): " It was corrected."}


@dataclass(frozen=True)
class Fault:
    """What is to happen when a point is reached for the nth time, from 1."""

    point: str
    nth: int
    happens: Callable[[], None]


def kill() -> None:
    """The process ends at once, as by a power cut but for the disk's own cache."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Failure:
    """The disk fails with this errno."""

    errno: int

    def __call__(self) -> None:
        """Raise what the operating system would raise."""
        raise OSError(self.errno, os.strerror(self.errno))


def arrange(fault: Fault | None, met: list[str]) -> None:
    """Have the fault happen in this process; `met` lists the points that were reached."""

    def reached(point: str) -> None:
        met.append(point)
        if fault and point == fault.point and met.count(point) == fault.nth:
            fault.happens()

    durable.reached = reached
    pipeline.dataset.writer.CHECKPOINT_EVERY = 2


def work(root: Path, run: str, started: dt.datetime) -> None:
    """One run over the prepared sources."""
    with writing(Dataset.create(root)) as writer:
        for number, (uri, articles) in enumerate(_SOURCES.items()):
            if uri not in writer.dataset.inputs:
                _read(writer, run, f"{number:04d}", uri, articles, started)
        if any(len(writer.dataset.live_files(table)) > 1 for table in TABLES):
            _rewrite(writer, run, "compact", started, lambda row: True)
        if TAKEN_OUT in seen_in(writer.dataset, [TAKEN_OUT]):
            _rewrite(writer, run, "forget", started, lambda row: row.get("article_id") != TAKEN_OUT)


def _read(writer: Writer, run: str, slice: str, uri: str, numbers: Iterable[int], started: dt.datetime) -> None:
    articles = [article(n, addition=_CHANGED.get((uri, n), ""), run=run) for n in numbers if n >= 0]
    seen = seen_in(writer.dataset, [each.article_id for each in articles])
    fresh = []
    for each in articles:
        known = seen.get(each.article_id, ())
        if each.text_sha256 not in {text.text_sha256 for text in known}:
            fresh.append(replace(each, version=len(known) + 1))
    rows = {
        "articles": fresh,
        "figures": [row for each in fresh for row in figures(each)],
        "rejects": [reject(uri, run=run) for n in numbers if n < 0],
    }
    read = Input(uri=uri, size=1, mtime_ns=1, records=len(tuple(numbers)), done=True)
    commit_rows(writer, run, slice, rows, inputs=[read], account={"records": read.records}, created=started)


def _rewrite(writer: Writer, run: str, slice: str, started: dt.datetime, keep: Callable[[dict[str, Any]], bool]) -> None:
    """Replace all files of each table by one that holds the rows to keep."""
    rows: dict[str, list[Any]] = {}
    for table, cls in TABLES.items():
        stored = [row for path in writer.dataset.paths(table) for row in pq.ParquetFile(path).read().to_pylist()]
        rows[table] = [from_dict(cls, row) for row in stored if keep(row)]
    commit_rows(writer, run, slice, rows, removes=list(writer.dataset.log.files), created=started)


def commit_often(root: Path, times: int) -> None:
    """Many small commits in a row, a checkpoint every second one."""
    arrange(None, [])
    with writing(Dataset.create(root)) as writer:
        for number in range(times):
            commit_rows(writer, "busy", f"{number:04d}", {"articles": [article(number)]})
