"""Second look: what a number is in. Money, percent, measures, durations and ages; without a unit it is a plain count."""

import functools
import re
from dataclasses import dataclass, replace

from transforms.figures.money import Currency, name_after, sign_before, tail_after
from transforms.figures.number import Number
from transforms.figures.quantity import Quantity
from transforms.lexicon import lexicon

_GAP = r"(?P<gap>[ \u00a0]?-?)"
_AGE_AFTER = re.compile(
    r"[ -](?P<unit>years?|months?|weeks?|days?)(?:[ -](?P<old>olds?)|[ ]of[ ]age)\b|[ -]?(?:yo|y/o|yr[ -]old)\b", re.IGNORECASE
)
_AGE_BEFORE = re.compile(
    r"(?:\b(?:aged|age|ages)|\bat[ ]the[ ]age[ ]of|\bage[ ]of|\bturn(?:s|ed|ing))[ ](?:just[ ]|only[ ])?(?:between[ ])?\Z", re.IGNORECASE
)
_TIMES = re.compile(
    r"[ ]times(?=[ ](?:as|more|less|the|higher|lower|faster|slower|bigger|larger|smaller|greater|better|worse|longer|likelier|over|its|their|his|her|what|earnings|book|annual|that)\b)"
)
_BRACKETED = re.compile(r"[ ]?[\[{<](?P<symbol>[A-Za-z°µμ²³/]{1,6})[\]}>]")
_SCALE_BEHIND = re.compile(r"[ ](?P<scale>thousand|million|billion|trillion)\b", re.IGNORECASE)
_INCH_MARK = re.compile(r"[ ]?\"(?=[\s,.;)x])")
_INCH_IN = re.compile(r"[ ]?(?P<unit>in)\b\.?(?=[ ](?:\(\d|thick|wide|long|tall|high|deep|across|by\b|x\b)|[)])")
_COMPOUND = re.compile(r"[ ](?:per|an?|each)[ ](?P<unit>[a-z]+)\b|[ ]?/[ ]?(?P<slash>[A-Za-z]+)\b")
_POINT_MARGIN = re.compile(r"[- ]points?[ -](?:lead|margin|advantage|gap|swing|deficit)\b", re.IGNORECASE)
_FEET_INCHES = re.compile(
    r"[ ,]*(?:and[ ])?(?P<inches>\d{1,2}(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven)[ -]?(?:in\b|inch(?:es)?\b|ins\b|″|\")",
    re.IGNORECASE,
)


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
    percent: re.Pattern[str]
    suffix: re.Pattern[str]


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
    between = _any(data["between"]["words"])
    shares = "|".join(f"(?P<{kind}>{_any(data[kind]['words'])})" for kind in ("percentage_point", "basis_point", "percent"))
    scales = lexicon("figures-numbers")["suffixes"]
    return _Table(
        words,
        symbols,
        re.compile(rf"{_GAP}(?:(?P<between>{between})[ -])?(?P<unit>{_any(words)})s?(?!\w)", re.IGNORECASE),
        re.compile(rf"(?P<gap>[ \u00a0]?-?)(?P<unit>{_any(symbols)})(?!\w)"),
        frozenset(data["touching"]["symbols"]),
        re.compile(rf"[ \u00a0]?-?(?:{shares})s?(?!\w)", re.IGNORECASE),
        re.compile(rf"(?P<gap>[ \u00a0]?)(?P<scale>{_any(scales)}|m)(?![A-Za-z\d])", re.IGNORECASE),
    )


