"""A watch on Prism from its start to its end: the engine is started, the graph handed over, and what ends it told."""

import datetime as dt
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from pipeline.dataset import Dataset, writing
from pipeline.engines.execute import EngineError, WorkerLostError, explained
from pipeline.engines.prism import PrismProcess, standing
from pipeline.engines.prism_found import found
from pipeline.options import UsageError
from pipeline.run_id import new_run_id
from pipeline.stream.desk import WORK, Desk, opened
from pipeline.stream.engine_output import Words, words_apart
from pipeline.watch.looking import Looking
from pipeline.watch.service import Service
from pipeline.watch.status import alive
from pipeline.watch.stopping import Stopping
from pipeline.watch.watch_options import WatchOptions
from pipeline.watch.watch_options import shown as shown_time
from pipeline.watch.watch_standing import WatchStanding
from pipeline.watch.watch_telling import Telling
from transforms.parse.pinned_model import PINNED_MODEL
from transforms.user_data import using

if TYPE_CHECKING:
    import apache_beam as beam

_OURS: Final = ("runner", "job_endpoint", "environment_type", "environment_config", "streaming")  # options that the watch itself sets
_LOOK: Final = 0.5  # seconds
_GRACE: Final = 30.0  # seconds for an engine to say that it has failed, once a step has
_ENDS: Final = 3.0  # seconds for an engine that was killed to be seen so


class PrismWatch:
    """A watch on a Prism of our own."""

    def __init__(self, options: WatchOptions, stopping: Stopping, service: Service, tell: Telling) -> None:
        self._options, self._stopping, self._service = options, stopping, service
        self._standing = WatchStanding(options, "prism", service, tell)
        self._looking = Looking(options, self._standing, stopping.event)
        self._run = self._looking.run
        for option in self._run.engine.beam:
            if option.removeprefix("--").partition("=")[0] in _OURS:
                raise UsageError(f"{option} cannot be given to a watch: its steps run in its own process, which holds the dataset's lock")

    def run(self) -> None:
        """Watch until it is asked to stop; what was begun is committed then.

        Raises UsageError, SourceError for what cannot be watched, LockedError where another process writes to the dataset, IntegrityError
        where a window is not whole, DatasetError, OSError, WorkerLostError where the engine died, and EngineError. What was committed
        until then stays, and what was not is read again by the next watch.
        """
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        self._looking.begin()
        program = found(self._run.engine.prism)
        dataset = Dataset.create(self._run.output)
        with alive(dataset.root), writing(dataset) as writer, using(self._run.own), self._service.fed():
            watch = new_run_id(dt.datetime.now(dt.UTC))
            desk = Desk(watch, self._looking, writer, self._stopping.event)
            # Apart until the engine has ended: threads of gRPC tell of that too.
            words = words_apart(writer.staging(watch, "engine") / "words.log")
            with words as apart, standing(program) as prism, opened(watch, desk):
                self._over(watch, prism, desk, apart)
        self._standing.stopped(self._looking.feeds)

    def _over(self, watch: str, prism: PrismProcess, desk: Desk, words: Words) -> None:
        from pipeline.engines.submitted import steps_here
        from pipeline.engines.ways import warm

        self._service.allows(WORK)
        warm(self._run.model or PINNED_MODEL, self._run.own)  # before there are threads: two would load it twice
        with steps_here() as address:
            result = self._pipeline(watch, prism.endpoint, address).run()
            way = f"and committing what is new every {shown_time(self._options.window)}"
            self._standing.begin(self._looking.feeds, self._run.output, way)
            failure = self._awaited(result.wait_until_finish, desk, words)
            self._service.stopping()
        if desk.error:
            raise desk.error
        if failure and prism.ended(_ENDS):
            raise WorkerLostError("prism has ended under the watch; what was committed stays, start it again to go on") from failure
        if failure:
            raise explained(failure) from failure
        desk.finish()

    def _pipeline(self, watch: str, endpoint: str, steps: str) -> "beam.Pipeline":
        import apache_beam as beam
        from apache_beam.runners.portability.portable_runner import PortableRunner

        from pipeline.engines.beam_options import options_from
        from pipeline.engines.submitted import on_this
        from pipeline.graph import Work
        from pipeline.stream.stream_graph import BATCHES, SHARDS, stream

        options = options_from([*self._run.engine.beam, *on_this(endpoint, steps), "--streaming"])
        p = beam.Pipeline(runner=PortableRunner(), options=options)
        work = Work(self._run.model or PINNED_MODEL, self._run.texts, self._run.own, BATCHES, SHARDS)
        stream(p, watch, work, self._options.window.total_seconds())
        return p

    def _awaited(self, wait: Callable[[], Any], desk: Desk, words: Words) -> Exception | None:
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
