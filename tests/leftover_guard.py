"""What a stopped `make test` leaves behind is ended: a process of our own outlives pytest and looks after what it started.

Ctrl-C, SIGTERM and SIGKILL end pytest's main process in ways in which it cannot clean up, or not all: the processes of xdist, and
the workers, parsers and command lines that tests have started, would go on. So the main process starts this file in a session of
its own (no Ctrl-C reaches it). It waits for the end of the main process, whatever that is, and kills what is of the tests: what was
started has a mark in its environment, what was forked holds an open file of that name. Linux only, since it looks into /proc.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

VARIABLE: Final = "FACTWIRE_TESTS"  # holds the marks, of tests within tests too, separated by commas
ROUNDS: Final = 50  # what is being started while we look is found in the next round
PAUSE: Final = 0.2  # seconds


def pytest_configure(config: "pytest.Config") -> None:
    if not hasattr(config, "workerinput"):  # the main process, not one of xdist's
        watch()


def watch() -> int:
    """Start the watcher over this process and mark what this process will start or fork. Returns the file that has to stay open, or -1."""
    if not Path("/proc/self/environ").exists():
        return -1
    mark = secrets.token_hex(16)
    subprocess.Popen(
        [sys.executable, "-I", __file__, str(os.getpid()), mark],
        start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
    )  # fmt: skip
    os.environ[VARIABLE] = ",".join(filter(None, (os.environ.get(VARIABLE), mark)))
    return os.memfd_create(mark)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def left(mark: str) -> Iterator[int]:
    """The processes of that run of the tests. The watcher is none of them: it was started before there was the mark."""
    for pid in (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()):
        try:
            if alive(pid) and (_started(pid, mark.encode()) or _forked(pid, mark)):
                yield pid
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue


def _started(pid: int, mark: bytes) -> bool:
    variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return any(each.startswith(VARIABLE.encode() + b"=") and mark in each for each in variables)


def _forked(pid: int, mark: str) -> bool:
    return any(mark in str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir())


def main(pid: int, mark: str) -> None:
    while alive(pid):
        time.sleep(PAUSE)
    for _ in range(ROUNDS):
        found = list(left(mark))
        for each in found:
            try:
                os.kill(each, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if not found:
            return
        time.sleep(PAUSE)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
