"""The copies among a slice's articles and those of the dataset, as staged rows of `clusters`."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.dataset import Dataset
from pipeline.dataset.views import connect
from schemas.arrow import to_table
from schemas.cluster import Cluster
from transforms.repeats import RECENT, candidate_of, clusters_of
from transforms.write import StagedFile, write_table

_COLUMNS = ["article_id", "version", "published_at", "fetched_at", "words_sha256", "word_count", "signature"]


def clusters_staged(staged: Sequence[StagedFile], folder: Path, dataset: Dataset, *, run_id: str) -> list[StagedFile]:
    """Compare the staged articles with one another and with the dataset's recent ones; stage the rows that this gives."""
    paths = [str(folder / f.path) for f in staged if f.table == "articles"]
    if not paths:
        return []
    articles = pa.concat_tables(pq.ParquetFile(path).read(columns=_COLUMNS) for path in paths)
    recent = []
    if dataset.live_files("clusters"):
        with connect(dataset) as connection:
            connection.register("fresh", articles)
            recent = [candidate_of(row) for row in connection.sql(RECENT).to_arrow_table().to_pylist()]
    rows = clusters_of([candidate_of(row) for row in articles.to_pylist()], recent, run_id=run_id)
    return [write_table("clusters", to_table(Cluster, rows), folder, "00000")] if rows else []
