"""Prism, started by us for as long as a run lasts."""

import collections
import json
import multiprocessing
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from pipeline import with_parent
from pipeline.engines.execute import EngineError, WorkerLostError
from pipeline.engines.local import dealt
from pipeline.engines.prism_found import HOW, found
from pipeline.engines.ways import OnPrism
from pipeline.graph import Graph
from pipeline.options import Engine, UsageError
from pipeline.saying import say
from transforms.flow.receipt import Receipt

_IDLE: Final = "10m"  # without a job; ends it where a system cannot end it with its driver. A job that is under way is never idle
_PATIENCE: Final = 60.0  # seconds until it answers, on a machine that is busy
_GRACE: Final = 5.0  # seconds to end in
_SERVING: Final = "Serving JobManagement"  # what it says, with its endpoint, when it listens
_KEPT: Final = 50  # of its last lines, for who asks why it ended


class PrismProcess:
    """A Prism of our own. It ends with the thread that started it, whatever kills that one."""

    def __init__(self, program: Path) -> None:
        """Start it and wait until it listens. Raises UsageError where the program is not Prism, or does not answer."""
        self.words: collections.deque[str] = collections.deque(maxlen=_KEPT)
        self.endpoint = ""  # host:port of its job service
        self._listens = threading.Event()
        self.gone, self._there = multiprocessing.Pipe(duplex=False)  # the one is closed with Prism's own end
        options = ("--job_port=0", "--serve_http=false", "--log_kind=json", f"--idle_shutdown_timeout={_IDLE}")
        self._process = with_parent.started(
            (str(program), *options),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,  # an interrupt at the keyboard is this process's to see to
        )
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self._listens.wait(_PATIENCE)
        finally:  # an interrupt too
            if not self.endpoint:
                self.end()
        if not self.endpoint:
            said = f" (it said {self.words[-1].strip()!r})" if self.words else ""
            raise UsageError(f"{program} does not answer as Beam's prism does{said}; {HOW}")

    def _read(self) -> None:
        """Read all that it says, so that it never waits for us."""
        assert self._process.stdout is not None
        for raw in self._process.stdout:
            line = raw.decode("utf-8", "replace")
            self.words.append(line)
            if not self.endpoint and _SERVING in line:
                self.endpoint = json.loads(line)["endpoint"]
                self._listens.set()
        self._listens.set()
        self._there.close()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def ended(self, within: float = 0.0) -> bool:
        """Whether it has ended, or does so within so many seconds."""
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def end(self) -> None:
        """End it, and any job with it."""
        self._process.terminate()
        if not self.ended(_GRACE):
            self._process.kill()
            self._process.wait()
        self.gone.close()


@contextmanager
def standing(program: Path) -> Iterator[PrismProcess]:
    """A Prism for as long as the block lasts; that others can reach it is said on stderr. Raises UsageError as PrismProcess does."""
    prism = PrismProcess(program)
    port = prism.endpoint.rpartition(":")[2]
    say(
        f"prism listens at port {port} of every interface of this machine while this lasts, and has no option against it;"
        " where others can reach the machine, shut that off with a firewall"
    )
    try:
        yield prism
    finally:
        prism.end()


class OnOwnPrism:
    """Executes graphs on a Prism of ours, which is started with the first of them."""

    def __init__(self, program: Path, beam_options: Sequence[str], open_until: ExitStack) -> None:
        self._program, self._beam_options, self._open_until = program, tuple(beam_options), open_until
        self._prism: PrismProcess | None = None

    def __call__(self, graph: Graph, workers: int) -> list[Receipt]:
        """Deal the graph out to so many workers, each of which has its own job; as `dealt` says, and WorkerLostError where Prism ended."""
        if self._prism is None or self._prism.ended():  # it ends by itself where nothing comes for long
            self._prism = self._open_until.enter_context(standing(self._program))
        try:
            return dealt(graph, workers, OnPrism(self._prism.endpoint, self._beam_options), gone=self._prism.gone)
        except EngineError as error:
            if not self._prism.ended(_GRACE):
                raise
            raise WorkerLostError(f"prism ended {graph.midst}, run it again to go on") from error


@contextmanager
def started(engine: Engine) -> Iterator[OnOwnPrism]:
    """What executes graphs on a Prism of our own for as long as the block lasts. Raises UsageError where there is none."""
    program = found(engine.prism)
    with ExitStack() as open_until:
        yield OnOwnPrism(program, engine.beam, open_until)
