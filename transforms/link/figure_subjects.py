"""What a figure is told of where no actor owns it: the subject of its clause, "the field" of "the field has produced 3m barrels"."""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.fact import Fact
from schemas.figure import Figure
from transforms.words.lexicon import words

_BARE: Final = ("count", "money", "measure", "duration")
_SHARE_OF: Final = re.compile(r"[%t] of ")  # "7% of", "seven per cent of"
_NEAR: Final = 12
_SHARES: Final = ("percent", "percentage_point")  # their `base` is the whole; a rate that is counted may have a subject


class SubjectPart(NamedTuple):
    """A part of a clause: its words and where they stand."""

    text: str
    start: int
    end: int


def subject_part(figure: Figure, fact: Fact) -> SubjectPart | None:
    """The part of the clause that the figure is told of: the subject, of a passive with its agent named the object."""
    if passive_by(fact):
        if fact.subject_start is not None and fact.subject_end is not None and fact.subject_start <= figure.start < fact.subject_end:
            return None  # "embraced by millions of people": those who do it are not what they do it to
        return _part(fact.object, fact.object_start, fact.object_end)
    return _part(fact.subject, fact.subject_start, fact.subject_end)


def told_of(figure: Figure, fact: Fact, beside: Sequence[Fact], text: str, taken: Sequence[tuple[int, int]]) -> str | None:
    """The subject of the figure's clause as written, or None where it is part of the figure's own phrase, a date or another figure.

    `beside` are the facts of the same sentence: a pronoun stands for the subject of the clause that reports it ("the company
    said it has 1,000 customers"). `taken` are the characters of the article's figures and dates, in order.
    """
    asked = figure.kind in _BARE or (figure.kind in _SHARES and figure.change_role is None and _rated(figure, fact, text))
    if not asked or (figure.value == 1 and text.startswith(" of ", figure.end)):  # one of the best is told of no one
        return None
    if _in_object(figure, fact) and fact.object_start is not None and fact.object_start < fact.predicate_start:
        return None  # of those who are counted in "300 homes were hit by the blaze" the blaze has none
    part = subject_part(figure, fact)
    if part is not None and _pronoun(part.text):
        part = _reporter(part, beside)
    if part is None or _pronoun(part.text) or _led(part.text) or (part.start < figure.end and figure.start < part.end):
        return None
    at = bisect_right(taken, (part.start, math.inf)) - 1
    last = bisect_left(taken, (part.end, 0)) - 1
    if (at >= 0 and part.end <= taken[at][1]) or (last >= 0 and part.start <= taken[last][0] and taken[last][1] == part.end):
        return None  # a date, or "more than $5m"
    opening = bisect_left(taken, (part.start, 0))
    if opening < len(taken) and taken[opening][1] < part.end and _SHARE_OF.match(text, taken[opening][1] - 1):
        return None  # "only around 7% of companies"
    counted = figure.counted or ""
    return None if counted and (counted in part.text or part.text in counted) else part.text


def _rated(figure: Figure, fact: Fact, text: str) -> bool:
    """Whether a rate is of something that the clause says behind its verb: "charges 5% interest", "expands at a rate of 4%"."""
    return figure.counted is not None and text.find(figure.counted, fact.predicate_start, figure.end + len(figure.counted) + _NEAR) >= 0


def _in_object(figure: Figure, fact: Fact) -> bool:
    return fact.object_start is not None and fact.object_end is not None and fact.object_start <= figure.start < fact.object_end


def _part(text: str | None, start: int | None, end: int | None) -> SubjectPart | None:
    return SubjectPart(text, start, end) if text is not None and start is not None and end is not None else None


def passive_by(fact: Fact) -> bool:
    """As in "was valued at $9bn by the bank": what is told is told of the grammatical subject."""
    if fact.object_end is None or fact.subject_start is None:
        return False
    return fact.object_end <= fact.predicate_start < fact.subject_start


def _pronoun(text: str) -> bool:
    return text.lower() in words("figures-counting", "no_holder", "words")


def _led(text: str) -> bool:
    """Whether a part begins with a preposition: a subject that a parse has got wrong."""
    return text.split(None, 1)[0].lower() in words("figures-dated", "oblique", "inside")


def _reporter(pronoun: SubjectPart, beside: Sequence[Fact]) -> SubjectPart | None:
    """The subject of the nearest clause of saying before a pronoun; of nobody else it is known that the pronoun means them."""
    if pronoun.text.lower() not in ("it", "they"):
        return None
    saying = [f for f in beside if f.is_reporting and f.predicate_end <= pronoun.start and f.subject_actor_id is None]
    nearest = max(saying, key=lambda f: f.predicate_start, default=None)
    return _part(nearest.subject, nearest.subject_start, nearest.subject_end) if nearest is not None else None
