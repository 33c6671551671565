"""The engines by name. What runs a graph is started here, and given graphs until it ends.

with engines.started(options.engine, Reach.of(options)) as execute:
    receipts = execute(graph, 2)
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

from pipeline.engines.reach import Reach
from pipeline.graph import Graph
from pipeline.options import DASK, LOCAL, PRISM, Engine, UsageError
from transforms.flow.receipt import Receipt

Execute = Callable[[Graph, int], list[Receipt]]  # a graph, and over how many workers it is to be dealt out

_OURS: Final = (*LOCAL, *PRISM, *DASK)  # all other names are Beam's


def check(engine: Engine) -> None:
    """Raises UsageError for an engine or an option that is not known. Beam is loaded only for its own options and names."""
    if any(option.split("=")[0] == "--runner" for option in engine.beam):
        raise UsageError("--runner stands before --, with the options of Factwire")
    if engine.scheduler and engine.name not in DASK:
        raise UsageError(f"--scheduler is the address of a Dask cluster, for --runner dask and not for {engine.name}")
    if engine.name not in _OURS:
        from pipeline.engines import portable

        portable.checked(engine)
    elif engine.beam:
        from pipeline.engines.beam_options import options_from

        options_from(engine.beam)


@contextmanager
def started(engine: Engine, reach: Reach) -> Iterator[Execute]:
    """What executes graphs on this engine, for as long as the block lasts: it returns the receipts of what was written.

    `reach` is what workers must have that may stand on other machines. An engine that is not this machine's is looked for at once; what is ours to start is started with the first graph, so that a run
    with nothing new starts nothing. Raises UsageError where it is not there or does not fit. What it yields raises OSError where the disk
    failed (with errno and path), UsageError for a missing model, EngineError for anything else; nothing goes on with the graph then.
    """
    check(engine)
    if engine.name in LOCAL:
        yield partial(_locally, beam_options=engine.beam)
    elif engine.name in PRISM:
        from pipeline.engines import prism

        with prism.started(engine) as execute:
            yield execute
    elif engine.name in DASK:
        from pipeline.engines import dask

        with dask.started(engine, reach) as execute:
            yield execute
    else:
        from pipeline.engines import portable

        runner = portable.checked(engine)
        yield lambda graph, workers: portable.executed(graph, runner, engine.beam, shares=workers)


def _locally(graph: Graph, workers: int, beam_options: Sequence[str]) -> list[Receipt]:
    """Execute a graph with workers of this process, which are loaded with the first of them."""
    from pipeline.engines import local

    return local.executed(graph, workers=workers, beam_options=beam_options)
