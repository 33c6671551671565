"""Tables that take long to make, kept in the user's cache folder from one process to the next.

A file there is a cache and nothing else. Where it is missing, damaged, another user's or one that others may write, the table is made; where
it cannot be written, the next process makes the table too. What a table is made of is in the name of its file: nothing can be out of date.
"""

import contextlib
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

_FEW: Final = 4  # files of a table that stay: of versions side by side, of lexicons of a user's own
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def cache_folder() -> Path:
    """Where what we make for a user is kept. Raises RuntimeError where it is not known who that is."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "factwire"


def kept(name: str, made_of: Iterable[str], make: Callable[[], Any]) -> Any:
    """What `make` makes, of what JSON has: text, numbers, lists. `made_of` is all that it hangs on, down to versions of libraries and code."""
    key = hashlib.sha256(json.dumps([name, *made_of]).encode()).hexdigest()
    try:
        path = cache_folder() / "tables" / f"{name}-{key[:32]}.json"
    except RuntimeError:  # there is no home
        return make()
    try:
        return _read(path, key)
    except (OSError, ValueError):  # not there, not ours, or damaged
        table = make()
    with contextlib.suppress(OSError):  # a cache that cannot be written costs time and nothing else
        _write(path, key, table)
        _drop_old(path.parent, name)
    return table


def _read(path: Path, key: str) -> Any:
    """Raises OSError where it cannot be read, ValueError where it is not to be trusted or not what was written."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & _OTHERS_MAY_WRITE:
            raise ValueError(f"{path} may be written by others")
        told, _, body = file.read().partition(b"\n")
    if told != _seal(key, body):
        raise ValueError(f"{path} is damaged")
    return json.loads(body)


def _write(path: Path, key: str, table: Any) -> None:
    """Write it whole or not at all: others may read it, or write the same, meanwhile. Raises OSError."""
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    body = json.dumps(table).encode()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_seal(key, body) + b"\n" + body)
        new.replace(path)
    except BaseException:
        new.unlink()
        raise


def _seal(key: str, body: bytes) -> bytes:
    return hashlib.sha256(key.encode() + body).hexdigest().encode()


def _drop_old(folder: Path, name: str) -> None:
    """Of a table's files the newest stay. Raises OSError."""
    files = sorted(folder.glob(f"{name}-*.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for old in files[_FEW:]:
        old.unlink(missing_ok=True)
