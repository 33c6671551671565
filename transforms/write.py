"""Rows to Parquet files in a staging folder. The same rows give the same bytes, in whatever order they come."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SHARD_ROWS: Final = 50_000


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One Parquet file that a worker wrote, as it tells the committer."""

    table: str
    path: str  # relative to the staging folder that `write_rows` was given
    rows: int
    bytes: int
    sha256: str


def write_rows(table: str, rows: Iterable[Any], folder: Path, name: str) -> StagedFile:
    """Write the rows of one table, at most SHARD_ROWS of them, as `<folder>/<table>/<name>.parquet`.

    `name` tells the shards of a table apart: letters, digits, dots and underscores, such as "0003". Writing the same
    shard again replaces it. Raises OSError with the path (disk full, read-only), ValueError for an unknown table or
    an unsafe name.
    """
    raise NotImplementedError
