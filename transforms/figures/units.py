"""Second look: what a number is in. Money, percent, measures, durations and ages; without a unit it is a plain count."""

import functools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from transforms.figures.coins import with_coins
from transforms.figures.currencies import title
from transforms.figures.measures import any_of, is_settled, is_unit_at, measure_of
from transforms.figures.money import Currency, millions_of_code, name_after, sign_before, tail_after
from transforms.figures.number import Number
from transforms.figures.number_words import POINT_PART
from transforms.figures.quantity import Quantity
from transforms.words.lexicon import lexicon, words

_AGE_AFTER = re.compile(
    r"[ -](?P<unit>years?|months?|weeks?|days?)(?:[ -](?P<old>olds?)|[ ]of[ ]age)\b|[ -]?(?:yo|y/o|yr[ -]old)\b", re.IGNORECASE
)
_AGE_UNIT = re.compile(r"[ -](?P<unit>year|month|week|day)s?\b", re.IGNORECASE)  # "above age 6 months"
_AGE_BEFORE = re.compile(
    r"\b(?:aged|ages?|(?:at[ ]the[ ])?ages?[ ]of|turn(?:s|ed|ing))[ ](?:just[ ]|only[ ])?(?:between[ ])?(?:\d{1,3}(?:,[ ]|[ ](?:and|or)[ ])){0,4}\Z",
    re.IGNORECASE,
)
_DIED_AT = re.compile(r"\b(?:dies|died|dead)(?:[ ]in[ ](?:19|20)\d\d)?[ ]at[ ]\Z")  # "dies at 84"; "died at 14 sites" goes on
_ALONE = re.compile(r"[,;:!?)]|\.?(?:\s|\Z)(?!\w*(?:butterfly|backstroke|freestyle|hurdles|final|relay|race|sprint))")
_CLAUSE_ENDS = re.compile(r"[,.;)]?(?:\s*\Z|\n|[ ](?:after|following|in[ ](?:19|20)|on|from|and)\b)|[,.;)]")
_SCALE_BEHIND = re.compile(r"[ ](?P<scale>thousand|million|billion|trillion)\b", re.IGNORECASE)
_POINT_MARGIN = re.compile(r"[- ]points?[ -](?:lead|margin|advantage|gap|swing|deficit)\b", re.IGNORECASE)
_PLAYED = re.compile(r"\b(?:leagues?|seasons?|games?|match(?:es)?|clubs?|coach|fixtures?)\b", re.IGNORECASE)  # where points are a table's
_FOLD = re.compile(r"[- ]?fold\b", re.IGNORECASE)
_TIMES = re.compile(r"[ ]times\b")  # "1.4 times EBITDA": nothing happens a part of a time
_RATES = re.compile(r"\b(?:rates?|inflation|yields?|per[ ]?cent|percentage)\b|%", re.IGNORECASE)
_NEAR_RATES = 120  # characters around a fraction of a point in which a rate is spoken of
_NEAR_WORDS = 60  # characters around a name of money in which words make it another thing
_NEAR_VERB = 24  # characters before a mark in metres in which its verb ends
_OLDEST = 120
_WEIGHABLE = 1e6  # so many pounds weigh nothing: they are money


@dataclass(frozen=True, slots=True)
class _Patterns:
    shares: re.Pattern[str]
    suffix: re.Pattern[str]
    times: re.Pattern[str]
    paid: re.Pattern[str]
    million: re.Pattern[str]
    marked: re.Pattern[str]
    decimal_million: re.Pattern[str]
    lakhs: re.Pattern[str]
    rupees: re.Pattern[str]


