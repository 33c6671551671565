"""How a verb of the command line ends when it did its work, but not all is well."""

import os
import sys
from typing import Final, NoReturn


class Ended(Exception):  # noqa: N818 - it is no error
    """A verb did its work, and its exit code says how that went."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


_at_once: Final[list[bool]] = []


def end_at_once() -> None:
    """Let the process end without the interpreter's own end, once the command line is done.

    For who leaves threads behind that nobody can end: one that is in C++ when the interpreter ends takes the process down with a signal.
    """
    _at_once.append(True)


def leaves_at_once() -> bool:
    """Whether that was asked for."""
    return bool(_at_once)


def leave(code: int) -> NoReturn:
    """End the process with this code here and now."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
