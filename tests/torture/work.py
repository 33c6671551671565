"""What the tortured child does: a small run as the pipeline makes them, without Beam and without a model.

Three sources of prepared articles are read, each a slice: what was committed is skipped, a changed text becomes a new
version, an unchanged one nothing. Files are merged on the way and stay a while. Then the dataset is compacted, and one article, of which there is a copy, is forgotten;
what that leaves is compacted too.
Whatever was interrupted before, the end is the same set of rows.
"""

import datetime as dt
import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pipeline.dataset.writer
import pipeline.upkeep
from pipeline.compact import compacted
from pipeline.copies import clusters_staged
from pipeline.dataset import Commit, Dataset, Input, Writer, writing
from pipeline.dataset.rewrite import rows_by_table
from pipeline.dataset.seen import seen_in
from pipeline.dataset.takedown import hash_of_source
from pipeline.forget import forgotten
from pipeline.upkeep import tidied
from schemas.article import Article
from schemas.ids import digest, text_sha256
from tests.torture.prepared_rows import article, commit_rows, figures, reject
from transforms.flow import durable
from transforms.flow.write import write_rows
from transforms.repeats import fingerprint

if TYPE_CHECKING:
    import pytest

TAKEN_OUT: Final = digest("article", 3)
TAKEN_FROM: Final = "taken.txt"  # a source whose name is to be forgotten with its article

# Numbers of articles by source; -1 stands for a record that becomes a reject. Article 1 comes again unchanged,
# article 2 with another text; article 7 is a copy of article 3 and is what counts once that is forgotten.
_SOURCES: Final = {"a.jsonl": (0, 1, 2, -1), "b.jsonl": (1, 2, 5, 7), TAKEN_FROM: (3,)}
_CHANGED: Final = {("b.jsonl", 2): " It was corrected."}
_COPIES: Final = {7: 3}


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
    pipeline.dataset.writer.FOLD_EVERY = 5
    pipeline.upkeep.TOGETHER = 2
    pipeline.upkeep.INDEX_AT = 1


def put_back(patch: "pytest.MonkeyPatch") -> None:
    """What `arrange` changes is to be as it was when the patch ends."""
    patch.setattr(durable, "reached", durable.reached)
    for name in ("dataset.writer.CHECKPOINT_EVERY", "dataset.writer.FOLD_EVERY", "upkeep.TOGETHER", "upkeep.INDEX_AT"):
        patch.setattr(f"pipeline.{name}", 2)


def work(root: Path, run: str, started: dt.datetime) -> None:
    """One run over the prepared sources."""
    with writing(Dataset.create(root)) as writer:
        for number, (uri, articles) in enumerate(_SOURCES.items()):
            if uri not in writer.dataset.inputs and hash_of_source(uri) not in writer.dataset.log.forgotten:
                _read(writer, run, f"{number:04d}", uri, articles, started)
                tidied(writer, run, started + dt.timedelta(days=1), grace=dt.timedelta(minutes=5))
        compacted(writer, run, started)
        if TAKEN_OUT not in writer.dataset.log.forgotten:
            forgotten(writer, run, started, article=TAKEN_OUT)
            compacted(writer, f"{run}-again", started)
        writer.finish()


def _read(writer: Writer, run: str, slice: str, uri: str, numbers: Iterable[int], started: dt.datetime) -> None:
    articles = [_article(n, uri, run) for n in numbers if n >= 0]
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
    folder = writer.staging(run, slice)
    staged = [write_rows(table, found, folder, "0000") for table, found in rows.items() if found]
    staged += clusters_staged(staged, folder, writer.dataset, run_id=run)
    read = Input(uri=uri, size=1, mtime_ns=1, records=len(tuple(numbers)), done=True)
    account = {"records": read.records, "sources": {uri: {"records": read.records}}}
    writer.commit(Commit(run=run, slice=slice, staged=staged, rows=rows_by_table(staged), inputs=[read], account=account, created=started))


def _article(number: int, uri: str, run: str) -> Article:
    made = article(number, addition=_CHANGED.get((uri, number), ""), run=run)
    text = (article(_COPIES[number]).text or "").upper() if number in _COPIES else made.text or ""
    kind = "txt" if uri == TAKEN_FROM else "jsonl"
    same = replace(made, source_uri=uri, input_format=kind, text=text, text_sha256=text_sha256(text))
    return replace(same, **fingerprint(text)._asdict())


def commit_often(root: Path, times: int) -> None:
    """Many small commits in a row, a checkpoint every second one."""
    arrange(None, [])
    with writing(Dataset.create(root)) as writer:
        for number in range(times):
            commit_rows(writer, "busy", f"{number:04d}", {"articles": [article(number)]})


def commit_and_tidy(root: Path, times: int, grace: int) -> None:
    """Many small commits in a row, with upkeep after each, as a watch makes them."""
    with writing(Dataset.create(root)) as writer:
        for number in range(times):
            made = article(number)
            commit_rows(writer, f"busy{number}", "0000", {"articles": [made], "figures": figures(made)})
            tidied(writer, f"busy{number}", dt.datetime.now(dt.UTC), grace=dt.timedelta(seconds=grace))
