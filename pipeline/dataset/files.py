"""The committed files of a dataset: kept as JSON until somebody asks, a table at a time, since there may be very many."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.dataset.manifest import AddedFile, Manifest, Span, data_path

_Change = tuple[str, AddedFile | None]  # a path, and the file that is there now


class Files(Mapping[str, AddedFile]):
    """The committed files by path, each table's oldest first. A table is decoded when it is first asked for."""

    def __init__(self, stored: Mapping[str, bytes] | None = None, source: Path | None = None) -> None:
        """`stored` has the files of each table as `as_json` gives them, read from `source`."""
        self._stored, self._source = stored or {}, source or Path()
        self._held: dict[str, dict[str, AddedFile]] = {}
        self._later: dict[str, list[_Change]] = {}  # of tables that are not held yet: what has changed since they were stored

    def of(self, table: str) -> Mapping[str, AddedFile]:
        """The files of one table."""
        if (held := self._held.get(table)) is None:
            held = self._held[table] = _changed(self._decoded(table), self._later.get(table, ()))
        return held

    def plus(self, manifests: Iterable[Manifest]) -> "Files":
        """The files once what these manifests add and remove is added and removed."""
        news: dict[str, list[_Change]] = {}
        for each in manifests:
            for path in each.removes:
                news.setdefault(_table_of(path), []).append((path, None))
            for added in each.adds:
                news.setdefault(added.table, []).append((added.path, added))
        made = Files(self._stored, self._source)
        made._held, made._later = dict(self._held), dict(self._later)
        for table, changes in news.items():
            if table in made._held:
                made._held[table] = _changed(made._held[table], changes)
            else:
                made._later[table] = [*made._later.get(table, ()), *changes]
        return made

    def as_json(self) -> dict[str, list[Any]]:
        """The files of each table, as JSON takes them."""
        return {table: [added[1:] for added in self.of(table).values()] for table in self._tables()}

    def _tables(self) -> list[str]:
        return sorted({*self._stored, *self._held, *self._later})

    def _decoded(self, table: str) -> dict[str, AddedFile]:
        found = {}
        for path, *more, span in json.loads(self._stored.get(table, b"[]")):
            found[path] = AddedFile._make((table, data_path(path, self._source), *more, Span(*span) if span else None))
        return found

    def __getitem__(self, path: str) -> AddedFile:
        return self.of(_table_of(path))[path]

    def __iter__(self) -> Iterator[str]:
        for table in self._tables():
            yield from self.of(table)

    def __len__(self) -> int:
        return sum(len(self.of(table)) for table in self._tables())


def _changed(held: Mapping[str, AddedFile], changes: Iterable[_Change]) -> dict[str, AddedFile]:
    made = dict(held)
    for path, added in changes:
        made.pop(path, None)
        if added:
            made[path] = added
    return made


def _table_of(path: str) -> str:
    return path.partition("/")[0]
