"""What the tests of reading share: one file read whole, with fixed defaults."""

import datetime as dt
from collections.abc import Container
from pathlib import Path

from schemas.article import Article
from schemas.reject import Reject
from transforms.read import Defaults, Record, Source, records_in

FETCHED = dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)
CORPUS_FETCHED = dt.datetime(
    2026, 12, 31, tzinfo=dt.UTC
)  # after the day of every page of a corpus: a later one would count as wrong and be dropped


def read(
    path: Path,
    content: bytes | None = None,
    *,
    published_at: dt.date | None = None,
    positions: Container[int] | None = None,
    fetched_at: dt.datetime = FETCHED,
) -> list[Record]:
    """All records of a file, which is written first if its content is given."""
    if content is not None:
        path.write_bytes(content)
    source = Source(str(path), str(path.parent))
    return list(records_in(source, defaults=Defaults(fetched_at, published_at), positions=positions))


def articles(records: list[Record]) -> list[Article]:
    return [record.item for record in records if isinstance(record.item, Article)]


def rejects(records: list[Record]) -> list[tuple[str, str]]:
    """Scope and reason of each reject."""
    return [(record.item.scope, record.item.reason) for record in records if isinstance(record.item, Reject)]


def article(records: list[Record]) -> Article:
    (only,) = articles(records)
    return only
