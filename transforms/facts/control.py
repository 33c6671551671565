"""Who an infinitive or gerund without a subject is about: the object of the verb above, its subject, or nobody whom the clause names."""

from typing import Final

from transforms.facts.clause_node import Node
from transforms.facts.clause_tree import asked_through, of_adjective, singled_out, takes_time
from transforms.facts.governors import acts, effects, hearsay
from transforms.parse.grammar import QUESTION_TAGS
from transforms.parse.token_tree import Token
from transforms.words.lexicon import words

# What measures an act and does none: "registered by 30 September", "cut by 5%" name nobody.
MEASURES: Final = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "CARDINAL", "ORDINAL"})
_RAISING: Final = frozenset({"planned", "attempted", "inherited", "permitted", "refused"})
_TOPICS: Final = frozenset({"on", "about", "against", "over", "for", "in", "at"})
_OWN: Final = frozenset({"in", "at"})  # a role in easing it, success at easing it: of whoever has them
_AROUND: Final = frozenset({"after", "following", "before", "during", "at", "since"})
_PATH: Final = 6  # words between an infinitive and the clause that it hangs on
_THINGS: Final = frozenset({"it", "this", "that"})
_OWN_ACTS: Final = frozenset({"refused", "denied", "attempted", "ongoing"})
_ON: Final = frozenset({"on", "upon", "for", "to", "with"})


def nobody_does(node: Node, above: Node) -> bool:
    """Whether the clause above names nobody who does it."""
    if done_to(node) is not None or _of_a_thing(node, above) or is_for(node):
        return True
    if node.infinitive:
        return _extraposed(node, above) or _of_passive(node, above)
    if not node.gerund or node.relation != "complement":
        return False
    if node.via is not None and node.via.lower_ == "worth":
        return True
    judged = node.via is not None and node.via.dep_ == "acomp" and effects("adjectives").get(node.via.lower_) == "hypothetical"
    if judged and _extraposed(node, above):  # "it is worth noting"
        return True
    return _likens(node, above) or _is_topic(node, above) or above.lemma in words("facts-control", "nobody")


def _likens(node: Node, above: Node) -> bool:
    """As in "it's like having a second motor", "it is about saving lives"."""
    return node.via is not None and node.via.lower_ in ("like", "about") and above.subject is not None and above.subject.lower_ in _THINGS


def _is_topic(node: Node, above: Node) -> bool:
    """As in "passed a law on selling guns": neither the law nor who passed it."""
    named = above.has("dobj")
    return named is not None and node.via is not None and node.via.lower_ not in _OWN and _of_a_topic(node, above, named)


def _of_a_thing(node: Node, above: Node) -> bool:
    """Whether an infinitive or gerund is spelt out by a noun that has nothing to do with the subject.

    "It is a way of saving", "the team to beat", "respect the right to vote", "sued after a vote to cut jobs", "a lack of oil and the need to buy it".
    """
    noun, subject = node.spelt_out, above.subject
    if node.infinitive and _behind_event(node, above):
        return True
    if noun is None or node.relation != "noun":
        return False
    if noun.dep_ == "attr" and noun.head == above.token and above.token.lemma_ == "be":
        return _of_an_equated(node, noun, subject)
    return (noun.dep_ == "conj" and noun.head == subject) or (noun.dep_ == "dobj" and noun.head == above.token and _of_others(noun, above))


def _of_an_equated(node: Node, noun: Token, subject: Token | None) -> bool:
    """As in "it is a way of saving", "he is the man to beat": what something is, is nobody who acts."""
    if not node.infinitive:
        return subject is not None and subject.lower_ in _THINGS
    if effects("nouns").get(noun.lemma_, "inherited") not in ("inherited", "permitted"):  # "one is a proposal to build it"
        return not singled_out(noun) and subject is not None and subject.pos_ != "PROPN" and subject.tag_ not in ("PRP", "WP")
    done = node.has("dobj") is None or ends_in_preposition(node)
    return not singled_out(noun) and (noun.lemma_ in words("facts-control", "settings") or (done and noun.lemma_ not in effects("nouns")))


def _of_others(noun: Token, above: Node) -> bool:
    """As in "respects the right to vote", "suggests ways to save": who finds a way to save saves, who suggests one does not."""
    if noun.lemma_ == "way":
        return above.lemma not in words("facts-control", "own_ways")
    return noun.lemma_ in words("facts-control", "rights") and above.lemma in words("facts-control", "regarding")


def is_for(node: Node) -> bool:
    """As in "a pocket for keeping keys": what a thing is for, done by nobody yet; an award is for what somebody did."""
    via = node.via
    if via is None or via.lower_ != "for" or not node.gerund or node.relation != "noun" or via.head.pos_ != "NOUN":
        return False
    return via.head.lemma_ not in acts("deserts") and via.head.lemma_ not in effects("nouns")


def ends_in_preposition(node: Node) -> bool:
    """As in "hard to work with", "hard to drive over", "the one to pay attention to"."""
    last = node.token.right_edge
    left_over = last.dep_ == "prep" and last.i > node.token.i and not last.n_rights
    return left_over or any(k.dep_ in ("prt", "advmod") and k.i == node.token.i + 1 and not k.n_rights for k in node.token.rights)


def _behind_event(node: Node, above: Node) -> bool:
    """As in "sued after a meeting to discuss the crisis": the infinitive is about those who met."""
    first = node.token.left_edge
    if not first.i:
        return False
    at, noun = first.nbor(-1), None
    for _ in range(_PATH):
        if at.head in (above.token, at):
            break
        noun, at = at, at.head
    return at.lower_ in _AROUND and noun is not None and noun.lemma_ in words("facts-events", "nouns")


