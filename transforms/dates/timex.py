"""What an expression was read as: its TIMEX3 type and value, its days, and what it was reckoned from (dates.modifier)."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final, Literal

from schemas.date import AnchorOrigin, DatePrecision, Modifier, TimexType
from transforms.dates.periods import Days, Period, back, cut

Direction = Literal["past", "future", "present"]

_ISO_UNITS: Final[dict[str, tuple[str, str, int]]] = {
    # unit: prefix, letter, how many of that letter one unit is
    "second": ("PT", "S", 1),
    "minute": ("PT", "M", 1),
    "hour": ("PT", "H", 1),
    "day": ("P", "D", 1),
    "week": ("P", "W", 1),
    "fortnight": ("P", "W", 2),
    "weekend": ("P", "WE", 1),
    "month": ("P", "M", 1),
    "quarter": ("P", "M", 3),
    "year": ("P", "Y", 1),
    "decade": ("P", "Y", 10),
    "century": ("P", "Y", 100),
}
_VAGUE_LETTERS: Final = {"decade": "DE", "century": "CE", "quarter": "Q", "fortnight": "W"}
_PRECISIONS: Final[dict[str, DatePrecision]] = {"fortnight": "week", "weekend": "day"}
BUSINESS_YEAR: Final = "business year"  # the unit of a reading: no calendar year, and rules for those do not take it
_PARTS: Final[dict[str, Modifier]] = {
    "early": "START", "beginning": "START", "mid": "MID", "late": "END", "end": "END", "earlier": "START", "later": "END", "rest": "END",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a relative expression is reckoned from: a day, a longer period if that is what was said, and where it came from."""

    origin: AnchorOrigin
    day: dt.date | None = None
    period: Period | None = None
    ref: str | None = None  # a pointer to the earlier date's row


EXPLICIT: Final = Anchor("explicit")
NO_ANCHOR: Final = Anchor("none")


@dataclass(frozen=True, slots=True)
class Timex:
    """One reading of an expression, for other rules to build on: `unit` is what it names, `period` which one, once resolved."""

    timex_type: TimexType
    value: str | None
    start: dt.date | None = None
    end: dt.date | None = None
    precision: DatePrecision | None = None
    modifier: Modifier | None = None
    anchor: Anchor = EXPLICIT
    direction: Direction | None = None
    ambiguous: bool = False
    unit: str | None = None
    period: Period | None = None

    @property
    def relative(self) -> bool:
        return self.anchor.origin != "explicit"


@dataclass(frozen=True, slots=True)
class Piece:
    """A reading with the lexemes that it covers, first and last included, where a rule reads more than one expression."""

    first: int
    last: int
    reading: Timex


def precision_of(unit: str) -> DatePrecision:
    """A unit as the schema names it."""
    return _PRECISIONS.get(unit) or unit  # type: ignore[return-value]


def dated(period: Period | None, anchor: Anchor = EXPLICIT, direction: Direction | None = None, *, ambiguous: bool = False) -> Timex | None:
    """A DATE that is that period; None where the calendar does not reach."""
    if period is None or not period.real:
        return None
    return Timex(
        "DATE",
        period.value,
        period.start,
        period.end,
        precision_of(period.unit),
        anchor=anchor,
        direction=direction,
        ambiguous=ambiguous,
        unit=period.unit,
        period=period,
    )


def unresolved(unit: str, timex_type: TimexType = "DATE") -> Timex:
    """An expression that needs an anchor where the article has none."""
    return Timex(timex_type, None, precision=precision_of(unit), anchor=NO_ANCHOR, unit=unit)


def vaguely(value: str, published: Anchor) -> Timex:
    """A reference to the present, past or future at large: no interval (GUIDELINES.md)."""
    directions: dict[str, Direction] = {"PRESENT_REF": "present", "PAST_REF": "past", "FUTURE_REF": "future"}
    return Timex("DATE", value, anchor=Anchor(published.origin, published.day), direction=directions[value])


def way_of(by: int) -> Direction:
    """Which way so many steps from a day lead."""
    return "past" if by < 0 else "future" if by > 0 else "present"


def length_value(amount: float | None, unit: str) -> str:
    """The TIMEX3 value of a duration; an amount of None is a vague one: PXY."""
    prefix, letter, per = _ISO_UNITS[unit]
    if amount is None:
        return f"{prefix}X{_VAGUE_LETTERS.get(unit, letter)}"
    total = amount * per
    if total == 0.5 and unit in ("year", "hour"):
        return {"year": "P6M", "hour": "PT30M"}[unit]
    return f"{prefix}{int(total) if total == int(total) else round(total, 4)}{letter}"


def lasting(
    amount: float | None, unit: str, *, days: Days = (None, None), anchor: Anchor = EXPLICIT, modifier: Modifier | None = None
) -> Timex:
    """A DURATION of so many units, with its days where it is anchored."""
    direction: Direction | None = None
    if anchor.day and days[0] and days[1]:
        direction = "past" if days[1] <= anchor.day else "future"
    return Timex("DURATION", length_value(amount, unit), *days, precision_of(unit), modifier, anchor, direction)


def stretch(anchor: Anchor, unit: str, amount: float, towards: int) -> Days:
    """The days that end (towards -1) or begin (towards 1) at the anchor and last so many units."""
    if anchor.day is None:
        return None, None
    other = back(anchor.day, unit, -towards * amount)
    if other is None:
        return None, None
    return (other, anchor.day) if towards < 0 else (anchor.day, other)


def part_of(whole: Timex, part: str, published: Anchor) -> Timex | None:
    """A part of a date: "early", "mid", "late", "beginning", "end", or with the anchor in it "earlier", "later", "rest"."""
    if whole.unit is None or whole.modifier:
        return None
    days: Days
    if whole.period is None and whole.start is not None and whole.end is not None and part in ("beginning", "end"):
        first_month = (back(whole.start, "month", -1) or whole.end) - dt.timedelta(1)  # of a business year
        days = (whole.end, whole.end) if part == "end" else (whole.start, first_month)
        return replace(whole, start=days[0], end=days[1], modifier=_PARTS[part])
    if whole.period is None or whole.timex_type == "TIME":
        return replace(whole, modifier=_PARTS[part])
    days = whole.period.start, whole.period.end
    if part not in ("earlier", "later", "rest"):
        days = cut(whole.period, part)
    elif published.day is not None and days[0] and days[1] and days[0] <= published.day <= days[1]:
        days = (days[0], published.day) if part == "earlier" else (published.day, days[1])
    return replace(whole, start=days[0], end=days[1], modifier=_PARTS[part])
