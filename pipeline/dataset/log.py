"""The manifests of a dataset, read in order and added up; old ones from a fold or a checkpoint.

Both hold the sum of all manifests up to their sequence number, so that opening a dataset does not read thousands of
small files. A checkpoint is a copy, made as commits go on: the manifests stay, so one that is damaged or deleted is made
again from them. A fold takes the place of the manifests, which are deleted: it is refused where it is damaged, as they are.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipeline.dataset.errors import DamagedDatasetError
from pipeline.dataset.manifest import (
    AddedFile,
    Input,
    Manifest,
    added_from,
    data_path,
    input_from,
    manifest_from,
    read_manifest,
    sealed,
    unsealed,
)
from pipeline.dataset.takedown import scrubbed, without_sources
from transforms.durable import write_durably

RUNS: Final = "_runs"  # the folder of manifests, in that of the dataset
CHECKPOINT_EVERY: Final = 32  # manifests

MANIFEST: Final = re.compile(r"(\d{8,})-.+\.json")
CHECKPOINT: Final = re.compile(r"checkpoint-(\d{8,})\.json")
FOLD: Final = re.compile(r"folded-(\d{8,})\.json")

_DISORDER: Final = dt.timedelta(days=1)
_TRIES: Final = 5  # readers take no lock: a writer may fold manifests away between their listing and their reading


@dataclass(frozen=True, slots=True)
class Log:
    """All manifests up to `sequence`, added up."""

    sequence: int = 0
    checkpoint: int = 0  # the sequence of the checkpoint or fold that it was read from
    folded: int = 0  # the sequence of the fold: manifests up to it are no more
    files: dict[str, AddedFile] = field(default_factory=dict)  # by path: added and not removed since
    inputs: dict[str, Input] = field(default_factory=dict)  # by address: wholly read
    feeds: dict[str, Any] = field(default_factory=dict)
    commits: tuple[Manifest, ...] = ()  # without adds, removes, inputs, feeds and the account's sources: those stay in the manifests
    leftovers: tuple[str, ...] = ()  # what the newest commit removes: a crash may have left it on disk
    forgotten: frozenset[str] = frozenset()  # hashes of what was taken down
    takedown: int = 0  # the sequence of the newest commit that takes something down: manifests before it must be folded away

    def plus(self, manifests: Iterable[Manifest]) -> "Log":
        """The log once these manifests, which follow it, are added."""
        files, inputs, feeds, commits = dict(self.files), dict(self.inputs), dict(self.feeds), list(self.commits)
        sequence, leftovers, forgotten, takedown = self.sequence, self.leftovers, set(self.forgotten), self.takedown
        for each in manifests:
            for path in each.removes:
                files.pop(path, None)
            files.update({added.path: added for added in each.adds})
            for one in each.inputs:
                inputs.pop(one.uri, None)  # read again but not to its end: not wholly read any more
                if one.done:
                    inputs[one.uri] = one
            feeds.update({address: _later(feeds.get(address), told) for address, told in each.feeds.items()})
            account = {name: value for name, value in each.account.items() if name != "sources"}  # as long as the list of inputs
            commits.append(dataclasses.replace(each, adds=(), removes=(), inputs=(), feeds={}, account=account, forgets=()))
            sequence, leftovers = each.sequence, each.removes
            if each.forgets:
                takedown = each.sequence
                forgotten.update(each.forgets)
                inputs, feeds = without_sources(inputs, forgotten), without_sources(feeds, forgotten)
                commits = [scrubbed(commit, forgotten) for commit in commits]
        return dataclasses.replace(
            self,
            sequence=sequence,
            files=files,
            inputs=inputs,
            feeds=feeds,
            commits=tuple(commits),
            leftovers=leftovers,
            forgotten=frozenset(forgotten),
            takedown=takedown,
        )


def _later(known: Any, told: Any) -> Any:
    """Which of two states of a feed counts: the one asked later, since a stream's windows are committed out of order by minutes.

    One that was asked a day later than what is committed after it comes of a clock that was wrong, and holds nothing back.
    """
    try:
        ahead = dt.datetime.fromisoformat(known["asked_at"]) - dt.datetime.fromisoformat(told["asked_at"])
    except (TypeError, KeyError, ValueError):
        return told
    return known if dt.timedelta() < ahead < _DISORDER else told


def read_log(runs: Path) -> Log:
    """The log in `_runs/`. Raises NewerDatasetError or DamagedDatasetError, naming the file."""
    for _ in range(_TRIES):
        try:
            return _read(runs)
        except FileNotFoundError as error:
            missing = error.filename
    raise DamagedDatasetError(f"{missing}: listed but not there; run it again when no other process deletes files in {runs}")


def _read(runs: Path) -> Log:
    names = sorted(path.name for path in runs.iterdir())
    folded = max(by_sequence(names, FOLD, runs), default=0)
    manifests = {sequence: name for sequence, name in by_sequence(names, MANIFEST, runs).items() if sequence > folded}
    log = _newest_checkpoint(runs, names, folded, complete=list(manifests) == list(range(folded + 1, folded + 1 + len(manifests))))
    later = [sequence for sequence in manifests if sequence > log.sequence]
    for expected, sequence in enumerate(later, log.sequence + 1):
        if sequence != expected:
            raise DamagedDatasetError(f"{runs}: manifest {expected:08d} is missing; restore it from a backup of the dataset")
    return log.plus(read_manifest(runs / manifests[sequence]) for sequence in later)


def by_sequence(names: Iterable[str], pattern: re.Pattern[str], runs: Path) -> dict[int, str]:
    """The names that the pattern fits, by their number. Raises DamagedDatasetError where two have the same one."""
    found: dict[int, str] = {}
    for name in names:
        if match := pattern.fullmatch(name):
            if (sequence := int(match[1])) in found:
                raise DamagedDatasetError(f"{runs / name}: {found[sequence]} has the same number; remove the one that does not belong")
            found[sequence] = name
    return dict(sorted(found.items()))


def _newest_checkpoint(runs: Path, names: Sequence[str], folded: int, *, complete: bool) -> Log:
    """The log of the newest checkpoint that is whole, or of the fold where all manifests after it are there to be read."""
    damage = None
    for sequence, name in sorted(by_sequence(names, CHECKPOINT, runs).items(), reverse=True):
        if sequence <= folded:
            break
        try:
            return _read_sum(runs / name, sequence, folded)
        except (DamagedDatasetError, FileNotFoundError) as error:  # gone: a writer has made a newer one meanwhile
            damage = error
    if damage and not complete:
        raise damage
    return _read_sum(runs / f"folded-{folded:08d}.json", folded, folded) if folded else Log()


def _read_sum(path: Path, sequence: int, folded: int) -> Log:
    content = unsealed(path)
    files = [added_from(each, path) for each in content["files"]]
    inputs = [input_from(each) for each in content["inputs"]]
    return Log(
        sequence=sequence,
        checkpoint=sequence,
        folded=folded,
        files={added.path: added for added in files},
        inputs={one.uri: one for one in inputs},
        feeds=content["feeds"],
        commits=tuple(manifest_from(each, path) for each in content["commits"]),
        leftovers=tuple(data_path(each, path) for each in content["leftovers"]),
        forgotten=frozenset(content["forgotten"]),
        takedown=content["takedown"],
    )


def sum_of(log: Log) -> bytes:
    """A log as a checkpoint or fold holds it."""
    return sealed(
        {
            "files": [dataclasses.asdict(each) for each in log.files.values()],
            "inputs": list(log.inputs.values()),
            "feeds": log.feeds,
            "commits": [dataclasses.asdict(each) for each in log.commits],
            "leftovers": log.leftovers,
            "forgotten": sorted(log.forgotten),
            "takedown": log.takedown,
        }
    )


def write_checkpoint(runs: Path, log: Log) -> Log:
    """Write the log as a checkpoint and drop older ones; the log that reading it again would give."""
    write_durably(runs / f"checkpoint-{log.sequence:08d}.json", sum_of(log), step="checkpoint")
    for sequence, name in by_sequence((path.name for path in runs.iterdir()), CHECKPOINT, runs).items():
        if sequence != log.sequence:
            (runs / name).unlink()
    return dataclasses.replace(log, checkpoint=log.sequence)


def stale_checkpoints(runs: Path, log: Log) -> bool:
    """Whether there is a checkpoint other than the one that the log was read from: a damaged one, or an old one."""
    return bool(by_sequence((path.name for path in runs.iterdir()), CHECKPOINT, runs).keys() - {log.checkpoint})
