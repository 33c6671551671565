"""A text with its numbers written as English news writes them, character for character: every offset stays what it was.

Thousands set off by blanks or apostrophes ("12 500 people", "CHF 1’250’000") get commas, decimal commas ("€1,2 million") get
points, blanks of any width become plain ones, and the full stop that ends "Rs." is no decimal point ("Rs.50 lakh").
"""

import functools
import re
from typing import Final

from transforms.figures.money import ends_in_sign
from transforms.words.lexicon import lexicon, words

_BLANKS: Final = dict.fromkeys((0xA0, 0x202F, 0x2009, 0x2007, 0x2008, 0x200A, 0x2002, 0x2003, 0x205F), " ")
_ODD: Final = re.compile(r"[\u00a0\u202f\u2009\u2007\u2008\u200a\u2002\u2003\u205f]")
# Most texts have none of these, and a look for them is much cheaper than the patterns below (measured).
_ANY: Final = re.compile(r"\d(?:[\u00a0\u202f\u2009\u2007 ’']\d{3}(?!\d)|,\d{1,2}(?![\d,]))")
_STOPS: Final = ("Rs.", "Re.", "Tk.", "S/.", "B/.")
_STOPPED: Final = re.compile(r"(?<![A-Za-z])(?:Rs|Re|Tk|S/|B/)(?P<stop>\.)(?=\d)")
_APOSTROPHES: Final = re.compile(r"(?<![\w.,])(?P<front>[A-Z]{0,3}[$€£]?)[1-9]\d{0,2}(?:[’']\d{3})+(?![\w’'])")
_GROUPS: Final = re.compile(
    r"(?<![\d.,/:’'-])[1-9]\d{0,2}(?P<gaps>(?:[ \u00a0\u202f\u2009\u2007]\d{3})+)(?P<cents>,\d{1,2})?(?![\d’'/:-]|[.,]\d|[ \u00a0\u202f\u2009\u2007]\d)"
)
_DECIMAL: Final = re.compile(r"(?<![\d.,])\d{1,4}(?P<comma>,)\d{1,2}(?![\d,]|\.\d)")
_GOES_ON: Final = re.compile(r"[ \u00a0\u202f\u2009]?(?:%|°|[a-z]|[A-Z]{2,4}\b)")  # what a number counts: "people", "t", "GWh"
_SCALED: Final = re.compile(
    r"[ \u00a0\u202f\u2009-]?(?:[mbtr]+illion|mln|bln|bn|mn|m|percent|per[ ]cent|pct|k[gm]|[cm]m|ha|[kMG]Wh?|t|tonnes?|litres?|kilomet(?:re|er)s?|met(?:re|er)s?|degrees)\b|[ \u00a0\u202f\u2009]?%"
)
_WORD_BEFORE: Final = re.compile(r"(?P<word>[\w’'.]+)[ \u00a0\u202f\u2009]\Z")
_RUN_BEFORE: Final = re.compile(r"[A-Za-z]+\Z")
_LOOK_BACK: Final = 24  # characters
_OPENS: Final = re.compile(r"(?:\A|[.!?:\n]\s*|[“\"'‘(]\s*)\Z")


def written(text: str) -> str:
    """The text as news would write it, of the same length."""
    blanks = [m.start("stop") for m in _STOPPED.finditer(text)] if any(stop in text for stop in _STOPS) else []
    commas, points = _regrouped(text) if _ANY.search(text) else ([], [])
    if blanks or commas or points:
        letters = list(text)
        for places, sign in ((blanks, " "), (commas, ","), (points, ".")):
            for at in places:
                letters[at] = sign
        text = "".join(letters)
    return text if text.isascii() or not _ODD.search(text) else text.translate(_BLANKS)


def _regrouped(text: str) -> tuple[list[int], list[int]]:
    """Where commas belong between thousands, and points before decimals."""
    commas: list[int] = []
    points: list[int] = []
    for found in _APOSTROPHES.finditer(text):
        commas.extend(at for at in range(found.start(), found.end()) if text[at] in "’'")
    groups = [m for m in _GROUPS.finditer(text) if _may_be_one(text, m)]
    if any(_surely_one(text, m) for m in groups):  # an article that writes one number so writes all of them so
        for found in groups:
            first = found.start("gaps")
            commas.extend(range(first, first + len(found["gaps"]), 4))
            if found["cents"]:
                points.append(found.start("cents"))
    points.extend(m.start("comma") for m in _DECIMAL.finditer(text) if _SCALED.match(text, m.end()) or _signed(text, m.start()))
    return commas, points


def _may_be_one(text: str, groups: re.Match[str]) -> bool:
    """Whether digits set off by blanks can be one number: no day of a month before a count, no number of a name, no telephone."""
    start = groups.start()
    if text[start - 1 : start].isalpha():
        return _signed(text, start)
    before = _WORD_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
    if before is None or _signed(text, start):
        return True
    word = before["word"]
    dialled = _dialling().search(text, max(0, start - _LOOK_BACK), start)
    if dialled or word[-1:].isdigit() or word.lower().strip(".") in _never_before():
        return False
    named = word[:1].isupper() and not word.isupper() and not _OPENS.search(text, 0, before.start())
    return not named


def _surely_one(text: str, groups: re.Match[str]) -> bool:
    """Whether nothing else can be meant: no-break blanks, millions, cents, a sign before, or what is counted behind.

    Three digits before three others that are not round are as well two columns of a table: "few 137 161 round".
    """
    if " " not in groups["gaps"] or groups["cents"] or _signed(text, groups.start()):
        return True
    if groups.start("gaps") - groups.start() == len("000") and not groups["gaps"].endswith("00"):
        return False
    if len(groups["gaps"]) > len(" 000"):
        return True
    return _GOES_ON.match(text, groups.end()) is not None


def _signed(text: str, start: int) -> bool:
    """Whether a currency's sign or code ends right before the digits; of single letters only the rand's."""
    run = _RUN_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
    return (run is not None and run[0] == "R") or ends_in_sign(text, start)


@functools.cache
def _never_before() -> frozenset[str]:
    """Words whose number ends with the blank behind it, in small letters: months and labels."""
    return words("figures-names", "months", "words") | words("figures-names", "labels", "words")


@functools.cache
def _dialling() -> re.Pattern[str]:
    """What leads to a telephone number: "call 600 123 456", "WhatsApp us on 600 123 456"."""
    telephones = lexicon("figures-names")["telephones"]
    return re.compile(rf"\b(?:{'|'.join({*telephones['verbs'], *telephones['behind_on'], *telephones['labels']})})\b", re.IGNORECASE)
