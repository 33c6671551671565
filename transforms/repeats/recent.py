"""Which committed articles a slice may touch: the query whose rows are the second argument of `clusters_of`.

It is answered where the articles are, band by band, so that what comes back grows with the slice and its copies and not
with the dataset. Nothing is decided here: it may give too many, but always whole clusters, without which members would
be torn off that no fresh article comes near.
"""

from collections.abc import Mapping
from typing import Any, Final

from schemas.arrow import from_dict
from schemas.cluster import Cluster
from transforms.repeats.candidate import Candidate
from transforms.repeats.components import BANDS, ROWS_OF_BAND, WINDOW

_BANDS: Final = ", ".join(
    f"hash({band}, {', '.join(f'signature[{ROWS_OF_BAND * band + row + 1}]' for row in range(ROWS_OF_BAND))})" for band in range(BANDS)
)  # written out: a list sliced by a joined band number takes DuckDB ten times as long
_DAYS: Final = f"INTERVAL {WINDOW.days} DAY"

RECENT: Final = f"""
WITH span AS (
    SELECT min(published_at) - {_DAYS} AS published_from, max(published_at) + {_DAYS} AS published_to,
        min(fetched_at) - {_DAYS} AS fetched_from, max(fetched_at) + {_DAYS} AS fetched_to
    FROM fresh
),
in_window AS (
    SELECT article_id, words_sha256, signature FROM articles_all, span
    WHERE published_at BETWEEN published_from AND published_to OR fetched_at BETWEEN fetched_from AND fetched_to
),
fresh_bands AS (SELECT unnest([{_BANDS}]) AS band FROM fresh WHERE signature IS NOT NULL),
window_bands AS (SELECT article_id, unnest([{_BANDS}]) AS band FROM in_window WHERE signature IS NOT NULL),
near AS (
    SELECT article_id FROM fresh
    UNION SELECT article_id FROM in_window WHERE words_sha256 IN (SELECT words_sha256 FROM fresh)
    UNION SELECT article_id FROM window_bands SEMI JOIN fresh_bands USING (band)
),
newest AS (SELECT article_id, max_by(clusters_all, revision) AS standing FROM clusters_all GROUP BY article_id),
touched AS (
    SELECT * FROM newest
    WHERE standing.cluster_id IN (SELECT standing.cluster_id FROM newest SEMI JOIN near USING (article_id))
),
latest AS (
    SELECT article_id, version, published_at, fetched_at, words_sha256, word_count, signature
    FROM articles_all SEMI JOIN touched USING (article_id)
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY version DESC) = 1
)
SELECT latest.*, standing FROM latest JOIN touched USING (article_id)
"""
"""DuckDB SQL over `fresh` (the slice's articles), `articles_all` and `clusters_all` (all committed rows of those tables)."""


def candidate_of(row: Mapping[str, Any]) -> Candidate:
    """A candidate from a row of `articles`, or of `RECENT`, as a dict.

    Raises KeyError where a column is missing, and ValueError for an article that was not given its fingerprint: compared by
    nothing, it would silently stand alone.
    """
    if row["words_sha256"] is None:
        raise ValueError(f"article {row['article_id']} has no fingerprint")
    standing = row.get("standing")
    signature = row["signature"]
    return Candidate(
        article_id=row["article_id"],
        version=row["version"],
        published_at=row["published_at"],
        fetched_at=row["fetched_at"],
        words_sha256=row["words_sha256"],
        word_count=row["word_count"],
        signature=None if signature is None else tuple(signature),
        standing=None if standing is None else from_dict(Cluster, standing),
    )
