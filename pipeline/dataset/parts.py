"""Parts: what a fold keeps beside it, since it grows with all that was ever read. Each is a file in `_runs/` that is never changed.

- `inputs`: the files of sources that were read, for who looks for new ones;
- `commits`: one entry a commit, or a day of old ones, for who asks for `runs`;
- `accounts`: what the commits' accounts say of single sources. No run reads it.

A part takes in those before it that are no larger, as a log-structured merge tree does (O'Neil et al. 1996): there are never more
than a few, and nothing is written again more often than the logarithm of their number. They are read when somebody asks.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.dataset.errors import DamagedDatasetError
from pipeline.dataset.manifest import Input, Manifest, input_from, manifest_from, sealed, unsealed
from transforms.durable import write_durably

PART: Final = re.compile(r"(?:accounts|commits|inputs)-(?:\d{8,}-)?\d{8,}\.json")

Merge = Callable[[Iterable[list[Any]]], list[Any]]  # entries of parts that follow one another -> those of one part


class Part(NamedTuple):
    """One part, as a fold names it."""

    kind: str
    first: int  # sequences that it tells of, both ends inside
    last: int
    entries: int

    @property
    def name(self) -> str:
        """Its name in `_runs/`. Those without a first sequence are of the form in which a fold had one part, of accounts."""
        first = f"{self.first:08d}-" if self.first else ""
        return f"{self.kind}-{first}{self.last:08d}.json"


def entries_of(runs: Path, part: Part) -> list[Any]:
    """What a part holds. Raises DamagedDatasetError where it is missing or damaged, NewerDatasetError."""
    path = runs / part.name
    try:
        content = unsealed(path)
    except FileNotFoundError as error:
        raise DamagedDatasetError(f"{path}: is missing; restore it from a backup of the dataset") from error
    entries: list[Any] = content.get("entries", content.get("accounts", []))
    return entries


def grown(runs: Path, parts: Sequence[Part], kind: str, span: tuple[int, int], news: list[Any], merge: Merge) -> list[Part]:
    """The parts of a kind with news of the commits of `span`, written durably, in the place of those that it takes in."""
    kept = [part for part in parts if part.kind == kind]
    if not news:
        return kept
    taken: list[Part] = []
    entries = len(news)
    while kept and kept[-1].entries <= entries:
        entries += kept[-1].entries
        taken.insert(0, kept.pop())
    merged = merge([*(entries_of(runs, part) for part in taken), news])
    first = taken[0].first if taken else span[0]
    return [*kept, written(runs, Part(kind, first or 1, span[1], len(merged)), merged)]


def written(runs: Path, part: Part, entries: list[Any]) -> Part:
    """Write a part durably."""
    write_durably(runs / part.name, sealed({"entries": entries}), step="part")
    return part


def merged_inputs(entries: Iterable[list[Any]]) -> list[Any]:
    """The newest entry of each source. One that is not wholly read any more stays, lest an older part have its say."""
    return list({uri: [uri, *more] for each in entries for uri, *more in each}.values())


def inputs_in(runs: Path, parts: Sequence[Part]) -> dict[str, Input]:
    """The sources that the parts tell of, by address, and whether they were wholly read."""
    found = (input_from(each) for part in parts if part.kind == "inputs" for each in entries_of(runs, part))
    return {one.uri: one for one in found}


def commits_in(runs: Path, parts: Sequence[Part]) -> list[Manifest]:
    """The commits that the parts tell of."""
    return [manifest_from(each, runs / part.name) for part in parts if part.kind == "commits" for each in entries_of(runs, part)]


def concatenated(entries: Iterable[list[Any]]) -> list[Any]:
    """All entries, one part's after the other's."""
    return [entry for each in entries for entry in each]
