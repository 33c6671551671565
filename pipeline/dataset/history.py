"""The commits of a dataset, one entry each; old ones summed up by day, so that a dataset that is watched for years stays quick to open."""

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.dataset.manifest import Manifest, Name

SINGLE: Final = 1_000  # of the newest commits have an entry of their own: a day's, where each minute has one, or six weeks' of hours


@dataclass(frozen=True, slots=True)
class History:
    """All commits in order, without what they add, remove and read. Those that are stored are read when somebody asks."""

    folded: Callable[[], Sequence[Manifest]] = tuple  # those that the last fold has put into a part
    stored: Callable[[], Sequence[Manifest]] = tuple  # those since then, as the checkpoint has them
    names: Callable[[], frozenset[Name]] = frozenset  # of those of both that have an entry of their own
    later: tuple[Manifest, ...] = ()  # those after the checkpoint

    def plus(self, manifests: Iterable[Manifest]) -> "History":
        """The history with these commits behind it."""
        return dataclasses.replace(self, later=(*self.later, *map(entry_of, manifests)))

    def since(self) -> tuple[Manifest, ...]:
        """The commits since the last fold."""
        return (*self.stored(), *self.later)

    def all(self) -> tuple[Manifest, ...]:
        """All commits. Raises DamagedDatasetError where a part is not whole."""
        return (*self.folded(), *self.since())

    def named(self, name: Name) -> Manifest | None:
        """The commit of that name. Old ones that are summed up are not known by theirs: no run goes on for so long."""
        if any(each.name == name for each in self.later) or name in self.names():
            return next(each for each in reversed(self.all()) if each.name == name)
        return None

    def all_names(self) -> frozenset[Name]:
        """The names of all that have an entry of their own."""
        return self.names() | names_of(self.later)

    def changed(self, change: Callable[[Manifest], Manifest]) -> "History":
        """The history with each commit changed, none of them stored any more."""
        return History(later=tuple(map(change, self.all())))


def names_of(commits: Iterable[Manifest]) -> frozenset[Name]:
    """The names of commits that have an entry of their own."""
    return frozenset(each.name for each in commits if each.commits == 1)


def entry_of(manifest: Manifest) -> Manifest:
    """A commit as the history keeps it: its account without single sources, since those are as many as inputs."""
    account = {name: value for name, value in manifest.account.items() if name != "sources"}
    return dataclasses.replace(manifest, adds=(), removes=(), inputs=(), feeds={}, topics={}, account=account, forgets=(), until="")


def summed(commits: Sequence[Manifest]) -> list[Manifest]:
    """The commits, all but the newest summed up by day, options and version of factwire; in order of the last commit of each."""
    old, new = commits[:-SINGLE], commits[-SINGLE:]
    sums: dict[tuple[str, str, str], Manifest] = {}
    for each in old:
        key = (each.created[:10], json.dumps(each.options, sort_keys=True), each.factwire)
        sums[key] = _sum(sums[key], each) if key in sums else _alone(each)
    return [*sorted(sums.values(), key=lambda each: each.sequence), *new]


def _alone(commit: Manifest) -> Manifest:
    """An old commit, as what others are added to: it keeps its name where a record that it set aside may be tried again."""
    return dataclasses.replace(commit, runs=commit.runs or _setting_aside(commit), timings={})


def _sum(one: Manifest, later: Manifest) -> Manifest:
    return dataclasses.replace(
        later,
        commits=one.commits + later.commits,
        rows=Counter(one.rows) + Counter(later.rows),
        account=_added(one.account, later.account),
        runs=tuple(dict.fromkeys((*one.runs, *(later.runs or _setting_aside(later))))),
        timings={},
    )


def _setting_aside(commit: Manifest) -> tuple[str, ...]:
    return (commit.run,) if commit.rows.get("rejects") else ()


def _added(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two accounts as one: numbers add up, lists of names are united, and so on down."""
    total = dict(one)
    for name, value in other.items():
        match total.get(name), value:
            case dict() as before, dict():
                total[name] = _added(before, value)
            case list() as before, list():
                total[name] = sorted({*before, *value})
            case int() | float() as before, int() | float():
                total[name] = before + value
            case _:
                total[name] = value
    return total
