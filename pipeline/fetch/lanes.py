"""Work in lanes: one thread a lane, some lanes at once. The threads end with the process, so a stopped run need not wait for a slow server."""

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

LANES: Final = 16  # at once

T = TypeVar("T")


def in_lanes(lanes: Iterable[T], work: Callable[[T], None]) -> None:
    """Do the work of each lane. After an error no lane is begun any more, and the error is raised here."""
    waiting: queue.SimpleQueue[T] = queue.SimpleQueue()
    ended: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
    stop = threading.Event()
    for lane in lanes:
        waiting.put(lane)

    def worker() -> None:
        try:
            while not stop.is_set() and not waiting.empty():
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
        for _ in range(count):
            if error := ended.get():
                failed = failed or error
                stop.set()
    finally:
        stop.set()
    if failed:
        raise failed
