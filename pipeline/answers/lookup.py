"""Articles and rows by what a person has of them: an id or its beginning, an address, words of a title."""

import re
from typing import Any, Final

import duckdb

from pipeline.options import UsageError
from schemas.tables import FACT_TABLES
from transforms.read.web_address import canonical_url

_ID: Final = re.compile(r"[0-9a-f]{4,32}")
_MOST: Final = 8  # named where several are meant

_ROW: Final = " UNION ALL ".join(
    f"SELECT '{table}' AS kind, row_id, article_id, version FROM {table}_all WHERE starts_with(row_id, $id)" for table in FACT_TABLES
)


def article_named(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    """The latest version of the one article that is meant. Raises UsageError where it is none or more than one."""
    given = name.strip()
    if not given:
        raise UsageError("name the article: its article_id, a row_id, its address, or words of its title")
    found: list[str] = []
    if _ID.fullmatch(given):
        found = _ids(connection, "SELECT article_id FROM articles WHERE starts_with(article_id, $id)", id=given)
        found = found or _ids(connection, f"SELECT DISTINCT article_id FROM ({_ROW})", id=given)
    if not found:
        sql = "SELECT article_id FROM articles WHERE canonical_url = $url OR source_uri = $given"
        found = _ids(connection, sql, url=canonical_url(given), given=given)
    if not found:
        sql = """SELECT article_id FROM articles WHERE is_canonical AND contains(lower(strip_accents(title)), lower(strip_accents($given)))
                 ORDER BY published_at DESC"""
        found = _ids(connection, sql, given=given)
    if not found:
        raise UsageError(
            f"no article has {name!r} as its id, a row's id, its address or in its title; factwire search finds words in the text"
        )
    if len(found) > 1:
        listed = records(connection, "SELECT article_id, title FROM articles WHERE list_contains($found, article_id)", found=found[:_MOST])
        told = "; ".join(f"{a['article_id'][:12]} {a['title'] or '(no title)'}" for a in listed)
        raise UsageError(f"{name!r} may be {len(found)} articles; give more of it, or an id: {told}{'; ...' if len(found) > _MOST else ''}")
    return records(connection, "SELECT * FROM articles WHERE article_id = $id", id=found[0])[0]


def row_named(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[str, dict[str, Any]]:
    """The table and the columns of the one fact row whose row_id is or begins so. Raises UsageError where it is none or more than one."""
    given = name.strip().lower()
    if not _ID.fullmatch(given):
        raise UsageError(f"{name!r} is no row_id; give at least its first 4 hex digits, as they stand beside each answer")
    found = records(connection, _ROW, id=given)
    if not found:
        if _ids(connection, "SELECT article_id FROM articles_all WHERE starts_with(article_id, $id)", id=given):
            raise UsageError(f"{name} is an article, not a row; see it with factwire show")
        gone = records(
            connection, "SELECT row_id, why FROM corrections WHERE holds AND action = 'drop' AND starts_with(row_id, $id)", id=given
        )
        if gone:
            raise UsageError(
                f"row {gone[0]['row_id'][:12]} was dropped: {gone[0]['why']}; factwire correct OUT {name} --undo brings it back"
            )
        raise UsageError(f"no row of this dataset has the row_id {name}; a rerun may have made other rows: ask the query again")
    if len(found) > 1:
        several = ", ".join(f"{each['row_id'][:12]} in {each['kind']}" for each in found[:_MOST])
        raise UsageError(f"{name} may be {len(found)} rows; give more of its digits: {several}")
    table = found[0]["kind"]
    row = records(connection, f"SELECT * FROM {table}_all WHERE row_id = $id", id=found[0]["row_id"])[0]
    return table, row


def records(connection: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[dict[str, Any]]:
    """The rows of a query as dicts."""
    result = connection.execute(sql, values)
    names = [d[0] for d in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _ids(connection: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[str]:
    return [row[0] for row in connection.execute(sql, values).fetchall()]
