"""Clusters: where one article version stands among its copies. Rows are only added, see transforms/repeats."""

import datetime as dt
from typing import ClassVar, Literal

from schemas.column import column, table


@table("clusters", version=1)
class Cluster:
    """One article version and the copies of it; the newest row of an article counts."""

    TABLE: ClassVar[str]
    VERSION: ClassVar[int]

    article_id: str = column("identity of the article")
    version: int = column("version of the article")
    published_at: dt.datetime | None = column("when the article was published", unit="UTC", default=None)
    cluster_id: str = column("the smallest article_id among the copies")
    is_canonical: bool = column("whether this is the copy that counts: the earliest published, then the smallest id")
    duplicate_kind: Literal["exact", "near"] | None = column("how it equals the canonical copy; null for the canonical one", default=None)
    revision: int = column("counts the rows of this article in this table, from 1: the highest counts", default=1)
    run_id: str = column("the run that wrote the row", default="")
