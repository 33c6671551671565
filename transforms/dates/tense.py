"""Which way the clause around an expression looks: back, ahead, or neither.

A weekday or a month without a year is read by the tense of the verb that governs it (Lim et al. 2019 show how much that
matters in news), never blindly backward or forward.
"""

import itertools
from bisect import bisect_right
from typing import Final

from transforms.dates.timex import Direction
from transforms.parse.grammar import modal_among
from transforms.parse.token_tree import Parse, Token
from transforms.words.lexicon import words

_DIRECT: Final = 2  # steps from a date over its preposition to its verb
_DEEPEST: Final = 40  # steps up a parse; deeper is a broken one
_HAVING: Final = frozenset({"have", "has", "had", "'ve", "’ve", "'d", "’d"})
_PAST_HELPERS: Final = frozenset({"was", "were", "did"})
_BEING: Final = frozenset({"is", "are", "'re", "’re", "'s", "’s", "am", "be", "'m", "’m"})


def token_at(doc: Parse, offset: int) -> Token | None:
    """The token that covers a character, or None."""
    at = bisect_right(doc.tokens, offset, key=lambda token: token.idx) - 1
    return doc[at] if at >= 0 and offset < doc[at].idx + len(doc[at].text) else None


def verb_above(token: Token) -> Token:
    """The nearest verb on which a token hangs, or itself; the root where there is none."""
    return next(node for node in itertools.chain([token], token.ancestors) if node.pos_ in ("VERB", "AUX") or node.head == node)


def direction_at(doc: Parse, offset: int) -> Direction | None:
    """The direction of the clause in which the expression at `offset` stands; None where there is no telling."""
    token = token_at(doc, offset)
    # "Sunday's elections may force ..." does not tell when they are
    if token is None or (token.dep_ == "poss" and _possibly(token)):
        return None
    if _put_off(token) or _leads_up(token):
        return "future"
    if is_over(token):
        return "past"
    found = _above(token)
    return "future" if found in (None, "present") and token.head.lower_ in ("until", "till") else found


def is_over(token: Token) -> bool:
    """Whether a day is past whatever the nearest one would be: it names what happened, or something has held since."""
    return _names_what_happened(token) or _since(token)


def _since(token: Token) -> bool:
    """Not been seen since Oct. 7: what has held since a day holds since one that is over."""
    led = token.head
    if led.lower_ != "since" or led.dep_ != "prep":
        return False
    verb = led.head
    return any(c.dep_ in ("aux", "auxpass") and c.lemma_ in ("have", "'ve", "’ve") for c in verb.children)


def _names_what_happened(token: Token) -> bool:
    """The Oct. 7 attacks: a day that names what nobody plans."""
    node = token
    for _ in range(_DIRECT):
        if node.head.i > node.i and node.dep_ in ("compound", "nmod", "nummod", "amod", "poss", "npadvmod"):
            node = node.head
    return node.i > token.i and node.pos_ in ("NOUN", "PROPN") and node.lemma_.lower() in words("dates-checks", "unplanned", "words")


def _put_off(token: Token) -> bool:
    """Adjourned to Friday, put off until Monday: the new day of what is moved is to come, whatever the tense."""
    led, verb = token.head, token.head.head
    if led.lower_ not in ("until", "till", "to") or led.dep_ not in ("prep", "mark", "dative") or verb.pos_ not in ("VERB", "AUX"):
        return False
    put = verb.lemma_.lower() in ("put", "push", "bring") and any(c.lower_ in ("off", "back", "forward") for c in verb.children)
    return put or verb.lemma_.lower() in words("dates-checks", "put_off", "words")


def _leads_up(token: Token) -> bool:
    """Has built a lead ahead of Friday's vote, prepares before the Monday game: what is so by now leads up to what is to come."""
    event = token.head
    if event.i <= token.i or token.dep_ not in ("poss", "compound", "nmod"):
        return False
    first = event.left_edge.i
    before = event.doc[max(0, first - 2) : first].text.lower()
    if not any(before == led or before.endswith(f" {led}") for led in words("dates-checks", "leading_up", "words")):
        return False
    verb = verb_above(event)
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    return any(t.tag_ in ("VBZ", "VBP") for t in (*helpers, verb))


