"""Rows to Parquet files in a staging folder. The same rows give the same bytes, in whatever order they come."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from schemas.tables import TABLES
from transforms.flow.durable import write_whole

if TYPE_CHECKING:
    import pyarrow as pa

SHARD_ROWS: Final = 50_000  # the caller cuts a table into shards of this many rows
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._]{0,99}")  # of a slice or a shard: stands between hyphens in a file name

_SORTED_BY: Final = ("published_at", "article_id", "start")


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One Parquet file that a worker wrote, as it tells the committer."""

    table: str
    path: str  # relative to the staging folder that `write_table` was given
    rows: int
    bytes: int
    sha256: str


def write_rows(table: str, rows: Iterable[Any], folder: Path, name: str) -> StagedFile:
    """Write records of one table as `write_table` does. Raises KeyError for an unknown table, and what it raises."""
    from schemas.arrow import to_table

    return write_table(table, to_table(TABLES[table], rows), folder, name)


def write_table(table: str, rows: "pa.Table", folder: Path, name: str) -> StagedFile:
    """Write rows of one table, sorted, as `<folder>/<table>/<name>.parquet` (zstd), all in memory until then.

    `name` tells the shards of a table apart, such as "0003": letters, digits, dots, underscores. Writing a shard again
    replaces it. `folder` must exist: a worker that outlives its run must not bring back a folder that was cleared.
    Raises OSError with the path (disk full, read-only), ValueError for an unsafe name.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be part of a file's name")
    import pyarrow as pa  # both here, since a run with nothing new writes nothing
    import pyarrow.parquet as pq

    path = folder / table / f"{name}.parquet"
    found = _sorted(rows)
    sink = pa.BufferOutputStream()
    pq.write_table(found, sink, compression="zstd")
    data = memoryview(sink.getvalue())
    path.parent.mkdir(exist_ok=True)
    write_whole(path, data, step="stage")  # its folder is synced where the commit moves it to
    return StagedFile(table, f"{table}/{path.name}", found.num_rows, len(data), hashlib.sha256(data).hexdigest())


def _sorted(rows: "pa.Table") -> "pa.Table":
    """Rows in the order that readers are promised; the other plain columns break ties, so that no order of arrival shows."""
    import pyarrow as pa

    plain = [field.name for field in rows.schema if not pa.types.is_nested(field.type)]
    first = [name for name in _SORTED_BY if name in plain]
    return rows.sort_by([(name, "ascending") for name in first + [n for n in plain if n not in first]])
