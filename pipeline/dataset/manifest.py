"""Manifests: one JSON file a commit, in `_runs/`. A commit is made by the rename that puts its manifest there.

A manifest tells which files its commit adds and removes, as Delta's log does (Armbrust et al. 2020, VLDB 13:12),
and keeps all that the next run must know. Commits are ordered by their sequence number, never by a clock.
"""

import dataclasses
import datetime as dt
import functools
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.dataset.errors import DamagedDatasetError, NewerDatasetError
from pipeline.dataset.regular import check_regular

FORMAT: Final = 2  # raised when an older factwire would misread what this one writes; each file names the lowest that reads it right
_PLAIN: Final = 1  # of a manifest that removes nothing, or what may go at once: the form from the beginning on
RUN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

# A manifest is read before files are deleted by it: one that points outside the dataset must not be obeyed.
_DATA_PATH: Final = re.compile(r"[a-z_]+/day=\d{4}-\d\d-\d\d/[A-Za-z0-9][A-Za-z0-9._-]*\.parquet")
_ENVELOPE: Final = re.compile(rb'\{"format": (\d+), "sha256": "([0-9a-f]{64})", "content": (.*)\}\n', re.DOTALL)


class Input(NamedTuple):
    """A file of a source as a commit met it. `done`: its last record is in this commit or one before.

    A tuple, since a folder of articles has as many as it has articles, and all are read when a dataset is opened.
    """

    uri: str
    size: int
    mtime_ns: int
    records: int
    done: bool


class Span(NamedTuple):
    """Between which moments the articles of a file lie, in microseconds since 1970, both ends inside. None where none has that moment."""

    published_from: int | None
    published_to: int | None
    fetched_from: int | None
    fetched_to: int | None
    undated: int  # articles without `published_at`


class AddedFile(NamedTuple):
    """A Parquet file of a table that a commit added. A tuple, since there are thousands."""

    table: str
    path: str  # relative to the dataset's folder, with forward slashes
    rows: int
    bytes: int
    sha256: str
    schema: int  # version of the table's schema
    sequence: int  # of the commit that added it
    span: Span | None = None  # of a file of articles; None where it was added before this was kept

    @property
    def day(self) -> dt.date:
        """The day that its folder stands for."""
        return dt.date.fromisoformat(self.path.split("/")[1].removeprefix("day="))