def done_to(node: Node) -> Token | None:
    """What is easy to do or worth doing, as in "the law is hard to enforce", "the tent is worth considering": the thing to which it is done."""
    above, via = node.above, node.via
    if above is None or via is None or node.relation != "complement" or via.lower_ not in words("facts-control", "by_doing"):
        return None
    return above.subject if above.token.lemma_ in acts("being") and node.has("dobj", "ccomp", "xcomp") is None else None


def equates(node: Node, above: Node, subject: Token) -> bool:
    """As in "our priority is to save lives", "what he wants is to go", "its strength lies in offering": the subject is the act itself, and does nothing."""
    if node.relation != "complement" or not (node.infinitive or node.gerund):
        return False
    if subject.dep_ in ("csubj", "csubjpass"):
        first = subject.left_edge
        return above.token.lemma_ == "be" and node.via is None and (first.tag_ in QUESTION_TAGS or first.lower_ == "all")
    between = f"{above.token.lemma_} {node.via.lower_}" if node.via is not None else above.token.lemma_
    return between in words("facts-control", "equating") and _aim(subject).lemma_ in words("facts-control", "aims")


def owner_of_aim(subject: Token) -> Token | None:
    """Whose an aim is: "our priority", "the aim of Halden Motors"; what is an aim of something else acts by nobody."""
    noun = _aim(subject)
    owner = next((k for k in noun.lefts if k.dep_ == "poss"), None)
    if owner is not None:
        return owner
    of = (g for k in noun.rights if k.dep_ == "prep" and k.lower_ == "of" for g in k.rights if g.dep_ == "pobj")
    return next((g for g in of if g.pos_ in ("PROPN", "PRON")), None)


def _aim(subject: Token) -> Token:
    """The noun itself, also of "one of his aims"."""
    if subject.lower_ not in ("one", "part", "some"):
        return subject
    return next((g for k in subject.rights if k.lower_ == "of" for g in k.rights if g.dep_ == "pobj"), subject)


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
    if node.infinitive and takes_time(above):
        return _whom_it_takes(above)
    named = above.has("dobj", "obj")
    if named is not None:
        return named if above.token.i < named.i < node.token.i and _controls(node, above, named) else None
    if not node.infinitive or node.via is not None:
        return None
    demanded = effects("verbs").get(above.lemma) == "demanded" or asked_through(node, above) is not None
    for prep in above.token.rights:
        known = demanded or f"{above.lemma} {prep.lower_}" in words("facts-control", "through")
        if known and prep.dep_ == "prep" and prep.lower_ in _ON and prep.i < node.token.i:
            return next((k for k in prep.rights if k.dep_ == "pobj" and k.ent_type_ not in MEASURES), None)
    return None


def _whom_it_takes(above: Node) -> Token | None:
    """As in "it took us a week to mend it", "it takes Halden years to build one": who does it stands before how long."""
    whom = (k for k in above.kids if k.dep_ in ("dobj", "dative", "nsubj") and k.i > above.token.i and k.pos_ in ("PRON", "PROPN"))
    return next((k for k in whom if k.ent_type_ not in MEASURES), None)


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
        return not _of_a_topic(node, above, named)
    effect = effects("verbs").get(above.lemma, "refused") if above.lemma not in words("facts-control", "objectless") else "refused"
    known = effect not in _OWN_ACTS or above.lemma in words("facts-control", "object")
    return known and named.ent_type_ not in MEASURES and named.lemma_ not in effects("nouns")


def _of_a_topic(node: Node, above: Node, named: Token) -> bool:
    """As in "passed a law on selling guns", "played a role in easing it": the object is a thing, of which the verb asks for no act."""
    via = node.via
    if via is None or via.dep_ != "prep" or via.lower_ not in _TOPICS or named.pos_ != "NOUN":
        return False
    asked = f"{above.lemma} {via.lower_}"
    return asked not in acts("frames") and asked not in effects("verbs") and above.lemma not in effects("verbs")


def _extraposed(node: Node, above: Node) -> bool:
    """As in "it is hard to say", "it is a match to watch", "it took years to build": "it" only holds the place of what follows."""
    subject, being = above.subject, above.token.lemma_
    if of_adjective(node) is not None:  # "makes it hard to sell"; who finds it hard to sell sells
        return above.lemma not in words("facts-control", "finding")
    if subject is None or subject.lower_ != "it":
        return False
    if being in words("facts-control", "lasting"):
        measure = above.has("dobj")
        measured = measure is not None and (measure.ent_type_ in MEASURES or measure.lemma_ == "time")
        return _whom_it_takes(above) is None if takes_time(above) else measured
    if being not in acts("being"):
        return False
    adjective, up = above.has("acomp"), above.has("prep")
    if adjective is not None:
        return effects("adjectives").get(adjective.lower_) not in _RAISING
    led = up is not None and (up.lower_ == "up" or any(k.lemma_ == "interest" for k in up.rights))  # "it is up to us", "in our interest"
    return above.has("attr") is not None or led


def _of_passive(node: Node, above: Node) -> bool:
    """As in "the talk was interrupted to mend the microphone": who did both is not told. "Was forced to leave" is about its subject."""
    if not above.passive or above.has("agent") is not None or node.relation not in ("purpose", "complement") or node.via is not None:
        return False
    return above.lemma not in effects("verbs") and above.lemma not in hearsay() and above.lemma not in words("facts-control", "object")
