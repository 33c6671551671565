"""The window of time in which copies of given articles lie: seven days about when each was published or, where either has no date, fetched."""

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.repeats.components import WINDOW

Moments = npt.NDArray[np.int64]  # microseconds since 1970
Booleans = npt.NDArray[np.bool_]

_WIDTH = int(WINDOW.total_seconds()) * 1_000_000


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Stretches of time that do not touch, both ends inside."""

    starts: Moments
    ends: Moments

    @classmethod
    def about(cls, moments: Moments) -> "_Stretches":
        """All that is within the window's width of one of these."""
        ordered = np.unique(moments)
        gaps = np.flatnonzero(np.diff(ordered) > 2 * _WIDTH)
        return cls(
            ordered[np.concatenate(([0], gaps + 1))[: len(ordered)]] - _WIDTH,
            ordered[np.concatenate((gaps, [-1]))[: len(ordered)]] + _WIDTH,
        )

    def hold(self, moments: Moments) -> Booleans:
        """Which moments lie in one of them."""
        if not self.starts.size:
            return np.zeros(len(moments), np.bool_)
        at = np.searchsorted(self.starts, moments, side="right") - 1
        inside: Booleans = (at >= 0) & (moments <= self.ends[at])
        return inside

    def meet(self, first: int | None, last: int | None) -> bool:
        """Whether one of them has a moment between two, both inside; None where there is none."""
        if first is None or last is None:
            return False
        at = bisect_right(self.starts, last) - 1
        return at >= 0 and bool(self.ends[at] >= first)


@dataclass(frozen=True, slots=True)
class Window:
    """The window of some articles: each of them is compared by the day of publication with what has one, else by that of fetching."""

    published: _Stretches  # about those that have a date: for others that have one
    fetched: _Stretches  # about all: for others without a date
    undated: _Stretches  # about those without a date: for all others

    @classmethod
    def of(cls, articles: pa.Table) -> "Window":
        """The window of rows of `articles`."""
        published, dated = _moments(articles, "published_at")
        fetched, _ = _moments(articles, "fetched_at")
        return cls(_Stretches.about(published[dated]), _Stretches.about(fetched), _Stretches.about(fetched[~dated]))

    def holds(self, articles: pa.Table) -> Booleans:
        """Which rows lie in it."""
        published, dated = _moments(articles, "published_at")
        fetched, _ = _moments(articles, "fetched_at")
        near: Booleans = np.where(dated, self.published.hold(published), self.fetched.hold(fetched)) | self.undated.hold(fetched)
        return near

    def may_hold(
        self, published_from: int | None, published_to: int | None, fetched_from: int | None, fetched_to: int | None, undated: int
    ) -> bool:
        """Whether one of several articles may lie in it, of which this is known: the first and last moments, and how many have no date."""
        return (
            self.published.meet(published_from, published_to)
            or (undated > 0 and self.fetched.meet(fetched_from, fetched_to))
            or self.undated.meet(fetched_from, fetched_to)
        )


def _moments(rows: pa.Table, column: str) -> tuple[Moments, Booleans]:
    """A column of times, 0 where it is null, and where it is not."""
    moments = rows[column].cast(pa.int64())
    return pc.fill_null(moments, 0).to_numpy(), moments.is_valid().to_numpy()
