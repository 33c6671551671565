"""Fifth look: what has what is counted, "a run" of "a run of seven games"; without it link takes the subject of the clause."""

from typing import Final

from spacy.tokens import Span, Token

from transforms.figures.holders import held
from transforms.figures.nouns import NOUNS, Counted, names_time, numeric, object_of
from transforms.figures.quantity import Quantity
from transforms.grammar import phrase
from transforms.lexicon import words

_SHARED: Final = ("percent", "percentage_point", "ratio", "rank", "score")  # their whole is read with what they count
_GOVERNED: Final = ("of", "with")
_PLACES: Final = ("at", "in", "within", "aboard", "inside")
_BRACKETS: Final = ("(", "[")


def whole_of(span: Span, quantity: Quantity, found: Counted) -> Span | None:
    """The noun phrase that has what the figure counts or measures, or None where none stands beside it."""
    if found.base is not None or quantity.kind in _SHARED:
        return found.base
    outer = found.head if found.head is not None and found.head.i >= span.end else span.root
    for look in (_governing, _there, _bracketed):
        noun = look(span, outer)
        if noun is not None and not _is_part(noun, found):
            return noun
    return None


def _is_part(noun: Span, found: Counted) -> bool:
    return found.phrase is not None and noun.start < found.phrase.end and found.phrase.start < noun.end


def _governing(span: Span, outer: Token) -> Span | None:
    """A survey of 6,000 employers, a plan with 60 GB of data: the noun before the preposition."""
    preposition = outer.head
    if outer.dep_ != "pobj" or preposition.lower_ not in _GOVERNED or preposition.i >= span.start:
        return None
    noun = preposition.head
    if noun.tag_ not in NOUNS or noun.i >= preposition.i or noun.lemma_.lower() in words("figures-counting", "no_whole", "words"):
        return None
    return None if names_time(noun) or numeric(noun) or noun.ent_type_ in ("DATE", "TIME") else phrase(noun)


def _there(span: Span, outer: Token) -> Span | None:
    """There are 900 students at the college: the place that has them."""
    noun = outer
    while outer.dep_ == "pobj" and outer.head.lower_ == "of" and span.start <= outer.head.head.i < span.end:
        outer = outer.head.head  # "thousands of students"
    verb = outer.head
    if verb.lemma_ != "be" or not any(c.dep_ == "expl" for c in verb.lefts):
        return None
    acts = [c for c in (*noun.rights, *outer.rights) if c.dep_ in ("acl", "relcl")]
    for above in (noun, outer, *acts, verb):
        for preposition in above.rights:
            if preposition.dep_ != "prep" or preposition.lower_ not in _PLACES or preposition.i < span.end:
                continue
            place = object_of(preposition)
            if place is not None and place.head is not None and not names_time(place.head) and place.head.ent_type_ not in ("DATE", "TIME"):
                return place.phrase
    return None


def _bracketed(span: Span, _outer: Token) -> Span | None:
    """Mary Roe (3 goals), the plant (40 MW): the noun before the bracket that opens with the figure."""
    doc, at = span.doc, span.start - 1
    if at < 1 or doc[at].text not in _BRACKETS or doc[at - 1].tag_ not in NOUNS:
        return None
    before = held(doc[at - 1], at)
    return before.phrase if before is not None and not doc[at - 1].text[:1].isdigit() else None
