"""Which files of a table may hold an id, without a look into them all.

An index tells of some of a table's files, by name and commit: their ids as 64-bit hashes, sorted, and for each the files that have it.
It is derived: a file that no index tells of is looked into, one that is no more is passed over, an index that is damaged or lost is
made again, so none can say anything else than the files themselves. Indices are merged as parts are: there are never more than a few.
"""

import contextlib
import functools
import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.dataset.columns import read
from pipeline.dataset.core import Dataset
from pipeline.dataset.manifest import AddedFile
from pipeline.dataset.recover import INDICES
from transforms.flow.durable import drop_files, make_folder, write_whole

INDEXED: Final = {"articles": ("article_id",), "clusters": ("article_id", "cluster_id")}  # tables, and the columns whose ids are found

Name = tuple[str, int]  # path and sequence of a committed file
Keys = npt.NDArray[np.uint64]

_WIDTH: Final = 32  # characters of an id that are hashed: all of ours
_META: Final = b"factwire.index"


@dataclass(frozen=True, slots=True)
class Index:
    """One index, as it lies on the disk."""

    path: Path
    files: Sequence[Name]  # that it tells of
    told: frozenset[Name]  # the same
    keys: Keys  # sorted
    owners: npt.NDArray[np.uint32]  # for each key, a number among `files`

    def holding(self, wanted: Keys) -> set[Name]:
        """Which of its files may hold one of these."""
        first, last = (np.searchsorted(self.keys, wanted, side=side) for side in ("left", "right"))
        hits = np.flatnonzero(last > first)
        owners = {int(owner) for hit in hits for owner in self.owners[first[hit] : last[hit]]}
        return {self.files[owner] for owner in owners}


def keys_of(ids: Iterable[str]) -> Keys:
    """The hash of each id: stored, so written out here, and the same on every machine."""
    letters = np.array([each.encode() for each in ids], f"S{_WIDTH}")
    words = letters.view(np.uint8).reshape(-1, _WIDTH).view("<u8").astype(np.uint64)
    mixed = np.zeros(len(words), np.uint64)
    for at in range(words.shape[1]):
        mixed = (mixed ^ words[:, at]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed


def indices_of(dataset: Dataset, table: str) -> list[Index]:
    """The indices of a table that are whole, the largest first."""
    found = []
    for path in (dataset.root / INDICES).glob(f"{table}-*.arrow"):
        with contextlib.suppress(FileNotFoundError):  # a writer has merged it meanwhile
            if index := _opened(path, path.stat().st_mtime_ns):
                found.append(index)
    return sorted(found, key=lambda index: (-len(index.keys), index.path))


def holding(dataset: Dataset, table: str, ids: Iterable[str]) -> list[AddedFile]:
    """The files of a table that may hold one of the ids, oldest first."""
    live = {(file.path, file.sequence): file for file in dataset.live_files(table)}
    wanted = keys_of(ids)
    maybe = set(live)
    for index in indices_of(dataset, table):
        maybe -= index.told - index.holding(wanted)
    return [file for name, file in live.items() if name in maybe]


def untold(dataset: Dataset, table: str) -> list[AddedFile]:
    """The files of a table that no index tells of, oldest first."""
    told = {name for index in indices_of(dataset, table) for name in index.told}
    return [file for file in dataset.live_files(table) if (file.path, file.sequence) not in told]


def extend(dataset: Dataset, table: str, files: Sequence[AddedFile]) -> None:
    """Make an index of these files, which takes in those that are no larger; the caller holds the lock. Raises OSError with the path."""
    if not files:
        return
    live = {(file.path, file.sequence) for file in dataset.live_files(table)}
    standing = indices_of(dataset, table)
    runs = [_run(dataset, file) for file in files]
    while standing and len(standing[-1].keys) <= sum(len(keys) for _, keys, _ in runs):
        runs.append(_living(standing.pop(), live))
    names = [name for run, _, _ in runs for name in run]
    starts = np.cumsum([0, *(len(run) for run, _, _ in runs)])
    keys = np.concatenate([keys for _, keys, _ in runs])
    owners = np.concatenate([owners + np.uint32(start) for (_, _, owners), start in zip(runs, starts, strict=False)])
    order = np.argsort(keys, kind="stable")
    made = _written(dataset.root / INDICES, table, names, keys[order], owners[order])
    kept = {made, *(index.path for index in standing if not index.told.isdisjoint(live))}
    drop_files(dataset.root, [f"{INDICES}/{p.name}" for p in made.parent.glob(f"{table}-*") if p not in kept], step="index")
    if dataset.mirror:
        dataset.mirror.keep_indices()


def drop_all(root: Path) -> None:
    """Delete all indices, as after a takedown: the hashes of ids that they hold are not to outlive them."""
    drop_files(root, [f"{INDICES}/{path.name}" for path in (root / INDICES).glob("*")], step="index")


_Run = tuple[list[Name], Keys, npt.NDArray[np.uint32]]  # files, hashes, and for each a number among the files


def _run(dataset: Dataset, file: AddedFile) -> _Run:
    rows = read(dataset, file, INDEXED[file.table])
    keys = keys_of({each for column in rows.columns for each in column.to_pylist()})
    return [(file.path, file.sequence)], keys, np.zeros(len(keys), np.uint32)


def _living(index: Index, live: Collection[Name]) -> _Run:
    """What an index tells of files that are still there."""
    alive = np.array([name in live for name in index.files])
    number = np.cumsum(alive) - 1
    chosen = alive[index.owners]
    return [name for name in index.files if name in live], index.keys[chosen], number[index.owners[chosen]].astype(np.uint32)


def _written(folder: Path, table: str, names: list[Name], keys: Keys, owners: npt.NDArray[np.uint32]) -> Path:
    path = folder / f"{_called(table, names, keys, owners)}.arrow"
    schema = pa.schema([("key", pa.uint64()), ("owner", pa.uint32())], {_META: json.dumps(names)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, schema) as writer:
        writer.write_table(pa.table([pa.array(keys), pa.array(owners)], schema=schema))
    make_folder(folder)
    write_whole(path, memoryview(sink.getvalue()), step="index")
    return path


@functools.lru_cache(maxsize=64)
def _opened(path: Path, _written: int) -> Index | None:
    """The index in a file, or None where it is not as it was written. It stays on the disk: what is looked up is read."""
    try:
        rows = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        names = [(name, sequence) for name, sequence in json.loads(rows.schema.metadata[_META])]
        keys, owners = (rows[name].chunk(0).to_numpy() for name in ("key", "owner"))
    except (OSError, pa.ArrowException, LookupError, TypeError, ValueError):
        return None
    told = _called(path.stem.partition("-")[0], names, keys, owners)
    return Index(path, names, frozenset(names), keys, owners) if told == path.stem else None


def _called(table: str, names: Sequence[Name], keys: Keys, owners: npt.NDArray[np.uint32]) -> str:
    """An index is called after what it tells, so that it cannot tell anything else."""
    checksum = zlib.crc32(owners.data, zlib.crc32(keys.data))
    return f"{table}-{hashlib.sha256(json.dumps([names, checksum]).encode()).hexdigest()[:32]}"
