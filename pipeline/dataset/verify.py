"""Proof that files hold what was said of them, by their own Parquet footers."""

import contextlib
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.dataset.core import Dataset
from pipeline.dataset.errors import DamagedDatasetError, IntegrityError
from pipeline.dataset.fold_parts import content_of
from pipeline.dataset.log import RUNS
from pipeline.dataset.manifest import AddedFile, Span
from pipeline.dataset.recover import DATA
from transforms.flow.write import StagedFile

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def proved(staged: StagedFile, folder: Path) -> tuple[int, Span | None]:
    """The schema version of a staged file and, of articles, between which moments they lie, by its footer.

    Raises IntegrityError unless table, rows, size and hash are as told.
    """
    import pyarrow as pa  # both here, since a commit without rows needs neither
    import pyarrow.parquet as pq

    path = folder / staged.path
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise IntegrityError(f"{path}: said to be staged, but not there") from error
    if hashlib.sha256(data).hexdigest() != staged.sha256:
        raise IntegrityError(f"{path}: is not what was written")
    try:
        footer = pq.read_metadata(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise IntegrityError(f"{path}: is no Parquet file ({error})") from error
    told = footer.metadata or {}
    if told.get(b"factwire.table", b"").decode() != staged.table:
        raise IntegrityError(f"{path}: does not say that it holds {staged.table}")
    if footer.num_rows != staged.rows:
        raise IntegrityError(f"{path}: holds {footer.num_rows} rows, not {staged.rows}")
    return int(told[b"factwire.version"]), span_of(footer) if staged.table == "articles" else None


def span_of(footer: "pq.FileMetaData") -> Span:
    """Between which moments the articles of a file lie."""
    published, fetched = (_statistics(footer, column) for column in ("published_at", "fetched_at"))
    return Span(*_range(published), *_range(fetched), undated=sum(each.null_count for each in published))


def _statistics(footer: "pq.FileMetaData", column: str) -> list["pq.Statistics"]:
    at = footer.schema.names.index(column)
    return [footer.row_group(group).column(at).statistics for group in range(footer.num_row_groups)]


def _range(statistics: Iterable["pq.Statistics"]) -> tuple[int | None, int | None]:
    ends = [_microseconds(end) for each in statistics if each.has_min_max for end in (each.min, each.max)]
    return (min(ends), max(ends)) if ends else (None, None)


def _microseconds(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def check_totals(staged: Iterable[StagedFile], rows: Mapping[str, int]) -> None:
    """Raise IntegrityError where the rows of the files are not those of the run's account, table by table."""
    held: Counter[str] = Counter()
    for each in staged:
        held[each.table] += each.rows
    for table in sorted(held.keys() | rows.keys()):
        if held[table] != rows.get(table, 0):
            raise IntegrityError(
                f"{table}: the files hold {held[table]} rows, the account says {rows.get(table, 0)}; nothing was committed"
            )


def problems_in(dataset: Dataset) -> Iterator[str]:
    """What is wrong with the committed files, a sentence each, and which Parquet files belong to no commit."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for added in dataset.log.files.values():
        path = dataset.path_of(added)
        try:
            with dataset.opened(added) as file:
                footer = pq.read_metadata(file)
            size = _size(dataset, added)
        except DamagedDatasetError as error:
            yield str(error)
            continue
        except (OSError, pa.ArrowException) as error:
            yield f"{path}: committed, but cannot be read ({error})"
            continue
        if footer.num_rows != added.rows or size != added.bytes:
            yield f"{path}: holds {footer.num_rows} rows in {size} bytes, not {added.rows} in {added.bytes}"
    if dataset.mirror:
        dataset.mirror.bring_all()
    for part in dataset.log.parts:
        try:
            content_of(dataset.root / RUNS, part)
        except DamagedDatasetError as error:
            yield str(error)
    for name in strangers(dataset):
        yield f"{dataset.shown}/{name}: belongs to no commit, so queries leave it out; remove it, or restore the manifest that adds it"


def altered(dataset: Dataset) -> Iterator[str]:
    """Which committed files are not byte for byte as they were committed, a sentence each; those that are no files are left out."""
    for added in dataset.log.files.values():
        with contextlib.suppress(FileNotFoundError):
            if _digest(dataset, added) != added.sha256:
                yield f"{dataset.path_of(added)}: its bytes are not those that were committed; restore it from a backup of the dataset"


def strangers(dataset: Dataset) -> list[str]:
    """Parquet files among the tables' that no commit knows, not even as removed, as manifests would name them."""
    log = dataset.log
    return [name for name in _data_names(dataset) if name not in log.files and name not in log.leftovers]


def _size(dataset: Dataset, added: AddedFile) -> int:
    """The bytes of a committed file. Raises FileNotFoundError, StoreError."""
    if dataset.mirror is None:
        return Path(dataset.path_of(added)).stat().st_size
    return dataset.mirror.size_of(added.path)


def _digest(dataset: Dataset, added: AddedFile) -> str:
    """The SHA-256 of a committed file. Raises FileNotFoundError for what is no file, StoreError."""
    if dataset.mirror:
        return hashlib.sha256(dataset.mirror.bytes_of(added.path)).hexdigest()
    path = Path(dataset.path_of(added))
    if not path.is_file():
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _data_names(dataset: Dataset) -> list[str]:
    """The paths below the dataset of all files that could be those of tables."""
    if dataset.mirror:
        return dataset.mirror.data_names()
    return sorted(path.relative_to(dataset.root).as_posix() for path in dataset.root.glob(DATA))
