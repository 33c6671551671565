"""Upkeep on the way: files that grow small and many are merged as they come, so that a dataset to which each minute adds stays quick.

Eight files of a size become one of eight times that size, as in a log-structured merge tree (O'Neil et al. 1996): a row is written
again as often as the logarithm of its day's rows, and a day has a few files a table while it lasts, and one when it is over (or as many
as it fills). What is merged is then indexed (see `dataset.index`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.compact import SHARD_BYTES, Compaction, groups, places
from pipeline.dataset import AddedFile, Dataset, Writer
from pipeline.dataset.index import INDEXED, extend, untold
from pipeline.dataset.rewrite import Rewriting
from schemas.tables import TABLES
from transforms.flow.memory import give_memory_back
from transforms.flow.write import SHARD_ROWS

TOGETHER: Final = 8  # files that are merged into one; it is looked after them as often
INDEX_AT: Final = 8  # files that no index tells of yet
AT_ONCE: Final = 2 * SHARD_ROWS  # rows: a dataset that nobody has looked after is merged bit by bit


def tidied(writer: Writer, run: str, now: dt.datetime, *, grace: dt.timedelta = dt.timedelta()) -> Compaction | None:
    """Merge what has become small and many, in one commit of the run's; None where nothing was due, which costs next to nothing.

    Called after each commit of a dataset: it is looked after each eighth, and each time the memory that was freed is given back. With
    `grace`, the merged files stay that long for readers that know of them; a plain glob meets their rows twice meanwhile, until the first
    commit after it, or `Writer.finish`. Raises as `Writer.commit` does; nothing is merged then.
    """
    sequence = writer.dataset.log.sequence
    if sequence % TOGETHER:
        give_memory_back()
        return None
    due = list(_due(writer.dataset, now.date()))
    if due:
        slice = f"tidy{sequence}"
        rewriting = Rewriting(writer.dataset, writer.staging(run, slice))
        for group in due:
            rewriting.merge(group)
        writer.commit(rewriting.commit(run=run, slice=slice, options={"tidy": len(rewriting.removes)}, created=now, grace=grace))
    _index(writer.dataset, now.date())
    give_memory_back()
    return Compaction(merged=len(rewriting.removes), into=len(rewriting.staged)) if due else None


def _due(dataset: Dataset, today: dt.date) -> Iterator[Sequence[AddedFile]]:
    """The groups of files that are to become one each."""
    rows = 0
    for table in TABLES:
        for place in places(dataset.live_files(table)):
            for group in _merges(place) if place[0].day >= today else groups(place):
                if len(group) > 1 and rows < AT_ONCE:
                    rows += sum(file.rows for file in group)
                    yield group


def _merges(files: Sequence[AddedFile]) -> Iterator[list[AddedFile]]:
    """Of the files of a day that is not over: the smallest together, where there are enough of a size, and what then is enough again."""
    sizes: defaultdict[int, list[AddedFile]] = defaultdict(list)
    for file in files:
        sizes[_size(file.rows)].append(file)
    group: list[AddedFile] = []
    for size in range(_size(SHARD_ROWS) + 1):
        rows = sum(file.rows for file in group)
        same = sizes[size]
        if len(same) + (_size(rows) == size and rows > 0) >= TOGETHER:
            group += same
    yield from groups(group)


def _size(rows: int) -> int:
    """The order of magnitude, in eights."""
    size = 0
    while rows >= TOGETHER:
        rows //= TOGETHER
        size += 1
    return size


def _index(dataset: Dataset, today: dt.date) -> None:
    """Index the files that will not be merged soon, where there are some."""
    for table in INDEXED:
        settled = [file for file in untold(dataset, table) if file.day < today or _is_full(file)]
        if len(settled) >= INDEX_AT:
            extend(dataset, table, settled)


def _is_full(file: AddedFile) -> bool:
    return file.rows > SHARD_ROWS // 2 or file.bytes > SHARD_BYTES // 2
