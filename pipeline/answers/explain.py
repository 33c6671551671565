"""`factwire explain`: one row: where it was read, by which rule and how good that is, what it says, and the rows that it is tied to."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
from rich.text import Text

from pipeline.answers import screen
from pipeline.answers.article_page import said_of
from pipeline.answers.layout import marked, safe, wrapped
from pipeline.answers.lookup import records, row_named
from pipeline.dataset.corrected import BY_HAND
from pipeline.dataset.views import connect, steadily
from pipeline.rules import Rule, rules
from schemas.column import columns_of
from schemas.fact_row import FactRow
from schemas.tables import FACT_TABLES

_MOST: Final = 12  # rows of one tie that are named
# Columns that hold the id of a row or of an actor, by how their names end; `actor_id` of actors is its own.
_POINTS: Final = {"figure_id": "figures", "date_id": "dates", "quote_id": "quotes", "anchor_row_id": "dates", "actor_id": "actors"}
_DONE: Final = {"add": "added", "drop": "dropped", "undo": "undone"}  # with the whole row
_LISTS: Final = {"figure_ids": "figures", "date_ids": "dates"}

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tie:
    """A row that this one points at, or that points at it."""

    via: str
    table: str
    row: Record


@dataclass(frozen=True, slots=True)
class Explained:
    """A row with all that explains it."""

    table: str
    row: Record
    article: Record
    sentence: str | None
    rule: Rule | None
    at: list[Tie]
    by: list[Tie]
    names: dict[str, str]
    corrections: list[Record]


def explain(path: Path, name: str) -> Explained:
    """What there is to say of the row whose id is or begins so. Raises UsageError, DatasetError."""

    def read(dataset: Any) -> Explained:
        with connect(dataset) as connection:
            return _explained(connection, *row_named(connection, name))

    return steadily(path, read)


def _explained(connection: duckdb.DuckDBPyConnection, table: str, row: Record) -> Explained:
    key = {"id": row["article_id"], "version": row["version"]}
    sql = """SELECT a.*, sentence_at(a.text, $start, $end) AS sentence, a.version = max(a.version) OVER () AS is_latest
             FROM articles_all a WHERE a.article_id = $id QUALIFY a.version = $version"""
    article = records(connection, sql, **key, start=row["start"], end=row["end"])[0]
    named = records(
        connection, "SELECT DISTINCT actor_id, canonical_name FROM actors_all WHERE article_id = $id AND version = $version", **key
    )
    rule = next((r for r in rules((table,)) if r.name == row["rule"]), None)
    at, by = _pointed_at(connection, table, row), _pointing(connection, table, row)
    names = {a["actor_id"]: a["canonical_name"] for a in named}
    corrected = records(connection, "SELECT * FROM corrections WHERE row_id = $row ORDER BY corrected_at, field", row=row["row_id"])
    return Explained(table, row, article, article["sentence"], rule, at, by, names, corrected)


@functools.cache
def points_at(table: str) -> dict[str, str]:
    """The columns of a table that point at rows, and at which table's."""
    found = {}
    for column in columns_of(FACT_TABLES[table]):
        target = _LISTS.get(column.name) or next((t for end, t in _POINTS.items() if column.name.endswith(end)), None)
        if target and not (table == "actors" and column.name == "actor_id"):
            found[column.name] = target
    return found


def _pointed_at(connection: duckdb.DuckDBPyConnection, table: str, row: Record) -> list[Tie]:
    ties = []
    for column, target in points_at(table).items():
        wanted = row[column] if isinstance(row[column], list) else [row[column]] if row[column] else []
        key = "actor_id" if target == "actors" else "row_id"
        sql = f"""SELECT * FROM {target}_all WHERE article_id = $id AND version = $version AND list_contains($wanted, {key})
                  QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY start) = 1 ORDER BY start"""
        found = records(connection, sql, id=row["article_id"], version=row["version"], wanted=wanted) if wanted else []
        ties += [Tie(column, target, each) for each in found]
    return ties


def _pointing(connection: duckdb.DuckDBPyConnection, table: str, row: Record) -> list[Tie]:
    ties = []
    mine = row["actor_id"] if table == "actors" else row["row_id"]
    for other in FACT_TABLES:
        for column in (c for c, target in points_at(other).items() if target == table):
            holds = f"list_contains({column}, $mine)" if column in _LISTS else f"{column} = $mine"
            sql = f"SELECT * FROM {other}_all WHERE article_id = $id AND version = $version AND {holds} ORDER BY start"
            found = records(connection, sql, id=row["article_id"], version=row["version"], mine=mine)
            ties += [Tie(column, other, each) for each in found]
    return ties


