"""What a figure is told of where no actor owns it: the subject of its clause, "the field" of "the field has produced 3m barrels"."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from schemas.fact import Fact
from schemas.figure import Figure
from transforms.link.unowned_figures import word_at, word_before
from transforms.words.lexicon import words

_BARE: Final = ("count", "money", "measure", "duration")
_NEAR: Final = 12
_OWN_WORDS: Final = frozenset(':"“')
_PLACED: Final = 4  # words between a verb and the place of its subject
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


class Taken:
    """The characters of an article's figures and dates: no part of a clause that one of them fills, ends or opens has a figure."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)

    def fills(self, part: SubjectPart) -> bool:
        """Whether the part is nothing but a date or figure, or lies in one."""
        at = bisect_right(self._spans, (part.start, math.inf)) - 1
        return at >= 0 and part.end <= self._spans[at][1]

    def ends(self, part: SubjectPart) -> bool:
        """Whether the part leads up to one, or into one: "more than $5m", "the number" of "the number one"."""
        last = bisect_left(self._spans, (part.end, 0)) - 1
        return last >= 0 and part.start <= self._spans[last][0] and self._spans[last][1] >= part.end


def told_of(figure: Figure, fact: Fact, beside: Sequence[Fact], text: str, taken: Taken) -> str | None:
    """The subject of the figure's clause as written, or None where it is part of the figure's own phrase, a date or another figure.

    `beside` are the facts of the same sentence: a pronoun stands for the subject of the clause that reports it ("the company
    said it has 1,000 customers").
    """
    if not _is_told(figure, fact, text) or _is_one_of_several(figure, text) or _is_of_fronted_object(figure, fact):
        return None
    part = subject_part(figure, fact)
    if part is not None and _is_pronoun(part):
        part = _reporter(part, beside, text)
    if part is None or _is_pronoun(part) or _is_led(part) or _is_none(part):
        return None
    if taken.fills(part) or taken.ends(part) or _pushes(figure, fact) or _leads_to(part, figure, fact):
        return None
    return None if _holds_figure(part, figure) or _is_counted(part, figure) else part.text


def _is_told(figure: Figure, fact: Fact, text: str) -> bool:
    """Whether a figure of this kind is told of a subject: a share has its whole for that, but a rate has none."""
    if figure.kind == "rank":
        aside = text.startswith("(", figure.start - 1)
        between = text[fact.predicate_end : figure.start].split()
        # "the film is at number 12", "it went straight to number one"; not "the aim is to be number one"
        moved = not words("figures-ranks", "moving", "words").isdisjoint(fact.predicate_lemma.lower().split())
        stands = fact.predicate_end <= figure.start and len(between) <= _PLACED and ("to" not in between or (moved and between[-1] == "to"))
        read_as_verb = fact.predicate_start <= figure.start < fact.predicate_end and fact.predicate.startswith(
            "to "
        )  # "climbed to number three"
        behind = word_at(text, figure.end)  # a "number one single" is the rank of no one
        alone = (
            not behind
            or figure.rule == "rank-superlative"
            or behind in words("figures-dated", "oblique", "places")
            or behind in words("figures-ranks", "moving", "behind")
        )
        return figure.counted is None and not aside and alone and (stands or read_as_verb)
    if figure.rule == "ratio-multiple":
        return text.startswith(" as ", figure.end)  # "the smell was twice as strong"
    if figure.kind == "count" and figure.counted is None and word_before(text, figure.start) in words("figures-dated", "adjunct", "words"):
        return False  # "for the fifth month in the past six"
    if text.startswith("-time ", figure.end):
        return False  # "the two-time champion"
    return figure.kind in _BARE or (figure.kind in _SHARES and figure.change_role is None and _rated(figure, fact, text))


def _is_one_of_several(figure: Figure, text: str) -> bool:
    """One of the best is told of no one."""
    return figure.value == 1 and text.startswith(" of ", figure.end)


def _leads_to(part: SubjectPart, figure: Figure, fact: Fact) -> bool:
    """The world 60m champion: words right before a figure that the verb does not part from it are one phrase with it."""
    return part.end + 1 == figure.start < fact.predicate_start


def _is_of_fronted_object(figure: Figure, fact: Fact) -> bool:
    """Of those who are counted in "300 homes were hit by the blaze" the blaze has none."""
    return _in_object(figure, fact) and fact.object_start is not None and fact.object_start < fact.predicate_start


def _holds_figure(part: SubjectPart, figure: Figure) -> bool:
    return part.start < figure.end and figure.start < part.end


def _is_counted(part: SubjectPart, figure: Figure) -> bool:
    """Whether the part is what the figure counts, so that its row says it already."""
    counted = figure.counted or ""
    return bool(counted) and (counted in part.text or part.text in counted)


def _rated(figure: Figure, fact: Fact, text: str) -> bool:
    """Whether a rate is of something that the clause says behind its verb: "charges 5% interest", "expands at a rate of 4%"."""
    return figure.counted is not None and text.find(figure.counted, fact.predicate_start, figure.end + len(figure.counted) + _NEAR) >= 0


def _in_object(figure: Figure, fact: Fact) -> bool:
    return fact.object_start is not None and fact.object_end is not None and fact.object_start <= figure.start < fact.object_end


def _part(text: str | None, start: int | None, end: int | None) -> SubjectPart | None:
    return SubjectPart(text, start, end) if text and not text.isspace() and start is not None and end is not None else None


def passive_by(fact: Fact) -> bool:
    """As in "was valued at $9bn by the bank": what is told is told of the grammatical subject."""
    if fact.object_end is None or fact.subject_start is None:
        return False
    return fact.object_end <= fact.predicate_start < fact.subject_start


def _is_pronoun(part: SubjectPart) -> bool:
    return part.text.lower() in words("figures-counting", "no_holder", "words")


def _is_none(part: SubjectPart) -> bool:
    """No food or water: what is not there has no figures."""
    return part.text.split(None, 1)[0].lower() in ("no", "neither", "none", "nor")


def _pushes(figure: Figure, fact: Fact) -> bool:
    """The signal pushed the dollar up to $1.33: the level is that of what is pushed."""
    level = figure.kind != "count" or figure.change_role == "to"  # "taking the number to 23"
    pushed = figure.change_role is not None and level and fact.object is not None
    if pushed and figure.counted is not None and fact.object is not None and figure.counted in fact.object:
        return True  # "sales climbed, lifting revenue to $5m"
    return pushed and fact.predicate_lemma.lower().split()[0] in words("figures-change", "pushing", "words")


def _is_led(part: SubjectPart) -> bool:
    """Whether a part begins with a preposition: a subject that a parse has got wrong."""
    return part.text[0] in ",;:" or part.text.split(None, 1)[0].lower() in words("figures-dated", "oblique", "inside")


def _reporter(pronoun: SubjectPart, beside: Sequence[Fact], text: str) -> SubjectPart | None:
    """The subject of the nearest clause of saying before a pronoun; of nobody else it is known that the pronoun means them.

    In words of their own, behind a colon or marks, speakers are "I" and "we".
    """
    if pronoun.text.lower() not in ("it", "they"):
        return None
    saying = [f for f in beside if f.is_reporting and f.predicate_end <= pronoun.start and f.subject_actor_id is None]
    nearest = max(saying, key=lambda f: f.predicate_start, default=None)
    if nearest is None or not _OWN_WORDS.isdisjoint(text[nearest.predicate_end : pronoun.start]):
        return None
    return _part(nearest.subject, nearest.subject_start, nearest.subject_end)