Name = tuple[str, str]  # run and slice of a commit


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One commit, or the sum of old ones of one day (see `days`)."""

    sequence: int  # of a sum: that of its last commit, as run, slice and created are
    run: str
    slice: str
    created: str  # ISO 8601, UTC; for people, nothing is ordered by it
    factwire: str
    adds: tuple[AddedFile, ...] = ()
    removes: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)  # rows added, a table
    inputs: tuple[Input, ...] = ()
    feeds: Mapping[str, Any] = field(default_factory=dict)  # validators by feed address
    topics: Mapping[str, Any] = field(default_factory=dict)  # how far topics were read, by address
    account: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    forgets: tuple[str, ...] = ()  # hashes of what was taken down, see `takedown`
    until: str = ""  # ISO 8601, UTC: how long the files that it removes stay for readers; empty where they go at once
    commits: int = 1  # more in a sum
    runs: tuple[str, ...] = ()  # in a sum: the runs that set something aside, which all had these options

    @property
    def name(self) -> Name:
        """What tells the commit from all others: a second one of this name changes nothing."""
        return self.run, self.slice

    @property
    def moment(self) -> dt.datetime:
        """When it was made, by the clock of then."""
        return dt.datetime.fromisoformat(self.created)

    @property
    def file_name(self) -> str:
        """Its name in `_runs/`: in order of sequence when sorted as text."""
        return f"{self.sequence:08d}-{self.run}.json"


def sealed(content: Mapping[str, Any], *, form: int = FORMAT) -> bytes:
    """What `_runs/` keeps as JSON that names its format and proves itself whole, a line for each key."""
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in sorted(content.items()))
    inner = f"{{\n{lines}\n}}".encode()
    return b'{"format": %d, "sha256": "%s", "content": %s}\n' % (form, hashlib.sha256(inner).hexdigest().encode(), inner)


def unsealed(path: Path) -> dict[str, Any]:
    """The content of a sealed file. Raises NewerDatasetError or DamagedDatasetError, each naming the file, and OSError."""
    content: dict[str, Any] = json.loads(proved(path)[1])
    return content


def proved(path: Path) -> tuple[int, bytes]:
    """The format of a sealed file and its content, JSON that is whole. Raises as `unsealed` does."""
    check_regular(path)
    data = path.read_bytes()
    found = _ENVELOPE.fullmatch(data)
    if (found and int(found[1]) > FORMAT) or (not found and _is_newer(data)):
        raise NewerDatasetError(f"{path}: written by a newer factwire; use that one, or another --output")
    if not found or hashlib.sha256(found[3]).hexdigest().encode() != found[2]:
        raise DamagedDatasetError(f"{path}: damaged or cut short; restore it from a backup of the dataset")
    return int(found[1]), found[3]


def lines_of(content: bytes) -> dict[str, bytes]:
    """The JSON of each key of a content that `sealed` has made, for who wants only some of them decoded."""
    lines = (line.partition(b": ") for line in content[2:-2].split(b",\n"))
    return {json.loads(key): value for key, _, value in lines}


def _is_newer(data: bytes) -> bool:
    """Whether this is the JSON of some later format, whose envelope need not look like ours."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and isinstance(told.get("format"), int) and told["format"] > FORMAT


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file. Raises NewerDatasetError or DamagedDatasetError, each naming the file."""
    return manifest_from(unsealed(path), path)


def manifest_from(content: Mapping[str, Any], path: Path) -> Manifest:
    """A manifest from its JSON content, read from `path`. Keys of later versions are left out."""
    try:
        given = {name: content[name] for name in _names(Manifest) if name in content}
        given["adds"] = tuple(added_from(each, path) for each in given.get("adds", ()))
        given["removes"] = tuple(data_path(each, path) for each in given.get("removes", ()))
        given["inputs"] = tuple(input_from(each) for each in given.get("inputs", ()))
        given |= {name: tuple(given.get(name, ())) for name in ("forgets", "runs")}
        return Manifest(**given)
    except (KeyError, TypeError) as error:
        raise DamagedDatasetError(f"{path}: not a manifest ({error}); restore it from a backup of the dataset") from error


def as_json(manifest: Manifest) -> dict[str, Any]:
    """A manifest as JSON takes it, without what is as it is in most."""
    told = {name: value for name in _names(Manifest) if (value := getattr(manifest, name)) != _USUAL.get(name)}
    return told | {"adds": [added._asdict() for added in manifest.adds]}


def sealed_manifest(manifest: Manifest) -> bytes:
    """A manifest as its file holds it. An older factwire would not know that what it removes is still there."""
    return sealed(as_json(manifest), form=FORMAT if manifest.until else _PLAIN)


def added_from(content: Mapping[str, Any], path: Path) -> AddedFile:
    """An added file from its JSON content. Raises DamagedDatasetError as `data_path` does."""
    given = {name: content[name] for name in AddedFile._fields if name in content}
    span = given.pop("span", None)
    added = AddedFile(**given, span=Span(*span) if span else None)
    data_path(added.path, path)
    return added


def input_from(content: Sequence[Any]) -> Input:
    """An input from its JSON content."""
    return Input(*content[: len(Input._fields)])


def data_path(named: str, path: Path) -> str:
    """A path that the manifest or checkpoint at `path` names. Raises DamagedDatasetError unless it is that of a table's file."""
    if not _DATA_PATH.fullmatch(named):
        raise DamagedDatasetError(f"{path}: names {named!r}, which is no file of a dataset")
    return named


@functools.cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls))


_USUAL: Final = {"topics": {}, "until": "", "commits": 1, "runs": ()}  # what is left out of a manifest's file
