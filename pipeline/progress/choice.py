"""Which progress was asked for."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.options import UsageError
from pipeline.progress import SILENT, Progress
from pipeline.saying import say_in_json

if TYPE_CHECKING:
    from pipeline.progress.telling import Voice


@contextmanager
def followed(*, quiet: bool = False, verbose: bool = False, log_json: bool = False) -> Iterator[Progress]:
    """A progress for as long as the block lasts: JSON where that was asked for, a bar on a terminal, else lines.

    Raises UsageError where more and less were asked for at once.
    """
    if quiet and verbose:
        raise UsageError("--quiet tells nothing and --verbose all: leave one of them out")
    if quiet and not log_json:
        yield SILENT
        return
    from pipeline.progress.telling import Telling

    with Telling(_voice(verbose=verbose, log_json=log_json)).followed() as telling:
        yield telling


def _voice(*, verbose: bool, log_json: bool) -> "Voice":
    if log_json:
        from pipeline.progress.json_lines import Events

        say_in_json()
        return Events(verbose=verbose)
    if sys.stderr.isatty():
        from pipeline.progress.bar import Bar

        return Bar(verbose=verbose)
    from pipeline.progress.lines import Lines

    return Lines(verbose=verbose)
