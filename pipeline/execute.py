"""One slice on an engine: the graph built, run to its end, its receipts read. Errors of the engine made plain."""

import contextlib
import errno
import logging
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.build import Graph, build
from pipeline.options import UsageError
from pipeline.runners import pipeline_on
from transforms.receipt import Receipt, receipts_in

_ERRNO = re.compile(r"OSError: \[Errno (\d+)\][^\n]*?(?:'([^']*)')?\s*$", re.MULTILINE)
_NO_MODEL = re.compile(r"ModelMissingError: ([^\n\[]*)")


class EngineError(Exception):
    """The engine ended without having done its work; the message has its own words."""


def executed(graph: Graph, *, runner: str, workers: int, beam_options: Sequence[str]) -> list[Receipt]:
    """Run one graph and return what it wrote.

    Raises OSError where the disk failed (with errno and path), UsageError for a missing model, EngineError for anything else.
    """
    p = pipeline_on(runner, workers=workers, beam_options=beam_options)
    build(p, graph)
    try:
        with _quiet_engine():
            p.run().wait_until_finish()
    except OSError:
        raise
    except Exception as error:
        raise _explained(error) from error
    return receipts_in(graph.staging)


def _explained(error: Exception) -> Exception:
    """The engine hands on errors of its workers as text; tell the user's trouble from ours."""
    words = str(error)
    if disk := _ERRNO.search(words):
        code = int(disk[1])
        return OSError(code, os.strerror(code), disk[2])
    if model := _NO_MODEL.search(words):
        return UsageError(model[1].strip())
    if "No space left on device" in words:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return EngineError(words)


@contextlib.contextmanager
def _quiet_engine() -> Iterator[None]:
    """Beam logs each step that fails, with its whole traceback, before it raises: the message that we raise says it once."""
    logger = logging.getLogger("apache_beam")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def staging_folder(root: Path) -> Path:
    """The folder made ready; Beam workers expect it to be there."""
    root.mkdir(parents=True, exist_ok=True)
    return root
