"""From where to where the partitions of a topic are to be read. Pure: what is known and what there is comes in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.kafka.topic_state import KnownTopic, Place
from pipeline.wording import many

MOST: Final = 5_000  # messages of a topic that are taken, planned and committed at once: ten slices


@dataclass(frozen=True, slots=True)
class Bounds:
    """What there is of a partition: offsets from `first` up to but without `end`. Some may have no message (compacted, marks of transactions)."""

    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Offsets of a partition that are to be read, from `begin` up to but without `end`."""

    partition: int
    begin: int
    end: int

    @property
    def size(self) -> int:
        """How many messages it has at most."""
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class ToRead:
    """What is to be read of a topic."""

    stretches: tuple[Stretch, ...] = ()  # a partition each, those in which there is nothing new too
    again: tuple[Stretch, ...] = ()  # what was read before and is to be looked at once more
    notes: tuple[str, ...] = ()  # what is out of the ordinary; each begins behind the address
    lost: int = 0  # messages at most that were deleted before they were read
    waiting: frozenset[Place] = frozenset()  # of what is to be looked at once more, those whose time has not come


def to_read(known: KnownTopic, there: Mapping[int, Bounds]) -> ToRead:
    """Where to go on. Whatever is not surely read is read: what is read twice adds nothing.

    A partition that is not known is read from its start, as is one that ends before what was read of it: its log was cut, and begun anew from there.
    """
    notes: list[str] = []
    lost = 0
    if known.other:
        notes.append("was made anew since it was last read: it is read from its start")
    stretches = []
    for partition, bounds in sorted(there.items()):
        begin = known.offsets.get(partition, bounds.first)
        if begin < bounds.first:
            notes.append(
                f"has lost what was not read yet: offsets {begin} to {bounds.first - 1} of partition {partition} "
                f"({many(bounds.first - begin, 'message')} at most) were deleted by its retention; it goes on from offset {bounds.first}"
            )
            lost += bounds.first - begin
            begin = bounds.first
        elif begin > bounds.end:
            notes.append(
                f"ends at offset {bounds.end} of partition {partition}, before offset {begin} up to which it was read: its log was cut, "
                "and that partition is read from its start"
            )
            begin = bounds.first
        stretches.append(Stretch(partition, begin, bounds.end))
    if gone := sorted(known.offsets.keys() - there.keys()):
        notes.append(f"has no partition {', '.join(map(str, gone))} any more")
    begins = {stretch.partition: stretch.begin for stretch in stretches}
    again = joined((p, offset) for p, offset in known.again if p in there and there[p].first <= offset < min(begins[p], there[p].end))
    return ToRead(tuple(stretches), again, tuple(notes), lost)


def joined(places: Iterable[Place]) -> tuple[Stretch, ...]:
    """Places (partition, offset) as stretches, those that follow each other as one."""
    found: list[Stretch] = []
    for partition, offset in sorted(set(places)):
        last = found[-1] if found else None
        if last and (last.partition, last.end) == (partition, offset):
            found[-1] = Stretch(partition, last.begin, offset + 1)
        else:
            found.append(Stretch(partition, offset, offset + 1))
    return tuple(found)


def passes(stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    """The stretches in rounds, each of which has one of a partition at most: a client reads a partition from one place at a time."""
    rounds: list[list[Stretch]] = []
    depth: dict[int, int] = {}
    for stretch in stretches:
        at = depth.get(stretch.partition, 0)
        depth[stretch.partition] = at + 1
        if at == len(rounds):
            rounds.append([])
        rounds[at].append(stretch)
    return rounds


def offsets_after(stretches: Iterable[Stretch], reached: Mapping[int, int], left: Iterable[Place] = ()) -> dict[int, int]:
    """The next offset of each partition once it was read up to `reached`, but for messages that were left."""
    begins = {stretch.partition: stretch.begin for stretch in stretches}
    after = {partition: max(begin, reached.get(partition, begin)) for partition, begin in begins.items()}
    for partition, offset in left:
        if partition in begins and begins[partition] <= offset:
            after[partition] = min(after[partition], offset)
    return after
