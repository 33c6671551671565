"""What a measure, a sum or a share belongs to where no verb of change or of level says it: the noun beside it, its holder."""

import functools
import re

from transforms.figures.changes import Move
from transforms.figures.nouns import NOUNS, Counted, counted, names_time, numeric, object_of, preposition_of, wide
from transforms.figures.quantity import SIZED, Quantity
from transforms.parse.grammar import phrase, subject_of
from transforms.parse.token_tree import Span, Token
from transforms.words.lexicon import words

_LABEL = 3  # words of a label
_ASIDE_BEFORE = re.compile(
    r" ?(?P<dash>[-–—]) ?(?:just |only |about |around |some |nearly |almost |now |currently |more than |at least |all )*\Z"
)
_ASIDE = 40  # characters between a dash and a number that is alone in its aside
_CLIMBED = ("in", "of", "at", "on", "for")


def beside_particle(_text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted | None:
    """Norvia Foods up 9.4 per cent, the index (16,369 up 58 points): the noun before the particle, without a verb between."""
    if move is None or quantity.kind not in SIZED or move.word.lower_ not in ("up", "down") or not 0 < move.word.i < span.start:
        return None
    before = move.word.nbor(-1)
    if before.like_num and before.head.i < before.i:
        before = before.head
    return held(before, move.word.i)


def beside_signed(text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """FTSE -0.6% DAX -1.6%: in a list of markets the name stands before the signed number."""
    if not signed(text, quantity) or span.start == 0:
        return None
    last = span.doc[span.start - 1]
    start = last.i
    while start > span.sent.start and (_names(span.doc[start]) or (start == last.i and last.tag_ == "CD")):
        start -= 1
    start += not _names(span.doc[start])
    head = next((t for t in reversed(span.doc[start : last.i + 1]) if t.tag_ in NOUNS), None)
    return counted(span.doc[start : last.i + 1], head) if head is not None else None


def _names(token: Token) -> bool:
    return token.tag_ in NOUNS and token.text != "%"


def signed(text: str, quantity: Quantity) -> bool:
    """A share with a sign of its own, "-0.6%" or "+2%"."""
    return quantity.kind == "percent" and (text[quantity.start] in "-−–+" or text[max(0, quantity.start - 1)] == "+")


def in_apposition(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """The prize (£300), floor area ≈ 32m2, strength lower than 8.9 ksi: the noun that the figure is an apposition to."""
    root = span.root
    scored = quantity.unit_normalised == "point"  # "Leeds (1-0): Ann Roe 18 points"
    if quantity.kind not in SIZED or scored or root.dep_ != "appos" or root.head.i >= span.start:
        return None
    if any(t.text == ":" for t in span.doc[root.head.i : span.start]):
        return None  # "a whole range of bags: 45F, 30F"
    found = held(root.head, span.start)
    return None if found is None or found.head is None or _is_bare_total(found.head) else found


def _is_bare_total(noun: Token) -> bool:
    """Whether a noun names no thing that has a size: "the equivalent ($350)"."""
    return noun.lemma_.lower() in words("figures-counting", "bare_totals", "words")


def with_measure(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """A car with 938 horsepower: the noun before "with" has the measure."""
    outer = span.root
    if quantity.kind != "measure" or outer.dep_ != "pobj" or outer.head.lower_ != "with" or outer.head.i == 0:
        return None
    return held(outer.head.nbor(-1), outer.head.i)


def put_to(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Brought the rate down to 4%, set the target at $5m: the object of the verb stands at the figure."""
    outer = span.root
    if (
        quantity.kind not in {*SIZED, "count"}
        or outer.dep_ != "pobj"
        or outer.head.lower_ not in ("to", "at", "from", "beyond", "above", "below")
    ):
        return None
    verb = outer.head.head
    if verb.pos_ != "VERB" or verb.lemma_.lower() in words("figures-change", "contested", "words"):
        return None  # "lead the Greens by 39% to 34%"
    thing = next((c for c in verb.rights if c.dep_ == "dobj" and c.i < span.start), None)
    if thing is not None and _is_bare_total(thing):
        return None  # "changing hands at $372"
    if thing is not None and thing.lemma_.lower() == "number" and (whole := preposition_of(thing, ("of",))) is not None:
        return object_of(whole)  # "limit the number of casinos to 24"
    return held(thing, span.start) if thing is not None and quantity.kind != "count" else None


def as_high_as(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Temperatures as high as 40C, prices as low as $5: the noun before the comparison."""
    doc, at = span.doc, span.start - 1
    while at > 2 and span.start - at < 3 and doc[at].tag_ == "RB" and doc[at].lower_ != "as":  # "as high as roughly 40C"
        at -= 1
    if (
        quantity.kind not in SIZED
        or at < 3
        or doc[at].lower_ != "as"
        or doc[at - 2].lower_ != "as"
        or not doc[at - 1].tag_.startswith(("JJ", "RB"))
    ):
        return None
    return held(doc[at - 3], at - 2)


def in_bracket(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Four fillets (1lb), the annual fee (£20): the noun before the bracket that opens with the figure."""
    doc, at = span.doc, span.start - 1
    if at > 0 and doc[at].text in words("figures-bounds", "about", "before"):
        at -= 1
    if quantity.kind not in SIZED or at < 1 or doc[at].text != "(" or doc[at - 1].tag_ not in NOUNS or doc[at - 1].text[:1].isdigit():
        return None
    noun = doc[at - 1]
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.tag_ in NOUNS and not numeric(noun.head.head):
        noun = noun.head.head  # the value of the shares ($5m)
    whole = doc[phrase(noun).start : at]
    return None if _is_bare_total(noun) or noun.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT") or noun.like_num else counted(whole, noun)


def priced_for(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """The tablet for just $799: the noun that hangs before the price without a verb of buying."""
    outer = span.root
    if quantity.kind != "money" or outer.dep_ != "pobj" or outer.head.lower_ not in ("for", "at"):
        return None
    above = outer.head.head
    if above.pos_ == "VERB" and above.lemma_.lower() not in words("figures-counting", "deals", "claim"):
        above = next((c for c in above.rights if c.dep_ == "dobj" and c.right_edge.i + 1 == outer.head.i), above)
    return held(above, outer.head.i) if above.i < outer.head.i else None


def taken_from(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Wiped $340 million from the company's value: what is less by the sum stands behind "from"."""
    outer = span.root
    if quantity.kind not in ("money", "percent", "percentage_point") or outer.dep_ != "dobj" or outer.head.lemma_.lower() not in _taking():
        return None
    source = next(
        (c for c in (*outer.rights, *outer.head.rights) if c.dep_ == "prep" and c.lower_ in ("from", "off") and c.i >= span.end), None
    )
    found = object_of(source) if source is not None else None
    return found if found is not None and found.head is not None and not names_time(found.head) else None


def _taking() -> frozenset[str]:
    return words("figures-change", "taking", "words")


def compared(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """The wall is, on average, 3 m higher: the subject of the verb whose comparative the figure measures."""
    root = span.root
    if quantity.kind not in SIZED or root.dep_ != "npadvmod" or root.head.dep_ != "acomp":
        return None
    above = subject_of(root.head.head)
    return held(above, span.start) if above is not None else None


def or_two(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """A pick or two: the noun before "or"."""
    doc, at = span.doc, span.start
    if not quantity.bare or quantity.value != 2 or at < 3 or doc[at - 1].lower_ != "or" or doc[at - 3].lower_ not in ("a", "an", "another"):
        return None
    return counted(doc[at - 2 : at - 1], doc[at - 2]) if doc[at - 2].tag_ == "NN" else None


def spanned(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Fines from $5 to $10, savings ranging from $2m to $4m: the noun before a range that "from" opens."""
    doc, at = span.doc, span.start - 1
    if quantity.value is not None or at < 2 or doc[at].lower_ != "from":
        return None
    before = doc[at - 1]
    if before.tag_ == "VBG" and before.lower_ in words("figures-change", "ranging", "words"):
        at, before = at - 1, doc[at - 2]
    return held(before, at)


def labelled(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Low: -10°F, Top speed: 180 km/h: the few nouns that open the line before a colon."""
    doc, colon = span.doc, span.start - 1
    if quantity.kind not in SIZED or colon < 1 or doc[colon].text != ":" or doc[colon - 1].tag_ not in NOUNS:
        return None
    first = colon
    while first > 0 and colon - first <= _LABEL and (doc[first - 1].tag_ in NOUNS or doc[first - 1].tag_ == "JJ"):
        first -= 1
    opens = first == 0 or "\n" in doc[first - 1].text or doc[first - 1].text in "-–•*"
    return counted(doc[first:colon], doc[colon - 1]) if opens else None


@functools.cache
def _aside_behind() -> re.Pattern[str]:
    ends = "|".join(words("figures-counting", "aside_ends", "words"))
    return re.compile(rf"(?:[ ](?:{ends}))?[ ]?[-–—](?=[ ])")


def in_dashes(text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """The countries - just a dozen to date - that: a number alone between dashes counts the noun before them."""
    opened = _ASIDE_BEFORE.search(text, max(0, quantity.start - _ASIDE), quantity.start) if quantity.bare else None
    if opened is None or _aside_behind().match(text, quantity.end) is None:
        return None
    noun = next((t for t in reversed(span.doc[span.sent.start : span.start]) if t.idx < opened.start("dash") and not t.is_space), None)
    return counted(phrase(noun), noun) if noun is not None and noun.tag_ in ("NNS", "NNPS") else None


def with_at(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """With ticket prices at $5: the noun that stands at the figure; a share that stands so is of the whole said before."""
    outer = span.root
    led = quantity.kind in ("money", "measure") and outer.dep_ == "pobj" and outer.head.lower_ in ("on", "at") and outer.head.i > 1
    noun = outer.head.nbor(-1) if led else None
    stands = noun is not None and noun.dep_ == "pobj" and noun.head.lower_ == "with" and noun.tag_ in NOUNS
    return held(noun, outer.head.i) if noun is not None and stands else None


HOLDERS = {
    "with-at": with_at,
    "in-dashes": in_dashes,
    "labelled": labelled,
    "spanned": spanned,
    "in-apposition": in_apposition,
    "with-measure": with_measure,
    "put-to": put_to,
    "compared": compared,
    "as-high-as": as_high_as,
    "priced-for": priced_for,
}


def held(noun: Token, limit: int, through: tuple[str, ...] = _CLIMBED) -> Counted | None:
    """The phrase of a noun, from the noun that it is a prepositional part of: "shares in Leeds up 3%" is of shares; it ends before `limit`."""
    for _ in range(3):
        if noun.dep_ != "pobj" or noun.head.lower_ not in through or noun.head.head.tag_ not in NOUNS or noun.head.head.i > noun.i:
            break
        noun = noun.head.head
    if noun.tag_ not in NOUNS or noun.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT") or numeric(noun):
        return None
    found = wide(noun) if noun.dep_ != "appos" else phrase(noun)
    end = limit if noun.i < limit < found.end else found.end
    return counted(noun.doc[found.start : end], noun)
