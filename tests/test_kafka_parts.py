"""What is decided about topics without a broker: addresses, the file of options, where to read on."""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.kafka.client_options import check_installed, options_in
from pipeline.kafka.offsets import Bounds, Stretch, joined, offsets_after, passes, to_read
from pipeline.kafka.topic_address import is_topic, topic_of
from pipeline.kafka.topic_state import KnownTopic, TopicState, state_of, states_of
from pipeline.options import UsageError

# --- addresses


@pytest.mark.parametrize(
    ("given", "uri", "group"),
    [
        ("kafka://broker:9092/news", "kafka://broker:9092/news", "factwire"),
        ("kafka://broker/news", "kafka://broker:9092/news", "factwire"),
        (" KAFKA://One.Example:19092,two.example/Wire_desk.v2-x?group=desk ", "kafka://one.example:19092,two.example:9092/Wire_desk.v2-x", "desk"),
        ("kafka://[::1]:9093/news?group=a%2Fb", "kafka://[::1]:9093/news", "a/b"),
    ],
)  # fmt: skip
def test_addresses(given: str, uri: str, group: str) -> None:
    topic = topic_of(given)
    assert (topic.uri, topic.group) == (uri, group)
    assert topic_of(topic.uri).uri == uri


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("kafka://broker:9092", "names no topic"),
        ("kafka://broker:9092/", "names no topic"),
        ("kafka://broker:9092/a/b", "names no topic"),
        ("kafka://broker:9092/..", "names no topic"),
        ("kafka://broker:9092/new s", "names no topic"),
        (f"kafka://broker:9092/{'n' * 250}", "names no topic"),
        ("kafka:///news", "'' is no broker"),
        ("kafka://broker:0/news", "is no broker"),
        ("kafka://broker:70000/news", "is no broker"),
        ("kafka://one,,two/news", "is no broker"),
        ("kafka://broker/news?offset=earliest", "takes ?group=NAME and nothing else"),
        ("kafka://broker/news?group=a&group=b", "takes ?group=NAME and nothing else"),
        ("kafka://broker/news?group=", "the group is a name"),
        ("kafka://ann:hush@broker/news", "--kafka-options"),
    ],
)
def test_what_is_no_address_is_told_without_its_password(given: str, told: str) -> None:
    assert is_topic(given)
    with pytest.raises(UsageError) as caught:
        topic_of(given)
    assert told in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("given", ["https://kafka.example/news", "kafka", "s3://kafka/x", "./kafka://x"])
def test_others_are_no_topics(given: str) -> None:
    assert not is_topic(given)


# --- the client's options


def test_options_are_read(tmp_path: Path) -> None:
    file = tmp_path / "client.properties"
    file.write_text("# ours\n\nsecurity.protocol = SASL_SSL\nsasl.password=a=b #c\r\n", "utf-8")
    assert options_in(file) == {"security.protocol": "SASL_SSL", "sasl.password": "a=b #c"}
    assert options_in(None) == {}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("sasl.password hush", "line 1 is no option"),
        ("x=1\n=hush", "line 2 is no option"),
        ("group.id=hush", "group.id is set by Factwire"),
        ("plugin.library.paths=hush", "is set by Factwire"),
        ("sasl.jaas.config=hush", "option of Java clients"),
        ("sasl.password=hush\nsasl.password=hush", "line 2: sasl.password is given twice"),
    ],
)
def test_what_is_no_option_is_told_without_its_value(tmp_path: Path, lines: str, told: str) -> None:
    file = tmp_path / "client.properties"
    file.write_text(lines, "utf-8")
    with pytest.raises(UsageError) as caught:
        options_in(file)
    assert told in str(caught.value)
    assert "hush" not in str(caught.value)


def test_files_that_hold_no_options(tmp_path: Path) -> None:
    packed = tmp_path / "packed"
    packed.write_bytes(b"\x1f\x8b\xff")
    with pytest.raises(UsageError, match="no text in UTF-8"):
        options_in(packed)
    with pytest.raises(UsageError, match=r"cannot be read \(No such file or directory\)"):
        options_in(tmp_path / "none")


def test_a_client_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    check_installed([])
    with pytest.raises(UsageError, match=r"kafka://b:1/t: .*pip install 'factwire\[kafka\]'"):
        check_installed(["kafka://b:1/t"])


# --- where to read on

OFFSETS = st.integers(0, 60)
PARTITIONS = st.integers(0, 3)
THERE = st.dictionaries(PARTITIONS, st.tuples(OFFSETS, OFFSETS).map(lambda pair: Bounds(min(pair), max(pair))), max_size=4)
PLACES = st.tuples(PARTITIONS, OFFSETS)


def test_what_is_not_known_is_read_from_its_start() -> None:
    found = to_read(KnownTopic({0: 7}), {0: Bounds(2, 9), 1: Bounds(3, 5)})
    assert found.stretches == (Stretch(0, 7, 9), Stretch(1, 3, 5))
    assert (found.notes, found.lost) == ((), 0)


