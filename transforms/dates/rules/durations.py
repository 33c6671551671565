"""Amounts of time: how long, told apart from how old, how often and when."""

import datetime as dt
from dataclasses import replace
from typing import Final

from schemas.date import Modifier
from transforms.dates.checks import listed
from transforms.dates.pattern import Rule, rule
from transforms.dates.periods import Days, Period, back
from transforms.dates.setting import Hit
from transforms.dates.timex import Direction, Piece, Timex, dated, lasting, length_value, precision_of, stretch, unresolved

# A unit and the smaller ones that its amounts are told with: "two years and three months".
_WITHIN: Final = frozenset({
    ("year", "month"), ("year", "day"), ("year", "week"), ("month", "week"), ("month", "day"), ("week", "day"),
    ("day", "hour"), ("hour", "minute"), ("minute", "second"),
})  # fmt: skip


def _is_age(hit: Hit) -> bool:
    """As in "33-year-old", "33 years old", "33 years of age": how old, not how long."""
    tied = hit.word(1) in ("-", "–")
    return hit.word(2 if tied else 1) in ("old", "olds") or (hit.word(1), hit.word(2)) == ("of", "age")


def _modifier(hit: Hit) -> Modifier | None:
    hedge = hit.hedge
    return hedge if hedge in ("APPROX", "MORE_THAN", "LESS_THAN") else None


def _fraction_of_quarters(hit: Hit, unit: str) -> bool:
    """As in "a quarter", "three quarters of voters" is a fraction; "three consecutive quarters" are nine months."""
    single = "a" in hit.named.get("a", ())
    return unit == "quarter" and (single or ("s" not in hit and hit.word(-1) not in ("for", "past", "last", "next", "in")))


@rule(
    "amount-of-time",
    "h:hedge? a:card hyphen? u:unit hyphen? long?",
    "h:hedge? the? o:ord? a:card more? s:straight? u:units",
    "h:hedge? the? v:vague more? s:straight? u:units",
    "h:hedge? a:card hyphen? u:units",
    "h:hedge a:a u:unit",
    "h:hedge? a:a|card u:unit and a f:half",
    "h:over a:card u:units",
)
def amount_of_time(hit: Hit) -> Timex | None:
    """As in "six months", "two-year", "more than a week", "at least two more years", "the first two years", "for over two years"."""
    unit = hit.unit()
    during = hit.get("h", "over") and not listed(hit.word(-1), "before_over")  # "rose over two years"
    if during or _is_age(hit) or _fraction_of_quarters(hit, unit) or listed(hit.word(-1), "before_name"):
        return None
    amount: float | None = 1.0 if hit.get("a", "a") else hit.get("a", "card")  # type: ignore[assignment]
    if hit.word(-1) == "at" and unit == "hour" and "hhmm" in hit.named.get("a", ()):
        return None  # "at 1800 hours"
    if hit.word(-1) == "on" and unit == "minute" and hit.first == hit.places.get("a"):
        return None  # "scored on 34 minutes": a point of the match
    if "f" in hit and amount is not None:
        amount += 0.5
    if "v" in hit and hit.named["v"].lower == "few" and hit.opening != "the":
        return None if hit.word(-1) == "a" else lasting(None, unit)
    return lasting(amount, unit, modifier=_modifier(hit))


@rule("amount-in-two-units", "h:hedge? a:card u:unit|units and? b:card v:unit|units")
def amount_in_two_units(hit: Hit) -> Timex | None:
    """As in "four hours and five minutes", "two years and three months": one length."""
    larger, smaller = hit.unit(), hit.unit("v")
    first, second = hit.get("a", "card"), hit.get("b", "card")
    if (larger, smaller) not in _WITHIN or not isinstance(first, int) or not isinstance(second, int) or _is_age(hit):
        return None
    whole, part = length_value(first, larger), length_value(second, smaller)
    joined = part.removeprefix("PT") if whole.startswith("PT") else part.removeprefix("P")
    return replace(lasting(first, larger, modifier=_modifier(hit)), value=whole + joined, precision=precision_of(smaller))


