"""The workers of this process: started when they are first needed, given graphs, ended with this process or when one of them fails."""

import atexit
import os
import signal
import socket
import subprocess
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from typing import Final

from pipeline.engines.execute import EngineError, WorkerLostError
from pipeline.engines.ways import Local, Way
from pipeline.engines.worker import Answer, Lost, Order
from pipeline.graph import Graph
from transforms.flow.receipt import Receipt, receipts_in
from transforms.read.apart import own_python

_SERVE: Final = "from pipeline.engines.worker import serve; serve(int(sys.argv[2]))"
_PATIENCE: Final = 0.5  # seconds


class _Worker:
    """A worker process and the connection to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                own_python(_SERVE, str(theirs.fileno())),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # One thread a process is what makes two processes twice as fast as one.
                env={"OPENBLAS_NUM_THREADS": "1"} | os.environ,
                process_group=0,  # an interrupt at the keyboard is this process's to see to
            )
        self.connection = Connection(ours.detach())

    @property
    def stands_by(self) -> bool:
        return self.process.poll() is None

    def end(self) -> None:
        """Close the connection: the worker sees it, kills its child, and ends. While it is still loading, it has none."""
        self.connection.close()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_standing: Final[list[_Worker]] = []


def executed(graph: Graph, *, workers: int, beam_options: Sequence[str]) -> list[Receipt]:
    """Run one graph on Beam's local runner, dealt out to so many workers; as `dealt` says."""
    return dealt(graph, workers, Local(tuple(beam_options)))


def dealt(graph: Graph, workers: int, way: Way, *, gone: Connection | None = None) -> list[Receipt]:
    """Deal one graph out to so many workers, and return the receipts of what they wrote.

    Raises OSError where the disk failed (with errno and path), UsageError for a missing model or an unknown option, EngineError for
    anything else, also where `gone` is closed at its other end. No worker goes on with the graph then.
    """
    shares = graph.shares(workers)
    busy = dict(zip(_standing_by(len(shares)), shares, strict=True))
    try:
        for worker, share in busy.items():
            worker.connection.send(Order(share, way))
        _await(busy, gone)
    except BaseException:  # an interrupt too
        _end(tuple(busy))
        raise
    return receipts_in(graph.staging)


def _standing_by(count: int) -> list[_Worker]:
    _end([w for w in _standing if not w.stands_by])
    while len(_standing) < count:
        _standing.append(_Worker())
    return _standing[:count]


def _await(busy: dict[_Worker, Graph], gone: Connection | None) -> None:
    """Wait until all have answered; who has is busy no more. Raises what the first of them met with."""
    beside = [gone] if gone else []
    while busy:
        ready = wait([*(w.connection for w in busy), *beside])
        worker = next((w for w in busy if w.connection in ready), None)
        if worker is None:
            raise EngineError("the engine is gone")  # the workers would find out, but not for minutes
        answer = _answer_of(worker)
        if isinstance(answer, Lost):
            raise WorkerLostError(_told(answer, busy[worker]))
        del busy[worker]
        if answer is not None:
            raise answer


def _answer_of(worker: _Worker) -> Answer:
    try:
        answer: Answer = worker.connection.recv()
    except (EOFError, OSError):
        return Lost(worker.process.wait())
    return answer


def _told(lost: Lost, graph: Graph) -> str:
    if lost.code == -signal.SIGKILL:
        return f"a worker process was killed, most likely for want of memory, {graph.midst}, try fewer --workers"
    how = f"by a signal ({signal.strsignal(-lost.code) or -lost.code})" if lost.code < 0 else f"with {lost.code}"
    return f"a worker process ended {how} {graph.midst}: run parts of them alone to find the text that does it, leave it out, and report it"


def _end(workers: Sequence[_Worker]) -> None:
    for worker in workers:
        _standing.remove(worker)
        worker.end()


def _forget() -> None:
    """After a fork: the workers are the parent's, and would not see it go while this process holds its connections too."""
    for worker in _standing:
        worker.connection.close()
    _standing.clear()


atexit.register(lambda: _end(tuple(_standing)))
os.register_at_fork(after_in_child=_forget)
