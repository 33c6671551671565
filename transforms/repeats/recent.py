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

RECENT: Final = f"""
WITH span AS (
    SELECT min(published_at) - INTERVAL {WINDOW.days} DAY AS published_from, max(published_at) + INTERVAL {WINDOW.days} DAY AS published_to,
        min(fetched_at) - INTERVAL {WINDOW.days} DAY AS fetched_from, max(fetched_at) + INTERVAL {WINDOW.days} DAY AS fetched_to
    FROM fresh
),
in_window AS (
    SELECT article_id, words_sha256, signature FROM articles_all, span
    WHERE published_at BETWEEN published_from AND published_to OR fetched_at BETWEEN fetched_from AND fetched_to
),
bands AS (SELECT unnest(range({BANDS})) AS band),
fresh_bands AS (
    SELECT DISTINCT band, signature[{ROWS_OF_BAND} * band + 1 : {ROWS_OF_BAND} * (band + 1)] AS minima
    FROM fresh, bands WHERE signature IS NOT NULL
),
window_bands AS (
    SELECT article_id, band, signature[{ROWS_OF_BAND} * band + 1 : {ROWS_OF_BAND} * (band + 1)] AS minima
    FROM in_window, bands WHERE signature IS NOT NULL
),
near AS (
    SELECT article_id FROM fresh
    UNION SELECT article_id FROM in_window WHERE words_sha256 IN (SELECT words_sha256 FROM fresh)
    UNION SELECT article_id FROM window_bands SEMI JOIN fresh_bands USING (band, minima)
),
standing AS (SELECT * FROM clusters_all QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY revision DESC) = 1),
touched AS (
    SELECT * FROM standing
    WHERE cluster_id IN (SELECT cluster_id FROM standing SEMI JOIN near USING (article_id))
),
latest AS (
    SELECT article_id, version, published_at, fetched_at, words_sha256, word_count, signature
    FROM articles_all SEMI JOIN touched USING (article_id)
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY version DESC) = 1
)
SELECT latest.*, touched AS standing FROM latest JOIN touched USING (article_id)
"""
"""DuckDB SQL over `fresh` (the slice's articles), `articles_all` and `clusters_all` (all committed rows of those tables)."""


def candidate_of(row: Mapping[str, Any]) -> Candidate:
    """A candidate from a row of `articles`, or of `RECENT`, as a dict; raises KeyError where a column is missing."""
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
