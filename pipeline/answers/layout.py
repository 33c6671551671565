"""Rows on a screen of any width: a table where it fits, else a card a row. No number, date or status is ever cut."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from rich.cells import cell_len
from rich.text import Text

from pipeline.dataset.sentence_sql import MARKS

GAP: Final = "  "  # between columns
LONGEST: Final = 240  # characters of a text that are shown, unless all are asked for
_CODE: Final = 24  # characters of a word such as a status or a currency: longer ones may be broken, as addresses are
_NARROW: Final = 12  # what a column of prose is given at least
_EASY: Final = 24  # and where columns may be left out instead
_TALLEST: Final = 6  # lines of a row; past that a card reads better
_ID: Final = re.compile(r"[0-9a-f]{32}")
_SHORT_ID: Final = 12  # characters of an id that are shown: enough to name it by
CUT: Final = "…"


def safe(value: Any) -> str:
    """A value as a terminal may show it: no control characters, no marks that turn the direction of writing."""
    if value is None:
        return ""
    if isinstance(value, float | Decimal) and not isinstance(value, bool):
        return number(value)
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return f"{value:%Y-%m-%d %H:%M:%S}" + (f".{value:%f}" if value.microsecond else "")
    shown = str(value).replace("\n", " ")
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "\N{REPLACEMENT CHARACTER}" for c in shown)


def number(value: float | Decimal) -> str:
    """A number with its thousands apart, and without the last digit's noise: 34.3 billion is stored as 34299999999.999996."""
    if not math.isfinite(value):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return f"{value:,.0f}" if value == int(value) and -(10**15) < value < 10**15 else f"{value:,.15g}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is to be shown: its cells, and whether they must stand whole on one line."""

    name: str
    cells: tuple[str, ...]
    whole: bool
    numeric: bool

    @classmethod
    def of(cls, name: str, values: Sequence[Any], *, longest: int | None) -> "Column":
        """The column of these values; prose is shortened to `longest` characters."""
        given = [v for v in values if v is not None]
        numeric = bool(given) and all(isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in given)
        cells = [_shown(v, longest) for v in values]
        whole = all(
            not isinstance(v, str | list | dict | tuple) or (len(c) <= _CODE and " " not in c) for v, c in zip(values, cells, strict=True)
        )
        return cls(name, tuple(cells), whole, numeric)

    @property
    def widest(self) -> int:
        """Terminal columns of its widest cell, or of its name."""
        return max(self.heading, *(cell_len(c) for c in self.cells), 1)

    @property
    def heading(self) -> int:
        """Terminal columns of the longest part of its name, which is broken at underscores."""
        return max(cell_len(part) for part in parts_of(self.name))

    @property
    def least(self) -> int:
        """Terminal columns that it needs at least."""
        return self.widest if self.whole else max(self.heading, min(self.widest, _NARROW))


def parts_of(name: str) -> list[str]:
    """The lines of a heading: a long name is broken behind underscores."""
    if len(name) <= 8:
        return [name]
    return [part for part in re.split(r"(?<=_)", name) if part] or [name]


def _shown(value: Any, longest: int | None) -> str:
    text = safe(value)
    if isinstance(value, str) and longest is not None:
        return text[:_SHORT_ID] if _ID.fullmatch(text) else shortened(text, longest)
    return text


