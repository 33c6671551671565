"""Whose turn it is at which host: one request at a time, and a pause between two."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class StoppedError(Exception):
    """Fetching is to end: there are no more turns."""


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0


class HostTurns:
    """Turns at hosts, `gap` seconds from the end of one request to the beginning of the next. Shared by the threads of a run."""

    def __init__(self, gap: float, hosts: "HostTurns | None" = None, *, stop: threading.Event | None = None) -> None:
        """With `hosts`, the hosts of other turns with another gap: both hold back what the other has asked for. `stop` ends all turns."""
        self._gap = gap
        self._stop: threading.Event = stop or (hosts._stop if hosts else threading.Event())
        self._hosts: defaultdict[str, _Host] = hosts._hosts if hosts else defaultdict(_Host)
        self._adding: threading.Lock = hosts._adding if hosts else threading.Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait for the host's turn, and hold it. Raises StoppedError where fetching is to end, also in the midst of the waiting."""
        with self._adding:
            mine = self._hosts[host.lower()]
        with mine.lock:
            # The longer of the two gaps counts: that of the request before is in `free_at`.
            if self._stop.wait(max(0.0, mine.free_at - time.monotonic())):
                raise StoppedError
            try:
                yield
            finally:
                mine.free_at = time.monotonic() + self._gap