@rule(
    "amount-range",
    "a:card u1:units? and|to|or|hyphen|dash b:card hyphen? u:unit|units",
    "a:card hyphen to hyphen b:card hyphen u:unit|units",
)
def amount_range(hit: Hit) -> tuple[Piece, ...] | None:
    """As in "between 60 and 90 days", "1.5 to 2 years", "30-to-60-day": two durations (GUIDELINES.md)."""
    unit = hit.unit()
    if _is_age(hit) or "u1" in hit or unit == "quarter":
        return None
    middle = [one.lower for one in hit.setting.lexemes[hit.places["a"] + 1 : hit.places["b"]]]
    if middle == ["and"] and hit.word(-1) != "between":
        return None
    a, b = (hit.get(name, "card") for name in "ab")
    if not isinstance(a, int | float) or not isinstance(b, int | float) or a >= b:
        return None
    return Piece(hit.places["a"], hit.places["a"], lasting(a, unit)), Piece(hit.places["b"], hit.last, lasting(b, unit))


@rule(
    "stretch-to-now",
    "the? r:stretch h:hedge? a:card|vague u:units",
    "the? a:card|vague r:stretch u:units",
    "these r:stretch a:card|vague? u:units",
    "the? r:stretch u:units",
)
def stretch_to_now(hit: Hit) -> Timex | None:
    """As in "the past three years" ends at publication, "the next six months" begins there; "recent years" are some of them."""
    unit, towards = hit.unit(), hit.number("r", "stretch") or 0
    word = hit.named["r"].lower
    amount = hit.get("a", "card")
    said = float(amount) if isinstance(amount, int | float) else None
    reckoned = amount if isinstance(amount, int | float) else hit.get("a", "vague")
    with_the = hit.opening in ("the", "these", "those")
    if "a" in hit and not with_the and ("h" in hit or word in ("coming", "following", "preceding")):
        return None  # verbs: "coming less than a day after", "will last at least five years"
    if "a" not in hit:
        if word not in ("recent", "coming", "past", "previous", "following", "next"):
            return None
        if word == "recent":
            return replace(lasting(None, unit, anchor=hit.setting.published), direction=_way(hit, towards))
        reckoned = None
    anchor = hit.setting.published
    if word in ("previous", "preceding", "prior", "following"):
        anchor = hit.setting.previous(hit.offset, lambda p: p.unit in ("day", "month", "year"), near=1) or anchor
    if unit in ("minute", "second"):
        return lasting(said, unit)  # of a match, a speech: not of today
    days: Days = stretch(anchor, unit, float(reckoned), towards) if isinstance(reckoned, int | float) else (None, None)
    found = lasting(said, unit, days=days, anchor=anchor)
    return replace(found, direction=found.direction or _way(hit, towards))


def _way(hit: Hit, towards: int) -> Direction | None:
    """Which way a stretch lies from the day of publication, where that is known."""
    return None if hit.setting.published.day is None else "past" if towards < 0 else "future"


@rule("past-unit", "the r:last u:unit")
def past_unit(hit: Hit) -> Timex | None:
    """As in "the past year", "the past decade", "over the next decade": as long as the unit, to or from today."""
    word, unit, by = hit.named["r"].lower, hit.unit(), hit.number("r", "last")
    ten_years = unit == "decade" and word in ("last", "next") and listed(hit.word(-1), "during")
    if by is None or not (ten_years or (word in ("past", "coming") and unit not in ("century", "weekend"))):
        return None
    published = hit.setting.published
    return lasting(1, unit, days=stretch(published, unit, 1, by), anchor=published)


