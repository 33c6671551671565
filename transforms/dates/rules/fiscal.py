"""Business years, their quarters and halves, and what lies in two calendar years: seasons, school years.

A government's and a tax year have their days by the table of the world (`transforms/words/world.py`) where the text, the outlet or
the dateline tells the country; so have the firms of countries whose law gives them one year. Any other firm's year has a
label and no days: nobody but the firm says when it begins.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from schemas.date import DatePrecision
from transforms.dates.pattern import Rule, rule
from transforms.dates.periods import Period
from transforms.dates.rules.explicit import full_year
from transforms.dates.setting import Hit
from transforms.dates.timex import BUSINESS_YEAR, EXPLICIT, NO_ANCHOR, Anchor, Direction, Timex, way_of
from transforms.words.lexicon import words
from transforms.words.world import BusinessYear, Keeper, business_year

_LABEL: Final = re.compile(
    r"(?:(?P<letter>[QH])(?P<number>[1-4])|(?P<first>[1-4])(?P<behind>[QH]))?[ ]?(?:of[ ])?FY[ ]?['’]?(?P<year>\d{2,4})(?:[-–/](?P<end>\d{2,4}))?",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[a-z]+")

_YEARS: Final = (
    "the? fiscal unit? y:year",
    "the? fiscal unit? a:year hyphen b:yy|year|day",
    "the? a:year hyphen b:yy|year|day fiscal unit",
    "the y:year fiscal|academic unit",
    "l:fiscallabel",
)


@dataclass(frozen=True, slots=True)
class _Label:
    """A business year by its label: its two calendar years where both are written, else the one that names it, and a part of it."""

    year: int
    both: bool
    parts: int = 1  # 4 for a quarter
    number: int = 1  # which of them

    def first_year(self, known: BusinessYear) -> int:
        return self.year if self.both else known.first_year(self.year)

    @property
    def value(self) -> str:
        return f"{self.year:04d}"


def _label_of(hit: Hit) -> _Label | None:
    if "l" not in hit:
        return _label_of_years(hit)
    found = _LABEL.fullmatch(hit.named["l"].text.rstrip("Ee"))
    if found is None:
        return None
    year = full_year(int(found["year"]))
    if found["end"] and int(found["end"]) % 100 != (year + 1) % 100:
        return None
    letter = (found["letter"] or found["behind"] or "").upper()
    label = _Label(year, bool(found["end"]), {"Q": 4, "H": 2}.get(letter, 1), int(found["number"] or found["first"] or 1))
    return label if label.number <= label.parts else None


def _label_of_years(hit: Hit) -> _Label | None:
    year, single = hit.number("a", "year"), hit.number("y", "year")
    if year is None:
        return _Label(single, both=False) if single is not None else None
    return _Label(year, both=True) if (hit.number("b", "yy", "year", "day") or 0) % 100 == (year + 1) % 100 else None


def _keeper(hit: Hit) -> Keeper:
    """Whose year it is: of taxes where it says so, of a government where the sentence speaks of public money, else of a firm."""
    said = hit.setting.text[hit.offset : hit.setting.lexemes[hit.last].end].lower()
    if "tax" in said.split():
        return "tax"
    spoken = set(_WORD.findall(hit.setting.sentence_around(hit.offset).lower()))
    return "firm" if spoken.isdisjoint(words("dates-checks", "public_money", "words")) else "government"


def _known(hit: Hit, *, label: _Label | None = None) -> BusinessYear | None:
    """The year that is meant. No calendar year is called "1987/88": another's is meant where the country has none but that."""
    found = business_year(hit.setting.country(hit.offset), _keeper(hit))
    calendar = found is not None and (found.month, found.day) == (1, 1)
    return None if calendar and label is not None and label.both else found


