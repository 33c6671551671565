"""What a person puts right: a column of a row set, a false row dropped, a missing one added, each a commit like any other.

The files stay as the rules made them. Corrections are kept by row_id, which is made from the article's text and the row's place, so they
outlive a rerun; the views lay them over the tables (`dataset.corrected`).
"""

import dataclasses
import datetime as dt
import json
import math
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.answers.lookup import article_named, records, row_named
from pipeline.dataset import Commit, Dataset, Writer, writing
from pipeline.dataset.corrected import BY_HAND
from pipeline.dataset.stores.store_address import shown
from pipeline.dataset.views import connect, steadily
from pipeline.options import UsageError
from pipeline.run_id import new_run_id
from schemas.arrow import complaints, from_dict
from schemas.column import Column, columns_of
from schemas.correction import Correction
from schemas.fact_row import FactRow
from schemas.ids import row_id
from schemas.tables import FACT_TABLES
from transforms.flow.write import write_rows

_SHARED: Final = {c.name for c in columns_of(FactRow)}
_TRUTHS: Final = {"true": True, "false": False}


def _number(given: str) -> float:
    """A number that can be compared: a NaN in a Parquet file is missing from what DuckDB 2.0 and DataFusion 55 find there (`findings/`)."""
    number = float(given)
    if not math.isfinite(number):
        raise ValueError(given)
    return number


