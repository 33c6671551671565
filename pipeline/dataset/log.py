"""The manifests of a dataset, read in order and added up; old ones from a fold or a checkpoint.

Both hold the sum of all manifests up to their sequence number, so that opening a dataset does not read thousands of
small files. A checkpoint is a copy, made as commits go on: the manifests stay, so one that is damaged or deleted is made
again from them. A fold takes the place of the manifests, which are deleted: it is refused where it is damaged, as they are.
"""

import dataclasses
import datetime as dt
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipeline.dataset.committed_files import Files
from pipeline.dataset.errors import DamagedDatasetError
from pipeline.dataset.fold_parts import Part
from pipeline.dataset.history import History
from pipeline.dataset.inputs import Inputs
from pipeline.dataset.manifest import Manifest
from pipeline.dataset.takedown import scrubbed, without_sources

RUNS: Final = "_runs"  # the folder of manifests, in that of the dataset
GRACE: Final = dt.timedelta(minutes=15)  # for so long at most files that were merged stay for those who are reading them

MANIFEST: Final = re.compile(r"(\d{8,})-.+\.json")
CHECKPOINT: Final = re.compile(r"checkpoint-(\d{8,})\.json")
FOLD: Final = re.compile(r"folded-(\d{8,})\.json")

_DISORDER: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Log:
    """All manifests up to `sequence`, added up."""

    sequence: int = 0
    checkpoint: int = 0  # the sequence of the checkpoint or fold that it was read from
    folded: int = 0  # the sequence of the fold: manifests up to it are no more
    files: Files = field(default_factory=Files)  # by path: added and not removed since
    inputs: Inputs = field(default_factory=Inputs)  # by address: wholly read
    feeds: dict[str, Any] = field(default_factory=dict)
    topics: dict[str, Any] = field(default_factory=dict)  # by address: how far each was read, as its last commit says
    history: History = field(default_factory=History)
    leftovers: dict[str, str] = field(default_factory=dict)  # removed, and on the disk until this moment or, where it is empty, by a crash
    forgotten: frozenset[str] = frozenset()  # hashes of what was taken down
    takedown: int = 0  # the sequence of the newest commit that takes something down: manifests before it must be folded away
    parts: tuple[Part, ...] = ()  # what the fold keeps beside it
    stale: tuple[str, ...] = ()  # names of parts that the fold has replaced: readers may be about to read them

    def plus(self, manifests: Iterable[Manifest]) -> "Log":
        """The log once these manifests, which follow it, are added."""
        more = list(manifests)
        if any(each.forgets for each in more[:-1]):  # what is taken down goes from what was said before, not from what follows
            first = next(number for number, each in enumerate(more) if each.forgets) + 1
            return self.plus(more[:first]).plus(more[first:])
        if not more:
            return self
        feeds, topics, leftovers = dict(self.feeds), dict(self.topics), self.leftovers
        for each in more:
            feeds.update({address: _later(feeds.get(address), told) for address, told in each.feeds.items()})
            topics.update(each.topics)
            leftovers = still_left(leftovers, each.moment) | dict.fromkeys(each.removes, each.until)
        added = dataclasses.replace(
            self,
            sequence=more[-1].sequence,
            files=self.files.plus(more),
            inputs=self.inputs.plus(one for each in more for one in each.inputs),
            feeds=feeds,
            topics=topics,
            history=self.history.plus(more),
            leftovers=leftovers,
        )
        return added._without(more[-1]) if more[-1].forgets else added

    def _without(self, takedown: Manifest) -> "Log":
        forgotten = self.forgotten.union(takedown.forgets)
        return dataclasses.replace(
            self,
            inputs=self.inputs.without(forgotten),
            feeds=without_sources(self.feeds, forgotten),
            history=self.history.changed(lambda commit: scrubbed(commit, forgotten)),
            forgotten=forgotten,
            takedown=takedown.sequence,
        )


def still_left(leftovers: Mapping[str, str], now: dt.datetime) -> dict[str, str]:
    """What has been removed and stays for readers still."""
    due = {until for until in set(leftovers.values()) if is_due(until, now)}
    return {path: until for path, until in leftovers.items() if until not in due}


def is_due(until: str, now: dt.datetime) -> bool:
    """Whether files that were to stay until then may go. Where that is further off than it ever was, a clock was put back."""
    return not until or not now < dt.datetime.fromisoformat(until) <= now + GRACE


def _later(known: Any, told: Any) -> Any:
    """Which of two states of a feed counts: the one asked later, since a stream's windows are committed out of order by minutes.

    One that was asked a day later than what is committed after it comes of a clock that was wrong, and holds nothing back.
    """
    try:
        ahead = dt.datetime.fromisoformat(known["asked_at"]) - dt.datetime.fromisoformat(told["asked_at"])
    except (TypeError, KeyError, ValueError):
        return told
    return known if dt.timedelta() < ahead < _DISORDER else told


def names_in(runs: Path) -> list[str]:
    """The names of all files in `_runs/`."""
    with os.scandir(runs) as entries:
        return sorted(entry.name for entry in entries)


def by_sequence(names: Iterable[str], pattern: re.Pattern[str], runs: Path) -> dict[int, str]:
    """The names that the pattern fits, by their number. Raises DamagedDatasetError where two have the same one."""
    found: dict[int, str] = {}
    for name in names:
        if match := pattern.fullmatch(name):
            if (sequence := int(match[1])) in found:
                raise DamagedDatasetError(f"{runs / name}: {found[sequence]} has the same number; remove the one that does not belong")
            found[sequence] = name
    return dict(sorted(found.items()))
