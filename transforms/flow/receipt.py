"""Receipts: what the writing step says of one shard, so that the driver can check and commit it.

A receipt is a small JSON file in the staging folder, beside the Parquet files that it tells of: not every engine hands elements
of a PCollection back to the driver, but every one can write a file.
"""

import json
import resource
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transforms.flow.durable import write_whole
from transforms.flow.write import StagedFile, write_table

if TYPE_CHECKING:
    import pyarrow as pa

    from transforms.flow.packed import Packed

_FOLDER = "receipts"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The files of one shard; how many articles, of which languages, and how many rejects each source has in it."""

    files: tuple[StagedFile, ...]
    articles: dict[str, int]  # by source_uri
    languages: dict[str, int]  # by ISO 639-1 code
    rejects: dict[str, int]  # records, by source_uri
    parts: dict[str, int]  # parts and whole sources, by source_uri
    peak: float  # MB; the most memory that the process which wrote it had until then


def write_shard(packs: Iterable["Packed"], *, staging: Path, name: str, run_id: str) -> Receipt:
    """Write the rows of one shard, a file a table, and its receipt. The same shard written again replaces itself."""
    from transforms.flow.packed import tables_of  # it loads Arrow, of which whoever reads receipts has no use

    tables = tables_of(packs, run_id=run_id)
    counts = _counts(tables)
    files = tuple(write_table(table, tables.pop(table), staging, name) for table in sorted(tables))  # each goes once it is written
    receipt = Receipt(files, *counts, peak_memory())
    path = staging / _FOLDER / f"{name}.json"
    path.parent.mkdir(exist_ok=True)  # not those above it: a worker that outlives its run must not bring back a folder that was cleared
    write_whole(path, json.dumps(asdict(receipt)).encode(), step="receipt")
    return receipt


def receipts_in(staging: Path) -> list[Receipt]:
    """The receipts of a slice's staging folder, by name."""
    found = []
    for path in sorted((staging / _FOLDER).glob("*.json")):
        raw = json.loads(path.read_text("utf-8"))
        files = tuple(StagedFile(**f) for f in raw.pop("files"))
        found.append(Receipt(files=files, **raw))
    return found


def peak_memory() -> float:
    """The most memory that this process has had, in MB. Linux tells it in KB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


def _counts(tables: dict[str, "pa.Table"]) -> tuple[dict[str, int], dict[str, int], dict[str, int], dict[str, int]]:
    articles, rejects = tables.get("articles"), tables.get("rejects")
    scopes = list(zip(_values(rejects, "source_uri"), _values(rejects, "scope"), strict=True))
    return (
        dict(Counter(_values(articles, "source_uri"))),
        dict(Counter(code or "unknown" for code in _values(articles, "language"))),
        dict(Counter(uri for uri, scope in scopes if scope == "record")),
        dict(Counter(uri for uri, scope in scopes if scope != "record")),
    )


def _values(table: "pa.Table | None", column: str) -> list[Any]:
    return table.column(column).to_pylist() if table is not None else []
