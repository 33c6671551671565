"""What is asked of brokers: which topic a name means, what there is of its partitions, and their messages. Only here is their library known.

Each question opens a connection and closes it again, for sure and at once: between two of them the engine forks, and a client that lives on in a
child would wait for threads that are not there. One that is left to the collector may be collected in a thread of its own, which ends the process.
"""

import logging
import re
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final

from confluent_kafka import Consumer, IsolationLevel, KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from pipeline.kafka.offsets import Bounds, Stretch, passes
from pipeline.kafka.topic_address import Topic
from pipeline.options import UsageError
from transforms.read.clean import one_line, without_secrets

ANSWERS_WITHIN: Final = 15.0  # seconds
GIVES_UP_AFTER: Final = 3.0  # seconds in which no broker can be reached
SILENT_FOR: Final = 30.0  # seconds without a message where there should be some

_LOG: Final = logging.Logger("kafka")  # else the client writes to stderr, over and over
_LOG.addHandler(logging.NullHandler())
_NO_ID: Final = "AAAAAAAAAAAAAAAAAAAAAA"  # what a broker of before 2.8 gives
_AT_ONCE: Final = 500  # messages
_TICK: Final = 0.5  # seconds
_READS: Final = {
    "auto.offset.reset": "error",  # where an offset is gone meanwhile: what to do about that is ours to say
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "enable.partition.eof": True,  # the only way to tell the end where the last offsets have no message
    "isolation.level": "read_committed",
}
_DEFAULTS: Final = {"check.crcs": True, "queued.max.messages.kbytes": 16384, "fetch.wait.max.ms": 100}
_LONGEST: Final = 300  # characters of the client's words
_BROKER: Final = re.compile(r"\A\S+/(?:bootstrap|\d+): |\s*\((?:after|in state)[^()]*\)")
_REFUSED: Final = {
    KafkaError.UNKNOWN_TOPIC_OR_PART: "is not there: its broker knows no topic of that name; create it, or see how it is spelt",
    KafkaError.TOPIC_AUTHORIZATION_FAILED: "may not be read by this login; let it describe and read the topic",
}
_LOGIN: Final = (KafkaError._AUTHENTICATION, KafkaError.SASL_AUTHENTICATION_FAILED, KafkaError._SSL)


class BrokerError(Exception):
    """A topic cannot be read now: a sentence that begins behind its address, and says nothing of the client's options."""


class OffsetGoneError(Exception):
    """An offset that was there is not any more: retention has gone on, or the topic was made anew. To be looked at afresh."""


@dataclass(frozen=True, slots=True)
class There:
    """A topic as it is."""

    topic_id: str
    partitions: Mapping[int, Bounds]


@dataclass(slots=True)
class Reached:
    """How far partitions were read: the next offset of each."""

    offsets: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Heard:
    """What the client said of its trouble in the background."""

    errors: list[Any] = field(default_factory=list)
    down_since: float | None = None

    def hear(self, error: Any) -> None:
        self.errors.append(error)
        if error.code() == KafkaError._ALL_BROKERS_DOWN:
            self.down_since = self.down_since or time.monotonic()

    def check(self, patience: float) -> None:
        """Raises BrokerError where nobody is going to answer: a name may stand for several addresses, so that one that refuses says little."""
        refused = next((e for e in self.errors if e.code() in _LOGIN), None)
        if refused:
            raise BrokerError(f"does not let us in ({_words(refused)}); see --kafka-options")
        if self.down_since and time.monotonic() - self.down_since > patience:
            raise self.silent()

    def silent(self) -> BrokerError:
        """No broker answers: why, as far as is known."""
        said = [e for e in self.errors if e.code() != KafkaError._ALL_BROKERS_DOWN]
        why = f" ({_words(said[-1])})" if said else ""
        return BrokerError(f"cannot be read: no broker answers{why}; see whether one runs there, and whether the address is right")


def looked_at(topic: Topic, options: Mapping[str, str]) -> There:
    """The topic as it is now. Raises BrokerError, and UsageError for options that the client does not take.

    Nothing is made by asking: brokers make a topic when they are asked for its place in another way.
    """
    heard = _Heard()
    with _client(AdminClient, topic, options, heard) as admin:
        asked = admin.describe_topics(TopicCollection([topic.name]), request_timeout=ANSWERS_WITHIN)[topic.name]
        told = _answer(asked, admin, heard)
        partitions = [partition.id for partition in told.partitions]
        ends = [_offsets(admin, heard, topic, partitions, spec) for spec in (OffsetSpec.earliest(), OffsetSpec.latest())]
    topic_id = str(told.topic_id)
    return There(
        topic.uri if topic_id == _NO_ID else topic_id,
        {partition: Bounds(first, end) for partition, first, end in zip(partitions, *ends, strict=True)},
    )


