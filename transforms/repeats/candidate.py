"""What is compared: an article version as far as copies are concerned."""

import datetime as dt
from dataclasses import dataclass

from schemas.cluster import Cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One article version, with the newest row that its article has in `clusters`, if it has one."""

    article_id: str
    version: int
    published_at: dt.datetime | None
    fetched_at: dt.datetime  # stands in for the time of the commit, and counts where a publication date is missing
    words_sha256: str
    word_count: int
    signature: tuple[int, ...] | None
    standing: Cluster | None = None
