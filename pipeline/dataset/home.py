"""What a writer does otherwise on a disk than in a store: who may write, how what is staged becomes part of the dataset, how files go."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.dataset.checkpoints import read_log
from pipeline.dataset.core import Dataset
from pipeline.dataset.errors import writable
from pipeline.dataset.lock import Held, Lock, locked
from pipeline.dataset.log import RUNS, Log
from pipeline.dataset.manifest import AddedFile, Manifest, sealed_manifest
from pipeline.dataset.recover import PREPARED, forget, forget_unfinished, recover
from transforms.flow import durable
from transforms.flow.durable import drop_files, make_folder, sync_folder, write_durably


class Home(Protocol):
    """Where a dataset is written. All but `held` is done by who holds the right to; each raises OSError with the path, or StoreError."""

    def held(self) -> AbstractContextManager[tuple[Held, Log]]:
        """Hold the right to write, what was interrupted finished or forgotten; the log as it stands then.

        Raises LockedError at once where another has it, NotWritableError.
        """

    def publish(self, manifest: Manifest, adds: Mapping[Path, AddedFile], folder: Path, log: Log, held: Held) -> None:
        """Make staged files and a manifest part of the dataset, all at once or not at all."""

    def settle(self) -> None:
        """Make what was published survive whatever stops the machine."""

    def drop(self, paths: Iterable[str], *, step: str) -> None:
        """Delete data files; those that are gone already are no error."""

    def drop_indices(self) -> None:
        """Delete all that is derived from the tables."""

    def prepare_fold(self) -> None:
        """Have all manifests at hand that are to be folded."""

    def keep(self, log: Log) -> None:
        """Let the fold or checkpoint that was written count."""

    def forget_unfinished(self, log: Log) -> None:
        """Delete what was staged and not committed."""


def home_of(dataset: Dataset) -> Home:
    """Where a dataset is written."""
    if dataset.mirror is None:
        return Disk(dataset.root)
    from pipeline.dataset.stores.store_commits import Shore

    return Shore(dataset.mirror)


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder: files are renamed, and a rename is the commit."""

    root: Path

    @contextmanager
    def held(self) -> Iterator[tuple[Lock, Log]]:
        """By flock."""
        with locked(self.root) as lock:
            with writable(self.root):
                log = recover(self.root, read_log(self.root / RUNS))
                lock.sign()
            yield lock, log

    def publish(self, manifest: Manifest, adds: Mapping[Path, AddedFile], folder: Path, log: Log, held: Held) -> None:
        """Move the files into place, then the manifest: that rename is the commit."""
        root, prepared = self.root, folder / PREPARED
        held.check()
        try:
            write_durably(prepared, sealed_manifest(manifest), step="prepare")
            for staged, added in adds.items():
                make_folder((root / added.path).parent)
                staged.rename(root / added.path)
                durable.reached("commit:moving")
            for day in sorted({(root / added.path).parent for added in adds.values()}):
                sync_folder(day)
            durable.reached("commit:moved")
            prepared.rename(root / RUNS / manifest.file_name)
        except OSError:
            if prepared.exists():
                forget(root, log, prepared)
            raise

    def settle(self) -> None:
        """The manifest's name."""
        sync_folder(self.root / RUNS)

    def drop(self, paths: Iterable[str], *, step: str) -> None:
        """As `drop_files`."""
        drop_files(self.root, paths, step=step)

    def drop_indices(self) -> None:
        """As `index.drop_all`."""
        from pipeline.dataset.index import drop_all  # it loads numpy and Arrow

        drop_all(self.root)

    def prepare_fold(self) -> None:
        """They are."""

    def keep(self, log: Log) -> None:
        """It does, by its name."""

    def forget_unfinished(self, log: Log) -> None:
        """As `recover.forget_unfinished`."""
        forget_unfinished(self.root, log)
