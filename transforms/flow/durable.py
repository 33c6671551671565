"""Files that are either there whole or not there at all, whatever stops the process or the machine.

A file is written beside its place under a hidden name, synced, renamed, and its folder synced: after a crash a
reader meets the old state or the new one. Readers skip hidden names, so what a crash leaves is never read.
"""

import errno
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

UNFINISHED: Final = ".*.tmp"  # what a crash may leave beside a file


# How network file systems say that they cannot sync a folder; they make names durable themselves.
_NO_FOLDER_SYNC: Final = {errno.EINVAL, errno.ENOTSUP}


def reached(point: str) -> None:
    """Mark a moment at which a crash would matter. Does nothing: tests put a kill or a full disk in its place.

    Call it as `durable.reached(...)`, so that what was put in its place is what is called.
    """


def write_whole(path: Path, data: bytes | memoryview, *, step: str) -> None:
    """Put `data` at `path`, all of it on the disk before the name appears; `step` names the moments for `reached`.

    Whoever writes the same file at the same time, on this machine or another, writes under another hidden name: the last one stands, whole.
    Raises OSError with the path where the disk is full, read-only or broken; then nothing is left behind.
    """
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with unfinished.open("wb") as file:
            half = len(data) // 2
            file.write(data[:half])
            reached(f"{step}:half-written")
            file.write(data[half:])
            file.flush()
            os.fsync(file.fileno())
        reached(f"{step}:written")
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
    reached(f"{step}:renamed")


def write_durably(path: Path, data: bytes | memoryview, *, step: str) -> None:
    """As `write_whole`, and the name survives a crash of the machine too."""
    write_whole(path, data, step=step)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a crash of the machine."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each durably; what is there already is left as it is."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        sync_folder(each.parent)


def drop_files(root: Path, paths: Iterable[str], *, step: str) -> None:
    """Delete files below `root` durably, with the folders that this empties; those that are gone already are no error."""
    folders = set()
    for path in paths:
        file = root / path
        file.unlink(missing_ok=True)
        folders.add(file.parent)
        reached(f"{step}:dropping")
    for folder in sorted(f for f in folders if f.is_dir()):
        if any(folder.iterdir()):
            sync_folder(folder)
        else:
            folder.rmdir()
            sync_folder(folder.parent)
