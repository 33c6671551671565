"""One graph in this process: run to its end. Errors of an engine made plain."""

import contextlib
import errno
import io
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from pipeline.disk import fullest
from pipeline.engines.beam_options import silenced
from pipeline.graph import Graph
from pipeline.options import UsageError
from transforms.flow.heartbeat import beating
from transforms.user_data import using
from transforms.user_error import UserError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_ERRNO = re.compile(r"OSError: \[Errno (\d+)\][^\n]*?(?:'([^']*)')?\s*$", re.MULTILINE)
_NO_PACKAGE = re.compile(r"ModuleNotFoundError: No module named '(?:pipeline|schemas|transforms)")
_NO_MODEL = re.compile(r"ModelMissingError: ([^\n\[]*)")
_LOG = "workers.log"


class EngineError(Exception):
    """The engine ended without having done its work; the message has its own words."""


class WorkerLostError(EngineError, UserError):
    """A process that did the engine's work ended in the midst of it; the message says what to do."""


class Runs(Protocol):
    """What runs graphs in this process."""

    def over(self, graph: Graph) -> None:
        """Run the graph to its end. Raises what its steps raise, in the engine's words."""


def execute(graph: Graph, runs: Runs) -> None:
    """Run one graph; what it wrote and its receipts are in its staging folder then.

    Raises OSError where the disk failed (with errno and path), UsageError for a missing model, EngineError for anything else.
    """
    with words_to(graph.staging), using(graph.own), beating(graph.staging, graph.share or "all"):
        try:
            runs.over(graph)
        except Exception as error:
            raise _placed(explained(error), graph.staging) from error


def _placed(error: Exception, staging: Path) -> Exception:
    """A full disk that the engine has not named is that of the staging folder, or of temporary files: whichever has less room."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC and not error.filename:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(fullest(staging, Path(tempfile.gettempdir()))))
    return error


def explained(error: Exception) -> Exception:
    """The engine hands on errors of its steps as text, or with their text changed; tell the user's trouble from ours."""
    if isinstance(error, EngineError | UsageError):
        return error
    words = "".join(traceback.format_exception(error))
    if _NO_PACKAGE.search(words):
        return UsageError("the engine's workers have no Factwire; install it there, or give them the image of deploy/engines.md")
    if disk := _ERRNO.search(words):
        code = int(disk[1])
        return OSError(code, os.strerror(code), disk[2])
    if model := _NO_MODEL.search(words):
        return UsageError(model[1].strip())
    if os.strerror(errno.ENOSPC) in words:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    unknown = EngineError(str(error))
    unknown.add_note(words)  # the traceback of another process, for who has to mend it
    return unknown


@contextlib.contextmanager
def words_to(staging: Path) -> Iterator[None]:
    """Keep the engine's own words out of the user's terminal: what it fails of is raised, and that says it once.

    They go to a file in the staging folder, which a commit clears away and a failed run leaves until the next one.
    """
    sys.stderr.flush()
    terminal = os.dup(2)
    with (staging / _LOG).open("ab") as file:
        os.dup2(file.fileno(), 2)
    words = io.TextIOWrapper(cast("BinaryIO", _Words(2, "w", closefd=False)), errors="backslashreplace", write_through=True)
    try:
        with silenced(), contextlib.redirect_stderr(words):
            yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)


class _Words(io.FileIO):
    """Standard error where it is a file: what a full or failing disk does not take of it is lost.

    The error of a step is printed there before it is sent (Beam 2.77.0, `SdkHarness._execute`): where the printing fails, nothing is sent,
    and the engine waits for that step without an end.
    """

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write it, or as if it were."""
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes
