"""A broker that is none: topics in memory, in the place of what `pipeline.kafka.broker_client` asks of real ones."""

import itertools
import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline.dataset import Dataset
from pipeline.kafka import broker_client
from pipeline.kafka.broker_client import BrokerError, Reached, There
from pipeline.kafka.offsets import Bounds, Stretch, passes
from pipeline.kafka.topic_address import Topic

ADDRESS = "kafka://broker.example:9092/wire"


@dataclass(frozen=True)
class Kept:
    """One message as the client gives it."""

    _partition: int
    _offset: int
    _value: bytes | None

    def partition(self) -> int:
        return self._partition

    def offset(self) -> int:
        return self._offset

    def value(self) -> bytes | None:
        return self._value


@dataclass
class Partition:
    """The messages of a partition by offset. Offsets without one are marks of transactions, or were compacted away."""

    messages: dict[int, bytes | None] = field(default_factory=dict)
    first: int = 0
    end: int = 0

    def add(self, value: bytes | None, *, gap: int = 0) -> None:
        self.messages[self.end + gap] = value
        self.end += gap + 1

    def retain_from(self, first: int) -> None:
        self.first = first
        self.messages = {offset: value for offset, value in self.messages.items() if offset >= first}


@dataclass
class Broker:
    """The broker. `asked` has the options of each question, `read` the stretches that were read."""

    topics: dict[str, list[Partition]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    down: str | None = None
    asked: list[Mapping[str, str]] = field(default_factory=list)
    read: list[Stretch] = field(default_factory=list)
    _numbers: Any = field(default_factory=itertools.count)

    def make(self, name: str = "wire", partitions: int = 2) -> list[Partition]:
        self.topics[name] = [Partition() for _ in range(partitions)]
        self.ids[name] = f"id-{next(self._numbers)}"
        return self.topics[name]

    def looked_at(self, topic: Topic, options: Mapping[str, str]) -> There:
        self.asked.append(options)
        if self.down:
            raise BrokerError(self.down)
        if topic.name not in self.topics:
            raise BrokerError("is not there")
        return There(self.ids[topic.name], {number: Bounds(p.first, p.end) for number, p in enumerate(self.topics[topic.name])})

    def messages(self, topic: Topic, options: Mapping[str, str], stretches: Sequence[Stretch], reached: Reached) -> Generator[Any]:
        for each in passes([s for s in stretches if s.size > 0]):
            for stretch in each:
                self.read.append(stretch)
                for offset, value in self.topics[topic.name][stretch.partition].messages.items():
                    if stretch.begin <= offset < stretch.end:
                        yield Kept(stretch.partition, offset, value)
                        reached.offsets[stretch.partition] = offset + 1
                reached.offsets[stretch.partition] = stretch.end


def record(number: int | str, text: str | None = None, **more: Any) -> bytes:
    """A message with an id of its own."""
    return json.dumps({"id": f"a{number}", "text": text or f"The ferry number {number} was late on Monday."} | more).encode()


def unnamed(text: str) -> bytes:
    """A message without any id."""
    return json.dumps({"text": text}).encode()


def fill(broker: Broker, count: int) -> None:
    """Messages with ids of their own, one partition after the other."""
    for number in range(count):
        broker.topics["wire"][number % 2].add(record(number))


def state(dataset: Path) -> dict[str, Any]:
    """What a dataset says of the topic, but for when."""
    told: dict[str, Any] = Dataset.open(dataset).topics[ADDRESS]
    return {name: value for name, value in told.items() if name != "read_at"}


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    """A broker with one topic, `wire`, of two partitions."""
    made = Broker()
    made.make()
    monkeypatch.setattr(broker_client, "looked_at", made.looked_at)
    monkeypatch.setattr(broker_client, "messages", made.messages)
    return made
