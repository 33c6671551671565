"""Status of what is rejected: "rejected an offer to send", "denied accusations of lying", "a refused offer to sell"."""

from typing import Final

from transforms.facts.clause_node import Node
from transforms.facts.governors import acts, effects, rejections
from transforms.facts.node_features import Rule, Standing, negated
from transforms.parse.token_tree import Token


def _claim_rejected(node: Node, above: Standing | None) -> Standing | None:
    """As in "rejected the claim that he lied", "denied accusations of lying": what a noun of saying says was denied."""
    noun = _rejected(node, above)
    if noun is None:
        return None
    disowned = _holds(node, noun, above) and node.above is not None and node.above.lemma == "deny" and noun.lemma_ not in acts("permitting")
    wanted = node.gerund and noun.lemma_ in rejections("wanted")
    speaks = noun.lemma_ in rejections("said") and not node.infinitive and not wanted
    return Standing("denied", "claim-denied") if disowned or speaks else None


def _attempt_rejected(node: Node, above: Standing | None) -> Standing | None:
    """As in "rejected an attempt to sell": it was made."""
    noun = _act_rejected(node, above)
    tried = noun is not None and effects("nouns").get(noun.lemma_) == "attempted"
    return Standing("attempted", "noun-of-attempt") if tried else None


def _object_of_rejection(node: Node, above: Standing | None) -> Standing | None:
    """As in "turned down the offer to send": what the noun offers, plans or asks for was refused."""
    return Standing("refused", "object-of-rejection") if _act_rejected(node, above) is not None else None


def _act_rejected(node: Node, above: Standing | None) -> Token | None:
    """The rejected noun where it is an act's: any that a verb rejects, and behind a participle one that somebody wants something by."""
    noun = _rejected(node, above)
    return noun if noun is not None and (_holds(node, noun, above) or noun.lemma_ in rejections("wanted")) else None


def _rejected(node: Node, above: Standing | None) -> Token | None:
    """The noun that a clause spells out and that is rejected: "turned down the [offer] to send", "a rejected [offer] to send"."""
    noun = node.spelt_out
    if node.relation != "noun" or noun is None or node.above is None or above is None:
        return None
    by_participle = any(k.dep_ == "amod" and k.tag_ == "VBN" and k.lemma_ in rejections("verbs") for k in noun.lefts)
    return noun if by_participle or _holds(node, noun, above) else None


def _holds(node: Node, noun: Token, above: Standing | None) -> bool:
    """Whether the verb above rejects the noun, and did so: "would have rejected the offer" and "did not reject it" say nothing of the offer."""
    over = node.above
    if over is None or above is None or over.lemma not in rejections("verbs"):
        return False
    return (
        noun.head == over.token
        and noun.dep_ in ("dobj", "nsubjpass")
        and not negated(over)
        and above.status not in ("refused", "denied", "hypothetical", "planned")
    )


REJECTIONS: Final[tuple[Rule, ...]] = (_claim_rejected, _attempt_rejected, _object_of_rejection)
