"""Third look, part two: whether a number is the amount, the end or the start of a change (figures.change_role)."""

import functools
from dataclasses import dataclass, replace

from schemas.figure import Change, ChangeRole
from transforms.figures.change_amounts import is_amount
from transforms.figures.nouns import multiplies
from transforms.figures.quantity import Quantity
from transforms.parse.token_tree import Span, Token
from transforms.words.lexicon import lexicon, words

_PEAK = 7  # words of "to a new record high of about"
_SAID_AGAIN = 10  # tokens of a figure that says the one before in another unit
_WITH_UNIT = ("percent", "money", "measure", "percentage_point")
_KNOTTED = ("quantmod", "nummod", "compound")  # how the first of "from 5% to 4%" hangs on the second


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


def way_of(word: Token) -> Change | None:
    """Which way a verb or noun of change points, or None for any other word."""
    verbs, nouns, _, _ = _moves()
    return verbs.get(word.lemma_.lower()) or nouns.get(word.lemma_.lower())


def move_of(span: Span, quantity: Quantity) -> Move | None:
    """The change that the figure belongs to, or None: "rose 5% to $3bn", "a fall of 20", "up 3%", "10% lower"."""
    often = quantity.bare and span.end < len(span.doc) and span.doc[span.end].lower_ == "times"  # "rates went up five times"
    if quantity.kind in ("rank", "score", "age") or often:
        return None
    found = None if _compared(span) else _by_neighbour(span, quantity) or _by_noun(span, quantity) or _by_verb(span, quantity)
    return replace(found, role="to") if found is not None and found.role == "by" and _to_a_peak(span) else found


def _to_a_peak(span: Span) -> bool:
    """Jumped to a peak above $68,000: the level of a peak is the end of the change."""
    doc, at = span.doc, span.start
    before = [t.lower_ for t in doc[max(span.sent.start, at - _PEAK) : at]]
    peak = next((i for i in range(len(before) - 1, 0, -1) if before[i] in words("figures-change", "peaks", "words")), 0)
    return (
        peak > 0 and "to" in before[:peak] and len(before) - peak > 1 and before[peak + 1] in words("figures-change", "at_a_peak", "words")
    )


def _compared(span: Span) -> bool:
    """Added 187,000 jobs, more than the 150,000 that were expected: what a change is compared with is no part of it."""
    return (
        span.start > 1
        and span.doc[span.start - 1].lower_ == "the"
        and span.doc[span.start - 2].lower_ in words("figures-bounds", "comparing", "words")
    )


def _by_neighbour(span: Span, quantity: Quantity) -> Move | None:
    """A particle before or a comparative behind: "up 5%", "down from 14%", "34.4% higher"."""
    if found := _by_particle(span):
        return found
    below = quantity.kind == "percent" and quantity.value is not None and quantity.value < 0
    if below or (quantity.rule == "ratio-multiple" and multiplies(span)):
        return Move(span.root, "down" if below else "up", "by")
    after = span.doc[span.end] if span.end < len(span.doc) else None
    way = _moves()[3].get(after.lower_) if after is not None else None
    if after is not None and way is not None and quantity.rule == "ratio-fraction":
        return Move(after, way, "by")  # "a third fewer", "a quarter more visitors"
    if after is None or way is None or quantity.kind not in _WITH_UNIT:
        return None
    follows = span.doc[span.end + 1].lower_ if span.end + 1 < len(span.doc) else ""
    open_ended = after.lower_ in ("more", "less") and follows not in ("than", ".", ",", "in", "of")  # "5% more shops opened"
    return None if open_ended or follows == "front" else Move(after, way, "by")  # "£500,000 up front"


def _by_particle(span: Span) -> Move | None:
    """Up 5%, down from 14%, up by about 20."""
    doc, particles = span.doc, _moves()[2]
    i = span.start - 1
    while i >= 0 and i > span.start - 4 and (doc[i].lower_ in _fillers() or (doc[i].tag_ == "RB" and doc[i].lower_ not in particles)):
        i -= 1
    role: ChangeRole = "by"
    if i >= 1 and doc[i - 1].lower_ in particles and (read := role_of(doc[i].lower_)) is not None:
        role, i = read, i - 1
    if i < 0 or doc[i].lower_ not in ("up", "down") or _of_other_verb(doc[i]) or (role == "to" and _reaching(doc[i])):
        return None
    at_most = role == "to" and doc[i].lower_ == "up" and not _moving(doc[i])  # "up to 20"
    return None if at_most else Move(doc[i], particles[doc[i].lower_], role)


def _of_other_verb(particle: Token) -> bool:
    """Racked up 500, make up 30%, set down: the particle of a verb that says no change; or "from up", a place."""
    if particle.i == 0:
        return False
    before = particle.nbor(-1)
    if before.pos_ == "VERB":
        going = (words("figures-change", "particle_verbs", of) for of in (("words", "up") if particle.lower_ == "up" else ("words",)))
        return not any(before.lemma_.lower() in verbs for verbs in (_moves()[0], *going))
    return before.lower_ == "from" or particle.dep_ == "compound"


