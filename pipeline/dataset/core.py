"""A dataset as it stands after its last commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.dataset.errors import NotADatasetError, writable
from pipeline.dataset.log import RUNS, Log
from pipeline.dataset.manifest import AddedFile, Input, Manifest
from pipeline.dataset.recover import check_log
from pipeline.dataset.sums import read_log
from transforms.flow.durable import make_folder

_NO_CONTENT: Final = {"lost+found"}  # what a fresh file system holds; hidden files count as little


@dataclass(frozen=True, slots=True)
class Dataset:
    """A snapshot: what the manifests said when it was opened. Opening and reading take no lock."""

    root: Path
    log: Log

    @classmethod
    def open(cls, path: Path) -> "Dataset":
        """The dataset at `path`. Raises NotADatasetError (also for a missing folder), NewerDatasetError, DamagedDatasetError."""
        _check_name(path)
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
        with writable(path):
            make_folder(path / RUNS)
        return cls.open(path)

    @classmethod
    def find(cls, path: Path) -> "Dataset | None":
        """The dataset at `path`, or None where `create` would make one. Raises as `open` does."""
        _check_name(path)
        if (path / RUNS).is_dir():
            return cls.open(path)
        if path.exists() and not _is_empty_folder(path):
            check_log(path, Log())
            raise NotADatasetError(f"{path}: {_instead_of_dataset(path)}; choose a new or empty folder")
        return None

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
        """Where a committed file lies."""
        return f"{self.root}/{added.path}"


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
