"""A graph for the local runner that is built once and run by forks of the process that built it.

Building it, most of it type checks and option parsers of Beam's, takes as much processor time as running it over one article (measured).
A fork starts with the stages ready, and ends with them: no run sees what another left.
"""

from collections.abc import Sequence
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

from pipeline.build import build_to_keep
from pipeline.engines.beam_options import options_from
from pipeline.graph import Graph, Work
from transforms.flow.at_hand import put_at_hand
from transforms.flow.handover import by_reference


class _Options(PipelineOptions):
    """Beam asks for the same few views of its options hundreds of times, and makes a parser for each: half of what building took (measured)."""

    def view_as(self, cls: type[Any]) -> Any:
        """The view, made once: all of them share their values."""
        views: dict[type[Any], Any] = self.__dict__.setdefault("_views", {})
        if cls not in views:
            views[cls] = super().view_as(cls)
        return views[cls]


class KeptGraph(FnApiRunner):
    """Beam's local runner, stopped where the stages of its graph are ready."""

    def __init__(self, work: Work, beam_options: Sequence[str]) -> None:
        """Build the graph. Raises UsageError for an unknown option of Beam's."""
        super().__init__()
        p = beam.Pipeline(runner=self, options=options_from(beam_options, kind=_Options))
        build_to_keep(p, work)
        p.run()

    def run_stages(self, stage_context: Any, stages: Any) -> Any:
        """Keep the stages for `over`."""
        self._context, self._stages = stage_context, stages

    def over(self, graph: Graph) -> None:
        """Run the graph over these takes, once in the life of a process. Raises what its steps raise, in the engine's words."""
        put_at_hand(graph.takes, graph.place)
        with by_reference():
            super().run_stages(self._context, self._stages).wait_until_finish()
