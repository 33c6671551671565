"""What the second of two like clauses leaves out: "rose 2 percent, while the other fell by 1", "sales 5%, profits 3%"."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from transforms.figures.changes import Move, role_of, way_of
from transforms.figures.draft import FigureDraft
from transforms.figures.nouns import NOUNS, Counted, counted, numeric
from transforms.figures.quantity import Quantity
from transforms.parse.token_tree import Span
from transforms.words.lexicon import words

_LENDING: Final = ("percent", "money", "measure", "percentage_point")
_COMPARABLE: Final = (*_LENDING, "duration")
_LEADING: Final = frozenset({"by", "to", "at", "between", "of", "from"})
_JOINING: Final = frozenset({",", "and", "but", "while", ";", "with"})
_INSIDE: Final = ("NN", "JJ", "DT", "PRP$", "POS", "CC", "HYPH", "CD")
_AIMING: Final = ("for", "in", "at", "from")
_LONGEST: Final = 8  # tokens of a noun phrase that stands for a clause
LENDERS: Final = 4  # one more than the figures before a number that may lend it their unit or their verb
_NEAR: Final = 40
_LIKE: Final = 10.0  # how many times larger or smaller a number may be that goes without its unit


def with_unit_before(before: FigureDraft, one: FigureDraft) -> FigureDraft:
    """The bare number in the unit of the figure before it, where both stand in the same place of two like clauses."""
    lender = before.quantity
    if one.span.start - before.span.end > _NEAR or one.span.sent.start != before.span.sent.start:
        return one
    millions = lender.kind == "money" and lender.number.scaled and _in_millions(one)
    quantity = Quantity.of(one.quantity.number.times(1e6, end=one.quantity.end), "count", "count") if millions else one.quantity
    bare = quantity.bare and quantity.number.form == "digits" and one.counted.phrase is None
    alike = (lender.value is None) == (quantity.value is None)  # two numbers, or two ranges
    if not bare or lender.kind not in _COMPARABLE or not alike:
        return one
    compared = _compared(before, one) and (quantity.number.scaled or _like(before, one))
    if not compared and (millions or lender.kind not in _LENDING or quantity.value is None or not _parallel(before, one)):
        return one
    lent = replace(
        lender,
        start=quantity.start,
        end=quantity.end,
        number=quantity.number,
        rule="shared-unit",
        value=quantity.value,
        low=quantity.low,
        high=quantity.high,
    )
    return replace(one, quantity=lent, counted=replace(before.counted, rule="unit-lent") if compared else one.counted)


def _in_millions(one: FigureDraft) -> bool:
    """4m, which behind "$5m" is no length unless one is spoken of: "4m high"."""
    lengths = words("figures-numbers", "million_suffix", "decimal_unless")
    return one.quantity.kind == "measure" and one.quantity.unit == "m" and _behind(one.span) not in lengths


def _parallel(before: FigureDraft, one: FigureDraft) -> bool:
    """A like size, and the same preposition, verb or list before both; a lone digit may count something else."""
    if before.quantity.kind == "money" and _sum_of(one):
        return True
    if not _like(before, one):
        return False
    root = one.span.root
    if _lead(one.span) == _lead(before.span) == "by":
        return True
    aimed = _behind(one.span) == _behind(before.span) in _AIMING
    listed = root.dep_ == "conj" and before.span.start <= root.head.i < before.span.end
    states = root.head.lemma_ == before.span.root.head.lemma_ == "be" and root.dep_ == "attr"
    return (listed or states or aimed) and not one.span.text.isdigit()


def _sum_of(one: FigureDraft) -> bool:
    """A profit of 210 million: the noun says that money is meant, and the number that it comes in millions."""
    doc, at = one.span.doc, one.span.start
    return (
        one.quantity.number.scaled
        and at > 1
        and _lead(one.span) == "of"
        and doc[at - 2].lemma_.lower() in words("figures-counting", "sums", "words")
    )


def _compared(before: FigureDraft, one: FigureDraft) -> bool:
    """Rose to $35m from 21m, 65.68 euros against 65.53: what a figure is compared with, or where a change to it began."""
    lead = _lead(one.span)
    if lead == "from":
        return before.move is None or before.move.role == "to"
    if lead == "to":
        return before.move is not None and before.move.role == "from"
    return lead in words("figures-dated", "compared", "words") or behind_compared(one.span)


def behind_compared(span: Span) -> bool:
    """Compared with, relative to."""
    doc, at = span.doc, span.start
    return at > 1 and f"{doc[at - 2].lower_} {doc[at - 1].lower_}" in words("figures-dated", "compared", "words")


def _lead(span: Span) -> str:
    return span.doc[span.start - 1].lower_ if span.start else ""


def _behind(span: Span) -> str:
    return span.doc[span.end].lower_ if span.end < len(span.doc) else ""


def _same_verb(like: FigureDraft, one: FigureDraft) -> bool:
    return one.move is None or (like.move is not None and like.move.word.i == one.move.word.i and like.move.role == one.move.role)


def _like(before: FigureDraft, one: FigureDraft) -> bool:
    small, large = sorted((abs(before.quantity.number.value), abs(one.quantity.number.value)))
    return 0 < large <= small * _LIKE


def of_gap(done: Sequence[FigureDraft], one: FigureDraft) -> tuple[Counted, Move | None] | None:
    """Profits 3%, of "sales rose 5% and profits 3%": a noun phrase alone between two figures stands for a clause like the one before.

    What is counted, and the change that the clause before, with the last figure of this kind, tells of both.
    """
    like = _like_before(done, one)
    remnant = _remnant(one.span, done[-1].span.end) if like is not None else None
    if like is None or remnant is None:
        return None
    move, last = like.move, remnant[-1]
    if move is not None and (way := way_of(last)) is not None:  # a verb that was taken for a noun
        move, remnant = replace(move, word=last, change=way), last.doc[remnant.start : last.i]
    if move is not None and (role := role_of(_lead(one.span))) is not None:
        move = replace(move, role=role)
    if not len(remnant) or remnant[-1].tag_ not in NOUNS or numeric(remnant[-1]):
        return None
    return counted(remnant, remnant[-1]), move


def _like_before(done: Sequence[FigureDraft], one: FigureDraft) -> FigureDraft | None:
    """The last figure of this kind, where it stands in the same sentence, behind what it counts, and under the same verb."""
    like = next((d for d in done[:-LENDERS:-1] if d.quantity.kind == one.quantity.kind), None)
    if like is None or one.quantity.kind not in _LENDING or not _same_verb(like, one) or like.span.sent.start != one.span.sent.start:
        return None
    return like if like.counted.head is not None and like.counted.head.i < like.span.start else None


def _remnant(span: Span, start: int) -> Span | None:
    """The noun phrase in front of a figure that a comma or "and" joins to what ends at token `start`, without "only" and the like."""
    doc, end = span.doc, span.start
    while end > start and (doc[end - 1].lower_ in _LEADING or doc[end - 1].tag_ == "RB"):
        end -= 1
    first = end
    while first > max(start, end - _LONGEST) and doc[first - 1].tag_.startswith(_INSIDE):
        first -= 1
    joined = first > max(0, start) and doc[first - 1].lower_ in _JOINING
    while first < end and doc[first].lower_ in _JOINING:
        first, joined = first + 1, True
    return doc[first:end] if joined and first < end else None
