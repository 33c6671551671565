"""Folding: one file, with parts beside it, takes the place of all manifests so far.

The fold holds what must be known to open the dataset; what grows with all that was ever read goes into parts. The rename
that puts the fold into `_runs/` is the moment: what it replaces is deleted afterwards, by recovery if need be. Parts that it
replaces stay until the next fold, since readers of the last one may be about to read them; a takedown leaves none.
"""

import dataclasses
import functools
from pathlib import Path
from typing import Any

from pipeline.dataset.checkpoints import sum_of
from pipeline.dataset.committed_files import merged_rows
from pipeline.dataset.fold_parts import PART, Part, commits_in, concatenated, content_of, files_in, grown, inputs_in, merged_inputs, written
from pipeline.dataset.history import History, names_of, summed
from pipeline.dataset.inputs import Inputs
from pipeline.dataset.log import CHECKPOINT, FOLD, MANIFEST, Log, by_sequence, names_in
from pipeline.dataset.manifest import as_json, read_manifest
from pipeline.dataset.takedown import without_sources
from transforms.flow.durable import drop_files, write_durably


def fold(runs: Path, log: Log) -> Log:
    """Fold all manifests into one file and delete them; the log that reading it again would give.

    Raises OSError with the path, DamagedDatasetError for a manifest or a part that is damaged; nothing is lost then.
    """
    commits = summed(log.history.all())
    names = names_of(commits)
    parts = _parts(runs, log, [as_json(each) for each in commits])
    folded = dataclasses.replace(
        log,
        checkpoint=log.sequence,
        folded=log.sequence,
        files=log.files.refolded(functools.cache(lambda: files_in(runs, parts))),
        inputs=Inputs(functools.cache(lambda: inputs_in(runs, parts))),
        history=History(functools.cache(lambda: commits_in(runs, parts)), names=lambda: names),
        parts=parts,
        stale=() if _takes_down(log) else tuple(sorted({part.name for part in log.parts} - {part.name for part in parts})),
    )
    write_durably(runs / f"folded-{log.sequence:08d}.json", sum_of(folded), step="fold")
    drop_folded(runs, folded)
    return folded


def _takes_down(log: Log) -> bool:
    """Whether something was taken down that stands in manifests or parts still."""
    return log.takedown > log.folded


def _parts(runs: Path, log: Log, commits: list[Any]) -> tuple[Part, ...]:
    """The parts of the fold that is to be made, written."""
    span, whole = (log.folded + 1, log.sequence), (1, log.sequence)
    accounts, inputs = _accounts(runs, log), list(log.inputs.since.values())
    parts = (
        *grown(runs, log.parts, "files", span, log.files.since_fold(), merged_rows),
        written(runs, "commits", whole, {"commits": commits}),
    )
    if not _takes_down(log):
        return (
            *parts,
            *grown(runs, log.parts, "accounts", span, {"accounts": accounts}, concatenated),
            *grown(runs, log.parts, "inputs", span, {"inputs": inputs}, merged_inputs),
        )
    # The log has nothing of it any more, and its inputs are all at hand.
    accounts = concatenated([*(content_of(runs, part)["accounts"] for part in log.parts if part.kind == "accounts"), accounts])
    accounts = [each | {"sources": without_sources(each["sources"], log.forgotten)} for each in accounts]
    return (*parts, written(runs, "accounts", whole, {"accounts": accounts}), written(runs, "inputs", whole, {"inputs": inputs}))


def _accounts(runs: Path, log: Log) -> list[Any]:
    """What became of each source in each commit since the last fold."""
    told = []
    for sequence, name in by_sequence(names_in(runs), MANIFEST, runs).items():
        if log.folded < sequence <= log.sequence:
            manifest = read_manifest(runs / name)
            if sources := manifest.account.get("sources"):
                told.append({"sequence": sequence, "run": manifest.run, "slice": manifest.slice, "sources": sources})
    return told


def drop_folded(runs: Path, log: Log) -> None:
    """Delete what the fold replaces, and parts that have no fold."""
    names = names_in(runs)
    old = [name for pattern in (MANIFEST, CHECKPOINT) for at, name in by_sequence(names, pattern, runs).items() if at <= log.folded]
    old += [name for at, name in by_sequence(names, FOLD, runs).items() if at < log.folded]
    wanted = {*(part.name for part in log.parts), *log.stale}
    old += [name for name in names if PART.fullmatch(name) and name not in wanted]
    if old:
        drop_files(runs, old, step="fold")