def _reaching(particle: Token) -> bool:
    """Worn the jacket down to 10°F, camped in weather down to -5°C: how far something goes, and no change of the noun before."""
    if particle.i == 0:
        return False  # "Down to $5: …", the first word of a text
    before = particle.nbor(-1)
    if before.dep_ == "pobj":
        return before.head.lower_ in ("in", "at", "through", "during")
    verb = before.head.lemma_.lower()
    moves = words("figures-change", "pushing", "words") | words("figures-change", "particle_verbs", "words")
    return before.dep_ == "dobj" and verb not in moves and verb not in _moves()[0]


def _moving(particle: Token) -> bool:
    """Went up to $5, pushed the dollar up to $1.33; not "raise up to $5", "a range up to 5"."""
    before = particle.nbor(-1) if particle.i > 0 else None
    verb = particle.head if before is not None and before.tag_ in ("NN", "NNS", "NNP") else before
    if (
        before is not None
        and before.dep_ in ("dobj", "nsubj")
        and before.head.lemma_.lower() in words("figures-change", "pushing", "words")
    ):
        return True
    lemma = verb.lemma_.lower() if verb is not None and verb.pos_ == "VERB" else "be"
    if lemma in ("be", "expect", "say", "report") or lemma in words("figures-change", "sums", "words"):
        return False
    going = (
        words("figures-change", of, group)
        for of, group in (("particle_verbs", "words"), ("particle_verbs", "up"), ("pushing", "words"), ("moving", "words"))
    )
    return lemma in _moves()[0] or any(lemma in verbs for verbs in going)


@functools.cache
def _fillers() -> frozenset[str]:
    firsts = [
        form.split()
        for kind in ("about", "at_least", "at_most", "more_than", "less_than")
        for form in lexicon("figures-bounds")[kind]["before"]
    ]
    return frozenset(
        {w for form in firsts for w in form} - {"to", "up", "from", "at", "by", "of", "down", "on", "in", "as", "with", "for"}
        | {"a", "an", "the", "only", "just", "another", "further"}
    )


def _by_noun(span: Span, quantity: Quantity) -> Move | None:
    """A noun of change with its amount: "a 45% drop", "an increase of $5m", "a rise of 3% to 20%"."""
    nouns = _moves()[1]
    if quantity.kind == "count":
        return None
    root, leading = span.root, _role_before(span)
    while leading == "from" and root.dep_ in _KNOTTED and root.head.i >= span.end:
        root = root.head
    head = root.head
    modifies = head.i >= span.end and root.dep_ in ("nummod", "compound", "amod", "nmod", "npadvmod", "quantmod", "dep")
    if modifies and head.lemma_.lower() in nouns:
        return Move(head, nouns[head.lemma_.lower()], "by")
    following = span.doc[span.end] if span.end < len(span.doc) else None
    if following is not None and following.tag_ == "NN" and following.lower_ in nouns and quantity.kind in _WITH_UNIT:
        return Move(following, nouns[following.lower_], "by")
    above = _changed_in(head)
    noun = above.lemma_.lower()
    if (
        head.dep_ != "prep"
        or above.pos_ != "NOUN"
        or noun not in nouns
        or (quantity.kind == "money" and noun in words("figures-change", "sum_nouns", "words"))
    ):
        return None
    role = "by" if head.lower_ == "of" else leading or role_of(head.lower_)
    return Move(above, nouns[noun], role) if role is not None else None


def _changed_in(preposition: Token) -> Token:
    """The noun of change above a preposition: the rise of "voted for a rise in rates to 5%", whatever the parse hangs its end on."""
    above = preposition.head
    if preposition.lower_ not in ("to", "from"):
        return above
    if above.dep_ == "pobj" and above.head.lower_ in ("in", "of") and above.i < preposition.i and way_of(above.head.head) is not None:
        return above.head.head
    if above.pos_ == "VERB" and way_of(above) is None:
        led = (c for p in above.rights if p.dep_ == "prep" and p.i < preposition.i for c in p.rights if c.dep_ == "pobj")
        return next((c for c in led if c.lemma_.lower() in _moves()[1]), above)
    return above


def _by_verb(span: Span, quantity: Quantity) -> Move | None:
    """A verb of change: "rose 5% to $3bn", "cut 400 jobs", "reduce costs by 30%"."""
    found = _governor(span, quantity)
    if found is None:
        return None
    verb, argument, role = found
    way = _moves()[0].get(verb.lemma_.lower())
    if role is None and quantity.kind in _WITH_UNIT and (ended := _ended(verb, span)) is not None:
        return ended
    if way is None and role in ("from", "to"):
        return _of_changing_object(verb, span, role) if _role_before(span) == role else None  # "took the long jump at 6.63m"
    shut = verb.lemma_.lower() in words("figures-change", "particle_verbs", "words") and quantity.kind != "count"
    if way is None or verb.dep_ == "amod" or shut or (role == "to" and verb.lemma_ == "add"):  # "add to two wins"
        return None
    if role is not None:
        lead = role == "by" and verb.lemma_.lower() in words("figures-change", "contested", "words")  # "lost by five points"
        return None if lead else Move(verb, way, role)
    multiplying = verb.lemma_.lower() in words("figures-change", "multiplying", "words")
    return Move(verb, way, "by") if not multiplying and is_amount(verb, argument, quantity) else None


