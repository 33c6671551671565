"""Looks at the sources: what is due is polled and read, and what is new goes into the graph in parts, the slices of a run."""

import datetime as dt
import shutil
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from pipeline.account import Account, Tally
from pipeline.dataset import Dataset, IntegrityError
from pipeline.fetch.policy import next_due
from pipeline.fetch.state import state_of
from pipeline.options import RunOptions
from pipeline.plan import Slice
from pipeline.run import Made, looked
from pipeline.slices import changed
from pipeline.sources import addresses_of, files_of
from pipeline.stream.ahead import Ahead
from pipeline.stream.told import Shown, Told
from schemas.article import Article
from schemas.reject import Reject
from transforms.read import Sources
from transforms.take import FromSource

_NONE = Sources((), ())


@dataclass(slots=True)
class Part:
    """A part of what one look has found: by key what it shows, and what is told of it."""

    shown: list[tuple[str, Shown]]
    told: Told


class Look:
    """What one look has found, read again part by part as it goes into the graph."""

    def __init__(self, made: Made, began: float) -> None:
        """`began` is when the sources were asked first, in seconds since the epoch."""
        self._plan, self._feeds, self._began = made.plan, made.feeds, began
        self._slices: deque[Slice] = deque(made.plan.slices or [Slice(0, (), 0)])
        self._sources = {take.source.uri: take.source for slice in made.plan.slices for take in slice.takes}
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
            told = Told(number, here.sources, self._began)
        else:
            rest = {uri: tally for uri, tally in self._settled().less(self._told).sources.items() if tally != Tally()}
            reports = {address: report for address, report in self._plan.account.feeds.items() if report.status != "not_due"}
            told = Told(number, rest, self._began, Ahead(self._feeds, {i.uri: i for i in self._plan.inputs}), reports)
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

    def __init__(self, options: RunOptions, every: dt.timedelta, folder: Path, stop: Event, dataset: Callable[[], Dataset]) -> None:
        """`folder` is for what is fetched, `dataset` gives it as it stands."""
        self._options, self._every, self._folder, self._stop, self._dataset = options, every, folder, stop, dataset
        self._look: Look | None = None
        self._due = dt.datetime.now(dt.UTC)
        self._files_due = self._due

    @property
    def under_way(self) -> bool:
        """Whether a look has found more than went into the graph."""
        return self._look is not None

    def due_in(self) -> float:
        """Seconds until there is something to do."""
        return 0.0 if self._look else max(0.0, (self._due - dt.datetime.now(dt.UTC)).total_seconds())

    def next(self, number: int, ahead: Ahead) -> Part:
        """The next part of the look that is under way, or the first one of a new look."""
        if self._look is None:
            began = time.time()
            self._look = Look(self._looked(ahead.of(self._dataset())), began)
        part = self._look.part(number)
        if self._look.over:
            self._look = None
            shutil.rmtree(self._folder)
        return part

    def _looked(self, dataset: Dataset) -> Made:
        now = dt.datetime.now(dt.UTC)
        feeds, files = addresses_of(self._options), _NONE
        if now >= self._files_due:
            files = files_of(self._options)
            self._files_due = now + self._every
        self._folder.mkdir(parents=True, exist_ok=True)
        made = looked(self._options, files, feeds, dataset, folder=self._folder, now=now, stop=self._stop)
        known = Ahead(made.feeds).of(dataset).feeds
        states = [state_of(feed.key, known.get(feed.key)) for feed in feeds.feeds] if feeds else []
        due = next_due(states, now)
        # Who is still due after he was asked could not be: no network, or an address that our own rules refuse.
        self._due = min(self._files_due, due if due and due > now else now + self._every)
        return made
