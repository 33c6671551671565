"""A folder on this machine for a dataset in a store: its log as last seen, and what is staged, while this process has the dataset.

The log is read and folded by the same code as on a disk; this brings its files here and publishes those that are new. Objects in `_runs/` are never
changed, so what is here already is not asked for again. Which fold and checkpoint count, `_head.json` says; manifests after it are had by number, until
there is none. If the head is another when all has come, a writer has folded meanwhile, and it is begun again.
"""

import atexit
import contextlib
import errno
import fcntl
import io
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pipeline.dataset.errors import DamagedDatasetError, LockedError, NotADatasetError
from pipeline.dataset.log import MANIFEST, RUNS, Log
from pipeline.dataset.manifest import sealed, unsealed
from pipeline.dataset.recover import INDICES, STAGING
from pipeline.dataset.stores.lease import Lease, holder_of, leased
from pipeline.dataset.stores.store import Store, Tag
from pipeline.dataset.stores.store_address import Address
from transforms.flow import durable

HEAD: Final = "_head.json"

_FOLDERS: Final = "factwire-store-"  # in the system's temporary folder, one a process and dataset
_ALIVE: Final = "alive"
_TRIES: Final = 5
_SMALL: Final = 1 << 20  # bytes: to ask for ranges takes several requests
_DATA: Final = re.compile(r"[a-z]+/day=[^/]+/[^/]+\.parquet")
_AHEAD: Final = 8  # manifests asked for at once, once one is there
_ASIDE: Final = "accounts-"  # parts that no reader wants


@dataclass(frozen=True, slots=True)
class LogHead:
    """Which objects of `_runs/` make up the log, beside the manifests after them."""

    folded: int = 0
    checkpoint: int = 0
    names: tuple[str, ...] = ()  # the fold, the checkpoint, their parts
    writer: str = ""  # another for each state of the object, so that none looks like one before

    @property
    def first(self) -> int:
        """The number of the first manifest that is not in them."""
        return max(self.folded, self.checkpoint) + 1


def name_of(sequence: int) -> str:
    """What the manifest of a commit is called in a store: by its number alone, so that there can be only one."""
    return f"{sequence:08d}-commit.json"


