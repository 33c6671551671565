"""Parquet and Arrow files: an article a row, by the names of their columns; read batch by batch."""

import contextlib
import datetime as dt
import functools
import os
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.article import InputFormat
from transforms.read.column_names import missing, names_by_field
from transforms.read.content import LARGEST_INFLATED, LARGEST_RATIO, RATIO_CHECKED_FROM, raw_head
from transforms.read.damage import DamageError
from transforms.read.record import Reading, Record
from transforms.read.record_columns import article_records

ROWS: Final = 256  # decoded at once
LARGEST_BATCH: Final = 32 << 20  # bytes, where rows are as long as the file says
BUFFER: Final = 1 << 20  # bytes of a column that are read at once

_PARQUET_MAGIC: Final = b"PAR1"
_ARROW_MAGIC: Final = b"ARROW1"
_STREAM_BEGINS: Final = b"\xff\xff\xff\xff"  # since Arrow 0.15; older streams have no sure end
_STREAM_ENDS: Final = b"\xff\xff\xff\xff\0\0\0\0"
_DICTIONARIES: Final = ("PLAIN_DICTIONARY", "RLE_DICTIONARY")


def arrow_records(reading: Reading) -> Iterator[Record]:
    """The rows of a file of Parquet or Arrow, counted from 1. Damage keeps the rows before it."""
    number = 0
    try:
        kind = "parquet" if raw_head(reading.source.path, len(_PARQUET_MAGIC)) == _PARQUET_MAGIC else "arrow"
        with contextlib.closing(_Parquet(reading.source.path) if kind == "parquet" else _Arrow(reading.source.path)) as file:
            columns, names = reading.defaults.columns, file.schema.names
            if wrong := missing(columns, names):
                yield reading.reject("source", "missing_text", wrong)
                return
            wanted = sorted(set(names_by_field(columns, tuple(names)).values()), key=names.index)
            last = reading.last
            for batch in file.batches(wanted):
                if number >= last:
                    return
                end = number + batch.num_rows
                for record in _rows(batch) if any(map(reading.wants, range(number + 1, end + 1))) else ():
                    number += 1
                    if reading.wants(number):
                        payload = functools.partial(_shown, record)
                        yield from article_records(reading, number, record, file.kind, where=f"row {number}", payload=payload, row=number)
                number = end
    except DamageError as damage:
        yield reading.damaged(damage, number, "row")
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        yield reading.damaged(DamageError("corrupt", f"cannot be read: {str(error)[:300] or type(error).__name__}"), number, "row")


class _Parquet:
    """A Parquet file; `kind` is what its articles are said to come from."""

    kind: InputFormat = "parquet"

    def __init__(self, path: str) -> None:
        file = pq.ParquetFile(path)
        size = sum(group.total_byte_size for group in _groups(file))
        _check_size(size, os.path.getsize(path))  # noqa: PTH202
        # A text that a million rows share stands in the file once: as a dictionary it stays so in memory.
        shared = [name for name in _shared(file) if name in file.schema_arrow.names]
        file.close()
        self._file = pq.ParquetFile(path, read_dictionary=shared, buffer_size=BUFFER, pre_buffer=False, page_checksum_verification=True)
        self.schema = self._file.schema_arrow
        longest = max((group.total_byte_size / max(1, group.num_rows) for group in _groups(self._file)), default=0.0)
        self._rows = max(1, min(ROWS, int(LARGEST_BATCH / max(1.0, longest))))

    def batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        yield from self._file.iter_batches(self._rows, columns=names, use_threads=False)

    def close(self) -> None:
        self._file.close()


class _Arrow:
    """A file or stream of Arrow's own format."""

    kind: InputFormat = "arrow"

    def __init__(self, path: str) -> None:
        self._map = pa.memory_map(path)
        begins = self._map.read(len(_ARROW_MAGIC))
        is_file, self._has_end = begins == _ARROW_MAGIC, begins.startswith(_STREAM_BEGINS)
        self._map.seek(0)
        self._reader = pa.ipc.open_file(self._map) if is_file else pa.ipc.open_stream(self._map)
        self._batches = (self._reader.get_batch(n) for n in range(self._reader.num_record_batches)) if is_file else iter(self._reader)
        self.schema = self._reader.schema

    def batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        for batch in self._batches:
            batch.validate(full=True)  # nobody else looks whether the places that it names are inside of it
            _check_size(batch.nbytes, self._map.size())
            wanted = batch.select(names)
            yield from (wanted.slice(at, ROWS) for at in range(0, wanted.num_rows, ROWS))
        if self._has_end:
            self._check_end()

    def _check_end(self) -> None:
        """Raises DamageError for a stream without its end mark: cut between two batches it reads like a shorter one."""
        self._map.seek(max(0, self._map.tell() - len(_STREAM_ENDS)))
        if self._map.read(len(_STREAM_ENDS)) != _STREAM_ENDS:
            raise DamageError("truncated", "ends without the end mark of an Arrow stream: it was cut, or its writer was not closed")

    def close(self) -> None:
        self._map.close()


def _shared(file: pq.ParquetFile) -> list[str]:
    """Columns of texts that are written as dictionaries, wholly or in part."""
    found: set[str] = set()
    for group in _groups(file):
        for number in range(file.metadata.num_columns):
            chunk = group.column(number)
            if chunk.physical_type == "BYTE_ARRAY" and not set(_DICTIONARIES).isdisjoint(chunk.encodings):
                found.add(chunk.path_in_schema)
    return sorted(found)


def _groups(file: pq.ParquetFile) -> Iterator[Any]:
    """What the file says of each of its row groups."""
    return (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))


def _check_size(size: int, packed: int) -> None:
    """Raises DamageError for what would be too large in memory, or larger than anything honest is packed."""
    if size > LARGEST_INFLATED or (size > RATIO_CHECKED_FROM and size > packed * LARGEST_RATIO):
        raise DamageError("unsafe", f"unpacks to {size >> 20} MiB from {packed} bytes: it was not read")


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """The rows of a batch as plain values; what cannot be had as one is told by whoever reads the field."""
    names = batch.schema.names
    columns = [_values(column) for column in batch.columns]
    for row in zip(*columns, strict=True):
        yield dict(zip(names, row, strict=True))


def _values(column: pa.Array) -> list[Any]:
    if pa.types.is_timestamp(column.type):
        # Nanoseconds would come as values of pandas where that is installed, and not at all where it is not.
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    try:
        if pa.types.is_dictionary(column.type):  # each text once, however many rows have it
            words = _values(column.dictionary)
            return [None if n is None else words[n] for n in column.indices.to_pylist()]
        values: list[Any] = column.to_pylist()
    except LookupError:  # a zone that nobody knows here: the moment is the same in UTC
        return _values(column.cast(pa.timestamp("us", "UTC")))
    except (ValueError, OverflowError, pa.ArrowException):
        return [_value(each) for each in column]
    return values


def _value(scalar: pa.Scalar) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError, pa.ArrowException):
        return scalar  # of no type that a field may have


def _shown(record: dict[str, Any]) -> str:
    """The plain values of a row, for a reject."""
    return str({name: str(value)[:100] for name, value in record.items() if isinstance(value, str | int | float | dt.date)})
