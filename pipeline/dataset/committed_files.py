"""The committed files of a dataset. There may be very many: a table's are decoded when somebody asks for them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.dataset.manifest import AddedFile, Manifest, Span, data_path

Row = list[Any]  # a file as JSON has it, without its table; its path alone where it was removed
Lines = Mapping[str, Sequence[bytes]]  # by table: JSON of rows, the oldest first
_Change = tuple[str, AddedFile | None]  # a path, and the file that is there now


class Files(Mapping[str, AddedFile]):
    """The committed files by path, each table's oldest first."""

    def __init__(self, source: Path | None = None, folded: Callable[[], Lines] = dict, stored: Lines | None = None) -> None:
        """`folded` gives the files of up to the last fold, `stored` has what has changed since then. Both are of the log at `source`."""
        self._source, self._folded, self._stored = source or Path(), folded, stored or {}
        self._later: dict[str, list[_Change]] = {}  # since they were stored
        self._held: dict[str, dict[str, AddedFile]] = {}

    def of(self, table: str) -> Mapping[str, AddedFile]:
        """The files of one table. Raises DamagedDatasetError where a part is not whole."""
        if (held := self._held.get(table)) is None:
            changes = self._decoded(table, self._folded().get(table, ()))
            held = self._held[table] = _changed({}, [*changes, *self._since(table)])
        return held

    def plus(self, manifests: Iterable[Manifest]) -> "Files":
        """The files once what these manifests add and remove is added and removed."""
        news: dict[str, list[_Change]] = {}
        for each in manifests:
            for path in each.removes:
                news.setdefault(_table_of(path), []).append((path, None))
            for added in each.adds:
                news.setdefault(added.table, []).append((added.path, added))
        made = Files(self._source, self._folded, self._stored)
        made._later = self._later | {table: [*self._later.get(table, ()), *changes] for table, changes in news.items()}
        made._held = self._held | {table: _changed(self._held[table], news[table]) for table in news.keys() & self._held.keys()}
        return made

    def refolded(self, folded: Callable[[], Lines]) -> "Files":
        """The same files, all of them folded now."""
        made = Files(self._source, folded)
        made._held = self._held
        return made

    def since_fold(self) -> dict[str, list[Row]]:
        """What was added to each table and removed from it since the last fold; what was both is left out."""
        tables = {*self._stored, *self._later}
        return {table: rows for table in sorted(tables) if (rows := _rows(self._since(table)))}

    def _since(self, table: str) -> list[_Change]:
        return [*self._decoded(table, self._stored.get(table, ())), *self._later.get(table, ())]

    def _decoded(self, table: str, lines: Iterable[bytes]) -> Iterator[_Change]:
        for line in lines:
            for row in json.loads(line):
                path = data_path(row[0], self._source)
                if span := row[-1] if len(row) > 1 else None:
                    row[-1] = Span(*span)
                yield path, AddedFile(table, *row) if len(row) > 1 else None

    def __getitem__(self, path: str) -> AddedFile:
        return self.of(_table_of(path))[path]

    def __iter__(self) -> Iterator[str]:
        for table in sorted({*self._folded(), *self._stored, *self._later}):
            yield from self.of(table)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def merged_rows(rows: Iterable[list[Row]]) -> list[Row]:
    """The rows of parts that follow one another as those of one. The removal of what is in a part before them stays."""
    return _rows((path, [path, *more] if more else None) for each in rows for path, *more in each)


def _rows(changes: Iterable[tuple[str, Any]]) -> list[Row]:
    """Changes as rows: each path once, and not at all where it was both added and removed. No path is used a second time."""
    found: dict[str, Row] = {}
    for path, there in changes:
        before = found.pop(path, None)
        if there:
            found[path] = list(there[1:]) if isinstance(there, AddedFile) else there
        elif before is None or len(before) == 1:
            found[path] = [path]
    return list(found.values())


def _changed(held: Mapping[str, AddedFile], changes: Iterable[_Change]) -> dict[str, AddedFile]:
    made = dict(held)
    for path, added in changes:
        made.pop(path, None)
        if added:
            made[path] = added
    return made


def _table_of(path: str) -> str:
    return path.partition("/")[0]
