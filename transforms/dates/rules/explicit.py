"""Calendar dates: days, months, years, decades and centuries, whole or with the year left out."""

import datetime as dt
import re
from dataclasses import replace
from typing import Final

from transforms.dates.checks import is_bare_month, is_name, is_year, listed, month_day_counts
from transforms.dates.pattern import Rule, rule
from transforms.dates.periods import Period
from transforms.dates.setting import Hit
from transforms.dates.tense import token_at
from transforms.dates.timex import Piece, Timex, dated, unresolved, way_of
from transforms.parse.grammar import NOMINAL_SUBJECTS
from transforms.words.lexicon import lexicon

_YY_PIVOT: Final = 30  # two-digit years up to 30 are of this century
_AROUND: Final = (-1, 0, 1)
_FAR_MONTH: Final = 330  # days: in November "in December" may be that of last year, "in October" is this year's


def full_year(n: int) -> int:
    """A year of two digits in full: 08 is 2008, 87 is 1987."""
    return n if n >= 100 else n + (2000 if n <= _YY_PIVOT else 1900)


def _month(hit: Hit, name: str = "m") -> int:
    return hit.number(name, "month", "mon") or 1


def _year(hit: Hit, name: str = "y") -> int | None:
    n = hit.number(name, "year", "shortyear", "yy")
    return None if n is None else full_year(n)


def day_near(hit: Hit, month: int, day: int) -> Timex | None:
    """A day and month without a year: the year by the tense of the clause and the day of publication."""
    if Period.day(2000, month, day) is None:
        return None
    if hit.setting.published.day is None:
        return unresolved("day")
    return hit.setting.nearest(hit.offset, lambda anchor: [p for k in _AROUND if (p := Period.day(anchor.year + k, month, day))])


def month_near(hit: Hit, month: int) -> Timex:
    """A month without a year."""
    found = hit.setting.nearest(hit.offset, lambda anchor: [Period.month(anchor.year + k, month) for k in _AROUND], far=_FAR_MONTH)
    return found or unresolved("month")


@rule("numeric-date", "t:iso", "t:slashed")
def numeric_date(hit: Hit) -> Timex | None:
    """2008-03-06, 6/3/2008, 06.03.2008: the day first unless only the month can be, or the slashes are American."""
    numbers = [int(n) for n in re.split(r"\D", hit.named["t"].text[:10].split(" ")[0])[:3] if n]
    if len(numbers) < 3:
        return None
    a, b, c = numbers
    if a > 31:
        return dated(Period.day(a, b, c))
    american = "/" in hit.named["t"].text and b <= 31 and a <= 12
    both = a <= 12 and b <= 12 and a != b
    found = Period.day(full_year(c), a, b) if american or b > 12 else Period.day(full_year(c), b, a)
    return dated(found, ambiguous=both)


@rule(
    "full-date",
    "w:weekday|wday comma? m:month|mon d:day|dayord comma? y:year|shortyear",
    "w:weekday|wday comma? on? the? d:day|dayord of? m:month|mon comma? y:year|shortyear",
    "m:month|mon d:day|dayord comma? y:year|shortyear",
    "the? d:day|dayord of? m:month|mon comma? y:year|shortyear",
    "d:day hyphen m:month|mon hyphen y:year|yy",
)
def full_date(hit: Hit) -> Timex | None:
    return dated(Period.day(_year(hit) or 0, _month(hit), hit.number("d", "day", "dayord") or 0))


@rule("known-day", "m:month|mon d:day|dayord", "the? d:day|dayord of? m:month|mon")
def known_day(hit: Hit) -> Timex | None:
    """As in "the September 11 attacks": news names the day of great attacks without its year."""
    month, day = _month(hit), hit.number("d", "day", "dayord") or 0
    known = lexicon("dates-known-days").get(f"{month:02d}-{day:02d}")
    if known is None or hit.word(1) not in known["before"]:
        return None
    found, published = Period.day(known["year"], month, day), hit.setting.published.day
    return dated(found) if found and found.start and (published is None or found.start <= published) else None


@rule(
    "day-and-month",
    "w:weekday|wday comma? m:month|mon the? d:day|dayord",
    "w:weekday|wday comma? the? d:day|dayord of? m:month|mon",
    "m:month|mon the? d:day|dayord",
    "the? d:day|dayord of? m:month|mon",
)
def day_and_month(hit: Hit) -> Timex | None:
    """A day without its year; "in May 20 people died" is a month and a count."""
    day = hit.number("d", "day", "dayord") or 0
    if hit.places["d"] > hit.places["m"] and month_day_counts(hit):
        return None
    return day_near(hit, _month(hit), day)