def _any(forms: object) -> str:
    listed = sorted((str(f) for f in forms), key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(re.escape(f).replace(r"\ ", r"[ \u00a0-]") for f in listed)


def quantity_of(text: str, number: Number, home: str | None) -> Quantity | None:
    """The number with its unit, or None where letters make it a code; what else is none is sorted out later (names.py)."""
    signed = sign_before(text, number.start, home)
    if signed is not None and number.form in ("digits", "words", "fraction", "vague"):
        return _money_signed(text, number, signed, home)
    if number.form == "ordinal":
        return Quantity(number.start, number.end, number, "rank", "rank-ordinal", value=number.value)
    number = _with_suffix(text, number)
    if number.form in ("digits", "words") and (times := _TIMES.match(text, number.end)):
        ratio = replace(number, form="multiple")
        return Quantity(number.start, times.end(), ratio, "ratio", "ratio-times", value=number.value)
    for read in (_age, _share, _money_named, _measure):
        if quantity := read(text, number, home):
            return quantity
    if number.form in ("fraction", "multiple"):
        rule = "ratio-fraction" if number.form == "fraction" else "ratio-multiple"
        return Quantity(number.start, number.end, number, "ratio", rule, value=number.value)
    return None if _glued(text, number) else Quantity(number.start, number.end, number, "count", _count_rule(number), **_value(number))


def _count_rule(number: Number) -> str:
    return "count-vague" if number.form == "vague" else "count"


def _glued(text: str, number: Number) -> bool:
    """Letters that are no unit hang on the digits: "3G", "747F", "5x"."""
    return number.form == "digits" and text[number.end : number.end + 1].isalnum()


def _value(number: Number) -> dict[str, float | None]:
    if number.high is not None:
        return {"low": number.value, "high": number.high}
    return {"value": number.value}


def _scaled(number: Number, suffix: re.Match[str] | None, size: float) -> Number:
    if suffix is None:
        return number
    return number.times(size, end=suffix.end())


def _with_suffix(text: str, number: Number) -> Number:
    """Digits with "bn", "k" or "m" behind them and no currency sign before them. "m" is a million before a plural noun."""
    if number.form != "digits" or number.scaled or not (suffix := _table().suffix.match(text, number.end)):
        return number
    data = lexicon("figures-numbers")
    scale = suffix["scale"]
    if scale in ("m", "M"):
        goes_on = _DECIMAL_GOES_ON if "." in text[number.start : number.end] else _MILLION_GOES_ON
        million = suffix["gap"] == "" and (goes_on.match(text, suffix.end()) or name_after(text, suffix.end(), None))
        return _scaled(number, suffix, 1e6) if million else number
    if suffix["gap"] or scale.lower() in data["beside_currency"]["only"] or scale in ("K", "B"):
        return number
    return _scaled(number, suffix, data["suffixes"][scale.lower()])


# A plural noun or "of" behind "12.3m": so it was millions. Races and heights ("400m hurdles", "5m tall") go on otherwise.
_MILLION_GOES_ON = re.compile(
    r"[ ](?!(?:hurdles|runners|finalists|medals|titles|events|swimmers|sprinters|hurdlers|distances|records|times|relays?|sprints|races|heats|finals|champions|freestyle|is|was|has|as|towers|pools|waves|yachts|medley|metres|deeps)\b)"
    r"(?:(?:\w+[ -]){0,2}\w{3,}(?<!s)s\b|(?:\w+[ -]){0,2}(?:people|children|women|men)\b|of\b)"
)
_DECIMAL_GOES_ON = re.compile(
    r"[ ](?!(?:is|was|has|as|high|long|wide|deep|tall|away|above|below|from|per|jump|throw|leap|mark)\b)(?:\w+[ -]){0,5}\w{3,}(?<!s)s\b"
)


def _money_signed(text: str, number: Number, signed: tuple[int, Currency], home: str | None) -> Quantity:
    start, currency = signed
    end, value = number.end, number.value
    if number.form == "digits" and not number.scaled and (suffix := _table().suffix.match(text, end)):
        scale = suffix["scale"].lower()
        if not suffix["gap"] or scale in ("m", "bn", "tn", "mn", "mln"):
            size = 1e6 if scale == "m" else lexicon("figures-numbers")["suffixes"][scale]
            number = _scaled(number, suffix, size)
            end, value = number.end, number.value
    end, currency = tail_after(text, end, currency, home)
    if text[start - 1 : start] in ("-", "−", "–") and not text[start - 2 : start - 1].isalnum():
        start, value = start - 1, -value
    rule = "money-code" if currency.origin == "code" else "money-sign"
    return _money(start, end, replace(number, value=value), currency, rule)


def _money(start: int, end: int, number: Number, currency: Currency, rule: str) -> Quantity:
    return Quantity(
        start,
        end,
        number,
        "money",
        rule,
        **_value(number),
        unit=currency.part,
        unit_normalised=currency.part or currency.name,
        factor=1 / currency.parts,
        currency=currency.code,
        currency_origin=currency.origin,
    )


def _money_named(text: str, number: Number, home: str | None) -> Quantity | None:
    end = number.end
    if number.form == "vague" and text.startswith(" of ", end):
        end += len(" of")
    found = name_after(text, end, home)
    if found is None or (number.form == "multiple"):
        return None
    end, currency = found
    if currency.origin == "code" and (scale := _SCALE_BEHIND.match(text, end)):
        number = number.times(lexicon("figures-numbers")["scales"][scale["scale"].lower()], end=scale.end())  # "80 USD million"
        end = scale.end()
    if currency.code == "GBP" and text[number.end : end].strip(" -").lower().startswith("pound") and not _sterling(text, number, home):
        return None
    rule = "money-part" if currency.part else ("money-code" if currency.origin == "code" else "money-name")
    return _money(number.start, end, number, currency, rule)


def _sterling(text: str, number: Number, home: str | None) -> bool:
    """Pounds are money where they come in thousands, at home in Britain or beside a £ or pence; else they are a weight."""
    if number.value >= _WEIGHABLE or home == "GB" or "£" in text or "sterling" in text or "pence" in text:
        return True
    return _PAYING.search(text, max(0, number.start - 60), number.start) is not None


_WEIGHABLE = 1e6
_PAYING = re.compile(
    r"\b(?:pa(?:id|ys?|ying)|costs?|worth|fin(?:ed|es?)|earn(?:s|ed|ing)?|spen[dt]|pric(?:ed?|es)|fees?|prizes?|salary|bid|bought|sold|owed?|invest(?:ed)?)\b",
    re.IGNORECASE,
)


def _share(text: str, number: Number, _home: str | None) -> Quantity | None:
    found = _table().percent.match(text, number.end)
    if found is not None and number.form != "ordinal":
        if found["percentage_point"]:
            return Quantity(number.start, found.end(), number, "percentage_point", "percentage-point", **_value(number))
        if found["basis_point"]:
            return Quantity(
                number.start, found.end(), number, "percentage_point", "basis-point", value=number.value,
                unit="basis point", unit_normalised="basis point", factor=0.01,
            )  # fmt: skip
        return Quantity(number.start, found.end(), number, "percent", "percent", **_value(number))
    if number.form in ("digits", "words") and (margin := _POINT_MARGIN.match(text, number.end)):
        end = margin.start() + len("-point")
        return Quantity(number.start, end, number, "percentage_point", "point-margin", value=number.value)
    return None


def _age(text: str, number: Number, _home: str | None) -> Quantity | None:
    if number.form not in ("digits", "words"):
        return None
    if found := _AGE_AFTER.match(text, number.end):
        unit = (found["unit"] or "year").lower().rstrip("s")
        end = found.end() - (1 if (found["old"] or "").endswith("s") else 0)
        return Quantity(number.start, end, number, "age", "age-old", value=number.value, unit=unit, unit_normalised=unit)
    plain = float(number.value).is_integer() and 0 < number.value < 120 and not number.scaled
    if plain and _AGE_BEFORE.search(text, max(0, number.start - 24), number.start):
        return Quantity(number.start, number.end, number, "age", "age-aged", value=number.value, unit="year", unit_normalised="year")
    return None


def _measure(text: str, number: Number, _home: str | None) -> Quantity | None:
    table = _table()
    of = 3 if number.form == "vague" and text.startswith(" of ", number.end) else 0
    found = table.named.match(text, number.end + of)
    unit = table.words.get(re.sub(r"[ \u00a0-]", " ", found["unit"].lower())) or table.words.get(found["unit"].lower()) if found else None
    marked = None if of else table.marked.match(text, number.end)
    if marked and (found is None or marked.end() > found.end()) and _marks(text, marked, number, table):
        found, unit = marked, table.symbols[marked["unit"]]
    if found is None and number.form == "digits" and (boxed := _BRACKETED.match(text, number.end)) and boxed["symbol"] in table.symbols:
        found, unit = boxed, table.symbols[boxed["symbol"]]
    if found is None and number.form == "digits" and (inch := _inch(text, number)):
        found, unit = inch, table.words["inch"]
    if found is None or unit is None or number.form in ("multiple", "ordinal") or _capital_year(text, found, number):
        return None
    start, end, value = number.start, found.end(), number.value
    if unit.name == "foot" and (inches := _FEET_INCHES.match(text, end)):
        value += _small(inches["inches"]) / 12
        end = inches.end()
    kind, rule = ("duration", "duration") if unit.dimension == "time" else ("measure", "measure")
    if compound := _compound(text, end, unit, table):
        end, unit = compound
        kind, rule = "measure", "measure-compound"
    fields = _value(replace(number, value=value))
    written = _written(found) or unit.name
    return Quantity(
        start,
        end,
        number,
        kind,
        rule,
        **fields,
        unit=_singular(written.lower() if unit.dimension == "time" else written),
        unit_normalised=unit.name,
        factor=unit.factor,
        offset=unit.offset,
    )  # type: ignore[arg-type]


def _compound(text: str, end: int, unit: Unit, table: _Table) -> tuple[int, Unit] | None:
    """A unit per another: "barrels per day", "hours a week", "km/ms". The base value is in base units each."""
    found = _COMPOUND.match(text, end)
    if found is None:
        return None
    below = table.symbols.get(found["slash"] or "") or table.words.get((found["slash"] or found["unit"]).lower().removesuffix("s"))
    if (
        below is None
        or unit.dimension == "time" == below.dimension
        and below.factor <= unit.factor
        or unit.dimension in ("speed", "temperature", "index")
    ):
        return None
    return found.end(), Unit(f"{unit.name} per {below.name}", "rate", unit.factor / below.factor)


def _inch(text: str, number: Number) -> re.Match[str] | None:
    """A straight quotation mark is an inch where no quotation is open in its line: 13.3" display."""
    if found := _INCH_IN.match(text, number.end):
        return found
    if number.value > _LONGEST_INCHES or not (found := _INCH_MARK.match(text, number.end)):
        return None
    line = text[text.rfind("\n", 0, number.start) + 1 : number.start]
    opened = len(re.findall(r'(?<!\d)"', line))
    return found if opened % 2 == 0 else None


_LONGEST_INCHES = 200


def _capital_year(text: str, found: re.Match[str], number: Number) -> bool:
    """In 2016 Stone spoke: a year and a name."""
    year = number.form == "digits" and 1900 <= number.value <= 2100 and "," not in text[number.start : number.end]
    return year and found[0].strip(" -")[:1].isupper()


def _small(word: str) -> float:
    cardinals: dict[str, float] = lexicon("figures-numbers")["cardinals"]
    return cardinals[word.lower()] if word.lower() in cardinals else float(word)


def _written(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return groups.get("unit") or groups.get("symbol") or ""


def _singular(written: str) -> str:
    return written[:-1] if len(written) > 3 and written.endswith("s") and not written.endswith("ss") else written


def _marks(text: str, marked: re.Match[str], number: Number, table: _Table) -> bool:
    """A one-letter symbol is a unit only where it touches the digits: "5m", not "I'm" or "24703 L-202"."""
    if number.form != "digits":
        return False
    symbol, gap = marked["unit"], marked["gap"]
    if symbol in table.touching:
        behind = text[marked.end() : marked.end() + 1]
        return (
            behind not in "-.'’&/+"
            or behind == ""
            or (behind in ".-" and gap == "" and not text[marked.end() + 1 : marked.end() + 2].isupper())
        )
    return True
