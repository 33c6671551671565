"""One writer at a time, by flock: the lock ends with its process, so nothing stale can be left behind."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from pipeline.dataset.errors import LockedError, NotWritableError, writable

LOCK: Final = "_lock"


class Held(Protocol):
    """The right to write, while this process has it."""

    def is_held(self) -> bool:
        """Whether nobody else can have it."""

    def check(self) -> None:
        """Raise LockedError where it is lost."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that is held."""

    path: Path
    handle: int

    def is_held(self) -> bool:
        """Whether the lock's file is still the one that was locked; else another run may have locked a new one since."""
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self.handle))
        except FileNotFoundError:
            return False

    def check(self) -> None:
        """Raise LockedError where somebody removed the lock's file."""
        if not self.is_held():
            raise LockedError(f"{self.path}: removed while this run held it, so nothing more is committed; run again")

    def sign(self) -> None:
        """Tell others who holds it. Not done on locking: on a full disk, recovery must make room first."""
        os.truncate(self.handle, 0)
        os.pwrite(self.handle, f"{os.getpid()}\n".encode(), 0)


@contextmanager
def locked(root: Path) -> Iterator[Lock]:
    """Hold the dataset's lock. Raises LockedError at once where another process holds it, NotWritableError where none can be had."""
    path = root / LOCK
    with writable(root):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise NotWritableError(f"{path}: is no regular file; remove it: whoever writes to the dataset makes a new one")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise LockedError(f"{root}: another run (process {holder}) is writing to it; try again when it has ended") from error
        except OSError as error:
            raise NotWritableError(f"{root}: its file system has no locks ({error.strerror}); choose a folder on another") from error
        lock = Lock(path, handle)
        lock.check()
        yield lock
    finally:
        os.close(handle)
