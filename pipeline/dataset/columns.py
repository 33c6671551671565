"""Columns of committed files, kept in memory for who asks for the same ones with each commit: what was committed never changes."""

import threading
from collections import OrderedDict
from collections.abc import Container, Sequence
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.dataset.core import Dataset
from pipeline.dataset.errors import RESTORE, DamagedDatasetError, first_line
from pipeline.dataset.manifest import AddedFile
from schemas.arrow import arrow_schema
from schemas.tables import TABLES

# Bytes: a week of a thousand articles a day, with signatures. What Arrow counts of the columns of large files takes twice as many (measured).
KEPT: Final = 8 << 20
# Bytes that any column takes beside its values (1,220 to 1,560, measured with pyarrow 25.0.1), which Arrow does not count.
_EACH: Final = 1600


class _Of(NamedTuple):
    """What a kept table is of."""

    dataset: str
    table: str
    path: str
    sha256: str
    columns: tuple[str, ...]


class _Kept:
    """Tables by what they are of. Those of files that were merged or taken out go; then the ones asked for longest ago.

    A watch commits a file of one or two rows a table with each poll: their columns are hundreds of bytes for Arrow and 11 KB in fact.
    """

    def __init__(self) -> None:
        self._tables: OrderedDict[_Of, pa.Table] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: _Of) -> pa.Table | None:
        with self._lock:
            if key not in self._tables:
                return None
            self._tables.move_to_end(key)
            return self._tables[key]

    def put(self, key: _Of, table: pa.Table, live: Container[str]) -> None:
        """Keep a table; `live` are the paths of all files that its dataset's table has."""
        with self._lock:
            if key in self._tables:
                return
            for other in [of for of in self._tables if of[:2] == key[:2] and of.path not in live]:
                self._drop(other)
            self._tables[key] = table
            self._bytes += _size(table)
            while self._bytes > KEPT:
                self._drop(next(iter(self._tables)))

    def _drop(self, key: _Of) -> None:
        self._bytes -= _size(self._tables.pop(key))


def _size(table: pa.Table) -> int:
    return int(table.nbytes + _EACH * table.num_columns)


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
    key = _Of(dataset.shown, file.table, file.path, file.sha256, tuple(columns))
    rows = _kept.get(key)
    if rows is None:
        rows = _with_all(read(dataset, file, columns), file.table, columns)
        _kept.put(key, rows, dataset.log.files.of(file.table))
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
