"""Who an infinitive or gerund without a subject is about: the object of the verb above, its subject, or nobody whom the clause names."""

from typing import Final

from transforms.facts.clause_node import Node
from transforms.facts.governors import effects, hearsay
from transforms.parse.token_tree import Token
from transforms.words.lexicon import words

# What measures an act and does none: "registered by 30 September", "cut by 5%" name nobody.
MEASURES: Final = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "CARDINAL", "ORDINAL"})
_RAISING: Final = frozenset({"planned", "attempted", "inherited", "permitted", "refused"})
_BEING: Final = frozenset({"be", "become", "remain", "feel", "seem", "prove", "look", "appear", "get"})
_THINGS: Final = frozenset({"it", "this", "that"})
_ON: Final = frozenset({"on", "upon", "for", "to", "with"})


def nobody_does(node: Node, above: Node) -> bool:
    """Whether the clause above names nobody who does it."""
    if done_to(node) is not None:
        return True
    if node.infinitive:
        return _extraposed(node, above) or _of_passive(node, above)
    if not node.gerund or node.relation != "complement":
        return False
    judged = node.via is not None and node.via.dep_ == "acomp" and effects("adjectives").get(node.via.lower_) == "hypothetical"
    if judged and _extraposed(node, above):  # "it is worth noting"
        return True
    like = node.via is not None and node.via.lower_ == "like" and above.subject is not None and above.subject.lower_ in _THINGS
    return like or above.lemma in words("facts-control", "nobody")


def done_to(node: Node) -> Token | None:
    """What is easy to do or worth doing, as in "the law is hard to enforce", "the tent is worth considering": the thing to which it is done."""
    above, via = node.above, node.via
    if above is None or via is None or node.relation != "complement" or via.lower_ not in words("facts-control", "by_doing"):
        return None
    return above.subject if above.token.lemma_ in _BEING and node.has("dobj", "ccomp", "xcomp") is None else None


def behind_as(node: Node) -> Token | None:
    """As in the headline "shares fall as chief executive sacked": the noun that parsers take for what "as" brings in."""
    above, token = node.above, node.token
    if above is None or node.relation != "adverbial" or token.tag_ not in ("VBD", "VBN") or node.marker or node.auxiliaries or node.subject:
        return None
    left = token.left_edge.i
    brought = (k for k in above.kids if k.dep_ == "prep" and k.lower_ == "as" and k.right_edge.i + 1 == left)
    return next((g for k in brought for g in k.rights if g.dep_ == "pobj"), None)


def told_to(node: Node, above: Node) -> Token | None:
    """The object of the verb above whose act the infinitive or gerund is, also behind a preposition: "asked him to go", "called on him to go"."""
    named = above.has("dobj", "obj")
    if named is not None:
        return named if above.token.i < named.i < node.token.i and _controls(node, above, named) else None
    if not node.infinitive or node.via is not None:
        return None
    demanded = effects("verbs").get(above.lemma) == "demanded"
    for prep in above.token.rights:
        known = demanded or f"{above.lemma} {prep.lower_}" in words("facts-control", "through")
        if known and prep.dep_ == "prep" and prep.lower_ in _ON and prep.i < node.token.i:
            return next((k for k in prep.rights if k.dep_ == "pobj" and k.ent_type_ not in MEASURES), None)
    return None


def given_to(noun: Token, above: Node) -> Token | None:
    """Who gets a chance, a right, a task that an infinitive spells out: "gave the industry a chance to supply", "gave it to him"."""
    if noun.head != above.token or noun.dep_ not in ("dobj", "nsubjpass") or above.lemma not in words("facts-control", "giving"):
        return None
    whom = above.has("dative")
    if whom is None or whom.pos_ != "ADP":
        return whom
    return next((k for k in whom.rights if k.dep_ == "pobj"), None)


def _controls(node: Node, above: Node, named: Token) -> bool:
    """Whether an object acts: not that of "used the money to build", "announced plans on Friday to build", "paid $5m to settle"."""
    if above.lemma in words("facts-control", "subject"):
        return False
    if not node.infinitive:
        return True
    known = above.lemma in effects("verbs") or above.lemma in words("facts-control", "object")
    return known and named.ent_type_ not in MEASURES and named.lemma_ not in effects("nouns")


def _extraposed(node: Node, above: Node) -> bool:
    """As in "it is hard to say", "it is a match to watch", "it took years to build": "it" only holds the place of what follows."""
    subject, being = above.subject, above.token.lemma_
    if subject is None or subject.lower_ != "it":
        return False
    if being in words("facts-control", "lasting"):
        measure = above.has("dobj")
        return measure is not None and (measure.ent_type_ in MEASURES or measure.lemma_ == "time")
    if being not in _BEING:
        return False
    adjective, up = above.has("acomp"), above.has("prep")
    if adjective is not None:
        return effects("adjectives").get(adjective.lower_) not in _RAISING
    return above.has("attr") is not None or (up is not None and up.lower_ == "up")


def _of_passive(node: Node, above: Node) -> bool:
    """As in "the talk was interrupted to mend the microphone": who did both is not told. "Was forced to leave" is about its subject."""
    if not above.passive or above.has("agent") is not None or node.relation not in ("purpose", "complement") or node.via is not None:
        return False
    return above.lemma not in effects("verbs") and above.lemma not in hearsay() and above.lemma not in words("facts-control", "object")
