"""Commits: staged files become part of the dataset all at once, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.dataset.core import Dataset
from pipeline.dataset.manifest import Input, Manifest
from transforms.write import StagedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """What is to be committed. `run` and `slice` name it: a second commit of that name changes nothing."""

    run: str  # letters, digits, "._-"
    slice: str  # letters, digits, "._"
    staged: Sequence[StagedFile]  # files in `Writer.staging(run, slice)`
    rows: Mapping[str, int]  # rows a table by the run's account; the Parquet footers must say the same
    removes: Sequence[str] = ()  # paths of live files that the staged ones replace
    inputs: Sequence[Input] = ()
    feeds: Mapping[str, Any] = field(default_factory=dict)
    account: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)  # without secrets
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds


@dataclass(slots=True)
class Writer:
    """The one writer of a dataset, for as long as it holds the lock (`with dataset.writing() as writer`)."""

    dataset: Dataset  # as it stands after the last commit

    def staging(self, run: str, slice: str) -> Path:
        """The folder into which workers write the files of this slice; made if missing."""
        raise NotImplementedError

    def commit(self, commit: Commit) -> Manifest:
        """Verify the staged files, move them into place, write the manifest, delete what it removes.

        Raises IntegrityError where footers, sizes, hashes or counts differ from what was said, OSError with its
        path where the disk fails. In both cases nothing is committed.
        """
        raise NotImplementedError
