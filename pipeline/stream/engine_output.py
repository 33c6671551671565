"""The engine's own words, kept away from the user's terminal for as long as a watch lasts, and from filling the disk."""

import contextlib
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TextIO

_Hook = Callable[[threading.ExceptHookArgs], object]

_MOST: Final = 1 << 20  # bytes; then it is begun anew
_NEVER: Final = logging.CRITICAL + 1  # a level that nothing has


class Words:
    """A file that takes what Beam, gRPC and threads of theirs write to stderr. Ours still goes to the terminal."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("a", encoding="utf-8", buffering=1)

    @property
    def file(self) -> TextIO:
        """Where they go."""
        return self._file

    def trim(self) -> None:
        """Begin it anew where it has grown too long."""
        if self._path.exists() and self._path.stat().st_size > _MOST:
            os.truncate(self._path, 0)

    def failed(self, args: threading.ExceptHookArgs) -> None:
        """What a thread ended with that nobody waited for."""
        traceback.print_exception(args.exc_type, args.exc_value, args.exc_traceback, file=self._file)


@contextlib.contextmanager
def words_apart(path: Path) -> Iterator[Words]:
    """Send them to the file at `path` for as long as the block lasts; descriptor 2 too, which libraries in C write to.

    Threads that the engine leaves behind find out later that it has gone: what they say of that then is lost.
    """
    words = Words(path)
    before = frozenset(threading.enumerate())
    handler = logging.StreamHandler(words.file)
    logger, hook, stderr = logging.getLogger(), threading.excepthook, sys.stderr
    handlers = list(logger.handlers)
    stderr.flush()
    terminal = os.dup(2)
    os.dup2(words.file.fileno(), 2)
    sys.stderr = os.fdopen(os.dup(terminal), "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    logger.handlers[:] = [handler]
    threading.excepthook = words.failed
    try:
        yield words
    finally:
        sys.stderr.close()
        sys.stderr = stderr
        os.dup2(terminal, 2)
        os.close(terminal)
        logger.handlers[:] = handlers
        logging.getLogger("apache_beam").setLevel(_NEVER)
        threading.excepthook = _but_for(frozenset(threading.enumerate()) - before, hook)


def _but_for(late: frozenset[threading.Thread], hook: _Hook) -> _Hook:
    """The hook for all threads but these."""

    def told(args: threading.ExceptHookArgs) -> None:
        if args.thread not in late:
            hook(args)

    return told
