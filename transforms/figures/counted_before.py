"""Fourth look, before the number: what a figure is the size, the price or the change of."""

import functools

from transforms.figures.changes import Move, way_of
from transforms.figures.counted_behind import Look, first_of, of_change
from transforms.figures.holders import HOLDERS, beside_particle, beside_signed, held, in_bracket, or_two, taken_from
from transforms.figures.nouns import (
    LONGEST_RUN,
    NOTHING,
    NOUNS,
    Counted,
    counted,
    names_time,
    numeric,
    object_of,
    only_dates,
    preposition_of,
    wide,
)
from transforms.figures.quantity import Quantity
from transforms.parse.grammar import RELATIVE_TAGS, SUBJECTS, phrase, subject_of
from transforms.parse.token_tree import Span, Token
from transforms.words.lexicon import lexicon, words

_NUMBERING = ("number", "percent", "percentage")
_PLACES = ("GPE", "LOC", "FAC")
_WHEN = ("DATE", "TIME")
_AGED = 5  # tokens between a person and "aged 51"


def counted_before(text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted:
    """What stands before the figure and is measured by it: "a loss of $5m", "sales rose 5%", "the price is $3"."""
    return first_of(_BEFORE, text, span, quantity, move)


def _worth(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Loans worth up to $5m."""
    doc = span.doc
    if quantity.kind != "money":
        return None
    for i in range(span.start - 1, max(0, span.start - 5), -1):
        if doc[i].lower_ == "worth" and doc[i - 1].tag_ in NOUNS:
            head = _dated_before(doc[i - 1], doc[i])
            return counted(doc[min(head.left_edge.i, head.i) : head.i + 1], head)
    return None


def _dated_before(noun: Token, worth: Token) -> Token:
    """The noun that "worth" is about where a time stands between: "a deal last week worth $5m"."""
    if noun.ent_type_ not in _WHEN:
        return noun
    return next((t for t in reversed(noun.doc[worth.sent.start : noun.i]) if t.tag_ in NOUNS and t.ent_type_ not in _WHEN), noun)


def _aged(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Whose age it is: "Ms Roe, 51,", "Roe, aged 51", "she was 51"."""
    if quantity.kind != "age":
        return None
    doc = span.doc
    if quantity.rule == "age-is":
        verb = _verb_over(span.root)
        above = _subject(verb) if verb is not None else None
        if above is not None and above.lemma_.lower() == "age":
            return counted(wide(above), above)
        return counted(phrase(above), above) if above is not None else NOTHING
    i, first = span.start - 1, span.sent.start  # who stands in another sentence is not said to be so old
    while i > first and (
        (doc[i].is_punct and doc[i].text not in "-–—:")
        or doc[i].lower_ in words("figures-counting", "aged", "words")
        or doc[i].ent_type_ in _WHEN
    ):
        i -= 1
    verb = _verb_over(doc[i]) if quantity.rule == "age-aged" and doc[i].dep_ == "pobj" else None
    if verb is not None and (verb.lemma_ == "die" or doc[i].ent_type_ in _PLACES):  # "died in Lund at the age of 93"
        above = _subject(verb)
        return counted(phrase(above), above) if above is not None else NOTHING
    named = i >= first and span.start - i <= _AGED and doc[i].tag_ in NOUNS
    return counted(doc[min(phrase(doc[i]).start, i) : i + 1], doc[i]) if named and not _stands_alone(doc[i], span, quantity) else NOTHING


def _stands_alone(noun: Token, span: Span, quantity: Quantity) -> bool:
    """Whether an age is somebody by itself: "after the game the 31-year-old left"; in "Ms Roe, the 31-year-old" it is an apposition."""
    if quantity.rule != "age-old" or span.start == 0 or span.doc[span.start - 1].lower_ not in ("the", "this", "that"):
        return False
    return span.root.dep_ != "appos" or span.root.head != noun


def _sold_for(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Bought the ship for $5m: a price counts the thing priced."""
    outer = _outer(span)
    if quantity.kind != "money" or outer.dep_ != "pobj" or outer.head.lower_ != "for":
        return None
    verb = _verb_over(outer.head)
    if verb is None or verb.lemma_.lower() not in lexicon("figures-counting")["deals"]["sell"]:
        return None
    thing = next((c for c in verb.children if c.dep_ in ("dobj", "nsubjpass") and c.i < span.start and c.tag_ in NOUNS), None)
    return counted(wide(thing), thing) if thing is not None else None


def _paid_for(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Paid $5m for the ship, spent £3m on roads."""
    outer = _summed(_outer(span))
    if quantity.kind != "money" or outer.dep_ != "dobj" or outer.head.lemma_.lower() not in lexicon("figures-counting")["deals"]["pay"]:
        return None
    aims = (c for c in outer.head.rights if c.dep_ == "prep" and c.lower_ in ("for", "on") and c.i >= span.end)
    return next((found for found in map(object_of, aims) if found is not None and _is_paid_for(found.head)), None)


def _is_paid_for(noun: Token | None) -> bool:
    """Whether a noun behind "for" or "on" can be what a sum is paid for: no time ("on Monday"), no way of paying ("on behalf of")."""
    if noun is None or names_time(noun) or noun.ent_type_ in ("DATE", "TIME"):
        return False
    return noun.lower_ not in words("figures-counting", "no_aim", "words")


def _summed(outer: Token) -> Token:
    """The total of "a total of $5m", which stands in the sentence for the sum."""
    above = outer.head.head
    led = outer.dep_ == "pobj" and outer.head.lower_ == "of" and above.lemma_.lower() in words("figures-counting", "no_whole", "words")
    return above if led else outer


def _of_noun(_text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted | None:
    """A loss of $381 million, with a plunge of 55%, at a level of 4,211: the noun that the figure says the size of."""
    preposition = _outer(span).head
    bounds = words("figures-bounds", "prepositions", "words") if quantity.kind in ("money", "measure") else ()
    led = preposition.dep_ == "prep" and preposition.lower_ in {"of", "at", "for", "with", *bounds}
    if not led or preposition.head.tag_ not in ("NN", "NNS") or _of_the(span, preposition) or _frames(preposition.head, span, quantity):
        return None
    noun = _dated(preposition.head)
    paced = move is not None and noun.lemma_.lower() in words("figures-change", "paces", "words")  # "rose at a rate of 2.4%"
    if paced or (noun.ent_type_ in _WHEN and quantity.kind != "duration"):  # "a high last week of 7.93 per cent"
        return None
    noun = _sized(noun)
    if move is not None and noun.i == move.word.i:
        found = of_change(noun)
        return (_hung_on_figure(span) or found) if found.head == noun else found
    if (above := _at_level(noun)) is not None:
        return counted(wide(above), above)
    if noun.lemma_.lower() in words("figures-counting", "bare_totals", "words"):
        return None
    return counted(phrase(noun), noun) if preposition.lower_ in {"of", *bounds} else None


def _hung_on_figure(span: Span) -> Counted | None:
    """What changed where the parse hangs it on the figure: the sales of "a rise of 3% in sales"."""
    preposition = preposition_of(span.root, ("in",))
    found = object_of(preposition) if preposition is not None else None
    return found if found is not None and found.head is not None and found.head.ent_type_ not in {*_WHEN, "GPE", "LOC"} else None


def _frames(noun: Token, span: Span, quantity: Quantity) -> bool:
    """Whether a noun only leads to a stretch of time: "over the course of two days"."""
    framed = quantity.kind == "duration" and noun.lemma_.lower() in words("figures-counting", "time_frames", "words")
    return framed or only_dates(span, quantity)


def _of_the(span: Span, preposition: Token) -> bool:
    """Part of the £57: the figure is not the size of the part."""
    return preposition.lower_ == "of" and span.doc[span.start - 1].lower_ == "the"


def _sized(noun: Token) -> Token:
    """The noun whose size is said through a bare one: a margin of error of 3 points."""
    of = noun.head
    bare = noun.tag_ == "NN" and noun.dep_ == "pobj" and of.lower_ == "of" and of.i + 1 == noun.i
    return of.head if bare and of.head.tag_ in ("NN", "NNS") else noun


def _at_level(noun: Token) -> Token | None:
    """What stands at a level: the index of "the index closed at a level of 4,211", but not "with forecasts suggesting a total of"."""
    if any(c.dep_ == "poss" for c in noun.lefts):
        return None  # "were short of Roe's record of 6.39 seconds"
    if noun.lemma_.lower() not in lexicon("figures-change")["levels"]["nouns"] or (verb := _verb_over(noun)) is None:
        return None
    stands = noun.dep_ == "pobj" or verb.lemma_.lower() in _levels() or way_of(verb) is not None
    return _subject(verb) if stands else None


def _dated(noun: Token) -> Token:
    """What a stretch of time dates: the profit of "a profit for the last year of $5m"."""
    for _ in range(2):
        if not (names_time(noun) or noun.ent_type_ in _WHEN) or noun.head.dep_ != "prep":
            break
        above = noun.head.head
        if above.pos_ == "VERB":  # "lowered its forecast for the first quarter ended May to $8m"
            above = next((c for c in above.rights if c.dep_ == "dobj" and c.i < noun.i), above)
        if above.tag_ not in ("NN", "NNS"):
            break
        noun = above
    return noun


def _told(noun: Token) -> Counted:
    """The phrase of a subject without what only dates or counts it: of "36% of users" the users, of "the number of jobs" the jobs."""
    noun = _dated(noun)
    whole = preposition_of(noun, ("of",)) if noun.text == "%" or noun.lemma_.lower() in _NUMBERING else None
    found = object_of(whole) if whole is not None else None
    return found if found is not None else counted(wide(noun), noun)


def _moved(_text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted | None:
    """Sales rose 5%, reduce costs by 30%, shares were up 3%: what moved is counted."""
    if move is None:
        return None
    if _seen(move.word):  # "would see the budget rise by $19bn", where a parse has a "budget rise"
        return counted(move.word.doc[phrase(move.word).start : move.word.i], move.word.nbor(-1))
    if move.word.pos_ == "NOUN" and move.role != "by":
        found = of_change(move.word)
        if found.head != move.word:
            return found  # "a fall in inflation to 2.3%"
        if move.word.dep_ == "pobj":
            return NOTHING  # "the bank sees a need for a rise to 5%": it is not the bank that rises
    verb = move.word if move.word.pos_ in ("VERB", "AUX") else _verb_over(move.word)
    return _moved_by(verb, span, move) if verb is not None else None


def _moved_by(verb: Token, span: Span, move: Move) -> Counted | None:
    """The object of a verb that changes it, else the subject."""
    if move.word == verb or way_of(verb) is not None:
        outer = _outer(span)
        direct = next((c for c in verb.rights if c.dep_ in ("dobj", "obj") and c != outer and not span.start <= c.i < span.end), None)
        if direct is not None and direct.tag_ in NOUNS and direct.i < span.start and not numeric(direct):
            return _told(direct)
        if direct is not None and direct.tag_ == "PRP" and direct.i < span.start:
            meant = _object_above(verb)  # "the firm wants to increase it to 10%": who increases is not what is increased
            return _told(meant) if meant is not None else NOTHING
    sold = _beside_a_number(verb, move)
    above = sold if sold is not None else _subject(verb)
    return _told(above) if above is not None else None


def _beside_a_number(verb: Token, move: Move) -> Token | None:
    """Sold 95,000 cars, up 3%: behind a number of things and a comma they went up, and not who sold them."""
    if move.word == verb or move.word.i == 0 or move.word.nbor(-1).text != "," or move.word.lower_ not in ("up", "down"):
        return None
    direct = next((c for c in verb.rights if c.dep_ == "dobj" and c.i < move.word.i and c.tag_ in ("NN", "NNS")), None)
    return direct if direct is not None and any(c.dep_ == "nummod" for c in direct.lefts) else None


def _object_above(verb: Token) -> Token | None:
    """Improved the storage, doubling it to 256 GB: what a pronoun behind a participle stands for, the object of the verb above."""
    if verb.dep_ != "advcl" or verb.tag_ != "VBG" or verb.head.i > verb.i:
        return None
    return next((c for c in verb.head.rights if c.dep_ == "dobj" and c.i < verb.i and c.tag_ in ("NN", "NNS")), None)


def _seen(word: Token) -> bool:
    """Whether a noun of change is a verb in truth: behind "see" and the like, with what changes right before it."""
    seen = word.pos_ == "NOUN" and word.dep_ == "dobj" and word.head.lemma_.lower() in words("figures-change", "seeing", "words")
    return seen and word.i > word.head.i + 1 and word.nbor(-1).head == word and word.nbor(-1).dep_ == "compound"


def _stated(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """The price is $5, output stood at 20 units: the subject of a verb that states a level."""
    of_some = quantity.bare and span.end < len(span.doc) and span.doc[span.end].lower_ == "of"  # "the Lynx being one of them"
    if of_some or quantity.kind in ("rank", "duration", "age", "score"):
        return None
    outer = _outer(span)
    verb = outer.head
    if outer.dep_ == "pobj" and verb.dep_ == "prep":
        verb = verb.head.head if verb.head.dep_ in ("acomp", "advmod") else verb.head
    if verb.pos_ not in ("VERB", "AUX") or verb.lemma_.lower() not in _levels():
        return None
    object_ = quantity.kind in ("money", "count") and outer.dep_ in ("dobj", "npadvmod")
    through = object_ and verb.lemma_.lower() in words("figures-change", "stating_through", "words")
    within = outer.head.lower_ == "within"  # "came within two points of defeat"
    if within or through or verb.i > span.start or (quantity.bare and verb.lemma_.lower() in lexicon("figures-change")["levels"]["prices"]):
        return None
    put = next((c for c in verb.rights if c.dep_ == "dobj" and c.i < outer.i and c.tag_ in NOUNS), None)
    put = (
        None if put is not None and put.lemma_.lower() in words("figures-counting", "bare_totals", "words") else put
    )  # "changing hands at"
    if put is not None and outer.dep_ == "pobj" and outer.head.lower_ in ("at", "between"):
        return counted(wide(put), put)  # "insurers put losses at $5m"
    above = _sum_of(verb) if verb.dep_ == "advcl" and verb.tag_ == "VBG" else None
    above = above or _subject(verb)
    if above is None or above.tag_ in ("PRP", "EX", "WP", "WDT", "DT") or above.dep_ == "csubj":
        return None
    return _told(above) if not quantity.bare or above.ent_type_ != "PERSON" else None  # nobody is counted by a number


def _sum_of(verb: Token) -> Token | None:
    """Sold three ships, totalling $5m: the object of the verb above makes the sum."""
    if verb.lemma_.lower() not in words("figures-change", "totals", "words") or verb.head.pos_ != "VERB":
        return None
    return next((c for c in verb.head.rights if c.dep_ == "dobj" and c.i < verb.i and c.tag_ in NOUNS), None)


def _having(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """An engine built to produce 296 hp, the plant has 40 MW: the subject of a verb of having holds the measure that is its object."""
    outer = _outer(span)
    verb = outer.head
    verbs = {"measure": "words", "percent": "shares"}.get(quantity.kind)
    scored = quantity.unit_normalised == "point"  # "Roe had eight points"
    has = verbs is not None and not scored and verb.lemma_.lower() in words("figures-counting", "having", verbs)
    if outer.dep_ not in ("dobj", "npadvmod") or outer.i < verb.i or not has or any(t.text == ":" for t in span.doc[verb.i : outer.i]):
        return None  # "the firm has five sizes: 45F, 30F": each is of a size
    above = _subject(verb)
    if above is not None and above.lower_ == "old" and above.tag_ == "JJ":  # a 60-year-old is a noun that taggers take for an adjective
        return counted(phrase(above), above)
    return held(above, span.start) if above is not None else None


@functools.cache
def _levels() -> frozenset[str]:
    return frozenset(lexicon("figures-change")["levels"]["verbs"])


def _outer(span: Span) -> Token:
    """The token that hangs outside the figure: its root, or the first of a list that it goes on."""
    token = span.root
    for _ in range(4):
        if token.dep_ != "conj" or token.head == token:
            break
        token = token.head
    return token


def _verb_over(token: Token) -> Token | None:
    node = token
    for _ in range(6):
        if node.pos_ in ("VERB", "AUX"):
            return node
        if node.head == node:
            return None
        node = node.head
    return None


def _subject(verb: Token) -> Token | None:
    """The subject of a verb, through relative clauses, participles and complements."""
    node = verb
    for _ in range(4):
        found = _conjoined_subject(node) or _behind_colon(node) or subject_of(node)
        if found is not None and found.tag_ in RELATIVE_TAGS and node.dep_ == "relcl":
            return node.head
        if found is not None:
            return found
        if node.dep_ in ("acl", "relcl") and node.head.tag_ in NOUNS:
            return node.head
        direct = next((c for c in node.head.rights if c.dep_ in ("dobj", "obj") and c.i < node.i), None)
        infinitive = node.dep_ in ("xcomp", "ccomp") or (node.dep_ == "advcl" and node.lemma_ == "be")
        if infinitive and node.tag_ == "VB" and direct is not None and direct.tag_ in NOUNS:
            return direct
        if node.head == node or node.dep_ not in ("xcomp", "advcl", "conj", "pcomp", "ccomp", "prep", "acl", "dep"):
            return None
        node = node.head
    return None


def _behind_colon(verb: Token) -> Token | None:
    """The subject behind a slug or an adverb, which a parse takes for another: "Typhoon Ada: death toll rises to 43", "Overseas, shares rose"."""
    subjects = [c for c in verb.lefts if c.dep_ in SUBJECTS]
    return subjects[-1] if len(subjects) > 1 and verb.doc[subjects[0].i + 1].text in (":", ",") else None


def _conjoined_subject(verb: Token) -> Token | None:
    """And the voltage was 5 volts: the subject that a parse takes for another figure, "2.5 amperes and the voltage"."""
    if verb.dep_ != "conj" or any(c.dep_ in SUBJECTS for c in verb.lefts):
        return None
    doc = verb.doc
    for token in reversed(doc[max(verb.head.i + 1, verb.i - LONGEST_RUN) : verb.i]):
        if token.dep_ == "conj" and token.tag_ in NOUNS and token.head.i < token.i and not numeric(token):
            return token if numeric(token.head) or token.head.ent_type_ in _AMOUNTS else None
    return None


_AMOUNTS = frozenset({"MONEY", "PERCENT", "QUANTITY", "CARDINAL"})

# In this order: what is said of the figure itself comes before what is said of its clause.
_BEFORE: dict[str, Look] = {
    "worth": _worth,
    "aged": _aged,
    "or-two": or_two,
    "sold-for": _sold_for,
    "paid-for": _paid_for,
    "taken-from": taken_from,
    "of-noun": _of_noun,
    "in-bracket": in_bracket,
    "beside-signed": beside_signed,
    "beside-particle": beside_particle,
    "moved": _moved,
    "stated": _stated,
    **HOLDERS,
    "having": _having,
}
