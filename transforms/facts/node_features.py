"""What a status rule says of a clause, and small questions to a node that many status rules ask."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from schemas.fact import Status
from transforms.facts.clause_node import Node
from transforms.parse import grammar
from transforms.parse.token_tree import Token

_PAST: Final = frozenset({"VBD", "VBN"})
PRESENT: Final = frozenset({"VBZ", "VBP"})


@dataclass(frozen=True, slots=True)
class Standing:
    """The status of a clause and the rule that gave it."""

    status: Status
    rule: str


Rule = Callable[[Node, Standing | None], Standing | None]  # a clause and the standing of the one above; None: the next rule is asked


def modal_of(node: Node) -> str:
    """The modal of a clause in its full form ("will" for 'll and wo), or ""."""
    if node.modal is None:
        node.modal = "" if _had_done(node) else grammar.modal_among(node.auxiliaries)
    return node.modal


def _had_done(node: Node) -> bool:
    """As in "we'd done it", whose 'd taggers take for a "would"."""
    only = node.auxiliaries[0] if len(node.auxiliaries) == 1 else None
    return only is not None and node.token.tag_ in _PAST and only.lower_ in ("'d", "’d") and node.token.lemma_ != node.token.lower_


def negated(node: Node) -> bool:
    """Whether the clause is negated: by a word of its own, or by one that it shares with the verb before or above it."""
    if node.negated is None:
        node.negated = grammar.negated(node.token) or _shares_negation(node) or _through_auxiliary(node)
    return node.negated


def _through_auxiliary(node: Node) -> bool:
    """As in "is not going to rise": the negator stands with the semi-auxiliary."""
    above = node.above
    if above is None or node.relation != "complement" or not node.infinitive:
        return False
    lemma = above.token.lemma_
    if has_yet_to(node, above):
        return True
    semi = (lemma == "go" and above.token.tag_ == "VBG") or (lemma == "be" and above.has("attr", "acomp", "dobj") is None)
    return semi and _own_not(above)


def has_yet_to(node: Node, above: Node) -> bool:
    """As in "has yet to sign": what is still to be done is not done."""
    if not node.infinitive or above.token.lemma_ not in ("have", "be"):
        return False
    return any(k.dep_ == "advmod" and k.lower_ == "yet" and k.i == above.token.i + 1 for k in above.kids)


def _shares_negation(node: Node) -> bool:
    """As in "did not buy or sell": the second verb stands under the same negation; "did not buy but sold" does not."""
    above = node.above
    if node.relation != "conj" or above is None or node.auxiliaries or node.subject:
        return False
    joined = next((k.lower_ for k in above.kids if k.dep_ == "cc"), "")
    if joined in ("or", "nor") and node.token.tag_ == above.token.tag_:  # "never stalled or caught"
        return _own_not(above)
    return joined in ("or", "nor", "and") and node.token.tag_ in ("VB", "VBP") and above.token.tag_ == "VB" and _own_not(above)


def _own_not(node: Node) -> bool:
    return any(k.dep_ == "neg" for k in node.kids)


def denied_word(word: Token | None) -> bool:
    """Whether a noun, adjective or preposition is denied by a word before it: "no plan", "not eager"."""
    return word is not None and (grammar.denied(word) or any(k.dep_ == "neg" for k in word.lefts))


def tense(node: Node) -> str:
    """The tense ("past", "present" or "" without a finite form) of a clause, from its first auxiliary or itself."""
    for token in (*node.auxiliaries, node.token):
        if token.tag_ == "VBD":
            return "past"
        if token.tag_ in PRESENT:
            return "present"
    return ""


def said_in_past(node: Node) -> bool:
    """Whether a reporting clause is in the past ("said", "has said"), so that its "would" is a future."""
    return (
        node.token.tag_ in _PAST
        or tense(node) == "past"
        or (node.token.tag_ == "VBG" and node.above is not None and said_in_past(node.above))
    )