def _above(token: Token) -> Direction | None:
    """What the verb, or the noun or adjective of things to come, above a token says."""
    ahead = words("dates-checks", "future_nouns", "words")
    node = token
    for steps in range(_DEEPEST):
        if node.pos_ in ("VERB", "AUX") and node.dep_ not in ("aux", "auxpass"):
            # "the vote is on Thursday"
            plain = steps <= _DIRECT and node.lemma_ == "be" and node.tag_ in ("VBZ", "VBP")
            return "future" if plain else _of_verb(node, planned=_under_for(token, node), depth=0)
        if node != token and node.lemma_.lower() in ahead and node.pos_ in ("NOUN", "ADJ"):
            return "future"
        if node.head == node or (steps and _is_of_thing(node)):
            return None
        node = node.head
    return None


def _is_of_thing(led: Token) -> bool:
    """Questions from February: when a thing is from says nothing of its verb's time; "the months from May to July" do."""
    if led.lower_ != "from" or led.head.pos_ != "NOUN":
        return False
    return not any(c.lower_ in ("to", "until", "till", "through", "-", "–") for c in (*led.rights, *led.head.rights) if c.i > led.i)


def _possibly(token: Token) -> bool:
    """Whether the verb above speaks of what may be: "may", "could", "would", but not "will"."""
    verb = next(node for node in itertools.chain([token], token.ancestors) if node.pos_ == "VERB" or node.head == node)
    return modal_among(c for c in verb.children if c.dep_ == "aux") not in ("", "will")


def _under_for(token: Token, verb: Token) -> bool:
    """Whether the date hangs on "for" below the verb: "scheduled for Friday"."""
    below = itertools.takewhile(lambda node: node not in (verb, node.head), itertools.chain([token], token.ancestors))
    return any(node.lower_ == "for" and node.pos_ == "ADP" for node in below)


def _of_verb(verb: Token, *, planned: bool, depth: int) -> Direction | None:
    if depth > _DEEPEST:
        return None
    auxiliaries = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    lemma, modal, helpers = verb.lemma_.lower(), modal_among(auxiliaries), {c.lower_ for c in auxiliaries}
    having = bool({c.lower_ for c in auxiliaries if c.tag_ != "MD"} & _HAVING)
    awaited = verb.tag_ == "VBN" and not having and lemma in words("dates-checks", "awaited", "words")
    if awaited or (planned and lemma in words("dates-checks", "future", "words")):
        return "future"
    if modal:
        return "past" if having and modal != "will" else "future"
    if "to" in helpers and (verb.tag_ == "VB" or "be" in helpers):
        return _of_infinitive(verb, depth)
    return "past" if having or helpers & _PAST_HELPERS else _by_form(verb, helpers, depth)


def _by_form(verb: Token, helpers: set[str], depth: int) -> Direction | None:
    own: dict[str, Direction] = {"VBD": "past", "VBN": "present" if helpers else "past", "VB": "future"}
    joined = verb.dep_ == "conj" and not helpers and verb.tag_ in ("VBN", "VB")
    if joined or (verb.tag_ == "VBG" and not helpers & _BEING):
        return _inherited(verb, depth)
    if verb.tag_ == "VBG" or (verb.tag_ not in own and verb.lemma_.lower() in words("dates-checks", "timetable", "words")):
        return "future"  # "is meeting on Friday", "the talks start on Friday"
    return own.get(verb.tag_, "present")


def _of_infinitive(verb: Token, depth: int) -> Direction | None:
    above = verb.head
    if above == verb or above.pos_ not in ("VERB", "AUX"):
        return "future"
    if above.lemma_.lower() in words("dates-checks", "past", "words") or verb.dep_ == "advcl":
        return _of_verb(above, planned=False, depth=depth + 1)
    return "future"


def _inherited(verb: Token, depth: int) -> Direction | None:
    above = next((node for node in verb.ancestors if node.pos_ in ("VERB", "AUX")), None)
    return _of_verb(above, planned=False, depth=depth + 1) if above is not None else None
