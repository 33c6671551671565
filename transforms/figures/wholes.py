"""Fifth look: what has what is counted, "a run" of "a run of seven games" (figures.base); without it link takes the subject of the clause."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from transforms.figures.changes import way_of
from transforms.figures.holders import held
from transforms.figures.nouns import NOUNS, Counted, belonging, names_time, numeric, object_of, only_dates, run_head
from transforms.figures.quantity import Quantity
from transforms.parse.grammar import phrase
from transforms.parse.token_tree import Span, Token
from transforms.words.lexicon import words

_SHARED: Final = ("percent", "percentage_point", "ratio", "rank", "score")  # their whole is read with what they count
_MODIFYING: Final = ("money", "measure", "duration", "age")
_GOVERNED: Final = ("of", "with")
_PLACES: Final = ("at", "in", "within", "aboard", "inside")
_PLACE_NAMES: Final = ("GPE", "LOC", "FAC")
_APART: Final = ("DT", "PRP$", "PDT", "NNP", "NNPS")
_BRACKETS: Final = ("(", "[")


@dataclass(frozen=True, slots=True)
class Whole:
    """What a figure is of, and which look found it."""

    phrase: Span
    rule: str


def whole_of(span: Span, quantity: Quantity, found: Counted) -> Whole | None:
    """The noun phrase that has what the figure counts or measures, or None where none stands beside it."""
    if found.base is not None:
        return Whole(found.base, found.rule or "share-of")
    if quantity.kind in _SHARED:
        placed = _bracketed(span, quantity, found) if quantity.kind == "rank" else None
        return Whole(placed, "bracketed") if placed is not None else None
    for name, look in _LOOKS.items():
        noun = look(span, quantity, found) if not only_dates(span, quantity) else None
        if noun is not None and (name == "compounded" or not _is_part(noun, found)):
            return Whole(noun, name)
    return None


def _outer(span: Span, found: Counted) -> Token:
    """What hangs outside the figure: the noun that it counts, or itself."""
    return found.head if found.head is not None and found.head.i >= span.end else span.root


def _is_part(noun: Span, found: Counted) -> bool:
    return found.phrase is not None and noun.start < found.phrase.end and found.phrase.start < noun.end


def _compounded(span: Span, quantity: Quantity, found: Counted) -> Span | None:
    """A 12-page document, a six-cylinder engine: the noun whose part is counted."""
    if not quantity.bare or found.head is None or found.phrase is None or found.phrase.end >= len(span.doc):
        return None
    hung = found.head.tag_ == "NN" and found.head.i == found.phrase.end - 1 >= span.end and quantity.value != 1
    head = run_head(span.doc, found.phrase.end) if hung and span.doc[found.phrase.end].tag_ not in _APART else None
    return span.doc[found.phrase.end : head.i + 1] if head is not None else None


def _governing(span: Span, quantity: Quantity, found: Counted) -> Span | None:
    """A survey of 6,000 employers, a plan with 60 GB of data: the noun before the preposition."""
    outer = _outer(span, found)
    if quantity.kind in _MODIFYING and outer.i >= span.end and span.doc[span.end].lower_ != "of":
        return None  # "the cost of the four-year project": the project has the years
    outer = _climbed(span, outer)
    preposition = outer.head
    if outer.dep_ != "pobj" or preposition.lower_ not in _GOVERNED or not 0 < preposition.i < span.start:
        return None
    if preposition.nbor(-1).tag_ in ("RB", "IN"):  # "instead of one book"
        return None
    noun = preposition.head
    if noun.tag_ not in NOUNS or noun.i >= preposition.i or noun.lemma_.lower() in _no_whole():
        return None
    theirs = noun.tag_ == "NNS" and noun.lower_ in belonging()  # "leaders of the five parties": they are theirs and do not have them
    known = quantity.bare and span.doc[span.start - 1].lower_ in words(
        "figures-counting", "definite", "words"
    )  # "the winner of the four races"
    done_to = quantity.bare and noun.lemma_.lower() in words("figures-counting", "done_to", "words")  # "the arrests of two men"
    if preposition.lower_ == "of" and (
        theirs or known or done_to or (quantity.bare and way_of(noun) is not None)
    ):  # "a net loss of 58,000 customers"
        return None
    absent = any(c.lower_ in ("no", "any") for c in noun.lefts)  # what is not there has nothing
    idiom = preposition.lower_ == "with" and noun.dep_ == "pobj" and noun.tag_ == "NN" and not noun.n_lefts  # "into chaos with 39 protests"
    return None if absent or idiom or names_time(noun) or numeric(noun) or noun.ent_type_ in ("DATE", "TIME") else phrase(noun)


def _no_whole() -> frozenset[str]:
    given = words("figures-counting", "no_whole", "words") | words("figures-counting", "time_frames", "words")
    return given | words("figures-counting", "bare_totals", "words") | words("figures-change", "levels", "nouns")


def _climbed(span: Span, noun: Token) -> Token:
    """The figure's own unit or order of size where the noun hangs on it: "thousands of students", "60 GB of data"."""
    inside = noun.dep_ == "pobj" and noun.head.lower_ == "of" and span.start <= noun.head.head.i < span.end
    return noun.head.head if inside else noun


def _meant_for(span: Span, quantity: Quantity, _found: Counted) -> Span | None:
    """$52,000 for Norvia, £5m for the bank: whom or what the sum right before "for" falls to."""
    doc, at = span.doc, span.end
    if quantity.kind != "money" or at + 1 >= len(doc) or doc[at].lower_ != "for":
        return None
    found = object_of(doc[at])
    if found is None or found.head is None or found.head.tag_ not in NOUNS or names_time(found.head) or numeric(found.head):
        return None
    return found.phrase


def _placed(span: Span, quantity: Quantity, _found: Counted) -> Span | None:
    """And 1.5 million in the Leeds region: a number that counts nothing by itself, before the place that has so many."""
    doc, at = span.doc, span.end
    if not quantity.bare or at + 1 >= len(doc) or doc[at].lower_ not in _PLACES or (span[-1].is_alpha and span[-1].tag_ in NOUNS):
        return None
    place = object_of(doc[at])
    if place is None or place.phrase is None or not any(t.ent_type_ in _PLACE_NAMES for t in place.phrase):
        return None
    phrase = place.phrase
    return doc[phrase.start : phrase.end - 1] if phrase[-1].is_punct else phrase


def _there(span: Span, _quantity: Quantity, found: Counted) -> Span | None:
    """There are 900 students at the college: the place that has them."""
    noun = _outer(span, found)
    outer = _climbed(span, noun)
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


def _bracketed(span: Span, _quantity: Quantity, _found: Counted) -> Span | None:
    """Mary Roe (3 goals), the plant (40 MW), the abacus (59th place): the noun before the bracket that opens with the figure."""
    doc, at = span.doc, span.start - 1
    if at < 1 or doc[at].text not in _BRACKETS or doc[at - 1].tag_ not in NOUNS:
        return None
    before = held(doc[at - 1], at, ("of",))
    return before.phrase if before is not None and not doc[at - 1].text[:1].isdigit() else None


_LOOKS: Final[dict[str, Callable[[Span, Quantity, Counted], Span | None]]] = {
    "compounded": _compounded,
    "meant-for": _meant_for,
    "placed": _placed,
    "governing": _governing,
    "there": _there,
    "bracketed": _bracketed,
}
