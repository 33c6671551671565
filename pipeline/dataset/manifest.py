"""Manifests: one JSON file a commit, in `_runs/`. A commit is made by the rename that puts its manifest there.

A manifest tells which files its commit adds and removes, as Delta's log does (Armbrust et al. 2020, VLDB 13:12),
and keeps all that the next run must know. Commits are ordered by their sequence number, never by a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

FORMAT: Final = 1  # raised when an older factwire would misread what this one writes


@dataclass(frozen=True, slots=True)
class Input:
    """A file of a source as a commit met it. `done`: its last record is in this commit or one before."""

    uri: str
    size: int
    mtime_ns: int
    records: int
    done: bool


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A Parquet file of a table that a commit added."""

    table: str
    path: str  # relative to the dataset's folder, with forward slashes
    rows: int
    bytes: int
    sha256: str
    schema: int  # version of the table's schema
    sequence: int  # of the commit that added it


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One commit."""

    sequence: int
    run: str
    slice: str
    created: str  # ISO 8601, UTC; for people, nothing is ordered by it
    factwire: str
    adds: tuple[AddedFile, ...] = ()
    removes: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)  # rows added a table
    inputs: tuple[Input, ...] = ()
    feeds: Mapping[str, Any] = field(default_factory=dict)  # validators by feed address
    account: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
