"""Commits to a store: final names first, the manifest last, and only if its number is free.

Each commit first puts its manifest into `_staging/<run>/<slice>/manifest.json`. Where that still stands, the commit did not happen, or was
interrupted as it was done: whoever has the lease next deletes the files that it names, unless they are committed. A writer that was asleep
meanwhile and goes on must fail then, not succeed with files that are gone. So before anything is deleted, the number that it would take
is used up by an empty commit, and the head is replaced by one that it does not know. Should such a writer find its number free since all up to it was
folded, the head tells it, and it takes its manifest back.
"""

import contextlib
import datetime as dt
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline import __version__
from pipeline.dataset.checkpoints import read_log, stale_checkpoints, write_checkpoint
from pipeline.dataset.errors import DamagedDatasetError, DatasetError, LockedError, NotADatasetError, StoreError
from pipeline.dataset.fold import fold
from pipeline.dataset.index import drop_all
from pipeline.dataset.lock import Held
from pipeline.dataset.log import RUNS, Log
from pipeline.dataset.manifest import AddedFile, Manifest, sealed_manifest
from pipeline.dataset.recover import PREPARED, STAGING, clear, finish
from pipeline.dataset.stores.lease import Lease
from pipeline.dataset.stores.mirror import Mirror, name_of
from pipeline.dataset.stores.store import AT_ONCE
from transforms.flow import durable
from transforms.flow.durable import make_folder

LEASE: Final = "_lock.json"
SEARCH: Final = "search.sqlite"  # which readers make, see `pipeline.answers.search_index`
FENCE: Final = "recovered"  # the slice of a commit that only uses up a number

_INTENT: Final = re.compile(rf"{STAGING}/(?P<run>[^/]+)/(?P<slice>[^/]+)/{re.escape(PREPARED)}")


