"""From what an engine has left in a staging folder to a commit: for a slice of a run as for a window of a watch."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pipeline
from pipeline.account import Account, Written
from pipeline.dataset import Commit, Dataset, Input, Manifest, Writer
from pipeline.options import RunOptions
from transforms.flow.receipt import Receipt
from transforms.flow.write import StagedFile
from transforms.read.clean import shown_path, without_secrets


@dataclass(frozen=True, slots=True)
class Extracted:
    """Staged files with those of `clusters`, what they hold by table and source, and what it took."""

    written: Written = field(default_factory=lambda: Written.of(()))
    staged: Sequence[StagedFile] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, receipts: Sequence[Receipt], written: Written, staging: Path, dataset: Dataset, *, run: str) -> "Extracted":
        """What the receipts tell of, its articles compared with one another and with the dataset's recent ones."""
        from pipeline.copies import clusters_staged  # a commit without rows needs neither
        from pipeline.dataset.rewrite import rows_by_table

        began = time.monotonic()
        staged = [file for receipt in receipts for file in receipt.files]
        clusters = clusters_staged(staged, staging, dataset, run_id=run)
        timings = {
            "copies": round(time.monotonic() - began, 3),
            "worker_peak_mb": max((receipt.peak for receipt in receipts), default=0.0),
        }
        return cls(written, (*staged, *clusters), dict(written.rows) | rows_by_table(clusters), timings)


def commit(
    writer: Writer,
    options: RunOptions,
    extracted: Extracted,
    account: Account,
    *,
    run: str,
    slice: str,
    inputs: Iterable[Input],
    feeds: Mapping[str, Any],
    topics: Mapping[str, Any] | None = None,
    timings: Mapping[str, float] | None = None,
) -> Manifest:
    """Commit what was extracted, with its account, and the files, addresses and topics that are to be remembered. Raises as `Writer.commit` does."""
    return writer.commit(
        Commit(
            run=run,
            slice=slice,
            staged=extracted.staged,
            rows=extracted.rows,
            inputs=tuple(inputs),
            feeds=feeds,
            topics=topics or {},
            account=account.for_manifest(),
            options=shown(options),
            timings={**(timings or {}), **extracted.timings},
        )
    )


def shown(options: RunOptions) -> dict[str, Any]:
    """The options as the manifest keeps them, without secrets."""
    given = {f: getattr(options, f) for f in options.__dataclass_fields__ if f not in ("engine", "sources", "own", "fetching")}
    fetching = {"private": options.fetching.private, "ports": sorted(options.fetching.ports)}
    plain = {k: v if v is None or isinstance(v, bool | int | float) else without_secrets(str(v)) for k, v in given.items()}
    return (
        plain
        | options.own.shown()
        | {
            "runner": options.engine.name,
            "sources": [without_secrets(shown_path(s)) for s in options.sources],
            "fetching": fetching,
            "factwire": pipeline.__version__,
        }
    )
