"""How a watch stands, told to all who ask: people and machines, the status file, the service manager."""

import datetime as dt
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pipeline.dataset import Manifest
from pipeline.kafka.topic_address import is_topic
from pipeline.watch.service import Service
from pipeline.watch.status import Committed, Status
from pipeline.watch.watch_options import WatchOptions, counted, shown
from pipeline.watch.watch_telling import Telling
from pipeline.watch.watched_feeds import Feeds
from pipeline.wording import many

_WRITE_EVERY: Final = dt.timedelta(minutes=1)  # the status, where only its times have changed


class WatchStanding:
    """The status of one watch. Commits may be told by other threads than that which looks."""

    def __init__(self, options: WatchOptions, runner: str, service: Service, tell: Telling) -> None:
        now = dt.datetime.now(dt.UTC)
        self.status = Status(os.getpid(), runner, iso(now), 0, len(options.folders))
        self.service, self.tell = service, tell
        self._options, self._root = options, options.run.output
        self._written_at = now - _WRITE_EVERY
        self._lock = threading.Lock()

    def begin(self, feeds: Feeds, root: Path, way: str) -> None:
        """The watch begins. `way` says in words how what is new is committed."""
        self._root = root
        self.tell.all_of("list", feeds.listed.notes)
        watched = counted(len(feeds.listed.feeds), self._options.folders, sum(map(is_topic, self._options.run.sources)))
        self.tell.say(
            f"watching {watched} every {shown(self._options.every)} {way} (runner {self.status.runner}); "
            "SIGTERM or Ctrl-C ends it when what is begun is committed"
        )
        self.write(feeds.failing(), always=True)
        self.service.ready()

    def committed(self, made: Manifest, polled_at: dt.datetime, newest: dt.datetime | None) -> None:
        """Articles or rejects were committed: of a look of that time, the newest article published then."""
        at = dt.datetime.now(dt.UTC)
        lag = {"poll": polled_at} | ({"publication": newest} if newest else {})
        seconds = {since: round((at - moment).total_seconds(), 3) for since, moment in lag.items()}
        articles = made.account.get("articles", 0)
        self.status.commit = Committed(made.run, iso(at), articles, dict(made.rows), seconds)
        self.status.commits += 1
        self.status.articles += articles
        self.write(always=True)
        self.tell.committed(made, seconds)
        self.service.status(f"last commit at {at:%H:%M:%S} UTC: {many(articles, 'article')}")

    def looked(self, feeds: Feeds, due: dt.datetime) -> None:
        """The sources were looked at, and are again at that time."""
        self.status.next, self.status.feeds = iso(due), len(feeds.listed.feeds)
        self.write(feeds.failing())

    def stopped(self, feeds: Feeds) -> None:
        """It ended as it was asked to."""
        self.status.stopped = iso(dt.datetime.now(dt.UTC))
        self.write(feeds.failing(), always=True)

    def write(self, failing: Mapping[str, str] | None = None, *, always: bool = False) -> None:
        """Write the status where it tells something new; where only its times have changed, now and then."""
        now = dt.datetime.now(dt.UTC)
        with self._lock:
            news = failing is not None and failing != self.status.failing
            if always or news or now - self._written_at >= _WRITE_EVERY:
                self.status.failing = self.status.failing if failing is None else dict(failing)
                self.status.said, self._written_at = iso(now), now
                self.status.write(self._root)


def iso(moment: dt.datetime) -> str:
    """A moment as the status tells it."""
    return moment.isoformat(timespec="seconds")
