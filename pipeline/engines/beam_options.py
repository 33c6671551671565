"""Beam's own options: those that stand behind `--`."""

from collections.abc import Sequence
from typing import Any

from pipeline.options import UsageError


def options_from(given: Sequence[str]) -> Any:
    """Beam's options, PipelineOptions. Raises UsageError for one that Beam does not know: it would leave it out with a warning."""
    from apache_beam.options.pipeline_options import PipelineOptions

    options = PipelineOptions(list(given))
    unknown = [o for o in given if o.startswith("--") and o[2:].split("=")[0] not in options.get_all_options()]
    if unknown:
        raise UsageError(f"Beam knows no option {unknown[0]}; options behind -- go to Beam as they are")
    return options
