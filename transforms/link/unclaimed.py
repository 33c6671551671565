"""What no row covers: numbers, quotation marks and date words that were left unread, so that a gap can be seen."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from schemas.fact_row import Stretch

_WORTH_READING = re.compile(
    r"""
    (?=[\d“”«»„"A-Zyt])(?:  # spares most characters the three readings below
    (?P<number>\d[\d,.]*\d|\d)
    | (?P<mark>[“”«»„"])
    | (?P<date>\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b
        | \b(?:January|February|April|June|July|August|September|October|November|December)\b
        | \b(?:yesterday|tomorrow)\b))
    """,
    re.VERBOSE,
)
_BESIDE: Final = 2  # characters; a quotation mark stands just outside the content that it marks


def unclaimed_in(
    text: str, covered: Iterable[tuple[int, int]], marked: Iterable[tuple[int, int]] = (), singles: Sequence[int] = ()
) -> Iterator[Stretch]:
    """Yield the stretches of a text that look like facts and that none of the covered (start, end) touches, in text order.

    `marked` are quotations: they cover their marks, but not the numbers and days that are said in them. A double mark
    always looks like one, even without a partner; of the single ones, which are apostrophes elsewhere, `singles` do.
    """
    rows, quotes = _Reach(covered), _Reach(marked)
    worth = [(found.start(), found.end(), found["mark"] is not None) for found in _WORTH_READING.finditer(text)]
    for start, end, is_mark in sorted((*worth, *((at, at + 1, True) for at in singles))):
        slack = _BESIDE if is_mark else 0
        read, said = rows.touches(start, end, slack), quotes.touches(start, end, slack)
        if not read and not (said and is_mark):
            yield Stretch(start=start, end=end)


class _Reach:
    """Stretches that are asked in text order whether one of them touches a place."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._at, self._reach = 0, -_BESIDE

    def touches(self, start: int, end: int, slack: int) -> bool:
        """Whether one lies over start..end, or within `slack` characters of it."""
        while self._at < len(self._spans) and self._spans[self._at][0] < end:
            self._reach = max(self._reach, self._spans[self._at][1])
            self._at += 1
        near = self._at < len(self._spans) and self._spans[self._at][0] - slack < end
        return self._reach + slack > start or near
