"""When an address is asked again, and what is remembered of it: pure, with the clock in hand."""

import datetime as dt
from dataclasses import replace
from email.utils import format_datetime

import pytest

from pipeline.fetch import policy
from pipeline.fetch.feed_state import FeedState, key_of, state_of
from pipeline.fetch.policy import AddressAnswer, Bad, Good

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
ADDRESS = "https://news.example/feed"
NEW = FeedState(address=ADDRESS)


def good(sha256: str | None = "a" * 64, *, moved_to: str | None = None, ttl: dt.timedelta = dt.timedelta(), **headers: str) -> Good:
    return Good(sha256=sha256, headers={k.replace("_", "-"): v for k, v in headers.items()}, is_feed=True, ttl=ttl, moved_to=moved_to)


def after(state: FeedState, *results: Good | Bad, now: dt.datetime = NOW, every: dt.timedelta = HOUR, jitter: float = 0.0) -> FeedState:
    for n, result in enumerate(results):
        at = now + n * every
        if isinstance(result, Good):
            state = policy.after_good(state, result, now=at, interval=dt.timedelta(), jitter=jitter)
        else:
            state = policy.after_bad(state, result, now=at, jitter=jitter)
    return state


@pytest.mark.hostile(53)
@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", dt.timedelta(seconds=120)),
        (format_datetime(NOW + 2 * HOUR, usegmt=True), 2 * HOUR),
        ("1000000000", DAY),
        ("9" * 5000, DAY),
        (format_datetime(NOW + 90 * DAY, usegmt=True), DAY),
        ("0", dt.timedelta()),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1.5", None),
        ("٣", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Thu, 99 Foo 99999 99:99:99 GMT", None),
    ],
)
def test_retry_after_is_honoured_up_to_a_day(said: str, wait: dt.timedelta | None) -> None:
    assert policy.retry_after({"retry-after": said}, NOW) == wait


@pytest.mark.hostile(53)
def test_a_busy_host_is_left_alone_with_all_its_addresses() -> None:
    state = after(NEW, Bad(trouble="busy", busy=True, wait=3 * HOUR))
    assert state.wait_until == NOW + 3 * HOUR
    assert policy.blocked_hosts([state], NOW + 2 * HOUR) == {"news.example": NOW + 3 * HOUR}
    assert policy.blocked_hosts([state], NOW + 3 * HOUR) == {}
    assert not policy.is_due(state, NOW + 2 * HOUR)


@pytest.mark.hostile(95)
def test_a_clock_that_jumped_holds_nothing_back() -> None:
    state = after(NEW, Bad(trouble="busy", busy=True, wait=DAY), now=NOW + 4000 * DAY)
    assert policy.is_due(state, NOW)
    assert policy.blocked_hosts([state], NOW) == {}
    assert policy.conditions(after(NEW, good(etag='"1"'), now=NOW + 30 * DAY), NOW) == {}


@pytest.mark.hostile(54)
def test_what_is_gone_is_given_up_and_comes_back_when_it_answers() -> None:
    state = after(NEW, Bad(trouble="gone", gone=True))
    assert state.off == "gone"
    assert after(state, good()).off is None


@pytest.mark.hostile(54)
def test_an_address_is_moved_only_after_three_good_fetches_over_a_day() -> None:
    to = "https://new.example/feed"
    assert policy.adopted(after(NEW, *[good(moved_to=to)] * 3)) is None
    assert policy.adopted(after(NEW, *[good(moved_to=to)] * 2, every=2 * DAY)) is None
    moved = after(NEW, *[good(moved_to=to)] * 3, every=DAY)
    assert policy.adopted(moved) == to
    assert policy.adopted(after(moved, Bad(trouble="not there"), now=NOW + 3 * DAY)) is None
    assert policy.adopted(after(NEW, good(moved_to=to), good(moved_to="https://third.example/"), good(moved_to=to), every=DAY)) is None


@pytest.mark.hostile(54)
def test_a_redirect_to_a_login_page_moves_nothing() -> None:
    state = after(NEW, good(), *[Bad(trouble="is not a feed")] * 5, every=DAY)
    assert (state.moved_to, policy.adopted(state)) == (None, None)


@pytest.mark.hostile(55)
def test_failures_back_off_from_an_hour_to_a_day_and_end_after_thirty() -> None:
    state, waits = NEW, []
    for n in range(30):
        assert state.off is None, n
        state = after(state, Bad(trouble="500"))
        waits.append((state.due_at or NOW) - NOW)
    assert waits[:6] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY]
    assert set(waits[5:]) == {DAY}
    assert state.off == "failing"
    well = after(state, good())
    assert (well.off, well.failures, well.trouble) == (None, 0, None)


@pytest.mark.hostile(51)
def test_a_server_that_says_not_modified_unasked_loses_its_validators() -> None:
    state = after(NEW, good(etag='"1"', last_modified="Sun, 01 Mar 2026 00:00:00 GMT"))
    assert policy.conditions(state, NOW + HOUR) == {"If-None-Match": '"1"', "If-Modified-Since": "Sun, 01 Mar 2026 00:00:00 GMT"}
    assert policy.conditions(after(state, Bad(trouble="304", lying=True)), NOW + HOUR) == {}


def test_validators_are_dropped_every_eight_days_though_all_is_unchanged() -> None:
    state = after(NEW, good(etag='"1"'), *[good(sha256=None)] * 20, every=DAY)
    assert policy.conditions(state, NOW + 7 * DAY)
    assert policy.conditions(state, NOW + 8 * DAY) == {}


