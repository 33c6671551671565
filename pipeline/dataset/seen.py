"""What a dataset has seen already. Read from its own tables: there is no second store that could disagree."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from pipeline.dataset.core import Dataset
from pipeline.dataset.errors import DamagedDatasetError
from pipeline.dataset.regular import check_all_regular
from pipeline.dataset.takedown import redacted
from schemas.reject import Reject

_SEEN: Final = """
SELECT article_id, text_sha256, version, run_id
FROM read_parquet($files, hive_partitioning = false) SEMI JOIN ids USING (article_id)
ORDER BY article_id, version
"""

_REJECTED: Final = """
SELECT DISTINCT position, reason, payload FROM read_parquet($files, hive_partitioning = false) WHERE source_uri = $uri
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
    wanted = pa.table({"article_id": pa.array(ids, pa.string())})
    for article, *text in _asked(dataset, _SEEN, {"files": files}, {"ids": wanted}):
        found.setdefault(article, []).append(SeenText(*text))
    return {article: tuple(texts) for article, texts in found.items()}


Rejected = frozenset[tuple[str | None, str, str | None]]  # (position, reason, payload) of each


def rejected_in(dataset: Dataset, uri: str) -> Rejected:
    """(position, reason, payload) of what was set aside of a source already, so that reading it again adds no row twice.

    Raises DamagedDatasetError as `seen_in` does.
    """
    files = dataset.paths("rejects")
    return frozenset(_asked(dataset, _REJECTED, {"files": files, "uri": uri}, {})) if files else frozenset()


def was_rejected(reject: Reject, known: Rejected) -> bool:
    """Whether what was set aside now was so before, be it that its excerpt was taken down since."""
    place = (reject.position, reject.reason)
    return (*place, reject.payload) in known or (reject.payload is not None and (*place, redacted(reject.payload)) in known)


def _asked(dataset: Dataset, sql: str, parameters: dict[str, Any], tables: dict[str, pa.Table]) -> list[Any]:
    check_all_regular(map(Path, parameters["files"]))
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        for name, table in tables.items():
            connection.register(name, table)
        try:
            return connection.execute(sql, parameters).fetchall()
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise DamagedDatasetError(f"{dataset.root}: a committed file cannot be read ({error})") from error
