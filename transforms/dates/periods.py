"""Calendar periods: counted units of time with their days and TIMEX3 values."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["century", "decade", "year", "half", "quarter", "season", "month", "week", "weekend", "day"]
Days = tuple[dt.date | None, dt.date | None]

_MONTHS: Final[dict[str, int]] = {"century": 1200, "decade": 120, "year": 12, "half": 6, "quarter": 3, "season": 3, "month": 1}
_SEASONS: Final = ("SP", "SU", "FA", "WI")
_SPRING: Final = 2  # months before March: seasons are the meteorological ones


@dataclass(frozen=True, slots=True)
class Period:
    """The n-th unit of the calendar since year 1: years, months and days are numbered so that a shift is an addition."""

    unit: Unit
    n: int

    @classmethod
    def of(cls, unit: Unit, day: dt.date) -> "Period":
        """The period of that unit in which a day lies."""
        if unit == "day":
            return cls(unit, day.toordinal())
        if unit in ("week", "weekend"):
            return cls(unit, (day.toordinal() - 1) // 7)
        months = day.year * 12 + day.month - 1
        if unit == "season":
            months -= _SPRING
        if unit == "century":
            months -= 12  # the 20th century is 1901 to 2000
        return cls(unit, months // _MONTHS[unit])

    @classmethod
    def year(cls, year: int) -> "Period":
        return cls("year", year)

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        return cls("month", year * 12 + month - 1)

    @classmethod
    def day(cls, year: int, month: int, day: int) -> "Period | None":
        """That day, or None for one that the calendar does not have."""
        try:
            return cls("day", dt.date(year, month, day).toordinal())
        except ValueError:
            return None

    def shift(self, by: int) -> "Period":
        """The period `by` units later; earlier for a negative number."""
        return Period(self.unit, self.n + by)

    @property
    def real(self) -> bool:
        """Whether it lies within the years 1 to 9999, which is all that a date can hold."""
        return self.start is not None and self.end is not None

    @property
    def start(self) -> dt.date | None:
        return self._first(self.n)

    @property
    def end(self) -> dt.date | None:
        first = self.start if self.unit == "weekend" else self._first(self.n + 1)
        if first is None or not 1 < first.toordinal() < dt.date.max.toordinal():
            return None
        return first + dt.timedelta(1 if self.unit == "weekend" else -1)

    def _first(self, n: int) -> dt.date | None:
        try:
            if self.unit == "day":
                return dt.date.fromordinal(n)
            if self.unit in ("week", "weekend"):
                return dt.date.fromordinal(n * 7 + 1 + (5 if self.unit == "weekend" else 0))
            months = n * _MONTHS[self.unit] + (_SPRING if self.unit == "season" else 0) + (12 if self.unit == "century" else 0)
            return dt.date(months // 12, months % 12 + 1, 1)
        except (ValueError, OverflowError):
            return None

    @property
    def value(self) -> str | None:
        """The TIMEX3 value, or None outside the years 1 to 9999."""
        first = self.start
        if first is None:
            return None
        if self.unit in ("week", "weekend"):
            iso = first.isocalendar()
            return f"{iso.year:04d}-W{iso.week:02d}{'-WE' if self.unit == 'weekend' else ''}"
        forms: dict[str, str] = {
            "century": f"{self.n:02d}",
            "decade": f"{self.n:03d}",
            "year": f"{first.year:04d}",
            "half": f"{first.year:04d}-H{1 + first.month // 7}",
            "quarter": f"{first.year:04d}-Q{1 + first.month // 3}",
            "season": f"{first.year:04d}-{_SEASONS[self.n % 4]}",
            "month": first.isoformat()[:7],
            "day": first.isoformat(),
        }
        return forms[self.unit]


def days_in(year: int, month: int) -> int:
    """How many days a month has."""
    return calendar.monthrange(year, month)[1]


def back(day: dt.date, unit: str, amount: float) -> dt.date | None:
    """The day `amount` units before (after, if negative), as people reckon: months and years keep the day of the month."""
    try:
        if unit in ("year", "month", "quarter", "decade", "century", "half"):
            months = day.year * 12 + day.month - 1 - round(amount * _MONTHS[unit])
            year, month = divmod(months, 12)
            return dt.date(year, month + 1, min(day.day, days_in(year, month + 1)))
        per = {"day": 1.0, "week": 7.0, "fortnight": 14.0, "weekend": 7.0, "hour": 1 / 24, "minute": 1 / 1440, "second": 1 / 86400}[unit]
        return day - dt.timedelta(days=int(amount * per))
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        return None


def cut(period: Period, part: str) -> Days:
    """The days of a part of a period: "early", "mid" and "late" are thirds, "beginning" the first step, "end" the last day."""
    first, last = period.start, period.end
    if first is None or last is None:
        return None, None
    if part in ("end", "beginning"):
        return (last, last) if part == "end" else (first, _step(period, first, last))
    if period.unit in ("day", "weekend"):
        return first, last
    second, third = _thirds(period, first, last)
    one = dt.timedelta(1)
    return {"early": (first, second - one), "mid": (second, third - one), "late": (third, last)}[part]


def _thirds(period: Period, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """Where the second and the last third of a period begin: a month's on the 11th and 21st, a year's in May and September."""
    if period.unit == "month":
        return first.replace(day=11), first.replace(day=21)
    if period.unit == "year":
        return first.replace(month=5), first.replace(month=9)
    if period.unit == "decade":
        return first.replace(year=first.year + 4), first.replace(year=first.year + 7)
    if _MONTHS.get(period.unit, 0) in (3, 6):
        step = _MONTHS[period.unit] // 3
        month = Period.of("month", first)
        return month.shift(step).start or first, month.shift(2 * step).start or last
    third = max(1, (last - first).days // 3)
    return first + dt.timedelta(third), last - dt.timedelta(third - 1)


def _step(period: Period, first: dt.date, last: dt.date) -> dt.date:
    """Where the beginning of a period ends: a century's first decade, a decade's first year, a year's first month, ..."""
    smaller: dict[str, Unit] = {
        "century": "decade",
        "decade": "year",
        "year": "month",
        "half": "month",
        "quarter": "month",
        "season": "month",
    }
    if period.unit in smaller:
        return Period.of(smaller[period.unit], first).end or last
    if period.unit == "month":
        return first.replace(day=10)
    return first
