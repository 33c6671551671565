"""A run's progress, followed and handed on to a voice: a bar, lines, or JSON. One thread looks after the workers; all else is told to it."""

import datetime as dt
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pipeline.progress import Progress
from pipeline.progress.beats import Aside, Beats
from pipeline.progress.run_standing import EVERY, Standing
from transforms.flow.heartbeat import Beat

if TYPE_CHECKING:
    from pipeline.account import Account
    from pipeline.dataset import Manifest
    from pipeline.graph import Graph
    from schemas.reject import Reject

LONG: Final = 200_000  # characters: such an article is at work for some ten seconds, so it is named


class Voice:
    """How it is told. Called by one thread at a time. This one says nothing; who tells of some things begins with it."""

    every = 1.0  # seconds between two looks at the workers

    def planned(self, account: "Account", articles: int) -> None:
        """It is known what is to be done."""

    def reading(self, number: int, of: int, uri: str) -> None:
        """A source is looked through."""

    def set_aside(self, reject: Aside, number: int) -> None:
        """Something was set aside, the how manieth."""

    def long(self, beat: Beat) -> None:
        """A very long article is at work."""

    def linked(self, beat: Beat) -> None:
        """The rows of an article are made next."""

    def moved(self, standing: Standing) -> None:
        """So far it is now. Called at least as often as `every` says."""

    def committed(self, standing: Standing, number: int, made: "Manifest") -> None:
        """A slice was committed."""

    def end(self) -> None:
        """The run is over, well or not."""


class Seldom(Voice):
    """One that is not looked at all the time: how far it is, it says each half minute."""

    def __init__(self, *, verbose: bool = False) -> None:
        self._verbose = verbose
        self._said = time.monotonic()  # when it was last said how far it is

    def moved(self, standing: Standing) -> None:
        """Say it when it is time."""
        if time.monotonic() - self._said >= EVERY:
            self._said = time.monotonic()
            self.so_far(standing)

    def so_far(self, standing: Standing) -> None:
        """So far it is now."""


class Telling(Progress):
    """Follows a run and tells a voice of it."""

    def __init__(self, voice: Voice) -> None:
        self._voice, self._standing = voice, Standing()
        self._beats: Beats | None = None
        self._one_at_a_time = threading.RLock()  # the voice is called by the run and by the thread that looks after the workers
        self._over = threading.Event()

    def asking(self, addresses: int) -> None:
        """Say that addresses are polled."""
        self._now(f"asking addresses: {addresses:,}")

    def reading(self, number: int, of: int, uri: str) -> None:
        """Say which source is looked through."""
        with self._one_at_a_time:
            self._standing.doing = f"looking for what is new: source {number:,} of {of:,}"
            self._voice.reading(number, of, uri)

    def set_aside(self, reject: "Reject") -> None:
        """Say what was set aside in reading."""
        place = reject.position if reject.position and reject.position not in reject.message else None
        where = ", ".join(filter(None, (reject.source_uri, place)))
        self._aside(Aside(reject.reason, where, reject.message))

    def planned(self, account: "Account", articles: int, slices: int) -> None:
        """Say what is to be done."""
        with self._one_at_a_time:
            self._voice.planned(account, articles)
        self.extracting(articles, slices)

    def extracting(self, articles: int, parts: int) -> None:
        """From here on articles are counted."""
        self._standing.articles, self._standing.parts, self._standing.through, self._standing.part = articles, parts, 0, 0
        self._now("loading Beam and the language model")

    def began(self, graph: "Graph") -> None:
        """Listen to the workers of this graph."""
        with self._one_at_a_time:
            self._standing.part += 1
            self._standing.workers = {}
            self._beats = Beats(graph.staging)
        self._look()

    def ended(self, graph: "Graph") -> None:
        """All its articles are done."""
        self._look()
        with self._one_at_a_time:
            self._beats = None
            self._standing.workers = {}
            self._standing.through += graph.articles
        self._now("committing")

    def committed(self, number: int, newest: dt.datetime | None, account: "Account", made: "Manifest") -> None:
        """Say that a slice is done."""
        with self._one_at_a_time:
            self._standing.rows = sum(account.rows.values())
            self._voice.committed(self._standing, number, made)

    @contextmanager
    def followed(self) -> Iterator["Telling"]:
        """Tell for as long as the block lasts."""
        thread = threading.Thread(target=self._follow, name="progress", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()
            self._voice.end()

    def _follow(self) -> None:
        while not self._over.wait(self._voice.every):
            self._look()

    def _now(self, doing: str) -> None:
        with self._one_at_a_time:
            self._standing.doing = doing
            self._voice.moved(self._standing)

    def _look(self) -> None:
        with self._one_at_a_time:
            for worker, told in self._beats.news() if self._beats else ():
                if isinstance(told, Aside):
                    self._aside(told)
                    continue
                self._standing.heard(worker, told)
                if told.step == "annotate" and told.characters >= LONG:
                    self._voice.long(told)
                if told.step == "link":
                    self._voice.linked(told)
            self._voice.moved(self._standing)

    def _aside(self, aside: Aside) -> None:
        with self._one_at_a_time:
            self._standing.rejects += 1
            self._voice.set_aside(aside, self._standing.rejects)
