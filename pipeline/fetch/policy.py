"""When an address is asked, and what its answer means for the next time. Pure: clock and chance are given.

The numbers are those of readers that fetch many feeds for years (Miniflux, NetNewsWire, lemon24/reader, Media Cloud's fetcher).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from pipeline.fetch.feed_state import FeedState

LONGEST_WAIT: Final = dt.timedelta(hours=24)
LONGEST_MAX_AGE: Final = dt.timedelta(hours=5)  # sites set it for their pages' sake, and their feeds inherit it
SHORTEST_BACK_OFF: Final = dt.timedelta(hours=1)
VALIDATORS_LAST: Final = dt.timedelta(days=8)  # some servers answer 304 for ever
MOST_FAILURES: Final = 30  # in a row; then an address is given up
MOVE_TIMES: Final = 3
MOVE_LASTS: Final = dt.timedelta(hours=24)
JITTER: Final = 0.25
BUSY: Final = (429, 503)  # the whole host is left alone
LOT: Final = 5  # addresses; of fewer a share says little
LOST_SHARE: Final = 0.8

_NONE: Final = dt.timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """A good answer, as far as the next time depends on it. `sha256` is None where nothing new came (304)."""

    sha256: str | None
    headers: Mapping[str, str]
    is_feed: bool
    ttl: dt.timedelta = _NONE  # what the feed itself asks for
    moved_to: str | None = None  # permanent redirects led there, and it holds no secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A failure, as far as the next time depends on it."""

    trouble: str
    wait: dt.timedelta | None = None  # Retry-After
    busy: bool = False  # 429 or 503: the whole host wants to be left alone
    gone: bool = False  # 410
    ours: bool = False  # refused by rules of our own, which says nothing of the address
    lying: bool = False  # "not modified" where nothing was asked about


@dataclass(frozen=True, slots=True)
class AddressAnswer:
    """How one address fared, for the verdict on the whole lot."""

    failed: bool
    offline: bool = False  # no network, by the look of it
    unreachable: bool = False  # nothing answered
    page: str = ""  # a web page came: its hash


def is_due(state: FeedState, now: dt.datetime) -> bool:
    """Whether it is time to ask. A due time further off than any wait comes of a clock that jumped, and holds nothing back."""
    return state.due_at is None or now >= state.due_at or state.due_at - now > LONGEST_WAIT * (1 + JITTER)


def next_due(states: Iterable[FeedState], now: dt.datetime) -> dt.datetime | None:
    """When the first of some addresses may be asked: now, or later; None where none is asked any more."""
    known = list(states)
    blocked = blocked_hosts(known, now)
    asked = [state for state in known if not state.off]
    return min((max(_due(state, now), blocked.get(_host(state), now)) for state in asked), default=None)


def _due(state: FeedState, now: dt.datetime) -> dt.datetime:
    return now if state.due_at is None or is_due(state, now) else state.due_at


def _host(state: FeedState) -> str:
    return host_of(adopted(state) or state.address)


def blocked_hosts(states: Iterable[FeedState], now: dt.datetime) -> dict[str, dt.datetime]:
    """Hosts that asked to be left alone, and until when."""
    blocked: dict[str, dt.datetime] = {}
    for state in states:
        if state.wait_until and now < state.wait_until <= now + LONGEST_WAIT * (1 + JITTER):
            host = _host(state)
            blocked[host] = max(state.wait_until, blocked.get(host, state.wait_until))
    return blocked


def host_of(address: str) -> str:
    """The host of an address, by which politeness goes."""
    return (urlsplit(address).hostname or "").lower()


def adopted(state: FeedState) -> str | None:
    """The address that has taken the place of the given one: permanent redirects led there in three good fetches over a day or more."""
    lasted = state.asked_at - state.moved_since if state.asked_at and state.moved_since else _NONE
    return state.moved_to if state.moved_times >= MOVE_TIMES and lasted >= MOVE_LASTS else None


def conditions(state: FeedState, now: dt.datetime) -> dict[str, str]:
    """The headers that ask for news only; none where the body was last had whole too long ago."""
    if state.full_at is None or not _NONE <= now - state.full_at < VALIDATORS_LAST:
        return {}
    headers = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in headers.items() if value}


