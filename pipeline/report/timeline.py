"""What happened when: the facts of the chosen articles that say a day, newest first, as the page's timeline has them."""

import dataclasses
from typing import Any, Final

import duckdb

from pipeline.answers.named import named_queries
from pipeline.report.articles import ID
from pipeline.report.chosen import Wanted, answered
from pipeline.report.packed_data import transposed

_TOLD: Final = ("who", "predicate", "object", "status")


def events(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> dict[str, list[Any]]:
    """The events as columns: first and last day, the article's number, the row's id, and who did what, how far. Empty: there are none."""
    query = next(q for q in named_queries() if q.name == "timeline")
    by_publication = dataclasses.replace(query, days=None)  # a page's --since and --until are of its articles
    numbers = dict(connection.execute("SELECT article_id, nth FROM chosen").fetchall())
    found = [
        {"from": row["happened_start"], "to": row["happened_end"], "article": numbers[row["article_id"]], "row": row["row_id"][:ID]}
        | {name: row[name] or "" for name in _TOLD}
        for row in answered(connection, by_publication, wanted)
        if row["article_id"] in numbers
    ]
    return transposed(found)
