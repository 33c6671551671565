"""Graphs handed to a job service: Beam's portable runners."""

import contextlib
import queue
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_fn_api_pb2_grpc
from apache_beam.runners.portability.portable_runner import PortableRunner
from apache_beam.runners.runner import PipelineState, create_runner
from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer
from apache_beam.utils.thread_pool_executor import shared_unbounded_instance

from pipeline.build import build, wired
from pipeline.engines.beam_options import options_from
from pipeline.engines.execute import EngineError, WorkerLostError
from pipeline.graph import Graph
from pipeline.options import UsageError
from transforms.flow.take import Takes

_NOT_TAKEN: Final = (grpc.RpcError, grpc.FutureTimeoutError, OSError, RuntimeError, ValueError)  # what a job that nobody takes ends in
# Beam opens the stream of a job's states before it runs the job, with the time limit that is meant for single calls: 5 minutes. Whoever
# waits for a longer job is told DEADLINE_EXCEEDED, and the job goes on (measured). So long, seconds, is no job under way.
_WITHOUT_LIMIT: Final = f"--job_server_timeout={10 * 365 * 24 * 3600}"
_GRACE: Final = 1.0  # seconds for calls that are under way when a graph is done


class StepsHere:
    """A job service whose jobs run their steps in threads of this process."""

    def __init__(self, endpoint: str, beam_options: Sequence[str]) -> None:
        """Raises UsageError for an unknown option of Beam's."""
        options_from(beam_options)
        self._endpoint, self._beam_options = endpoint, beam_options

    def over(self, graph: Graph) -> None:
        """Run the graph to its end. Raises what its steps raise, in the engine's words."""
        with steps_here() as address:
            p = beam.Pipeline(runner=PortableRunner(), options=options_from([*self._beam_options, *on_this(self._endpoint, address)]))
            build(p, graph)
            p.run().wait_until_finish()


class StepsElsewhere:
    """One of Beam's runners, whose cluster has workers with our package."""

    def __init__(self, runner: str, beam_options: Sequence[str], shares: int) -> None:
        """`runner` is the whole name of its class; sources are read in so many shares side by side."""
        self._runner, self._beam_options, self._shares = runner, beam_options, shares
        self._jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()  # one at most: it is put when it was taken

    def over(self, graph: Graph) -> None:
        """Run the graph to its end. Raises what its steps raise, in the engine's words, and WorkerLostError where the engine is gone."""
        p = beam.Pipeline(runner=create_runner(self._runner), options=PipelineOptions(list(self._beam_options)))
        takes = [Takes(tuple(take.from_anywhere() for take in share.takes)) for share in graph.shares(self._shares)]
        wired(p, takes, graph.work, replace(graph.place, staging=graph.staging.absolute()))
        try:
            job = p.run()
        except _NOT_TAKEN as error:
            name = self._runner.rpartition(".")[2]
            raise UsageError(f"{name} did not take the job: {str(error).strip() or type(error).__name__}; see deploy/engines.md") from error
        self._jobs.put(job)
        try:
            state = job.wait_until_finish()
        except grpc.RpcError as error:
            raise WorkerLostError(f"the engine went away {graph.midst}, run it again to go on") from error
        if state != PipelineState.DONE:
            raise EngineError(f"the job ended as {state}")

    def cancel(self, within: float) -> None:
        """Cancel the job, from another thread; one that is being handed over is waited for, so many seconds."""
        with contextlib.suppress(queue.Empty, grpc.RpcError):
            self._jobs.get(timeout=within).cancel()


def on_this(endpoint: str, steps: str) -> tuple[str, ...]:
    """Options of Beam's: the job service at this endpoint, its steps run by who is at that address, however long it takes."""
    return f"--job_endpoint={endpoint}", _WITHOUT_LIMIT, "--environment_type=EXTERNAL", f"--environment_config={steps}"


@contextmanager
def steps_here() -> Iterator[str]:
    """Run steps in this process for whoever asks at the address, host:port, that this yields.

    It is what Beam's LOOPBACK environment does, but that one listens on every interface, and whoever reaches it can have this process
    run anything.
    """
    options = [("grpc.http2.max_pings_without_data", 0), ("grpc.http2.max_ping_strikes", 0)]
    server = grpc.server(shared_unbounded_instance(), options=options)
    port = server.add_insecure_port("127.0.0.1:0")
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(BeamFnExternalWorkerPoolServicer(), server)
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(_GRACE)
