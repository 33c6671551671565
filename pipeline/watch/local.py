"""Watching on the local engine: small bounded runs one after another in one process, the model warm between them.

Polls are made, and folders looked at, without the dataset: what is known of feeds is in memory. Only where there is something to be read (or
once an hour, what is known of feeds is to be kept) the dataset is locked, as a run locks it, and the slices are proved and committed as
a run's are. So other verbs come between two commits, and a watch with nothing new writes nothing.
"""

import contextlib
import datetime as dt
import glob
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline import engines
from pipeline.account import Account
from pipeline.dataset import Dataset, LockedError, Manifest, Writer, writing
from pipeline.dataset.manifest import Input
from pipeline.engines.execute import WorkerLostError
from pipeline.fetch.poll import Poll, poll
from pipeline.options import UsageError
from pipeline.plan import Plan, Slice, planned
from pipeline.run import new_run_id
from pipeline.slices import Silent, Slices
from pipeline.sources import told_of
from pipeline.watch.feeds import Feeds
from pipeline.watch.folders import Folders, Looked
from pipeline.watch.options import WatchOptions, counted, shown
from pipeline.watch.service import Service
from pipeline.watch.status import FOLDER, Committed, Status, alive
from pipeline.watch.stopping import Stopping
from pipeline.watch.telling import Telling
from pipeline.wording import many
from transforms.read import Defaults, Source, sources_in

KEPT_EVERY: Final = dt.timedelta(hours=1)  # what is known of feeds, where nothing else is to be committed
TRIES: Final = 3  # of a slice whose worker is killed
_GATHER: Final = dt.timedelta(seconds=30)  # at most: feeds that fall due in so short a time are asked, and committed, together
_LOCK_WAIT: Final = 2.0  # seconds
_WRITE_EVERY: Final = dt.timedelta(minutes=1)  # the status, where only its times have changed
_SLACK, _POLL, _PLAN, _SLICE = 60.0, 3600.0, 3600.0, 1800.0  # seconds that each may take before the watchdog takes it for dead


@dataclass(frozen=True, slots=True)
class _Came:
    """What one look at all that is watched has brought."""

    at: dt.datetime
    poll: Poll | None
    looked: Looked

    @property
    def sources(self) -> list[Source]:
        """What is to be read, as a run would order it."""
        return [*self.looked.ready, *(self.poll.sources if self.poll else ())]