def after_good(
    state: FeedState, good: Good, *, now: dt.datetime, interval: dt.timedelta, jitter: float, least: dt.timedelta = _NONE
) -> FeedState:
    """The state after an answer that was read, or that said that nothing is new. `jitter` is from 0 to 1; it is not asked before `least`."""
    wish = min(max(interval, good.ttl, freshness(good.headers, now)), LONGEST_WAIT)
    # Earlier by chance, never later: whoever runs every hour must not find an hour's interval short by a second.
    due = now + max(wish * (1 - JITTER * jitter), least, retry_after(good.headers, now) or _NONE)
    same = replace(state, asked_at=now, due_at=due, wait_until=None, failures=0, trouble=None, off=None)
    same = _moved(same, good.moved_to, now)
    if good.sha256 is None:
        return same
    return replace(
        same,
        etag=_header(good.headers, "etag"),
        last_modified=_header(good.headers, "last-modified"),
        full_at=now,
        sha256=good.sha256,
        is_feed=good.is_feed,
    )


def after_bad(state: FeedState, bad: Bad, *, now: dt.datetime, jitter: float) -> FeedState:
    """The state after a failure. What was last read stays known, so that nothing is read twice when it works again."""
    failures = state.failures + 1
    back_off = min(SHORTEST_BACK_OFF * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    wait = max(bad.wait or _NONE, back_off) if not bad.busy else bad.wait or back_off
    until = now + min(wait, LONGEST_WAIT) * (1 + JITTER * jitter)
    kept = replace(state, etag=None, last_modified=None, full_at=None) if bad.lying else state
    if adopted(state):
        kept = replace(kept, moved_to=None, moved_since=None, moved_times=0)  # the given address is tried again
    off = "gone" if bad.gone else "failing" if failures >= MOST_FAILURES else state.off
    return replace(
        kept, asked_at=now, due_at=until, wait_until=until if bad.busy else None, failures=failures, trouble=bad.trouble, off=off
    )


def _moved(state: FeedState, to: str | None, now: dt.datetime) -> FeedState:
    if to is None:
        return state if adopted(state) else replace(state, moved_to=None, moved_since=None, moved_times=0)
    if to == state.moved_to:
        return replace(state, moved_times=state.moved_times + 1)
    return replace(state, moved_to=to, moved_since=now, moved_times=1)


def freshness(headers: Mapping[str, str], now: dt.datetime) -> dt.timedelta:
    """How long the answer is good for by its own word: max-age, else Expires."""
    directives = [part.strip().lower() for part in headers.get("cache-control", "").split(",")]
    if "no-cache" in directives or "no-store" in directives:
        return _NONE
    ages = [part.partition("=")[2].strip('" ') for part in directives if part.startswith("max-age=")]
    if ages:
        return min(dt.timedelta(seconds=_whole(ages[0])), LONGEST_MAX_AGE)
    expires = _date(headers.get("expires"))
    return min(max(expires - (_date(headers.get("date")) or now), _NONE), LONGEST_MAX_AGE) if expires else _NONE


def retry_after(headers: Mapping[str, str], now: dt.datetime) -> dt.timedelta | None:
    """How long the server asks to be left alone: seconds or a date, a day at most; None where it says nothing that makes sense."""
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return dt.timedelta(seconds=_whole(given))
    until = _date(given)
    return min(until - now, LONGEST_WAIT) if until and until > now else None


def lost(lot: Sequence[AddressAnswer]) -> str | None:
    """What is wrong with the network rather than with the addresses, or None. Then nothing that came is to be believed."""
    if not lot or not any(a.failed or a.page for a in lot):
        return None
    if all(a.offline for a in lot) or (len(lot) >= LOT and all(a.unreachable for a in lot)):
        return "none of the addresses can be reached: there seems to be no network; run it again when there is"
    pages = Counter(a.page for a in lot if a.page)
    same = max(pages.values(), default=0)
    if len(lot) >= LOT and max(same, sum(a.failed for a in lot)) > LOST_SHARE * len(lot):
        return (
            f"more than {LOST_SHARE:.0%} of the {len(lot)} addresses failed or gave the same page: "
            "a network that wants a login answers like that; nothing of them was kept, run it again when the network is open"
        )
    return None


def _header(headers: Mapping[str, str], name: str) -> str | None:
    """A validator as it is sent back; one that is too long for that is none."""
    value = headers.get(name, "").strip()
    return value if 0 < len(value) <= 1000 and value.isprintable() else None


def _whole(digits: str) -> int:
    """A number of seconds, a day at most."""
    most = int(LONGEST_WAIT.total_seconds())
    return min(int(digits[:10]), most) if digits.isascii() and digits.isdigit() else 0


def _date(given: str | None) -> dt.datetime | None:
    try:
        date = parsedate_to_datetime(given) if given else None
        return (date if date.tzinfo else date.replace(tzinfo=dt.UTC)).astimezone(dt.UTC) if date else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
