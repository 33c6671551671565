"""Folders that fill up: which of their files are new or changed, and whole enough to be read.

A file is read when nobody seems to write to it any more: something was done to it after its last byte was written (it was renamed into place,
or given the time or rights of another), or nothing for SETTLED. Reading can still meet one whose writer only paused: what looks cut off
is not set aside while the file is GROWING, and a file that changes is read again.
"""

import glob
import os
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from transforms.read import NothingMatchedError, Source, SourceError, sources_in
from transforms.read.clean import shown_path
from transforms.read.format import stem_of
from transforms.read.source import folders_below

SETTLED: Final = 5.0  # seconds without a change
GROWING: Final = 600.0  # seconds after it was read without an end: then a file that looks cut off is taken for what it is


class Stamp(NamedTuple):
    """A file as it stood when it was looked at."""

    size: int
    written: int  # ns
    touched: int  # ns: also by a new name, other rights, another time of writing


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look brought."""

    ready: tuple[Source, ...] = ()  # new or changed, and to be read now
    growing: frozenset[str] = frozenset()  # of them, by uri, those whose end may be yet to come
    next: float | None = None  # seconds until others may be ready
    troubles: tuple[str, ...] = ()  # what cannot be looked at, a sentence each


@dataclass(slots=True)
class Folders:
    """The folders, files and globs that are watched, and which of their files were read as they are now."""

    arguments: Sequence[str]
    settled: float = SETTLED
    _read: dict[str, Stamp] = field(default_factory=dict)
    _given: dict[str, Stamp] = field(default_factory=dict)  # out to be read
    _since: dict[str, tuple[Stamp, float]] = field(default_factory=dict)  # not ready: as it stands, and since when by our own clock
    _again: dict[str, float] = field(default_factory=dict)  # read without an end: when it is to be looked at again

    def look(self, now: float) -> Looked:
        """Look at all files. `now` is the time of the clock that files are stamped by, in seconds."""
        troubles: list[str] = []
        there = dict(_files_of(self.arguments, troubles))
        for known in (self._read, self._since, self._again):
            for path in known.keys() - there.keys():
                del known[path]
        clock = time.monotonic()
        waits = {path: self._wait(path, there, now, clock) for path in there if self._may_have_news(path, there[path], clock)}
        ready = {path for path, wait in waits.items() if wait <= 0}
        sources = [source for source in _sources(self.arguments) if source.path in ready] if ready else []
        for path in ready - {source.path for source in sources}:
            self._read[path] = there[path]  # of no kind that is read, or beside one that is
        self._given = {source.path: there[source.path] for source in sources}
        growing = frozenset(s.uri for s in sources if self._again.get(s.path) is None or there[s.path] != self._read[s.path])
        later = [wait for wait in waits.values() if wait > 0] + [at - clock for at in self._again.values() if at > clock]
        return Looked(tuple(sources), growing, min(later, default=None), tuple(troubles))

    def done(self, unsettled: Collection[str]) -> None:
        """What the last look gave was read and committed, but for the ends of those that are `unsettled` (by uri)."""
        for path, stamp in self._given.items():
            self._read[path] = stamp
            self._since.pop(path, None)
            if shown_path(path) in unsettled:
                self._again[path] = time.monotonic() + GROWING
            else:
                self._again.pop(path, None)
        self._given = {}

    def _may_have_news(self, path: str, stamp: Stamp, clock: float) -> bool:
        return stamp != self._read.get(path) or clock >= self._again.get(path, clock + 1)

    def _wait(self, path: str, there: dict[str, Stamp], now: float, clock: float) -> float:
        """For how many seconds a file, and what stands beside it to say more of it, is to be left alone."""
        beside = f"{stem_of(path)}.json"
        return max(self._settles(each, there[each], now, clock) for each in {path, beside} if each in there)

    def _settles(self, path: str, stamp: Stamp, now: float, clock: float) -> float:
        if stamp.size and stamp.touched > stamp.written:
            return 0.0
        before, since = self._since.get(path, (None, clock))
        if before != stamp:
            since = clock
            self._since[path] = stamp, since
        # By its own time, or by ours: the clock of the machine that writes it may be another.
        return min(self.settled - (now - stamp.written / 1e9), self.settled - (clock - since))


def _sources(arguments: Sequence[str]) -> tuple[Source, ...]:
    """All sources that there are now. What is missing was told of by the look."""
    there = [each for each in arguments if os.path.lexists(each) or glob.has_magic(each)]
    while there:
        try:
            return sources_in(there).found
        except NothingMatchedError as error:
            there.remove(error.argument)
        except SourceError:  # it has gone since
            break
    return ()


def _files_of(arguments: Sequence[str], troubles: list[str]) -> Iterator[tuple[str, Stamp]]:
    """All files that the arguments name, as they are, by the path under which sources know them."""
    for argument in arguments:
        named = [argument] if os.path.lexists(argument) else glob.glob(argument, recursive=True)  # noqa: PTH207 - pathlib globs no absolute pattern
        if not named and not glob.has_magic(argument):
            troubles.append(f"{shown_path(argument)}: is not there any more; it is looked for again and again")
        for path in named:
            if Path(path).is_dir():
                yield from _files_below(path, troubles)
            elif stamp := _stamp(path):
                yield path, stamp


def _files_below(folder: str, troubles: list[str]) -> Iterator[tuple[str, Stamp]]:
    """All files of a folder and its folders, as they are; not what is hidden."""
    for here, entries in folders_below(folder):
        if isinstance(entries, OSError):
            troubles.append(f"{shown_path(here)}: cannot be looked into ({entries.strerror}); let this user read it")
            continue
        for entry in entries:
            if not entry.name.startswith(".") and (stamp := _stamp(entry.path)):
                yield entry.path, stamp


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - of each of a hundred thousand files at each look
    except OSError:
        return None
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
