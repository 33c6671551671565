"""Beam's runners for clusters that stand already: Flink, Spark, Dataflow, and whatever else Beam knows by name.

A process of our own hands each graph over and waits for it, so that the words of Beam stay out of the terminal, and a run that is stopped
cancels its job. Receipts come back through the staging folder, which must be on a file system that all workers share.
"""

import os
import signal
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, NoReturn

from pipeline.engines.beam_options import silenced
from pipeline.engines.execute import WorkerLostError, execute
from pipeline.graph import Graph, parts_of
from pipeline.options import Engine, UsageError
from pipeline.with_parent import die_with_parent
from transforms.read.apart import own_python
from transforms.receipt import Receipt, receipts_in
from transforms.take import FromDataset, Take

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
            raise UsageError(f"neither Factwire nor Beam knows a runner {engine.name!r}; see factwire run --help") from None
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


def executed(graph: Graph, runner: str, beam_options: Sequence[str], *, parts: int) -> list[Receipt]:
    """Run one graph there, its takes cut in so many parts, and return the receipts of what was written.

    Raises OSError where a disk failed or a source was not found, UsageError for relative paths and a missing model, EngineError for
    anything else. An interrupt cancels the job.
    """
    order = Order(_from_anywhere(graph, parts), runner, tuple(beam_options))
    child, answers = _started()
    try:
        answers.send(order)
        answer: Exception | None = answers.recv()
    except (EOFError, ConnectionError):
        code = child.wait()
        raise WorkerLostError(f"the process that waited for the job ended with {code}; nothing of this slice was committed") from None
    except BaseException:  # an interrupt
        child.terminate()
        raise
    finally:
        _end(child, answers)
    if answer is not None:
        raise answer
    return receipts_in(graph.staging)


def _from_anywhere(graph: Graph, parts: int) -> Graph:
    """The graph for workers that stand in other folders than we do."""
    takes = tuple(parts_of([_by_whole_path(take) for take in graph.takes], parts))
    return replace(graph, takes=takes, staging=graph.staging.absolute())


def _by_whole_path(take: Take) -> Take:
    if isinstance(take, FromDataset):
        return replace(take, path=str(Path(take.path).absolute()))
    source = take.source
    if not (Path(source.path).is_absolute() or source.address or source.origin):  # rows call it by the path that was given
        where = "give sources by their whole paths, on a file system that all share"
        raise UsageError(f"{source.path}: workers of a cluster stand in other folders; {where}")
    path, root, pages = (value and str(Path(value).absolute()) for value in (source.path, source.root, source.pages))
    return replace(take, source=replace(source, path=path or "", root=root or "", pages=pages))


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


def _end(child: subprocess.Popen[bytes], answers: Connection) -> None:
    try:
        child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    answers.close()


class _CancelledError(BaseException):
    """Whoever gave the order is stopped or gone."""


def hand_over(handle: int) -> NoReturn:
    """Hand over the graph that comes by the connection with this handle, wait for its end, and answer with what it met, if anything."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _cancel)
    die_with_parent(signal.SIGTERM)
    driver = Connection(handle)
    order: Order = driver.recv()
    answer: Exception | None = None
    try:
        from pipeline.engines.submitted import StepsElsewhere

        execute(order.graph, StepsElsewhere(order.runner, order.beam_options))
    except _CancelledError:
        os._exit(1)
    except Exception as error:
        answer = error
    driver.send(answer)
    os._exit(0)  # threads of gRPC would have more to say, and one that runs a model ends in an abort


def _cancel(_number: int, _frame: object) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
    raise _CancelledError
