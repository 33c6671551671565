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
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from pipeline.engines.execute import execute, explained, words_to
from pipeline.graph import Graph, Work
from pipeline.with_parent import die_with_parent
from transforms.user_data import UserData

if TYPE_CHECKING:
    from pipeline.engines.kept import KeptGraph

# Read once before the first fork, so that matchers, word lists and the like are made here and not in every child.
_WARMING: Final = 'The firm said on Monday that sales rose 5% to $3bn. "We are glad," said its chairman, Tom Reed, in Oslo.'
_NAMES: Final = "Norvik Varga"  # of no language, so that all are asked
_warmed: Final[list[tuple[str, UserData] | None]] = [None]  # always one
_built: Final[list[tuple[Any, ...]]] = [(None, None, None)]  # always one: the work, Beam's options, and the graph built for them


@dataclass(frozen=True, slots=True)
class Order:
    """A graph to be run, with which options of Beam's."""

    graph: Graph
    beam_options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A child that ended without an answer."""

    code: int  # negative: the signal that killed it


Answer = Lost | Exception | None


def serve(handle: int) -> None:
    """Carry out the orders that come by the connection with this handle, one at a time, until it is closed."""
    for stopping in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopping, signal.SIG_IGN)  # whoever gave the order is stopped too, and closes the connection
    driver = Connection(handle)
    with contextlib.suppress(EOFError, ConnectionError):  # whoever gave the orders is gone
        while True:
            order: Order = driver.recv()
            driver.send(_answer(order, driver))


def _answer(order: Order, driver: Connection) -> Answer:
    """Have a child run the order. Ends this process, and the child's at once, when whoever gave the order is gone."""
    try:
        with words_to(order.graph.staging):
            _warm(order.graph)
            kept = _kept(order.graph.work, order.beam_options)
    except Exception as error:
        return explained(error)
    answers, child_end = multiprocessing.Pipe(duplex=False)
    child = os.fork()
    if not child:
        _run(order.graph, kept, child_end)
    child_end.close()
    if answers not in wait([answers, driver]):
        os.kill(child, signal.SIGKILL)
        sys.exit()
    try:
        answer: Answer = answers.recv()
    except EOFError:
        answer = Lost(0)
    _, status = os.waitpid(child, 0)
    answers.close()
    return Lost(os.waitstatus_to_exitcode(status)) if isinstance(answer, Lost) else answer


def _warm(graph: Graph) -> None:
    """Load all that a child will need, once for each model and user's data. Starts no thread: a fork would lose it."""
    from pipeline.api import article_of_text
    from transforms.annotate.language import detected, recognised
    from transforms.annotate.model import annotated
    from transforms.extract import rows_of
    from transforms.steps import calm_memory
    from transforms.user_data import use

    use(graph.own)
    if graph.articles and (graph.model, graph.own) != _warmed[0]:
        detected(_NAMES)
        article = recognised(article_of_text(_WARMING, published_at=None))
        rows_of(next(annotated([article], model_name=graph.model)))
        _warmed[0] = graph.model, graph.own
    calm_memory()


def _kept(work: Work, beam_options: tuple[str, ...]) -> "KeptGraph":
    """The graph for this work: that of the order before where it fits, else a new one in its place."""
    from pipeline.engines.kept import KeptGraph

    if (work, beam_options) != _built[0][:2]:
        _built[0] = work, beam_options, KeptGraph(work, beam_options)
    return cast("KeptGraph", _built[0][2])


def _run(graph: Graph, kept: "KeptGraph", answers: Connection) -> NoReturn:
    """The child: run the graph, answer, end without the exit handlers of the process that it was forked from."""
    try:
        die_with_parent()  # lest it go on writing
        answer: Answer = None
        try:
            execute(graph, kept)
        except Exception as error:
            answer = error
        answers.send(answer)
    finally:
        os._exit(0)
