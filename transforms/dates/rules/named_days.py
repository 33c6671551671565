"""Holidays and other days with a name, reckoned by their rule or looked up in the `holidays` library."""

import calendar
import datetime as dt
import functools
from typing import Any, Final

from transforms.dates.checks import is_name
from transforms.dates.pattern import Rule, rule
from transforms.dates.periods import Period
from transforms.dates.reading import Reading, dated, unresolved
from transforms.dates.rules.explicit import full_year
from transforms.dates.setting import Hit
from transforms.lexicon import lexicon

_AROUND: Final = (-1, 0, 1)
_FIRST_KEPT: Final = 1950  # years for which lunar calendars are looked up; outside them the tables are thin
_LAST_KEPT: Final = 2070


@functools.lru_cache(maxsize=4096)
def named_day(name: str, year: int) -> Period | None:
    """The day of that name in a year, or None where nobody knows."""
    if not 1 <= year <= 9998:
        return None
    how: dict[str, Any] = lexicon("dates-named-days")[name]
    if "once" in how:
        return Period.day(*how["once"])
    if "fixed" in how:
        return Period.day(year, *how["fixed"])
    if "nth" in how:
        month, weekday, which = how["nth"]
        days = [d for d in calendar.Calendar().itermonthdates(year, month) if d.month == month and d.weekday() == weekday]
        return Period("day", days[which - 1 if which > 0 else which].toordinal() + how.get("plus", 0))
    if "easter" in how:
        return Period("day", _easter(year).toordinal() + how["easter"])
    found = _kept(how["kept"][0], how["kept"][1], year)
    return found.shift(how.get("plus", 0)) if found else None


def _easter(year: int) -> dt.date:
    """Western Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return dt.date(year, f // 31, f % 31 + 1)


def _kept(country: str, name: str, year: int) -> Period | None:
    if not _FIRST_KEPT <= year <= _LAST_KEPT:
        return None
    import holidays  # a second to import, and few articles need it

    found = holidays.country_holidays(country, years=year, language="en_US")
    days = sorted(day for day, label in found.items() if name.lower() in label.lower() and "observed" not in label.lower())
    return Period("day", days[0].toordinal()) if days else None


@rule("named-day", "n:named of? comma? y:year|shortyear", "n:named in y:year", "r:last n:named", "n:named DATE", "n:named")
def named(hit: Hit) -> Reading | None:
    """As in "Christmas", "Labor Day 2021", "last Easter", "Thanksgiving last year"."""
    name = str(hit.get("n", "named"))
    n = hit.number("y", "year", "shortyear")
    if n is not None:
        return dated(named_day(name, full_year(n)))
    if hit.inner is not None:
        return hit.within("year", "day", lambda first: named_day(name, first.year))
    day = hit.setting.published.day
    if day is None:
        return unresolved("day")
    options = [p for p in (named_day(name, day.year + k) for k in _AROUND) if p is not None]
    by = hit.get("r", "last")
    if by in (-1, 1):
        beyond = [p for p in options if p.start and (p.start < day if by == -1 else p.start > day)]
        return dated(beyond[-1 if by == -1 else 0], hit.setting.published, "past" if by == -1 else "future") if beyond else None
    if hit.word(1) in ("island", "carol", "massacre") or is_name(hit):
        return None
    return hit.setting.nearest(hit.offset, lambda _: options) if options else None


RULES: Final[tuple[Rule, ...]] = (named,)
