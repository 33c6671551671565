"""Looks at the sources: what is due is polled and read, and what is new goes into the graph in parts, the slices of a run."""

import datetime as dt
import shutil
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.account import Account, Tally
from pipeline.dataset import Dataset, IntegrityError
from pipeline.plan import Plan, Slice, planned
from pipeline.slices import changed
from pipeline.sources import defaults_of, told_of
from pipeline.stream.ahead import Ahead
from pipeline.stream.stream_elements import Shown, Told
from pipeline.watch.looking import Looking
from schemas.article import Article
from schemas.reject import Reject
from transforms.flow.take import FromSource


@dataclass(slots=True)
class Part:
    """A part of what one look has found: by key what it shows, and what is told of it."""

    shown: list[tuple[str, Shown]]
    told: Told


class Look:
    """What one look has found, read again part by part as it goes into the graph."""

    def __init__(self, plan: Plan, feeds: Mapping[str, Any], at: dt.datetime) -> None:
        """`feeds` are the states of the addresses that were asked, `at` is when."""
        self._plan, self._feeds, self._at = plan, feeds, at
        self._slices: deque[Slice] = deque(plan.slices or [Slice(0, (), 0)])
        self._sources = {take.source.uri: take.source for slice in plan.slices for take in slice.takes}
        self._sent = Account()  # what went into the graph
        self._told = Account()  # what the parts so far have told

    @property
    def over(self) -> bool:
        """Whether all of it is in the graph."""
        return not self._slices

    def part(self, number: int) -> Part:
        """The next part. Raises IntegrityError where records that were planned are not there any more."""
        slice = self._slices.popleft()
        here = Account()
        shown = [each for take in slice.takes for each in _shown(take, here)]
        self._sent.add(here)
        if self._slices:
            told = Told(number, here.sources, self._at, slice.newest)
        else:
            rest = {uri: tally for uri, tally in self._settled().less(self._told).sources.items() if tally != Tally()}
            ahead = Ahead(self._feeds, {i.uri: i for i in self._plan.inputs})
            told = Told(number, rest, self._at, slice.newest, ahead, frozenset(self._plan.cancelled))
        self._told.add(here)
        return Part(shown, told)

    def _settled(self) -> Account:
        """The account of the whole look as it was sent. A file that changed under our hands is a failed source, and is read again."""
        account = self._plan.account
        for uri, tally in account.sources.items():
            sent = self._sent.source(uri)
            tally.articles, tally.rejects, tally.parts = sent.articles, sent.rejects, sent.parts
            if not tally.balances:
                if uri not in self._sources or not changed(self._sources[uri], self._plan.stamps):
                    raise IntegrityError(f"{uri}: its {tally.records} records were not all there when they were read again")
                tally.records = tally.articles + tally.rejects + tally.repeats + tally.unchanged + tally.filtered
                tally.failed = True
                self._plan.inputs = [i for i in self._plan.inputs if i.uri != uri]
        return account


def _shown(take: FromSource, account: Account) -> list[tuple[str, Shown]]:
    """What a take holds, by what it is known by, and counted."""
    by_key: defaultdict[str, list[Article | Reject]] = defaultdict(list)
    for item in take.items():
        tally = account.source(item.source_uri)
        if isinstance(item, Article):
            by_key[f"article {item.article_id}"].append(item)
            tally.articles += 1
        else:
            by_key[f"reject {item.key}"].append(item)
            tally.rejects += item.scope == "record"
            tally.parts += item.scope != "record"
    for tally in account.sources.values():
        tally.records = tally.articles + tally.rejects
    fetched = take.source.address is not None
    return [(key, Shown(tuple(items), fetched, _after(items))) for key, items in by_key.items()]


def _after(items: list[Article | Reject]) -> int:
    """The highest version that is committed of an article of which these are the next ones."""
    return min((item.version for item in items if isinstance(item, Article)), default=1) - 1


class Looks:
    """One look after the other, for as long as a watch lasts. Used by one thread at a time."""

    def __init__(self, looking: Looking, folder: Path, dataset: Callable[[], Dataset]) -> None:
        """`folder` is for what is fetched, `dataset` gives it as it stands."""
        self._looking, self._folder, self._dataset = looking, folder, dataset
        self._look: Look | None = None
        self._due: dt.datetime | None = None  # of the next one; what is due changes with a look only

    @property
    def under_way(self) -> bool:
        """Whether a look has found more than went into the graph."""
        return self._look is not None

    def due(self, now: dt.datetime) -> dt.datetime:
        """When there is something to do."""
        if self._look:
            return now
        if self._due is None:
            self._due = self._looking.due(now)
            self._looking.standing.looked(self._looking.feeds, self._due)
        return self._due

    def next(self, number: int, ahead: Ahead) -> Part | None:
        """The next part of the look that is under way, or the first one of a new look; None where that has brought nothing."""
        if self._look is None:
            self._look = self._looked(ahead.of(self._dataset()))
        if self._look is None:
            return None
        part = self._look.part(number)
        if self._look.over:
            self._look = None
            shutil.rmtree(self._folder, ignore_errors=True)  # a server that was left to itself may still send
        return part

    def _looked(self, dataset: Dataset) -> Look | None:
        self._looking.learn(dataset)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._due = None
        came = self._looking.look(self._folder)
        if not came.sources and not came.poll:
            return None
        plan = planned(came.sources, dataset, defaults=defaults_of(self._looking.run, came.at), growing=came.looked.growing)
        states = told_of(came.poll, plan) if came.poll else {}
        self._looking.feeds.kept(states)  # what is to be committed, the parts tell
        self._looking.folders.done(plan.unsettled)
        return Look(plan, states, came.at)
