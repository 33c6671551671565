"""Columns of committed files, kept in memory for who asks for the same ones with each commit: what was committed never changes."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.dataset.core import Dataset
from pipeline.dataset.errors import RESTORE, DamagedDatasetError, first_line
from pipeline.dataset.manifest import AddedFile
from schemas.arrow import arrow_schema
from schemas.tables import TABLES

KEPT: Final = (
    8 << 20
)  # bytes as Arrow counts them, of which it holds twice as many (measured): a week of a thousand articles a day, with signatures


class _Kept:
    """Tables by what they are of; the ones asked for longest ago go first."""

    def __init__(self) -> None:
        self._tables: OrderedDict[tuple[str, ...], tuple[pa.Table, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...]) -> pa.Table | None:
        with self._lock:
            if key not in self._tables:
                return None
            self._tables.move_to_end(key)
            return self._tables[key][0]

    def put(self, key: tuple[str, ...], table: pa.Table) -> None:
        with self._lock:
            if key in self._tables:
                return
            self._tables[key] = table, table.nbytes
            self._bytes += table.nbytes
            while self._bytes > KEPT:
                _, (_, size) = self._tables.popitem(last=False)
                self._bytes -= size


_kept: Final = _Kept()


def read(dataset: Dataset, file: AddedFile, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a committed file. Raises DamagedDatasetError where it is not there, not as it was, or cannot be read."""
    path = dataset.path_of(file)
    try:
        with dataset.opened(file) as source, pq.ParquetFile(source) as parquet:
            if parquet.metadata.num_rows != file.rows:
                raise DamagedDatasetError(f"{path}: has {parquet.metadata.num_rows:,} rows, not the {file.rows:,} committed; {RESTORE}")
            return parquet.read(columns=list(columns) if columns else None, use_threads=file.rows > 1000)
    except (OSError, pa.ArrowException) as error:
        raise DamagedDatasetError(f"{path}: missing or cannot be read ({first_line(error)}); {RESTORE}") from error


def kept_columns(dataset: Dataset, file: AddedFile, columns: Sequence[str]) -> pa.Table:
    """Columns of a committed file, those that an older one lacks null. Raises as `read` does."""
    key = (dataset.path_of(file), file.sha256, *columns)
    rows = _kept.get(key)
    if rows is None:
        rows = _with_all(read(dataset, file, columns), file.table, columns)
        _kept.put(key, rows)
    return rows


def empty(table: str, columns: Sequence[str]) -> pa.Table:
    """No rows, with these columns."""
    return _schema(table, columns).empty_table()


def _with_all(rows: pa.Table, table: str, columns: Sequence[str]) -> pa.Table:
    schema = _schema(table, columns)
    there = set(rows.schema.names)
    return pa.table([rows[f.name] if f.name in there else pa.nulls(rows.num_rows, f.type) for f in schema], schema=schema)


def _schema(table: str, columns: Sequence[str]) -> pa.Schema:
    """The columns of a table, each of which an older file may lack."""
    record: Any = TABLES[table]
    return pa.schema([arrow_schema(record).field(name).with_nullable(True) for name in columns])
