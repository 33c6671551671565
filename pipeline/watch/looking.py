"""Looks at all that is watched: feeds that are due are polled, folders looked through, topics read on, and trouble with any is told once."""

import datetime as dt
import glob
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.dataset import Dataset
from pipeline.fetch.poll import Poll, poll
from pipeline.options import UsageError
from pipeline.sources import is_address
from pipeline.watch.folders import Folders, Looked
from pipeline.watch.watch_options import WatchOptions
from pipeline.watch.watch_standing import WatchStanding
from pipeline.watch.watched_feeds import Feeds
from pipeline.watch.watched_topics import Topics
from transforms.read import Source, sources_in

if TYPE_CHECKING:
    from pipeline.kafka.topic_files import Took

_GATHER: Final = dt.timedelta(seconds=30)  # at most: feeds that fall due in so short a time are asked, and committed, together


@dataclass(frozen=True, slots=True)
class Came:
    """What one look at all that is watched has brought."""

    at: dt.datetime
    poll: Poll | None
    looked: Looked
    taken: "Sequence[Took]" = ()  # of topics

    @property
    def sources(self) -> list[Source]:
        """What is to be read, as a run would order it."""
        return [*self.looked.ready, *(self.poll.sources if self.poll else ()), *(took.source for took in self.taken if took.source)]


class Looking:
    """What is watched, and when it is to be looked at."""

    def __init__(self, options: WatchOptions, standing: WatchStanding, stop: threading.Event) -> None:
        self.run = replace(options.run, fetching=replace(options.run.fetching, least=options.every), allow_empty=True)
        self.feeds = Feeds([s for s in self.run.sources if is_address(s)], self.run.feeds, options.every)
        self.folders = Folders(options.folders)
        self.topics = Topics(self.run, options.every)
        self.standing = standing
        self._every, self._tell, self._stop = options.every, standing.tell, stop
        self._forgotten: frozenset[str] = frozenset()
        self._look_at = dt.datetime.now(dt.UTC)

    def begin(self) -> None:
        """Raises SourceError, UsageError for what cannot be watched."""
        _check_there(self.folders.arguments)
        self.feeds.reload()
        self.topics.begin(self._look_at)

    def learn(self, dataset: Dataset) -> None:
        """What others have committed meanwhile."""
        self._forgotten = dataset.log.forgotten
        self.feeds.learn(dataset.feeds)
        self.topics.learn(dataset.topics)

    def due(self, now: dt.datetime) -> dt.datetime:
        """When to look again: folders, topics and the list after `every`, feeds when they fall due, and those that do so together."""
        asked = self.feeds.next(now, self._forgotten)
        if asked is not None and asked > now:
            asked += min(self._every / 10, _GATHER)
        return min(moment for moment in (self._look_at, asked, self.topics.due_at) if moment is not None)

    def look(self, folder: Path) -> Came:
        """Poll the feeds that are due, and read topics, into `folder`; look at the folders where it is time. Raises as `Topics.look` does."""
        now = dt.datetime.now(dt.UTC)
        looked = Looked()
        if now >= self._look_at:
            self._reload()
            looked = self.folders.look(now.timestamp())
            self._tell.all_of("folders", looked.troubles)
            self.standing.status.troubles = list(looked.troubles)
            wait = self._every if looked.next is None else min(self._every, dt.timedelta(seconds=looked.next))
            self._look_at = now + wait
        taken = self.topics.look(now, folder)
        self._told_of_topics(taken, now)
        due = self.feeds.due(now, self._forgotten)
        if not due:
            return Came(now, None, looked, taken)
        made = poll(due, self.feeds.states, self.run.fetching, folder=folder, now=now, forgotten=self._forgotten, stop=self._stop)
        self.feeds.asked(now)
        self._told_of_network(made, now)
        return Came(now, made, looked, taken)

    def _told_of_topics(self, taken: "Sequence[Took]", now: dt.datetime) -> None:
        for took in taken:
            uri = took.topic.uri
            trouble = f"{uri} {took.trouble}; it is asked again and again" if took.trouble else None
            self._tell.once(uri, trouble, over=f"{uri} can be read again")
            self._tell.all_of(f"{uri} itself", [f"{uri} {note}" for note in took.wanted.notes])
            before = self.standing.status.topics.get(uri)
            self.standing.status.topics[uri] = {"at": now.isoformat(timespec="seconds"), "behind": took.behind, "trouble": took.trouble}
            if before is None or before["trouble"] != took.trouble:
                self.standing.write(always=True)

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