@functools.cache
def _patterns() -> _Patterns:
    units, numbers = lexicon("figures-units"), lexicon("figures-numbers")
    shares = "|".join(f"(?P<{kind}>{any_of(units[kind]['words'])})" for kind in ("percentage_point", "basis_point", "percent"))
    no_million = numbers["million_suffix"]
    counted = r"\w{3,}(?<!s)s\b"  # the plural of a noun
    people = any_of(no_million["people"])
    return _Patterns(
        shares=re.compile(
            rf"[ \u00a0]?-?(?:(?:{shares})s?|(?-i:{any_of(units['percent']['exact'])})|(?P<bp>(?-i:{any_of(units['basis_point']['exact'])})))(?!\w)",
            re.IGNORECASE,
        ),
        suffix=re.compile(rf"(?P<gap>[ \u00a0]?)(?P<scale>{any_of(numbers['suffixes'])}|m)(?![A-Za-z\d])", re.IGNORECASE),
        times=re.compile(rf"[ ]times(?=[ ](?:{any_of(numbers['times_before']['words'])})\b)"),
        paid=re.compile(rf"\b(?:{any_of(lexicon('figures-counting')['deals']['paid'])})\b", re.IGNORECASE),
        million=re.compile(
            rf"[ ](?!(?:(?:wo)?men['’]s[ ]|Olympic[ ]|[Ww]orld[ ])?(?:{any_of(no_million['whole_unless'])})\b|(?:and|or)[ ]\d[\d,]*m\b)(?:(?:\w+[ -]){{0,2}}(?:{counted}|(?:{people})\b)|of\b)"
        ),
        marked=re.compile(rf"\b(?:{any_of(no_million['marked'])})[ ](?:of[ ]|just[ ]|a[ ]|at[ ])*\Z"),
        decimal_million=re.compile(rf"[ ](?!(?:{any_of(no_million['decimal_unless'])})\b)(?:\w+[ -]){{0,5}}{counted}"),
        lakhs=re.compile(
            rf"[ -]?(?:(?P<of>{any_of(numbers['lakhs'])})[ ]?)??(?P<in>{any_of(numbers['lakhs'])})(?![A-Za-z\d])(?!['’]s)", re.IGNORECASE
        ),
        rupees=re.compile(r"(?:₹|\bRs\.?|\bINR|\bTk\.?)[ ]?[\d,.]+[ ]?(?:cr|crores?)?(?:[ ]to[ ]|[ ]?[-–][ ]?)\Z"),
    )


def quantity_of(text: str, number: Number, home: str | None) -> Quantity | None:
    """The number with its unit, or None where letters make it a code; what else is none is sorted out later (no_figures.py)."""
    for read in _READERS:
        if quantity := read(text, number, home):
            return quantity
    number = _with_suffix(text, number)
    if number.form == "digits" and text[number.end : number.end + 1].isalnum():
        return None  # letters that are no unit hang on the digits: "3G", "747F"
    rule = "count-vague" if number.form == "vague" else "count-none" if text[number.start : number.end].lower() == "no" else "count"
    return Quantity.of(number, "count", rule)


def _money_signed(text: str, number: Number, home: str | None) -> Quantity | None:
    """$75m, C$5, USD10m, Rs 500 crore, -£3m."""
    signed = sign_before(text, number.start, home)
    if signed is None or number.form not in ("digits", "words", "fraction", "vague"):
        return None
    start, currency = signed
    if millions_of_code(text, start) and not number.scaled:
        number = number.times(1e6, end=number.end)
    if currency.code in words("figures-currencies", "in_lakhs", "codes"):
        number = _in_lakhs(text, number)
    if number.form == "digits" and not number.scaled and (suffix := _patterns().suffix.match(text, number.end)):
        scale = suffix["scale"].lower()
        if not suffix["gap"] or scale in ("m", "bn", "tn", "mn", "mln"):
            number = number.times(1e6 if scale == "m" else lexicon("figures-numbers")["suffixes"][scale], end=suffix.end())
    end, currency = tail_after(text, number.end, currency, home)
    if text[start - 1 : start] in ("-", "−", "–") and not text[start - 2 : start - 1].isalnum():
        start, number = start - 1, replace(number, value=-number.value)
    return _money(start, end, number, currency, "money-code" if currency.origin == "code" else "money-sign")


def _in_lakhs(text: str, number: Number) -> Number:
    """A sum of rupees with the short forms of South Asia: "₹3.5L", "Rs 1,200 cr", "₹12.3KCr", "₹1.5 lakh cr"."""
    found = _patterns().lakhs.match(text, number.end) if number.form == "digits" else None
    if found is None:
        return number
    sizes: dict[str, float] = lexicon("figures-numbers")["lakhs"]
    size = math.prod(sizes[found[part].lower()] for part in ("of", "in") if found[part])
    return replace(number.times(size, end=found.end()), scale=number.scale * size)


