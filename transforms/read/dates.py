"""When an article was published: the instant, the day where it was published, and how exactly it is known."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.article import Precision

EARLIEST: Final = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)  # the web is no older; earlier dates are a program's zero
LATEST_AFTER_FETCH: Final = dt.timedelta(hours=48)

_YEAR_OR_MONTH: Final = re.compile(r"(\d{4})(?:-(\d{2}))?$")
_DAY: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}$|\d{4}-?W\d{2}-?\d$")
_HAS_SECONDS: Final = re.compile(r"[T ]\d{2}:?\d{2}:?\d{2}")
_ISO_LIKE: Final = re.compile(r"-?\d{1,4}-\d{1,2}(?:-\d{1,2})?(?!\d)|\d{4}$|\d{8}(?:T|$)|\d{4}-?W\d")

_LABEL: Final = r"(?:[^\W\d]+(?:\s[^\W\d]+)?:\s+)?"  # "Published: "
_WEEKDAY: Final = r"(?:(?:[^\W\d]+\.?|\d+,),?\s*)?"  # or what a writer's mistake has put there: "026, 26 Mar 2023"
_WEEKDAY_AND: Final = r"(?:[^\W\d]+\.?,?\s+)?"
_MONTH: Final = r"(?P<month>[^\W\d]{3,})"
_TIME: Final = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\b\.?)?"
_AT_A_TIME: Final = rf"(?:(?:,?\s+(?:at\s+|[-–]\s+)?|T){_TIME})?"
_IN_A_ZONE: Final = r"\s*(?P<zone>[A-Za-z+-][\w:+-]*)?"
# As feeds write a day: RFC 822's way, where the weekday, comma, time and zone may be missing and the month may be written out; as Americans
# and JavaScript do ("November 19, 2019, 07:47 PM EST", "Tue Nov 19 2019 03:05:46 GMT+0000"); as Java does, the zone before the year; and
# in numbers, the year first ("2019/11/15"), the day first with points, or either way with slashes.
_WRITTEN: Final = tuple(
    re.compile(_LABEL + form)
    for form in (
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.?[\s-]+{_MONTH}\.?,?[\s-]+(?P<year>\d{{4}}|\d{{2}})(?!\d){_AT_A_TIME}{_IN_A_ZONE}",
        rf"{_WEEKDAY_AND}{_MONTH}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d){_AT_A_TIME}{_IN_A_ZONE}",
        rf"{_WEEKDAY_AND}{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_TIME}\s+(?P<zone>[A-Z][\w:+-]*)\s+(?P<year>\d{{4}})\Z",
        rf"(?P<year>\d{{4}})[/.](?P<month>\d{{1,2}})[/.](?P<day>\d{{1,2}})(?!\d){_AT_A_TIME}{_IN_A_ZONE}",
        rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}})(?!\d){_AT_A_TIME}{_IN_A_ZONE}",
        rf"(?P<first>\d{{1,2}})/(?P<second_number>\d{{1,2}})/(?P<year>\d{{4}})(?!\d){_AT_A_TIME}{_IN_A_ZONE}",
    )
)
# ISO 8601's day with a time or zone that it does not have: "2024-11-26 14:05:10 CET", "2024-11-26 2:05 pm".
_ISO_DAY: Final = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_AT_A_TIME}{_IN_A_ZONE}\Z", re.ASCII)
_CLOCK: Final = re.compile(r"[T ]\d{1,2}[:.]\d{2}.*")
_NO_NUMBERS: Final = re.compile(r"[^\W\d]{3,}")
_NUMERIC_ZONE: Final = re.compile(r"(?:GMT|UTC?)?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?")
_MONTHS: Final = {
    name: number
    for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
# RFC 822 names the American zones; of the others those that mean one thing (IST is India, Ireland and Israel).
_ZONES: Final = {
    **{"GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0},
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
    **{
        "BST": 1,
        "WEST": 1,
        "CET": 1,
        "CEST": 2,
        "EET": 2,
        "EEST": 3,
        "MSK": 3,
        "JST": 9,
        "KST": 9,
        "AEST": 10,
        "AEDT": 11,
        "NZST": 12,
        "NZDT": 13,
    },
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time (UTC; midnight where only the day is known), with the calendar day at the place it was given for."""

    at: dt.datetime
    local_date: dt.date
    precision: Precision

    def is_plausible(self, fetched_at: dt.datetime) -> bool:
        """Whether something that was fetched then can have been published at this point: not before the web, not in the future."""
        return EARLIEST <= self.at <= fetched_at + LATEST_AFTER_FETCH

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


def moment_of_feed(text: str | None, parsed: Sequence[int] | None = None) -> Moment | None:
    """The moment that a feed's date gives, in any of the forms above, or else `parsed`, what feedparser made of it (UTC).

    feedparser's result counts only where its year, month and day can be seen in the text: of "1630886460" it makes the
    year 2016, of 31 February a day in March. A zone that has several meanings or none ("IST") leaves the day alone; so
    does a clock that there is not ("24:00"). "05/06/2024" is one of two days, and so none.
    """
    given = text.strip() if text else ""
    for form in _WRITTEN:
        if written := form.match(given):
            return _moment_of_written(written)
    if _ISO_LIKE.match(given):
        written = _ISO_DAY.match(given)
        return moment_of_iso(given) or (_moment_of_written(written) if written else None)
    if not parsed:
        return None
    year, month, day = parsed[:3]
    shown = _CLOCK.sub("", given)
    numbers = {int(number) for number in re.findall(r"[0-9]{1,4}", shown)}
    if year not in numbers or not {day - 1, day, day + 1} & (numbers - {year}) or not (month in numbers or _NO_NUMBERS.search(shown)):
        return None
    try:
        hour, minute, second = parsed[3:6]
        return Moment.of_time(dt.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=dt.UTC), "second")
    except (ValueError, OverflowError):
        return None


def _moment_of_written(date: re.Match[str]) -> Moment | None:
    found = date.groupdict()
    if "first" in found:
        month, number = sorted((int(found["first"]), int(found["second_number"])))
        if number <= 12 and month != number:
            return None  # the writer's country would have to be known
    else:
        month, number = _month_of(found["month"]), int(found["day"])
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 2000 if year < 50 else 1900  # as RFC 2822, section 4.3, reads old dates
    try:
        day = dt.date(year, month, number)
        offset = _offset(found["zone"])
        if found["hour"] is None or offset is None or int(found["hour"]) == 24:
            return Moment.of_day(day)
        hour = int(found["hour"])
        if found["half"] and hour <= 12:
            hour = hour % 12 + (12 if found["half"][0] in "Pp" else 0)
        second = min(int(found["second"] or 0), 59)  # a leap second
        time = dt.time(hour, int(found["minute"]), second, tzinfo=dt.timezone(offset))
        return Moment.of_time(dt.datetime.combine(day, time), "second" if found["second"] else "minute")
    except (ValueError, OverflowError):
        return None


def _month_of(written: str) -> int:
    """The month of a number or a name; 0, which none is, for a name that is none."""
    return int(written) if written.isdecimal() else _MONTHS.get(written[:3].lower(), 0)


def _offset(zone: str | None) -> dt.timedelta | None:
    """A zone's distance from UTC, or None where its name does not tell."""
    if not zone:
        return dt.timedelta()
    if number := _NUMERIC_ZONE.fullmatch(zone):
        minutes = int(number["hours"]) * 60 + int(number["minutes"] or 0)
        return dt.timedelta(minutes=-minutes if number["sign"] == "-" else minutes)
    hours = _ZONES.get(zone.upper())
    return None if hours is None else dt.timedelta(hours=hours)
