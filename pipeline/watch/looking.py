"""Looks at all that is watched: feeds that are due are polled, folders looked through, and trouble with either is told once."""

import datetime as dt
import glob
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline.dataset import Dataset
from pipeline.fetch.poll import Poll, poll
from pipeline.options import UsageError
from pipeline.watch.feeds import Feeds
from pipeline.watch.folders import Folders, Looked
from pipeline.watch.options import WatchOptions
from pipeline.watch.standing import Standing
from transforms.read import Source, sources_in

_GATHER: Final = dt.timedelta(seconds=30)  # at most: feeds that fall due in so short a time are asked, and committed, together


@dataclass(frozen=True, slots=True)
class Came:
    """What one look at all that is watched has brought."""

    at: dt.datetime
    poll: Poll | None
    looked: Looked

    @property
    def sources(self) -> list[Source]:
        """What is to be read, as a run would order it."""
        return [*self.looked.ready, *(self.poll.sources if self.poll else ())]


class Looking:
    """What is watched, and when it is to be looked at."""

    def __init__(self, options: WatchOptions, standing: Standing, stop: threading.Event) -> None:
        self.run = replace(options.run, fetching=replace(options.run.fetching, least=options.every), allow_empty=True)
        self.feeds = Feeds([s for s in self.run.sources if s not in options.folders], self.run.feeds, options.every)
        self.folders = Folders(options.folders)
        self.standing = standing
        self._every, self._tell, self._stop = options.every, standing.tell, stop
        self._forgotten: frozenset[str] = frozenset()
        self._look_at = dt.datetime.now(dt.UTC)

    def begin(self) -> None:
        """Raises SourceError, UsageError for what cannot be watched."""
        _check_there(self.folders.arguments)
        self.feeds.reload()

    def learn(self, dataset: Dataset) -> None:
        """What others have committed meanwhile."""
        self._forgotten = dataset.log.forgotten
        self.feeds.learn(dataset.feeds)

    def due(self, now: dt.datetime) -> dt.datetime:
        """When to look again: folders and the list after `every`, feeds when they fall due, and those that do so together."""
        asked = self.feeds.next(now, self._forgotten)
        if asked is not None and asked > now:
            asked += min(self._every / 10, _GATHER)
        return min([self._look_at, *([asked] if asked else [])])

    def look(self, folder: Path) -> Came:
        """Poll the feeds that are due, into `folder`, and look at the folders where it is time."""
        now = dt.datetime.now(dt.UTC)
        looked = Looked()
        if now >= self._look_at:
            self._reload()
            looked = self.folders.look(now.timestamp())
            self._tell.all_of("folders", looked.troubles)
            self.standing.status.troubles = list(looked.troubles)
            wait = self._every if looked.next is None else min(self._every, dt.timedelta(seconds=looked.next))
            self._look_at = now + wait
        due = self.feeds.due(now, self._forgotten)
        if not due:
            return Came(now, None, looked)
        made = poll(due, self.feeds.states, self.run.fetching, folder=folder, now=now, forgotten=self._forgotten, stop=self._stop)
        self.feeds.asked(now)
        self._told_of_network(made, now)
        return Came(now, made, looked)

    def _reload(self) -> None:
        try:
            self.feeds.reload()
        except UsageError as error:
            self._tell.once("list", f"{error}; the list that was read before goes on")
        else:
            self._tell.once("list", None)
            self._tell.all_of("list", self.feeds.listed.notes)

    def _told_of_network(self, made: Poll, now: dt.datetime) -> None:
        if made.lost:
            self._tell.once("network", "none of the feeds can be reached: they are asked again and again until the network is there")
            self.standing.status.outage = self.standing.status.outage or now.isoformat(timespec="seconds")
        elif any(polled.result for polled in made.polled):
            self._tell.once("network", None, over="the network is there again")
            self.standing.status.outage = None


def _check_there(arguments: Sequence[str]) -> None:
    """Raises SourceError for what is not there."""
    for argument in arguments:
        if not os.path.lexists(argument) and not glob.has_magic(argument):
            sources_in([argument])
