"""Parsing in a process of its own, which may be killed: every parser of the web's formats can be stalled by its input.

One such process stands by for each process that reads. It sets its own limits on time and memory (`parser_process`),
so that nobody has to watch it; when it dies the next input gets a new one.
"""

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from schemas.reject import Reason

SECONDS: Final = 2.0  # of processor time for any input
SECONDS_A_MEGABYTE: Final = 1.0  # more for large ones: feedparser takes about 0.5

# The folder that this package stands in comes last (and -P keeps the working folder out), lest a file of the user's
# that is called like one of Python's own modules be imported instead.
_SERVE: Final = "import sys; sys.path.append(sys.argv[1]); from transforms.read.parser_process import serve; serve()"
_PACKAGES: Final = str(Path(__file__).parents[2])


class ParsingError(Exception):
    """The parser was stopped or gave up: why, in a reason for rejects and a sentence."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.message = message


def parsed_apart(parser: str, data: bytes) -> Any:
    """What the function that `parser` names ("package.module:function") makes of the bytes, as JSON holds it.

    Raises ParsingError when it raises, or takes more time or memory than it may.
    """
    with _lock:
        return _answer(_child(), parser, data)


_lock: Final = threading.Lock()
_children: Final[dict[int, subprocess.Popen[bytes]]] = {}  # by process: a fork must not share its parent's pipes


def _child() -> subprocess.Popen[bytes]:
    child = _children.get(os.getpid())
    if child is None or child.poll() is not None:
        child = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-c", _SERVE, _PACKAGES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        _children[os.getpid()] = child
        atexit.register(_stop, child)
    return child


def _answer(child: subprocess.Popen[bytes], parser: str, data: bytes) -> Any:
    if child.stdin is None or child.stdout is None:
        raise ParsingError("failed", "the parser's process has no pipes")
    seconds = SECONDS + SECONDS_A_MEGABYTE * len(data) / 1e6
    try:
        child.stdin.write(json.dumps({"parser": parser, "size": len(data), "seconds": seconds}).encode() + b"\n")
        child.stdin.write(data)
        child.stdin.flush()
        line = child.stdout.readline()
    except BrokenPipeError:
        line = b""
    if not line.endswith(b"\n"):
        _stop(child)
        if child.returncode == -signal.SIGPROF:
            raise ParsingError("timeout", f"took more than {seconds:.1f} s of processor time to parse")
        raise ParsingError("failed", f"the parser's process ended with {child.returncode}")
    answer = json.loads(line)
    if "error" in answer:
        raise ParsingError(answer["reason"], answer["error"])
    return answer["result"]


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Let the process end by closing its input, and wait for it."""
    atexit.unregister(_stop)
    for pipe in (child.stdin, child.stdout):
        # A process that died leaves bytes in the pipe that nobody will read.
        with contextlib.suppress(BrokenPipeError):
            if pipe is not None:
                pipe.close()
    child.wait()
