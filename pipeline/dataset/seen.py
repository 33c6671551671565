"""What a dataset has seen already. Read from its own tables: there is no second store that could disagree."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pipeline.dataset.core import Dataset
from pipeline.dataset.duckdb_files import reach
from pipeline.dataset.errors import DamagedDatasetError
from pipeline.dataset.takedown import redacted
from schemas.ids import reject_key
from schemas.reject import Reject

_TEXTS: Final = ("article_id", "text_sha256", "version", "run_id")
_KEYED: Final = 2  # the version of `rejects` from which on they have their records' own keys


@dataclass(frozen=True, slots=True)
class SeenText:
    """One committed text of an article."""

    text_sha256: str
    version: int
    run_id: str


def seen_in(dataset: Dataset, ids: Sequence[str]) -> dict[str, tuple[SeenText, ...]]:
    """The committed texts of the articles with these ids, by version; ids not there are left out.

    Memory is that of the ids and their answers, not of the dataset. Raises DamagedDatasetError where a committed file that may hold
    one of them is missing or cannot be read.
    """
    from pipeline.dataset.rows_by_id import rows_with  # it loads Arrow: a run with nothing new asks for no id

    rows = rows_with(dataset, "articles", "article_id", ids, _TEXTS).sort_by([("article_id", "ascending"), ("version", "ascending")])
    found: dict[str, list[SeenText]] = {}
    for article, *text in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        found.setdefault(article, []).append(SeenText(*text))
    return {article: tuple(texts) for article, texts in found.items()}


def item_versions_in(dataset: Dataset, ids: Sequence[str]) -> dict[str, list[str]]:
    """What the sources of the articles with these ids call their committed versions; ids without any are left out.

    Raises DamagedDatasetError as `seen_in` does.
    """
    found: dict[str, list[str]] = {}
    from pipeline.dataset.rows_by_id import rows_with

    rows = rows_with(dataset, "articles", "article_id", ids, ("article_id", "item_version"))
    for article, version in zip(rows["article_id"].to_pylist(), rows["item_version"].to_pylist(), strict=True):
        if version is not None:
            found.setdefault(article, []).append(version)
    return found


def rejected_in(dataset: Dataset, uri: str) -> frozenset[str]:
    """The keys (see `Reject.key`) of what was set aside of a source already, so that reading it again adds no row twice.

    Raises DamagedDatasetError as `seen_in` does.
    """
    rows = _rejected(dataset, "reason, record_key, position, payload", "source_uri = $uri", {"uri": uri})
    return frozenset(reject_key(uri, *row) for row in rows)


def failed_in(dataset: Dataset) -> frozenset[str]:
    """The keys (see `ids.text_key`) of the texts that the model could not take: they are tried again only where that is asked for.

    Raises DamagedDatasetError as `seen_in` does.
    """
    found = _rejected(dataset, "record_key", "scope = 'record' AND step = 'annotate' AND record_key IS NOT NULL", {})
    return frozenset(key for (key,) in found)


def was_rejected(reject: Reject, known: Collection[str]) -> bool:
    """Whether what was set aside now was so before, be it that its excerpt was taken down since."""
    if reject.key in known:
        return True
    return reject.payload is not None and replace(reject, payload=redacted(reject.payload)).key in known


def _rejected(dataset: Dataset, columns: str, where: str, parameters: dict[str, Any]) -> list[Any]:
    """Columns of the rejects for which a condition holds; files of before version 2 have no `record_key`."""
    files = dataset.live_files("rejects")
    found: list[Any] = []
    for keyed in (False, True):
        paths = [dataset.path_of(file) for file in files if (file.schema >= _KEYED) is keyed]
        of = "read_parquet($files, hive_partitioning = false)"
        rows = f"FROM {of}" if keyed else f"FROM (SELECT *, NULL::VARCHAR AS record_key FROM {of})"
        if paths:
            found += _asked(dataset, f"SELECT DISTINCT {columns} {rows} WHERE {where}", {"files": paths, **parameters})
    return found


def _asked(dataset: Dataset, sql: str, parameters: dict[str, Any]) -> list[Any]:
    import duckdb  # only where something was ever set aside

    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        reach(connection, dataset, parameters["files"])
        try:
            return connection.execute(sql, parameters).fetchall()
        except (duckdb.IOException, duckdb.InvalidInputException, FileNotFoundError) as error:
            raise DamagedDatasetError(f"{dataset.shown}: a committed file cannot be read ({error})") from error
