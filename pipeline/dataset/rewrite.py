"""Committed files replaced by others in one commit: what compact, forget, retry and rerun have in common."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.dataset.columns import read
from pipeline.dataset.core import Dataset
from pipeline.dataset.manifest import AddedFile
from pipeline.dataset.writer import Commit
from transforms.flow.memory import large_pieces_apart
from transforms.flow.write import StagedFile, write_table

Mask = Callable[[pa.Table], Any]  # rows -> true or false for each


@dataclass(slots=True)
class Rewriting:
    """The files that are to go, and what was staged in their place: each in the folder of the day of what it replaces."""

    dataset: Dataset
    staging: Path
    staged: list[StagedFile] = field(default_factory=list)
    removes: list[str] = field(default_factory=list)
    days: dict[str, date] = field(default_factory=dict)

    def replace(self, files: Sequence[AddedFile], rows: pa.Table) -> None:
        """Put rows in the place of files of one table and day; no row, no file."""
        self.removes += [file.path for file in files]
        if rows.num_rows:
            staged = write_table(files[0].table, rows, self.staging, f"kept{len(self.staged):06d}")
            self.staged.append(staged)
            self.days[staged.path] = files[0].day

    def merge(self, files: Sequence[AddedFile], alive: Callable[[AddedFile, pa.Table], pa.Table] = lambda _, rows: rows) -> None:
        """Put one file in the place of several of a table and day; `alive` says which of a file's rows stay."""
        with large_pieces_apart():
            self.replace(files, pa.concat_tables(alive(file, self.read(file)) for file in files))

    def leave_out(self, table: str, columns: Sequence[str], gone: Mask) -> int:
        """Replace the files of a table that hold rows for which `gone` is true; how many rows that were.

        `gone` is asked with those columns alone, so that files without such a row are not read whole.
        """
        left_out = 0
        for file in self.dataset.live_files(table):
            mask = gone(self.read(file, columns))
            found = pc.sum(mask).as_py() or 0
            if found:
                self.replace([file], self.read(file).filter(pc.invert(mask)))
                left_out += found
        return left_out

    def read_staged(self, file: StagedFile) -> pa.Table:
        """The rows of a staged file."""
        return pq.ParquetFile(self.staging / file.path).read()

    def commit(self, *, run: str, slice: str, also: Sequence[StagedFile] = (), **more: Any) -> Commit:
        """The commit of what was replaced and of other staged files; `more` goes into it."""
        every = [*also, *self.staged]
        return Commit(run=run, slice=slice, staged=every, rows=rows_by_table(every), removes=self.removes, days=self.days, **more)

    def read(self, file: AddedFile, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of a committed file. Raises DamagedDatasetError where it is not there, not as it was, or cannot be read."""
        return read(self.dataset, file, columns)


def rows_by_table(files: Iterable[StagedFile]) -> dict[str, int]:
    """How many rows of each table some staged files hold."""
    rows: dict[str, int] = {}
    for f in files:
        rows[f.table] = rows.get(f.table, 0) + f.rows
    return rows


def versions_among(keys: Sequence[tuple[str, int]]) -> Mask:
    """A mask of the rows of these article versions."""
    wanted = pa.array([f"{article}-{version}" for article, version in keys], pa.string())

    def mask(rows: pa.Table) -> Any:
        return pc.is_in(keys_of(rows, "version"), value_set=wanted)

    return mask


def keys_of(rows: pa.Table, number: str) -> Any:
    """Article and version or revision (the column `number`) of each row, as one text."""
    return pc.binary_join_element_wise(rows["article_id"], pc.cast(rows[number], pa.string()), "-")
