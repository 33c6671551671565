"""Graphs on a Dask cluster: one that stands already, or one of our own on this machine for as long as a run lasts."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from pipeline.engines import clusters
from pipeline.engines.beam_options import options_from
from pipeline.engines.execute import WorkerLostError, explained, words_to
from pipeline.engines.preflight import check
from pipeline.engines.reach import Reach
from pipeline.graph import Graph
from pipeline.options import Engine
from transforms.flow.receipt import Receipt, receipts_in
from transforms.flow.take import Takes

if TYPE_CHECKING:
    from apache_beam.runners.dask.dask_runner import DaskRunnerResult
    from distributed import Client, Future

_LOOK: Final = 2.0  # seconds between two looks at the workers while a graph is run
_ALONE: Final = 60.0  # seconds for which a graph waits when all workers are gone: a nanny starts another in a few
_PARTITION: Final = 64  # articles, at most


@contextmanager
def started(engine: Engine, reach: Reach) -> Iterator["OnDask"]:
    """What executes graphs on a Dask cluster for as long as the block lasts.

    Raises UsageError where Dask is not installed, no scheduler answers, or a worker does not fit.
    """
    clusters.installed()
    with clusters.silence(), ExitStack() as open_until:
        yield OnDask(engine, reach, open_until)


class OnDask:
    """Executes graphs on a cluster. One of our own is started with the first of them."""

    def __init__(self, engine: Engine, reach: Reach, open_until: ExitStack) -> None:
        """Raises as `started` says."""
        self._engine, self._reach, self._open_until = engine, reach, open_until
        self._fit: set[str] = set()  # the workers that were asked
        self._client: Client | None = None
        if engine.scheduler:
            self._client = open_until.enter_context(clusters.standing(engine.scheduler))
            self._look(self._client)

    def __call__(self, graph: Graph, workers: int) -> list[Receipt]:
        """Execute one graph; a cluster of our own is given so many processes. Raises as `engines.started` says."""
        with words_to(graph.staging):
            if self._client is None:
                self._client = self._open_until.enter_context(clusters.own(workers))
            self._run(graph, self._client)
        return receipts_in(graph.staging)

    def _run(self, graph: Graph, client: "Client") -> None:
        future: Future[Any] | None = None
        try:
            future = _begun(graph, client, self._engine)
            self._wait(future, client)
        except Exception as error:
            raise self._told(error, graph, client) from error
        finally:
            if future is not None and not future.done():
                with suppress(Exception):  # the scheduler may be what is gone
                    future.cancel(force=True)

    def _wait(self, future: "Future[Any]", client: "Client") -> None:
        """Wait for the end. Raises what a step met with, and what was seen of the workers."""
        from distributed import wait

        seen = time.monotonic()
        while not future.done():
            with suppress(TimeoutError):
                wait(future, timeout=_LOOK)
            if self._look(client):
                seen = time.monotonic()
            elif time.monotonic() - seen > _ALONE:
                raise WorkerLostError(f"the Dask cluster has had no worker for {_ALONE:.0f} s")
        future.result()
        self._look(client)

    def _look(self, client: "Client") -> set[str]:
        """The workers. Of a cluster that is not ours, those that came since we looked are asked. Raises UsageError where one does not fit."""
        here = clusters.workers_of(client)
        if self._engine.scheduler and (new := here - self._fit):
            check(partial(clusters.asked, client, workers=new), self._reach)
            self._fit |= new
        return here

    def _told(self, error: Exception, graph: Graph, client: "Client") -> Exception:
        from distributed import CancelledError, KilledWorker

        if isinstance(error, KilledWorker):
            ends = error.allowed_failures + 1
            return WorkerLostError(f"{ends} workers of the cluster ended one after the other over the same work, {graph.midst}")
        if isinstance(error, WorkerLostError):
            return WorkerLostError(f"{error} {graph.midst}")
        if isinstance(error, CancelledError) or client.status != "running":
            return WorkerLostError(f"the Dask scheduler went away or let go of our work {graph.midst}, run it again to go on")
        return explained(error)


def _begun(graph: Graph, client: "Client", engine: Engine) -> "Future[Any]":
    """Hand the graph over."""
    import apache_beam as beam

    from pipeline.build import wired
    from pipeline.engines.bags import OnBags

    workers = len(clusters.workers_of(client))
    partitions = max(2 * workers, -(-graph.articles // _PARTITION))
    takes = [Takes(tuple(take.from_anywhere() for take in share.takes)) for share in graph.shares(workers)]
    place = replace(graph.place, staging=graph.staging.absolute())
    p = beam.Pipeline(runner=OnBags(client, partitions), options=options_from(engine.beam))
    wired(p, takes, replace(graph.work, batches=partitions), place)
    future: Future[Any] = cast("DaskRunnerResult", p.run()).futures[0]
    return future
