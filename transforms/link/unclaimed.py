"""What no row covers: numbers, quotation marks and date words that were left unread, so that a gap can be seen."""

import re
from collections.abc import Iterable, Iterator
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


def unclaimed_in(text: str, covered: Iterable[tuple[int, int]]) -> Iterator[Stretch]:
    """Yield the stretches of a text that look like facts and that none of the covered (start, end) touches, in text order."""
    spans = sorted(covered)
    at, reach = 0, -_BESIDE
    for found in _WORTH_READING.finditer(text):
        while at < len(spans) and spans[at][0] < found.end():
            reach = max(reach, spans[at][1])
            at += 1
        slack = _BESIDE if found["mark"] else 0
        near = at < len(spans) and spans[at][0] - slack < found.end()
        if reach + slack <= found.start() and not near:
            yield Stretch(start=found.start(), end=found.end())
