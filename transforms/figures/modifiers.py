"""Third look: how exact a number is said to be, and whether it is the amount, the end or the start of a change."""

import functools
import re
from dataclasses import dataclass

from spacy.tokens import Span, Token

from schemas.figure import Bound, Change, ChangeRole
from transforms.figures.quantity import Quantity
from transforms.lexicon import lexicon, words

_WORD = re.compile(r"[^\s,;()\[\]\"“”]+|[~≈><≥≤]")
_CLAUSE_END = re.compile(r"[.!?;:\n)][\s]|[,(\"“”\n]")
_NEXT_TIME = re.compile(r"\b(?:the|a|its|next|last|past|coming|that|those|these|many|recent|previous|two|three|four)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Bounds:
    before: dict[str, Bound]
    after: dict[str, Bound]
    between: frozenset[str]
    longest: int


@functools.cache
def _bounds() -> _Bounds:
    data = lexicon("figures-bounds")
    kinds: tuple[Bound, ...] = ("about", "at_least", "at_most", "more_than", "less_than")
    before = {form: kind for kind in kinds for form in data[kind]["before"]}
    after = {form: kind for kind in kinds for form in data[kind]["after"]}
    return _Bounds(before, after, frozenset(data["between"]["words"]), max(len(f.split()) for f in before))


def bound_of(text: str, quantity: Quantity) -> Bound:
    """How exact the number is: the longest phrase of the lexicon that stands right before it or right behind it."""
    if quantity.value is None and quantity.low is not None:
        return "range"
    if quantity.kind == "score":
        return "exact"
    table = _bounds()
    near = [w.lower() for w in _WORD.findall(_clause_before(text, quantity.start))][-table.longest - 2 :]
    if found := _phrase_before(near, table, quantity):
        return found
    behind = text[quantity.end : quantity.end + 24]
    for form, kind in table.after.items():
        gap = behind.removeprefix(" ") if form[0].isalpha() else behind
        if gap.startswith(form) and not gap[len(form) : len(form) + 1].isalnum():
            return kind
    return "exact"


def _clause_before(text: str, start: int) -> str:
    window = text[max(0, start - 48) : start]
    ends = [m.end() for m in _CLAUSE_END.finditer(window)]
    return window[ends[-1] :] if ends else window


def _phrase_before(near: list[str], table: _Bounds, quantity: Quantity) -> Bound | None:
    skipped = 0
    while True:
        for length in range(min(table.longest, len(near)), 0, -1):
            kind = table.before.get(" ".join(near[-length:]))
            if kind is not None and not _spans_time(near, length, skipped, quantity):
                return kind
        if len(near) > 1 and near[-1] == "than" and near[-2].endswith("er"):
            return "less_than" if near[-2] in words("figures-bounds", "smaller_than", "words") else "more_than"
        if not near or near[-1] not in table.between or skipped == 3:
            return None
        near, skipped = near[:-1], skipped + 1


def _spans_time(near: list[str], length: int, skipped: int, quantity: Quantity) -> bool:
    """Over the next five years, within two weeks: words of place and time, not of a bound."""
    word = near[-1] if length == 1 else ""
    return quantity.kind == "duration" and (
        word in ("over", "past", "within", "under", "near", "above", "around", "about") and (skipped > 0 or word in ("within", "past"))
    )


@dataclass(frozen=True, slots=True)
class Move:
    """A change that a number is part of: the word that says it, its direction and what the number is in it."""

    word: Token
    change: Change
    role: ChangeRole


@functools.cache
def _moves() -> tuple[dict[str, Change], dict[str, Change], dict[str, Change], dict[str, Change]]:
    data = lexicon("figures-change")
    directions: tuple[Change, ...] = ("up", "down")

    def by_lemma(group: str) -> dict[str, Change]:
        return {lemma.split()[0]: way for way in directions for lemma in data[group][way]}

    return by_lemma("verbs"), by_lemma("nouns"), by_lemma("particles"), by_lemma("comparatives")


def move_of(span: Span, quantity: Quantity) -> Move | None:
    """The change that the figure belongs to, or None: "rose 5% to $3bn", "a fall of 20", "up 3%", "10% lower"."""
    if quantity.kind in ("rank", "score", "age"):
        return None
    return _by_neighbour(span, quantity) or _by_noun(span, quantity) or _by_verb(span, quantity)


def _by_neighbour(span: Span, quantity: Quantity) -> Move | None:
    """A particle before or a comparative behind: "up 5%", "down from 14%", "34.4% higher"."""
    doc, particles, comparatives = span.doc, _moves()[2], _moves()[3]
    i = span.start - 1
    while i >= 0 and i > span.start - 4 and (doc[i].lower_ in _fillers() or doc[i].tag_ == "RB" and doc[i].lower_ not in particles):
        i -= 1
    role: ChangeRole = "by"
    if i >= 1 and doc[i].lower_ in ("from", "to", "by", "at") and doc[i - 1].lower_ in particles:
        role, i = ("to" if doc[i].lower_ == "at" else doc[i].lower_), i - 1  # type: ignore[assignment]
    if (
        i >= 0
        and doc[i].lower_ in ("up", "down")
        and not (doc[i].i + 1 < len(doc) and doc[i].nbor(1).lower_ == "to" and role == "to" and not _verb_before(doc[i]))
    ):
        if not _of_other_verb(doc[i]):
            return Move(doc[i], particles[doc[i].lower_], role)
    if quantity.kind == "percent" and quantity.value is not None and quantity.value < 0:
        return Move(span.root, "down", "by")
    after = doc[span.end] if span.end < len(doc) else None
    if after is not None and after.lower_ in comparatives and quantity.kind in ("percent", "money", "measure", "percentage_point"):
        follows = doc[span.end + 1].lower_ if span.end + 1 < len(doc) else ""
        if (
            after.lower_ in ("more", "less", "off", "up", "down")
            and after.lower_ not in ("up", "down", "off")
            and follows not in ("than", ".", ",", "in", "of")
        ):
            return None
        return Move(after, comparatives[after.lower_], "by")
    return None


def _of_other_verb(particle: Token) -> bool:
    """Racked up 500, make up 30%, set down: the particle of a verb that says no change; or "from up", a place."""
    if particle.i == 0:
        return False
    before = particle.nbor(-1)
    if before.pos_ == "VERB":
        return before.lemma_.lower() not in words("figures-change", "particle_verbs", "words") and before.lemma_.lower() not in _moves()[0]
    return before.lower_ == "from" or particle.dep_ == "compound"


def _verb_before(particle: Token) -> bool:
    return particle.i > 0 and particle.nbor(-1).pos_ in ("VERB", "AUX", "NOUN", "PUNCT", "PROPN")


@functools.cache
def _fillers() -> frozenset[str]:
    firsts = [
        form.split()
        for kind in ("about", "at_least", "at_most", "more_than", "less_than")
        for form in lexicon("figures-bounds")[kind]["before"]
    ]
    return frozenset(
        {w for form in firsts for w in form} - {"to", "up", "from", "at", "by", "of", "down", "on", "in", "as", "with"}
        | {"a", "an", "the", "only", "just", "another", "further"}
    )


def _by_noun(span: Span, quantity: Quantity) -> Move | None:
    """A noun of change with its amount: "a 45% drop", "an increase of 5,000", "a rise of 3% to 20"."""
    nouns = _moves()[1]
    root = span.root
    head = root.head
    if quantity.kind == "count":
        return None
    if (
        head.i >= span.end
        and head.lemma_.lower() in nouns
        and root.dep_ in ("nummod", "compound", "amod", "nmod", "npadvmod", "quantmod", "dep")
    ):
        return Move(head, nouns[head.lemma_.lower()], "by")
    following = span.doc[span.end] if span.end < len(span.doc) else None
    if (
        following is not None
        and following.tag_ == "NN"
        and following.lower_ in nouns
        and quantity.kind in ("percent", "money", "measure", "percentage_point")
    ):
        return Move(following, nouns[following.lower_], "by")
    if head.dep_ == "prep" and head.lower_ in ("of", "to", "from", "by") and head.head.pos_ == "NOUN":
        noun = head.head.lemma_.lower()
        if noun in nouns and not (noun == "loss" and quantity.kind == "money"):
            role: ChangeRole = "by" if head.lower_ in ("of", "by") else head.lower_  # type: ignore[assignment]
            return Move(head.head, nouns[noun], role)
    return None


def _by_verb(span: Span, quantity: Quantity) -> Move | None:
    """A verb of change: "rose 5% to $3bn", "cut 400 jobs", "reduce costs by 30%"."""
    verbs = _moves()[0]
    outside = span.root
    role = _role_before(span)
    for _ in range(5):
        head = outside.head
        if head == outside:
            return None
        if role is None and (outside.dep_ == "prep" or outside.tag_ in ("IN", "TO")):
            role = _role(outside.lower_)
            if role is None:
                return None
        if head.pos_ in ("VERB", "AUX"):
            way = verbs.get(head.lemma_.lower())
            if way is None or head.dep_ == "amod":
                return None
            return _of_verb(head, outside, role, way, quantity)
        if head.pos_ == "NOUN" and head.i >= span.end and quantity.kind != "count":
            return None
        of_object = role == "by" and outside.dep_ == "prep" and head.dep_ in ("dobj", "nsubjpass")  # "cut rates by 25 points"
        if head.pos_ == "NOUN" and not of_object and outside.dep_ not in ("nummod", "quantmod", "compound", "conj", "amod", "nmod"):
            return None
        outside = head
    return None


def _role_before(span: Span) -> ChangeRole | None:
    """The preposition right before the figure, whatever the parse makes of it: "from $40 to $35" often hangs in one knot."""
    i = span.start - 1
    while i > 0 and span.start - i < 4 and span.doc[i].lower_ in _fillers():
        i -= 1
    word = span.doc[i].lower_ if i >= 0 else ""
    return _role(word) if word in ("by", "to", "from") else None


def _role(preposition: str) -> ChangeRole | None:
    roles = lexicon("figures-change")["roles"]
    return next((r for r in ("by", "to", "from") if preposition in roles[r]), None)  # type: ignore[return-value]


def _of_verb(verb: Token, argument: Token, role: ChangeRole | None, way: Change, quantity: Quantity) -> Move | None:
    if role is not None:
        return Move(verb, way, role)
    if quantity.kind == "money" and verb.lemma_.lower() in _TAKING and quantity.unit is None and not _quoted(verb):
        return None  # a sum lost or raised is a sum
    objects = {w: d for d in ("up", "down") for w in lexicon("figures-change")["objects"][d]}
    counted = quantity.kind == "count" and argument.dep_ in ("dobj", "nsubjpass", "conj", "pobj", "obj")
    if counted and verb.lemma_.lower() not in objects:
        return None
    if quantity.kind == "duration" and argument.dep_ != "dobj":
        return None
    if argument.dep_ in ("nsubj", "nsubjpass") and quantity.kind != "count":
        return None
    if argument.dep_ == "nsubj":
        return None
    return Move(verb, way, "by")


_TAKING = ("lose", "cut", "add", "raise", "gain", "close", "fire", "shed", "reduce", "save")


def _quoted(verb: Token) -> bool:
    """Shares lost $2: what has a price loses by it; a firm that loses $2m has no less of a price."""
    subject = next((c for c in verb.lefts if c.dep_ == "nsubj"), None)
    return subject is not None and subject.lemma_.lower() in words("figures-change", "priced", "words")


def qualifiers() -> frozenset[str]:
    """Words that hold what is counted to be so: suspected, alleged."""
    return words("figures-counting", "qualifiers", "words")
