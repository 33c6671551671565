"""Which articles a page has, and their rows, one article after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from pipeline.answers.article_page import ORDER, Page
from pipeline.answers.lookup import article_named
from pipeline.answers.named import NamedQuery, Narrowed, scope, scoped
from schemas.tables import FACT_TABLES

MOST: Final = 5_000  # articles of a page, unless --limit says otherwise: past that a browser is slow to open it
_AT_ONCE: Final = 2_000  # rows fetched at once
_ALL: Final = NamedQuery("report", "Which articles are there?", "FROM articles")
_LEFT_OUT: Final = "signature, words_sha256, text_sha256"  # of articles: nobody reads them
_KNOWN: Final = "published_at, outlet, run_id"  # of rows: as their articles have it

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page is to be of: an article as one names it, or the articles that are left, the newest of them up to a limit."""

    narrowed: Narrowed
    article: str | None = None


def choose(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> int:
    """Make the table `chosen` (nth: from 0, newest first; article_id, version), and return how many articles there were to choose from.

    Raises UsageError where no article, or more than one, has the name that was given.
    """
    columns = "CREATE TABLE chosen AS SELECT row_number() OVER (ORDER BY published_at DESC NULLS LAST, article_id) - 1 AS nth, article_id, version"
    if wanted.article is not None:
        one = article_named(connection, wanted.article)["article_id"]
        connection.execute(f"{columns} FROM articles WHERE article_id = $id", {"id": one})
        return 1
    cursor = connection.cursor()  # for the views that it is given: they are its own
    cursor.execute(scope(wanted.narrowed, _ALL))
    cursor.execute(f"{columns.replace('chosen', 'memory.main.chosen')} FROM articles ORDER BY nth LIMIT {wanted.narrowed.limit or MOST}")
    counted = cursor.execute("SELECT count(*) FROM articles").fetchone()
    return int(counted[0]) if counted else 0


def answered(connection: duckdb.DuckDBPyConnection, query: NamedQuery, wanted: Wanted) -> list[Record]:
    """The rows of a query over the articles that are wanted, past the limit too; of one article alone, over that."""
    cursor = connection.cursor()  # for views of its own
    one = "(r.article_id, r.version) IN (SELECT (article_id, version) FROM memory.main.chosen)"
    cursor.execute(scope(wanted.narrowed, _ALL) if wanted.article is None else scoped([one], ["false"]))
    return list(_fetched(cursor, query.sql))


def pages(connection: duckdb.DuckDBPyConnection) -> Iterator[Page]:
    """The chosen articles with their rows, in their order; each table is read once, from its beginning to its end."""
    corrected = {row_id for (row_id,) in connection.execute("SELECT row_id FROM corrections WHERE holds").fetchall()}
    of_articles = "FROM {} t JOIN chosen USING (article_id, version) ORDER BY nth"
    apart = {
        table: _Apart(_fetched(connection.cursor(), f"SELECT nth, t.* EXCLUDE ({_KNOWN}) {of_articles.format(table)}, {ORDER}"))
        for table in FACT_TABLES
    }
    for article in _fetched(connection.cursor(), f"SELECT nth, t.* EXCLUDE ({_LEFT_OUT}) {of_articles.format('articles')}"):
        rows = {table: found.of(article["nth"]) for table, found in apart.items()}
        yield Page(article, rows, frozenset(r["row_id"] for found in rows.values() for r in found if r["row_id"] in corrected))


class _Apart:
    """The rows of a query that come in the order of `nth`, article by article."""

    def __init__(self, rows: Iterator[Record]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, nth: int) -> list[Record]:
        """The rows of an article: each is asked for once, in order."""
        found = []
        while self._next is not None and self._next["nth"] == nth:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found


def _fetched(cursor: duckdb.DuckDBPyConnection, sql: str) -> Iterator[Record]:
    cursor.execute(sql)
    names = [d[0] for d in cursor.description or ()]
    while some := cursor.fetchmany(_AT_ONCE):
        for row in some:
            yield dict(zip(names, row, strict=True))
