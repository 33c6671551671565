"""Tables in text files (CSV, TSV): an article a row, by the names in the header."""

import csv
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Final

from schemas.reject import Scope
from transforms.read.column_names import missing
from transforms.read.csv_dialect import Dialect, dialect_of
from transforms.read.damage import DamageError
from transforms.read.fields import FieldError
from transforms.read.record import Reading, Record
from transforms.read.record_columns import SHOWN, article_records, bad_record
from transforms.read.streamed import encoding_of, lines_of

LONGEST_ROW: Final = 10 << 20  # characters

_SAMPLE_LINES: Final = 1000
_SAMPLE: Final = 1 << 18  # characters
_NO_END: Final = "unexpected end of data"  # as the csv module says it
_SEPARATOR_LINE: Final = "sep="  # what Excel may put first


def csv_records(reading: Reading) -> Iterator[Record]:
    """The rows of a table; each is known by the line on which it begins. What is broken is a reject with its place, the others are kept."""
    path = reading.source.path
    encoding = encoding_of(path)
    if encoding is None:
        yield reading.reject("source", "binary", "is no text: its bytes are in no known encoding")
        return
    if encoding.damaged:
        yield reading.reject("part", "bad_encoding", f"has bytes that are no {encoding.name}: they were replaced")
    lines = _Lines(lines_of(path, encoding.name, LONGEST_ROW))
    try:
        yield from _Table(reading, lines).records()
    except DamageError as damage:
        scope: Scope = "part" if lines.number else "source"
        message = f"{damage.message}; the rows before were kept" if lines.number else damage.message
        yield reading.reject(scope, damage.reason, message, where=f"after line {lines.number}", retryable=damage.retryable)


class _Lines:
    """The lines of a file, counted from 1; those of the row at hand can be taken back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self._row: list[str] = []
        self._size = 0
        self.number = 0  # of the last line that was handed on

    def begin_row(self) -> int:
        """The number of the line on which the next row begins."""
        self._row, self._size = [], 0
        return self.number + 1

    def take_back(self) -> None:
        """Hand on all lines of the row at hand once more, but for the first."""
        again = self._row[1:]
        self._again.extendleft(reversed(again))
        self.number -= len(again)

    def sample(self) -> tuple[list[str], bool]:
        """Some lines that are not handed on yet, and whether there are no more."""
        size, whole = 0, True
        for line in islice(self._lines, _SAMPLE_LINES):
            self._again.append(line)
            size += len(line)
            if size > _SAMPLE:
                whole = False
                break
        else:
            whole = len(self._again) < _SAMPLE_LINES
        return list(self._again), whole

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._size += len(line)
        self._row.append(line)
        self.number += 1
        if self._size > LONGEST_ROW:
            raise _TooLongError
        return line

    def first(self) -> str:
        """The first line of the row at hand, for a reject."""
        return self._row[0][:SHOWN] if self._row else ""

    @property
    def count(self) -> int:
        """How many lines the row at hand has."""
        return len(self._row)


class _TooLongError(Exception):
    """The row at hand has more characters than one may have."""


class _Table:
    """One table as it is read."""

    def __init__(self, reading: Reading, lines: _Lines) -> None:
        self._reading, self._lines = reading, lines
        csv.field_size_limit(LONGEST_ROW)  # a setting of the process: the module's own ends at 131,072 characters

    def records(self) -> Iterator[Record]:
        """The records, or what is wrong with the table as a whole. Raises DamageError behind what is whole."""
        dialect = self._dialect()
        columns = self._reading.defaults.columns
        header = self._header(dialect)
        if header is None:
            return
        if wrong := missing(columns, header):
            yield self._reading.reject("source", "missing_text", wrong)
            return
        last = self._reading.last
        for count, (number, row) in enumerate(self._rows(dialect, len(header)), start=1):
            if number > last:
                return
            where = f"line {number}"
            if not self._reading.wants(number):
                continue
            if isinstance(row, FieldError):
                yield bad_record(self._reading, number, row, where=where, payload=self._lines.first())
                continue
            record = {name: value or None for name, value in zip(header, row, strict=True)}
            yield from article_records(self._reading, number, record, "csv", where=where, payload=self._lines.first, row=count)

    def _dialect(self) -> Dialect:
        sample, whole = self._lines.sample()
        if sample and sample[0].lower().startswith(_SEPARATOR_LINE):
            separator = sample[0].strip()[len(_SEPARATOR_LINE) :]
            next(self._lines)
            if len(separator) == 1:
                return Dialect(separator)
            sample = sample[1:]
        return dialect_of(sample, self._reading.defaults.columns, whole=whole)

    def _header(self, dialect: Dialect) -> list[str] | None:
        _, row = next(self._rows(dialect, None), (0, None))
        if isinstance(row, FieldError):
            raise DamageError(row.reason, f"the first line, which should name the columns, {row.message}")
        return row and [name.strip() for name in row]

    def _rows(self, dialect: Dialect, width: int | None) -> Iterator[tuple[int, list[str] | FieldError]]:
        """Each row with the line on which it begins, or what is wrong with it; empty lines are none.

        Where a row of several lines is broken, a mark that was never closed may have swallowed good ones: they are read once more. That
        ends soon: what opens a text in such a line would have closed the one that swallowed it.
        """
        reader = dialect.reader(self._lines)
        while True:
            number = self._lines.begin_row()
            row: list[str] | FieldError
            try:
                row = cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                open_mark = str(error) == _NO_END
                row = FieldError(
                    "bad_value", "has a quotation mark that is never closed" if open_mark else f"is no row of a table: {error}"
                )
            except _TooLongError:
                row = FieldError(
                    "too_large", f"begins a row of more than {LONGEST_ROW >> 20} million characters: a quotation mark may be missing"
                )
            else:
                if cells and width is not None and len(cells) != width:
                    row = FieldError("bad_value", f"has {len(cells)} columns where the header has {width}")
            if isinstance(row, FieldError):
                yield number, row
                if self._lines.count > 1:
                    self._lines.take_back()
                reader = dialect.reader(self._lines)
            elif row:
                yield number, row