class Mirror:
    """The folder of one dataset in this process."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.store = Store.at(address)
        self.root = _folder()
        (self.root / RUNS).mkdir()
        self.head = LogHead()
        self._tag: Tag | None = None
        self._claimed: tuple[LogHead, Tag] | None = None
        self._indices: set[str] = set()
        self._derived: dict[str, Tag] = {}
        self._has_conditions = False
        self._turn = threading.RLock()

    def refresh(self) -> bool:
        """Bring the log here as it stands now; whether there is a dataset. Raises StoreError, DamagedDatasetError."""
        with self._turn:
            missing = None
            for _ in range(_TRIES):  # what is lacking may come of a commit that was made between two looks
                if not self._look():
                    return False
                tag = self._tag
                missing = self._brought()
                if self._look() and self._tag == tag and not missing:
                    return True
            if missing:
                raise DamagedDatasetError(f"{self.address}/{RUNS}/{missing}: is missing; restore it from a backup of the dataset")
            raise DamagedDatasetError(f"{self.address}: its log is folded again and again while it is read; run it again later")

    def make(self) -> None:
        """Make an empty dataset, unless there is one by now."""
        with self._turn:
            self.store.create(HEAD, _sealed(LogHead()))

    def claim(self) -> None:
        """What was seen last is what the writer goes on from: what readers of this process see later is not known to it, and it fails then."""
        with self._turn:
            self._claimed = (self.head, self._tag) if self._tag else None

    def bring_all(self) -> None:
        """Bring what only a fold wants: manifests since the last one, and all parts. Raises as `refresh` does."""
        with self._turn:
            numbers = range(self.head.folded + 1, self.head.first)
            wanted = [*(name_of(each) for each in numbers), *self.head.names]
            if missing := self._fetched(wanted):
                raise DamagedDatasetError(f"{self.address}/{RUNS}/{missing[0]}: is missing; restore it from a backup of the dataset")

    def keep(self, log: Log) -> None:
        """Publish what a fold or a checkpoint has changed in `_runs/`. Raises LockedError where another writer was quicker, StoreError."""
        with self._turn:
            names = {part.name for part in log.parts}
            names |= {f"folded-{log.folded:08d}.json"} if log.folded else set()
            names |= {f"checkpoint-{log.checkpoint:08d}.json"} if log.checkpoint > log.folded else set()
            self.store.each(self._put, [f"{RUNS}/{name}" for name in sorted(names - set(self._claimed[0].names if self._claimed else ()))])
            durable.reached("head:uploaded")
            before = self._claimed[0] if self._claimed else LogHead()
            self.turn(LogHead(log.folded, log.checkpoint, tuple(sorted(names))))
            durable.reached("head:turned")
            gone = [*(set(before.names) - names), *(name_of(each) for each in range(before.folded + 1, log.folded + 1))]
            self.store.delete(f"{RUNS}/{name}" for name in gone)

    def turn(self, head: LogHead) -> None:
        """Replace the head. Raises LockedError where it is not what the writer goes on from."""
        data = _sealed(head)
        tag = self.store.replace(HEAD, data, self._claimed[1]) if self._claimed else None
        if tag is None:
            raise LockedError(f"{self.address}: another run has changed it meanwhile; nothing more is committed, run again")
        self._take(data, tag)
        self.claim()

    def folded(self) -> int:
        """The number of the last manifest that is folded away, by whoever."""
        with self._turn:
            found = self.store.get(HEAD)
            return self._head_of(found.data).folded if found else 0

    def check_conditions(self) -> None:
        """Raise StoreError for a store without conditional writes; it is asked once a process."""
        if not self._has_conditions:
            self.store.check_conditions()
            self._has_conditions = True

    @contextlib.contextmanager
    def held(self, key: str, who: str) -> Iterator[Lease]:
        """Have a lease in the store for as long as the block lasts. Raises LockedError at once where another has it, StoreError."""
        self.check_conditions()
        with leased(self.store, key, who) as lease:
            yield lease

    def holder(self, key: str) -> str | None:
        """Who has a lease, or None where it is free. Raises StoreError."""
        return holder_of(self.store, key)

    def check_free(self) -> None:
        """Raise NotADatasetError where something else lies at the address, DamagedDatasetError where tables do without their log."""
        names = [name for name in self.store.some_names() if not name.startswith(("_", "."))]
        if any(_DATA.fullmatch(name) for name in names):
            raise DamagedDatasetError(
                f"{self.address}: holds files of tables, but {HEAD}, which leads to the commits that added them, is missing; "
                "restore it from a backup of the dataset, or choose another address and read the sources again"
            )
        if names:
            raise NotADatasetError(f"{self.address}: not a dataset, but a place with other content; choose a new or empty one")

    def has_orphans(self) -> bool:
        """Whether there are tables' files, and no commit is under way that could have put them."""
        return not self.store.names(STAGING) and any(_DATA.fullmatch(name) for name in self.store.some_names())

    @contextlib.contextmanager
    def opened(self, path: str, size: int) -> Iterator[Any]:
        """A data file for pyarrow: small ones whole, of others the ranges that are asked for. Raises FileNotFoundError, StoreError."""
        if size <= _SMALL:
            yield io.BytesIO(self.bytes_of(path))
        else:
            with self.filesystem.open(f"{self.address}/{path}", "rb") as file:
                yield file

    def bytes_of(self, path: str) -> bytes:
        """A data file, whole. Raises FileNotFoundError, StoreError."""
        found = self.store.get(path)
        if found is None:
            raise self._gone(path)
        return found.data

    def size_of(self, path: str) -> int:
        """The bytes of a data file. Raises FileNotFoundError, StoreError."""
        found = self.store.stat(path)
        if found is None:
            raise self._gone(path)
        return found.size

    def data_names(self) -> list[str]:
        """The keys of all files that could be those of tables."""
        return [name for name in self.store.names() if _DATA.fullmatch(name)]

    def _gone(self, path: str) -> FileNotFoundError:
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), f"{self.address}/{path}")

    @cached_property
    def filesystem(self) -> Any:
        """The store for DuckDB and pyarrow."""
        from pipeline.dataset.stores.file_system import Files

        return Files(self.store)

    def garbage(self) -> list[str]:
        """Names in `_runs/` that an interrupted run has left: no head and no later manifest has to do with them."""
        listed = {key.rpartition("/")[2] for key in self.store.names(RUNS)}
        later = {name for name in listed if (found := MANIFEST.fullmatch(name)) and int(found[1]) > self.head.folded}
        return sorted(listed - later - set(self.head.names))

    def fetch(self, path: str) -> Path:
        """A committed file, copied here. Raises DamagedDatasetError where it is gone, StoreError."""
        local = self.root / path
        if not local.exists():
            try:
                data = self.bytes_of(path)
            except FileNotFoundError as error:
                raise DamagedDatasetError(f"{self.address}/{path}: is missing; restore it from a backup of the dataset") from error
            local.parent.mkdir(parents=True, exist_ok=True)
            _write(local, data)
        return local

    def fetch_indices(self) -> None:
        """Bring the indices of ids that there are. One that is not here only costs time."""
        with self._turn:
            (self.root / INDICES).mkdir(exist_ok=True)
            listed = {key.rpartition("/")[2] for key in self.store.names(INDICES) if key.endswith(".arrow")}
            self.store.each(self._fetch, [f"{INDICES}/{name}" for name in sorted(listed) if not (self.root / INDICES / name).exists()])
            self._indices = listed

    def keep_indices(self) -> None:
        """Publish the indices of ids that were made here, and delete those that they take in."""
        with self._turn:
            here = {path.name for path in (self.root / INDICES).glob("*.arrow")}
            self.store.each(self._put, [f"{INDICES}/{name}" for name in here - self._indices])
            self.store.delete(f"{INDICES}/{name}" for name in self._indices - here)
            self._indices = here

    def drop_indices(self, also: Iterable[str]) -> None:
        """Delete all that is derived, that of others too, as after a takedown."""
        with self._turn:
            self.store.delete([*self.store.names(INDICES), *(f"{INDICES}/{name}" for name in (*self._indices, *also))])
            self._indices = set()

    def fetch_derived(self, name: str) -> None:
        """Bring another file that is derived from the tables, unless the one here is that of the store."""
        with self._turn:
            found = self.store.stat(f"{INDICES}/{name}")
            if found is not None and found.tag != self._derived.get(name):
                got = self.store.get(f"{INDICES}/{name}")
                if got is not None:
                    (self.root / INDICES).mkdir(exist_ok=True)
                    _write(self.root / INDICES / name, got.data)
                    self._derived[name] = got.tag

    def keep_derived(self, name: str) -> None:
        """Publish such a file; of several that are made at once the last stays."""
        self._put(f"{INDICES}/{name}")

    def drop_derived(self, name: str) -> None:
        """Delete such a file."""
        self.store.delete([f"{INDICES}/{name}"])

    def _look(self) -> bool:
        found = self.store.get(HEAD)
        if found is None:
            return False
        if found.tag != self._tag:
            self._take(found.data, found.tag)
        return True

    def _take(self, data: bytes, tag: Tag) -> None:
        self.head, self._tag = self._head_of(data), tag

    def _head_of(self, data: bytes) -> LogHead:
        """What a head says. Raises DamagedDatasetError, NewerDatasetError."""
        _write(self.root / HEAD, data)
        told = unsealed(self.root / HEAD)
        return LogHead(told["folded"], told["checkpoint"], tuple(told["names"]), told["writer"])

    def _brought(self) -> str | None:
        """Bring what the head names and the manifests after it; the name of one that should be there and is not."""
        if missing := self._fetched(name for name in self.head.names if not name.startswith(_ASIDE)):
            return missing[0]
        listed = [int(found[1]) for key in self.store.names(RUNS) if (found := MANIFEST.fullmatch(key.rpartition("/")[2]))]
        at, ahead = self.head.first, 1
        last = max(listed, default=0)
        while True:  # those that are listed, and what a list may not show yet
            numbers = range(at, max(at, last + 1) + ahead)
            lacking = set(self._fetched(map(name_of, numbers)))
            there = [name_of(each) not in lacking for each in numbers]
            if not all(there):
                first = there.index(False)
                return name_of(numbers[first]) if any(there[first:]) else None
            at, ahead = numbers.stop, _AHEAD

    def _fetched(self, names: Iterable[str]) -> list[str]:
        """Bring objects of `_runs/` that are not here yet; the names of those that are not there."""
        wanted = [name for name in names if not (self.root / RUNS / name).exists()]
        fetched = self.store.each(self._fetch, [f"{RUNS}/{name}" for name in wanted])
        return [name for name, found in zip(wanted, fetched, strict=True) if not found]

    def _fetch(self, key: str) -> bool:
        """Bring an object; whether it is there."""
        found = self.store.get(key)
        if found is not None:
            _write(self.root / key, found.data)
        return found is not None

    def _put(self, key: str) -> None:
        self.store.put(key, (self.root / key).read_bytes())