class LocalWatch:
    """A watch on the local engine, from its start to its stop."""

    def __init__(self, options: WatchOptions, stopping: Stopping, service: Service, tell: Telling) -> None:
        self._options, self._stopping, self._service, self._tell = options, stopping, service, tell
        self._run = replace(options.run, fetching=replace(options.run.fetching, least=options.every), allow_empty=True)
        self._feeds = Feeds([s for s in self._run.sources if s not in options.folders], self._run.feeds, options.every)
        self._folders = Folders(options.folders)
        self._inputs: dict[str, Input] = {}  # files that were read and gave nothing new; no commit has them yet
        self._forgotten: frozenset[str] = frozenset()
        self._look_at = self._kept_at = dt.datetime.now(dt.UTC)
        self._status_at = self._kept_at - _WRITE_EVERY
        self._status = Status(os.getpid(), "local", _iso(self._kept_at), 0, len(options.folders))
        self._moved = False  # whether a slice was committed since the last worker was lost

    def run(self) -> None:
        """Watch until it is asked to stop.

        Raises UsageError, SourceError for what cannot be watched, LockedError where another watch is, DatasetError, OSError and EngineError.
        """
        _check_there(self._options.folders)
        self._feeds.reload()
        root = Dataset.create(self._run.output).root
        with engines.started(self._run.engine) as self._execute, alive(root), self._service.fed():
            self._root = root
            self._spool = root / FOLDER / "spool"
            self._learn(Dataset.open(root))
            self._begin()
            while not self._stopping.asked:
                self._cycle()
            self._service.stopping()
            self._service.allows(_SLICE)
            self._end()

    def _begin(self) -> None:
        feeds = len(self._feeds.listed.feeds)
        self._tell.all_of("list", self._feeds.listed.notes)
        self._tell.say(
            f"watching {counted(feeds, self._options.folders)} every {shown(self._options.every)} by small bounded runs, one after another, "
            "each committed by itself (runner local); SIGTERM or Ctrl-C ends it when what is begun is committed"
        )
        self._write_status(always=True)
        self._service.ready()

    def _cycle(self) -> None:
        """Wait until something is due, look, and commit what is new."""
        now = dt.datetime.now(dt.UTC)
        due = self._due(now)
        if due > now:
            self._status.next = _iso(due)
            self._write_status()
            seconds = (due - now).total_seconds()
            self._service.allows(seconds + _SLACK)
            if self._stopping.wait(seconds):
                return
        with self._spooled() as folder:
            came = self._look(folder)
            if came.sources:
                self._commit(came)
            elif came.poll:
                self._feeds.remember(came.poll.states({}))
        if (self._feeds.pending or self._inputs) and came.at - self._kept_at >= KEPT_EVERY:
            with self._locked() as writer:
                if writer:
                    self._keep(writer, came.at)

    def _due(self, now: dt.datetime) -> dt.datetime:
        """When to look again: folders and the list after `every`, feeds when they fall due, and those that do so together."""
        asked = self._feeds.next(now, self._forgotten)
        if asked is not None and asked > now:
            asked += min(self._options.every / 10, _GATHER)
        moments = [self._look_at, *([asked] if asked else []), *([self._kept_at + KEPT_EVERY] if self._feeds.pending else [])]
        return min(moments)

    def _look(self, folder: Path) -> _Came:
        """Poll the feeds that are due, and look at the folders where it is time."""
        now = dt.datetime.now(dt.UTC)
        looked = Looked()
        if now >= self._look_at:
            self._reload()
            looked = self._folders.look(now.timestamp())
            self._tell.all_of("folders", looked.troubles)
            self._status.troubles = list(looked.troubles)
            wait = self._options.every if looked.next is None else min(self._options.every, dt.timedelta(seconds=looked.next))
            self._look_at = now + wait
        due = self._feeds.due(now, self._forgotten)
        if not due:
            return _Came(now, None, looked)
        self._service.allows(_POLL)
        made = poll(
            due, self._feeds.states, self._run.fetching, folder=folder, now=now, forgotten=self._forgotten, stop=self._stopping.event
        )
        self._feeds.asked(now)
        self._told_of_network(made, now)
        return _Came(now, made, looked)

    def _reload(self) -> None:
        try:
            self._feeds.reload()
        except UsageError as error:
            self._tell.once("list", f"{error}; the list that was read before goes on")
        else:
            self._tell.once("list", None)
            self._tell.all_of("list", self._feeds.listed.notes)

    def _told_of_network(self, made: Poll, now: dt.datetime) -> None:
        if made.lost:
            self._tell.once("network", "none of the feeds can be reached: they are asked again and again until the network is there")
            self._status.outage = self._status.outage or _iso(now)
        elif any(polled.result for polled in made.polled):
            self._tell.once("network", None, over="the network is there again")
            self._status.outage = None

    def _commit(self, came: _Came) -> None:
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

    def _commit_to(self, writer: Writer, came: _Came) -> None:
        self._learn(writer.dataset)
        self._service.allows(_PLAN)
        defaults = Defaults(fetched_at=came.at, published_at=self._run.published_at)
        plan = planned(came.sources, writer.dataset, defaults=defaults, growing=came.looked.growing)
        told = told_of(came.poll, plan) if came.poll else {}
        inputs = self._inputs | {each.uri: each for each in plan.inputs}
        if plan.slices:
            self._service.allows(_SLICE)
            plan.inputs = list(inputs.values())
            states = self._feeds.pending_as_json() | told
            slices = Slices(self._run, new_run_id(came.at), plan, states, writer, self._execute, _Progress(self, came))
            slices.all(stop=self._stopping.event)
            if slices.left:
                return  # asked to stop: what it left is read when it is started again
            self._inputs, self._kept_at = {}, came.at
            self._feeds.kept(told)
        else:
            self._inputs = inputs
            self._feeds.remember(told)
        self._folders.done(plan.unsettled)

    def _keep(self, writer: Writer, now: dt.datetime) -> None:
        """Commit what is known of feeds and of files in which nothing was new."""
        plan = Plan(inputs=list(self._inputs.values()))
        made = Slices(self._run, new_run_id(now), plan, self._feeds.pending_as_json(), writer, self._execute, Silent()).remembered()
        self._inputs, self._kept_at = {}, now
        self._feeds.kept({})
        if made:
            self._tell.committed(made, {})

    def committed(self, made: Manifest, came: _Came, newest: dt.datetime | None) -> None:
        """A slice was committed: tell it, and go on living."""
        at = dt.datetime.now(dt.UTC)
        lag = {"poll": came.at} | ({"publication": newest} if newest else {})
        seconds = {since: round((at - moment).total_seconds(), 3) for since, moment in lag.items()}
        articles = made.account.get("articles", 0)
        self._moved = True
        self._status.commit = Committed(made.run, _iso(at), articles, dict(made.rows), seconds)
        self._status.commits += 1
        self._status.articles += articles
        self._write_status(always=True)
        self._tell.committed(made, seconds)
        self._service.status(f"last commit at {at:%H:%M:%S} UTC: {many(articles, 'article')}")
        self._service.allows(_SLICE)

    def _learn(self, dataset: Dataset) -> None:
        """What others have committed meanwhile."""
        self._forgotten = dataset.log.forgotten
        self._feeds.learn(dataset.feeds)

    def _end(self) -> None:
        """Keep what is not kept yet, unless another process has the dataset: then it is asked for again next time."""
        if self._feeds.pending or self._inputs:
            with contextlib.suppress(LockedError), writing(Dataset.open(self._root)) as writer:
                self._keep(writer, dt.datetime.now(dt.UTC))
        self._status.stopped = _iso(dt.datetime.now(dt.UTC))
        self._write_status(always=True)

    @contextlib.contextmanager
    def _spooled(self) -> Iterator[Path]:
        """A folder for what is fetched, emptied of what a watch that was killed has left."""
        shutil.rmtree(self._spool, ignore_errors=True)
        self._spool.mkdir()
        try:
            yield self._spool
        finally:
            shutil.rmtree(self._spool, ignore_errors=True)  # a server that was left to itself may still send

    def _write_status(self, *, always: bool = False) -> None:
        """Write the status where it tells something new; where only its times have changed, now and then."""
        now = dt.datetime.now(dt.UTC)
        failing = self._feeds.failing()
        if always or failing != self._status.failing or now - self._status_at >= _WRITE_EVERY:
            self._status.failing, self._status.feeds = failing, len(self._feeds.listed.feeds)
            self._status.said, self._status_at = _iso(now), now
            self._status.write(self._root)


@dataclass(frozen=True, slots=True)
class _Progress:
    """Tells the watch of each slice."""

    watch: LocalWatch
    came: _Came

    def planned(self, plan: Plan) -> None:
        """Nobody asks."""

    def committed(self, slice: Slice, account: Account, made: Manifest) -> None:
        """Hand it on."""
        self.watch.committed(made, self.came, slice.newest)


def _check_there(arguments: Sequence[str]) -> None:
    """Raises SourceError for what is not there."""
    for argument in arguments:
        if not os.path.lexists(argument) and not glob.has_magic(argument):
            sources_in([argument])


def _iso(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="seconds")
