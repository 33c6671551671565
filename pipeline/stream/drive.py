"""A watch on Prism from its start to its end: the engine is started, the graph handed over, and signals bring it to an end."""

import datetime as dt
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from pipeline.dataset import Dataset, writing
from pipeline.engines.execute import EngineError, WorkerLostError, explained
from pipeline.engines.prism import PrismProcess, standing
from pipeline.engines.prism_found import found
from pipeline.options import RunOptions
from pipeline.run import new_run_id
from pipeline.slices import shown
from pipeline.stream.desk import Desk, Tells, opened
from pipeline.stream.words import Words, words_apart
from transforms.pinned import PINNED_MODEL
from transforms.user_data import using

if TYPE_CHECKING:
    import apache_beam as beam

_LOOK: Final = 1.0  # seconds
_GRACE: Final = 30.0  # seconds for an engine to say that it has failed, once a step has
_STOPPING: Final = (signal.SIGTERM, signal.SIGINT)


def watched(options: RunOptions, *, every: dt.timedelta, window: float, tells: Tells) -> None:
    """Watch the sources until a signal ends it; all that was begun is committed then. `window` is in seconds.

    Raises what `run` raises; what was committed until then stays, and what was not is read again by the next watch.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    program = found(options.engine.prism)
    watch = new_run_id(dt.datetime.now(dt.UTC))
    with standing(program) as prism, writing(Dataset.create(options.output)) as writer, using(options.own):
        desk = Desk(watch, options, every, writer, shown(options), tells)
        with words_apart(writer.staging(watch, "engine") / "words.log") as words, opened(watch, desk):
            _run(options, watch, window, prism, desk, words)


def _run(options: RunOptions, watch: str, window: float, prism: PrismProcess, desk: Desk, words: Words) -> None:
    from pipeline.engines.submitted import steps_here
    from pipeline.engines.ways import warm

    # Before there are threads: two would load it twice.
    warm(options.model or PINNED_MODEL, options.own)
    with steps_here() as address:
        p = _pipeline(options, watch, window, prism.endpoint, address)
        result = p.run()
        with _ended_by(desk.stop.set):
            failure = _awaited(result.wait_until_finish, desk, words)
    if desk.error:
        raise desk.error
    if failure and prism.ended(_GRACE / 10):
        raise WorkerLostError("prism has ended under the watch; what was committed stays, start it again to go on") from failure
    if failure:
        raise explained(failure) from failure
    desk.finish()


def _pipeline(options: RunOptions, watch: str, window: float, endpoint: str, steps: str) -> "beam.Pipeline":
    import apache_beam as beam
    from apache_beam.runners.portability.portable_runner import PortableRunner

    from pipeline.engines.beam_options import options_from
    from pipeline.graph import Work
    from pipeline.stream.build import BATCHES, SHARDS, stream

    ours = (f"--job_endpoint={endpoint}", "--environment_type=EXTERNAL", f"--environment_config={steps}", "--streaming")
    p = beam.Pipeline(runner=PortableRunner(), options=options_from([*options.engine.beam, *ours]))
    stream(p, watch, Work(options.model or PINNED_MODEL, options.texts, options.own, BATCHES, SHARDS), window)
    return p


def _awaited(wait: Callable[[], Any], desk: Desk, words: Words) -> Exception | None:
    """Wait for the end of the graph, and return what it failed with."""
    failures: list[Exception] = []
    ended = threading.Event()

    def waiting() -> None:
        try:
            wait()
        except Exception as error:
            failures.append(error)
        finally:
            ended.set()

    threading.Thread(target=waiting, daemon=True, name="engine").start()
    while not ended.wait(_LOOK):
        words.trim()
        if desk.error and not ended.wait(_GRACE):
            return EngineError("a step failed, and the engine went on")
    return failures[0] if failures else None


@contextmanager
def _ended_by(stop: Callable[[], None]) -> Iterator[None]:
    """Let signals end the watch instead of the process."""
    before = {number: signal.signal(number, lambda *_: stop()) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
