"""Watching on the local engine: small bounded runs one after another in one process, the model warm between them.

Polls are made, and folders looked at, without the dataset: what is known of feeds is in memory. Only where there is something to be read (or
once an hour, what is known of feeds is to be kept) the dataset is locked, as a run locks it, and the slices are proved and committed as
a run's are. So other verbs come between two commits, and a watch with nothing new writes nothing.
"""

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline import engines
from pipeline.account import Account
from pipeline.dataset import GRACE, Dataset, LockedError, Manifest, Writer, writing
from pipeline.dataset.manifest import Input
from pipeline.engines.execute import WorkerLostError
from pipeline.engines.reach import Reach
from pipeline.plan import Plan, planned
from pipeline.progress import SILENT, Progress
from pipeline.run_id import new_run_id
from pipeline.slices import Slices
from pipeline.sources import defaults_of, told_of
from pipeline.watch.looking import Came, Looking
from pipeline.watch.service import Service
from pipeline.watch.status import FOLDER, alive
from pipeline.watch.stopping import Stopping
from pipeline.watch.watch_options import WatchOptions
from pipeline.watch.watch_standing import WatchStanding
from pipeline.watch.watch_telling import Telling
from transforms.flow.memory import collect_now

KEPT_EVERY: Final = dt.timedelta(hours=1)  # what is known of feeds, where nothing else is to be committed
TRIES: Final = 3  # of a slice whose worker is killed
_LOCK_WAIT: Final = 2.0  # seconds
_SLACK, _POLL, _PLAN, _SLICE = 60.0, 3600.0, 3600.0, 1800.0  # seconds that each may take before the watchdog takes it for dead


