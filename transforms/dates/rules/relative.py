"""Dates reckoned from the day of publication or from a date said before."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from schemas.date import Modifier
from transforms.dates.checks import listed
from transforms.dates.pattern import Rule, rule
from transforms.dates.periods import Period, back
from transforms.dates.setting import Hit
from transforms.dates.tense import token_at
from transforms.dates.timex import Anchor, Timex, dated, unresolved, vaguely, way_of
from transforms.parse.grammar import RELATIVE_TAGS, own_subject

_CALENDAR: Final = ("day", "week", "month", "quarter", "year", "decade", "century")  # from the smallest to the largest
# How fine the result of "N units ago" is, by its unit: "nine months ago" is a month, "three days ago" a day.
_GRAIN: Final = {
    "day": "day",
    "week": "week",
    "fortnight": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "decade": "year",
    "weekend": "weekend",
}
_HOURS: Final = {"hour": 1.0, "minute": 1 / 60, "second": 1 / 3600}
_SAME_DAY: Final = 6  # hours; what is longer ago than that may have been yesterday
_CLAUSE: Final = 8  # words of a clause that tells when: "the night Moss died"
_WEEKS_END: Final = 4  # Friday
_MANY: Final = 400  # more units than this is not counted from today: "5,000 years ago"


def _sized(unit: str) -> Callable[[Period], bool]:
    """Which earlier dates a shift by this unit may lean on: a day needs a day, a month a day or month, a year anything."""
    sizes = {"day": ("day",), "week": ("day", "week"), "month": ("day", "month"), "quarter": ("month", "quarter")}
    return lambda period: period.unit in sizes.get(unit, ("month", "quarter", "half", "season", "year"))


@rule("unit-beside-now", "the? r:last u:unit", "the? r:last fiscal|calendar|academic u:unit", "the? fiscal? u:unit r:ago")
def unit_beside_now(hit: Hit) -> Timex | None:
    """As in "last year", "this month", "the next quarter", "the current financial year"."""
    unit, by = hit.unit(), hit.number("r", "last")
    if unit not in _CALENDAR or by is None:
        return None
    word = hit.named["r"].lower
    lasting = unit == "decade" and listed(hit.word(-1), "during")
    if lasting or (word in ("past", "coming") and hit.opening == "the"):
        return None  # a stretch that ends or begins today, see durations
    if unit == "day" and word in ("last", "past", "this", "current"):
        return None
    if word == "next" and hit.opening == "the" and (unit == "day" or hit.way == "past"):
        return shifted_from_text(hit, unit, by)  # "the next day" of a story
    if word == "this" and hit.word(1) in ("'s", "’s") and unit == "century":
        return None
    day = hit.setting.published.day
    over = word == "this past" and unit == "week" and day is not None and day.weekday() >= _WEEKS_END
    return hit.setting.shifted(unit, 0 if over else by)  # "this past week", told when it is over


@rule("unit-before-last", "the u:unit b:beforeafter r:last")
def unit_before_last(hit: Hit) -> Timex | None:
    """As in "the year before last", "the week after next"."""
    by, unit = hit.number("r", "last") or 0, hit.unit()
    if by * (hit.number("b", "beforeafter") or 0) <= 0 or unit not in _CALENDAR:
        return None
    return hit.setting.shifted(unit, 2 * by)


@rule("unit-beside-date", "the r:beside u:unit", "the? u:unit r:shift|beforeafter|beside", "a u:unit r:shift|beforeafter")
def unit_beside_date(hit: Hit) -> Timex | None:
    """As in "the previous month", "the following day", "a year earlier", "the year before": they lean on a date said before."""
    unit = hit.unit()
    word = hit.named["r"].lower
    by = hit.number("r", "beside", "shift", "beforeafter")
    if unit not in _CALENDAR or by is None:
        return None
    if hit.places["r"] > hit.places["u"]:
        starts = hit.opening
        if starts not in ("the", "a") or (word in ("before", "after", "following", "preceding", "prior") and not _ends_here(hit)):
            return None
    return shifted_from_text(hit, unit, by)


def _ends_here(hit: Hit) -> bool:
    """Whether the phrase is over: "the year before." but not "the year before the war"."""
    after = hit.lexeme(1)
    return not after.text.isalpha() or listed(after.lower, "behind_the_end")


def shifted_from_text(hit: Hit, unit: str, by: int) -> Timex | None:
    """A unit shifted from the last fitting date of the text, else from the day of publication.

    "A year earlier" than a month or a quarter is that month or quarter (most news compares like with like).
    """
    setting = hit.setting
    told = setting.told()
    anchor = setting.previous(hit.offset, _sized(unit), near=0, among=told)
    if anchor is None and unit == "year":
        anchor = setting.previous(hit.offset, lambda p: p.unit in ("month", "quarter"), near=2, among=told)
    anchor = anchor or setting.previous(hit.offset, _sized(unit), among=setting.going_on())
    if anchor is None or anchor.period is None or anchor.day is None:
        if by > 0:
            return unresolved(unit)  # "the following day" of what nobody said
        found = setting.shifted(unit, by)
        return replace(found, ambiguous=True) if found else None
    if unit == "year" and anchor.period.unit in ("month", "quarter", "half", "season") and hit.opening == "a":
        per_year = {"month": 12, "quarter": 4, "half": 2, "season": 4}[anchor.period.unit]
        return dated(anchor.period.shift(by * per_year), anchor, way_of(by))
    return dated(Period.of(unit, anchor.day).shift(by), anchor, way_of(by))  # type: ignore[arg-type]


@rule(
    "some-time-ago",
    "h:hedge? a:a|card|vague u:unit|units ago",
    "u:units ago",
    "h:over a:card u:units ago",
    "h:hedge? a:card units b:card units ago",
    "v:a ago",
)
def some_time_ago(hit: Hit) -> Timex | None:
    """As in "two weeks ago"; "years ago" and "several months ago" are the past at large."""
    unit = hit.unit()
    amount = 1 if hit.get("a", "a") else hit.get("a", "card")
    if "u" not in hit:
        return None
    if amount is None or unit not in _GRAIN or not isinstance(amount, int | float) or amount > _MANY or amount != int(amount):
        return _ago_vaguely(hit, unit, amount)
    return _moved(hit, unit, -int(amount), hit.setting.published, hit.hedge)


def _ago_vaguely(hit: Hit, unit: str, amount: object) -> Timex | None:
    published = hit.setting.published
    if unit in _HOURS and published.day and isinstance(amount, int | float) and amount * _HOURS[unit] < _SAME_DAY:
        found = dated(Period.of("day", published.day), published, "past")
        return replace(found, timex_type="TIME", precision=unit) if found else None  # type: ignore[arg-type]
    if isinstance(amount, float) and published.day and amount <= _MANY:
        day = back(published.day, unit, amount)
        return dated(Period.of("month", day), published, "past") if day else None
    return vaguely("PAST_REF", published)


def _moved(hit: Hit, unit: str, by: int, anchor: Anchor, hedge: object) -> Timex | None:
    """The period `by` units from the anchor, as fine as the unit is."""
    if anchor.day is None:
        return unresolved(_GRAIN[unit])
    day = back(anchor.day, unit, -by)
    if day is None:
        return None
    found = dated(Period.of(_GRAIN[unit], day), anchor, "past" if by < 0 else "future")  # type: ignore[arg-type]
    if found is None or hedge is None:
        return found
    if hedge == "LESS_THAN" and by < 0:
        return replace(found, start=day, end=anchor.day, modifier="AFTER")
    modifiers: dict[str, Modifier] = {"LESS_THAN": "BEFORE", "MORE_THAN": "BEFORE" if by < 0 else "AFTER"}
    return replace(found, modifier=modifiers.get(str(hedge), "APPROX"))


@rule(
    "some-time-on",
    "h:hedge? a:a|card|vague u:unit|units r:shift",
    "h:hedge? a:card|a|vague u:unit|units possessive time",
    "h:hedge? a:a|card u:unit|units from now",
    "a:card u:unit|units r:beforeafter",
    "u:units r:shift",
)
def some_time_on(hit: Hit) -> Timex | None:
    """As in "two days later", "a week earlier": from the last date said; "in two years' time", "a year from now": from today."""
    unit = hit.unit()
    amount = 1 if hit.get("a", "a") else hit.get("a", "card")
    last = hit.setting.lexemes[hit.last].lower
    by = hit.number("r", "shift", "beforeafter") or 1
    if last in ("before", "after") and not _ends_here(hit):
        return None
    if not isinstance(amount, int | float) or amount != int(amount):
        return vaguely("FUTURE_REF" if by > 0 and hit.way == "future" else "PAST_REF", hit.setting.published)
    return None if unit not in _GRAIN else _some_units_on(hit, unit, int(amount), by, last)


def _some_units_on(hit: Hit, unit: str, amount: int, by: int, last: str) -> Timex | None:
    if last in ("time", "now", "hence"):
        return _moved(hit, unit, amount, hit.setting.published, hit.hedge)
    if unit == "year" and amount == 1:
        return shifted_from_text(hit, "year", by)
    anchor = hit.setting.previous(hit.offset, _sized(unit), near=5)
    if anchor is None and by > 0 and hit.way != "future":
        return unresolved(_GRAIN[unit])
    return _moved(hit, unit, amount * by, anchor or hit.setting.published, hit.hedge)


@rule("same-unit", "the|that|this? same u:unit|time|period", "that same? u:unit", "the same u:unit")
def same_unit(hit: Hit) -> Timex | None:
    """As in "that same month", "that day", "the same year": the period of the last date said."""
    words = hit.words
    unit = str(hit.get("u", "unit") or "")
    if not unit:
        return None
    if unit not in _CALENDAR or words[0] not in ("that", "the", "this") or (words[0] != "that" and "same" not in words):
        return None
    anchor = hit.setting.previous(hit.offset, lambda p: _contains(p, unit), near=6)
    if anchor is None or anchor.day is None:
        return None
    return dated(Period.of(unit, anchor.day), anchor, "present")  # type: ignore[arg-type]


def _contains(period: Period, unit: str) -> bool:
    """Whether a period lies within one such unit, so that "that month" can be its month."""
    size = {"season": "quarter", "half": "year", "weekend": "week"}.get(period.unit, period.unit)
    return _CALENDAR.index(size) <= _CALENDAR.index(unit)


@rule(
    "same-period-of",
    "the s:same u:unit|period|time of? in? DATE",
    "the s:same u:unit|period|time a unit ago",
    "the s:same u:unit|period|time a unit r:shift",
)
def same_period_of(hit: Hit) -> Timex | None:
    """As in "the same period last year": the last date said, in that year."""
    setting = hit.setting
    year = hit.inner or setting.shifted("year", -1)
    if year is None or year.unit != "year" or year.modifier:
        return None
    if year.period is None or year.period.start is None:
        return unresolved("year")
    unit = hit.get("u", "unit")
    anchor = setting.previous(
        hit.offset,
        lambda p: p.unit in ("day", "week", "month", "quarter", "half", "season") and (unit is None or p.unit in (unit, "day")),
    )
    if anchor is None or anchor.day is None or anchor.period is None:
        return replace(year, ambiguous=True)
    period = anchor.period if unit is None or unit == anchor.period.unit else Period.of(str(unit), anchor.day)  # type: ignore[arg-type]
    return dated(_in_year(period, year.period.start.year if hit.inner else anchor.day.year - 1), anchor, "past")


def _in_year(period: Period, year: int) -> Period | None:
    """The like period of another year."""
    first = period.start
    if first is None:
        return None
    if period.unit == "week":
        return period.shift((year - first.year) * 52)
    if period.unit == "day":
        return Period.day(year, first.month, first.day)
    try:
        return Period.of(period.unit, dt.date(year, first.month, 1))
    except ValueError:
        return None


@rule("day-of-trade", "the u:unit")
def day_of_trade(hit: Hit) -> Timex | None:
    """As in "shares ended the day lower": the day that is told of."""
    if hit.unit() != "day" or not listed(hit.word(-1), "day_of_trade") or _qualified(hit):
        return None
    return hit.setting.day_told(hit.offset, near=1)


@rule("time-of-clause", "the u:unit|daypart")
def time_of_clause(hit: Hit) -> Timex | None:
    """As in "the night Moss died", "the year when she left": a time that only the clause tells, so nobody knows which."""
    token = token_at(hit.setting.doc, hit.named["u"].start)
    clause = next((c for c in token.rights if c.dep_ == "relcl"), None) if token is not None else None
    if token is None or clause is None or clause.i - token.i > _CLAUSE or not clause.tag_.startswith("VB"):
        return None
    subject = own_subject(clause)
    opens = hit.word(1) in ("when", "that") or (subject is not None and subject.left_edge.i == token.i + 1)
    if not opens or subject is None or subject.tag_ in RELATIVE_TAGS or any(c.dep_ == "dobj" and c.i < clause.i for c in clause.lefts):
        return None
    unit = hit.get("u", "unit")
    return unresolved(str(unit)) if unit in _CALENDAR else unresolved("day") if "daypart" in hit.named["u"] else None


@rule("the-unit", "the w:whole? u:unit")
def the_unit(hit: Hit) -> Timex | None:
    """As in "the end of the year", "in the month": the unit in which the last date or the day of publication lies."""
    unit = hit.unit()
    if hit.word(-1) not in ("of", "in", "during", "from", "to", "since", "by", "throughout", "through") and "w" not in hit:
        return None
    saying = hit.word(-1) == "of" and hit.word(-2) == "end" and hit.word(1) == "," and unit == "day"  # "at the end of the day, it is"
    if saying or unit not in _CALENDAR or _qualified(hit):
        return None
    if hit.word(-1) == "of" and (hit.named["u"].text[0].isupper() or not listed(hit.word(-2), "before_of_unit")):
        return None  # "player of the year", "the swindle of the century"
    if unit == "day":
        return hit.setting.day_told(hit.offset, near=1) if hit.word(-1) in ("of", "in", "during", "throughout") else None
    anchor = None
    if unit in ("month", "quarter"):
        anchor = hit.setting.previous(hit.offset, lambda p: p.unit == unit)
    elif unit == "year" and hit.way == "past":  # "For 1986 assets grew, most of it late in the year"
        here = hit.setting.sentence(hit.offset)
        said = [s for s in hit.setting.told() if s.sentence == here]
        anchor = hit.setting.previous(hit.offset, lambda p: p.unit == unit, near=0, among=said[::-1])  # the first: what it is about
    return hit.setting.shifted(unit, 0, anchor)


def _qualified(hit: Hit) -> bool:
    """Whether a clause or phrase says which one is meant: "the year that", "the day after", "the week of"."""
    after = hit.lexeme(1)
    return listed(after.lower, "behind_one_meant") or after.text[:1].isdigit()


@rule("that-time", "(by|since|until|from|before) then", "(by|at|since|until|to|before) that t:time|point|unit")
def that_time(hit: Hit) -> Timex | None:
    """As in "by then", "at that time": the last date said."""
    if ("t" in hit and hit.get("t", "unit") is not None) or hit.word(1) == "-":
        return None
    anchor = hit.setting.previous(hit.offset, lambda p: True, near=2)
    return dated(anchor.period, anchor, "present") if anchor else None


RULES: Final[tuple[Rule, ...]] = (
    unit_before_last, some_time_ago, some_time_on, same_period_of, same_unit, unit_beside_now, unit_beside_date,
    day_of_trade, time_of_clause, the_unit, that_time,
)  # fmt: skip
