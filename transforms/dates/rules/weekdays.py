"""Weekdays, weekends and the days that are named from today."""

import datetime as dt
from typing import Final

from transforms.dates.checks import is_name, listed
from transforms.dates.pattern import Rule, rule
from transforms.dates.periods import Period
from transforms.dates.setting import Hit
from transforms.dates.tense import direction_at, token_at
from transforms.dates.timex import Piece, Timex, dated, unresolved, vaguely, way_of
from transforms.parse.grammar import own_subject

_WEEKS: Final = (-1, 0, 1)
_NEAR: Final = 4  # days to a "next Thursday" below which the one a week on may be meant


def weekday_options(anchor: dt.date, weekday: int) -> list[Period]:
    """The days of that weekday in the weeks around a day."""
    monday = anchor.toordinal() - anchor.weekday()
    return [Period("day", monday + 7 * k + weekday) for k in _WEEKS]


@rule("weekday", "w:weekday")
def weekday(hit: Hit) -> Timex | None:
    """The last such day for what happened, the next for what will; told things are taken to have happened."""
    if is_name(hit):
        return None
    number = hit.number("w", "weekday") or 0
    some = hit.word(1) in ("in", "of") or (hit.word(-2) == "on" and not hit.word(1)[:1].isalpha())
    if some and hit.word(-1) in ("a", "one"):  # "a Monday in June" is none in particular
        return Timex("DATE", f"XXXX-WXX-{number + 1}", precision="day")
    return weekday_near(hit, number)


def weekday_near(hit: Hit, number: int) -> Timex:
    """The day of that weekday that the clause speaks of."""
    return hit.setting.nearest(hit.offset, lambda day: weekday_options(day, number), default="past") or unresolved("day")


@rule("weekday-range", "a:weekday hyphen|to b:weekday")
def weekday_range(hit: Hit) -> tuple[Piece, ...] | None:
    """As in "Wednesday through Friday": the second is the first such day after the first."""
    first = weekday_near(hit, hit.number("a", "weekday") or 0)
    gap = ((hit.number("b", "weekday") or 0) - (hit.number("a", "weekday") or 0)) % 7 or 7
    last = dated(first.period.shift(gap), first.anchor, first.direction) if first.period else unresolved("day")
    return hit.both(first, last)


@rule("weekday-of-week", "w:weekday|wday of? DATE", "w:weekday comma DATE")
def weekday_of_week(hit: Hit) -> Timex | None:
    """As in "Monday of last week"; "Monday, March 3" is read as one date elsewhere."""
    number = hit.number("w", "weekday", "wday") or 0
    return hit.within("week", "day", lambda monday: Period("day", monday.toordinal() + number))


@rule("nth-weekday", "the? o:ord|lastword w:weekday of|in DATE")
def nth_weekday(hit: Hit) -> Timex | None:
    """As in "the first Monday of May", "the last Friday in June 2010"."""
    number, weekday = hit.number("o", "ord"), hit.number("w", "weekday") or 0

    def day(first: dt.date) -> Period | None:
        month = Period.of("month", first)
        if number is None:
            last = month.end
            return Period("day", last.toordinal() - (last.weekday() - weekday) % 7) if last else None
        found = Period("day", first.toordinal() + (weekday - first.weekday()) % 7 + 7 * (number - 1))
        return found if found.start and Period.of("month", found.start) == month else None

    return hit.within("month", "day", day)


@rule("next-weekday", "the? r:beside w:weekday", "r:last|same w:weekday", "w:weekday r:ago")
def next_weekday(hit: Hit) -> Timex | None:
    """As in "last Thursday" is the latest before today; "next Thursday" the first after it, or a week on: ambiguous.

    "The following Thursday" is the first after the last day said.
    """
    if hit.get("r", "beside") is not None and (hit.get("r", "last") is None or hit.opening == "the"):
        return _beside_day(hit)
    number, by = hit.number("w", "weekday") or 0, hit.number("r", "last")
    day = hit.setting.published.day
    if by is None or is_name(hit):
        return None
    if day is None:
        return unresolved("day")
    if by == 0:
        return dated(Period("day", day.toordinal() - day.weekday() + number), hit.setting.published, "present")
    found = _beyond(day, number, by)
    near = by > 0 and found.start is not None and (found.start - day).days < _NEAR
    return dated(found, hit.setting.published, way_of(by), ambiguous=near)


def _beside_day(hit: Hit) -> Timex | None:
    number, by = hit.number("w", "weekday") or 0, hit.number("r", "beside") or 0
    anchor = hit.setting.previous(hit.offset, lambda p: p.unit == "day")
    if is_name(hit):
        return None
    return dated(_beyond(anchor.day, number, by), anchor, way_of(by)) if anchor and anchor.day else unresolved("day")


def _beyond(day: dt.date, weekday: int, by: int) -> Period:
    """The first such weekday after a day (by 1) or the last before it (by -1)."""
    return Period("day", day.toordinal() + by * (by * (weekday - day.weekday()) % 7 or 7))


