"""What the process tells systemd, if that started it: that it is ready, how it goes, that it is alive (sd_notify(3)).

Alive is more than being there. The loop says before each thing that it does how long that may take at most, and until then a timer of the
main thread feeds the watchdog. So a long slice is no death, and a loop that hangs is fed no longer than it has asked for; a thread of its
own would go on feeding for ever.
"""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

_LONGEST: Final = 200  # characters of a status


class Service:
    """The service manager, or nobody."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        microseconds = environment.get("WATCHDOG_USEC", "") if ours else ""
        self._seconds = int(microseconds) / 1e6 if microseconds.isascii() and microseconds.isdigit() else 0.0
        self._until = time.monotonic()

    def ready(self) -> None:
        """It has begun to watch."""
        self._tell("READY=1")

    def status(self, words: str) -> None:
        """How it goes, in a line."""
        self._tell(f"STATUS={' '.join(words.split())[:_LONGEST]}")

    def stopping(self) -> None:
        """It was asked to stop, and finishes what is begun."""
        self._tell("STOPPING=1")

    def allows(self, seconds: float) -> None:
        """What the loop does next may take so long."""
        self._until = time.monotonic() + seconds

    @contextlib.contextmanager
    def fed(self) -> Iterator[None]:
        """Feed the watchdog while the loop is in time. Nothing is done where none watches."""
        if not (self._address and self._seconds):
            yield
            return

        def feed(_number: int, _frame: Any) -> None:
            if time.monotonic() < self._until:
                self._tell("WATCHDOG=1")

        before = signal.signal(signal.SIGALRM, feed)
        signal.siginterrupt(signal.SIGALRM, False)  # libraries in C need not know of it
        signal.setitimer(signal.ITIMER_REAL, self._seconds / 4, self._seconds / 4)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _tell(self, words: str) -> None:
        if self._address:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
                to.sendto(words.encode(), self._address)
