"""Physical units and units of time: what stands behind a number, and how it becomes the base unit of its dimension."""

import functools
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from schemas.figure import FigureKind
from transforms.article.marks import closes_quotation
from transforms.figures.number import Number
from transforms.figures.quantity import Quantity
from transforms.words.lexicon import lexicon

_BRACKETED = re.compile(r"[ ]?[\[{<](?P<unit>[A-Za-z°µμ²³/]{1,6})[\]}>]")
_INCH_MARK = re.compile(r"[ ]?(?P<unit>\")(?=[\s,.;)x])")
_FOOT_MARK = re.compile(r"(?P<unit>')(?=[\s,.;)x])")
_INCH_IN = re.compile(r"[ ]?(?P<unit>in)\b\.?(?=[ ](?:\(\d|thick|wide|long|tall|high|deep|across|by\b|x\b)|[)])")
_COMPOUND = re.compile(r"[ ](?:per|an?|each)[ ](?P<unit>[a-z]+)\b(?![ ](?:ago|earlier|later)\b)|[ ]?/[ ]?(?P<slash>[A-Za-z]+)\b")
_INCHES = re.compile(
    r"[ ,]*(?:and[ ])?(?P<number>\d{1,2}(?:\.\d+)?|[a-z]{3,6})[ -]?(?:in\b|inch(?:es)?\b|ins\b|″|\"|”|''|’’)", re.IGNORECASE
)
_SMALLER = re.compile(
    r",?[ ](?:and[ ])?(?P<number>\d{1,2}(?:\.\d+)?)[ ](?P<unit>min(?:ute)?|sec(?:ond)?|ounce|oz)s?\b(?![ ](?:later|earlier|after|before|from|into|ago|to[ ](?:go|spare|midnight|noon))\b)",
    re.IGNORECASE,
)
_FEET_MARK = re.compile(r"(?P<unit>['’′])(?=[ ]?\d{1,2}(?:\.\d+)?(?:[\"”″]|''|’’))")  # 6'2\"
_BARE_INCHES = re.compile(r"-(?P<number>\d{1,2})(?![\d-])")  # "a 6-foot-9 forward"
_BELOW_ZERO = re.compile(r"[ ]below[ ]zero\b")
_SENTENCE_END = re.compile(r"[.!?]\s")
_PLURALS = (("s", ""), ("es", ""), ("ies", "y"))  # endings, and what the singular has there
_LONGEST_INCHES = 200
_SHORT = 4  # letters of units that are as well initials
_WORDY = 3  # letters of the shortest symbol that stands by itself
_BESIDE = 80  # characters around a letter in which words say what unit it is


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the lexicon: its English name, its dimension and how it becomes the base unit."""

    name: str
    dimension: str
    factor: float
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class _Table:
    words: dict[str, Unit]
    symbols: dict[str, Unit]
    named: re.Pattern[str]
    marked: re.Pattern[str]
    touching: frozenset[str]
    alone: frozenset[str]
    runs: re.Pattern[str]
    goes_on: re.Pattern[str]  # what may follow those that stand alone


@functools.cache
def _table() -> _Table:
    data = lexicon("figures-units")
    words: dict[str, Unit] = {}
    symbols: dict[str, Unit] = {}
    for dimension, group in data.items():
        for entry in group.get("units", ()):
            unit = Unit(entry["name"], dimension, entry["factor"], entry.get("offset", 0.0))
            words |= dict.fromkeys(entry.get("words", ()), unit)
            symbols |= dict.fromkeys(entry.get("symbols", ()), unit)
    between = any_of(data["between"]["words"])
    named = rf"[ \u00a0]?-?(?:(?:{between})[ -])??(?P<unit>{any_of(words)})s?(?!\w)"
    marked = rf"(?P<gap>[ \u00a0]?-?)(?P<unit>{_by_initials(symbols)})(?!\w)"
    goes_on = rf"[^\w\s/-]|\s*\Z|\n|[ ](?:(?:{any_of(data['alone']['words'])})\b|[^\w\s])"
    return _Table(
        words,
        symbols,
        re.compile(named, re.IGNORECASE),
        re.compile(marked),
        frozenset(data["touching"]["symbols"]),
        frozenset(data["alone"]["symbols"]),
        re.compile(rf" (?:{any_of(data['runs']['words'])})\b"),
        re.compile(goes_on, re.IGNORECASE),
    )


def any_of(forms: Iterable[str]) -> str:
    """An alternative of words for a pattern, the longest first; their blanks may be hyphens."""
    return "|".join(re.escape(f).replace(r"\ ", r"[ \u00a0-]") for f in sorted(forms, key=len, reverse=True))


def _by_initials(symbols: Iterable[str]) -> str:
    """An alternative of symbols, one a first letter: several times as fast as one a symbol (measured)."""
    grouped: dict[str, list[str]] = {}
    for symbol in sorted(symbols, key=len, reverse=True):
        grouped.setdefault(symbol[0], []).append(re.escape(symbol[1:]).replace(r"\ ", r"[ \u00a0-]"))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in grouped.items())


def measure_of(text: str, number: Number) -> Quantity | None:
    """The number with the unit behind it, or None: "20 km", "64GB", "two more years", "6 feet 2 inches", "barrels per day"."""
    if number.form in ("multiple", "ordinal"):
        return None
    found, unit = _unit_behind(text, number)
    if found is None or unit is None or _capital_year(text, found, number):
        return None
    end, value = found.end(), number.value
    if unit.name == "kelvin" and _table().runs.match(text, end):
        unit = _table().words["kilometre"]  # "a 10K race"
    if unit.name == "foot" and (inches := _inches(text, end)) is not None:
        value, end = value + inches[0] / 12, inches[1]
    exact, last = Fraction(repr(float(value))), unit
    while (smaller := _smaller(text, end, last)) is not None:
        more, end, last = smaller
        exact += Fraction(repr(more)) * Fraction(repr(float(last.factor))) / Fraction(repr(float(unit.factor)))
    if last is not unit:
        value = float(exact)
    kind: FigureKind = "duration" if unit.dimension == "time" else "measure"
    rule = str(kind)
    if unit.dimension in ("temperature", "angle") and (below := _BELOW_ZERO.match(text, end)):
        value, end = -abs(value), below.end()
    if compound := _compound(text, end, unit):
        (end, unit), kind, rule = compound, "measure", "measure-compound"
    made = Quantity.of(replace(number, value=value), kind, rule, end=end)
    written = found["unit"].lower() if unit.dimension == "time" else found["unit"]
    written = unit.name if written in ('"', "'", "’") else _singular(written, unit)
    return replace(made, number=number, unit=written, unit_normalised=unit.name, factor=unit.factor, offset=unit.offset)


def _unit_behind(text: str, number: Number) -> tuple[re.Match[str] | None, Unit | None]:
    """The unit behind a number as it is written, and what it is; the longest of what the lexicon knows."""
    table = _table()
    of = len(" of") if number.form == "vague" and text.startswith(" of ", number.end) else 0
    found, unit = _unit_named(text, number.end + of, table)
    if found is None and number.form == "words":
        return _symbol_behind_words(text, number, table)
    if number.form != "digits":
        return found, unit
    marked = table.marked.match(text, number.end)
    settled = _settled(text, number) if found is None else None
    if settled is None and marked and (found is None or marked.end() > found.end()) and _marks(text, marked, table):
        return marked, table.symbols[marked["unit"]]
    return (found, unit) if found is not None else settled or _bracket_or_mark(text, number, table)


def _unit_named(text: str, at: int, table: _Table) -> tuple[re.Match[str] | None, Unit | None]:
    """The unit that is written out in words from `at` on."""
    found = table.named.match(text, at)
    if found is None or _initials(text, found, table):
        return None, None
    written = found["unit"].lower()
    return found, table.words.get(written) or table.words.get(re.sub(r"[ \u00a0-]", " ", written))


def _symbol_behind_words(text: str, number: Number, table: _Table) -> tuple[re.Match[str] | None, Unit | None]:
    """The symbol behind a number in words: "two million bpd", but no "five C"."""
    marked = table.marked.match(text, number.end)
    spelt = marked is not None and _wordy(marked["unit"], table) and _marks(text, marked, table)
    return (marked, table.symbols[marked["unit"]]) if marked is not None and spelt else (None, None)


def _initials(text: str, found: re.Match[str], table: _Table) -> bool:
    """Two SEC commissioners, 12 MI officers: short words in capitals are units only where no noun goes on behind them."""
    written = found["unit"]
    short = 1 < len(written) <= _SHORT and written.isupper() and written.isalpha() and not text[found.end("unit") - 1].islower()
    return short and table.goes_on.match(text, found.end()) is None


def _wordy(symbol: str, table: _Table) -> bool:
    """Whether a symbol is so long that nothing else is meant: "bpd", "TEU", "b/d"."""
    return len(symbol) >= _WORDY and symbol not in table.touching


def is_unit_at(text: str, at: int) -> bool:
    """Whether a blank and a symbol of some length begin there, so that a lone "m" before them is a million: "9.5m bpd"."""
    table = _table()
    marked = table.marked.match(text, at)
    return marked is not None and marked["gap"] == " " and _wordy(marked["unit"], table) and _marks(text, marked, table)


def _bracket_or_mark(text: str, number: Number, table: _Table) -> tuple[re.Match[str] | None, Unit | None]:
    """A symbol in brackets, or a mark of inches or feet."""
    if feet := _FEET_MARK.match(text, number.end):
        return feet, table.words["foot"]
    if boxed := _BRACKETED.match(text, number.end):
        return boxed, table.symbols.get(boxed["unit"])
    if inch := _inch(text, number):
        return inch, table.words["inch"]
    foot = _foot(text, number)
    return foot, table.words["foot"] if foot else None


@functools.cache
def _letters() -> tuple[re.Pattern[str], tuple[tuple[str, Unit, float, re.Pattern[str]], ...]]:
    listed = lexicon("figures-units")["settled"]["letters"]
    letters = re.compile(rf"[ \u00a0]?(?P<unit>{any_of({e['symbol'] for e in listed})})(?![\w&'’/-])")
    beside = (
        (e["symbol"], _table().words[e["unit"]], e.get("most", math.inf), re.compile(rf"\b(?:{any_of(e['beside'])})\b", re.IGNORECASE))
        for e in listed
    )
    return letters, tuple(beside)


@functools.cache
def _never_of() -> frozenset[str]:
    return frozenset(e["symbol"] for e in lexicon("figures-units")["settled"]["letters"] if e.get("no_of"))


def is_settled(text: str, number: Number) -> bool:
    """Whether the words near the letters behind a number say what unit they are."""
    return _settled(text, number) is not None


def _settled(text: str, number: Number) -> tuple[re.Match[str], Unit] | None:
    """A letter that only the words near it make a unit: beside a capacitor "2.5 F" are farads."""
    letters, beside = _letters()
    found = letters.match(text, number.end)
    if found is None:
        return None
    if text.startswith(" of ", found.end()):
        beside = tuple(entry for entry in beside if entry[0] not in _never_of())
    before = _SENTENCE_END.split(text[max(0, number.start - _BESIDE) : number.start])[-1]
    near = before + _SENTENCE_END.split(text[number.end : number.end + _BESIDE])[0]
    unit = next((u for symbol, u, most, words in beside if symbol == found["unit"] and number.value <= most and words.search(near)), None)
    return (found, unit) if unit is not None else None


def _marks(text: str, marked: re.Match[str], table: _Table) -> bool:
    """A one-letter symbol is a unit only where nothing hangs on it: "5m", not "24703 L-202" or "5 F's"."""
    if marked["unit"] in table.alone:
        return table.goes_on.match(text, marked.end()) is not None
    if marked["unit"] not in table.touching:
        return True
    behind, beyond = text[marked.end() : marked.end() + 1], text[marked.end() + 1 : marked.end() + 2]
    if behind == "." and beyond.strip() == "" and marked["unit"].islower() and marked["unit"] != "m":
        return True  # "to 604,000 t." at a sentence's end: an initial is a capital
    return behind == "" or behind not in "-.'’&/+" or (behind in "-." and marked["gap"] == "" and not beyond.isupper())


def _inch(text: str, number: Number) -> re.Match[str] | None:
    """A straight quotation mark is an inch where it ends no quotation: 13.3" display."""
    if found := _INCH_IN.match(text, number.end):
        return found
    found = _INCH_MARK.match(text, number.end) if number.value <= _LONGEST_INCHES else None
    return found if found is not None and not closes_quotation(text, found.start("unit")) else None