@pytest.mark.parametrize("etag", ["", " ", "x" * 2000, "a\nb", '"\x00"'])
def test_a_validator_that_cannot_be_sent_back_is_none(etag: str) -> None:
    assert policy.conditions(after(NEW, good(etag=etag)), NOW + HOUR) == {}


@pytest.mark.parametrize(
    ("headers", "hours"),
    [
        ({"cache-control": "public, max-age=7200"}, 2),
        ({"cache-control": "max-age=999999999999"}, 5),
        ({"cache-control": "max-age=-1"}, 0),
        ({"cache-control": "no-cache, max-age=7200"}, 0),
        ({"expires": format_datetime(NOW + 3 * HOUR, usegmt=True)}, 3),
        ({"expires": "0"}, 0),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({}, 0),
    ],
)
def test_what_a_server_calls_fresh_is_not_asked_again(headers: dict[str, str], hours: int) -> None:
    assert policy.freshness(headers, NOW) == hours * HOUR


def test_the_longest_wish_counts_and_chance_shortens_it_a_quarter_at_most() -> None:
    wish = good(ttl=3 * HOUR, cache_control="max-age=60")
    assert after(NEW, wish).due_at == NOW + 3 * HOUR
    assert after(NEW, wish, jitter=1.0).due_at == NOW + 0.75 * 3 * HOUR
    assert after(NEW, good(ttl=90 * DAY)).due_at == NOW + DAY


@pytest.mark.hostile(57, 58)
@pytest.mark.parametrize(
    ("lot", "told"),
    [
        ([], None),
        ([AddressAnswer(failed=False)] * 10, None),
        ([AddressAnswer(failed=True)], None),
        ([AddressAnswer(failed=True, offline=True, unreachable=True)], "no network"),
        ([AddressAnswer(failed=True, unreachable=True)] * 2, None),
        ([AddressAnswer(failed=True, unreachable=True)] * 6, "no network"),
        ([AddressAnswer(failed=True)] * 9 + [AddressAnswer(failed=False)], "login"),
        ([AddressAnswer(failed=True)] * 8 + [AddressAnswer(failed=False)] * 2, None),
        ([AddressAnswer(failed=False, page="p")] * 9 + [AddressAnswer(failed=False)], "login"),
        ([AddressAnswer(failed=False, page=str(n)) for n in range(10)], None),
        ([AddressAnswer(failed=True)] * 4, None),
    ],
)
def test_where_most_fail_alike_the_network_is_to_blame(lot: list[AddressAnswer], told: str | None) -> None:
    lost = policy.lost(lot)
    assert lost is None if told is None else told in (lost or "")


@pytest.mark.hostile(93)
@pytest.mark.parametrize(
    "told", [None, 5, [], {"asked_at": 7}, {"entries": 3}, {"failures": "x"}, {"due_at": "never"}, {"entries": {"a": 1}}]
)
def test_a_state_that_cannot_be_read_is_none(told: object) -> None:
    assert state_of(ADDRESS, told) == NEW


def test_a_state_comes_back_as_it_was_kept() -> None:
    state = replace(after(NEW, good(etag='"1"', moved_to="https://new.example/")), entries={"abc": ("def", 2)})
    assert state_of(ADDRESS, state.as_json()) == state


@pytest.mark.hostile(42)
def test_a_key_tells_addresses_apart_but_not_their_secrets() -> None:
    plain, one, two = key_of(ADDRESS), key_of(ADDRESS + "?key=hush"), key_of(ADDRESS + "?key=hush2")
    assert plain == ADDRESS
    assert len({plain, one, two}) == 3
    assert all("hush" not in key for key in (one, two, key_of("https://ann:hush@news.example/feed")))
    assert one == key_of(ADDRESS + "?key=hush")


def test_the_least_time_between_two_polls_is_kept() -> None:
    minute = dt.timedelta(minutes=1)
    said = good(cache_control="max-age=30")
    for jitter in (0.0, 1.0):
        assert policy.after_good(NEW, said, now=NOW, interval=minute, least=minute, jitter=jitter).due_at == NOW + minute
    hourly = policy.after_good(NEW, good(ttl=HOUR), now=NOW, interval=minute, least=minute, jitter=0.0)
    assert hourly.due_at == NOW + HOUR  # its own word counts where it is longer


def test_when_the_next_address_is_due() -> None:
    soon, later = (after(replace(NEW, address=f"https://{n}.example/f"), good(ttl=n * HOUR)) for n in (1, 2))
    assert policy.next_due([later, soon], NOW) == NOW + HOUR
    assert policy.next_due([later, soon], NOW + HOUR * 3) == NOW + HOUR * 3
    assert policy.next_due([later, NEW], NOW) == NOW  # it was never asked
    assert policy.next_due([replace(soon, off="gone")], NOW) is None
    assert policy.next_due([], NOW) is None
    assert policy.next_due([replace(soon, due_at=NOW + 9 * DAY)], NOW) == NOW  # a clock has jumped


def test_an_address_whose_host_wants_to_be_left_alone_is_not_due() -> None:
    busy = after(replace(NEW, address="https://news.example/a"), Bad(trouble="busy", busy=True, wait=3 * HOUR))
    assert policy.next_due([busy, NEW], NOW) == NOW + 3 * HOUR
