"""Seasons, quarters and halves of calendar years."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal

from transforms.dates.checks import listed
from transforms.dates.pattern import Rule, rule
from transforms.dates.periods import Period
from transforms.dates.rules.explicit import full_year
from transforms.dates.setting import Hit
from transforms.dates.tense import token_at, verb_above
from transforms.dates.timex import BUSINESS_YEAR, Timex, dated, unresolved, way_of
from transforms.parse.grammar import NOMINAL_SUBJECTS
from transforms.parse.token_tree import Token

_AROUND: Final = (-1, 0, 1)
_WINTER: Final = 3
_QUARTER: Final = 3  # months
_BEFORE_SEASON: Final = frozenset({"in", "by", "until", "since", "early", "late", "next", "of", "-"})
_BEFORE_THE_FALL: Final = frozenset({"in", "by", "until", "since", "during", "of", "for"})
_OPPOSITE: Final = {"SP": "FA", "FA": "SP", "SU": "WI", "WI": "SU"}
_CODES: Final = ("SP", "SU", "FA", "WI")


def _season(hit: Hit, year: int) -> Period:
    """The season of a year; south of the equator summer is around the turn of the year."""
    return Period("season", year * 4 + ((hit.number("s", "season") or 0) + (2 if _southern(hit) else 0)) % 4)


def _southern(hit: Hit) -> bool:
    return listed(hit.setting.home or "", "southern")


def _named(hit: Hit, reading: Timex | None) -> Timex | None:
    """The reading under the name that it was given: the days from December to February are a summer there."""
    if reading is None or not reading.value or not _southern(hit):
        return reading
    return replace(reading, value=reading.value[:-2] + _OPPOSITE[reading.value[-2:]]) if reading.value[-2:] in _OPPOSITE else reading


@rule("season-and-year", "the? s:season of? y:year|shortyear", "the? s:season of? y:year hyphen b:yy|year", "the? s:season of? DATE")
def season_and_year(hit: Hit) -> Timex | None:
    """As in "the fall of 2011", "spring last year"; "the winter of 2010-11" is the one that begins in the first year."""
    n = hit.number("y", "year", "shortyear")
    if "b" in hit and (hit.number("s", "season") != _WINTER or (hit.number("b", "yy", "year") or 0) % 100 != ((n or 0) + 1) % 100):
        return None
    if n is not None:
        return dated(_season(hit, full_year(n)))
    return hit.within("year", "season", lambda first: _season(hit, first.year))


@rule("season-beside-now", "r:last|same s:season", "the r:beside|last|same s:season")
def season_beside_now(hit: Hit) -> Timex | None:
    """As in "last summer" is the latest that is over, "next summer" the first to come, "this spring" the year's own."""
    day = hit.setting.published.day
    by = hit.number("r", "last", "beside")
    if by is None:
        return None
    if day is None:
        return unresolved("season")
    options = [_season(hit, day.year + k) for k in (-2, *_AROUND)]
    if by == 0:
        chosen = next((p for p in options if p.start and p.start.year == day.year), options[-2])
        if chosen.start and (chosen.start - day).days > 200:
            chosen = chosen.shift(-4)
    elif by == -1:
        chosen = [p for p in options if p.end and p.end < day][-1]
    else:
        chosen = next((p for p in options if p.start and p.start > day), options[-1])
    return _named(hit, dated(chosen, hit.setting.published, way_of(by)))


@rule("that-season", "that same? s:season", "the same s:season")
def that_season(hit: Hit) -> Timex | None:
    """As in "that summer": in the year of the last date said."""
    anchor = hit.setting.previous(hit.offset, lambda p: p.unit not in ("century", "decade"), near=6)
    return dated(_season(hit, anchor.day.year), anchor, "present") if anchor and anchor.day else None


@rule("season", "the? s:season")
def season(hit: Hit) -> Timex | None:
    """A bare season: "fall" and "spring" only where they are the noun of time."""
    token = token_at(hit.setting.doc, hit.named["s"].start)
    if token is None or not _is_season(hit, token):
        return None
    if _of_any_year(token) or _whenever(token):
        return Timex("DATE", f"XXXX-{_CODES[hit.number('s', 'season') or 0]}", precision="season")
    found = hit.setting.nearest(hit.offset, lambda day: [_season(hit, day.year + k) for k in _AROUND])
    return _named(hit, found) or unresolved("season")


def _is_season(hit: Hit, token: Token) -> bool:
    """Whether a word of seasons is one: "fall" and "spring" are verbs, too, and a season with a capital letter may be in a name."""
    noun = token.tag_ in ("NN", "NNP") and hit.word(1) not in ("of", "-", "for")
    return noun and not _verb_like(hit, token) and not _in_a_name(hit)


def _verb_like(hit: Hit, token: Token) -> bool:
    """Prices fall, the fall; a spring broke. Alone such a word is a season only behind "in" or "since", led by "the" only "fall" needs that."""
    form, before = hit.named["s"].text.lower(), hit.word(-1)
    if hit.first != hit.last:
        return form == "fall" and before not in _BEFORE_THE_FALL
    subject = form == "spring" and token.dep_ in NOMINAL_SUBJECTS and not token.n_lefts and not token.n_rights  # "Spring came"
    return form in ("fall", "spring") and before not in _BEFORE_SEASON and not subject


def _in_a_name(hit: Hit) -> bool:
    """The Winter Olympics, Arab Spring."""
    form, before, after = hit.named["s"].text, hit.lexeme(-1), hit.lexeme(1)
    if not form[0].isupper():
        return False
    return before.text[:1].isupper() or (after.text[:1].isupper() and not form.isupper())


