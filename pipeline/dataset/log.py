"""The manifests of a dataset, read in order and added up; old ones from a checkpoint.

A checkpoint holds the sum of all manifests up to its sequence number, so that opening a dataset does not read
thousands of small files. It is a copy: the manifests stay, so a damaged or deleted checkpoint is made again from
them. Whoever deletes manifests that a checkpoint covers makes that checkpoint the only record.
"""

import dataclasses
import re
from collections.abc import Iterable
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
from transforms.durable import write_durably

CHECKPOINT_EVERY: Final = 32  # manifests

_MANIFEST: Final = re.compile(r"(\d{8,})-.+\.json")
_CHECKPOINT: Final = re.compile(r"checkpoint-(\d{8,})\.json")


@dataclass(frozen=True, slots=True)
class Log:
    """All manifests up to `sequence`, added up."""

    sequence: int = 0
    checkpoint: int = 0  # the sequence of the checkpoint that it was read from
    files: dict[str, AddedFile] = field(default_factory=dict)  # by path: added and not removed since
    inputs: dict[str, Input] = field(default_factory=dict)  # by address: wholly read
    feeds: dict[str, Any] = field(default_factory=dict)
    commits: tuple[Manifest, ...] = ()  # without adds, removes, inputs, feeds and the account's sources: those stay in the manifests
    leftovers: tuple[str, ...] = ()  # what the newest commit removes: a crash may have left it on disk

    def plus(self, manifests: Iterable[Manifest]) -> "Log":
        """The log once these manifests, which follow it, are added."""
        files, inputs, feeds, commits = dict(self.files), dict(self.inputs), dict(self.feeds), list(self.commits)
        sequence, leftovers = self.sequence, self.leftovers
        for each in manifests:
            for path in each.removes:
                files.pop(path, None)
            files.update({added.path: added for added in each.adds})
            for one in each.inputs:
                inputs.pop(one.uri, None)  # read again but not to its end: not wholly read any more
                if one.done:
                    inputs[one.uri] = one
            feeds.update(each.feeds)
            account = {name: value for name, value in each.account.items() if name != "sources"}  # as long as the list of inputs
            commits.append(dataclasses.replace(each, adds=(), removes=(), inputs=(), feeds={}, account=account))
            sequence, leftovers = each.sequence, each.removes
        return Log(sequence, self.checkpoint, files, inputs, feeds, tuple(commits), leftovers)


def read_log(runs: Path) -> Log:
    """The log in `_runs/`. Raises NewerDatasetError or DamagedDatasetError, naming the file."""
    names = sorted(path.name for path in runs.iterdir())
    manifests = _by_sequence(names, _MANIFEST, runs)
    log = _newest_checkpoint(runs, names, complete=list(manifests) == list(range(1, len(manifests) + 1)))
    later = [sequence for sequence in manifests if sequence > log.sequence]
    for expected, sequence in enumerate(later, log.sequence + 1):
        if sequence != expected:
            raise DamagedDatasetError(f"{runs}: manifest {expected:08d} is missing; restore it from a backup of the dataset")
    return log.plus(read_manifest(runs / manifests[sequence]) for sequence in later)


def _by_sequence(names: Iterable[str], pattern: re.Pattern[str], runs: Path) -> dict[int, str]:
    found: dict[int, str] = {}
    for name in names:
        if match := pattern.fullmatch(name):
            if (sequence := int(match[1])) in found:
                raise DamagedDatasetError(f"{runs / name}: {found[sequence]} has the same number; remove the one that does not belong")
            found[sequence] = name
    return dict(sorted(found.items()))


def _newest_checkpoint(runs: Path, names: Iterable[str], *, complete: bool) -> Log:
    """The log of the newest checkpoint that is whole, or an empty one where all manifests are there to be read instead."""
    damage = None
    for sequence, name in sorted(_by_sequence(names, _CHECKPOINT, runs).items(), reverse=True):
        try:
            return _read_checkpoint(runs / name, sequence)
        except (DamagedDatasetError, FileNotFoundError) as error:  # gone: a writer has made a newer one meanwhile
            damage = error
    if damage and not complete:
        raise damage
    return Log()


def _read_checkpoint(path: Path, sequence: int) -> Log:
    content = unsealed(path)
    files = [added_from(each, path) for each in content["files"]]
    inputs = [input_from(each) for each in content["inputs"]]
    return Log(
        sequence=sequence,
        checkpoint=sequence,
        files={added.path: added for added in files},
        inputs={one.uri: one for one in inputs},
        feeds=content["feeds"],
        commits=tuple(manifest_from(each, path) for each in content["commits"]),
        leftovers=tuple(data_path(each, path) for each in content["leftovers"]),
    )


def write_checkpoint(runs: Path, log: Log) -> Log:
    """Write the log as a checkpoint and drop older ones; the log that reading it again would give."""
    content = {
        "files": [dataclasses.asdict(each) for each in log.files.values()],
        "inputs": list(log.inputs.values()),
        "feeds": log.feeds,
        "commits": [dataclasses.asdict(each) for each in log.commits],
        "leftovers": log.leftovers,
    }
    write_durably(runs / f"checkpoint-{log.sequence:08d}.json", sealed(content), step="checkpoint")
    for sequence, name in _by_sequence((path.name for path in runs.iterdir()), _CHECKPOINT, runs).items():
        if sequence != log.sequence:
            (runs / name).unlink()
    return dataclasses.replace(log, checkpoint=log.sequence)


def stale_checkpoints(runs: Path, log: Log) -> bool:
    """Whether there is a checkpoint other than the one that the log was read from: a damaged one, or an old one."""
    return bool(_by_sequence((path.name for path in runs.iterdir()), _CHECKPOINT, runs).keys() - {log.checkpoint})