def _sealed(head: LogHead) -> bytes:
    told = {"folded": head.folded, "checkpoint": head.checkpoint, "names": list(head.names), "writer": os.urandom(8).hex()}
    return sealed(told)


def _write(path: Path, data: bytes) -> None:
    """Put a file here whole: other threads may look at the folder."""
    unfinished = path.with_name(f".{path.name}.{threading.get_ident()}")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def _folder() -> Path:
    """A new folder for as long as this process lasts; those that killed ones have left go."""
    base = Path(tempfile.gettempdir())
    for left in base.glob(f"{_FOLDERS}*"):
        with contextlib.suppress(OSError), _if_dead(left / _ALIVE):
            shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=_FOLDERS))
    handle = os.open(folder / f".{_ALIVE}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)  # ends with this process
    (folder / f".{_ALIVE}").rename(folder / _ALIVE)  # only now may others ask
    atexit.register(_drop, folder, os.getpid())
    return folder


@contextlib.contextmanager
def _if_dead(alive: Path) -> Iterator[None]:
    """Have the lock of a folder. Raises OSError where its process lives, or it is not ready yet."""
    handle = os.open(alive, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _drop(folder: Path, process: int) -> None:
    if os.getpid() == process:  # not in a fork
        shutil.rmtree(folder, ignore_errors=True)
