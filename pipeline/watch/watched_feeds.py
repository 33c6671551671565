"""The feeds that are watched: their list, which is read again when it changes, what is known of each, and when the next is due."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipeline.dataset.takedown import is_forgotten_address
from pipeline.fetch import policy
from pipeline.fetch.feed_list import Feed, FeedList, feed_list
from pipeline.fetch.feed_state import FeedState, state_of
from pipeline.fetch.poll import address_of
from pipeline.options import UsageError

_NEVER: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


@dataclass(slots=True)
class Feeds:
    """The addresses that were given and those of a list, and the states of all."""

    addresses: Sequence[str]
    file: Path | None
    every: dt.timedelta
    listed: FeedList = field(default_factory=FeedList)
    states: dict[str, FeedState] = field(default_factory=dict)
    pending: dict[str, FeedState] = field(default_factory=dict)  # states that no commit has yet
    _stamp: tuple[int, int, int] | None = None
    _not_before: dict[str, dt.datetime] = field(default_factory=dict)
    _asked: list[Feed] = field(default_factory=list)

    def reload(self) -> None:
        """Read the list if it has changed. Raises UsageError once for a list that is wrong; the one before goes on then."""
        stamp = _stamp_of(self.file)
        if self.listed.feeds and stamp == self._stamp:
            return
        self._stamp = stamp
        listed = feed_list(self.addresses, self.file)
        if not listed.feeds and self.file:
            raise UsageError(f"{self.file}: names no feed to read; give each an xmlUrl, or a [[feed]] table with a url")
        self.listed = listed

    def learn(self, told: Mapping[str, Any]) -> None:
        """Take over what a dataset knows, where that was asked later: another run may have asked meanwhile."""
        for address, state in told.items():
            known, other = self.states.get(address), state_of(address, state)
            if known is None or (known.asked_at or _NEVER) < (other.asked_at or _NEVER):
                self.states[address] = other

    def due(self, now: dt.datetime, forgotten: Collection[str]) -> list[Feed]:
        """The feeds that may be asked now."""
        blocked = policy.blocked_hosts(self.states.values(), now)
        self._asked = [f for f in self.listed.feeds if (at := self._at(f, now, blocked, forgotten)) is not None and at <= now]
        return self._asked

    def next(self, now: dt.datetime, forgotten: Collection[str]) -> dt.datetime | None:
        """When the next of them may be asked; None where none is any more."""
        blocked = policy.blocked_hosts(self.states.values(), now)
        moments = (self._at(feed, now, blocked, forgotten) for feed in self.listed.feeds)
        return min((at for at in moments if at is not None), default=None)

    def asked(self, now: dt.datetime) -> None:
        """Those that were due were asked: whatever came of it, they are not asked again before their time."""
        self._not_before |= {feed.key: now + self.every for feed in self._asked}

    def remember(self, told: Mapping[str, Any]) -> None:
        """What is known now of those that were asked, as states or as the JSON of such; it waits to be committed."""
        states = {address: state_of(address, state) for address, state in told.items()}
        self.states |= states
        self.pending |= states

    def kept(self, told: Mapping[str, Any]) -> None:
        """All that waited is committed, and with it what is told now."""
        self.states |= {address: state_of(address, state) for address, state in told.items()}
        self.pending.clear()

    def pending_as_json(self) -> dict[str, Any]:
        """What waits to be committed, as a commit takes it."""
        return {address: state.as_json() for address, state in self.pending.items()}

    def failing(self) -> dict[str, str]:
        """What is wrong with which of the feeds that are watched."""
        return {f.key: s.trouble for f in self.listed.feeds if (s := self.states.get(f.key)) and s.trouble}

    def _at(self, feed: Feed, now: dt.datetime, blocked: Mapping[str, dt.datetime], forgotten: Collection[str]) -> dt.datetime | None:
        """When a feed may be asked."""
        state = self.states.get(feed.key) or FeedState(address=feed.key)
        address = address_of(feed, state)
        at = policy.next_due([state], now)
        if at is None or any(is_forgotten_address(each, forgotten) for each in (feed.key, address)):
            return None
        return max(at, blocked.get(policy.host_of(address), now), self._not_before.get(feed.key, now))


def _stamp_of(file: Path | None) -> tuple[int, int, int] | None:
    try:
        status = file.stat() if file else None
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns, status.st_ino) if status else None
