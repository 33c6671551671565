"""Numbers in words: cardinals, fractions, multiples, ordinals and orders of magnitude, read off runs of number words.

`atoms` are the number words and digit groups of a text in order, found by numbers.py; a run is read as far as English
grammar lets it stand for one number ("two hundred and five thousand", but "two, three" are two numbers).
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from transforms.figures.number import Number
from transforms.words.lexicon import lexicon

_JOIN = re.compile(r"(?:[ \u00a0]|-|\u2011|[ -]and[ -])\Z")
_ARTICLE = re.compile(r"\b(?:an?|A|An)[ \u00a0-]\Z")
_AND_A_HALF = re.compile(r"[ -]and[ -](?P<top>a|one|three)[ -](?P<part>half|quarters?|third)\b", re.IGNORECASE)
POINT_PART = re.compile(r"[ -](?:of[ -])?(?:an?[ -])?(?P<percentage>percentage[ -])?point\b", re.IGNORECASE)
_HALF_OF_SCALE = re.compile(
    r"[ -](?:of[ -](?=an?[ -]))?(?:an?[ -])?(?P<scale>hundred|thousand|million|billion|trillion|dozen)\b", re.IGNORECASE
)
_SCALE_FOLLOWS = re.compile(r"[ -](?:of[ ]a[ ])?(?:million|billion|trillion)\b", re.IGNORECASE)
_POINT = re.compile(r"[ -]point(?=[ -])", re.IGNORECASE)
_DIGIT = re.compile(r"[ -](?P<digit>zero|oh|nought|one|two|three|four|five|six|seven|eight|nine)\b", re.IGNORECASE)
_OF_SCALE = re.compile(r" of (?P<scale>thousands|millions|billions|hundreds|trillions)\b", re.IGNORECASE)
_HALF_UNLESS = re.compile(
    r"\b(?:first|second|other|better|final|last|latter|opening|half|1st|2nd|this|either|interval|every|each)[ -]\Z", re.IGNORECASE
)
_HALF_GOES_ON = re.compile(r"(?:[ ,.;)]|\Z)(?!time\b|year\b|back\b|century\b|a point\b)")
_PART_LED = re.compile(
    r"\b(?:by|about|around|nearly|almost|over|than|under|roughly|only|just|least|to|quarter|or|and)[ ]an?[ ]\Z", re.IGNORECASE
)
_PART_ENDS = re.compile(r"[,.;:)]|\Z|\n")
_PART_GOES_ON = re.compile(r",? of\b| (?:in|to|from|less|more|as|by|after|on|at|that|the|were|are|is|was|have|had|said|since|over|when)\b")
_PART_COMPARED = re.compile(
    r" (?:fewer\b|(?:higher|lower|larger|bigger|smaller|cheaper|greater|faster|slower|shorter|longer)(?= than\b|[,.;)]| in\b| on\b))"
)
_BEFORE, _LED = 12, 24  # characters before a fraction in which its article, or what leads to it, stands
_ORDER = re.compile(r"\b(?:several|a few|few|many|a couple of|a couple|some few)[ \u00a0]\Z", re.IGNORECASE)
_MULTIPLE_GOES_ON = re.compile(r"(?:[ -](?:as|the|that|what|its|his|her|their|this|last|those|more)\b|fold\b)", re.IGNORECASE)


class Atom(NamedTuple):
    """One number word, as it stands from start to end; `word` is in lower case."""

    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class NumberWords:
    """Number words in lower case with their values, by what they do."""

    cardinals: dict[str, float]
    scales: dict[str, float]
    vague: dict[str, float]
    fractions: dict[str, float]
    multiples: dict[str, float]
    ordinals: dict[str, float]


@functools.cache
def number_words() -> NumberWords:
    """The lexicon of number words by what they do."""
    data = lexicon("figures-numbers")
    groups = ("cardinals", "scales", "vague", "fractions", "multiples", "ordinals")
    return NumberWords(**{name: {word: float(value) for word, value in data[name].items()} for name in groups})


def read_words(text: str, atoms: Sequence[Atom], at: int, words: NumberWords) -> tuple[Number | None, int]:
    """The number that begins with atom `at`, or None where it is none, and the index of the next atom."""
    readers = (
        (words.vague, _vague),
        (words.cardinals, _cardinal),
        (words.scales, _scale),
        (words.multiples, _multiple),
        (words.fractions, _part),
        (words.ordinals, _ordinal),
    )
    for group, read in readers:
        if atoms[at].word in group:
            number, following = read(text, atoms, at, words)
            if number is not None or following > at + 1:
                return number, following
    return None, at + 1


def _multiple(text: str, atoms: Sequence[Atom], at: int, words: NumberWords) -> tuple[Number | None, int]:
    word = atoms[at]
    goes_on = _MULTIPLE_GOES_ON.match(text, word.end) or word.word.endswith("fold")
    return (Number(word.start, word.end, words.multiples[word.word], "multiple") if goes_on else None), at + 1


def _part(text: str, atoms: Sequence[Atom], at: int, words: NumberWords) -> tuple[Number | None, int]:
    part = _fraction(text, atoms[at], words)
    return _and_scale(text, atoms, at + 1, part, words) if part is not None else (None, at + 1)


def _ordinal(_text: str, atoms: Sequence[Atom], at: int, words: NumberWords) -> tuple[Number | None, int]:
    return Number(atoms[at].start, atoms[at].end, words.ordinals[atoms[at].word], "ordinal"), at + 1


def _joined(text: str, atoms: Sequence[Atom], at: int) -> str | None:
    """What stands between atom `at` and the one before it, if that can join two words of one number."""
    if at >= len(atoms):
        return None
    gap = text[atoms[at - 1].end : atoms[at].start].lower()
    return gap if _JOIN.fullmatch(gap) else None


def _cardinal(text: str, atoms: Sequence[Atom], at: int, words: NumberWords) -> tuple[Number | None, int]:
    first = atoms[at]
    total, current, scale = 0.0, words.cardinals[first.word], 1.0
    last_scale, last, i = float("inf"), first, at + 1
    while (gap := _joined(text, atoms, i)) is not None:
        word = atoms[i].word
        if word in words.scales:
            size = words.scales[word]
            if word == "hundred" or size < 1000:
                current *= size
            elif size < last_scale:
                total, current, last_scale = total + current * size, 0.0, size
            else:
                break
            scale = size
        elif word in words.cardinals and _fits(words.cardinals[word], current, "and" in gap, scale != 1):
            current += words.cardinals[word]
        elif word in words.fractions and scale == 1 and _denominator(word, current) and "and" not in gap:
            part = Number(first.start, atoms[i].end, current * words.fractions[word], "fraction")
            return _and_scale(text, atoms, i + 1, part, words)
        elif word in words.ordinals and current >= 20 and words.ordinals[word] < 10 and "and" not in gap:
            return Number(first.start, atoms[i].end, current + words.ordinals[word], "ordinal"), i + 1
        else:
            break
        last, i = atoms[i], i + 1
    made = Number(first.start, last.end, total + current, "words", scale=scale)
    if (decimal := _decimal(text, made)) is not None:
        return _and_scale(text, atoms, i, decimal, words)
    return _unless_year(text, atoms, i, made, words)


def _unless_year(text: str, atoms: Sequence[Atom], i: int, made: Number, words: NumberWords) -> tuple[Number | None, int]:
    """A number in words with what follows it, or None for a year, "nineteen eighty-four"."""
    if not _spelled_year(text, atoms, i, made.value, words):
        return with_half(text, atoms, i, made, words)
    while _joined(text, atoms, i) is not None:
        i += 1
    return None, i


def _decimal(text: str, whole: Number) -> Number | None:
    """Two point five: a whole number with the digits behind its point, one by one; "two points" and "one point of" are none."""
    point = _POINT.match(text, whole.end)
    if point is None or whole.scaled:
        return None
    digits, end = "", point.end()
    while found := _DIGIT.match(text, end):
        name = found["digit"].lower()
        digits += "0" if name in ("oh", "nought") else str(int(lexicon("figures-numbers")["cardinals"][name]))
        end = found.end()
    return Number(whole.start, end, float(f"{int(whole.value)}.{digits}"), "words") if digits else None


def _fits(value: float, current: float, with_and: bool, scaled: bool) -> bool:
    if with_and and not scaled:
        return False
    if current == 0:
        return scaled
    room = current % 100 if value >= 10 else current % 10
    teen = 10 <= current % 100 < 20
    return room == 0 and not teen and value != 0 and (current % 100 != 0 or scaled)


def _denominator(word: str, current: float) -> bool:
    return word not in ("quarters", "seconds") or current == 3


def _spelled_year(text: str, atoms: Sequence[Atom], i: int, value: float, words: NumberWords) -> bool:
    """Nineteen eighty-four: a teen and a two-digit number without a scale are a year."""
    nearby = _joined(text, atoms, i)
    return nearby == " " and 13 <= value <= 19 and words.cardinals.get(atoms[i].word, 0) >= 20


def with_half(text: str, atoms: Sequence[Atom], i: int, made: Number, words: NumberWords) -> tuple[Number, int]:
    """A number with the "and a half" and the scale word that follow it, and the index of the next atom."""
    if more := _AND_A_HALF.match(text, made.end):
        part = words.fractions[more["part"].lower()] * (3 if more["top"].lower() == "three" else 1)
        made = Number(made.start, more.end(), made.value + part * made.scale, made.form, scale=made.scale)
        while i < len(atoms) and atoms[i].start < made.end:
            i += 1
        return _and_scale(text, atoms, i, made, words)
    return made, i


def _and_scale(text: str, atoms: Sequence[Atom], i: int, made: Number, words: NumberWords) -> tuple[Number, int]:
    """Half a million, two and a half thousand."""
    if scale := _HALF_OF_SCALE.match(text, made.end):
        made = replace(made, form="words").times(words.scales[scale["scale"].lower()], end=scale.end())
    while i < len(atoms) and atoms[i].start < made.end:
        i += 1
    return made, i


def _scale(text: str, atoms: Sequence[Atom], at: int, words: NumberWords) -> tuple[Number | None, int]:
    """A scale word without a number: "a hundred", "a million and a half", "several thousand"."""
    word = atoms[at]
    before = text[max(0, word.start - 14) : word.start]
    size = words.scales[word.word]
    if order := _ORDER.search(before):
        start = word.start - len(before) + order.start()
        return Number(start, word.end, size, "vague", high=size * 10, scale=size), at + 1
    if not (article := _ARTICLE.search(before)):
        return None, at + 1
    start = word.start - len(before) + article.start()
    made, i, scaled = size, at + 1, size
    last = word
    while _joined(text, atoms, i) is not None:
        following = atoms[i].word
        if following in words.scales and words.scales[following] > scaled:
            made *= words.scales[following]
            scaled = words.scales[following]
        elif following in words.cardinals and words.cardinals[following] < scaled and made % 10 == 0:
            made += words.cardinals[following]
        else:
            break
        last, i = atoms[i], i + 1
    return with_half(text, atoms, i, Number(start, last.end, made, "words", scale=size), words)


def _fraction(text: str, word: Atom, words: NumberWords) -> Number | None:
    """A fraction without a numeral: "half", "a third of"."""
    article = _ARTICLE.search(text, max(0, word.start - _BEFORE), word.start)
    if word.word == "half":
        if not _is_half(text, word):
            return None
        led = article is not None and text.startswith(" of", word.end)
    elif word.word == "quarter" and _SCALE_FOLLOWS.match(text, word.end):
        led = article is not None
    elif (article or word.word == "quarter") and POINT_PART.match(text, word.end):
        led = article is not None and text[word.end] != "-"  # the article of "a quarter-point cut" is the cut's
    elif article and _is_part(text, word):
        led = True
    else:
        return None
    start = article.start() if article is not None and led else word.start
    return Number(start, word.end, words.fractions[word.word], "fraction")


def _is_half(text: str, word: Atom) -> bool:
    """Whether "half" is an amount: not "first half", "half time", "half-baked"."""
    if text.endswith("-", 0, word.start) or _HALF_UNLESS.search(text, max(0, word.start - _BEFORE), word.start):
        return False
    return any(pattern.match(text, word.end) for pattern in (_HALF_GOES_ON, _HALF_OF_SCALE, POINT_PART))


def _is_part(text: str, word: Atom) -> bool:
    """Whether what stands behind "a third" shows it for a part: "a third of", "a fifth higher than", "by a third."."""
    if _PART_GOES_ON.match(text, word.end) or _PART_COMPARED.match(text, word.end):
        return True
    led = _PART_LED.search(text, max(0, word.start - _LED), word.start)
    return led is not None and _PART_ENDS.match(text, word.end) is not None


def _vague(text: str, atoms: Sequence[Atom], at: int, words: NumberWords) -> tuple[Number | None, int]:
    """Orders of magnitude: "dozens", "tens of thousands"; "scores" only with "of", else they are points."""
    word, low = atoms[at], words.vague[atoms[at].word]
    end, i = word.end, at + 1
    if word.word in ("tens", "scores") and not text.startswith(" of ", word.end):
        return None, i
    while of := _OF_SCALE.match(text, end):
        low, end = low * words.vague[of["scale"].lower()], of.end()
        while i < len(atoms) and atoms[i].start < end:
            i += 1
    return Number(word.start, end, low, "vague", high=low * 10, scale=low), i