def test_what_retention_has_taken_is_counted() -> None:
    found = to_read(KnownTopic({0: 100, 1: 4}), {0: Bounds(150, 200), 1: Bounds(4, 4)})
    assert found.stretches == (Stretch(0, 150, 200), Stretch(1, 4, 4))
    assert found.lost == 50
    assert found.notes == (
        "has lost what was not read yet: offsets 100 to 149 of partition 0 (50 messages at most) were deleted by its retention; "
        "it goes on from offset 150",
    )


def test_a_log_that_was_cut_is_read_from_its_start() -> None:
    found = to_read(KnownTopic({0: 9}, frozenset({(0, 3), (0, 8)})), {0: Bounds(0, 5)})
    assert found.stretches == (Stretch(0, 0, 5),)
    assert found.again == ()  # they are among what is read anyway
    assert "its log was cut" in found.notes[0]


def test_a_topic_made_anew_is_known_by_its_id() -> None:
    states = {"kafka://b:1/t": TopicState(topic_id="old", offsets={0: 40}, again=frozenset({(0, 3)}))}
    assert KnownTopic.of("kafka://b:1/t", "old", states) == KnownTopic({0: 40}, frozenset({(0, 3)}))
    anew = KnownTopic.of("kafka://b:1/t", "new", states)
    assert anew == KnownTopic({}, frozenset(), "old")
    found = to_read(anew, {0: Bounds(0, 50)})
    assert (found.stretches, found.lost) == ((Stretch(0, 0, 50),), 0)
    assert "made anew" in found.notes[0]


def test_a_topic_is_known_by_other_brokers() -> None:
    states = {
        "kafka://a:1/t": TopicState(topic_id="id", offsets={0: 40, 1: 2}),
        "kafka://b:1/t": TopicState(topic_id="id", offsets={0: 30, 1: 5}),
        "kafka://c:1/t": TopicState(topic_id="another", offsets={0: 90}),
    }
    assert KnownTopic.of("kafka://d:1/t", "id", states) == KnownTopic({0: 40, 1: 5})


@given(st.dictionaries(PARTITIONS, OFFSETS, max_size=4), st.frozensets(PLACES, max_size=5), THERE)
def test_all_that_is_there_and_not_known_is_read(
    offsets: Mapping[int, int], again: frozenset[tuple[int, int]], there: dict[int, Bounds]
) -> None:
    found = to_read(KnownTopic(offsets, again), there)
    read = {(s.partition, offset) for s in (*found.stretches, *found.again) for offset in range(s.begin, s.end)}
    wanted = {(p, o) for p, bounds in there.items() for o in range(bounds.first, bounds.end) if o >= offsets.get(p, 0)}
    assert wanted <= read
    assert read <= {(p, o) for p, bounds in there.items() for o in range(bounds.first, bounds.end)}
    assert {place for place in again if place in read or place[0] not in there} >= {
        (p, o) for p, o in again if p in there and there[p].first <= o < there[p].end
    }
    assert found.lost == sum(max(0, b.first - offsets.get(p, b.first)) for p, b in there.items())


@given(st.lists(PLACES, max_size=30))
def test_stretches_have_each_place_once_and_passes_each_partition(places: list[tuple[int, int]]) -> None:
    stretches = joined(places)
    assert [(s.partition, o) for s in stretches for o in range(s.begin, s.end)] == sorted(set(places))
    rounds = passes(stretches)
    assert sorted((s for each in rounds for s in each), key=lambda s: (s.partition, s.begin)) == list(stretches)
    for each in rounds:
        assert len({s.partition for s in each}) == len(each)


@given(st.dictionaries(PARTITIONS, OFFSETS, max_size=4), st.dictionaries(PARTITIONS, OFFSETS, max_size=4), st.lists(PLACES, max_size=5))
def test_nothing_that_was_left_is_passed_over(begins: dict[int, int], reached: dict[int, int], left: list[tuple[int, int]]) -> None:
    after = offsets_after([Stretch(p, begin, 99) for p, begin in begins.items()], reached, left)
    assert after.keys() == begins.keys()
    assert all(begins[p] <= offset for p, offset in after.items())
    assert all(after[p] <= o for p, o in left if p in begins and o >= begins[p])


# --- what is kept

STATES = st.builds(
    TopicState,
    topic_id=st.text("abcXYZ-_", min_size=1, max_size=22),
    offsets=st.dictionaries(PARTITIONS, st.integers(0, 2**62), max_size=4),
    again=st.frozensets(PLACES, max_size=4),
    behind=st.integers(0, 2**62),
    read_at=st.none() | st.datetimes(timezones=st.just(dt.UTC)).map(lambda at: at.replace(microsecond=0)),
)


@given(STATES)
def test_a_state_comes_back_as_it_was(state: TopicState) -> None:
    assert state_of(json.loads(json.dumps(state.as_json()))) == state
    assert state.is_as(dataclasses.replace(state, read_at=None))


@pytest.mark.parametrize(
    "told", [None, [], {}, {"topic_id": "x"}, {"topic_id": "x", "offsets": {"a": 1}}, {"topic_id": "x", "offsets": []}]
)
def test_a_state_that_cannot_be_understood_is_none(told: object) -> None:
    assert state_of(told) is None
    assert states_of({"kafka://b:1/t": told}) == {}
