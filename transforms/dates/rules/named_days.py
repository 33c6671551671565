"""Holidays and other days with a name: reckoned by their rule, looked up in the `holidays` library, or in the table of the world.

Which day it is may depend on the country: that which the sentence names alone, else the article's, else the one that the text names.
"""

import calendar
import datetime as dt
import functools
from dataclasses import replace
from typing import Any, Final

from transforms.article.home_country import countries_named
from transforms.dates.checks import is_name, listed
from transforms.dates.pattern import Rule, rule
from transforms.dates.periods import Period
from transforms.dates.rules.explicit import full_year
from transforms.dates.setting import FAR, Hit
from transforms.dates.timex import Timex, dated, unresolved, way_of
from transforms.words.lexicon import lexicon

_AROUND: Final = (-1, 0, 1)
_BY_COUNTRY: Final = {"labels", "in", "by_moon"}  # what marks a feast that countries keep on days of their own
_A_YEAR: Final = 366  # days: "marked Independence Day" in May is that of last summer
_FIRST_KEPT: Final = 1950  # years for which lunar calendars are looked up; outside them the tables are thin
_LAST_KEPT: Final = 2070

Days = tuple[dt.date, dt.date]
Label = tuple[dt.date, str]


@functools.lru_cache(maxsize=4096)
def named_days(name: str, year: int, country: str | None = None) -> Days | None:
    """The first and last day of that name in a year, as a country keeps it, or None where nobody knows.

    Without a country it is the day of most of the world, else that of the country which the feast is said to be of.
    """
    if not 1 <= year <= 9998:
        return None
    name = lexicon("dates-named-days")[name].get("same", name)
    how: dict[str, Any] = lexicon("dates-named-days")[name]
    country = country or how.get("of")
    if country is not None:
        own = how.get("in", {}).get(country)
        found = _reckoned(own, year) if own else _corrected(name, country, year) or _labelled(how, country, year)
        if found is not None:
            return _until(how, found, year, country)
    found = _reckoned(how, year)
    return _until(how, found, year, country) if found is not None else None


def _until(how: dict[str, Any], found: Days, year: int, country: str | None) -> Days | None:
    """The days up to the eve of the feast that ends them: Ramadan ends before Eid al-Fitr."""
    if "until" not in how:
        return found
    after = named_days(how["until"], year, country)
    return (found[0], after[0] - dt.timedelta(1)) if after is not None and after[0] > found[0] else None


def _reckoned(how: dict[str, Any], year: int) -> Days | None:
    """The day by its rule, or by the calendar of the country that has it."""
    day: dt.date | None = None
    if "once" in how:
        day = dt.date(*how["once"])
    elif "fixed" in how:
        day = dt.date(year, *how["fixed"])
    elif "nth" in how:
        month, weekday, which = how["nth"]
        days = [d for d in calendar.Calendar().itermonthdates(year, month) if d.month == month and d.weekday() == weekday]
        day = days[which - 1 if which > 0 else which]
    elif "easter" in how:
        day = _easter(year) + dt.timedelta(how["easter"])
    elif "kept" in how:
        return _kept(how, year)
    day = day + dt.timedelta(how.get("plus", 0)) if day is not None else None
    return (day, day) if day is not None else None


def _easter(year: int) -> dt.date:
    """Western Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return dt.date(year, f // 31, f % 31 + 1)


def _kept(how: dict[str, Any], year: int) -> Days | None:
    country, name = how["kept"]
    if (found := _corrected(name.lower(), country, year)) is not None:
        return found
    labels = [(day, label) for day, told in calendar_of(country, year) for label in told if name.lower() in label.lower()]
    if "run" in how:
        labels = _of_this_year(labels, [day for day, told in calendar_of(country, year - 1) if name in told], country, year, name)
    exact = [day for day, label in labels if label == name]
    days = exact or [day for day, label in labels if "observed" not in label.lower()]
    if not days:
        return None
    plus = dt.timedelta(how.get("plus", 0))
    return days[0] + plus, (_run(days) if "run" in how else days[0]) + plus


def _of_this_year(labels: list[Label], before: list[dt.date], country: str, year: int, name: str) -> list[Label]:
    """The days of a run that begins in the year, with those of its end in the next: Hanukkah may go over the turn of the year."""
    if before and before[-1] == dt.date(year - 1, 12, 31):
        days = [day for day, _ in labels]
        labels = [entry for entry in labels if entry[0] > _run(days)] if days and days[0] == dt.date(year, 1, 1) else labels
    if labels and labels[-1][0] == dt.date(year, 12, 31):
        following = [(day, label) for day, told in calendar_of(country, year + 1) for label in told if name.lower() in label.lower()]
        end = _run([day for day, _ in following]) if following and following[0][0] == dt.date(year + 1, 1, 1) else None
        labels += [entry for entry in following if end is not None and entry[0] <= end]
    return labels


def _run(days: list[dt.date]) -> dt.date:
    """The last of the days that follow the first without a gap."""
    last = days[0]
    for day in days[1:]:
        if (day - last).days > 1:
            break
        last = day
    return last


def _corrected(name: str, country: str, year: int) -> Days | None:
    """What the table of the world says, for a year or for all."""
    for day in lexicon("world")["feasts"].get(name, {}).get(country, ()):
        found = dt.date(year, *day) if isinstance(day, list) else day
        if found.year == year:
            return found, found
    return None


def _labelled(how: dict[str, Any], country: str, year: int) -> Days | None:
    """The first day that bears one of the labels, and no more words, in the country's calendar."""
    labels = how.get("labels", ())
    for wanted in (set(labels), {f"{label} (observed)" for label in labels}):  # Israel moves a feast that would lead into the Sabbath
        for day, told in calendar_of(country, year) if wanted else ():
            if wanted.intersection(told):
                return day, day
    return None