class LocalWatch:
    """A watch on the local engine, from its start to its stop."""

    def __init__(self, options: WatchOptions, stopping: Stopping, service: Service, tell: Telling) -> None:
        self._standing = WatchStanding(options, "local", service, tell)
        self._looking = Looking(options, self._standing, stopping.event)
        self._run, self._feeds, self._topics = self._looking.run, self._looking.feeds, self._looking.topics
        self._stopping, self._service, self._tell = stopping, service, tell
        self._inputs: dict[str, Input] = {}  # files that were read and gave nothing new; no commit has them yet
        self._kept_at = dt.datetime.now(dt.UTC)
        self._moved = False  # whether a slice was committed since the last worker was lost

    def run(self) -> None:
        """Watch until it is asked to stop.

        Raises UsageError, SourceError for what cannot be watched, LockedError where another watch is, DatasetError, OSError and EngineError.
        """
        self._looking.begin()
        root = Dataset.create(self._run.output).root
        with engines.started(self._run.engine, Reach.of(self._run)) as self._execute, alive(root), self._service.fed():
            self._root = root
            self._spool = root / FOLDER / "spool"
            self._looking.learn(Dataset.open(root))
            self._standing.begin(self._feeds, root, "by small bounded runs, one after another, each committed by itself")
            while not self._stopping.asked:
                self._cycle()
            self._service.stopping()
            self._service.allows(_SLICE)
            self._end()

    def _cycle(self) -> None:
        """Wait until something is due, look, and commit what is new."""
        now = dt.datetime.now(dt.UTC)
        due = self._due(now)
        if due > now:
            self._standing.looked(self._feeds, due)
            seconds = (due - now).total_seconds()
            self._service.allows(seconds + _SLACK)
            if self._stopping.wait(seconds):
                return
        with self._spooled() as folder:
            self._service.allows(_POLL)
            came = self._looking.look(folder)
            if came.sources:
                self._commit(came)
                collect_now()
            else:
                self._feeds.remember(came.poll.states({}) if came.poll else {})
                self._topics.remember(self._topics.told(came.taken, Plan(), came.at))
        if self._has_to_keep and came.at - self._kept_at >= KEPT_EVERY:
            with self._locked() as writer:
                if writer:
                    self._keep(writer, came.at)

    def _due(self, now: dt.datetime) -> dt.datetime:
        """When to go on: with a look, or with the hourly commit of what is known of feeds."""
        due = self._looking.due(now)
        return min(due, self._kept_at + KEPT_EVERY) if self._feeds.pending or self._topics.pending else due

    @property
    def _has_to_keep(self) -> bool:
        """Whether something is known that no commit has yet."""
        return bool(self._feeds.pending or self._topics.pending or self._inputs)

    def _commit(self, came: Came) -> None:
        """Read what came and commit what is new in it; once more where a worker was killed. Raises WorkerLostError the third time."""
        for left in reversed(range(TRIES)):
            self._moved = False
            try:
                with self._locked() as writer:
                    if writer:
                        self._commit_to(writer, came)
                return
            except WorkerLostError as error:
                if not left and not self._moved:
                    raise
                self._tell.say(f"{error}; it is tried again")
            if self._stopping.asked:
                return

    @contextlib.contextmanager
    def _locked(self) -> Iterator[Writer | None]:
        """The dataset's writer, waited for where another process has it; None where the watch is asked to stop meanwhile."""
        with contextlib.ExitStack() as stack:
            writer: Writer | None = None
            while writer is None:
                try:
                    writer = stack.enter_context(writing(Dataset.open(self._root)))
                except LockedError as error:
                    self._tell.once("lock", f"{error}; it is waited for")
                    self._service.allows(_SLACK)
                    if self._stopping.wait(_LOCK_WAIT):
                        break
            self._tell.once("lock", None)
            yield writer

    def _commit_to(self, writer: Writer, came: Came) -> None:
        self._looking.learn(writer.dataset)
        self._service.allows(_PLAN)
        plan = planned(came.sources, writer.dataset, defaults=defaults_of(self._run, came.at), growing=came.looked.growing)
        told = told_of(came.poll, plan) if came.poll else {}
        topics = self._topics.told(came.taken, plan, came.at)
        inputs = self._inputs | {each.uri: each for each in plan.inputs}
        if plan.slices:
            self._service.allows(_SLICE)
            plan.inputs, plan.topics = list(inputs.values()), self._topics.to_keep(topics)
            states = self._feeds.pending_as_json() | told
            slices = Slices(self._run, new_run_id(came.at), plan, states, writer, self._execute, _Progress(self, came), grace=GRACE)
            slices.all(stop=self._stopping.event)
            if slices.left:
                return  # asked to stop: what it left is read when it is started again
            self._inputs, self._kept_at = {}, came.at
            self._feeds.kept(told)
            self._topics.kept(topics)
        else:
            self._inputs = inputs
            self._feeds.remember(told)
            self._topics.remember(topics)
        self._looking.folders.done(plan.unsettled)

    def _keep(self, writer: Writer, now: dt.datetime) -> None:
        """Commit what is known of feeds and topics, and of files in which nothing was new."""
        plan = Plan(inputs=list(self._inputs.values()), topics=self._topics.to_keep({}))
        made = Slices(self._run, new_run_id(now), plan, self._feeds.pending_as_json(), writer, self._execute, SILENT).remembered()
        self._inputs, self._kept_at = {}, now
        self._feeds.kept({})
        self._topics.kept({})
        if made:
            self._tell.committed(made, {})

    def committed(self, made: Manifest, came: Came, newest: dt.datetime | None) -> None:
        """A slice was committed: tell it, and go on living."""
        self._moved = True
        self._standing.committed(made, came.at, newest)
        self._service.allows(_SLICE)

    def _end(self) -> None:
        """Keep what is not kept yet, and leave a plain glob each row once, unless another process has the dataset."""
        with contextlib.suppress(LockedError), writing(Dataset.open(self._root)) as writer:
            if self._has_to_keep:
                self._keep(writer, dt.datetime.now(dt.UTC))
            writer.finish()
        self._standing.stopped(self._feeds)

    @contextlib.contextmanager
    def _spooled(self) -> Iterator[Path]:
        """A folder for what is fetched, emptied of what a watch that was killed has left."""
        shutil.rmtree(self._spool, ignore_errors=True)
        self._spool.mkdir()
        try:
            yield self._spool
        finally:
            shutil.rmtree(self._spool, ignore_errors=True)  # a server that was left to itself may still send


@dataclass(frozen=True, slots=True)
class _Progress(Progress):
    """Tells the watch of each slice."""

    watch: LocalWatch
    came: Came

    def committed(self, number: int, newest: dt.datetime | None, account: Account, made: Manifest) -> None:
        """Hand it on."""
        self.watch.committed(made, self.came, newest)