def show(explained: Explained, tell: Callable[[str], None]) -> None:
    """Print what there is to say of a row."""
    screen.say(list(_told(explained, screen.out().width)))
    own = [c for c in columns_of(FACT_TABLES[explained.table]) if c.name not in {b.name for b in columns_of(FactRow)}]
    said = [c for c in own if explained.row[c.name] not in (None, [], "")]
    tied = {"actor_id", *points_at(explained.table)}  # told below, by what they point at; offsets are in the data
    told = [c for c in said if c.name not in tied and c.unit != "characters"]
    shown = [(c.name, _value(explained.row[c.name]), c.description + (f" ({c.unit})" if c.unit else "")) for c in told]
    screen.rows(["column", "value", "meaning"], shown, full=True)
    if unsaid := [c.name for c in own if c not in said]:
        screen.say([Text(line, style="dim") for line in wrapped("not said or not known: " + ", ".join(unsaid), screen.out().width)])
    screen.say(list(_tied(explained, screen.out().width)))
    if explained.sentence is None:
        tell("the article is kept without its text (--text none), so its sentence is left out")


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if isinstance(value, dict):
        return " ".join(f"{key} {safe(each)}" for key, each in value.items() if each is not None)
    return safe(value)


def _told(explained: Explained, width: int) -> Iterator[Text]:
    row, article = explained.row, explained.article
    yield Text(f"{explained.table} row {row['row_id']}", style="bold")
    for line in marked(wrapped(safe(explained.sentence or row["text"]), width - 4)):
        yield Text("    ").append_text(line)
    day = article["published_local_date"] or article["published_at"]
    yield Text("    " + ", ".join(safe(each) for each in (article["title"] or "(no title)", article["outlet"], day) if each), style="dim")
    yield Text("    " + safe(article["canonical_url"] or article["source_uri"]), style="dim")
    place = f"characters {row['start']} to {row['end']} of version {row['version']}, {row['section']}, sentence {row['sentence']}"
    yield Text(f"    article {row['article_id'][:12]}, {place}", style="dim")
    if not article["is_latest"]:
        yield Text("    of an older version of the article: the tables without _all do not have it", style="bold")
    yield Text()
    yield from _ruled(explained.rule, row["rule"], width)
    yield from _put_right(explained.corrections, width)
    yield Text()


def _put_right(corrections: list[Record], width: int) -> Iterator[Text]:
    """What people have put right in the row, and why."""
    for c in corrections:
        what = f"{c['field']} set to {c['value']}, not {c['was']}" if c["action"] == "set" else _DONE[c["action"]]
        since = "" if c["holds"] or c["action"] == "undo" else ", undone since"
        yield Text()
        yield Text.assemble(("corrected ", "bold"), f"{c['corrected_at']:%Y-%m-%d %H:%M} UTC: {safe(what)}{since}")
        for line in wrapped(safe(c["why"]), width - 4):
            yield Text("    " + line)


def _ruled(rule: Rule | None, name: str, width: int) -> Iterator[Text]:
    yield Text.assemble(("rule ", "bold"), name)
    unlisted = "a person has added the row" if name == BY_HAND else "not in the list of this release: another one made the row"
    reason = unlisted if rule is None else rule.reason
    for line in wrapped(safe(reason), width - 4):
        yield Text("    " + line)
    if rule is not None:
        judged = "never judged on" if rule.precision is None else f"right in {rule.precision:.0%} of {rule.support:,} rows of"
        yield Text(f"    {judged} our own gold")


def _tied(explained: Explained, width: int) -> Iterator[Text]:
    for title, ties in (("points at", explained.at), ("pointed at by", explained.by)):
        if not ties:
            continue
        yield Text()
        yield Text(title, style="bold")
        for tie in ties[:_MOST]:
            head = f"    {tie.via} {tie.table} {tie.row['row_id'][:12]}  "
            said = safe(said_of(tie.table, tie.row, explained.names))
            if tie.table in ("actors", "figures"):  # the others tell their words anyhow
                said = f"“{safe(tie.row['text'])}”: {said}"
            for at, line in enumerate(wrapped(said, max(width - len(head), 30))):
                yield Text((head if at == 0 else " " * len(head)) + line)
        if len(ties) > _MOST:
            yield Text(f"    and {len(ties) - _MOST:,} more")
