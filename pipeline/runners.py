"""The engines by name: which Beam runner they are, and with which options."""

from collections.abc import Sequence
from typing import Any

from pipeline.options import LOCAL_RUNNERS, UsageError


def check(runner: str, beam_options: Sequence[str]) -> None:
    """Raises UsageError for a runner or an option that is not known. Beam is loaded only where options of its own were given."""
    if runner not in LOCAL_RUNNERS:
        raise UsageError(f"unknown runner {runner!r}; this version runs on {' or '.join(LOCAL_RUNNERS)}")
    if beam_options:
        _options(beam_options)


def pipeline_on(runner: str, *, beam_options: Sequence[str]) -> Any:
    """A Beam pipeline on the named runner, in this process.

    `local` and `DirectRunner` are FnApiRunner, named outright: plain DirectRunner picks whatever engine it finds on the machine.
    Beam's own options are those behind `--`. Raises UsageError for an unknown runner or option.
    """
    import apache_beam as beam
    from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

    check(runner, ())
    return beam.Pipeline(runner=FnApiRunner(), options=_options(beam_options))


def _options(beam_options: Sequence[str]) -> Any:
    from apache_beam.options.pipeline_options import PipelineOptions

    options = PipelineOptions(list(beam_options))
    unknown = [o for o in beam_options if o.startswith("--") and o[2:].split("=")[0] not in options.get_all_options()]
    if unknown:
        raise UsageError(f"Beam knows no option {unknown[0]}; options behind -- go to Beam as they are")
    return options
