"""SQL over a dataset: what there is, named queries, and their answers on the screen, as text, or in a file."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import duckdb
from rich.text import Text

from pipeline.answers import exported_files, forms, screen
from pipeline.answers.named import NamedQuery, Narrowed, named_queries, narrowed
from pipeline.dataset import Dataset, DatasetError
from pipeline.dataset.stores.store_address import shown
from pipeline.dataset.views import OTHER_VIEWS, check, connect, steadily
from pipeline.options import UsageError
from pipeline.show import what_a_row_is
from pipeline.wording import many
from schemas.tables import TABLES

T = TypeVar("T")

FIRST: Final = 50  # rows that a terminal is given, unless all are asked for
NO_TEXT: Final = "of articles that are kept without their text (--text none), what is read from it is left out, such as sentences"
_VIEWS: Final = {*TABLES, *(f"{table}_all" for table in TABLES), *OTHER_VIEWS}  # asked for by their names alone, all their rows
_ROWS: Final = 1000  # fetched at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and how its answer is wanted."""

    sql: str  # or a query's name
    form: str = "table"  # on standard output: table, or one of forms.FORMS
    file: Path | None = None  # the answer is written here instead, in the form that its name says
    every: bool = False  # all rows on a terminal, too
    full: bool = False  # texts whole on a terminal, too
    narrowed: Narrowed = field(default_factory=Narrowed)


def overview(path: Path) -> None:
    """Print the tables and the other views with their row counts, meaning and columns, and the named queries."""
    meanings = {table: what_a_row_is(cls) for table, cls in TABLES.items()} | OTHER_VIEWS
    counts, columns = steadily(path, lambda dataset: _counted(dataset, list(meanings)))
    console = screen.out()
    console.print(Text("tables: the latest version of each article; <table>_all (figures_all, ...) has every version\n", style="bold"))
    screen.rows(["table", "rows", "rows in <table>_all"], counts, full=True)
    console.print()
    for view, meaning in meanings.items():
        console.print(Text.assemble((f"{view}: {meaning}", "bold"), "\n  ", ", ".join(column[0] for column in columns[view])))
    console.print(Text(f"\nqueries by name: factwire query {shown(path)} NAME", style="bold"))
    for q in named_queries():
        console.print(Text(f"  {q.name}: {q.question}"))
    console.print(Text(f'\nor in SQL: factwire query {shown(path)} "SELECT text, counted FROM figures LIMIT 10"'), soft_wrap=True)


def _counted(dataset: Dataset, views: Sequence[str]) -> tuple[list[tuple[str, int, int | None]], dict[str, Any]]:
    """Each view with its rows and, of a table, those of all versions; and their columns as DuckDB describes them."""
    with connect(dataset) as connection:

        def rows(view: str) -> int:
            counted = connection.execute(f"SELECT count(*) FROM {view}").fetchone()
            return counted[0] if counted else 0

        counts = [(view, rows(view), rows(f"{view}_all") if view in TABLES else None) for view in views]
        return counts, {view: connection.execute(f"FROM {view} LIMIT 0").description or () for view in views}


def answer(path: Path, asked: Asked) -> None:
    """Answer a question, given in SQL or by name: print its rows, or write them to a file. A terminal is told how many more there are.

    Raises UsageError for what is no query, duckdb.Error for bad SQL, DatasetError, OSError.
    """
    query = _named(asked)
    form = exported_files.form_of(asked.file, path) if asked.file else asked.form
    try:
        connection, sql, first = steadily(path, lambda dataset: _asked(dataset, query, asked))
    except ValueError as error:
        raise UsageError(str(error)) from error
    with connection:
        if asked.file:
            count = _moved(path, lambda: exported_files.write(asked.file or path, form, connection, sql, _tell))
            print(f"{many(count, 'row')} written to {asked.file}", file=sys.stderr)
        else:
            names = [d[0] for d in connection.description or ()]
            rows = _rows(path, connection, first)
            _as_table(names, rows, asked) if form == "table" else forms.printed(form, names, rows)
        if query and _lacks_text(connection):
            _tell(NO_TEXT)


def _tell(sentence: str) -> None:
    sys.stdout.flush()
    print(sentence, file=sys.stderr)


def _named(asked: Asked) -> NamedQuery | None:
    """The query of that name, or None for SQL. Raises UsageError for a word that is neither, and for SQL with options of named queries."""
    named = {q.name: q for q in named_queries()}
    if asked.sql in named:
        return named[asked.sql]
    if " " not in asked.sql.strip() and asked.sql not in _VIEWS:
        raise UsageError(f'there is no query {asked.sql!r}; the names are {", ".join(named)}, or give SQL like "FROM figures LIMIT 10"')
    if given := asked.narrowed.given():
        raise UsageError(f"{given[0]} is for queries by name; in SQL of your own write it as a condition")
    return None


_Answer = tuple[duckdb.DuckDBPyConnection, str, list[Any]]


def _asked(dataset: Dataset, query: NamedQuery | None, asked: Asked) -> _Answer:
    """The connection, the SQL of the answer's rows, and the first of them where they are to be printed: of most answers all."""
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(connect(dataset))
        sql = narrowed(connection, query, asked.narrowed) if query else f"FROM {asked.sql}" if asked.sql in _VIEWS else asked.sql
        if query is None:
            check(connection, sql)
        first = [] if asked.file else connection.execute(sql).fetchmany(_ROWS)
        stack.pop_all()
    return connection, sql, first


def _lacks_text(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the answer of a named query has rows of articles that are kept without their text."""
    keyed = "SELECT count(*) > 0 FROM duckdb_columns() WHERE table_name = 'answer' AND column_name = 'article_id'"
    lacking = "SELECT count(*) > 0 FROM answer JOIN articles r USING (article_id) WHERE r.text IS NULL"
    return all((connection.execute(sql).fetchone() or (False,))[0] for sql in (keyed, lacking))


def _rows(path: Path, result: duckdb.DuckDBPyConnection, first: list[Any]) -> Iterator[Sequence[Any]]:
    yield from first
    while many := _moved(path, lambda: result.fetchmany(_ROWS)):
        yield from many


def _moved(path: Path, read: Callable[[], T]) -> T:
    """What `read` gives. Raises DatasetError where files went from under it, in words that say what to do."""
    try:
        return read()
    except (duckdb.IOException, duckdb.PermissionException) as error:
        raise DatasetError(f"{shown(path)}: files were merged, or taken away, while they were read; ask again") from error


def _as_table(names: Sequence[str], rows: Iterator[Sequence[Any]], asked: Asked) -> None:
    terminal = sys.stdout.isatty()
    shown = list(islice(rows, FIRST if terminal and not asked.every else None))
    screen.rows(names, shown, full=asked.full or not terminal)
    rest = sum(1 for _ in rows)
    count = f"{len(shown):,} of {len(shown) + rest:,} rows (--all shows all)" if rest else many(len(shown), "row")
    screen.say([Text(count, style="bold")])
