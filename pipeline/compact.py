"""Small files of a table and day merged, superseded rows of clusters dropped, manifests folded: the same rows, quicker to open."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.dataset import AddedFile, Dataset, Writer, writing
from pipeline.dataset.rewrite import Rewriting, keys_of
from pipeline.dataset.views import connect
from pipeline.run_id import new_run_id
from pipeline.wording import many
from schemas.tables import TABLES
from transforms.flow.write import SHARD_ROWS

SHARD_BYTES: Final = 32 << 20  # of a file that is made of others: read and sorted, it takes some ten times as much memory

# Keys are texts, not rows: a file is asked which of its rows are among them.
_SUPERSEDED = """
SELECT article_id || '-' || revision AS key FROM clusters_all
QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY revision DESC) > 1
"""


@dataclass(frozen=True, slots=True)
class Compaction:
    """What `compact` did, or that there was nothing to do."""

    merged: int = 0  # files that are no more
    into: int = 0  # files that took their place
    superseded: int = 0  # rows of clusters that were dropped
    folded: int = 0  # manifests that are no more

    def __str__(self) -> str:
        if self == Compaction():
            return "nothing to do: no small files to merge, no manifests to fold"
        told = [f"{many(self.merged, 'file')} merged into {self.into:,}"] if self.merged else []
        told += [f"{many(self.folded, 'manifest')} folded into one"] if self.folded else []
        told += [f"{many(self.superseded, 'superseded row')} of clusters dropped"] if self.superseded else []
        return ", ".join(told)


def compact(output: Path) -> Compaction:
    """Compact a dataset, in one commit. Raises DatasetError and OSError; nothing is committed then."""
    with writing(Dataset.open(output)) as writer:
        return compacted(writer, new_run_id(dt.datetime.now(dt.UTC)), dt.datetime.now(dt.UTC))


def compacted(writer: Writer, run: str, now: dt.datetime) -> Compaction:
    """Compact the dataset that a writer holds. The staging folder is that of the run's slice "compact"."""
    rewriting = Rewriting(writer.dataset, writer.staging(run, "compact"))
    superseded = _superseded(writer.dataset)
    dropped = sum(_merge(rewriting, table, superseded if table == "clusters" else None) for table in TABLES)
    if rewriting.removes:
        writer.commit(rewriting.commit(run=run, slice="compact", options={"compact": len(rewriting.removes)}, created=now))
    folded = writer.dataset.log.sequence - writer.dataset.log.folded
    if folded:
        writer.fold()
    return Compaction(len(rewriting.removes), len(rewriting.staged), dropped, folded)


def _superseded(dataset: Dataset) -> pa.Array:
    """Keys of the rows of `clusters` that a later revision of the same article replaces."""
    if not dataset.live_files("clusters"):
        return pa.array([], pa.string())
    with connect(dataset) as connection:
        return connection.sql(_SUPERSEDED).to_arrow_table()["key"].combine_chunks()


def _merge(rewriting: Rewriting, table: str, superseded: pa.Array | None) -> int:
    """Merge the files of one table, and drop its superseded rows; how many those were."""
    dead = Counter({f.path: _count(f, superseded, rewriting) for f in rewriting.dataset.live_files(table)}) if superseded else Counter()
    for files in places(rewriting.dataset.live_files(table)):
        for group in groups(files, dead):
            if len(group) > 1 or dead[group[0].path]:
                rewriting.merge(group, lambda file, rows: _alive(rows, superseded if dead[file.path] else None))
    return dead.total()


def _count(file: AddedFile, superseded: pa.Array, rewriting: Rewriting) -> int:
    return pc.sum(_among(rewriting.read(file, ("article_id", "revision")), superseded)).as_py() or 0


def _alive(rows: pa.Table, superseded: pa.Array | None) -> pa.Table:
    return rows if superseded is None else rows.filter(pc.invert(_among(rows, superseded)))


def _among(rows: pa.Table, keys: pa.Array) -> Any:
    return pc.is_in(keys_of(rows, "revision"), value_set=keys)


def places(files: Iterable[AddedFile]) -> list[list[AddedFile]]:
    """The files by day and schema version, oldest first: files of two schemas have not the same columns."""
    found: defaultdict[tuple[str, int], list[AddedFile]] = defaultdict(list)
    for file in files:
        found[file.path.rpartition("/")[0], file.schema].append(file)
    return [found[place] for place in sorted(found)]


def groups(files: Iterable[AddedFile], dead: Mapping[str, int] = MappingProxyType({})) -> list[list[AddedFile]]:
    """Files that fit into one: each goes to the first group with room for it. `dead` tells how many of a file's rows are to go.

    So no two groups would fit into one, and compacting again finds nothing to do; and no more is read at once than one full file.
    """
    found: list[_Group] = []
    for file in files:
        rows = file.rows - dead.get(file.path, 0)
        group = next((g for g in found if g.rows + rows <= SHARD_ROWS and g.bytes + file.bytes <= SHARD_BYTES), None)
        if group is None:
            found.append(group := _Group([], 0, 0))
        group.files.append(file)
        group.rows += rows
        group.bytes += file.bytes
    return [group.files for group in found]


@dataclass(slots=True)
class _Group:
    files: list[AddedFile]
    rows: int
    bytes: int
