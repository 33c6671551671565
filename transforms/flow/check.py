"""Check: the last look before rows are written. A row that is wrong becomes a reject; nothing wrong is written."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from schemas.arrow import complaints
from schemas.article import Article
from schemas.fact_row import FactRow
from schemas.ids import text_key
from schemas.reject import Reject
from schemas.tables import FACT_TABLES
from transforms.flow.rows import Rows


def checked(rows: Rows) -> tuple[Rows, tuple[Reject, ...]]:
    """The rows that hold, with the article's counts to match, and a reject of scope part for each that does not.

    A row holds if its text is exactly the slice of the article's text that its offsets name (design: offsets are proved),
    and if each column has a value that its schema allows.
    """
    article = rows.article
    kept: dict[str, Any] = {}
    rejects: list[Reject] = []
    for table in FACT_TABLES:
        right = []
        for row in getattr(rows, table):
            wrong = _wrong(row, article)
            if wrong is None:
                right.append(row)
            else:
                rejects.append(_reject(row, article, *wrong))
        kept[table] = tuple(right)
    if not rejects:
        return rows, ()
    counts: dict[str, Any] = {f"{table.removesuffix('s')}_count": len(kept[table]) for table in FACT_TABLES}
    return replace(rows, article=replace(article, **counts), **kept), tuple(rejects)


def _wrong(row: FactRow, article: Article) -> tuple[str, str] | None:
    """(reason, message) of a row that does not hold, or None."""
    text = article.text or ""
    if not 0 <= row.start < row.end <= len(text) or text[row.start : row.end] != row.text:
        return "bad_offset", f"the row's text is not what stands at {row.start}:{row.end}"
    found = complaints(row)
    return ("bad_value", "; ".join(found)) if found else None


def _reject(row: FactRow, article: Article, reason: Any, message: str) -> Reject:
    return Reject(
        scope="part",
        step="check",
        reason=reason,
        message=f"a row of {row.TABLE} made by the rule {row.rule!r} was set aside: {message}; please report it",
        source_uri=article.source_uri,
        position=f"characters {row.start}:{row.end}",
        article_id=article.article_id,
        payload=row.text[:200],
    )


def failed(article: Article, step: Any, what: str, error: BaseException, *, scope: Any = "part") -> Reject:
    """The reject for an error of ours on one article: the run goes on, the article's other rows stand, nothing is hidden."""
    return Reject(
        scope=scope,
        step=step,
        reason="failed",
        message=f"{what} failed on this article: {type(error).__name__}: {error}; please report it",
        source_uri=article.source_uri,
        article_id=article.article_id,
        record_key=text_key(article.article_id, article.text_sha256) if scope == "record" else None,
        payload=(article.text or "")[:200],
        retryable=scope == "record",
    )


def in_text_order(rejects: Iterable[Reject]) -> list[Reject]:
    """Rejects in an order that does not depend on who found them first."""
    return sorted(rejects, key=lambda r: (r.source_uri, r.article_id or "", r.position or "", r.step, r.message))
