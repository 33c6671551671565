"""Beam's own options, those that stand behind `--`, and its own words."""

import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.options import UsageError


def options_from(given: Sequence[str], *, kind: type[Any] | None = None) -> Any:
    """Beam's options, PipelineOptions or another `kind` of it.

    Raises UsageError for one that Beam does not know: it would leave it out with a warning.
    """
    from apache_beam.options.pipeline_options import PipelineOptions

    options = (kind or PipelineOptions)(list(given))
    unknown = [o for o in given if o.startswith("--") and o[2:].split("=")[0] not in options.get_all_options()]
    if unknown:
        raise UsageError(f"Beam knows no option {unknown[0]}; options behind -- go to Beam as they are")
    return options


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Keep Beam's words out of the terminal, those that it says while it is imported too: what it fails of is raised."""
    logger = logging.getLogger()
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
