"""A worker: a process that stands by with model and graph, and forks a child for each slice that it is given.

Each child starts from the same memory and takes all that it made with it when it ends: the peak does not grow with the run (in one
process it grew by 100 MB from 500 to 2,000 articles, most of it holes that C's allocator never gives back; measured). What kills a
child costs that graph and nothing else, and a slice need not load the model again.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Final, NoReturn

from pipeline.engines.execute import Runs, execute, explained, words_to
from pipeline.engines.ways import Way
from pipeline.graph import Graph
from pipeline.with_parent import die_with_parent
from transforms.flow.memory import collect_seldom


@dataclass(frozen=True, slots=True)
class Order:
    """A graph to be run, and in which way."""

    graph: Graph
    way: Way


@dataclass(frozen=True, slots=True)
class _Done:
    """A child that ran the order to its end."""

    error: Exception | None
    asked_detector: bool  # whether it had a text that is not plain English, and so loaded the detector of languages


@dataclass(frozen=True, slots=True)
class Lost:
    """A child that ended without an answer."""

    code: int  # negative: the signal that killed it


Answer = Lost | Exception | None

_asked_detector: Final[list[bool]] = [False]  # whether a child has: the next ones find it loaded


def serve(handle: int) -> None:
    """Carry out the orders that come by the connection with this handle, one at a time, until it is closed."""
    for stopping in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopping, signal.SIG_IGN)  # whoever gave the order is stopped too, and closes the connection
    collect_seldom()
    driver = Connection(handle)
    with contextlib.suppress(EOFError, ConnectionError):  # whoever gave the orders is gone
        while True:
            order: Order = driver.recv()
            driver.send(_answer(order, driver))


def _answer(order: Order, driver: Connection) -> Answer:
    """Have a child run the order. Ends this process, and the child's at once, when whoever gave the order is gone."""
    try:
        with words_to(order.graph.staging):
            runs = order.way.ready(order.graph)
            if _asked_detector[0]:
                _load_detector()
    except Exception as error:
        return explained(error)
    answers, child_end = multiprocessing.Pipe(duplex=False)
    child = os.fork()
    if not child:
        _run(order.graph, runs, child_end)
    child_end.close()
    if answers not in wait([answers, driver]):
        os.kill(child, signal.SIGKILL)
        sys.exit()
    try:
        done: _Done | None = answers.recv()
    except EOFError:
        done = None
    _, status = os.waitpid(child, 0)
    answers.close()
    if done is None:
        return Lost(os.waitstatus_to_exitcode(status))
    if done.asked_detector:
        _asked_detector[0] = True
    return done.error


def _run(graph: Graph, runs: Runs, answers: Connection) -> NoReturn:
    """The child: run the graph, answer, end without the exit handlers of the process that it was forked from."""
    try:
        die_with_parent()  # lest it go on writing
        failed: Exception | None = None
        try:
            execute(graph, runs)
        except Exception as error:
            failed = error
        answers.send(_Done(failed, _detector_is_loaded()))
    finally:
        os._exit(0)


def _detector_is_loaded() -> bool:
    from transforms.annotate.language import detector_is_loaded  # here, since whoever gives orders has no use for it

    return detector_is_loaded()


def _load_detector() -> None:
    from transforms.annotate.language import load_detector

    load_detector()
