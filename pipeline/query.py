"""SQL over a dataset: what there is, named queries, and answers in four formats."""

import contextlib
import csv
import json
import math
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from typing import Any, Final

import duckdb
from rich.text import Text

from pipeline.dataset import Dataset, DatasetError
from pipeline.dataset.views import OTHER_VIEWS, ask, connect, steadily
from pipeline.options import UsageError
from pipeline.show import grid, out, what_a_row_is
from schemas.tables import TABLES

_QUERIES = Path(__file__).parent / "queries.toml"
FIRST: Final = 50  # rows of a named query that a table shows, unless all are asked for
_ROWS: Final = 1000  # fetched at once
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run when it opens a CSV file


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query that people came for."""

    name: str
    question: str
    sql: str


def named_queries() -> list[NamedQuery]:
    """The named queries, in the order in which they are shown."""
    return [NamedQuery(name, q["question"], q["sql"].strip()) for name, q in tomllib.loads(_QUERIES.read_text("utf-8")).items()]


def overview(path: Path) -> None:
    """Print the tables and the other views with their row counts, meaning and columns, and the named queries."""
    meanings = {table: what_a_row_is(cls) for table, cls in TABLES.items()} | OTHER_VIEWS
    counts, columns = steadily(path, lambda dataset: _counted(dataset, list(meanings)))
    console = out()
    title = "tables: the latest version of each article; <table>_all (figures_all, ...) has every version"
    grid(["table", "rows", "rows in <table>_all"], counts, title=title)
    for view, meaning in meanings.items():
        console.print(Text.assemble((f"{view}: {meaning}", "bold"), "\n  ", ", ".join(column[0] for column in columns[view])))
    console.print(Text(f"\nqueries by name: factwire query {path} NAME", style="bold"))
    for q in named_queries():
        console.print(Text(f"  {q.name}: {q.question}"))
    console.print(Text(f'\nor in SQL: factwire query {path} "SELECT text, counted FROM figures LIMIT 10"'))


def _counted(dataset: Dataset, views: Sequence[str]) -> tuple[list[tuple[str, int, int | None]], dict[str, Any]]:
    """Each view with its rows and, of a table, those of all versions; and their columns as DuckDB describes them."""
    with connect(dataset) as connection:

        def rows(view: str) -> int:
            counted = connection.execute(f"SELECT count(*) FROM {view}").fetchone()
            return counted[0] if counted else 0

        counts = [(view, rows(view), rows(f"{view}_all") if view in TABLES else None) for view in views]
        return counts, {view: connection.execute(f"FROM {view} LIMIT 0").description or () for view in views}


def answer(path: Path, sql: str, form: str, *, most: int | None = None) -> None:
    """Run a query, given in SQL or by name, and print its rows; a table at most so many of a named one, and says how many there are.

    Raises UsageError for what is no query, duckdb.Error for bad SQL.
    """
    named = {q.name: q.sql for q in named_queries()}
    if sql not in named and " " not in sql.strip():
        raise UsageError(f'there is no query {sql!r}; the names are {", ".join(named)}, or give SQL like "FROM figures LIMIT 10"')
    try:
        connection, first = steadily(path, lambda dataset: _asked(dataset, named.get(sql, sql)))
    except ValueError as error:
        raise UsageError(str(error)) from error
    with connection:
        columns = [d[0] for d in connection.description or ()]
        rows = _rows(path, connection, first)
        if form == "table":
            _as_table(columns, rows, most if sql in named else None)
        else:
            _PRINTERS[form](columns, rows)


def _asked(dataset: Dataset, sql: str) -> tuple[duckdb.DuckDBPyConnection, list[Any]]:
    """The connection on which a query was asked, and its first rows: of most answers all."""
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(connect(dataset))
        first = ask(connection, sql).fetchmany(_ROWS)
        stack.pop_all()
    return connection, first


def _rows(path: Path, result: duckdb.DuckDBPyConnection, first: list[Any]) -> Iterator[Sequence[Any]]:
    yield from first
    try:
        while many := result.fetchmany(_ROWS):
            yield from many
    except (duckdb.IOException, duckdb.PermissionException) as error:
        raise DatasetError(f"{path}: files were merged, or taken away, while they were read; ask again") from error


def _as_table(columns: Sequence[str], rows: Iterator[Sequence[Any]], most: int | None) -> None:
    shown = list(islice(rows, most))
    grid(columns, shown)
    if rest := sum(1 for _ in rows):
        out().print(f"{len(shown):,} of {len(shown) + rest:,} rows (--all shows all)")


def _as_csv(columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(v) for v in row])


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return _json(value) if isinstance(value, list | tuple | dict) else value


def _as_json(columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    keys = _keys(columns)
    sys.stdout.write("[")
    for number, row in enumerate(rows):
        sys.stdout.write(("," if number else "") + "\n" + _json(dict(zip(keys, row, strict=True))))
    sys.stdout.write("\n]\n")


def _keys(columns: Sequence[str]) -> list[str]:
    """The columns' names, each once as an object's keys must be: a second `text` is `text_1`, as DuckDB has it where it needs one name."""
    keys: dict[str, None] = {}
    for name in columns:
        keys[next(each for n in count() if (each := f"{name}_{n}" if n else name) not in keys)] = None
    return list(keys)


def _json(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    """A value of DuckDB's as JSON has it. It knows no NaN and no infinity (RFC 8259): null stands for them, as in JavaScript and pandas."""
    match value:
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case Decimal():
            return _plain(float(value))
        case float() if not math.isfinite(value):
            return None
        case None | bool() | int() | float():
            return value
    return str(value)


def _as_markdown(columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    print("| " + " | ".join(columns) + " |")
    print("|" + " --- |" * len(columns))
    for row in rows:
        print("| " + " | ".join(_cell(v) for v in row) + " |")


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    for given, escaped in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("\n", " ")):
        text = text.replace(given, escaped)
    return text


_PRINTERS = {"csv": _as_csv, "json": _as_json, "markdown": _as_markdown}
