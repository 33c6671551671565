"""Parts: what a fold keeps beside it, since it grows with all that was ever committed. Each is a file in `_runs/` that is never changed.

- `files`: the committed files and the removals of those in parts before, a list a table;
- `inputs`: the files of sources that were read, for who looks for new ones;
- `commits`: one entry a commit, or a day of old ones, for who asks for `runs`;
- `accounts`: what the commits' accounts say of single sources. No run reads it.

A part takes in those before it that are no larger, as a log-structured merge tree does (O'Neil et al. 1996): there are never more
than a few, and nothing is written again more often than the logarithm of their number. They are read when somebody asks.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.dataset.committed_files import Lines
from pipeline.dataset.errors import DamagedDatasetError
from pipeline.dataset.manifest import Input, Manifest, input_from, lines_of, manifest_from, proved, sealed
from transforms.flow.durable import write_durably

PART: Final = re.compile(r"(?:accounts|commits|files|inputs)-(?:\d{8,}-)?\d{8,}\.json")

Content = dict[str, list[Any]]  # entries by the name of what they are of: a table, or the kind of the part
Merge = Callable[[Iterable[list[Any]]], list[Any]]  # entries of parts that follow one another -> those of one part


class Part(NamedTuple):
    """One part, as a fold names it."""

    kind: str
    first: int  # sequences that it tells of, both ends inside
    last: int
    entries: int

    @property
    def name(self) -> str:
        """Its name in `_runs/`. Those without a first sequence are of format 1, in which a fold had one part, of accounts."""
        first = f"{self.first:08d}-" if self.first else ""
        return f"{self.kind}-{first}{self.last:08d}.json"


def content_of(runs: Path, part: Part) -> Content:
    """What a part holds. Raises DamagedDatasetError where it is missing or damaged, NewerDatasetError."""
    content: Content = json.loads(_proved(runs, part)[1])
    return content


def _proved(runs: Path, part: Part) -> tuple[int, bytes]:
    path = runs / part.name
    try:
        return proved(path)
    except FileNotFoundError as error:
        raise DamagedDatasetError(f"{path}: is missing; restore it from a backup of the dataset") from error


def grown(runs: Path, parts: Sequence[Part], kind: str, span: tuple[int, int], news: Content, merge: Merge) -> list[Part]:
    """The parts of a kind with news of the commits of `span`, written durably, in the place of those that it takes in."""
    kept = [part for part in parts if part.kind == kind]
    if not any(news.values()):
        return kept
    taken: list[Part] = []
    entries = sum(map(len, news.values()))
    while kept and kept[-1].entries <= entries:
        entries += kept[-1].entries
        taken.insert(0, kept.pop())
    contents = [*(content_of(runs, part) for part in taken), news]
    merged = {name: merge(each.get(name, []) for each in contents) for name in sorted({name for each in contents for name in each})}
    first = taken[0].first if taken else span[0]
    return [*kept, written(runs, kind, (first or 1, span[1]), merged)]


def written(runs: Path, kind: str, span: tuple[int, int], content: Content) -> Part:
    """Write a part durably."""
    part = Part(kind, *span, sum(map(len, content.values())))
    write_durably(runs / part.name, sealed(content), step="part")
    return part


def files_in(runs: Path, parts: Sequence[Part]) -> Lines:
    """The files of each table that the parts tell of."""
    found: dict[str, list[bytes]] = {}
    for part in parts:
        if part.kind == "files":
            for table, line in lines_of(_proved(runs, part)[1]).items():
                found.setdefault(table, []).append(line)
    return found


def merged_inputs(entries: Iterable[list[Any]]) -> list[Any]:
    """The newest entry of each source. One that is not wholly read any more stays, lest an older part have its say."""
    return list({uri: [uri, *more] for each in entries for uri, *more in each}.values())


def inputs_in(runs: Path, parts: Sequence[Part]) -> dict[str, Input]:
    """The sources that the parts tell of, by address, and whether they were wholly read."""
    found = (input_from(each) for part in parts if part.kind == "inputs" for each in content_of(runs, part)["inputs"])
    return {one.uri: one for one in found}


def commits_in(runs: Path, parts: Sequence[Part]) -> list[Manifest]:
    """The commits that the parts tell of."""
    return [manifest_from(each, runs / part.name) for part in parts if part.kind == "commits" for each in content_of(runs, part)["commits"]]


def concatenated(entries: Iterable[list[Any]]) -> list[Any]:
    """All entries, one part's after the other's."""
    return [entry for each in entries for entry in each]
