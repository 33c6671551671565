"""Rows in a file of their own: csv for spreadsheets, xlsx, json lines, json, markdown, parquet; told by its name."""

import contextlib
import datetime as dt
import math
import secrets
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.answers.forms import FORMS, as_json, unique
from pipeline.options import UsageError

MOST_ROWS: Final = 1_048_575  # of a sheet, below its headings
MOST_CHARACTERS: Final = 32_767  # of a cell
_AT_ONCE: Final = 10_000  # rows
_TEXTS: Final = {"csv": "utf-8-sig", "json": "utf-8", "jsonl": "utf-8", "markdown": "utf-8"}  # a spreadsheet knows UTF-8 by its mark
_NAMES: Final = {".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".md": "markdown", ".xlsx": "xlsx", ".parquet": "parquet"}
FILES: Final = tuple(_NAMES.values())
ENDINGS: Final = {form: ending for ending, form in _NAMES.items()}


def form_of(path: Path, dataset: Path) -> str:
    """The form that a file's name asks for. Raises UsageError where it asks for none, and for a file inside the dataset."""
    form = _NAMES.get(path.suffix.lower())
    if form is None:
        raise UsageError(f"{path}: the name says what is written; end it in {', '.join(_NAMES)}")
    check_place(path, dataset)
    return form


def check_place(path: Path, dataset: Path) -> None:
    """Raise UsageError where no file may be written: inside the dataset, and where a folder is."""
    if path.resolve().is_relative_to(dataset.resolve()):
        raise UsageError(f"{path}: lies inside the dataset, whose files are its own; name a place outside {dataset}")
    if path.is_dir():
        raise UsageError(f"{path}: is a folder; name a file")


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place to write a file that is then there whole or not at all. Raises OSError with the path."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        yield unfinished
        unfinished.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def write(path: Path, form: str, connection: duckdb.DuckDBPyConnection, sql: str, told: Callable[[str], None]) -> int:
    """Write the rows of a query to a file, which is there whole or not at all; how many they are.

    `told` is given what the form has no room for, in sentences. Raises OSError with the path, UsageError where a sheet is too small.
    """
    with whole(path) as unfinished:
        return _written(unfinished, path, form, connection, sql, told)


def _written(path: Path, named: Path, form: str, connection: duckdb.DuckDBPyConnection, sql: str, told: Callable[[str], None]) -> int:
    if form == "parquet":
        return _parquet(path, connection.sql(sql))
    answer = connection.execute(sql)
    names = [d[0] for d in answer.description or ()]
    rows = _Counted(answer)
    if form == "xlsx":
        _xlsx(path, named, names, rows, told)
    else:
        with path.open("w", encoding=_TEXTS[form], newline="") as file:
            FORMS[form](names, rows, file)
    return rows.count


class _Counted:
    """The rows of an answer, counted as they go by."""

    def __init__(self, answer: duckdb.DuckDBPyConnection) -> None:
        self._answer = answer
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        while many := self._answer.fetchmany(_AT_ONCE):
            self.count += len(many)
            yield from many


def _parquet(path: Path, answer: duckdb.DuckDBPyRelation) -> int:
    batches = answer.to_arrow_reader(_AT_ONCE)
    schema = pa.schema([field.with_name(name) for field, name in zip(batches.schema, unique(batches.schema.names), strict=True)])
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
            count += batch.num_rows
    return count


def _xlsx(path: Path, named: Path, names: Sequence[str], rows: _Counted, told: Callable[[str], None]) -> None:
    """One sheet, row by row, so that memory does not grow. What XlsxWriter would cut without a word is told."""
    from xlsxwriter import Workbook

    cut = 0
    # Texts stay texts: "=1+1" in an article is no formula, and an address in it no link (a sheet takes 65,530 of these).
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet("rows")
        bold, day, moment = (
            book.add_format(f) for f in ({"bold": True}, {"num_format": "yyyy-mm-dd"}, {"num_format": "yyyy-mm-dd hh:mm:ss"})
        )
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS:
                raise UsageError(
                    f"{path.name}: a sheet holds {MOST_ROWS:,} rows and there are more; write .csv or .parquet, or ask for less"
                )
            for column, value in enumerate(row):
                match value:
                    case None:
                        continue
                    case bool():
                        sheet.write_boolean(number, column, value)
                    case int() | float() | Decimal() if math.isfinite(value):
                        sheet.write_number(number, column, value)
                    case dt.datetime():
                        sheet.write_datetime(number, column, value.astimezone(dt.UTC).replace(tzinfo=None), moment)
                    case dt.date():
                        sheet.write_datetime(number, column, value, day)
                    case _:
                        text = as_json(value) if isinstance(value, list | tuple | dict) else str(value)
                        cut += len(text) > MOST_CHARACTERS
                        sheet.write_string(number, column, text[:MOST_CHARACTERS])
    if cut:
        told(f"{named}: {cut:,} texts were cut: a cell of a sheet holds {MOST_CHARACTERS:,} characters; .csv and .parquet have them whole")
