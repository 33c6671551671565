"""The day on which a text was written, from which its relative dates count: that of publication, unless the text shows another.

A page that is kept up to date has the day of its first version; a text that says "today (Monday)" says itself on which day it was written.
"""

import datetime as dt
import functools
import re
from typing import Final

from schemas.article import Article
from transforms.words.lexicon import lexicon

_YEARS: Final = 2  # between first publication and last change, from which on a page is another text than it was
_SHIFTS: Final = (0, 1, -1, 2, 3)  # days after publication on which a text may have been written, the likelier first
_PARTS: Final = ("tonight", "this morning", "this afternoon", "this evening")  # of today


def writing_day(article: Article) -> dt.date | None:
    """The day of publication, or the one near it on which "today" has the weekday that the text gives it; None without a publication day."""
    day = _last_version(article)
    if day is None:
        return None
    named = {(weekday - by) % 7 for by, weekday in _told(article.text or "")}
    if len(named) != 1:
        return day
    (weekday,) = named
    return next((d for d in (day + dt.timedelta(n) for n in _SHIFTS) if d.weekday() == weekday), day)


def _last_version(article: Article) -> dt.date | None:
    """The day of publication, or of the last change where that is years later and the text tells of its time."""
    day, changed = article.published_local_date, article.updated_at
    if day is None or changed is None or changed.year - day.year < _YEARS:
        return day
    told = re.search(rf"\b(?:{changed.year - 1}|{changed.year})\b", article.text or "")
    return changed.date() if told else day


def _told(text: str) -> list[tuple[int, int]]:
    """(days from today, weekday) of each "today (Monday)" and "yesterday, Sunday," of a text."""
    known = lexicon("dates-words")
    return [(known["today"].get(m["day"].lower(), 0), known["weekday"][m["weekday"].lower()]) for m in _pattern().finditer(text)]


@functools.cache
def _pattern() -> re.Pattern[str]:
    known = lexicon("dates-words")
    days, weekdays = ("|".join(sorted(kind, key=len, reverse=True)) for kind in ((*known["today"], *_PARTS), known["weekday"]))
    return re.compile(rf"\b(?P<day>{days})(?: \((?P<in>)|, )(?P<weekday>{weekdays})(?(in)\)|(?=[,.;]))", re.IGNORECASE)
