"""The copies among a slice's articles and those of the dataset, as staged rows of `clusters`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.dataset import Dataset
from pipeline.dataset.columns import kept_columns
from pipeline.dataset.rows_by_id import rows_with
from pipeline.dataset.views import connect
from schemas.arrow import arrow_schema, to_table
from schemas.cluster import Cluster
from transforms.flow.write import StagedFile, write_table
from transforms.repeats import Window, candidate_of, clusters_of, recent

_COLUMNS = ["article_id", "version", "published_at", "fetched_at", "words_sha256", "word_count", "signature"]
_COMPARED = ("article_id", "published_at", "fetched_at", "words_sha256", "signature")
_STANDING = tuple(arrow_schema(Cluster).names)

# Whole clusters from which article versions go: the members that stay, each as it stands now.
_REMAINING = """
WITH newest AS (SELECT article_id, max_by(clusters_all, revision) AS standing FROM clusters_all GROUP BY article_id),
touched AS (
    SELECT * FROM newest
    WHERE standing.cluster_id IN (SELECT standing.cluster_id FROM newest SEMI JOIN going USING (article_id))
),
latest AS (
    SELECT article_id, version, published_at, fetched_at, words_sha256, word_count, signature
    FROM articles_all SEMI JOIN touched USING (article_id) ANTI JOIN going USING (article_id, version)
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY version DESC) = 1
)
SELECT latest.*, standing FROM latest JOIN touched USING (article_id) ORDER BY article_id
"""


@dataclass(frozen=True, slots=True)
class Remaining:
    """The copies that stay where others are taken out, and the rows of `clusters` that they get."""

    articles: tuple[str, ...]
    rows: tuple[Cluster, ...]


def remaining_without(dataset: Dataset, going: Sequence[tuple[str, int]], *, run_id: str) -> Remaining:
    """Settle the clusters that the article versions `going` are taken out of: another copy counts, and they may fall apart."""
    if not dataset.live_files("clusters") or not going:
        return Remaining((), ())
    with connect(dataset) as connection:
        connection.register(
            "going", pa.table({"article_id": [a for a, _ in going], "version": pa.array([v for _, v in going], pa.int32())})
        )
        staying = [candidate_of(row) for row in connection.sql(_REMAINING).to_arrow_table().to_pylist()]
    return Remaining(tuple(c.article_id for c in staying), tuple(clusters_of((), staying, run_id=run_id)))


def clusters_staged(staged: Sequence[StagedFile], folder: Path, dataset: Dataset, *, run_id: str) -> list[StagedFile]:
    """Compare the staged articles with one another and with the dataset's recent ones; stage the rows that this gives."""
    paths = [str(folder / f.path) for f in staged if f.table == "articles"]
    if not paths:
        return []
    articles = pa.concat_tables(pq.ParquetFile(path).read(columns=_COLUMNS) for path in paths)
    fresh = [candidate_of(row) for row in articles.to_pylist()]
    rows = clusters_of(fresh, recent(articles, _Committed(dataset)), run_id=run_id)
    return [write_table("clusters", to_table(Cluster, rows), folder, "00000")] if rows else []


@dataclass(frozen=True, slots=True)
class _Committed:
    """What a dataset says of articles that may be copies. Raises DamagedDatasetError where a committed file cannot be read."""

    dataset: Dataset

    def about(self, window: Window) -> Iterator[pa.Table]:
        """The articles of a window of time, file by file."""
        for file in self.dataset.live_files("articles"):
            if file.span is None or window.may_hold(*file.span):
                yield kept_columns(self.dataset, file, _COMPARED)

    def articles(self, ids: Iterable[str]) -> pa.Table:
        """All versions of articles."""
        return rows_with(self.dataset, "articles", "article_id", ids, _COLUMNS)

    def clusters(self, column: str, ids: Iterable[str]) -> pa.Table:
        """The rows of `clusters` with one of these ids in a column."""
        return rows_with(self.dataset, "clusters", column, ids, _STANDING)
