"""When an address is asked again: pure functions over what is known of it."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetch import policy
from pipeline.fetch.policy import Asked, Bad, Good
from pipeline.fetch.state import FeedState, key_of, state_of

NOW = dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
FRESH = FeedState(address="https://e.org/f")


def good(headers: dict[str, str] | None = None, **more: Any) -> Good:
    return Good(**{"sha256": "ab", "headers": headers or {}, "is_feed": True} | more)


def wait(
    headers: dict[str, str] | None = None, *, interval: dt.timedelta = dt.timedelta(), jitter: float = 0.0, **more: Any
) -> dt.timedelta:
    due = policy.after_good(FRESH, good(headers, **more), now=NOW, interval=interval, jitter=jitter).due_at
    assert due is not None
    return due - NOW


def test_the_longest_wish_counts_up_to_a_day() -> None:
    assert wait() == dt.timedelta()
    assert wait({"cache-control": "public, max-age=1800"}) == HOUR / 2
    assert wait({"cache-control": "max-age=999999999999"}) == 5 * HOUR
    assert wait({"cache-control": "max-age=1800, no-cache"}) == dt.timedelta()
    assert wait({"cache-control": "max-age=soon"}) == dt.timedelta()
    assert wait({"expires": "Sat, 10 Jan 2026 14:00:00 GMT", "date": "Sat, 10 Jan 2026 13:00:00 GMT"}) == HOUR
    assert wait({"expires": "0"}) == wait({"expires": "Sat, 10 Jan 2009 14:00:00 GMT"}) == dt.timedelta()
    assert wait(interval=2 * HOUR, ttl=3 * HOUR) == 3 * HOUR
    assert wait(interval=9 * DAY) == DAY
    assert wait({"retry-after": "7200"}, interval=HOUR) == 2 * HOUR


def test_chance_makes_it_earlier_but_never_before_a_retry_after() -> None:
    assert wait(interval=4 * HOUR, jitter=1.0) == 3 * HOUR
    assert wait({"retry-after": "14400"}, interval=4 * HOUR, jitter=1.0) == 4 * HOUR


@pytest.mark.hostile(53)
@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("120", 120),
        ("Sat, 10 Jan 2026 12:10:00 GMT", 600),
        ("Sat, 10 Jan 2026 11:00:00 GMT", None),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("1000000000", 86400),
        ("9" * 400, 86400),
        ("Fri, 10 Jan 2200 12:10:00 GMT", 86400),
        ("Sat, 99 Jan 2026 12:10:00 GMT", None),
    ],
)
def test_h53_retry_after(given: str, seconds: int | None) -> None:
    found = policy.retry_after({"retry-after": given}, NOW)
    assert found == (None if seconds is None else dt.timedelta(seconds=seconds))


def test_errors_back_off_from_an_hour_to_a_day_and_end_at_thirty() -> None:
    state, waits = FRESH, []
    for n in range(1, 31):
        state = policy.after_bad(state, Bad(trouble="x"), now=NOW, jitter=0.0)
        assert state.due_at is not None and state.failures == n and (state.off is None) == (n < 30)
        waits.append(state.due_at - NOW)
    assert waits[:6] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY] and set(waits[5:]) == {DAY}
    assert policy.after_good(state, good(), now=NOW, interval=HOUR, jitter=0.0).failures == 0


def test_a_busy_host_is_left_alone_as_a_whole() -> None:
    state = policy.after_bad(FRESH, Bad(trouble="x", busy=True, wait=2 * HOUR), now=NOW, jitter=0.0)
    assert policy.blocked_hosts([state, FeedState(address="https://other.org/f")], NOW + HOUR) == {"e.org": NOW + 2 * HOUR}
    assert policy.blocked_hosts([state], NOW + 2 * HOUR) == {}
    assert policy.blocked_hosts([state], NOW - 9 * DAY) == {}  # the clock jumped


def test_due_whatever_the_clock_does() -> None:
    state = replace(FRESH, due_at=NOW + HOUR)
    assert not policy.is_due(state, NOW)
    assert policy.is_due(state, NOW + HOUR)
    assert policy.is_due(state, NOW - 9 * DAY)


def test_validators_are_dropped_after_eight_days() -> None:
    state = policy.after_good(FRESH, good({"etag": '"a"', "last-modified": "then"}), now=NOW, interval=HOUR, jitter=0.0)
    both = {"If-None-Match": '"a"', "If-Modified-Since": "then"}
    later = policy.after_good(state, good({"etag": '"b"'}, sha256=None), now=NOW + DAY, interval=HOUR, jitter=0.0)
    assert policy.conditions(later, NOW + 7 * DAY) == both  # a 304 does not make them younger
    assert policy.conditions(later, NOW + 8 * DAY) == policy.conditions(later, NOW - DAY) == {}
    assert policy.conditions(policy.after_bad(state, Bad(trouble="x", lying=True), now=NOW, jitter=0.0), NOW) == {}
    odd = policy.after_good(FRESH, good({"etag": "x" * 2000, "last-modified": "a\x00b"}), now=NOW, interval=HOUR, jitter=0.0)
    assert policy.conditions(odd, NOW) == {}


def test_a_move_is_believed_after_three_good_fetches_over_a_day() -> None:
    state = FRESH
    for hours, moved_to, adopted in ((0, "b", None), (1, "b", None), (2, "b", None), (25, "b", "b"), (26, None, "b")):
        state = policy.after_good(state, good(moved_to=moved_to), now=NOW + hours * HOUR, interval=HOUR, jitter=0.0)
        assert policy.adopted(state) == adopted
    assert policy.adopted(policy.after_bad(state, Bad(trouble="x"), now=NOW + 2 * DAY, jitter=0.0)) is None
    broken = policy.after_good(
        replace(FRESH, moved_to="b", moved_times=2, moved_since=NOW), good(), now=NOW + DAY, interval=HOUR, jitter=0.0
    )
    assert (broken.moved_to, broken.moved_times) == (None, 0)


def test_when_the_network_is_to_blame() -> None:
    fine, bad = Asked(failed=False), Asked(failed=True)
    assert policy.lost([]) is policy.lost([fine] * 9) is policy.lost([bad]) is policy.lost([bad] * 4) is None
    assert policy.lost([bad] * 4 + [fine]) is None  # 80 % are not more than 80 %
    assert "login" in (policy.lost([bad] * 5 + [fine]) or "")
    assert "login" in (policy.lost([Asked(failed=False, page="x")] * 5) or "")
    assert policy.lost([Asked(failed=False, page=str(n)) for n in range(9)]) is None
    assert "no network" in (policy.lost([Asked(failed=True, offline=True, unreachable=True)]) or "")
    assert policy.lost([Asked(failed=True, unreachable=True)]) is None


def test_a_state_survives_its_manifest() -> None:
    state = policy.after_good(FRESH, good({"etag": '"a"'}, moved_to="b"), now=NOW, interval=HOUR, jitter=0.0)
    state = replace(state, entries={"k": ("c", 0)}, trouble="x", off="gone")
    assert state_of(state.address, state.as_json()) == state
    assert FRESH.as_json() == {}


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s), max_leaves=5)
)
def test_a_state_that_makes_no_sense_is_not_known(told: Any) -> None:
    for each in (told, dict.fromkeys(("due_at", "entries", "failures"), told), {"due_at": "9999-12-31T23:59:59-12:00"}):
        assert state_of("https://e.org/f", each).address == "https://e.org/f"


def test_keys_hold_no_secret_and_tell_addresses_apart() -> None:
    assert key_of("https://e.org/f?a=1#top") == "https://e.org/f?a=1"
    one, other = key_of("https://e.org/f?token=aaaa"), key_of("https://e.org/f?token=bbbb")
    assert one.startswith("https://e.org/f#") and one != other and "aaaa" not in one
    assert key_of("https://u:p@e.org/f") not in (one, key_of("https://e.org/f"))
    for no in ("ftp://e.org", "e.org", "", "http://"):
        with pytest.raises(ValueError, match="no address"):
            key_of(no)
