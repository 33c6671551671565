"""Checkpoints and folds: a log on the disk, and the log as it is read from `_runs/`."""

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.dataset.committed_files import Files
from pipeline.dataset.errors import DamagedDatasetError
from pipeline.dataset.fold_parts import Part, commits_in, files_in, inputs_in
from pipeline.dataset.history import History
from pipeline.dataset.inputs import Inputs
from pipeline.dataset.log import CHECKPOINT, FOLD, MANIFEST, Log, by_sequence, names_in
from pipeline.dataset.manifest import (
    Manifest,
    Name,
    added_from,
    as_json,
    data_path,
    input_from,
    lines_of,
    manifest_from,
    proved,
    read_manifest,
    sealed,
)
from transforms.flow.durable import write_durably

CHECKPOINT_EVERY: Final = 32  # manifests
FOLD_EVERY: Final = 128  # manifests: about so many there are at most
MOST_INPUTS: Final = 10_000  # a checkpoint holds of the sources read since the fold; it would else be written again with very many

_FILES: Final = "files of "
_TRIES: Final = 5  # readers take no lock: a writer may fold manifests away between their listing and their reading


def read_log(runs: Path) -> Log:
    """The log in `_runs/`. Raises NewerDatasetError or DamagedDatasetError, naming the file."""
    for _ in range(_TRIES):
        try:
            return _read(runs)
        except FileNotFoundError as error:
            missing = error.filename
    raise DamagedDatasetError(f"{missing}: listed but not there; run it again when no other process deletes files in {runs}")


def _read(runs: Path) -> Log:
    names = names_in(runs)
    folded = max(by_sequence(names, FOLD, runs), default=0)
    manifests = {sequence: name for sequence, name in by_sequence(names, MANIFEST, runs).items() if sequence > folded}
    log = _newest_checkpoint(runs, names, folded, complete=list(manifests) == list(range(folded + 1, folded + 1 + len(manifests))))
    later = [sequence for sequence in manifests if sequence > log.sequence]
    for expected, sequence in enumerate(later, log.sequence + 1):
        if sequence != expected:
            raise DamagedDatasetError(f"{runs}: manifest {expected:08d} is missing; restore it from a backup of the dataset")
    return log.plus(read_manifest(runs / manifests[sequence]) for sequence in later)


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
    form, content = proved(path)
    log = _of_first_form(json.loads(content), path, folded) if form == 1 else _of_lines(lines_of(content), path)
    return dataclasses.replace(log, sequence=sequence, checkpoint=sequence, folded=folded)


def _of_lines(lines: Mapping[str, bytes], path: Path) -> Log:
    """A log as `sum_of` writes it. What is long and not always wanted is decoded when somebody asks."""
    short = {name: json.loads(lines[name]) for name in ("feeds", "leftovers", "forgotten", "takedown", "parts", "stale", "inputs")}
    parts = tuple(Part(*each) for each in short["parts"])
    files = {name.removeprefix(_FILES): [line] for name, line in lines.items() if name.startswith(_FILES)}

    @functools.cache
    def stored() -> list[Manifest]:
        return [manifest_from(each, path) for each in json.loads(lines["commits"])]

    @functools.cache
    def names() -> frozenset[Name]:
        return frozenset((run, slice) for run, slice in json.loads(lines["names"]))

    return Log(
        files=Files(path, functools.cache(lambda: files_in(path.parent, parts)), files),
        inputs=Inputs(functools.cache(lambda: inputs_in(path.parent, parts)), {one.uri: one for one in map(input_from, short["inputs"])}),
        feeds=short["feeds"],
        topics=json.loads(lines.get("topics", b"{}")),  # which those of before topics have not
        history=History(functools.cache(lambda: commits_in(path.parent, parts)), stored, names),
        leftovers={data_path(each, path): until for each, until in short["leftovers"].items()},
        forgotten=frozenset(short["forgotten"]),
        takedown=short["takedown"],
        parts=parts,
        stale=tuple(short["stale"]),
    )


def _of_first_form(content: Mapping[str, Any], path: Path, folded: int) -> Log:
    """A log as it was written up to format 1: whole, with one part where it is a fold."""
    adds = [added_from(each, path) for each in content["files"]]
    accounts = Part("accounts", 0, folded, 0)
    return Log(
        files=Files().plus([Manifest(sequence=0, run="", slice="", created="", factwire="", adds=tuple(adds))]),
        inputs=Inputs(since={one.uri: one for one in map(input_from, content["inputs"])}),
        feeds=content["feeds"],
        history=History(later=tuple(manifest_from(each, path) for each in content["commits"])),
        leftovers=dict.fromkeys((data_path(each, path) for each in content["leftovers"]), ""),
        forgotten=frozenset(content["forgotten"]),
        takedown=content["takedown"],
        parts=(accounts,) if (path.parent / accounts.name).exists() else (),
    )


def sum_of(log: Log) -> bytes:
    """A log as a checkpoint or fold holds it."""
    files = {f"{_FILES}{table}": files for table, files in log.files.since_fold().items()}
    return sealed(
        files
        | {
            "inputs": list(log.inputs.since.values()),
            "feeds": log.feeds,
            "topics": log.topics,
            "commits": [as_json(each) for each in log.history.since()],
            "names": sorted(log.history.all_names()),
            "leftovers": log.leftovers,
            "forgotten": sorted(log.forgotten),
            "takedown": log.takedown,
            "parts": log.parts,
            "stale": log.stale,
        }
    )


def write_checkpoint(runs: Path, log: Log) -> Log:
    """Write the log as a checkpoint and drop older ones; the log that reading it again would give."""
    write_durably(runs / f"checkpoint-{log.sequence:08d}.json", sum_of(log), step="checkpoint")
    for sequence, name in by_sequence(names_in(runs), CHECKPOINT, runs).items():
        if sequence != log.sequence:
            (runs / name).unlink()
    return dataclasses.replace(log, checkpoint=log.sequence)


def stale_checkpoints(runs: Path, log: Log) -> bool:
    """Whether there is a checkpoint other than the one that the log was read from: a damaged one, or an old one."""
    return bool(by_sequence(names_in(runs), CHECKPOINT, runs).keys() - {log.checkpoint})