def _of_any_year(token: Token) -> bool:
    """A summer bag, winter boots: what is for a season, of whatever year."""
    if token.dep_ != "compound" or token.head.i != token.i + 1:
        return False
    determiners = {c.lower_ for c in token.head.lefts if c.dep_ in ("det", "poss")}
    plural = token.head.tag_ == "NNS" and not determiners and not any(c.tag_ in ("CD", "JJ") for c in token.head.lefts)
    return bool(determiners & {"a", "an", "any", "every", "each"}) or plural


def _whenever(token: Token) -> bool:
    """If you hike in the winter, open in the summer months: what is so in every year is told in a timeless present."""
    months = token.dep_ == "compound" and token.head.lower_ == "months"
    verb = verb_above(token.head)
    helpers = [c for c in verb.lefts if c.dep_ in ("aux", "auxpass")]
    above = verb.head if verb.dep_ == "xcomp" else verb  # "if you plan to go out in the summer"
    finite = next((c.tag_ for c in helpers if c.lemma_ == "be" and above.tag_ == "VBN"), above.tag_)  # "is closed"
    present = finite in ("VBP", "VBZ") and all(c.tag_ == "TO" or c.lemma_ == "be" for c in helpers)
    asked = any(c.lower_ in ("if", "when", "whenever") for c in above.lefts) and any(c.lower_ in ("you", "people") for c in above.lefts)
    return present and (months or asked)


def _quarters(number: int) -> Callable[[dt.date], list[Period]]:
    """That quarter of the years around a day."""
    return lambda day: [Period("quarter", (day.year + k) * 4 + number - 1) for k in _AROUND]


def _quarter_near(hit: Hit, number: int) -> Timex:
    here = hit.setting.sentence(hit.offset)
    if any(said.reading.unit == BUSINESS_YEAR and said.sentence == here for said in hit.setting.said[-2:]):
        return Timex("DATE", None, precision="quarter", ambiguous=True)  # "fiscal 1986's second quarter"
    anchor = hit.setting.previous(hit.offset, lambda p: p.unit == "year", near=0)
    if anchor and anchor.day:
        return dated(Period("quarter", anchor.day.year * 4 + number - 1), anchor, "present") or unresolved("quarter")
    return hit.setting.nearest(hit.offset, _quarters(number), default="past", far=200) or unresolved("quarter")


@rule(
    "quarter-of-year",
    "the? fiscal? o:ord|lastword hyphen? fiscal? u:unit of? DATE",
    "l:label hyphen? of? y:year|shortyear",
    "l:label of? DATE",
    "y:year hyphen? l:label",
    "the? o:ord hyphen? h:half of? DATE",
    "the? y:year o:ord hyphen? u:unit",
)
def quarter_of_year(hit: Hit) -> Timex | None:
    """As in "the first quarter of last year", "Q1 2009", "the second half of 2010"."""
    which = _which(hit)
    if which is None:
        return None
    unit, number, count = which
    n = hit.number("y", "year", "shortyear")
    if n is not None:
        return dated(Period(unit, full_year(n) * count + number - 1))
    return hit.within("year", unit, lambda first: Period(unit, first.year * count + number - 1))


@rule("quarter-of-month", "the? m:month u:unit")
def quarter_of_month(hit: Hit) -> Timex | None:
    """As in "the September quarter": the one that ends with that month."""
    month = hit.number("m", "month") or 0
    if hit.get("u", "unit") != "quarter" or month % _QUARTER:
        return None
    return hit.setting.nearest(hit.offset, _quarters(month // _QUARTER), default="past") or unresolved("quarter")


def _which(hit: Hit) -> tuple[Literal["quarter", "half"], int, int] | None:
    """Unit, number and how many a year has: ("quarter", 3, 4)."""
    label = hit.get("l", "label")
    if isinstance(label, str):
        return ("quarter", int(label[1]), 4) if label[0] == "Q" else ("half", int(label[1]), 2)
    unit: Literal["quarter", "half"] = "half" if "h" in hit else "quarter"
    count = 2 if unit == "half" else 4
    if unit == "quarter" and hit.get("u", "unit") != "quarter":
        return None
    number = hit.number("o", "ord")
    if number is None:
        number = count
    return (unit, number, count) if 1 <= number <= count else None


@rule("quarter", "the? fiscal? o:ord|lastword hyphen? u:unit", "the? o:ord fiscal u:unit", "l:label")
def quarter(hit: Hit) -> Timex | None:
    """A quarter without its year: the year named in the sentence, else the latest that has begun; a label alone too."""
    which = _which(hit)
    if which is None or which[0] != "quarter":
        return None
    if "o" in hit and (hit.named["o"].lower == "last" or hit.word(1) == "-" or _of_other(hit)):
        return None
    return _quarter_near(hit, which[1])


def _of_other(hit: Hit) -> bool:
    """Whether it is the quarter of something else than a year: "the first quarter of the game"."""
    return hit.word(1) == "of" and not {"year", "fiscal", "financial"} & {hit.word(k) for k in (3, 4, 5)}


@rule("last-fiscal-quarter", "the? r:last|beside fiscal q:unit")
def last_fiscal_quarter(hit: Hit) -> Timex | None:
    by = hit.number("r", "last", "beside")
    unit = str(hit.get("q", "unit"))
    return hit.setting.shifted(unit, by) if by is not None and unit in ("quarter", "month", "week") else None


RULES: Final[tuple[Rule, ...]] = (
    quarter_of_year, quarter_of_month, season_and_year, season_beside_now, that_season, last_fiscal_quarter, quarter, season,
)  # fmt: skip
