"""One poll: the addresses that are due are asked, a host at a time, and what came lies in files for the plan to read."""

import datetime as dt
import functools
import os
import random
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import httpx

from pipeline.dataset.takedown import is_forgotten_address
from pipeline.fetch import policy
from pipeline.fetch.feed_list import Feed
from pipeline.fetch.feed_state import FeedState, key_of, state_of
from pipeline.fetch.guard import WEB_PORTS, Guard
from pipeline.fetch.http_client import Client, FetchError
from pipeline.fetch.judge import Verdict, judged, of_failure
from pipeline.fetch.lanes import in_lanes
from pipeline.fetch.outcome import Polled
from pipeline.fetch.pages import has_open, with_pages
from pipeline.fetch.policy import Bad, Good
from pipeline.fetch.turns import HostTurns, StoppedError
from pipeline.options import Fetching
from transforms.read import Source

_ACCEPT: Final = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.5, */*;q=0.4"


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll brought. With `lost`, the network and not the addresses is to blame: nothing that came counts, nothing is remembered."""

    now: dt.datetime
    polled: tuple[Polled, ...] = ()
    lost: str | None = None
    notes: tuple[str, ...] = field(default=())  # what of the list of feeds was left out
    least: dt.timedelta = dt.timedelta()  # from one poll of an address to the next

    @property
    def sources(self) -> list[Source]:
        """What is to be read, in the order of the addresses."""
        return [p.source for p in self.polled if p.source]

    def states(self, wrong: Mapping[str, str], *, chance: Callable[[], float] = random.random) -> dict[str, FeedState]:
        """What is to be remembered of each address that was asked. `wrong` says what was wrong with a source that was read."""
        if self.lost:
            return {}
        return {p.feed.key: state_after(p, wrong.get(p.uri), self.now, jitter=chance(), least=self.least) for p in self.polled if p.result}


def poll(
    feeds: Sequence[Feed],
    known: Mapping[str, Any],
    fetching: Fetching,
    *,
    folder: Path,
    now: dt.datetime,
    forgotten: Collection[str] = frozenset(),
    stop: threading.Event | None = None,
) -> Poll:
    """Ask the addresses that are due. Bodies are spooled into `folder`.

    `known` is what the dataset remembers of addresses, `forgotten` the hashes of what was taken down. Once `stop` is set, nothing more
    is asked: what was not asked by then is put off, which is remembered of the pages of a feed, and of a feed by nothing being so.

    Raises OSError where they cannot be written. What is wrong with an address is told in its Polled.
    """
    states = {address: state_of(address, told) for address, told in known.items()}
    polling = _Polling(fetching, folder, now, policy.blocked_hosts(states.values(), now), stop)
    lanes: defaultdict[str, list[int]] = defaultdict(list)
    found: list[Polled] = []
    for number, feed in enumerate(feeds):
        before = states.get(feed.key) or FeedState(address=feed.key)
        found.append(_to_ask(feed, before, fetching, now, forgotten))
        if found[-1].status == "waiting":
            lanes[policy.host_of(address_of(feed, before))].append(number)

    def ask(lane: list[int]) -> None:
        for number in lane:
            found[number] = polling.asked(found[number], number)

    in_lanes(lanes.values(), ask, stop=stop)
    asked = list(found)  # a lane that was left to itself may still go on
    if lost := policy.lost(list(polling.lot.values())):
        return Poll(now, tuple(replace(p, status="failed", trouble=lost, source=None) if p.result else p for p in asked), lost)
    paged = with_pages(_once(asked), polling.page_client, folder, now, forgotten=forgotten, stop=stop)
    return Poll(now, tuple(paged), least=fetching.least)


def state_after(polled: Polled, wrong: str | None, now: dt.datetime, *, jitter: float, least: dt.timedelta = dt.timedelta()) -> FeedState:
    """What is known of an address once it was asked, and read if there was something to read."""
    match polled.result:
        case Good() as good if wrong is None:
            after = policy.after_good(polled.before, good, now=now, interval=polled.feed.interval, least=least, jitter=jitter)
            return after if polled.marks is None else replace(after, entries=polled.marks)
        case Good():
            return policy.after_bad(polled.before, Bad(trouble=wrong or ""), now=now, jitter=jitter)
        case Bad() as bad:
            return policy.after_bad(polled.before, bad, now=now, jitter=jitter)
    return polled.before


def _to_ask(feed: Feed, before: FeedState, fetching: Fetching, now: dt.datetime, forgotten: Collection[str]) -> Polled:
    """The address, waiting for its turn, put off because it is not due, or left alone because it was taken down."""
    if any(is_forgotten_address(each, forgotten) for each in (feed.key, address_of(feed, before))):
        return Polled(feed=feed, before=before, status="forgotten", trouble="was taken down from this dataset: it is not fetched")
    status: Any = "waiting"
    if fetching.ask == "due":
        status = "off" if before.off else "waiting" if policy.is_due(before, now) else "not_due"
    return Polled(feed=feed, before=before, status=status, trouble=None if status == "waiting" else before.trouble)


def address_of(feed: Feed, before: FeedState) -> str:
    """Where to ask: the given address, or the one that has taken its place; what holds a secret is never replaced."""
    return (None if "#" in feed.key else policy.adopted(before)) or feed.address


def _once(found: Sequence[Polled]) -> list[Polled]:
    """Of addresses that led to the same place the first is read; the others' records would be counted twice."""
    first: dict[str, Polled] = {}
    return [_same(p, first[p.uri]) if p.source and first.setdefault(p.uri, p) is not p else p for p in found]


def _same(polled: Polled, other: Polled) -> Polled:
    return replace(
        polled, status="same", source=None, trouble=f"leads to the same place as {other.feed.key}: take one of them out of the list"
    )


@functools.lru_cache(maxsize=1)
def _trust(_hour: int, *_authorities: str | None) -> ssl.SSLContext:
    """Whom to trust, as httpx has it: it heeds SSL_CERT_FILE, by which companies name an authority of their own.

    Read anew each hour, since who watches lives for weeks: it takes nine tenths of a poll with nothing new (measured).
    """
    return httpx.create_ssl_context()


class _Polling:
    """What the lanes of one poll share."""

    def __init__(
        self, fetching: Fetching, folder: Path, now: dt.datetime, blocked: dict[str, dt.datetime], stop: threading.Event | None
    ) -> None:
        self._afresh, self._folder, self._now, self._blocked = fetching.ask == "afresh", folder, now, blocked
        guard = Guard(private=fetching.private, ports=WEB_PORTS | fetching.ports)
        trust = _trust(int(now.timestamp() // 3600), os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        turns = HostTurns(fetching.feed_gap, stop=stop)
        self._client = Client(guard, trust, turns)
        self.page_client = Client(guard, trust, HostTurns(fetching.page_gap, turns))
        self.lot: dict[int, policy.AddressAnswer] = {}

    def asked(self, waiting: Polled, number: int) -> Polled:
        """Ask one address, unless its host wants to be left alone."""
        feed, before = waiting.feed, self._before(waiting.before)
        address = address_of(feed, before)
        host = policy.host_of(address)
        if until := self._blocked.get(host):
            return replace(waiting, trouble=f"its host asked to be left alone until {until:%Y-%m-%d %H:%M} UTC")
        spool = self._folder / f"{number:05d}"
        try:
            verdict, source, warnings = self._fetched(feed, before, address, spool)
        except StoppedError:
            return replace(waiting, status="put_off")
        told = replace(waiting, before=before, http=verdict.status, result=verdict.result, warnings=warnings)
        # An address that took the place of the given one fails where it is refused: nobody but a server has named it.
        if isinstance(verdict.result, Bad) and verdict.result.ours and address == feed.address:
            return replace(told, status="refused", trouble=verdict.result.trouble, result=None)
        self.lot[number] = verdict.asked
        if isinstance(verdict.result, Good):
            return replace(told, status="read" if source else "unchanged", source=source)
        if verdict.result.busy:
            self._blocked[host] = self._now + (verdict.result.wait or policy.SHORTEST_BACK_OFF)
        return replace(told, status="gone" if verdict.result.gone else "failed", trouble=verdict.result.trouble)

    def _before(self, state: FeedState) -> FeedState:
        """What is known of an address, without what would keep it from being read whole where that is wanted."""
        if self._afresh:
            return replace(state, sha256=None, full_at=None, entries={})
        return replace(state, sha256=None, full_at=None) if has_open(state.entries) else state

    def _fetched(self, feed: Feed, before: FeedState, address: str, spool: Path) -> tuple[Verdict, Source | None, tuple[str, ...]]:
        """The verdict on one fetch, what came of it to be read, and its warnings."""
        conditions = policy.conditions(before, self._now)
        guard = replace(self._client.guard, ports=self._client.guard.ports | feed.ports)
        try:
            answer = replace(self._client, guard=guard).fetch(address, spool, {"Accept": _ACCEPT, **conditions})
        except FetchError as error:
            return of_failure(error), None, ()
        verdict = judged(feed, before, answer, spool, conditions=conditions, now=self._now)
        if not verdict.news:
            return verdict, None, answer.warnings
        source = Source(
            str(spool),
            str(self._folder),
            address=key_of(answer.address),
            content_type=answer.headers.get("content-type"),
            format=verdict.format,
            outlet=feed.outlet,
        )
        return verdict, source, answer.warnings
