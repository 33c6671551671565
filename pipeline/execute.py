"""One slice on an engine: the graph built, run to its end, its receipts read. Errors of the engine made plain."""

import contextlib
import errno
import gc
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.graph import Graph
from pipeline.options import UsageError
from transforms.receipt import Receipt, receipts_in
from transforms.user_data import using

_ERRNO = re.compile(r"OSError: \[Errno (\d+)\][^\n]*?(?:'([^']*)')?\s*$", re.MULTILINE)
_NO_MODEL = re.compile(r"ModelMissingError: ([^\n\[]*)")
_WORKERS_LOG = "workers.log"


class EngineError(Exception):
    """The engine ended without having done its work; the message has its own words."""


def executed(graph: Graph, *, runner: str, workers: int, beam_options: Sequence[str]) -> list[Receipt]:
    """Run one graph and return what it wrote.

    Raises OSError where the disk failed (with errno and path), UsageError for a missing model, EngineError for anything else.
    """
    with _quiet(graph.staging / _WORKERS_LOG), _own_collector(), using(graph.own):
        from pipeline.build import build
        from pipeline.runners import pipeline_on

        p = pipeline_on(runner, workers=workers, beam_options=beam_options)
        build(p, graph)
        try:
            p.run().wait_until_finish()
        except Exception as error:
            raise _explained(error) from error
    return receipts_in(graph.staging)


def _explained(error: Exception) -> Exception:
    """The engine hands on errors of its workers as text, or with their text changed; tell the user's trouble from ours."""
    words = "".join(traceback.format_exception(error))
    if disk := _ERRNO.search(words):
        code = int(disk[1])
        return OSError(code, os.strerror(code), disk[2])
    if model := _NO_MODEL.search(words):
        return UsageError(model[1].strip())
    if os.strerror(errno.ENOSPC) in words:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return EngineError(str(error))


@contextlib.contextmanager
def _quiet(log: Path) -> Iterator[None]:
    """Keep the engine's own words out of the user's terminal: what it fails of is raised, and that says it once.

    Worker processes log all that they do to the standard error that they inherit: it goes to a file in the staging folder, which
    a commit clears away and a failed run leaves until the next one.
    """
    logger = logging.getLogger()
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    sys.stderr.flush()
    terminal = os.dup(2)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(terminal, 2)
        os.close(terminal)
        logger.setLevel(before)


@contextlib.contextmanager
def _own_collector() -> Iterator[None]:
    """Give the cycle collector back as it was: with one worker the steps run, and calm it, in this process."""
    before = gc.get_threshold()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
        gc.collect()  # the graph and the engine refer to one another, and through them to all that the slice held