_READ: Final[dict[Any, tuple[Callable[[str], Any], str]]] = {
    str: (str, "a text"),
    int: (int, "a whole number"),
    float: (_number, "a number"),
    bool: (lambda given: _TRUTHS[given.lower()], "true or false"),
    dt.date: (dt.date.fromisoformat, "a date, YYYY-MM-DD"),
}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was put right in which row."""

    table: str
    row_id: str
    text: str
    done: str

    def __str__(self) -> str:
        return f"{self.table} row {self.row_id[:12]} “{self.text}”: {self.done}"


def correct(output: Path, name: str, sets: Sequence[str], why: str) -> Corrected:
    """Set columns of the row whose id is or begins so, given as `column=value`. Raises UsageError, DatasetError, OSError."""

    def made(connection: duckdb.DuckDBPyConnection) -> tuple[str, Row, list[Row]]:
        table, row = row_named(connection, name)
        values = _values(table, sets)
        _check(table, row | values)
        told = [{"action": "set", "field": f, "value": _json(v), "was": _json(row[f])} for f, v in values.items() if v != row[f]]
        if not told:
            raise UsageError(f"{table} row {row['row_id'][:12]} has these values already; nothing was done")
        return table, row, told

    return _committed(output, made, why)


def drop(output: Path, name: str, why: str) -> Corrected:
    """Drop a row that is false. Raises as `correct` does."""

    def made(connection: duckdb.DuckDBPyConnection) -> tuple[str, Row, list[Row]]:
        table, row = row_named(connection, name)
        return table, row, [{"action": "drop"}]

    return _committed(output, made, why)


def undo(output: Path, name: str, why: str) -> Corrected:
    """Undo all corrections of a row. Raises as `correct` does."""

    def made(connection: duckdb.DuckDBPyConnection) -> tuple[str, Row, list[Row]]:
        sql = "SELECT * FROM corrections WHERE starts_with(row_id, $id) AND holds"
        found = {each["row_id"]: each for each in records(connection, sql, id=name.strip().lower())}
        if len(found) != 1:
            many = "may be several rows; give more of its digits" if found else "is no row with a correction that holds"
            raise UsageError(f"{name} {many}; see them with: factwire query {shown(output)} corrections")
        (row,) = found.values()
        return row["table_name"], row, [{"action": "undo"}]

    return _committed(output, made, why)


def add(output: Path, table: str, article: str, text: str, sets: Sequence[str], why: str, *, place: int | None = None) -> Corrected:
    """Add a row that is missing, over these words of an article, or where they stand more than once over those in this `place`, from 1.

    Columns that tell where something stands in the row (subject_start, ...) follow from its words. Raises as `correct` does.
    """
    _check_why(why)
    if table not in FACT_TABLES:
        raise UsageError(f"there is no table {table!r} to add a row to; they are {', '.join(FACT_TABLES)}")

    def made(connection: duckdb.DuckDBPyConnection) -> tuple[str, Row, list[Row]]:
        found = article_named(connection, article)
        if found["text"] is None:
            raise UsageError(f"article {found['article_id'][:12]} is kept without its text (--text none), so no row can be added to it")
        start = _start_of(found["text"], text, place)
        row = _new_row(connection, table, found, start, text)
        row |= _default(table, row) | _places(table, row, values := _values(table, sets)) | values
        record = _check(table, row)
        return table, row, [{"action": "add", "value": _json(dataclasses.asdict(record))}]

    return _committed(output, made, why)


def left_behind(output: Path) -> list[str]:
    """Sentences on corrections of rows that no rule makes any more: they hold nothing. Raises DatasetError."""

    def look(dataset: Dataset) -> list[str]:
        if not dataset.live_files("corrections"):
            return []
        with connect(dataset) as connection:
            sql = "SELECT DISTINCT table_name, row_id, text FROM corrections WHERE holds AND NOT row_is_made ORDER BY ALL"
            return [
                f"no rule makes {table} row {row[:12]} “{text}” any more, which was corrected: factwire query {shown(output)} corrections tells why"
                for table, row, text in connection.execute(sql).fetchall()
            ]

    return steadily(output, look)


def _committed(output: Path, made: Callable[[duckdb.DuckDBPyConnection], tuple[str, Row, list[Row]]], why: str) -> Corrected:
    """Commit what `made` says of the dataset as it stands, locked: the table, the row, and what is told of it."""
    _check_why(why)
    with writing(Dataset.open(output)) as writer:
        with connect(writer.dataset) as connection:
            table, row, told = made(connection)
        _commit(writer, table, row, told, why)
    return Corrected(table, row["row_id"], row["text"], ", ".join(map(_done, told)))


def _done(told: Row) -> str:
    """What was done, in words."""
    if told["action"] == "set":
        return f"{told['field']} is {json.loads(told['value'])!r}, no longer {json.loads(told['was'])!r}"
    return {"add": "added", "drop": "dropped", "undo": "its corrections are undone"}[told["action"]]


def _commit(writer: Writer, table: str, row: Row, told: Sequence[Mapping[str, Any]], why: str) -> None:
    now = dt.datetime.now(dt.UTC)
    run = new_run_id(now)
    shared = {name: row[name] for name in ("row_id", "article_id", "version", "text")}
    rows = [
        Correction(**shared, table_name=typing.cast("Any", table), why=why.strip(), corrected_at=now, run_id=run, **each) for each in told
    ]
    staged = write_rows("corrections", rows, writer.staging(run, "correct"), "0000")
    writer.commit(
        Commit(run=run, slice="correct", staged=[staged], rows={"corrections": len(rows)}, options={"correct": len(rows)}, created=now)
    )


def _check_why(why: str) -> None:
    if not why.strip():
        raise UsageError("--why is empty; say why it is so: it is shown with the row")


def _values(table: str, sets: Sequence[str]) -> Row:
    """The values of `column=value` pairs. Raises UsageError."""
    columns = {c.name: c for c in columns_of(FACT_TABLES[table]) if c.name not in _SHARED and typing.get_origin(c.annotation) is not tuple}
    values: Row = {}
    for pair in sets:
        name, equals, given = pair.partition("=")
        name = name.strip()
        if not equals:
            raise UsageError(f"--set {pair}: write it as column=value, or column= for no value")
        if name not in columns:
            raise UsageError(f"{table} has no column {name!r} that can be set; they are {', '.join(columns)}")
        values[name] = _value(columns[name], given.strip())
    return values


def _value(column: Column, given: str) -> Any:
    if not given:
        if not column.nullable:
            raise UsageError(f"{column.name} must have a value")
        return None
    if column.allowed:
        if given not in column.allowed:
            raise UsageError(f"{column.name} is one of {', '.join(column.allowed)}, not {given!r}")
        return given
    read, what = _READ[column.annotation]
    try:
        return read(given)
    except (ValueError, KeyError):
        raise UsageError(f"{column.name} is {what}, not {given!r}") from None


def _check(table: str, row: Row) -> Any:
    """The record of a row. Raises UsageError for what its schema does not allow."""
    try:
        record = from_dict(FACT_TABLES[table], row)
        wrong = complaints(record)
    except TypeError:
        needed = [c.name for c in columns_of(FACT_TABLES[table]) if not c.nullable and row.get(c.name) is None]
        has_default = {f.name for f in dataclasses.fields(FACT_TABLES[table]) if f.default is not dataclasses.MISSING}
        wrong = [f"{name} is not given" for name in needed if name not in has_default]
    if wrong:
        raise UsageError(f"a row of {table} cannot be so: {'; '.join(wrong)}")
    return record


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _start_of(text: str, words: str, place: int | None) -> int:
    if not words:
        raise UsageError("--text is empty; give the words that the row stands on, as they are in the article")
    starts = [at for at in range(len(text)) if text.startswith(words, at)]
    if not starts:
        raise UsageError(f"the article does not have the words {words!r}; give them letter by letter as they stand there")
    if place is None and len(starts) > 1:
        raise UsageError(f"the article has the words {words!r} {len(starts)} times; say which with --place, from 1 to {len(starts)}")
    if not 1 <= (place or 1) <= len(starts):
        raise UsageError(f"--place is from 1 to {len(starts)}, as often as the article has these words, not {place}")
    return starts[(place or 1) - 1]


def _new_row(connection: duckdb.DuckDBPyConnection, table: str, article: Row, start: int, text: str) -> Row:
    """The columns that all fact tables share. Section, paragraph and sentence are those of the row of any table that stands nearest before."""
    key = {"id": article["article_id"], "version": article["version"], "start": start}
    rows = " UNION ALL ".join(f"SELECT section, paragraph, sentence, start, version, article_id FROM {t}_all" for t in FACT_TABLES)
    sql = f"SELECT section, paragraph, sentence FROM ({rows}) WHERE article_id = $id AND version = $version AND start <= $start ORDER BY start DESC LIMIT 1"
    near = records(connection, sql, **key) or [
        {"section": "body" if start >= article["body_start"] else "headline", "paragraph": 0, "sentence": 0}
    ]
    end = start + len(text)
    there = connection.execute(
        f'SELECT count(*) FROM {table}_all WHERE article_id = $id AND version = $version AND start = $start AND "end" = $end',
        key | {"end": end},
    ).fetchone()
    identity = row_id(table, article["article_id"], article["text_sha256"], start, end, there[0] if there else 0)
    kept = {name: article[name] for name in ("article_id", "version", "published_at", "outlet")}
    return kept | near[0] | {"row_id": identity, "start": start, "end": end, "text": text, "rule": BY_HAND, "run_id": ""}


def _default(table: str, row: Row) -> Row:
    """What a quotation says, where nothing else is said: all of it."""
    return {"content": [{"start": row["start"], "end": row["end"]}]} if table == "quotes" else {}


def _places(table: str, row: Row, values: Row) -> Row:
    """Where the words of columns such as `subject` stand, if they stand in the row."""
    found: Row = {}
    for name, value in values.items():
        stem = name.removesuffix("_text")
        at = row["text"].find(value) if isinstance(value, str) else -1
        if at >= 0 and f"{stem}_start" in {c.name for c in columns_of(FACT_TABLES[table])} and f"{stem}_start" not in values:
            found |= {f"{stem}_start": row["start"] + at, f"{stem}_end": row["start"] + at + len(value)}
    return found