def _money(start: int, end: int, number: Number, currency: Currency, rule: str) -> Quantity:
    return replace(
        Quantity.of(number, "money", rule, end=end),
        start=start,
        unit=currency.part,
        unit_normalised=currency.part or currency.name,
        factor=1 / currency.parts,
        currency=currency.code,
        currency_origin=currency.origin,
    )


def _ordinal(_text: str, number: Number, _home: str | None) -> Quantity | None:
    return Quantity.of(number, "rank", "rank-place") if number.form == "ordinal" else None


def _multiple(text: str, number: Number, _home: str | None) -> Quantity | None:
    """Eight times more, four times faster, almost four-fold."""
    if number.form not in ("digits", "words"):
        return None
    if fold := _FOLD.match(text, number.end):
        return Quantity.of(replace(number, form="multiple"), "ratio", "ratio-multiple", end=fold.end())
    times = _patterns().times.match(text, number.end) or (None if number.value.is_integer() else _TIMES.match(text, number.end))
    if times is None:
        return None
    return Quantity.of(replace(number, form="multiple"), "ratio", "ratio-times", end=times.end())


def _with_suffix(text: str, number: Number) -> Number:
    """Digits with "bn", "k" or "m" behind them and no currency sign before them. "m" is a million before a plural noun."""
    if number.form != "digits" or number.scaled or not (suffix := _patterns().suffix.match(text, number.end)):
        return number
    data = lexicon("figures-numbers")
    scale = suffix["scale"]
    if scale in ("m", "M"):
        goes_on = _patterns().decimal_million if "." in text[number.start : number.end] else _patterns().million
        marked = _patterns().marked.search(text, max(0, number.start - _NEAR_VERB), number.start) is not None
        end = suffix.end()
        counts = goes_on.match(text, end) or name_after(text, end, None) or is_unit_at(text, end)
        alone = scale == "M" and _ALONE.match(text, end)  # "topped 12M in May"
        million = suffix["gap"] == "" and not marked and (counts or alone)
        return number.times(1e6, end=suffix.end()) if million else number
    if scale.lower() in data["lakhs"] and _patterns().rupees.search(text, max(0, number.start - _NEAR_VERB), number.start):
        return _in_lakhs(text, number)  # "Rs 500-600 cr"
    end = suffix.end()
    thousands = (
        scale == "K" and _patterns().million.match(text, end) and not text.startswith(" of ", end)
    )  # "4K tickets", but "273K of heat"
    if suffix["gap"] or scale.lower() in data["beside_currency"]["only"] or (scale in ("K", "B") and not thousands):
        return number
    return number.times(data["suffixes"][scale.lower()], end=suffix.end())


def _age(text: str, number: Number, _home: str | None) -> Quantity | None:
    """45-year-old, ten months old, aged 56, at the age of 62."""
    if number.form not in ("digits", "words"):
        return None
    if found := _AGE_AFTER.match(text, number.end):
        unit = (found["unit"] or "year").lower().rstrip("s")
        plural = (found["old"] or "").lower() == "olds"
        return replace(Quantity.of(number, "age", "age-old", end=found.end() - plural), unit=unit, unit_normalised=unit)
    plain = number.value.is_integer() and 0 < number.value < _OLDEST and not number.scaled
    died = _DIED_AT.search(text, max(0, number.start - 20), number.start) and _CLAUSE_ENDS.match(text, number.end)
    if plain and (died or _AGE_BEFORE.search(text, max(0, number.start - 40), number.start)):
        behind = _AGE_UNIT.match(text, number.end)
        unit = behind["unit"].lower() if behind else "year"
        return replace(Quantity.of(number, "age", "age-aged", end=behind.end() if behind else None), unit=unit, unit_normalised=unit)
    return None


def _share(text: str, number: Number, _home: str | None) -> Quantity | None:
    """25%, 5 percentage points, 25 basis points, a 5-point lead, a quarter point."""
    number = _with_suffix(text, number)
    if number.form == "fraction" and (part := POINT_PART.match(text, number.end)):
        of_rate = part["percentage"] or _RATES.search(text, max(0, number.start - _NEAR_RATES), part.end() + _NEAR_RATES)
        return Quantity.of(number, "percentage_point", "percentage-point", end=part.end()) if of_rate else None
    if (found := _patterns().shares.match(text, number.end)) and not (found["bp"] and is_settled(text, number)):
        if found["percentage_point"]:
            return Quantity.of(number, "percentage_point", "percentage-point", end=found.end())
        if found["basis_point"] or found["bp"]:
            made = Quantity.of(number, "percentage_point", "basis-point", end=found.end())
            return replace(made, unit="basis point", unit_normalised="basis point", factor=0.01)
        return Quantity.of(number, "percent", "percent", end=found.end())
    margin = _POINT_MARGIN.match(text, number.end) if number.form in ("digits", "words") else None
    if margin is not None and not _PLAYED.search(text, max(0, number.start - _NEAR_RATES), margin.end() + _NEAR_RATES):
        return Quantity.of(number, "percentage_point", "point-margin", end=margin.start() + len("-point"))
    return None