@dataclass(frozen=True, slots=True)
class Shore:
    """The writer's side of a mirror."""

    mirror: Mirror

    @contextlib.contextmanager
    def held(self) -> Iterator[tuple[Lease, Log]]:
        """By a lease."""
        with self.mirror.held(LEASE, "run") as lease:
            try:
                yield lease, self._recovered(taken_over=lease.taken_over)
            except DamagedDatasetError as error:
                try:
                    lease.check()  # another may have merged files away from under this one
                except LockedError as lost:
                    raise lost from error
                raise

    def _recovered(self, *, taken_over: bool) -> Log:
        """Bring the store to what the log says. After a writer that did not end as it should, shut it out before anything is deleted."""
        log = self._read()
        intents = self._intents()
        if taken_over or intents:
            log = self._fenced()
            self.mirror.turn(self.mirror.head)
            self.mirror.store.delete(f"{RUNS}/{name}" for name in self.mirror.garbage())
        self._forget(log, intents)
        log = self._finished(log)
        self.mirror.fetch_indices()
        clear(self.mirror.root, self.mirror.root / STAGING)
        make_folder(self.mirror.root / STAGING)
        if log.takedown > log.folded:  # what it took down still stands in the manifests before it
            self.prepare_fold()
            log = fold(self.mirror.root / RUNS, log)
            self.keep(log)
        elif stale_checkpoints(self.mirror.root / RUNS, log):
            log = write_checkpoint(self.mirror.root / RUNS, log)
            self.keep(log)
        return log

    def publish(self, manifest: Manifest, adds: Mapping[Path, AddedFile], folder: Path, log: Log, held: Held) -> None:
        """Put the files under their names, then the manifest: that write is the commit."""
        store, data = self.mirror.store, sealed_manifest(manifest)
        intent = f"{STAGING}/{manifest.run}/{manifest.slice}/{PREPARED}"
        try:
            store.put(intent, data)
            durable.reached("intent:put")
            pairs = list(adds.items())
            for at in range(0, len(pairs), AT_ONCE):
                store.each(lambda pair: store.put(pair[1].path, pair[0].read_bytes()), pairs[at : at + AT_ONCE])
                durable.reached("commit:putting")
            durable.reached("commit:put")
            held.check()
        except (OSError, DatasetError):
            with contextlib.suppress(StoreError):  # else the next writer does it
                store.delete(added.path for added in adds.values())
                store.delete([intent])
            raise
        self._create(manifest.sequence, data)
        durable.reached("commit:created")
        (self.mirror.root / RUNS / name_of(manifest.sequence)).write_bytes(data)
        with contextlib.suppress(StoreError):  # it is committed all the same
            store.delete([intent])

    def settle(self) -> None:
        """A store does."""

    def drop(self, paths: Iterable[str], *, step: str) -> None:
        """By key."""
        if gone := list(paths):
            durable.reached(f"{step}:dropping")
            self.mirror.store.delete(gone)

    def drop_indices(self) -> None:
        """Here and there."""
        drop_all(self.mirror.root)
        self.mirror.drop_indices([SEARCH])

    def prepare_fold(self) -> None:
        """Bring them."""
        self.mirror.bring_all()

    def keep(self, log: Log) -> None:
        """By the head."""
        self.mirror.keep(log)

    def forget_unfinished(self, log: Log) -> None:
        """By what the log says now: the last commit may have been made though its writer was interrupted before it knew, or may yet be."""
        clear(self.mirror.root, self.mirror.root / STAGING)
        with contextlib.suppress(StoreError):  # the next writer does it
            if intents := self._intents():
                self._forget(self._fenced(), intents)

    def _read(self) -> Log:
        if not self.mirror.refresh():
            raise NotADatasetError(f"{self.mirror.address}: is no dataset any more; somebody has deleted it")
        self.mirror.claim()
        return read_log(self.mirror.root / RUNS)

    def _create(self, sequence: int, data: bytes) -> None:
        """Create a manifest. Raises LockedError where its number is taken, or was and is folded away."""
        store, key = self.mirror.store, f"{RUNS}/{name_of(sequence)}"
        lost = LockedError(
            f"{self.mirror.address}: another run has written to it while this one was out of reach; this commit was not made, run again"
        )
        if store.create(key, data) is None:
            raise lost
        if self.mirror.folded() >= sequence:
            store.delete([key])
            raise lost

    def _finished(self, log: Log) -> Log:
        return finish(self.drop, log, dt.datetime.now(dt.UTC))

    def _fenced(self) -> Log:
        """The log once the number that a writer before us would take next is used up, by it or by us."""
        run = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{os.urandom(4).hex()}"
        while True:
            log = self._finished(self._read())  # after the next commit nobody knows what is left of the removals of the last
            fence = Manifest(
                sequence=log.sequence + 1,
                run=run,
                slice=FENCE,
                created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                factwire=__version__,
            )
            if self.mirror.store.create(f"{RUNS}/{name_of(fence.sequence)}", sealed_manifest(fence)):
                return self._read()

    def _intents(self) -> list[str]:
        return [key for key in self.mirror.store.names(STAGING) if _INTENT.fullmatch(key)]

    def _forget(self, log: Log, intents: Iterable[str]) -> None:
        """Delete what these commits have put and the log does not know. Another's file is never touched: they name their own alone."""
        store = self.mirror.store
        for intent in intents:
            found, name = store.get(intent), _INTENT.fullmatch(intent)
            if found is None or name is None:
                continue
            own = re.compile(re.escape(f"{name['run']}-{name['slice']}-") + r"[^-/]+\.parquet")
            adds = json.loads(found.data)["content"]["adds"]
            paths = [each["path"] for each in adds if own.fullmatch(each["path"].rpartition("/")[2])]
            durable.reached("forget:dropping")
            if log.history.named((name["run"], name["slice"])) is None:
                store.delete(path for path in paths if path not in log.files)
            store.delete([intent])
