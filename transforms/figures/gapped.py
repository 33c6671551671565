"""What the second of two like clauses leaves out: "rose 2 percent, while the other fell by 1", "sales 5%, profits 3%"."""

from dataclasses import replace
from typing import Final

from spacy.tokens import Span, Token

from transforms.figures.nouns import NOUNS, Counted, counted, numeric
from transforms.figures.read import Read

_LENDING: Final = ("percent", "money", "measure", "percentage_point")
_LEADING: Final = frozenset({"by", "to", "at", "between", "of", "from"})
_JOINING: Final = frozenset({",", "and", "but", "while", ";", "with"})
_INSIDE: Final = ("NN", "JJ", "DT", "PRP$", "POS", "CC", "HYPH", "CD")
_LONGEST: Final = 12  # tokens between the two figures of clauses that lean on one another
_NEAR: Final = 40
_LIKE: Final = 10.0  # how many times larger or smaller a number may be that goes without its unit


def with_unit_before(before: Read, one: Read) -> Read:
    """The bare number in the unit of the figure before it, where both stand in the same place of two like clauses."""
    quantity, lender = one.quantity, before.quantity
    bare = quantity.bare and quantity.number.form == "digits" and one.counted.phrase is None
    if not bare or lender.kind not in _LENDING or lender.value is None or quantity.value is None or not _parallel(before, one):
        return one
    lent = replace(
        lender,
        start=quantity.start,
        end=quantity.end,
        number=quantity.number,
        rule="shared-unit",
        value=quantity.value,
        low=None,
        high=None,
    )
    return replace(one, quantity=lent)


def _parallel(before: Read, one: Read) -> bool:
    """The same sentence, a like size, and the same preposition, verb or list before both."""
    if one.span.start - before.span.end > _NEAR or one.span.sent.start != before.span.sent.start or not _like(before, one):
        return False
    root = one.span.root
    if root.dep_ == "conj" and before.span.start <= root.head.i < before.span.end:
        return True
    lead, lead_before = _lead(one.span), _lead(before.span)
    if lead == lead_before == "by":
        return True
    states = root.head.lemma_ == before.span.root.head.lemma_ == "be" and root.dep_ == "attr"
    return states and not one.quantity.number.value.is_integer()


def _lead(span: Span) -> str:
    return span.doc[span.start - 1].lower_ if span.start else ""


def _like(before: Read, one: Read) -> bool:
    small, large = sorted((abs(before.quantity.number.value), abs(one.quantity.number.value)))
    return 0 < large <= small * _LIKE


def noun_of_gap(before: Read, one: Read) -> Counted | None:
    """Profits 3%, of "sales rose 5% and profits 3%": the noun phrase alone between two figures of one kind stands for a clause."""
    doc, start, end = one.span.doc, before.span.end, one.span.start
    if before.quantity.kind != one.quantity.kind or before.quantity.kind not in _LENDING or not 2 <= end - start <= _LONGEST:
        return None
    while end > start and (doc[end - 1].lower_ in _LEADING or doc[end - 1].tag_ == "RB"):
        end -= 1
    joined = start
    while start < end and doc[start].lower_ in _JOINING:
        start += 1
    if start in (joined, end) or not all(t.tag_.startswith(_INSIDE) for t in doc[start:end]):
        return None
    return _last(doc[start:end])


def _last(span: Span) -> Counted | None:
    head: Token = span[-1]
    return counted(span, head) if head.tag_ in NOUNS and not numeric(head) else None