def _money_named(text: str, number: Number, home: str | None) -> Quantity | None:
    """Ten million yen, 470 pence, 50 million EUR, tens of millions of dollars."""
    number = _with_suffix(text, number)
    gap = text.startswith((" ", "\u00a0"), number.end)
    if number.form == "digits" and not number.scaled and millions_of_code(text, number.end + gap):
        number = number.times(1e6, end=number.end + gap + 1)
    of = len(" of") if number.form == "vague" and text.startswith(" of ", number.end) else 0
    found = name_after(text, number.end + of, home) or _letter_behind(text, number)
    if found is None or number.form == "multiple":
        return None
    end, currency = found
    if currency.origin == "code" and (scale := _SCALE_BEHIND.match(text, end)):
        number = number.times(lexicon("figures-numbers")["scales"][scale["scale"].lower()], end=scale.end())  # "80 USD million"
        end = scale.end()
    name = text[number.end : end].strip(" -").lower()
    if name.startswith("pound") and not _sterling(text, number, home):
        return None
    if (other := _other_things().get(name)) is not None and other.search(text, max(0, number.start - _NEAR_WORDS), end + _NEAR_WORDS):
        return None
    if number.value < lexicon("figures-currencies")["least"].get(name, 0) and text[number.end] != "-":
        return None
    if currency.parts == 1 and (coins := with_coins(text, number, end)) is not None:
        number, end = coins
    rule = "money-part" if currency.part else ("money-code" if currency.origin == "code" else "money-name")
    return _money(number.start, end, number, currency, rule)


@functools.cache
def _other_things() -> dict[str, re.Pattern[str]]:
    """By names of money that are other things, too, the words that make them so."""
    listed: dict[str, list[str]] = lexicon("figures-currencies")["not_beside"]
    return {name: re.compile(rf"\b(?:{any_of(beside)})\b", re.IGNORECASE) for name, beside in listed.items()}


def _letter_behind(text: str, number: Number) -> tuple[int, Currency] | None:
    """The price of fuel is 18 R: a letter that is a sign where somebody pays."""
    sign = text[number.end + 1 : number.end + 2] if text.startswith((" ", "\u00a0"), number.end) else ""
    key = lexicon("figures-currencies")["behind_sums"].get(sign)
    end = number.end + 2
    if key is None or text[end : end + 1].isalnum() or text[end : end + 1] in ("&", "-", "’", "'"):
        return None
    paid = _patterns().paid.search(text, max(0, number.start - _NEAR_RATES), number.start)
    return (end, Currency(key, "symbol", name=title(key))) if paid is not None else None


def _sterling(text: str, number: Number, home: str | None) -> bool:
    """Pounds are money where they come in millions, at home in Britain, beside a £ or pence, and where somebody pays; else a weight."""
    if number.value >= _WEIGHABLE or home == "GB" or "£" in text or "sterling" in text or "pence" in text:
        return True
    return _patterns().paid.search(text, max(0, number.start - 60), number.start) is not None


def _measured(text: str, number: Number, _home: str | None) -> Quantity | None:
    return measure_of(text, _with_suffix(text, number))


def _ratio(_text: str, number: Number, _home: str | None) -> Quantity | None:
    if number.form not in ("fraction", "multiple"):
        return None
    return Quantity.of(number, "ratio", "ratio-fraction" if number.form == "fraction" else "ratio-multiple")


# In this order: a sign before the number says more than what stands behind it.
_READERS: tuple[Callable[[str, Number, str | None], Quantity | None], ...] = (
    _money_signed,
    _ordinal,
    _multiple,
    _age,
    _share,
    _money_named,
    _measured,
    _ratio,
)
