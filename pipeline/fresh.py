"""A run that could not begin leaves no dataset behind: what it made for it is taken away again."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.dataset import Dataset, LockedError
from pipeline.dataset.lock import LOCK, locked
from pipeline.dataset.log import RUNS
from pipeline.dataset.recover import STAGING, clear
from pipeline.options import UsageError


@contextmanager
def dataset_for(path: Path) -> Iterator[Dataset]:
    """The dataset at `path`, made where there is none. Ends the block in a UsageError, a dataset that was made for it and holds nothing goes again.

    Raises as `Dataset.create` does.
    """
    is_new = Dataset.find(path) is None
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    dataset = Dataset.create(path)
    try:
        yield dataset
    except UsageError:
        if is_new:
            _take_away(path, missing)
        raise


def _take_away(path: Path, made: list[Path]) -> None:
    """Remove a dataset without a commit, and those folders that were made for it, if nobody has put anything there since."""
    with suppress(LockedError), locked(path):  # else another run has begun there
        if Dataset.open(path).log.sequence:
            return
        clear(path, path / STAGING)
        clear(path, path / RUNS)
        (path / LOCK).unlink()
    with suppress(OSError):  # a folder that is not empty any more stays
        for folder in made:
            folder.rmdir()
