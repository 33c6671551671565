"""Work in lanes: one thread a lane, some lanes at once. The threads end with the process, so a stopped run need not wait for a slow server."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

LANES: Final = 16  # at once
PATIENCE: Final = 5.0  # seconds that requests under way are waited for when fetching is to stop
_LOOK: Final = 0.2  # seconds

T = TypeVar("T")


def in_lanes(lanes: Iterable[T], work: Callable[[T], None], *, stop: threading.Event | None = None) -> None:
    """Do the work of each lane. After an error no lane is begun any more, and the error is raised here.

    Once `stop` is set none is begun either, and who has not ended his lane within PATIENCE is left to himself: what he
    does then must be of no account.
    """
    waiting: queue.SimpleQueue[T] = queue.SimpleQueue()
    ended: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
    failing, stopping = threading.Event(), stop or threading.Event()
    for lane in lanes:
        waiting.put(lane)

    def worker() -> None:
        try:
            while not failing.is_set() and not stopping.is_set() and not waiting.empty():
                work(waiting.get_nowait())
        except queue.Empty:  # another took the last lane
            ended.put(None)
        except BaseException as error:  # handed to whoever waits
            ended.put(error)
        else:
            ended.put(None)

    count = min(LANES, waiting.qsize())
    for _ in range(count):
        threading.Thread(target=worker, daemon=True, name="fetch").start()
    failed: BaseException | None = None
    try:
        for error in _as_they_end(ended, count, stopping):
            if error:
                failed = failed or error
                failing.set()
    finally:
        failing.set()
    if failed:
        raise failed


def _as_they_end(ended: "queue.SimpleQueue[BaseException | None]", count: int, stopping: threading.Event) -> Iterator[BaseException | None]:
    """What so many workers end with; not of those that take too long once they are to stop."""
    last: float | None = None
    while count:
        if last is None and stopping.is_set():
            last = time.monotonic() + PATIENCE
        if last is not None and time.monotonic() > last:
            return
        try:
            error = ended.get(timeout=_LOOK)
        except queue.Empty:
            continue
        count -= 1
        yield error