@rule("weekday-further", "a u:unit on w:weekday", "the w:weekday b:beforeafter r:last", "(on|by|until|before|from|next) w:weekday u:unit")
def weekday_further(hit: Hit) -> Timex | None:
    """As in "a week on Monday" is the Monday after the next, "the Thursday before last" that before the latest."""
    day, number = hit.setting.published.day, hit.number("w", "weekday") or 0
    if "u" in hit and hit.places["w"] < hit.places["u"]:
        return _week_on(hit, day, number)
    by = hit.number("r", "last") if "r" in hit else 1
    of_week = "u" not in hit or (hit.get("u", "unit") == "week" and hit.word(1) not in ("'s", "’s"))
    if by not in (-1, 1) or by * (hit.number("b", "beforeafter") or by) <= 0 or not of_week:
        return None
    return dated(_beyond(day, number, by).shift(by * 7), hit.setting.published, way_of(by)) if day else unresolved("day")


def _week_on(hit: Hit, day: dt.date | None, weekday: int) -> Timex | None:
    """On Saturday week, on Friday fortnight: a week or two after the next, as the British say."""
    weeks = {"week": 1, "fortnight": 2}.get(str(hit.get("u", "unit")))
    if weeks is None or hit.word(1) in ("'s", "’s", "-") or hit.word(1)[:1].isdigit():
        return None
    return dated(_beyond(day, weekday, 1).shift(weeks * 7), hit.setting.published, "future") if day else unresolved("day")


@rule("today", "t:today")
def today(hit: Hit) -> Timex | None:
    """Today, yesterday, tomorrow; "today's economy" and "the cars of tomorrow" speak of the present and the future at large."""
    by = hit.number("t", "today") or 0
    published = hit.setting.published
    if hit.word(-1) == "usa" or (hit.named["t"].text == "Today" and listed(hit.word(1), "after_name")):
        return None  # a newspaper, a programme
    at_large = hit.word(-1) == "of" and not listed(hit.word(1), "timetable")
    if by == 1 and (at_large or _is_noun(hit)):
        return Timex("DATE", "FUTURE_REF", anchor=published)
    if by == 0 and _is_nowadays(hit):
        return vaguely("PRESENT_REF", published)
    return hit.setting.shifted("day", by)


def _is_noun(hit: Hit) -> bool:
    """A better tomorrow: an article stands before it."""
    token = token_at(hit.setting.doc, hit.offset)
    return token is not None and any(c.dep_ == "det" and c.lower_ in ("a", "an", "the", "another") for c in token.lefts)


def _is_nowadays(hit: Hit) -> bool:
    """Today's phones, nobody does that today, if he were alive today: a time at large, no day."""
    token = token_at(hit.setting.doc, hit.offset)
    if token is None:
        return False
    if token.dep_ == "poss":
        thing = token.head
        many = thing.tag_ == "NNS" and not any(c.tag_ == "CD" for c in thing.lefts) and not listed(thing.lower_, "of_today")
        return many and "past" not in (hit.way, direction_at(hit.setting.doc, thing.idx))
    verb = token.head
    while verb.pos_ not in ("VERB", "AUX") and verb.head != verb and verb.dep_ != "conj":
        verb = verb.head
    if verb.lower_ == "were" and any(c.lower_ == "if" for c in verb.children):
        return True
    subject = own_subject(verb)
    habitual = verb.tag_ in ("VBZ", "VBP") and not any(c.dep_ in ("aux", "auxpass") for c in verb.children)
    return habitual and subject is not None and listed(subject.lower_, "anybody") and subject.n_lefts == 0


@rule("weekend", "the|that|this? r:last|beside? w:unit")
def weekend(hit: Hit) -> Timex | None:
    """A weekend: "this weekend" and "the weekend" by the tense of the clause."""
    if hit.get("w", "unit") != "weekend":
        return None
    first = hit.opening
    if "r" in hit:
        by = hit.number("r", "last", "beside")
        if by:
            return _weekend_beside(hit, by)
    elif first not in ("the", "this", "that") and hit.word(-1) not in ("over", "at", "on"):
        return None
    return hit.setting.nearest(
        hit.offset, lambda day: [Period.of("weekend", day).shift(k) for k in _WEEKS], default=None if first == "this" else "past"
    ) or unresolved("weekend")


def _weekend_beside(hit: Hit, by: int) -> Timex | None:
    day = hit.setting.published.day
    if day is None:
        return unresolved("weekend")
    here = Period.of("weekend", day)
    over = by == -1 and here.end is not None and here.end < day
    return dated(here if over else here.shift(by), hit.setting.published, "past" if by < 0 else "future")


RULES: Final[tuple[Rule, ...]] = (weekday_range, weekday_of_week, nth_weekday, next_weekday, weekday_further, weekday, today, weekend)
