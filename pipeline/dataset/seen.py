"""What a dataset has seen already. Read from its own tables: there is no second store that could disagree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import pyarrow as pa

from pipeline.dataset.core import Dataset
from pipeline.dataset.errors import DamagedDatasetError

_SEEN: Final = """
SELECT article_id, text_sha256, version, run_id
FROM read_parquet($files) SEMI JOIN ids USING (article_id)
ORDER BY article_id, version
"""


@dataclass(frozen=True, slots=True)
class SeenText:
    """One committed text of an article."""

    text_sha256: str
    version: int
    run_id: str


def seen_in(dataset: Dataset, ids: Sequence[str]) -> dict[str, tuple[SeenText, ...]]:
    """The committed texts of the articles with these ids, by version; ids not there are left out.

    Only the four columns are read; memory is that of the ids and their answers, not of the dataset. Raises
    DamagedDatasetError where a committed file is missing or cannot be read.
    """
    files = dataset.paths("articles")
    if not files or not ids:
        return {}
    found: dict[str, list[SeenText]] = {}
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        connection.register("ids", pa.table({"article_id": pa.array(ids, pa.string())}))
        try:
            rows = connection.execute(_SEEN, {"files": files}).fetchall()
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise DamagedDatasetError(f"{dataset.root}: a committed file of articles cannot be read ({error})") from error
    for article, *text in rows:
        found.setdefault(article, []).append(SeenText(*text))
    return {article: tuple(texts) for article, texts in found.items()}
