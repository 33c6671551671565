"""What is known of a topic: how far its partitions were read, and which topic of that name it was."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Place = tuple[int, int]  # of a message: partition and offset


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicState:
    """One topic as it stood when it was last read. Offsets are by partition: of the next message that is to be read."""

    topic_id: str
    offsets: Mapping[int, int]
    again: frozenset[Place] = frozenset()  # what was read and is to be looked at once more: under an embargo
    behind: int = 0  # offsets that were there and not read yet, at most so many messages
    read_at: dt.datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """The state as a manifest keeps it."""
        told: dict[str, Any] = {"topic_id": self.topic_id, "offsets": {str(p): offset for p, offset in sorted(self.offsets.items())}}
        if self.again:
            told["again"] = [list(each) for each in sorted(self.again)]
        if self.behind:
            told["behind"] = self.behind
        return told | ({"read_at": self.read_at.isoformat(timespec="seconds")} if self.read_at else {})

    def is_as(self, other: "TopicState | None") -> bool:
        """Whether it says the same as another, but for when that was."""
        return other is not None and all(getattr(self, n) == getattr(other, n) for n in ("topic_id", "offsets", "again", "behind"))


def state_of(told: object) -> TopicState | None:
    """The state from a manifest's JSON. What cannot be understood is not known: the topic is then read from its start, and no row doubles."""
    if not isinstance(told, dict):
        return None
    try:
        return TopicState(
            topic_id=str(told["topic_id"]),
            offsets={int(partition): int(offset) for partition, offset in told["offsets"].items()},
            again=frozenset((int(partition), int(offset)) for partition, offset in told.get("again", ())),
            behind=int(told.get("behind", 0)),
            read_at=dt.datetime.fromisoformat(told["read_at"]) if told.get("read_at") else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def states_of(told: Mapping[str, Any]) -> dict[str, TopicState]:
    """The states of all topics that a dataset knows, by their addresses."""
    return {uri: state for uri, each in told.items() if (state := state_of(each))}


@dataclass(frozen=True, slots=True)
class KnownTopic:
    """What a dataset knows of one topic, under whatever addresses: it may be reached by other brokers than the last time."""

    offsets: Mapping[int, int] = field(default_factory=dict)
    again: frozenset[Place] = frozenset()
    other: str | None = None  # the id of the topic that the address named when it was last read, where that is another

    @classmethod
    def of(cls, uri: str, topic_id: str, states: Mapping[str, TopicState]) -> "KnownTopic":
        """By its id: of several states the furthest counts, since all that each says was read."""
        same = [state for state in states.values() if state.topic_id == topic_id]
        before = states.get(uri)
        other = before.topic_id if before and before.topic_id != topic_id and not same else None
        return cls(_furthest(state.offsets for state in same), frozenset().union(*(state.again for state in same)), other)


def _furthest(offsets: Iterable[Mapping[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for each in offsets:
        for partition, offset in each.items():
            found[partition] = max(offset, found.get(partition, 0))
    return found
