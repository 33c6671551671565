"""Commits: staged files become part of the dataset all at once, or not at all."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.dataset.checkpoints import CHECKPOINT_EVERY, FOLD_EVERY, MOST_INPUTS, write_checkpoint
from pipeline.dataset.core import Dataset
from pipeline.dataset.errors import IntegrityError
from pipeline.dataset.fold import fold
from pipeline.dataset.home import Home, home_of
from pipeline.dataset.lock import Held
from pipeline.dataset.log import GRACE, RUNS, Log, still_left
from pipeline.dataset.manifest import RUN_NAME, AddedFile, Input, Manifest
from pipeline.dataset.recover import STAGING, clear, finish
from pipeline.dataset.takedown import unnamed
from pipeline.dataset.verify import check_totals, proved
from transforms.flow import durable
from transforms.flow.durable import make_folder
from transforms.flow.write import NAME, StagedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """What is to be committed. `run` and `slice` name it: a second commit of that name changes nothing."""

    run: str  # letters, digits, "._-"
    slice: str  # letters, digits, "._"
    staged: Sequence[StagedFile]  # files in `Writer.staging(run, slice)`
    rows: Mapping[str, int]  # rows by table as the run's account has them; the Parquet footers must say the same
    removes: Sequence[str] = ()  # paths of live files that the staged ones replace
    grace: dt.timedelta = dt.timedelta()  # for so long these stay for readers that have opened the dataset before; at most GRACE
    inputs: Sequence[Input] = ()
    feeds: Mapping[str, Any] = field(default_factory=dict)  # validators by feed address
    topics: Mapping[str, Any] = field(default_factory=dict)  # how far topics were read, by address
    account: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)  # without secrets
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds; and the most memory that a worker had, in MB
    created: dt.datetime = field(default_factory=partial(dt.datetime.now, dt.UTC))  # gives the day in the files' paths
    days: Mapping[str, dt.date] = field(default_factory=dict)  # by path of a staged file: its day where it takes the place of older ones
    forgets: Sequence[str] = ()  # hashes of what is taken down, see `takedown`


@dataclass(slots=True)
class Writer:
    """The one writer of a dataset, for as long as it holds the lock."""

    dataset: Dataset  # as it stands after the last commit
    lock: Held
    home: Home

    def staging(self, run: str, slice: str) -> Path:
        """The folder into which workers write the files of this slice; made if missing. Raises ValueError for an unsafe name."""
        if not RUN_NAME.fullmatch(run) or not NAME.fullmatch(slice):
            raise ValueError(f"{run!r} or {slice!r} cannot be part of a file's name")
        folder = self.dataset.root / STAGING / run / slice
        make_folder(folder)
        return folder

    def commit(self, commit: Commit) -> Manifest:
        """Verify the staged files, move them into place, write the manifest, delete what it removes, unless that is to stay a while.

        Raises IntegrityError where footers, hashes or counts differ from what was said, LockedError where the lock was
        taken away, OSError with its path where the disk fails: nothing is committed then. Only an OSError while
        cleaning up leaves the commit made; the next `writing` finishes it.
        """
        root, home = self.dataset.root, self.home
        folder = self.staging(commit.run, commit.slice)
        if done := self.dataset.log.history.named((commit.run, commit.slice)):
            clear(root, folder)
            return done
        if commit.forgets:
            self.finish()
            home.drop_indices()
        else:  # else nobody would know of what is left of the newest commit's removals
            self._now(finish(home.drop, self.dataset.log, commit.created))
        adds = self._verified(commit, folder)
        manifest = self._manifest(commit, tuple(adds.values()))
        home.publish(manifest, adds, folder, self.dataset.log, self.lock)
        log = self._now(self.dataset.log.plus([manifest]))
        durable.reached("commit:made")
        if commit.forgets:  # what a reader has meanwhile made of the files as they were
            home.drop_indices()
        home.settle()
        if not manifest.until:
            home.drop(manifest.removes, step="remove")
            log = self._now(dataclasses.replace(log, leftovers=still_left(log.leftovers, manifest.moment)))
        clear(root, folder)
        if manifest.forgets or log.sequence - log.folded >= FOLD_EVERY or len(log.inputs.since) >= MOST_INPUTS:
            self.fold()
        elif log.sequence - log.checkpoint >= CHECKPOINT_EVERY:
            home.keep(self._now(write_checkpoint(root / RUNS, log)))
        return manifest

    def finish(self) -> None:
        """Delete at once what stays for readers only: then a plain glob finds each row once."""
        log = self.dataset.log
        self.home.drop([path for path in log.leftovers if path not in log.files], step="finish")
        self._now(dataclasses.replace(log, leftovers={}))

    def fold(self) -> None:
        """Put one file in the place of all manifests. Raises as `fold.fold` does, LockedError where the lock was taken away."""
        self.lock.check()
        self.home.prepare_fold()
        self.home.keep(self._now(fold(self.dataset.root / RUNS, self.dataset.log)))

    def _now(self, log: Log) -> Log:
        """The dataset stands as this log says."""
        self.dataset = dataclasses.replace(self.dataset, log=log)
        return log

    def _verified(self, commit: Commit, folder: Path) -> dict[Path, AddedFile]:
        """The staged files and what they are to become. Raises IntegrityError for what is not as the commit says."""
        if strange := sorted(path for path in commit.removes if path not in self.dataset.log.files):
            raise IntegrityError(f"{strange[0]}: to be removed, but not among the committed files; nothing was committed")
        adds = {}
        today = commit.created.astimezone(dt.UTC).date()
        for staged in sorted(commit.staged, key=lambda each: each.path):
            name = f"{commit.run}-{commit.slice}-{Path(staged.path).name}"
            schema, span = proved(staged, folder)
            adds[folder / staged.path] = AddedFile(
                table=staged.table,
                path=f"{staged.table}/day={commit.days.get(staged.path, today).isoformat()}/{name}",
                rows=staged.rows,
                bytes=staged.bytes,
                sha256=staged.sha256,
                schema=schema,
                sequence=self.dataset.log.sequence + 1,
                span=span,
            )
        if len(adds) < len(commit.staged):
            raise IntegrityError(f"{folder}: a staged file was handed in twice; nothing was committed")
        check_totals(commit.staged, commit.rows)
        return adds

    def _manifest(self, commit: Commit, adds: tuple[AddedFile, ...]) -> Manifest:
        created = commit.created.astimezone(dt.UTC)
        manifest = Manifest(
            sequence=self.dataset.log.sequence + 1,
            run=commit.run,
            slice=commit.slice,
            created=created.isoformat(timespec="seconds"),
            factwire=__version__,
            adds=adds,
            removes=tuple(sorted(set(commit.removes))),
            rows=dict(commit.rows),
            inputs=tuple(commit.inputs),
            feeds=commit.feeds,
            topics=commit.topics,
            account=commit.account,
            options=commit.options,
            timings=commit.timings,
            forgets=tuple(sorted(set(commit.forgets))),
            until=(created + min(commit.grace, GRACE)).isoformat(timespec="seconds") if commit.grace and commit.removes else "",
        )
        # A takedown's source may be given to a run again, by those who do not know: its name is not written down again.
        return unnamed(manifest, self.dataset.log.forgotten) if self.dataset.log.forgotten else manifest


@contextmanager
def writing(dataset: Dataset) -> Iterator[Writer]:
    """Lock a dataset, finish or forget what a crash left, and let the caller commit to it as it stands now.

    Raises LockedError (exit code 75) at once where another run holds it, NotWritableError, or what `Dataset.open` raises.
    What was staged and not committed is gone when this ends.
    """
    home = home_of(dataset)
    with home.held() as (lock, log):
        writer = Writer(dataclasses.replace(dataset, log=log), lock, home)
        try:
            yield writer
        finally:
            if lock.is_held():  # else this would take away what the next holder stages
                home.forget_unfinished(writer.dataset.log)
