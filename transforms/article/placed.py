"""Rows found by where they stand, without going through all that an article has: a text may be five million characters long."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar


class Stands(Protocol):
    """What has a first character and one behind its last."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


Row = TypeVar("Row", bound=Stands)


class Placed(Generic[Row]):
    """Rows in the order of their starts."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = sorted(rows, key=lambda r: r.start)
        self._starts = [r.start for r in self._rows]
        self._longest = max((r.end - r.start for r in self._rows), default=0)

    def starting(self, first: int, stop: int) -> list[Row]:
        """Those that start at `first` or behind it, and before `stop`."""
        return self._rows[bisect_left(self._starts, first) : bisect_left(self._starts, stop)]

    def over(self, start: int, end: int) -> list[Row]:
        """Those that have a character in common with a stretch."""
        return [row for row in self.starting(start - self._longest, end) if start < row.end]