def messages(topic: Topic, options: Mapping[str, str], stretches: Sequence[Stretch], reached: Reached) -> Generator[Any]:
    """The client's messages of these stretches, of several partitions in any order; `reached` tells how far it came.

    Raises BrokerError, OffsetGoneError; what was handed out before is good.
    """
    wanted = [stretch for stretch in stretches if stretch.size > 0]
    if not wanted:
        return
    heard = _Heard()
    with _client(Consumer, topic, {**_DEFAULTS, **options}, heard, {**_READS, "group.id": topic.group}) as consumer:
        for each in passes(wanted):
            consumer.assign([TopicPartition(topic.name, stretch.partition, stretch.begin) for stretch in each])
            yield from _of_pass(consumer, each, heard, reached)


def _of_pass(consumer: Any, stretches: Sequence[Stretch], heard: _Heard, reached: Reached) -> Iterator[Any]:
    left = {stretch.partition: stretch.end for stretch in stretches}
    heard_at = time.monotonic()
    ended: set[int] = set()
    while left:
        first = consumer.poll(_TICK)  # `consume` alone waits until it has all that it may have
        came = [first, *consumer.consume(_AT_ONCE, 0)] if first is not None else []
        if came:
            heard_at, heard.down_since = time.monotonic(), None
        elif time.monotonic() - heard_at > SILENT_FOR:
            raise OffsetGoneError if ended else heard.silent()
        heard.check(SILENT_FOR)
        for message in came:
            partition, offset = message.partition(), message.offset()
            if (error := message.error()) is not None and error.code() != KafkaError._PARTITION_EOF:
                _check(error)
            elif partition in left:
                if error is None and offset < left[partition]:
                    yield message
                    offset += 1
                elif error is not None:
                    ended.add(partition)  # where that is before the end that was told, a leader is behind: more is to come
                # Else a message behind the end: what is between has no message any more.
                reached.offsets[partition] = min(offset, left[partition])
                if offset >= left[partition]:
                    del left[partition]


def _check(error: Any) -> None:
    """Raises what an error that stands among messages means, where it means anything."""
    if error.code() in (KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE, KafkaError._UNKNOWN_PARTITION):
        raise OffsetGoneError
    # The client asks for the group's coordinator though we join none, and may not be allowed to.
    if error.code() not in (
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError._ALL_BROKERS_DOWN,
        KafkaError._TRANSPORT,
        KafkaError._RESOLVE,
    ):
        raise _refusal(error)


def _offsets(admin: Any, heard: _Heard, topic: Topic, partitions: Sequence[int], spec: Any) -> list[int]:
    wanted = {TopicPartition(topic.name, partition): spec for partition in partitions}
    asked = admin.list_offsets(wanted, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=ANSWERS_WITHIN)
    found = {place.partition: _answer(future, admin, heard).offset for place, future in asked.items()}
    return [found[partition] for partition in partitions]


def _answer(asked: "Future[Any]", admin: Any, heard: _Heard) -> Any:
    """What a question brought. Raises BrokerError."""
    while not asked.done():
        admin.poll(0.05)
        heard.check(GIVES_UP_AFTER)
    try:
        return asked.result()
    except KafkaException as error:
        if error.args[0].code() in (KafkaError._TIMED_OUT, KafkaError._TRANSPORT):
            raise heard.silent() from error
        raise _refusal(error.args[0]) from error


def _client(kind: Any, topic: Topic, options: Mapping[str, Any], heard: _Heard, more: Mapping[str, Any] | None = None) -> Any:
    ours = {"bootstrap.servers": ",".join(topic.brokers), "client.id": topic.group, "error_cb": heard.hear, "logger": _LOG}
    try:
        return kind({**options, **ours, **(more or {})})
    except (KafkaException, TypeError, ValueError) as error:
        # Its words may have the value in them, so only the name is told.
        said = error.args[0].str() if isinstance(error, KafkaException) else str(error)
        named = sorted((name for name in options if name in said), key=len)
        about = named[-1] if named else ", ".join(sorted(options)) or "its own"
        raise UsageError(
            f"--kafka-options: the client does not take {about} as it is given; see its documentation for the name and values"
        ) from None


def _refusal(error: Any) -> BrokerError:
    return BrokerError(_REFUSED.get(error.code()) or f"cannot be read: {_words(error)}; see what its broker says of it")


def _words(error: Any) -> str:
    """What the client says, on a line, without what is another each time."""
    return without_secrets(one_line(_BROKER.sub("", error.str())) or error.name())[:_LONGEST]
