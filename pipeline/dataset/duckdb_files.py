"""How DuckDB gets at committed files: on a disk by itself, in a store through the mirror's file system, by ranges."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.dataset.core import Dataset
from pipeline.dataset.regular import check_all_regular

if TYPE_CHECKING:
    import duckdb


def reach(connection: "duckdb.DuckDBPyConnection", dataset: Dataset, files: Iterable[str]) -> None:
    """Let a connection read these committed files. Raises DamagedDatasetError for one that is no regular file."""
    if dataset.mirror:
        connection.register_filesystem(dataset.mirror.filesystem)
    else:
        check_all_regular(files)
