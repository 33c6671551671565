"""What topics hold that was not read yet, in files for the plan to read; and what is known of them afterwards."""

import contextlib
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pipeline.account import FeedReport
from pipeline.kafka.offsets import Stretch, ToRead, offsets_after, to_read
from pipeline.kafka.topic_address import Topic
from pipeline.kafka.topic_state import KnownTopic, Place, TopicState
from pipeline.plan import Plan
from transforms.read import Source
from transforms.read.messages import FORMAT, Message, MessageFile, key_of_message, message_at
from transforms.read.record import MEMBER
from transforms.read.source import Origin

if TYPE_CHECKING:
    from pipeline.kafka.broker_client import There

LARGEST: Final = 256 << 20  # bytes of the same
MOST_AGAIN: Final = 10_000  # messages that are remembered for being looked at once more

_TRIES: Final = 3  # where offsets go while they are read
Ends = Mapping[int, int]  # by partition


@dataclass(frozen=True, slots=True)
class HowToRead:
    """How topics are to be read: by which options of the client, into which folder, how much of each at once."""

    options: Mapping[str, str]
    folder: Path
    most: int | None  # None: all that there is
    afresh: bool = False  # from the start, whatever is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """How one topic fared. A sentence of `trouble` or `notes` begins behind its address."""

    topic: Topic
    trouble: str | None = None  # why it could not be read
    topic_id: str = ""
    wanted: ToRead = field(default_factory=ToRead)
    ends: Ends = field(default_factory=dict)  # where the topic itself ends, partition by partition
    reached: Ends = field(default_factory=dict)
    places: tuple[Place, ...] = ()  # of the messages in the file, in its order
    source: Source | None = None  # None: no message has come

    @property
    def status(self) -> Literal["read", "unchanged", "failed"]:
        """What the account calls it."""
        return "failed" if self.trouble else "read" if self.source else "unchanged"

    def was_read(self, position: str | None, key: str | None, texts: Collection[str]) -> bool:
        """Whether that was read of which a reject tells: its message, or where it tells of an article alone, one of these texts (by their keys).

        A message may be gone by now, or its topic be another of the same name.
        """
        place = message_at(position)
        if place is None:
            return key in texts
        return place in self.places and (key or "").startswith(key_of_message(self.topic_id, *place))

    @property
    def behind(self) -> int:
        """How many messages at most the topic has beyond those that were taken."""
        begins = {s.partition: s.begin for s in self.wanted.stretches}
        return sum(max(0, end - max(begins.get(p, 0), self.reached.get(p, 0))) for p, end in self.ends.items())

    @property
    def has_more(self) -> bool:
        """Whether messages were left for the next time, since there were too many."""
        return any(max(s.begin, self.reached.get(s.partition, 0)) < s.end for s in self.wanted.stretches)


def take(topics: Sequence[Topic], states: Mapping[str, TopicState], asked: HowToRead, before: Sequence["Took"] | None = None) -> list[Took]:
    """Read what is new of each topic; or what `before`, the time before in the same run, has left, up to where the topics ended then.

    Raises UsageError for options that the client does not take, OSError where what came cannot be written.
    """
    last = None if before is None else {took.topic.uri: took for took in before}
    return [_took(topic, states, asked, f"topic-{number:05d}", last) for number, topic in enumerate(topics)]


def take_places(topic: Topic, states: Mapping[str, TopicState], asked: HowToRead, places: frozenset[Place] | None) -> Took:
    """Read messages of a topic once more: those in these places, or all that were read of it. Raises as `take` does."""
    from pipeline.kafka import broker_client
    from pipeline.kafka.offsets import joined

    try:
        there = broker_client.looked_at(topic, asked.options)
        known = KnownTopic.of(topic.uri, there.topic_id, states)
        if places is None:
            wanted = tuple(Stretch(p, b.first, min(b.end, known.offsets.get(p, b.first))) for p, b in there.partitions.items())
        else:
            held = frozenset(
                (p, o) for p, o in places if p in there.partitions and there.partitions[p].first <= o < there.partitions[p].end
            )
            wanted = joined(held) if known.offsets else ()  # of a topic that was made anew these are other messages
        return _read(topic, there, ToRead(again=wanted), asked, f"again-{topic.name}")
    except (broker_client.BrokerError, broker_client.OffsetGoneError) as error:
        return Took(topic=topic, trouble=str(error))


