"""How a watch is stopped: the first SIGTERM or SIGINT asks it to finish what is begun, a second one stops it hard."""

import contextlib
import os
import select
import signal
import threading
from collections.abc import Iterator
from typing import Any, Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_READ: Final = 64  # bytes


class Stopping:
    """Whether the watch is to stop.

    The main thread waits with `wait` and never for the event: the signal's handler runs in that very thread, and would wait for ever for a
    lock that the thread holds. All other threads may wait for the event.
    """

    def __init__(self) -> None:
        self.event = threading.Event()
        self._woken, self._wakes = os.pipe()
        for end in (self._woken, self._wakes):
            os.set_blocking(end, False)

    @property
    def asked(self) -> bool:
        """Whether it was asked to stop."""
        return self.event.is_set()

    def ask(self) -> None:
        """Ask it to stop; also from a signal's handler, or from another thread."""
        self.event.set()
        with contextlib.suppress(BlockingIOError):  # full: then it wakes anyway
            os.write(self._wakes, b".")

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until it is asked to stop; whether it is."""
        if not self.asked:
            select.select([self._woken], [], [], max(0.0, seconds))
        return self.asked

    @contextlib.contextmanager
    def on_signals(self) -> Iterator[None]:
        """Let the first SIGINT or SIGTERM ask for a stop, and give the second to whoever handled them before."""
        before = {number: signal.getsignal(number) for number in _SIGNALS}

        def handler(_number: int, _frame: Any) -> None:
            for number, handles in before.items():
                signal.signal(number, handles)
            self.ask()

        for number in _SIGNALS:
            signal.signal(number, handler)
        try:
            yield
        finally:
            for number, handles in before.items():
                signal.signal(number, handles)

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self._woken)
        os.close(self._wakes)