@rule("first-units-of", "the? o:ord|lastword a:card|vague u:units of DATE")
def first_units_of(hit: Hit) -> Timex | None:
    """As in "the first three months of the year": as long as they are, with the days that they cover."""
    inner, unit, amount = hit.inner, hit.unit(), hit.get("a", "card")
    if inner is None or inner.unit is None:
        return None
    if inner.period is None or not isinstance(amount, int):
        return replace(lasting(amount if isinstance(amount, int) else None, unit), anchor=inner.anchor)
    last = "o" not in hit or hit.get("o", "ord") is None
    days = _steps(inner.period.end if last else inner.period.start, unit, amount, -1 if last else 1)
    return replace(lasting(amount, unit, days=days), anchor=inner.anchor, direction=inner.direction)


def _steps(edge: dt.date | None, unit: str, amount: int, towards: int) -> Days:
    """The days of so many units from the edge of a period, which belongs to the first of them."""
    if edge is None or unit not in ("day", "week", "month", "quarter", "year"):
        return None, None
    here = Period.of(unit if unit != "week" else "day", edge)  # type: ignore[arg-type]
    steps = (amount * 7 if unit == "week" else amount) - 1
    there = here.shift(towards * steps)
    return (there.start, here.end) if towards < 0 else (here.start, there.end)


@rule("units-to", "h:hedge? the? a:card u:units to|ending|since on? DATE", "the fiscal? u:unit to|ending on? DATE")
def units_to(hit: Hit) -> tuple[Piece, ...] | None:
    """As in "the six months to the end of June", "the year ended March 31", "the 18 months since May 2020": with their days.

    "It waited three months until May", "ten days to Christmas" count down: they are lengths alone.
    """
    edge, unit, at = hit.inner, hit.unit(), hit.places["u"]
    amount = hit.get("a", "card") if "a" in hit else 1
    word = hit.setting.lexemes[at + 1].lower
    with_the = hit.opening == "the" or listed(hit.word(-1), "during")
    if edge is None or not isinstance(amount, int) or (word not in ("ended", "ending") and not with_the):
        return None
    if word not in ("to", "through", "ended", "ending", "since") or ("a" not in hit and unit not in ("year", "quarter", "month")):
        return None
    days = _since(edge.start, unit, amount) if word == "since" else _up_to(edge.end, unit, amount)
    made = lasting(amount, unit, days=days, modifier=_modifier(hit))
    return (Piece(hit.first, at, replace(made, anchor=edge.anchor, direction=edge.direction)),)


def _up_to(end: dt.date | None, unit: str, amount: int) -> Days:
    first = back(end + dt.timedelta(1), unit, amount) if end and end < dt.date.max else None
    return (first, end) if first else (None, None)


def _since(start: dt.date | None, unit: str, amount: int) -> Days:
    last = back(start, unit, -amount) if start else None
    return (start, last) if last else (None, None)


@rule("fraction-of-unit", "a q:unit of a u:unit", "a:card q:unit|units of a u:unit")
def fraction_of_unit(hit: Hit) -> Timex | None:
    """As in "a quarter of a century", "three quarters of an hour"."""
    unit, count = hit.unit(), hit.get("a", "card") if "a" in hit else 1
    if hit.unit("q") != "quarter" or not isinstance(count, int) or count > 3:
        return None
    smaller = {"century": ("year", 25), "year": ("month", 3), "hour": ("minute", 15)}.get(unit)
    return lasting(count * smaller[1], smaller[0]) if smaller else None


@rule("week-of-month", "the? o:ord|lastword u:unit of DATE", "the? o:ord|lastword u:unit in DATE")
def week_of_month(hit: Hit) -> Timex | None:
    """As in "the last week of March": its last seven days; "the first month of 2010", "the second day of the week"."""
    inner, unit, number = hit.inner, hit.unit(), hit.number("o", "ord")
    if inner is None or inner.modifier or inner.unit is None or unit not in ("day", "week", "month", "year") or unit == inner.unit:
        return None
    whole = inner.period
    if whole is None:
        return unresolved(unit)
    if unit == "week":
        return _week_of(inner, number) if whole.unit == "month" else None
    edge = whole.start if number else whole.end
    if edge is None:
        return None
    period = Period.of(unit, edge).shift((number or 1) - 1)  # type: ignore[arg-type]
    inside = period.start is not None and whole.end is not None and period.start <= whole.end
    return dated(period, inner.anchor, inner.direction) if inside else None


