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
from pipeline.dataset import Commit, Dataset, Input, Writer, writing
from pipeline.dataset.seen import seen_in
from schemas.arrow import from_dict
from schemas.article import Article
from schemas.figure import Figure
from schemas.ids import digest, text_sha256
from schemas.reject import Reject
from schemas.tables import TABLES
from transforms import durable
from transforms.write import StagedFile, write_rows

TAKEN_OUT: Final = digest("article", 3)

# Numbers of articles by source; -1 stands for a record that becomes a reject. The text is that of the source where
# the article is changed, so article 2 has two versions, and article 1 comes again unchanged.
_SOURCES: Final = {"a.jsonl": (0, 1, 2), "b.jsonl": (3, 4, -1), "c.jsonl": (1, 2, 5), "d.jsonl": (6, 7)}
_CHANGED: Final = {("c.jsonl", 2)}


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
    articles = [_article(uri, n, run) for n in numbers if n >= 0]
    seen = seen_in(writer.dataset, [a.article_id for a in articles])
    fresh = []
    for article in articles:
        known = seen.get(article.article_id, ())
        if article.text_sha256 not in {text.text_sha256 for text in known}:
            fresh.append(replace(article, version=len(known) + 1))
    rejects = [_reject(uri, run) for n in numbers if n < 0]
    rows = {"articles": fresh, "figures": [f for a in fresh for f in _figures(a)], "rejects": rejects}
    account = {
        "records": len(articles) + len(rejects),
        "articles": len(fresh),
        "rejects": len(rejects),
        "unchanged": len(articles) - len(fresh),
    }
    read = Input(uri=uri, size=1, mtime_ns=1, records=account["records"], done=True)
    _commit(writer, Commit(run=run, slice=slice, staged=(), rows={}, inputs=[read], account=account, created=started), rows)


def _rewrite(writer: Writer, run: str, slice: str, started: dt.datetime, keep: Callable[[dict[str, Any]], bool]) -> None:
    """Replace all files of each table by one that holds the rows to keep."""
    rows: dict[str, list[Any]] = {}
    for table, cls in TABLES.items():
        stored = [row for path in writer.dataset.paths(table) for row in pq.ParquetFile(path).read().to_pylist()]
        rows[table] = [from_dict(cls, row) for row in stored if keep(row)]
    removes = list(writer.dataset.log.files)
    _commit(writer, Commit(run=run, slice=slice, staged=(), rows={}, removes=removes, created=started), rows)


def _commit(writer: Writer, commit: Commit, rows: dict[str, list[Any]]) -> None:
    folder = writer.staging(commit.run, commit.slice)
    staged: list[StagedFile] = [write_rows(table, found, folder, "0000") for table, found in rows.items() if found]
    writer.commit(replace(commit, staged=staged, rows={table: len(found) for table, found in rows.items()}))


def _article(uri: str, number: int, run: str) -> Article:
    text = f"Article {number} counts {number} troops" + (", it was corrected later." if (uri, number) in _CHANGED else ".")
    return Article(
        article_id=digest("article", number),
        source_uri=uri,
        input_format="jsonl",
        fetched_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        published_at=dt.datetime(2024, 1, 1 + number, tzinfo=dt.UTC),
        text=text,
        text_sha256=text_sha256(text),
        run_id=run,
    )


def _figures(article: Article) -> list[Figure]:
    start = (article.text or "").index("troops")
    common = {"article_id": article.article_id, "version": article.version, "run_id": article.run_id, "rule": "prepared"}
    return [
        Figure(kind="count", start=start + at, end=start + at + 1, text="troops"[at], row_id=digest(article.text_sha256, at), **common)
        for at in range(3)
    ]


def _reject(uri: str, run: str) -> Reject:
    return Reject(scope="record", step="parse", reason="bad_json", message="not JSON", source_uri=uri, position="line 3", run_id=run)