def _foot(text: str, number: Number) -> re.Match[str] | None:
    """A straight apostrophe is a foot where it ends no quotation: an altitude of 30' above the sea."""
    found = _FOOT_MARK.match(text, number.end)
    return found if found is not None and not closes_quotation(text, number.end) else None


def _capital_year(text: str, found: re.Match[str], number: Number) -> bool:
    """In 2016 Stone spoke: a year and a name."""
    year = number.form == "digits" and 1900 <= number.value <= 2100 and "," not in text[number.start : number.end]
    return year and found[0].strip(" -")[:1].isupper()


def _smaller(text: str, end: int, unit: Unit) -> tuple[float, int, Unit] | None:
    """The minutes behind hours, seconds behind minutes or ounces behind pounds, "one minute, 46.68 seconds", where they end and what they are in."""
    found = _SMALLER.match(text, end) if unit.name in ("hour", "minute", "pound-mass") else None
    below = _table().words[found["unit"].lower()] if found is not None else None
    if found is None or below is None or below.factor >= unit.factor or below.dimension != unit.dimension:
        return None
    return float(found["number"]), found.end(), below


def _inches(text: str, end: int) -> tuple[float, int] | None:
    """The inches behind feet, "6 feet 2 inches", and where they end."""
    found = _INCHES.match(text, end) or _BARE_INCHES.match(text, end)
    if found is None:
        return None
    cardinals: dict[str, float] = lexicon("figures-numbers")["cardinals"]
    written = found["number"].lower()
    if written[0].isdigit():
        return float(written), found.end()
    return (cardinals[written], found.end()) if written in cardinals else None


def _compound(text: str, end: int, unit: Unit) -> tuple[int, Unit] | None:
    """A unit per another: "barrels per day", "hours a week", "km/ms". The base value is in base units each."""
    found = _COMPOUND.match(text, end)
    if found is None or unit.dimension in ("speed", "temperature", "index"):
        return None
    table = _table()
    below = table.symbols.get(found["slash"] or "") or table.words.get((found["slash"] or found["unit"]).lower().removesuffix("s"))
    if below is None or (unit.dimension == "time" == below.dimension and below.factor <= unit.factor):
        return None
    return found.end(), Unit(f"{unit.name} per {below.name}", "rate", unit.factor / below.factor)


def _singular(written: str, unit: Unit) -> str:
    """A unit's words without the ending of their plural: one whose loss leaves another way to write the unit, as that of "Celsius" does not."""
    for plural, singular in _PLURALS:
        for found in re.finditer(rf"{plural}\b", written):
            shorter = written[: found.start()] + singular + written[found.end() :]
            if _table().words.get(shorter.lower()) == unit:
                return shorter
    return written