def shortened(text: str, longest: int) -> str:
    """A text of at most so many characters, cut between words; of a sentence with a marked stretch, the words around the stretch."""
    if len(text) <= longest:
        return text
    start = text.find(MARKS[0])
    if start > longest // 2:
        begin = text.rfind(" ", 0, start - longest // 3) + 1
        return CUT + " " + shortened(text[begin:], longest - 2)
    end = text.rfind(" ", longest // 2, longest - 1)
    return text[: end if end > 0 else longest - 1].rstrip() + CUT


def columns_of(names: Sequence[str], rows: Sequence[Sequence[Any]], *, longest: int | None) -> list[Column]:
    """The columns of some rows."""
    return [Column.of(name, [row[at] for row in rows], longest=longest) for at, name in enumerate(names)]


def widths_in(columns: Sequence[Column], width: int) -> list[int] | None:
    """How wide each column of a table is that fits; None where none would, or where rows would grow too tall."""
    room = width - len(GAP) * (len(columns) - 1)
    widths = [c.least for c in columns]
    if sum(widths) > room:
        return None
    if (most := sum(c.widest for c in columns)) <= room:
        return [c.widest for c in columns]
    spare, wanting = room - sum(widths), most - sum(widths)
    widths = [w + spare * (c.widest - w) // wanting for c, w in zip(columns, widths, strict=True)]
    heights = (max(-(-cell_len(c.cells[at]) // w) for c, w in zip(columns, widths, strict=True)) for at in range(len(columns[0].cells)))
    return None if max(heights, default=0) > _TALLEST else widths


def fitting(columns: Sequence[Column], width: int) -> list[Column]:
    """The first of the columns, as many as can be read beside each other; those without a value are left out."""
    chosen: list[Column] = []
    room = width
    for column in (c for c in columns if any(c.cells)):
        room -= column.least if column.whole else max(column.least, min(column.widest, _EASY))
        if room < 0 and chosen:
            break
        chosen.append(column)
        room -= len(GAP)
    return chosen


def table_lines(columns: Sequence[Column], widths: Sequence[int], below: Mapping[int, Sequence[Text]] = {}) -> Iterator[Text]:
    """A table's lines: the headings, and each row; `below` has more lines for the rows of these numbers."""
    parts = [parts_of(c.name) for c in columns]
    parts = [[c.name] if cell_len(c.name) <= w else p for c, w, p in zip(columns, widths, parts, strict=True)]
    tall = max((len(p) for p in parts), default=0)
    for at in range(tall):
        line = [p[at - tall + len(p)] if at >= tall - len(p) else "" for p in parts]
        yield Text(_beside(line, columns, widths), style="bold")
    yield Text(GAP.join("─" * w for w in widths), style="dim")
    for number in range(len(columns[0].cells) if columns else 0):
        lines = [wrapped(c.cells[number], w) for c, w in zip(columns, widths, strict=True)]
        for at in range(max(len(each) for each in lines)):
            yield Text(_beside([each[at] if at < len(each) else "" for each in lines], columns, widths))
        yield from below.get(number, ())


def _beside(cells: Iterable[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    padded = (
        " " * (w - cell_len(cell)) + cell if c.numeric else cell + " " * (w - cell_len(cell))
        for cell, c, w in zip(cells, columns, widths, strict=True)
    )
    return GAP.join(padded).rstrip()


def card_lines(columns: Sequence[Column], number: int, width: int) -> Iterator[Text]:
    """The lines of one row as a card: a line a column, without those that have no value."""
    label = max((cell_len(c.name) for c in columns), default=0)
    for c in columns:
        if c.cells[number]:
            room = max(width - label - len(GAP), 1)
            lines = [c.cells[number]] if c.whole else wrapped(c.cells[number], room)
            for at, line in enumerate(lines):
                yield Text.assemble((f"{c.name if at == 0 else '':<{label}}", "bold"), GAP, line)


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines, broken between words; a word that is wider than the line is broken inside, as addresses must be."""
    lines, line = [], ""
    for word in text.split(" "):
        wider = f"{line} {word}" if line else word
        if cell_len(wider) <= width:
            line = wider
            continue
        if line:
            lines.append(line)
        line = word
        while cell_len(line) > width:
            head = _fitting_head(line, width)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line]


def _fitting_head(word: str, width: int) -> str:
    taken = 0
    for at, character in enumerate(word):
        taken += cell_len(character)
        if taken > width and at:
            return word[:at]
    return word


def marked(lines: Iterable[str]) -> Iterator[Text]:
    """Lines of a text, its marked stretches in bold, also where they go on from line to line."""
    inside = False
    for line in lines:
        shown, begin = Text(line), 0
        for at, character in enumerate(line):
            if character == MARKS[0] and not inside:
                inside, begin = True, at
            elif character == MARKS[1] and inside:
                inside = False
                shown.stylize("bold", begin, at + 1)
        if inside:
            shown.stylize("bold", begin)
        yield shown