def _took(topic: Topic, states: Mapping[str, TopicState], asked: HowToRead, name: str, last: Mapping[str, Took] | None) -> Took:
    from pipeline.kafka import broker_client  # the library is loaded where a topic is read

    for _ in range(_TRIES):
        try:
            there = broker_client.looked_at(topic, asked.options)
            took = _read(topic, there, _wanted(topic, there, states, asked, last), asked, name)
            # Made anew meanwhile: nobody knows which of the two a message is of.
            if took.source is None or broker_client.looked_at(topic, asked.options).topic_id == there.topic_id:
                return took
        except broker_client.BrokerError as error:
            return Took(topic=topic, trouble=str(error))
        except broker_client.OffsetGoneError:
            continue
    return Took(
        topic=topic, trouble="cannot be read: its offsets change faster than they are read; see its retention, and who makes it anew"
    )


def _wanted(topic: Topic, there: "There", states: Mapping[str, TopicState], asked: HowToRead, last: Mapping[str, Took] | None) -> ToRead:
    known = KnownTopic.of(topic.uri, there.topic_id, states)
    if last is None:
        return to_read(replace(known, offsets={}) if asked.afresh else known, there.partitions)
    before = last[topic.uri]
    if before.topic_id != there.topic_id:
        return ToRead()  # made anew: the next run reads it
    wanted = to_read(KnownTopic(offsets_after(before.wanted.stretches, before.reached)), there.partitions)
    ends = {s.partition: s.end for s in before.wanted.stretches}
    stretches = tuple(replace(s, end=max(s.begin, min(s.end, ends[s.partition]))) for s in wanted.stretches if s.partition in ends)
    return replace(wanted, stretches=stretches, waiting=known.again)


def _read(topic: Topic, there: "There", wanted: ToRead, asked: HowToRead, name: str) -> Took:
    """Take messages until there are none, or enough. Messages without a value are none: they only say that a key has no message any more."""
    from pipeline.kafka import broker_client

    path = asked.folder / f"{name}.messages"
    reached, places, size = broker_client.Reached(), list[Place](), 0
    coming = broker_client.messages(topic, asked.options, (*wanted.again, *wanted.stretches), reached)
    with MessageFile(path, topic=topic.name, topic_id=there.topic_id) as file, contextlib.closing(coming):
        for message in coming:
            value = message.value()
            if value is not None:
                file.add(Message(message.partition(), message.offset(), value))
                places.append((message.partition(), message.offset()))
                size += len(value)
            if asked.most is not None and (len(places) >= asked.most or size >= LARGEST):
                reached.offsets[message.partition()] = message.offset() + 1  # else that is known with the next one only
                break
    source = Source(str(path), str(asked.folder), format=FORMAT, origin=Origin(topic.uri, f"kafka/{there.topic_id}")) if places else None
    ends = {partition: bounds.end for partition, bounds in there.partitions.items()}
    return Took(
        topic=topic, topic_id=there.topic_id, wanted=wanted, ends=ends, reached=reached.offsets, places=tuple(places), source=source
    )


def state_after(took: Took, plan: Plan, now: dt.datetime) -> TopicState | None:
    """What is known of a topic once its messages were planned; None where it could not be read."""
    if took.trouble or not took.wanted.stretches:
        return None
    uri = took.topic.uri
    left: tuple[Place, ...] = ()
    if uri in plan.unread:
        left = took.places[max(0, plan.left_from.get(uri, 0) // MEMBER - 1) :]
    offsets = offsets_after(took.wanted.stretches, took.reached, left)
    held = {place for reject in plan.retryable if reject.source_uri == uri and (place := message_at(reject.position))}
    held |= {place for place in left if any(s.partition == place[0] and s.begin <= place[1] < s.end for s in took.wanted.again)}
    held |= took.wanted.waiting
    behind = sum(max(0, end - offsets.get(partition, end)) for partition, end in took.ends.items())
    return TopicState(topic_id=took.topic_id, offsets=offsets, again=frozenset(sorted(held)[-MOST_AGAIN:]), behind=behind, read_at=now)


def told_of_topics(tooks: Sequence[Took], plan: Plan, states: Mapping[str, TopicState], now: dt.datetime) -> dict[str, TopicState]:
    """Enter into the account how each topic fared; what is to be remembered of those of which that has changed."""
    after: dict[str, TopicState] = {}
    for took in tooks:
        uri = took.topic.uri
        tally = plan.account.source(uri)
        tally.failed = tally.failed or bool(took.trouble) or took.wanted.lost > 0
        plan.account.feeds[uri] = FeedReport(status=took.status, source=uri, trouble=took.trouble, warnings=took.wanted.notes)
        state = state_after(took, plan, now)
        if state and not state.is_as(states.get(uri)):
            after[uri] = state
    return after


def as_json(states: Mapping[str, TopicState]) -> dict[str, Any]:
    """States as a commit takes them."""
    return {uri: state.as_json() for uri, state in states.items()}
