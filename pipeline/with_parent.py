"""Processes that end with the one that started them, whatever kills that one."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from transforms.read.apart import own_python

_DIE_WITH_PARENT: Final = 1  # Linux: PR_SET_PDEATHSIG of prctl(2)
_BECOME: Final = "from pipeline.with_parent import become; become(int(sys.argv[2]), sys.argv[3:])"


def die_with_parent() -> None:
    """Where the system can: this process is killed when the thread that started it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def started(program: Sequence[str], **how: Any) -> subprocess.Popen[bytes]:
    """Start a program that is not ours so that it ends with this process; `how` is Popen's.

    A small Python of ours asks the system for it and becomes the program then: between fork and exec nothing of the kind is safe in a
    process that has threads.
    """
    return subprocess.Popen(own_python(_BECOME, str(os.getpid()), *program), **how)


def become(parent: int, program: Sequence[str]) -> NoReturn:
    """Be the program from here on, for no longer than the parent is there."""
    die_with_parent()
    if os.getppid() != parent:  # it ended before we asked
        sys.exit(1)
    os.execv(program[0], list(program))
