"""Parsing in a process of its own, which may be killed: every parser of the web's formats can be stalled by its input.

One such process stands by for each process that reads. It sets its own limits on time and memory (`parser_process`),
so that nobody has to watch it; when it dies the next input gets a new one.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from transforms.read.damage import ReadingError

SECONDS: Final = 2.0  # of processor time for any input
SECONDS_A_MEGABYTE: Final = 1.0  # more for large ones: feedparser takes about 0.5, a live blog of 1.3 MB as long as two seconds
PATIENCE: Final = 60.0  # seconds by the clock beyond that; for what waits rather than works
_PIECE: Final = 1 << 16  # bytes read at once

_SERVE: Final = "from transforms.read.parser_process import serve; serve()"
_PACKAGES: Final = str(Path(__file__).parents[2])


def own_python(code: str, *arguments: str) -> list[str]:
    """The command line of a Python that has our packages and runs the code; its arguments begin at `sys.argv[2]`.

    The folder of our packages comes last (and -P keeps the working folder out), lest a file of the user's that is called like
    one of Python's own modules be imported instead.
    """
    return [sys.executable, "-P", "-W", "ignore", "-c", f"import sys; sys.path.append(sys.argv[1]); {code}", _PACKAGES, *arguments]


class ParsingError(ReadingError):
    """The parser was stopped or gave up."""


class _KilledError(ParsingError):
    """Somebody has killed the parser's process: the system for want of memory, or a person."""


def parsed_apart(parser: str, data: bytes, **options: str | int | None) -> Any:
    """What the function that `parser` names ("package.module:function") makes of the bytes and options, as JSON holds it.

    It may take SECONDS of processor time, and SECONDS_A_MEGABYTE more for each megabyte. Threads take turns.
    Raises ParsingError when the function raises, or takes more time or memory than it may.
    """
    seconds = SECONDS + SECONDS_A_MEGABYTE * len(data) / 1e6
    with _lock:
        try:
            return _asked(parser, data, seconds, options)
        except _KilledError:  # its input ends it otherwise
            return _asked(parser, data, seconds, options)


def _asked(parser: str, data: bytes, seconds: float, options: dict[str, str | int | None]) -> Any:
    child = _child()
    try:
        return _answer(child, parser, data, seconds, options)
    except ParsingError:
        raise
    except BaseException:
        # Interrupted between question and answer: the next question must not get this answer.
        child.kill()
        _stop(child)
        raise


_lock = threading.Lock()
_children: Final[list[subprocess.Popen[bytes]]] = []  # none or one


def _child() -> subprocess.Popen[bytes]:
    if _children and _children[0].poll() is None:
        return _children[0]
    child = subprocess.Popen(
        own_python(_SERVE),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,  # a fork while another thread writes would copy a half-full buffer, and its lock
        process_group=0,  # an interrupt at the keyboard must not look like a parser that died of its input
    )
    _children[:] = [child]
    atexit.register(_stop, child)
    return child


def _forget() -> None:
    """After a fork: the parser is the parent's, and a lock that another thread held would never be opened here."""
    global _lock  # noqa: PLW0603 - the one thing that cannot be reset otherwise
    _lock = threading.Lock()
    for child in _children:
        atexit.unregister(_stop)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()  # else the parent's parser would not see the parent go
        child.returncode = 0  # it is not ours to wait for
    _children.clear()


os.register_at_fork(after_in_child=_forget)


def _answer(child: subprocess.Popen[bytes], parser: str, data: bytes, seconds: float, options: dict[str, str | int | None]) -> Any:
    request = {"parser": parser, "size": len(data), "seconds": seconds, "patience": seconds + PATIENCE, "options": options}
    try:
        _write(child, json.dumps(request).encode() + b"\n")
        _write(child, data)
        line = _line(child)
    except BrokenPipeError:
        line = b""
    if not line.endswith(b"\n"):
        _stop(child)
        if child.returncode == -signal.SIGPROF:
            raise ParsingError("timeout", f"took more than {seconds:.1f} s of processor time to parse")
        if child.returncode == -signal.SIGALRM:
            raise ParsingError("timeout", "waited for something that never came: it was not read")
        kind = _KilledError if child.returncode == -signal.SIGKILL else ParsingError
        raise kind("failed", f"the parser's process ended with {child.returncode}")
    answer = json.loads(line)
    if "error" in answer:
        raise ParsingError(answer["reason"], answer["error"])
    return answer["result"]


def _write(child: subprocess.Popen[bytes], data: bytes) -> None:
    left = memoryview(data)
    while left and child.stdin is not None:
        left = left[child.stdin.write(left) :]


def _line(child: subprocess.Popen[bytes]) -> bytes:
    """The answer up to its line end, or what there is of it if the process ended."""
    pieces: list[bytes] = []
    while child.stdout is not None and (piece := os.read(child.stdout.fileno(), _PIECE)):
        pieces.append(piece)
        if piece.endswith(b"\n"):
            break
    return b"".join(pieces)


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Let the process end by closing its input, and wait for it."""
    atexit.unregister(_stop)
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    child.wait()