@rule(
    "day-of-month-of",
    "m:month|mon d:day|dayord of? DATE",
    "the? d:day|dayord of? m:month of? DATE",
    "m:month of? DATE",
    "m:month comma DATE",
)
def day_of_month_of(hit: Hit) -> Timex | None:
    """A month or day of a year that is itself relative: "October of next year", "May 3 last year", "1 July next year"."""
    month, day = _month(hit), hit.number("d", "day", "dayord")
    if day is None:
        return hit.within("year", "month", lambda first: Period.month(first.year, month))
    return hit.within("year", "day", lambda first: Period.day(first.year, month, day))


@rule("weekday-and-day", "w:weekday comma? the? d:dayord")
def weekday_and_day(hit: Hit) -> Timex | None:
    """As in "Thursday the 14th": the nearest month in which that day falls on that weekday, as the tense has it."""
    weekday, number = hit.number("w", "weekday"), hit.number("d", "dayord") or 0
    if not hit.named["d"].text[0].isdigit():
        return None

    def candidates(anchor: dt.date) -> list[Period]:
        months = (Period.of("month", anchor).shift(k).start for k in range(-6, 7))
        days = (Period.day(m.year, m.month, number) for m in months if m)
        return [p for p in days if p and p.start and p.start.weekday() == weekday]

    if hit.setting.published.day is None:
        return unresolved("day")
    return hit.setting.nearest(hit.offset, candidates)


@rule("month-and-year", "m:month|mon of? comma? y:year|shortyear")
def month_and_year(hit: Hit) -> Timex | None:
    return dated(Period.month(_year(hit) or 0, _month(hit)))


@rule("month-beside-now", "the? r:last|beside m:month")
def month_beside_now(hit: Hit) -> Timex | None:
    """As in "last August", the latest that is over, "next March", the first to come, "this June", the year's own."""
    day = hit.setting.published.day
    by = hit.number("r", "last", "beside") or 0
    if hit.named["m"].text.islower() or is_name(hit):
        return None
    if day is None:
        return unresolved("month")
    own = Period.month(day.year, _month(hit))
    if by < 0:
        chosen = own if own.end and own.end < day else own.shift(-12)
    else:
        chosen = own if by == 0 or (own.start and own.start > day) else own.shift(12)
    return dated(chosen, hit.setting.published, way_of(by))


@rule("that-month", "that same? m:month")
def that_month(hit: Hit) -> Timex | None:
    """As in "in February 2022, and more that September": of the year of the last date said, where it does not lie before that."""
    token = token_at(hit.setting.doc, hit.named["m"].start)
    if token is None or token.dep_ in NOMINAL_SUBJECTS or not is_bare_month(hit):  # "he said that March was cold"
        return None
    anchor = hit.setting.previous(hit.offset, lambda p: p.unit not in ("century", "decade"))
    if anchor is None or anchor.day is None:
        return unresolved("month")
    own = Period.month(anchor.day.year, _month(hit))
    return dated(own, anchor, "present") if own.end and own.end >= anchor.day else unresolved("month")


@rule("month", "m:month")
def month(hit: Hit) -> Timex | None:
    return month_near(hit, _month(hit)) if is_bare_month(hit) else None


@rule(
    "day-range",
    "m:month|mon a:day|dayord hyphen|dash|to|and b:day|dayord",
    "a:day|dayord hyphen|dash|to|and b:day|dayord of? m:month|mon",
)
def day_range(hit: Hit) -> tuple[Piece, ...] | None:
    """As in "May 3-5" is two dates, the second "5" alone (TIMEX3); a year behind it holds for both."""
    lexemes = hit.setting.lexemes
    last, year = hit.last, None
    for step in (1, 2):
        beside = hit.lexeme(step)
        if "year" in beside and (step == 1 or lexemes[hit.last + 1].text == ","):
            last, year = hit.last + step, int(beside["year"])
            break
        if "comma" not in beside:
            break
    days = [hit.number(name, "day", "dayord") or 0 for name in "ab"]
    joined = "and" in {one.text for one in lexemes[hit.places["a"] : hit.places["b"]]}
    if days[0] >= days[1] or (joined and hit.places["m"] < hit.places["a"] and year is None and _counts_on(hit)):
        return None
    month = _month(hit)
    a, b = (dated(Period.day(year, month, d)) if year else day_near(hit, month, d) for d in days)
    return replace(hit, last=last).both(a, b)


