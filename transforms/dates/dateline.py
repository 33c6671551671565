"""The day of an article that comes without one: its dateline, or a line at its head that is a date and nothing else."""

import datetime as dt
import re
from typing import Final

from transforms.lexicon import lexicon

_HEAD: Final = 600  # characters in which a dateline can stand

_MONTHS: Final = "|".join(sorted((*lexicon("dates-words")["month"], *lexicon("dates-words")["mon"]), key=len, reverse=True))
_LONE_DATE = re.compile(
    rf"""^[ \t]*(?:(?P<iso>\d{{4}}-\d\d-\d\d)
        | (?:[A-Za-z]+day,?\s+)?(?P<m1>{_MONTHS})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y1>\d{{4}})
        | (?:[A-Za-z]+day,?\s+)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m2>{_MONTHS})\.?,?\s+(?P<y2>\d{{4}}))[ \t]*\.?[ \t]*$""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_DATELINE = re.compile(
    rf"""^[ \t]*[A-Z][\w .,'’/-]{{1,60}}?,\s+(?P<m1>(?i:{_MONTHS}))\.?\s+(?P<d1>\d{{1,2}}),?(?:\s+(?P<y1>\d{{4}}))?\s*(?:\([\w ./-]{{1,40}}\)\s*)?[-–—]""",
    re.VERBOSE | re.MULTILINE,
)


def dateline_of(text: str) -> dt.date | None:
    """The day that the head of a text gives for it, or None. A dateline without a year gives none: no year is guessed."""
    head = text[:_HEAD]
    for pattern in (_LONE_DATE, _DATELINE):
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
