"""How a table in a text file is written: what parts its columns, and how a text is marked that holds that sign.

Python's csv.Sniffer takes whatever sign is regular, letters too; here only what people use is tried, and the header decides.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from transforms.read.column_names import Columns, names_by_field

if TYPE_CHECKING:
    import _csv

DELIMITERS: Final = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the csv module is told."""

    delimiter: str
    quoted: bool = True  # else a quotation mark is a character like any other
    escaped: bool = False  # a mark inside a text is written with a backslash, not twice

    def reader(self, lines: Iterator[str]) -> "_csv.Reader":
        """A reader of these lines that is told of what is wrong with them."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            doublequote=not self.escaped,
            escapechar="\\" if self.escaped else None,
            strict=True,
        )


def dialect_of(lines: Sequence[str], columns: Columns, *, whole: bool) -> Dialect:
    """The dialect in which the first lines of a table make sense; `whole` tells that there are no more.

    That one which finds a column of texts in the header, then one in which most rows have as many columns as the header.
    """
    tried = [*(Dialect(delimiter) for delimiter in DELIMITERS), Dialect("\t", quoted=False)]
    if any('\\"' in line for line in lines):  # else it would fit what is broken: with backslashes, csv is not strict behind a closing mark
        tried += [Dialect(delimiter, escaped=True) for delimiter in DELIMITERS]
    return max(tried, key=lambda dialect: _fit(dialect, lines, columns, whole))


def _fit(dialect: Dialect, lines: Sequence[str], columns: Columns, whole: bool) -> tuple[bool, float, int]:
    """How well a dialect fits: whether the header names the text, the share of good rows, how many columns there are."""
    rows: list[list[str]] = []
    bad = 0
    reader = dialect.reader(iter(lines))
    while True:
        try:
            rows.append(next(reader))
        except StopIteration:
            break
        except csv.Error:
            # At its end the sample may be cut in the midst of a text.
            bad += whole or reader.line_num < len(lines)
    full = [row for row in rows if row]
    if not full:
        return False, 0.0, 0
    header, *others = full
    good = sum(len(row) == len(header) for row in others)
    share = good / (len(others) + bad) if others or bad else 1.0
    return "text" in names_by_field(columns, tuple(header)), share, len(header)