def _counts_on(hit: Hit) -> bool:
    """Whether a number after "and" counts something: "On May 3 and 12 people were hurt"."""
    after = hit.lexeme(1)
    return after.text.islower() and after.text not in ("and", "in", "at", "to", "for", "with", "as", "by")


@rule(
    "month-range",
    "a:month hyphen|dash|to|and|or b:month of? y:year",
    "a:month hyphen|dash|to|and|or b:month r:last u:unit",
    "a:month hyphen|to b:month",
)
def month_range(hit: Hit) -> tuple[Piece, ...] | None:
    """As in "March to June 2004": the year holds for both; the year before where the first month is the later one."""
    a, b, published = _month(hit, "a"), _month(hit, "b"), hit.setting.published
    if "y" in hit:
        year = _year(hit) or 0
        made = dated(Period.month(year - (a > b), a)), dated(Period.month(year, b))
    elif "u" in hit:  # "between May and September last year"
        if hit.get("u", "unit") != "year" or published.day is None:
            return None
        by = hit.number("r", "last") or 0
        year = published.day.year + by
        made = dated(Period.month(year - (a > b), a), published, way_of(by)), dated(Period.month(year, b), published, way_of(by))
    else:
        last = month_near(hit, b)
        first = last.period.shift(a - b - (12 if a > b else 0)) if last.period else None
        made = dated(first, last.anchor, last.direction) if first else unresolved("month"), last
    return hit.both(*made)


@rule("year-range", "a:year hyphen b:year")
def year_range(hit: Hit) -> tuple[Piece, ...] | None:
    """As in "1955-2011": two years. A second of two digits is no year by itself: see `fiscal.two_years`."""
    first, second = int(hit.named["a"]["year"]), int(hit.named["b"]["year"])
    return hit.both(dated(Period.year(first)), dated(Period.year(second))) if first < second <= first + 150 else None


@rule("year", "y:year", "calendar y:year", "the u:unit y:year")
def year(hit: Hit) -> Timex | None:
    """A year by itself, or as "the year 2000"."""
    told = hit.get("u", "unit") == "year" if "u" in hit else is_year(hit)
    return dated(Period.year(int(hit.named["y"]["year"]))) if told else None


@rule("short-year", "y:shortyear")
def short_year(hit: Hit) -> Timex | None:
    """As in "in '08", never the start of a quotation."""
    return dated(Period.year(_year(hit) or 0)) if listed(hit.word(-1), "before_short_year") else None


_FIRST_CENTURY: Final = 1000


@rule("decade", "the? d:decade|age")
def decade(hit: Hit) -> Timex | None:
    """As in "the 1990s", "the '80s", "the nineties"; "her 80s" and "his late thirties" are ages."""
    lexeme, before = hit.named["d"], hit.word(-1)
    n = hit.number("d", "decade", "age") or 0
    if listed(before, "possessive") or listed(hit.word(-2), "possessive") or is_name(hit):
        return None
    with_the = hit.opening == "the"
    if "age" in lexeme and not with_the:
        return None
    if n < 100:
        n += 1900 if n >= 30 else 2000
        if not with_the and not listed(before, "before_decade") and lexeme.text[0] not in "'’‘":
            return None
    if n % 100 == 0 and _FIRST_CENTURY <= n < 2000:
        return dated(Period("century", n // 100), ambiguous=n == 1900)  # "the 1700s"; "the 1900s" may be ten years, too
    return dated(Period("decade", n // 10))


@rule("century", "the? o:ord hyphen? u:unit")
def century(hit: Hit) -> Timex | None:
    """As in "the 19th century" is 18 in TIMEX3."""
    n = hit.number("o", "ord") or 0
    if hit.get("u", "unit") != "century" or not 1 <= n <= 30:
        return None
    return dated(Period("century", n - 1))


RULES: Final[tuple[Rule, ...]] = (
    numeric_date, full_date,
    known_day, day_and_month, weekday_and_day, month_and_year, day_of_month_of, month_beside_now, that_month, month,
    day_range, month_range, year_range, year, short_year, decade, century,
)  # fmt: skip
