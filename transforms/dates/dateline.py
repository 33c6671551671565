"""The day of an article that comes without one: its dateline, or a line at its head that is a date and nothing else."""

import datetime as dt
import functools
import re
from typing import Final

from transforms.lexicon import lexicon

_HEAD: Final = 600  # characters in which a dateline can stand


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A line that is a date and nothing else, and a dateline."""
    known = lexicon("dates-words")
    months = "|".join(sorted(map(re.escape, (*known["month"], *known["mon"])), key=len, reverse=True))
    lone_date = re.compile(
        rf"""^[ \t]*(?:(?P<iso>\d{{4}}-\d\d-\d\d)
            | (?:[A-Za-z]+day,?\s+)?(?P<m1>{months})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y1>\d{{4}})
            | (?:[A-Za-z]+day,?\s+)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m2>{months})\.?,?\s+(?P<y2>\d{{4}}))[ \t]*\.?[ \t]*$""",
        re.VERBOSE | re.IGNORECASE | re.MULTILINE,
    )
    dateline = re.compile(
        rf"""^[ \t]*[A-Z][\w .,'’/-]{{1,60}}?,\s+(?P<m1>(?i:{months}))\.?\s+(?P<d1>\d{{1,2}}),?(?:\s+(?P<y1>\d{{4}}))?\s*(?:\([\w ./-]{{1,40}}\)\s*)?[-–—]""",
        re.VERBOSE | re.MULTILINE,
    )
    return lone_date, dateline


def dateline_of(text: str) -> dt.date | None:
    """The day that the head of a text gives for it, or None. A dateline without a year gives none: no year is guessed."""
    head = text[:_HEAD]
    for pattern in _patterns():
        m = pattern.search(head)
        if m is None:
            continue
        parts = m.groupdict()
        try:
            if parts.get("iso"):
                return dt.date.fromisoformat(parts["iso"])
            month, day, year = (parts.get(f"{k}1") or parts.get(f"{k}2") for k in "mdy")
            if month and day and year:
                return dt.date(int(year), _number(month), int(day))
        except ValueError:
            continue
    return None


def _number(month: str) -> int:
    known = lexicon("dates-words")
    return int(known["month"].get(month.lower()) or known["mon"][month.lower()])
