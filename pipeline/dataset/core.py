"""A dataset as it stands after its last commit."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.dataset.checkpoints import read_log
from pipeline.dataset.errors import DamagedDatasetError, NotADatasetError, writable
from pipeline.dataset.log import RUNS, Log
from pipeline.dataset.manifest import AddedFile, Input, Manifest
from pipeline.dataset.recover import check_log
from pipeline.dataset.regular import check_regular
from pipeline.dataset.stores.open_mirrors import mirror_of
from transforms.flow.durable import make_folder

if TYPE_CHECKING:
    from pipeline.dataset.stores.mirror import Mirror

_NO_CONTENT: Final = {"lost+found"}  # what a fresh file system holds; hidden files count as little


@dataclass(frozen=True, slots=True)
class Dataset:
    """A snapshot: what the manifests said when it was opened. Opening and reading take no lock."""

    root: Path  # of a dataset in a store, the folder on this machine where its log and what is staged lie
    log: Log
    mirror: "Mirror | None" = None  # of a dataset in a store

    @classmethod
    def open(cls, path: Path) -> "Dataset":
        """The dataset at `path`. Raises NotADatasetError (also for a missing folder), NewerDatasetError, DamagedDatasetError."""
        _check_name(path)
        if mirror := mirror_of(path):
            if not mirror.refresh():
                raise NotADatasetError(f"{mirror.address}: no dataset is there; name what `factwire run --output` wrote")
            return cls._in_store(mirror)
        if not (path / RUNS).is_dir():
            check_log(path, Log())
            raise NotADatasetError(f"{path}: {_instead_of_dataset(path)}; name the folder that `factwire run --output` wrote")
        log = read_log(path / RUNS)
        check_log(path, log)
        return cls(path, log)

    @classmethod
    def create(cls, path: Path) -> "Dataset":
        """The dataset at `path`, made if the folder is missing or empty. Raises as `open` does, and NotWritableError."""
        if found := cls.find(path):
            return found
        if mirror := mirror_of(path):
            mirror.make()
            return cls.open(path)
        with writable(path):
            make_folder(path / RUNS)
        return cls.open(path)

    @classmethod
    def find(cls, path: Path) -> "Dataset | None":
        """The dataset at `path`, or None where `create` would make one. Raises as `open` does."""
        _check_name(path)
        if mirror := mirror_of(path):
            if mirror.refresh():
                return cls._in_store(mirror)
            mirror.check_free()
            return None
        if (path / RUNS).is_dir():
            return cls.open(path)
        if path.exists() and not _is_empty_folder(path):
            check_log(path, Log())
            raise NotADatasetError(f"{path}: {_instead_of_dataset(path)}; choose a new or empty folder")
        return None

    @classmethod
    def _in_store(cls, mirror: "Mirror") -> "Dataset":
        log = read_log(mirror.root / RUNS)
        if not log.sequence and mirror.has_orphans():
            mirror.refresh()
            log = read_log(mirror.root / RUNS)
            if not log.sequence:  # else its first commit was made meanwhile
                raise DamagedDatasetError(
                    f"{mirror.address}: holds files of tables, but {RUNS} has none of the commits that added them; "
                    f"restore {RUNS} from a backup of the dataset, or choose another address and read the sources again"
                )
        return cls(mirror.root, log, mirror)

    @property
    def shown(self) -> str:
        """Where it lies, for people."""
        return str(self.mirror.address if self.mirror else self.root)

    @property
    def inputs(self) -> Mapping[str, Input]:
        """Files of sources that were wholly read, by address, as they were when last read."""
        return self.log.inputs

    @property
    def feeds(self) -> Mapping[str, Any]:
        """Feed validators by address, the newest of each."""
        return self.log.feeds

    @property
    def topics(self) -> Mapping[str, Any]:
        """How far topics of Kafka were read, by address."""
        return self.log.topics

    @property
    def commits(self) -> tuple[Manifest, ...]:
        """All commits in order, with rows and account (but for its sources); old ones summed up by day, files and inputs in the log."""
        return self.log.history.all()

    def live_files(self, table: str) -> tuple[AddedFile, ...]:
        """The committed files of a table, oldest first: all that were added but those removed since."""
        return tuple(self.log.files.of(table).values())

    def paths(self, table: str) -> list[str]:
        """Where the committed files of a table lie."""
        return [self.path_of(added) for added in self.live_files(table)]

    def path_of(self, added: AddedFile) -> str:
        """Where a committed file lies: its path, or its address in a store."""
        return f"{self.shown}/{added.path}"

    @contextmanager
    def opened(self, added: AddedFile) -> Iterator[Any]:
        """A committed file for pyarrow, read by ranges. Raises DamagedDatasetError where it is no file, OSError where it cannot be opened."""
        if self.mirror is None:
            path = self.path_of(added)
            check_regular(path)
            yield path
        else:
            with self.mirror.opened(added.path, added.bytes) as file:
                yield file

    def fetched(self, name: str) -> Path:
        """A data file, by its path below the dataset, on this machine. Raises DamagedDatasetError where it is gone from a store."""
        return self.mirror.fetch(name) if self.mirror else self.root / name


def _check_name(path: Path) -> None:
    """Raise NotADatasetError for a path that is not UTF-8: DuckDB and Arrow cannot open files below it."""
    if not str(path).isprintable():
        raise NotADatasetError(f"{str(path)!r}: a dataset's path must be printable UTF-8; choose another")


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and all(each.name.startswith(".") or each.name in _NO_CONTENT for each in path.iterdir())


def _instead_of_dataset(path: Path) -> str:
    if path.is_dir():
        return "an empty folder" if _is_empty_folder(path) else "not a dataset, but a folder with other content"
    return "not a folder" if path.exists() else "no such folder"
