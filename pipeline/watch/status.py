"""How a watch stands, in a file beside the dataset's: what `factwire doctor` and whoever else asks are told.

A watch that is alive holds a lock on a file of its own, which ends with its process. What it last said of itself stands in another, put into
place whole. Both lie in a folder that no reader of tables and no other verb looks into.
"""

import contextlib
import datetime as dt
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from pipeline.dataset.errors import LockedError, writable
from pipeline.dataset.stores.open_mirrors import mirror_of
from pipeline.dataset.stores.store_address import shown
from pipeline.wording import many

FOLDER: Final = "_watch"  # in the dataset's
STATUS: Final = "status.json"
ALIVE: Final = "alive"
_LEASE: Final = f"{FOLDER}/alive.json"  # in a store
_TRIES: Final = 10
_PAUSE: Final = 0.1  # seconds
OVERDUE: Final = dt.timedelta(hours=1)  # without a word, beyond the time at which it meant to go on


@dataclass(slots=True)
class Committed:
    """The last commit of a watch."""

    run: str
    at: str  # ISO 8601, UTC, as all times here
    articles: int
    rows: dict[str, int]
    lag: dict[str, float]  # seconds from the poll, and from the newest article's publication, to the commit


@dataclass(slots=True)
class Status:
    """How a watch stands."""

    pid: int
    runner: str
    started: str
    feeds: int
    folders: int
    said: str = ""  # when this was written
    next: str | None = None  # when it looks or asks again
    commit: Committed | None = None  # the last one that had articles or rejects
    commits: int = 0
    articles: int = 0
    failing: dict[str, str] = field(default_factory=dict)  # by feed: what is wrong
    troubles: list[str] = field(default_factory=list)  # of folders and of the list of feeds
    topics: dict[str, dict[str, Any]] = field(default_factory=dict)  # of each: when it was asked, what is wrong, how many messages are left
    outage: str | None = None  # since when no feed can be reached
    stopped: str | None = None  # when it ended as it was asked to

    def write(self, root: Path) -> None:
        """Put it into place, whole. Raises OSError, or StoreError where the dataset lies in a store."""
        data = json.dumps(asdict(self), indent=1) + "\n"
        if mirror := mirror_of(root):
            mirror.store.put(f"{FOLDER}/{STATUS}", data.encode())
            return
        path = root / FOLDER / STATUS
        unfinished = path.with_name(f".{path.name}.tmp")
        unfinished.write_text(data, "utf-8")
        unfinished.replace(path)


@contextlib.contextmanager
def alive(root: Path) -> Iterator[None]:
    """Be the one watch of a dataset. Raises LockedError where another is, NotWritableError."""
    if mirror := mirror_of(root):
        (mirror.root / FOLDER).mkdir(exist_ok=True)
        with mirror.held(_LEASE, "watch"):
            yield
        return
    with writable(root):
        (root / FOLDER).mkdir(exist_ok=True)
        handle = os.open(root / FOLDER / ALIVE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        if not _held(handle):
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise LockedError(f"{root}: another watch (process {holder}) writes to it; stop that first")
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def findings(root: Path, now: dt.datetime) -> Iterator[tuple[str, bool]]:
    """How the watch of a dataset stands: sentences, and whether each is as it should be. None where nobody ever watched."""
    told, where = _told(root), shown(root)
    if told is None:
        return
    if _is_alive(root):
        yield from _living(where, told, now)
    elif told.get("stopped"):
        yield f"{where}: no watch is running; the last one was stopped at {_minute(told['stopped'])}.", True
    else:
        dead = f"the watch (process {told['pid']}) is dead, it last said something at {_minute(told['said'])}"
        yield f"{where}: {dead}; start it again.", False


def _living(root: str, told: dict[str, Any], now: dt.datetime) -> Iterator[tuple[str, bool]]:
    due = dt.datetime.fromisoformat(told["next"]) if told.get("next") else None
    words = dt.datetime.fromisoformat(told["said"])
    if now > max(due or words, words) + OVERDUE:
        silent = f"was to go on at {_minute(told['next'])}, and has said nothing since {_minute(told['said'])}"
        yield f"{root}: the watch (process {told['pid']}) {silent}; stop it and start it again.", False
        return
    goes_on = f"next due at {_minute(told['next'])}" if due and due > now else "at work"
    yield f"{root}: a watch (process {told['pid']}, since {_minute(told['started'])}) is alive, {goes_on}.", True
    if commit := told.get("commit"):
        lag = ", ".join(f"{seconds:,.1f} s after the {since}" for since, seconds in commit["lag"].items())
        count = many(commit["articles"], "article") + (f", {lag}" if lag else "")
        yield f"{root}: its last commit was at {_minute(commit['at'])}: {count}.", True
    else:
        yield f"{root}: it has committed nothing so far.", True
    if told.get("outage"):
        yield f"{root}: no feed can be reached since {_minute(told['outage'])}: look after the network.", False
    for address, trouble in sorted(told.get("failing", {}).items()):
        yield f"{root}: {address} {trouble}.", True  # a feed of others' is not this dataset's fault
    for topic, stands in sorted(told.get("topics", {}).items()):
        left = f"has {many(stands['behind'], 'message')} at most left to be read"
        yield f"{root}: {topic} {stands['trouble'] or left}, at {_minute(stands['at'])}.", True
    for trouble in told.get("troubles", ()):
        yield f"{root}: {trouble}.", False


def _told(root: Path) -> dict[str, Any] | None:
    try:
        if mirror := mirror_of(root):
            found = mirror.store.get(f"{FOLDER}/{STATUS}")
            told = json.loads(found.data) if found else None
        else:
            told = json.loads((root / FOLDER / STATUS).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and {"pid", "said", "started"} <= told.keys() else None


def _is_alive(root: Path) -> bool:
    """Whether a process holds the lock: it is tried for a moment, shared, so that two who ask do not take each other for it."""
    if mirror := mirror_of(root):
        return mirror.holder(_LEASE) is not None
    try:
        handle = os.open(root / FOLDER / ALIVE, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    finally:
        os.close(handle)
    return False


def _held(handle: int) -> bool:
    """Take the lock of who is alive; not where another holds it for longer than it takes to ask whether he is."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        else:
            return True
    return False


def _minute(told: str | None) -> str:
    return f"{dt.datetime.fromisoformat(told):%Y-%m-%d %H:%M:%S} UTC" if told else "an unknown time"
