"""What a crash left is finished or forgotten before anything else is done.

A commit first writes its manifest into its staging folder, then moves its files, then renames that manifest into
`_runs/`. So a manifest that is still in staging tells of a commit that did not happen: the files that bear the name
of its run and slice are deleted. Any other file that the manifests do not know is never touched: it may be all that
is left after somebody lost a manifest. Of a commit that did happen, only the deletion of what it removes can be
missing: that is done again.
"""

import dataclasses
import datetime as dt
import functools
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

from pipeline.dataset.checkpoints import read_log, stale_checkpoints, write_checkpoint
from pipeline.dataset.errors import DamagedDatasetError
from pipeline.dataset.fold import drop_folded, fold
from pipeline.dataset.log import RUNS, Log, still_left
from transforms.flow import durable
from transforms.flow.durable import UNFINISHED, drop_files, make_folder

STAGING: Final = "_staging"
INDICES: Final = "_index"  # see `index`
PREPARED: Final = "manifest.json"  # in the staging folder of a slice, until it is renamed into _runs/
GONE: Final = "_gone"
DATA: Final = "[a-z]*/day=*/*.parquet"


class Drop(Protocol):
    """Deletes data files."""

    def __call__(self, paths: Iterable[str], *, step: str) -> None:
        """Those that are gone already are no error."""


def recover(root: Path, log: Log) -> Log:
    """Bring the folder to what the log says; the caller holds the lock. Raises OSError with the path."""
    log = finish(functools.partial(drop_files, root), log, dt.datetime.now(dt.UTC))
    forget_unfinished(root, log)
    for unfinished in (*(root / RUNS).glob(UNFINISHED), *(root / INDICES).glob(UNFINISHED)):
        unfinished.unlink()
    drop_folded(root / RUNS, log)
    if log.takedown > log.folded:  # what it took down still stands in the manifests before it
        return fold(root / RUNS, log)
    return write_checkpoint(root / RUNS, log) if stale_checkpoints(root / RUNS, log) else log


def finish(drop: Drop, log: Log, now: dt.datetime) -> Log:
    """Delete what the newest commit removes and a crash, or a disk that failed, has left, and what has stayed for readers long enough."""
    left = still_left(log.leftovers, now)
    drop([path for path in log.leftovers if path not in left and path not in log.files], step="finish")
    return dataclasses.replace(log, leftovers=left)


def forget_unfinished(root: Path, log: Log) -> None:
    """Delete what was staged or moved into place but not committed, and leave an empty staging folder."""
    for prepared in (root / STAGING).glob(f"*/*/{PREPARED}"):
        forget(root, log, prepared)
    clear(root, root / STAGING)
    make_folder(root / STAGING)


def forget(root: Path, log: Log, prepared: Path) -> None:
    """Take back the moves of a commit that did not happen: the files of its run and slice, by their names.

    The manifest itself is not read for them: should the disk have spoilt it, the dataset is no worse.
    """
    moved = (path.relative_to(root).as_posix() for path in root.glob(DATA) if _moved_by(prepared, path))
    drop_files(root, sorted(path for path in moved if path not in log.files), step="forget")
    prepared.unlink()


def check_log(root: Path, log: Log) -> None:
    """Raise DamagedDatasetError where the log knows of no commit and yet files are there that no unfinished commit has moved.

    Somebody has emptied the log. Taken for a new dataset, it would read all its sources again and hold each of their rows twice.
    """
    if log.sequence:
        return
    orphans = list(root.glob(DATA))
    prepared = list((root / STAGING).glob(f"*/*/{PREPARED}"))
    orphans = [path for path in orphans if path.exists() and not any(_moved_by(each, path) for each in prepared)]
    # A first commit may have been made between the reading of the log and the look at the files.
    if orphans and not ((root / RUNS).is_dir() and read_log(root / RUNS).sequence):
        raise DamagedDatasetError(
            f"{root}: holds {len(orphans):,} files of tables, but {RUNS} has none of the commits that added them; "
            f"restore {RUNS} from a backup of the dataset, or choose another folder and read the sources again"
        )


def _moved_by(prepared: Path, path: Path) -> bool:
    """Whether a table's file bears the name of the run and slice whose manifest is still in staging."""
    run, slice = prepared.parent.parts[-2:]
    return re.fullmatch(re.escape(f"{run}-{slice}-") + r"[^-]+\.parquet", path.name) is not None


def clear(root: Path, folder: Path) -> None:
    """Delete a folder that a worker may still be writing to: renamed first, so that nothing new can appear in it."""
    gone = root / GONE
    if gone.exists():
        shutil.rmtree(gone)
    if folder.exists():
        folder.rename(gone)
        durable.reached("clear:renamed")
        shutil.rmtree(gone)
