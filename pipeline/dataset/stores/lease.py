"""One writer at a time in a store: a lease that ends by itself when nobody renews it.

A store has no lock that ends with its process. So the writer puts its name into an object, by a write that is refused where a name stands
already, and replaces it four times in a lease's length. Who finds a lease that was not renewed for longer takes it over, by a write that
is refused where it was renewed meanwhile. How old it is is told by the store's clock alone, which wrote the one time and tells the other:
clocks of machines may differ as they like. A writer that was asleep for longer than its lease finds it gone and commits nothing; that it cannot
do harm before it looks is seen to by commits themselves (`shore`).
"""

import contextlib
import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pipeline.dataset.errors import LockedError, StoreError
from pipeline.dataset.stores.store import Object, Store, Tag

SECONDS: Final = 60.0
_SLACK: Final = 2.0  # seconds: stores tell times in whole ones
_RENEWALS: Final = 4  # in a lease's length


class Lease:
    """A lease, from when it is had to when it is given back."""

    def __init__(self, store: Store, key: str, who: str) -> None:
        """Have the lease at this key; `who` has one, in a word. Raises LockedError where another has it, StoreError."""
        self._store, self._key, self._who, self._token, self._count = store, key, who, secrets.token_hex(16), 0
        self._seconds = SECONDS
        self._turn, self._ended = threading.Lock(), threading.Event()
        self._lost = False
        self._since = time.monotonic()
        self.taken_over = False  # from one who did not give it back
        self._tag = self._had()
        self._thread = threading.Thread(target=self._renewing, name="lease", daemon=True)
        self._thread.start()

    def is_held(self) -> bool:
        """Whether nobody else can have it yet, as far as is known here."""
        return not self._lost and time.monotonic() - self._since < self._seconds

    def check(self) -> None:
        """Renew it. Raises LockedError where another has it meanwhile, StoreError where the store does not say."""
        self._renew()
        if not self.is_held():
            raise LockedError(
                f"{self._store.address}: this {self._who} was out of reach for longer than its lease, and another has taken it; "
                "nothing more is committed, run again"
            )

    def release(self) -> None:
        """Give it back. A store that does not answer sees it end by itself."""
        self._ended.set()
        self._thread.join()
        if not self._lost:
            with contextlib.suppress(StoreError):
                self._store.replace(self._key, self._told(free=True), self._tag)

    def _had(self) -> Tag:
        if tag := self._store.create(self._key, self._told()):
            return tag
        found = self._store.get(self._key)
        if found is not None:
            told = _read(found)
            if not told.get("free"):
                if _left(self._store, found, told) > 0:
                    raise LockedError(
                        f"{self._store.address}: another {self._who} ({told.get('holder', 'unknown')}) is writing to it; try again when it "
                        f"has ended (if it was killed, that is known after {float(told.get('seconds', SECONDS)):.0f} s)"
                    )
                self.taken_over = True
            self._since = time.monotonic()
            if tag := self._store.replace(self._key, self._told(), found.tag):
                return tag
        raise LockedError(
            f"{self._store.address}: another {self._who} has begun to write to it at this moment; try again when it has ended"
        )

    def _told(self, *, free: bool = False) -> bytes:
        """What the object says. No two are alike: else what had been replaced could look unchanged."""
        self._count += 1
        holder = f"process {os.getpid()} on {socket.gethostname()}"
        told = {"holder": holder, "token": self._token, "count": self._count, "seconds": self._seconds, "free": free}
        return json.dumps(told).encode()

    def _renew(self) -> None:
        with self._turn:
            if self._lost:
                return
            began = time.monotonic()
            if tag := self._store.replace(self._key, self._told(), self._tag):
                self._tag, self._since = tag, began
            else:
                self._lost = True

    def _renewing(self) -> None:
        while not self._ended.wait(self._seconds / _RENEWALS):
            with contextlib.suppress(StoreError):  # it is tried again while the lease lasts
                self._renew()


@contextlib.contextmanager
def leased(store: Store, key: str, who: str = "run") -> Iterator[Lease]:
    """Have a lease for as long as the block lasts. Raises LockedError at once where another has it, StoreError."""
    lease = Lease(store, key, who)
    try:
        yield lease
    finally:
        lease.release()


def holder_of(store: Store, key: str) -> str | None:
    """Who has a lease, or None where it is free. Raises StoreError."""
    found = store.get(key)
    told = _read(found) if found else {"free": True}
    if found is None or told.get("free"):
        return None
    return str(told.get("holder", "unknown")) if _left(store, found, told) > 0 else None


def _left(store: Store, found: Object, told: Mapping[str, Any]) -> float:
    """Seconds until a lease may be taken over. One from far ahead is of before the store's clock was put back."""
    length = float(told.get("seconds", SECONDS))
    age = (store.now() - found.modified).total_seconds()
    return length + _SLACK - age if age > -length else 0.0


def _read(found: Object) -> dict[str, Any]:
    """What a lease says; one that says nothing is of an unknown holder, and ends as any."""
    try:
        told = json.loads(found.data)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