def _of_changing_object(verb: Token, span: Span, role: ChangeRole) -> Move | None:
    """Announced a rise in the fee from $4 to $5: the change is the object of a verb on which the parse hangs the levels."""
    nouns, sums = _moves()[1], words("figures-change", "sum_nouns", "words")
    noun = next((c for c in verb.rights if c.dep_ == "dobj" and c.i < span.start), None)
    lemma = noun.lemma_.lower() if noun is not None else ""
    tallied = lemma in words("figures-counting", "tallies", "words") and verb.lemma_.lower() in words("figures-change", "pushing", "words")
    if tallied:
        return Move(verb, "up", role)  # "taking the number to 23": it is an end, whichever way it went
    return Move(noun, nouns[lemma], role) if noun is not None and lemma in nouns and lemma not in sums else None


def _ended(verb: Token, span: Span) -> Move | None:
    """Closed 512 points, or 0.7%, higher: the word that says which way stands behind the figures that say it again."""
    if verb.lemma_.lower() == "be" or verb.lemma_.lower() not in words("figures-change", "particle_verbs", "words"):
        return None
    comparatives = _moves()[3]
    for token in span.doc[span.end : span.end + _SAID_AGAIN]:
        if token.lower_ in comparatives:
            return Move(token, comparatives[token.lower_], "by")
        if not (
            token.is_punct or token.like_num or token.lower_ in ("or", "%") or token.lemma_.lower() in ("per", "cent", "percent", "point")
        ):
            return None
    return None


def _governor(span: Span, quantity: Quantity) -> tuple[Token, Token, ChangeRole | None] | None:
    """The verb above a figure, the argument of the verb in which the figure stands, and its role by the preposition between."""
    outside = _pace(span, quantity) or span.root
    role = _role_before(span)
    for _ in range(5):
        head = outside.head
        if head == outside:
            return None
        if role is None and (outside.dep_ == "prep" or outside.tag_ in ("IN", "TO")) and not _up_to(outside):
            role = "by" if outside.lower_ == "at" and quantity.kind == "percent" else role_of(outside.lower_)  # "growing at 5%"
            if role is None and outside.lower_ != "than" and outside.lower_ not in words("figures-bounds", "prepositions", "words"):
                return None
        if head.pos_ in ("VERB", "AUX"):
            return head, outside, role
        if head.pos_ == "NOUN" and not _passes(head, outside, role, span, quantity):
            return None
        outside = head
    return None


def _pace(span: Span, quantity: Quantity) -> Token | None:
    """Rose at an annual rate of 2.4%: the rate at which something changes stands for the figure."""
    of = span.root.head
    paced = quantity.kind == "percent" and of.lower_ == "of" and of.head.lemma_.lower() in words("figures-change", "paces", "words")
    return of.head if paced and of.head.head.lower_ == "at" else None


def _passes(noun: Token, below: Token, role: ChangeRole | None, span: Span, quantity: Quantity) -> bool:
    """Whether the way from a figure to its verb may lead through a noun: "cut 400 jobs", "cut rates by 25 points".

    Of a knot "from 5% to 4%" the first hangs on the second.
    """
    if noun.i >= span.end and quantity.kind != "count":
        return role == "from" and span.root.dep_ == "quantmod"
    while role == "by" and noun.dep_ == "pobj" and noun.head.lower_ in ("of", "in", "for") and noun.head.head.pos_ == "NOUN":
        noun = noun.head.head  # "reduced the risk of a second stroke by 26%"
    of_object = role == "by" and below.dep_ == "prep" and noun.dep_ in ("dobj", "nsubjpass")
    return of_object or below.dep_ in ("nummod", "quantmod", "compound", "conj", "amod", "nmod")


def _role_before(span: Span) -> ChangeRole | None:
    """The preposition right before the figure, whatever the parse makes of it: "from $40 to $35" often hangs in one knot."""
    i = span.start - 1
    while i > 0 and span.start - i < 4 and span.doc[i].lower_ in _fillers():
        i -= 1
    word = span.doc[i].lower_ if i >= 0 else ""
    return role_of(word) if word in ("by", "to", "from") and not _up_to(span.doc[i]) else None


def _up_to(word: Token) -> bool:
    """Raise up to $443m: a bound, not the end of a change."""
    return word.lower_ == "to" and word.i > 0 and word.nbor(-1).lower_ == "up"


def role_of(preposition: str) -> ChangeRole | None:
    roles = lexicon("figures-change")["roles"]
    named: tuple[ChangeRole, ...] = ("by", "to", "from")
    return next((r for r in named if preposition in roles[r]), None)
