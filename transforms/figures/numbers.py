"""First look: what numbers are written in a text, in digits or in words.

Clock times, calendar dates in figures, versions, telephone numbers and the digits of codes ("V-6", "G20") are passed over
here, by the characters alone.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from transforms.figures.measures import any_of
from transforms.figures.money import ends_in_sign
from transforms.figures.number import Number
from transforms.figures.number_words import Atom, number_words, read_words, with_half
from transforms.words.lexicon import lexicon

_VULGAR = {"½": 0.5, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 0.25, "¾": 0.75, "⅛": 0.125, "⅜": 0.375, "⅝": 0.625, "⅞": 0.875, "⅕": 0.2}
_PASSED_OVER = r"""
    (?P<clock>\d{1,2}(?:[:.]\d{2})?[ \u00a0]?(?:am|pm|a\.m|p\.m|AM|PM|A\.M|P\.M)\b | \d{1,2}:\d{2}(?::\d{2})?(?!\d) )
  | (?P<calendar>\d{1,4}/\d{1,2}/\d{2,4} | \d{4}-\d{2}-\d{2} | \d{1,2}\.\d{1,2}\.\d{4} )
  | (?P<season>(?:19|20)\d{2}[-–/](?:\d{2}|(?:19|20)\d{2})(?![\d,.]\d|\d|[ -](?:per|%)) )
  | (?P<dotted>\d+(?:\.\d+){2,} )
  | (?P<telephone>\+?\d{2,4}(?:[- ]\d{2,4}){3,} | \d{3,}-\d{3,}-\d{3,} | 0\d{3,4}(?:[ -]\d{3,})+ | 1[38]00[ -]\d{3}[ -]\d{3}\b )
  | (?P<decade>[’']?\d{1,4}0[’']?s\b | (?:19|20)\d{2}s\b | \d{1,3}(?:,000)+s\b )
"""
_NUMERAL = r"""
    (?P<digits>0[ ]\.[ ]\d+|\d{1,3}[ ]\.[ ](?!(?:19|20)\d\d\b)\d{4,}|(?:\d{1,3}(?:,\d{3}|[ ]?,[ ]000)+(?!\d) | \d{1,2}(?:,\d{2})+,\d{3}(?!\d) | \d+)(?:\.\d+|[ ]\.[ ]\d+(?=[ ]?%|[ ](?:per[ ]?cent|[mbtr]+illion)\b))? | (?<![\d.])\.\d+ )
  | (?P<vulgar>[½⅓⅔¼¾⅛⅜⅝⅞⅕])
