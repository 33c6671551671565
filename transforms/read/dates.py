"""When an article was published: the instant, the day where it was published, and how exactly it is known."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from schemas.article import Precision

_YEAR_OR_MONTH: Final = re.compile(r"(\d{4})(?:-(\d{2}))?$")
_DAY: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}$")
_HAS_SECONDS: Final = re.compile(r"[T ]\d{2}:?\d{2}:?\d{2}")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time (UTC; midnight where only the day is known), with the calendar day at the place it was given for."""

    at: dt.datetime
    local_date: dt.date
    precision: Precision

    @classmethod
    def of_day(cls, day: dt.date, precision: Precision = "day") -> "Moment":
        return cls(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC), day, precision)

    @classmethod
    def of_time(cls, time: dt.datetime, precision: Precision) -> "Moment":
        """From a time with its zone, or in UTC where it has none. Raises OverflowError outside of years 1 to 9999."""
        zoned = time if time.tzinfo else time.replace(tzinfo=dt.UTC)
        return cls(zoned.astimezone(dt.UTC), zoned.date(), precision)


def moment_of_iso(text: str) -> Moment | None:
    """The moment that an ISO 8601 (or RFC 3339) date or time gives, or None where it is none.

    "2008", "2008-03" and "2008-03-06" keep their precision; a time without a zone is taken as UTC.
    """
    given = text.strip()
    try:
        if part := _YEAR_OR_MONTH.match(given):
            return Moment.of_day(dt.date(int(part[1]), int(part[2] or 1), 1), "month" if part[2] else "year")
        if _DAY.match(given):
            return Moment.of_day(dt.date.fromisoformat(given))
        return Moment.of_time(dt.datetime.fromisoformat(given), "second" if _HAS_SECONDS.search(given) else "minute")
    except (ValueError, OverflowError):
        return None