def _week_of(inner: Timex, number: int | None) -> Timex | None:
    month = inner.period
    if month is None or month.start is None or month.end is None or (number or 1) > 5:
        return None
    first = month.end.toordinal() - 6 if number is None else month.start.toordinal() + 7 * (number - 1)
    week, last = Period("day", first), Period("day", min(first + 6, month.end.toordinal()))
    if week.start is None:
        return None
    middle = Period("day", first + 3).start
    named = Period.of("week", middle) if middle else None
    if named is None:
        return None
    return replace(inner, value=named.value, start=week.start, end=last.end, precision="week", unit="week", period=named)


@rule("week-of-day", "the unit of DATE", "the unit ending on? DATE")
def week_of_day(hit: Hit) -> Timex | None:
    """As in "the week of March 3": the week in which that day lies."""
    unit = hit.words[1]
    return hit.within("day", unit, lambda day: Period.of(unit, day)) if unit in ("week", "weekend") else None  # type: ignore[arg-type]


@rule("one-unit", "a:a u:unit", "w:all u:unit", "the u:unit b:beforeafter")
def one_unit(hit: Hit) -> Timex | None:
    """As in "for a year", "a day after": an amount only where the words around speak of length or distance."""
    unit, after = hit.unit(), hit.word(1)
    if "w" in hit:
        return lasting(1, unit) if unit in ("day", "week", "month", "year", "weekend") and after != "-" else None
    if unit in ("second", "quarter") or "a" not in hit:
        return None
    apart = after in ("after", "before", "since", "away", "ahead", "long", "into")
    long = listed(hit.word(-1), "before_length") and after != "-" and not _modifies(hit)
    return lasting(1, unit) if apart or long else None


def _modifies(hit: Hit) -> bool:
    """Whether a noun follows at once: "for a day trip"."""
    after = hit.lexeme(1)
    return after.text.isalpha() and not listed(after.lower, "after_length")


@rule("units-alone", "u:units")
def units_alone(hit: Hit) -> Timex | None:
    """As in "for years", "days after the vote", "decades in the making": so many, nobody says how many."""
    unit, before, after = hit.unit(), hit.word(-1), hit.word(1)
    if unit in ("quarter", "weekend") or (unit in ("second", "minute") and before != "within"):
        return None
    cue = before in ("for", "over", "after", "within", "took", "take", "takes", "lasted", "spent", "in", "just", "only", "be")
    tail = after in ("after", "before", "of", "in", "into", "-") and not listed(before, "before_certain_units")
    if after == "-" and hit.word(2) != "long":
        return None
    if after in ("long", "-"):
        return lasting(None, unit)
    if after == "of" and not cue and not before.endswith("ed"):
        return None
    return lasting(None, unit) if (cue or tail) and before != "hundred" else None


@rule("units-long", "u:units|unit hyphen long")
def units_long(hit: Hit) -> Timex | None:
    """As in "decades-long", "year-long"."""
    return lasting(1 if hit.get("u", "unit") else None, hit.unit())


@rule("years-ahead", "the u:units ahead", "the? many u:units", "the? w:whole u:unit")
def years_ahead(hit: Hit) -> Timex | None:
    """As in "the years ahead", "the many years"; "the entire year" is the year."""
    unit = hit.unit()
    if "w" not in hit:
        return lasting(None, unit)
    if unit not in ("year", "month", "week", "quarter", "day") or hit.opening != "the":
        return None
    return hit.setting.shifted(unit, 0) or unresolved(unit)


RULES: Final[tuple[Rule, ...]] = (
    amount_in_two_units, amount_range, first_units_of, units_to, fraction_of_unit, stretch_to_now, amount_of_time, past_unit, week_of_month, week_of_day, one_unit,
    units_long, units_alone, years_ahead,
)  # fmt: skip
