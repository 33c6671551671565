"""What the first view of a page counts: all articles that are wanted, past the limit of those that can be opened too."""

import tomllib
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.answers.named import NamedQuery
from pipeline.report.articles import ID
from pipeline.report.chosen import Wanted, answered
from pipeline.rules import rules
from pipeline.show import what_a_row_is
from schemas.column import columns_of
from schemas.tables import FACT_TABLES

_QUERIES: Final = Path(__file__).parent / "page_queries.toml"

Record = dict[str, Any]


def questions() -> dict[str, NamedQuery]:
    """The queries of the overview by name, each of which is a chart or a table there."""
    told = tomllib.loads(_QUERIES.read_text("utf-8"))
    return {name: NamedQuery(name, q["question"], q["sql"].strip()) for name, q in told.items()}


def overview(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> Record:
    """For each query its question and its rows."""
    found = {}
    for name, query in questions().items():
        rows = answered(connection, query, wanted)
        for row in rows:
            row.update({key: row[key][:ID] for key in ("row_id", "article_id") if key in row})
        found[name] = {"question": query.question, "rows": rows}
    return found


def glossary(connection: duckdb.DuckDBPyConnection) -> Record:
    """What columns and rules mean, told once in a page: of each table what a row is, its columns, and the rules that made rows of the page."""
    told = {}
    for table, record in FACT_TABLES.items():
        sql = f"SELECT DISTINCT rule FROM {table} SEMI JOIN chosen USING (article_id, version)"
        made = {name for (name,) in connection.execute(sql).fetchall()}
        told[table] = {
            "row": what_a_row_is(record),
            "columns": {c.name: c.description for c in columns_of(record)},
            "rules": {r.name: [r.reason, r.precision, r.support] for r in rules((table,)) if r.name in made},
        }
    return told
