"""An answer on a terminal, each row with the way to where it was read; or whole, where the output goes elsewhere."""

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from pipeline.answers.layout import LONGEST, Column, card_lines, columns_of, marked, table_lines, widths_in, wrapped
from pipeline.answers.named import HOME

_ELSEWHERE: Final = 160  # columns where the output is no terminal and COLUMNS is not set
_INDENT: Final = "    "


def out() -> Console:
    """Standard output, as wide as the terminal or as COLUMNS says."""
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit() else _ELSEWHERE
    return Console(width=width, soft_wrap=False, highlight=False)


def say(lines: Iterator[Text] | Sequence[Text], console: Console | None = None) -> None:
    """Print lines as they are: one that is wider than the terminal is broken by the terminal, so that nothing of it is lost."""
    screen = console or out()
    for line in lines:
        screen.print(line, soft_wrap=True, crop=False, overflow="ignore")


def rows(names: Sequence[str], found: Sequence[Sequence[Any]], *, full: bool) -> None:
    """Print rows, by named queries with the way home below each. `full`: texts and ids are not shortened."""
    longest = None if full else LONGEST
    columns = columns_of(names, found, longest=longest)
    led_home = tuple(names[-len(HOME) :]) == HOME
    home = {c.name: c for c in columns[-len(HOME) :]} if led_home else {}
    own = [c for c in columns[: len(columns) - len(home)] if not led_home or any(c.cells)]
    say(laid_out(own, home, len(found), out().width))


def laid_out(own: Sequence[Column], home: dict[str, Column], count: int, width: int) -> Iterator[Text]:
    """The lines of so many rows at a width: a table where its columns fit, else a card a row."""
    below = {number: list(_home(home, number, width)) for number in range(count)} if home else {}
    if (widths := widths_in(own, width)) is not None:
        yield from table_lines(own, widths, below)
        return
    for number in range(count):
        yield from card_lines(own, number, width)
        yield from below.get(number, ())
        if not home and number < count - 1:
            yield Text("─" * min(width, 40), style="dim")


def _home(home: dict[str, Column], number: int, width: int) -> Iterator[Text]:
    """Where a row was read: its sentence, the article, and its source with the row's id."""
    cell = {name: column.cells[number] for name, column in home.items()}
    for passage in marked(wrapped(cell["sentence"], width - len(_INDENT)) if cell["sentence"] else ()):
        yield Text(_INDENT).append_text(passage)
    told = ", ".join(filter(None, (cell["title"], cell["outlet"], cell["day"])))
    for line in wrapped(told, width - len(_INDENT)) if told else ():
        yield Text(_INDENT + line, style="dim")
    for line in wrapped(f"corrected: {cell['corrected']}", width - len(_INDENT)) if cell["corrected"] else ():
        yield Text(_INDENT + line, style="bold")
    # Not broken by us: an address that a terminal breaks can still be opened.
    if source := "  ".join(filter(None, (f"row {cell['row_id']}" if cell["row_id"] else "", cell["source"]))):
        yield Text(_INDENT + source, style="dim")
    yield Text()
