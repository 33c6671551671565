"""Beam's runners for clusters that stand already: Flink, Spark, Dataflow, and whatever else Beam knows by name.

A process of our own hands each graph over and waits for it, so that the words of Beam stay out of the terminal, and a run that is stopped
cancels its job. Receipts come back through the staging folder, which must be on a file system that all workers share.
"""

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Final, NoReturn

from pipeline.engines.beam_options import silenced
from pipeline.engines.execute import WorkerLostError, execute
from pipeline.graph import Graph
from pipeline.options import Engine, UsageError
from transforms.flow.receipt import Receipt, receipts_in
from transforms.read.apart import own_python

if TYPE_CHECKING:
    from pipeline.engines.submitted import StepsElsewhere

# Where each is found, by options of Beam's of which one must be given: without, Beam would download a job server and start a cluster here.
_ADDRESSES: Final = {
    "FlinkRunner": ("--flink_master", "--job_endpoint"),
    "SparkRunner": ("--spark_master_url", "--spark_rest_url", "--job_endpoint"),
    "PortableRunner": ("--job_endpoint",),
}
_HAND_OVER: Final = "from pipeline.engines.portable import hand_over; hand_over(int(sys.argv[2]))"
_EMBEDDED: Final = "embed"  # Beam's name for a job service in its own process
_PATIENCE: Final = 20.0  # seconds until a job service answers
_GRACE: Final = 30.0  # seconds for a job to be cancelled in


@dataclass(frozen=True, slots=True)
class Order:
    """A graph to be handed over, to which of Beam's runners, with which of its options."""

    graph: Graph
    shares: int  # in which its sources are read side by side
    runner: str
    beam_options: tuple[str, ...]


def checked(engine: Engine) -> str:
    """The engine's name as Beam has it. Raises UsageError for one that is not known or installed, and for options that are missing."""
    with silenced():
        from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions
        from apache_beam.options.pipeline_options_validator import PipelineOptionsValidator
        from apache_beam.runners.runner import create_runner

        try:
            runner = create_runner(engine.name)
        except ValueError:
            raise UsageError(
                f"unknown runner {engine.name!r}: neither Factwire nor Beam has one of that name; see factwire run --help"
            ) from None
        except (ImportError, AttributeError) as error:
            raise UsageError(f"the runner {engine.name!r} cannot be used: {str(error).strip()}") from error
        options = PipelineOptions(list(engine.beam))
        wrong = PipelineOptionsValidator(options, runner).validate()
    name = type(runner).__name__
    given = {option.split("=")[0] for option in engine.beam}
    if (addresses := _ADDRESSES.get(name)) and not given & set(addresses):
        raise UsageError(f"{name} needs to know where it is: give it behind -- by {' or '.join(addresses)}, see deploy/engines.md")
    if wrong:
        raise UsageError(f"{name} cannot be used so: {' '.join(wrong)} Its options stand behind --, see deploy/engines.md")
    _look_for(options.view_as(PortableOptions).job_endpoint)
    return f"{type(runner).__module__}.{name}"


def _look_for(endpoint: str | None) -> None:
    """Raises UsageError where nothing listens at this host:port."""
    if not endpoint or endpoint == _EMBEDDED:
        return
    host, _, port = endpoint.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
    except (OSError, ValueError, OverflowError) as error:
        raise UsageError(f"no job service answers at {endpoint} ({error}); start it, or correct --job_endpoint=HOST:PORT") from error


def executed(graph: Graph, runner: str, beam_options: Sequence[str], *, shares: int) -> list[Receipt]:
    """Run one graph there, its sources read in so many shares, and return the receipts of what was written.

    Raises OSError where a disk failed or a source was not found, UsageError for a missing model and a job that nobody took, EngineError for
    anything else. An interrupt cancels the job.
    """
    child, answers = _started()
    try:
        answers.send(Order(graph, shares, runner, tuple(beam_options)))
        answer: Exception | None = answers.recv()
    except (EOFError, ConnectionError):
        code = child.wait()
        raise WorkerLostError(f"the process that waited for the job ended with {code} {graph.midst}, run it again to go on") from None
    finally:
        answers.close()  # which cancels what is under way
        _await(child)
    if answer is not None:
        raise answer
    return receipts_in(graph.staging)


def _started() -> tuple[subprocess.Popen[bytes], Connection]:
    ours, theirs = socket.socketpair()
    with theirs:
        child = subprocess.Popen(
            own_python(_HAND_OVER, str(theirs.fileno())),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # until it has somewhere to put its words
            pass_fds=[theirs.fileno()],
            process_group=0,  # an interrupt at the keyboard is this process's to see to
        )
    return child, Connection(ours.detach())


def _await(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def hand_over(handle: int) -> NoReturn:
    """Hand over the graph that comes by the connection with this handle, wait for its end, and answer with what it met, if anything.

    Where whoever gave the order is stopped, or killed, the connection is closed: the job is cancelled then.
    """
    for stopping in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopping, signal.SIG_IGN)
    driver = Connection(handle)
    order: Order = driver.recv()
    answer: Exception | None = None
    try:
        from pipeline.engines.submitted import StepsElsewhere

        runs = StepsElsewhere(order.runner, order.beam_options, order.shares)
        threading.Thread(target=_cancel_with, args=(driver, runs), daemon=True).start()
        execute(order.graph, runs)
    except Exception as error:
        answer = error
    driver.send(answer)
    os._exit(0)  # threads of gRPC would have more to say, and one that runs a model ends in an abort


def _cancel_with(driver: Connection, runs: "StepsElsewhere") -> NoReturn:
    """Cancel the job when the connection is closed. Nothing comes by it any more."""
    driver.poll(None)
    runs.cancel(_GRACE / 2)
    os._exit(1)
