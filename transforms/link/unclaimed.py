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


def unclaimed_in(text: str, covered: Iterable[tuple[int, int]], singles: Sequence[int] = ()) -> Iterator[Stretch]:
    """Yield the stretches of a text that look like facts and that none of the covered (start, end) touches, in text order.

    A double mark always looks like one, even without a partner; of the single ones, which are apostrophes elsewhere, `singles` do.
    """
    spans = sorted(covered)
    at, reach = 0, -_BESIDE
    worth = [(m.start(), m.end(), m["mark"] is not None) for m in _WORTH_READING.finditer(text)]
    for start, end, is_mark in sorted((*worth, *((i, i + 1, True) for i in singles))):
        while at < len(spans) and spans[at][0] < end:
            reach = max(reach, spans[at][1])
            at += 1
        slack = _BESIDE if is_mark else 0
        near = at < len(spans) and spans[at][0] - slack < end
        if reach + slack <= start and not near:
            yield Stretch(start=start, end=end)
