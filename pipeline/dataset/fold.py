"""Folding: one file takes the place of all manifests so far.

The fold holds what the next run must know and each commit's account; what the accounts say of single sources lies beside
it in a file that no run reads, since it grows with all that was ever read. The rename that puts the fold into
`_runs/` is the moment: what it replaces is deleted afterwards, by recovery if need be.
"""

import dataclasses
import re
from pathlib import Path
from typing import Any, Final

from pipeline.dataset.log import CHECKPOINT, FOLD, MANIFEST, Log, by_sequence, sum_of
from pipeline.dataset.manifest import read_manifest, sealed, unsealed
from pipeline.dataset.takedown import without_sources
from transforms.durable import drop_files, write_durably

ACCOUNTS: Final = re.compile(r"accounts-(\d{8,})\.json")


def fold(runs: Path, log: Log) -> Log:
    """Fold all manifests into one file and delete them; the log that reading it again would give.

    Raises OSError with the path, DamagedDatasetError for a manifest or a file of accounts that is damaged; nothing is lost then.
    """
    write_durably(runs / f"accounts-{log.sequence:08d}.json", sealed({"accounts": _accounts(runs, log)}), step="accounts")
    write_durably(runs / f"folded-{log.sequence:08d}.json", sum_of(log), step="fold")
    folded = dataclasses.replace(log, checkpoint=log.sequence, folded=log.sequence)
    drop_folded(runs, folded)
    return folded


def drop_folded(runs: Path, log: Log) -> None:
    """Delete what the fold replaces, and accounts that have no fold."""
    names = [path.name for path in runs.iterdir()]
    old = [name for pattern in (MANIFEST, CHECKPOINT) for at, name in by_sequence(names, pattern, runs).items() if at <= log.folded]
    old += [name for at, name in by_sequence(names, FOLD, runs).items() if at < log.folded]
    old += [name for at, name in by_sequence(names, ACCOUNTS, runs).items() if at != log.folded]
    if old:
        drop_files(runs, old, step="fold")


def _accounts(runs: Path, log: Log) -> list[dict[str, Any]]:
    """What became of each source in each commit so far, but for the sources that were taken down."""
    before = runs / f"accounts-{log.folded:08d}.json"
    told: list[dict[str, Any]] = unsealed(before)["accounts"] if before.exists() else []
    for sequence, name in by_sequence((path.name for path in runs.iterdir()), MANIFEST, runs).items():
        if log.folded < sequence <= log.sequence:
            manifest = read_manifest(runs / name)
            told.append(
                {"sequence": sequence, "run": manifest.run, "slice": manifest.slice, "sources": manifest.account.get("sources", {})}
            )
    return [each | {"sources": without_sources(each["sources"], log.forgotten)} for each in told]
