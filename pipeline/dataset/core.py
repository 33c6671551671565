"""A dataset as it stands after its last commit."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.dataset.manifest import AddedFile, Input, Manifest

if TYPE_CHECKING:
    from pipeline.dataset.writer import Writer


@dataclass(frozen=True, slots=True)
class Dataset:
    """A snapshot: what the manifests said when it was opened. Reading takes no lock."""

    root: Path
    commits: tuple[Manifest, ...]  # in order; adds, removes and inputs of folded ones are left out

    @classmethod
    def open(cls, path: Path) -> "Dataset":
        """The dataset at `path`. Raises NotADatasetError (also for a missing folder), NewerDatasetError, DamagedDatasetError."""
        raise NotImplementedError

    @classmethod
    def create(cls, path: Path) -> "Dataset":
        """The dataset at `path`, made if the folder is missing or empty. Raises as `open` does, and NotWritableError."""
        raise NotImplementedError

    @property
    def inputs(self) -> Mapping[str, Input]:
        """Files of sources that were wholly read, by address, as they were when last read."""
        raise NotImplementedError

    @property
    def feeds(self) -> Mapping[str, object]:
        """Feed validators by address, the newest of each."""
        raise NotImplementedError

    def live_files(self, table: str) -> tuple[AddedFile, ...]:
        """The committed files of a table: all added ones but those removed since."""
        raise NotImplementedError

    @contextmanager
    def writing(self) -> Iterator["Writer"]:
        """Lock the dataset, recover what a crash left, and let the caller commit. Raises LockedError, NotWritableError."""
        raise NotImplementedError
        yield
