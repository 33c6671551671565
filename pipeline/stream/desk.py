"""The desk of a watch: where its steps meet the dataset. It is in the process that holds the dataset's lock, and so are all the steps.

Windows come from the engine in any order. They are committed in the order of the looks, each as soon as those before it are: so
states of addresses, versions and copies only go forward, and what a crash leaves is a watch that was ended earlier.
"""

import datetime as dt
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipeline.account import Account, Written
from pipeline.cancelled import taken_down
from pipeline.committing import Extracted, commit
from pipeline.dataset import GRACE, IntegrityError, Manifest, Writer
from pipeline.engines.execute import EngineError
from pipeline.plan import SLICE
from pipeline.stream.ahead import NOTHING, Ahead
from pipeline.stream.looks import Looks, Part
from pipeline.stream.window import Noted, Window
from pipeline.upkeep import tidied
from pipeline.watch.looking import Looking
from transforms.flow.memory import collect_now

MOST: Final = 2 * SLICE  # articles that are on their way at once: what bounds the memory of a watch
QUIET: Final = 3600.0  # seconds; states of addresses are committed so often where nothing new comes
SLACK, LOOK, WORK = 60.0, 3600.0, 1800.0  # seconds that each may take before the watchdog takes it for dead

_desks: Final[dict[str, "Desk"]] = {}  # those of this process, by watch


def desk(watch: str) -> "Desk":
    """The desk of a watch. Raises EngineError in any other process than the one that it was opened in."""
    if watch not in _desks:
        raise EngineError("a step of the watch was run in another process than the one that holds the dataset's lock")
    return _desks[watch]


class Desk:
    """The desk of one watch. Its methods are called by the threads of the engine; what one of them raised first stays in `error`."""

    def __init__(self, watch: str, looking: Looking, writer: Writer, stop: threading.Event) -> None:
        self.stop = stop
        self.error: Exception | None = None
        self._watch, self._looking, self._writer = watch, looking, writer
        self._standing, self._service = looking.standing, looking.standing.service
        self._looks = Looks(looking, writer.staging(watch, "fetched"), lambda: writer.dataset)
        self._lock = threading.RLock()  # of all below: windows come in several threads
        self._open = True
        self._sent = 0  # parts that went into the graph
        self._next = 0  # the part that is to be committed next
        self._articles_sent = self._articles_settled = 0
        self._waiting: dict[int, Window] = {}  # by the number of their first part
        self._account, self._ahead = Account(), NOTHING  # what came of windows without rows, and is committed with the next one
        self._committed_at = time.monotonic()

    # --- the poller

    def wait(self) -> float | None:
        """Seconds until there is something to look at or to send on; None while too much is on its way already."""
        with self.keeping():
            on_their_way = self._articles_sent - self._articles_settled
            if not on_their_way:
                self._service.allows(SLACK)
            if on_their_way >= MOST:
                return None
            now = dt.datetime.now(dt.UTC)
            return max(0.0, (self._looks.due(now) - now).total_seconds())

    @property
    def under_way(self) -> bool:
        """Whether more is to be sent on that was looked at already."""
        return self._looks.under_way

    def part(self, number: int, ahead: Ahead) -> Part | None:
        """The next part of what the sources have, if there is one; `ahead` is what earlier ones told that is not committed."""
        with self.keeping():
            self._service.allows(LOOK)
            part = self._looks.next(number, ahead)
            self._service.allows(WORK)
            if part:
                self._sent = number + 1
                self._articles_sent += part.told.articles
            return part

    def beyond(self, ahead: Ahead) -> Ahead:
        """What of this is not committed yet."""
        return ahead.beyond(self._writer.dataset)

    # --- the writing and the commit of windows

    def staging(self, slice: str) -> Path:
        """The folder for the files of a window."""
        with self.keeping(), self._lock:
            self._check_open()
            return self._writer.staging(self._watch, slice)

    def commit(self, slice: str, noted: Iterable[Noted]) -> None:
        """Commit a window, and those that waited for it; or let it wait for those before it. A second time changes nothing."""
        with self.keeping(), self._lock:
            self._check_open()
            window = Window.of(slice, noted)
            if window.first < self._next:
                return
            self._waiting[window.first] = window
            while ready := self._waiting.pop(self._next, None):
                self._settle(ready)
                self._next = ready.next

    def finish(self) -> None:
        """Commit what is left to remember, and leave a plain glob each row once. Raises IntegrityError where the engine has lost what was sent into it."""
        with self.keeping(), self._lock:
            if self._next != self._sent:
                raise IntegrityError(
                    f"{self._sent - self._next} of {self._sent} parts of what was polled never came out of the engine again"
                )
            if self._ahead != NOTHING:
                self._commit("end", Extracted())
            self._writer.finish()

    def close(self) -> None:
        """Let no thread that is still at work write any more."""
        self.stop.set()
        with self._lock:
            self._open = False

    def _settle(self, window: Window) -> None:
        """Commit what came of a window, if that is anything; else it is told with the next one that has rows, or once an hour."""
        written = Written.of(window.receipts)
        self._account.add(window.account(written))
        self._standing.tell.each(taken_down(self._writer, window.cancelled))
        self._articles_settled += sum(told.articles for told in window.told)
        if not window.cancelled:
            self._ahead = self._ahead.plus(window.ahead)
        if written.entries:
            staging = self._writer.staging(self._watch, window.slice)
            made = self._commit(window.slice, Extracted.of(window.receipts, written, staging, self._writer.dataset, run=self._watch))
            newest = max((told.newest for told in window.told if told.newest), default=None)
            self._standing.committed(made, window.told[0].looked_at, newest)
            tidied(self._writer, self._watch, dt.datetime.now(dt.UTC), grace=GRACE)
            collect_now()
            self._service.allows(WORK)
        elif self._ahead != NOTHING and time.monotonic() - self._committed_at >= QUIET:
            self._standing.tell.committed(self._commit(window.slice, Extracted()), {})
        if window.cancelled:  # what this very window has brought of it too, and only then is it remembered that its source was read
            self._standing.tell.each(taken_down(self._writer, window.cancelled))
            self._ahead = self._ahead.plus(window.ahead)

    def _commit(self, slice: str, extracted: Extracted) -> Manifest:
        account, ahead = self._account, self._ahead
        account.add_rows(extracted.rows, extracted.written.languages)
        made = commit(
            self._writer,
            self._looking.run,
            extracted,
            account,
            run=self._watch,
            slice=slice,
            inputs=ahead.inputs.values(),
            feeds=ahead.feeds,
        )
        self._account, self._ahead = Account(), NOTHING
        self._committed_at = time.monotonic()
        return made

    def _check_open(self) -> None:
        if not self._open:
            raise EngineError("the watch has ended")

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Engines hand on the text of an error at best: the first one is kept, and ends the watch."""
        try:
            yield
        except Exception as error:
            self.error = self.error or error
            raise


@contextmanager
def opened(watch: str, desk: Desk) -> Iterator[None]:
    """Let the steps of this process find the desk for as long as the block lasts."""
    _desks[watch] = desk
    try:
        yield
    finally:
        desk.close()
        del _desks[watch]