@functools.lru_cache(maxsize=256)
def calendar_of(country: str, year: int) -> tuple[tuple[dt.date, tuple[str, ...]], ...]:
    """The holidays of a country and year in order, in English, each day with its names; none for a country that the library lacks."""
    if not _FIRST_KEPT <= year <= _LAST_KEPT:
        return ()
    import holidays  # a second to import, and few articles need it

    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        return ()
    languages = holidays.list_localized_countries(include_aliases=False).get(country, [])
    categories = holidays.country_holidays(country).supported_categories
    found = holidays.country_holidays(country, years=year, language="en_US" if "en_US" in languages else None, categories=categories)
    return tuple((day, tuple(part.removesuffix(" (estimated)") for part in label.split("; "))) for day, label in sorted(found.items()))


def _country(hit: Hit, how: dict[str, Any]) -> str | None:
    """Whose feast is meant, for those that differ by country; `home` of the feast where the text names no country at all."""
    if not how.keys() & _BY_COUNTRY:
        return None
    near, home = countries_named(hit.setting.sentence_around(hit.offset)), hit.setting.home
    found = hit.setting.country(hit.offset) if len(near) < 2 or home in near else None  # "the US and India marked Independence Day"
    if found is None and "home" in how and not countries_named(hit.setting.text):
        return str(how["home"])
    return found


def _doubtful(how: dict[str, Any], name: str, country: str | None, days: Days) -> bool:
    """Whether another country keeps another day, where it is not known that this one keeps this."""
    if "by_moon" not in how:
        return False
    own = country is not None and (_corrected(name, country, days[0].year) or _labelled(how, country, days[0].year)) is not None
    return not own


@rule("named-day", "n:named of? comma? y:year|shortyear", "n:named in y:year", "r:last n:named", "n:named DATE", "n:named")
def named(hit: Hit) -> Timex | None:
    """As in "Christmas", "Labor Day 2021", "last Easter", "Thanksgiving last year"."""
    said = str(hit.get("n", "named"))
    name = lexicon("dates-named-days")[said].get("same", said)
    how = lexicon("dates-named-days")[name]
    country = _country(hit, how)
    if country is None and "of" in how:
        return None if is_name(hit) else unresolved("day")  # of which country, nobody says
    found = _of_year(hit, name, country) if "y" in hit or hit.inner is not None else _near(hit, name, country)
    if found is None or found.start is None:
        return found
    days = named_days(name, found.start.year, country)
    if days is None:
        return found
    whole = found if days[0] == days[1] else replace(found, value=f"{days[0]}/{days[1]}", end=days[1], unit=None, period=None)
    guessed = country is not None and country == how.get("home") and hit.setting.country(hit.offset) is None
    return replace(whole, ambiguous=whole.ambiguous or guessed or _doubtful(how, name, country, days))


def named_day(name: str, year: int, country: str | None = None) -> Period | None:
    """The day of that name in a year, the first of several, as a country keeps it."""
    found = named_days(name, year, country)
    return Period("day", found[0].toordinal()) if found is not None else None


def _of_year(hit: Hit, name: str, country: str | None) -> Timex | None:
    """A feast with its year. One that the country does not keep stays unresolved: it is not its whole year."""
    n = hit.number("y", "year", "shortyear")
    if n is not None:
        return dated(named_day(name, full_year(n), country)) or unresolved("day")
    inner = hit.inner
    if inner is None or inner.unit != "year":
        return None
    return hit.within("year", "day", lambda first: named_day(name, first.year, country)) or unresolved("day")


def _near(hit: Hit, name: str, country: str | None) -> Timex | None:
    """A feast without a year: the one that the tense of its clause speaks for."""
    before = hit.word(-2 if hit.word(-1) == "." else -1)
    if hit.word(1) in ("island", "carol", "massacre") or listed(before, "before_surname") or is_name(hit):
        return None
    day = hit.setting.published.day
    if day is None:
        return unresolved("day")
    options = [p for p in (named_day(name, day.year + k, country) for k in _AROUND) if p is not None]
    by_country = lexicon("dates-named-days")[name].keys() & _BY_COUNTRY
    way = hit.way if by_country else None
    told = {"past": lambda p: p.start <= day, "future": lambda p: p.end >= day}.get(way or "", lambda _: True)
    if not any(map(told, options)):
        return unresolved("day")  # next year's feast by the moon, which the tables do not hold yet
    if by := hit.number("r", "last"):
        beyond = [p for p in options if p.start and (p.start < day if by < 0 else p.start > day)]
        return dated(beyond[-1 if by < 0 else 0], hit.setting.published, way_of(by)) if beyond else None
    # "the Christmas single was sung" is of the next Christmas, too
    return hit.setting.nearest(hit.offset, lambda _: options, far=_A_YEAR if by_country else FAR)


RULES: Final[tuple[Rule, ...]] = (named,)
