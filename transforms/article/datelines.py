"""The dateline at the head of a text: "NAIROBI, March 11 (Agency) - The company said". Where it ends, the day that it gives, its place.

Its end is asked for narrowly: a place cut off by mistake would take the subject of a sentence with it. A day and a place are only
taken where they are known ones, so they may stand in looser surroundings.
"""

import datetime as dt
import functools
import re
from collections.abc import Iterator
from typing import Final

from transforms.words.lexicon import lexicon
from transforms.words.towns import towns

_HEAD: Final = 600  # characters in which a dateline can stand: behind a title, perhaps a byline
_PLACE: Final = r"[A-Z][\w.'’-]*(?:[ /][A-Za-z][\w.'’-]*){0,4}"
_LOUD: Final = r"[A-Z][A-Z.'’-]+(?:[ /][A-Z][A-Z.'’-]*){0,4}"
_DAY: Final = r"(?:[A-Z][a-z]{2,8}\.?\s\d{1,2}|\d{1,2}\s[A-Z][a-z]{2,8}\.?)(?:,?\s\d{4})?"
_AGENCY: Final = r"\([A-Za-z][\w ./&-]{1,40}\)"
_DATELINE: Final = re.compile(
    rf"""^[ \t]*
      (?: {_LOUD}(?:,\s{_PLACE})?(?:,\s{_DAY})?(?:\s{_AGENCY})?   # a place in capitals is enough
        | {_PLACE}(?:,\s{_PLACE})?(?:,\s{_DAY}(?:\s{_AGENCY})?|\s{_AGENCY})  # another needs its day or its agency
      )
      \s*(?:--?|–|—)[ \t]+(?=["“‘'A-Z0-9$£€])""",
    re.VERBOSE | re.MULTILINE,
)
_WITH_COLON: Final = re.compile(rf"^[ \t]*(?P<place>{_PLACE})(?:,\s{_DAY})?:[ \t]+(?=[\"“‘'A-Z0-9$£€])", re.MULTILINE)

_WITH_PLACE: Final = re.compile(
    r"^(?P<place>[A-Z][A-Z ]{3,20}?|[A-Z][a-z]+(?:[ ][A-Z][a-z]+){0,2})(?:,[^\n]{0,40})?(?:[ ](?:\([^)\n]{1,40}\)[ ]*)?[-–—]|:(?=[ ]))",
    re.MULTILINE,
)


def dateline_end(text: str) -> int | None:
    """The offset behind the dateline at the head of a text, where its first sentence begins, or None."""
    found = _DATELINE.search(text, 0, _HEAD)
    if found is None:
        found = next((m for m in _WITH_COLON.finditer(text, 0, _HEAD) if m["place"].title() in _cities()), None)
    return found.end() if found else None


@functools.cache
def _cities() -> frozenset[str]:
    """Places that a colon behind them makes a dateline: "Mumbai: The bank said"."""
    return frozenset(town.name for town in towns())


def dateline_places(text: str) -> Iterator[str]:
    """Yield what opens a line at the head of a text as the place of a dateline does."""
    for found in _WITH_PLACE.finditer(text[:_HEAD]):
        yield found["place"]


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


def dateline_day(text: str) -> dt.date | None:
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