def _days_of_part(known: BusinessYear, first_year: int, parts: int, number: int) -> tuple[dt.date, dt.date]:
    """The first and last day of a part of a business year."""
    if parts == 1:
        return known.days(first_year)
    months = 12 // parts
    begin = first_year * 12 + known.month - 1 + (number - 1) * months
    first, behind = (dt.date(m // 12, m % 12 + 1, known.day) for m in (begin, begin + months))
    return first, behind - dt.timedelta(1)


_PRECISIONS: Final[dict[int, DatePrecision]] = {1: "year", 2: "half", 4: "quarter"}


def _dated(known: BusinessYear, first_year: int, label: _Label, anchor: Anchor = EXPLICIT, way: Direction | None = None) -> Timex | None:
    """The days of a business year or of a part of it. A part that is a calendar quarter has that for its value."""
    try:
        first, last = _days_of_part(known, first_year, label.parts, label.number)
    except (ValueError, OverflowError):
        return None
    value: str | None = label.value
    if label.parts != 1:
        period = Period.of(_PRECISIONS[label.parts], first)  # type: ignore[arg-type]
        value = period.value if (period.start, period.end) == (first, last) else None
    return Timex("DATE", value, first, last, _PRECISIONS[label.parts], anchor=anchor, direction=way, unit=BUSINESS_YEAR)


@rule("fiscal-year", *_YEARS)
def fiscal_year(hit: Hit) -> Timex | None:
    """A business year whose country is known: "FY26" of India is April 2025 to March 2026."""
    label = _label_of(hit)
    known = _known(hit, label=label) if label is not None and not _academic(hit) else None
    return _dated(known, label.first_year(known), label) if known is not None and label is not None else None


@rule("fiscal-year-unresolved", *_YEARS)
def fiscal_year_unresolved(hit: Hit) -> Timex | None:
    """A business year that is nobody's whose days are known: its label, and no days."""
    label = _label_of(hit)
    if label is None:
        return None
    if _academic(hit):
        return Timex("DATE", label.value, dt.date(label.year, 1, 1), dt.date(label.year, 12, 31), "year", ambiguous=True)
    value = label.value if label.parts == 1 else None
    return Timex("DATE", value, precision=_PRECISIONS[label.parts], ambiguous=True, unit=BUSINESS_YEAR)


def _academic(hit: Hit) -> bool:
    return any("academic" in one for one in hit.setting.lexemes[hit.first : hit.last + 1])


@rule("quarter-of-fiscal-year", "the? fiscal? o:ord|lastword hyphen? u:unit|half of? DATE", "l:label of? DATE")
def quarter_of_fiscal_year(hit: Hit) -> Timex | None:
    """As in "the first quarter of FY27", "Q2 of fiscal 2026"."""
    inner = hit.inner
    if inner is None or inner.unit != BUSINESS_YEAR or inner.precision != "year":
        return None
    label = str(hit.get("l", "label") or "")
    halves = label[:1].upper() == "H" or ("u" in hit and "half" in hit.named["u"])
    if not label and not halves and hit.get("u", "unit") != "quarter":
        return None
    parts = 2 if halves else 4
    number = int(label[1]) if label else hit.number("o", "ord") or parts
    if number > parts:
        return None
    if inner.start is None:
        return Timex("DATE", None, precision=_PRECISIONS[parts], ambiguous=True, unit=BUSINESS_YEAR)
    known = BusinessYear(inner.start.month, inner.start.day, "start")
    return _dated(known, inner.start.year, _Label(inner.start.year, True, parts, number), inner.anchor, inner.direction)


@rule("the-fiscal-year", "the r:last|beside? fiscal u:unit", "r:last|beside fiscal u:unit")
def the_fiscal_year(hit: Hit) -> Timex | None:
    """As in "the financial year", "the current tax year": that of the country, else one whose days are not known."""
    by = hit.number("r", "last", "beside")
    if hit.get("u", "unit") != "year" or (by is None and hit.word(-1) not in ("of", "in", "during", "for", "this")):
        return None
    published, by = hit.setting.published, by or 0
    if published.day is None:
        return Timex("DATE", None, precision="year", anchor=NO_ANCHOR, unit=BUSINESS_YEAR)
    if (known := _known(hit)) is not None:
        first_year = known.first_year_on(published.day) + by
        named = first_year if known.first_year(first_year) == first_year else first_year + 1
        return _dated(known, first_year, _Label(named, both=False), published, way_of(by))
    value = f"{published.day.year + by:04d}"
    return Timex("DATE", value, precision="year", anchor=published, direction=way_of(by), ambiguous=True, unit=BUSINESS_YEAR)


@rule("two-years", "a:year hyphen b:yy|day")
def two_years(hit: Hit) -> Timex | None:
    """A season, a budget or a plan by the years it lies in: "2025/26", "the 2019-23 plan". The second number is no year by itself."""
    first, second = int(hit.named["a"]["year"]), hit.number("b", "yy", "day") or 0
    last = second + first // (10 if second < 10 else 100) * (10 if second < 10 else 100)
    if second < 10 and last != first + 1:
        return None  # "2005-6" is a range, "2005-3" a code
    last += 100 if last % 100 == 0 and first % 100 == 99 else 0
    if not first < last <= first + 100 or hit.word(1) in ("-", "/", "–") or hit.word(-1) in ("-", "/", "–"):
        return None
    label = _Label(first, both=True)
    if last == first + 1 and _fiscal_context(hit) and (known := _known(hit, label=label)) is not None:
        return _dated(known, first, label)
    return Timex(
        "DATE",
        f"{first:04d}/{last:04d}",
        dt.date(first, 1, 1),
        dt.date(last, 12, 31),
        "year",
        unit=BUSINESS_YEAR if last == first + 1 else None,
    )


def _fiscal_context(hit: Hit) -> bool:
    """Whether the sentence speaks of money, and not of a season: "the 2025-26 budget", "exports in 2025-26"."""
    spoken = set(_WORD.findall(hit.setting.sentence_around(hit.offset).lower()))
    played = words("dates-checks", "played", "words")
    money = words("dates-checks", "public_money", "words") | words("dates-checks", "firms_money", "words")
    return spoken.isdisjoint(played) and not spoken.isdisjoint(money)


RULES: Final[tuple[Rule, ...]] = (
    fiscal_year, fiscal_year_unresolved, quarter_of_fiscal_year, the_fiscal_year, two_years,
)  # fmt: skip