"""
_FRACTION = re.compile(r"[ ]?/[ ]?(?P<below>\d{1,3})(?![\d/])")
_MIXED = re.compile(r"[ \u00a0-]?(?P<vulgar>[½⅓⅔¼¾⅛⅜⅝⅞⅕])|[ -](?P<top>\d)[ ]?/[ ]?(?P<below>[234568]|16|32)(?![\d/])")
_SCALES = re.compile(r"[ \u00a0-](?:hundred|thousand|million|billion|trillion|quadrillion|mln|bln|lakhs?|crores?|dozens?)\b", re.IGNORECASE)
_POWER = re.compile(r"[ ]?[x×*·][ ]?10(?:\^|\*\*)(?P<behind>[-−–]?\d{1,2})(?!\.?\d)")  # "2.5 × 10^6"
_OF_TEN = re.compile(r"(?:\^|\*\*)(?P<power>[-−–]?\d{1,2})(?!\.?\d)|(?P<small>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})(?!\w)")  # "10^6", "10⁶"
_SMALL_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–", "0123456789---")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_SIGN = re.compile(r"(?:(?<![\w.,)%])(?<!\+/)(?P<mark>[-−–])|(?<!plus or )\b(?P<word>minus)[ -])\$?\Z", re.IGNORECASE)
_SIGN_REACH = 16  # characters of "plus or minus $"
_JOINT = re.compile(r"\b(?:to|minus|and|or|over|under|plus|extra|up)-\Z|\d\w{0,3}[-–—]\Z", re.IGNORECASE)
_LARGEST = 1e18  # a longer row of digits is an identifier, and a float would no longer hold it exactly


@functools.cache
def _atom() -> re.Pattern[str]:
    words = number_words()
    listed = {w for group in (words.cardinals, words.scales, words.vague, words.fractions, words.multiples, words.ordinals) for w in group}
    none = rf"\b(?P<none>[Nn]o)(?=[ ](?:\w+[ ]){{0,2}}(?:{any_of(lexicon('figures-numbers')['none_of']['words'])})\b)"
    return re.compile(f"(?=[\\d.’'+½⅓⅔¼¾⅛⅜⅝⅞⅕])(?:{_PASSED_OVER}|{_NUMERAL})|{_named(listed)}|{none}", re.VERBOSE)


def _named(words: set[str]) -> str:
    """An alternative a first letter: several times as fast as one a word, or as ignoring case (measured)."""
    initials = sorted({w[0] for w in words})
    groups = []
    for initial in initials:
        rest = "|".join(sorted((re.escape(w[1:]) for w in words if w[0] == initial), key=len, reverse=True))
        groups.append(f"[{initial}{initial.upper()}](?:{rest})")
    return f"\\b(?P<word>{'|'.join(groups)})\\b"


def numbers_in(text: str) -> Iterator[Number]:
    """Yield the numbers of a text in order; no two overlap."""
    matches = list(_atom().finditer(text))
    atoms = [Atom(m.start(), m.end(), m[0].lower() if m.lastgroup == "word" else "") for m in matches]
    at, reach = 0, -1
    while at < len(matches):
        number, following = _read(text, matches, atoms, at) if matches[at].start() >= reach else (None, at + 1)
        if number is not None and number.start >= reach:
            reach = number.end
            yield number
        at = max(following, at + 1)


def _read(text: str, matches: Sequence[re.Match[str]], atoms: list[Atom], at: int) -> tuple[Number | None, int]:
    """The number that begins with match `at`, or None where it is passed over, and the index of the next match."""
    match, kind = matches[at], matches[at].lastgroup
    if kind == "none":
        return Number(match.start(), match.end(), 0.0, "words"), at + 1
    if kind == "word":
        number, following = read_words(text, atoms, at, number_words())
        return (_minus(text, number) if number is not None else None), following
    number = _numeral(text, match) if kind in ("digits", "vulgar") else None
    return _scaled(text, atoms, at + 1, number) if number is not None else (None, at + 1)


def _numeral(text: str, match: re.Match[str]) -> Number | None:
    start, end = match.span()
    if _is_code(text, start, end):
        return None
    if match.lastgroup == "vulgar":
        return Number(start, end, _VULGAR[match[0]], "fraction")
    value = float(match[0].replace(",", "").replace(" ", ""))
    if value > _LARGEST:
        return None
    if made := _ordinal(text, start, end, value) or _power(text, start, end, value):
        return made
    if below := _FRACTION.match(text, end):
        part = float(below["below"])
        return (
            Number(start, below.end(), value / part, "fraction")
            if 0 < value < part and part in (2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 32)
            else None
        )
    if mixed := _MIXED.match(text, end):
        value += _VULGAR[mixed["vulgar"]] if mixed["vulgar"] else float(mixed["top"]) / float(mixed["below"])
        end = mixed.end()
    if sign := _SIGN.search(text, max(0, start - _SIGN_REACH), start):
        start, value = sign.start(), -value
    return Number(start, end, value, "digits")


def _ordinal(text: str, start: int, end: int, value: float) -> Number | None:
    """The 21st; in "12st 4lb" the letters are stones."""
    ordinal = _ORDINAL.match(text, end)
    return Number(start, ordinal.end(), value, "ordinal") if ordinal is not None and not _stones(ordinal[0], value) else None


def _power(text: str, start: int, end: int, value: float) -> Number | None:
    """A number with its power of ten: "10^6", "10⁶", "2.5 × 10^6"."""
    if value == 10 and (found := _OF_TEN.match(text, end)):
        size = 10.0 ** int((found["power"] or found["small"]).translate(_SMALL_DIGITS))
        return Number(start, found.end(), size, "digits")
    if (found := _POWER.match(text, end)) is None:
        return None
    return Number(start, found.end(), float(f"{value!r}e{found['behind'].translate(_SMALL_DIGITS)}"), "digits")


def _stones(ending: str, value: float) -> bool:
    """Whether "st" behind a number is no ending of an ordinal: "12st 4lb"."""
    return ending == "st" and (value % 10 != 1 or value % 100 == 11)


def _minus(text: str, number: Number) -> Number:
    """Minus five."""
    sign = _SIGN.search(text, max(0, number.start - _SIGN_REACH), number.start)
    if sign is None or not sign["word"]:
        return number
    return replace(number, start=sign.start(), value=-number.value)


def _is_code(text: str, start: int, end: int) -> bool:
    """Digits that are part of a code, a name or an address: "V-6", "S23", "#5b", "1.2.3", "www.site4.com"."""
    if (text[start] == "0" and text[start:end].isdigit() and end - start > 1) or text.endswith("&#", 0, start):
        return True  # "0619 GMT", "007"; a character's number in markup, "&#191;"
    if start == 0:
        return False
    before = text[start - 1]
    if before.isalpha() or before == "_":
        return not ends_in_sign(text, start)
    if before in "-‑–—" and start > 1:
        run = text[max(0, start - 8) : start]
        return text[start - 2].isalnum() and not _JOINT.search(run)
    if before in "./:@" and start > 1:
        within = text[start - 2].isalnum() and not (before in "/:" and text[start - 2].isdigit())
        return within and not ends_in_sign(text, start)  # "S/5"
    return before == "," and start > 1 and text[start - 2].isdigit()


def _scaled(text: str, atoms: list[Atom], at: int, number: Number) -> tuple[Number, int]:
    """A number in digits with its scale words: "4 hundred million", "2.5 and a half billion" is none."""
    words = number_words()
    size, end = 1.0, number.end
    while scale := _SCALES.match(text, end):
        size *= words.scales[scale[0].strip(" -\u00a0").lower()]
        end = scale.end()
    made = number.times(size, end=end) if end > number.end else number
    while at < len(atoms) and atoms[at].start < end:
        at += 1
    return with_half(text, atoms, at, made, words) if made.form == "digits" else (made, at)
