"""Status of what a clause judges rather than tells: acts that nearly happened, acts ruled out, what is said to be possible."""

from typing import Final

from transforms.facts.clause_node import Node
from transforms.facts.governors import acts
from transforms.facts.node_features import PRESENT, Rule, Standing, modal_of, negated

_NEARLY: Final = frozenset({"nearly", "almost"})
_BEING: Final = frozenset({"be", "seem", "look", "appear", "become", "remain"})
_MEASURES: Final = frozenset({"PERCENT", "MONEY", "QUANTITY", "CARDINAL", "DATE", "TIME"})


def _nearly_done(node: Node, above: Standing | None) -> Standing | None:
    """As in "nearly hit a post": it did not come about. What grows or ends by degrees did most of it: "nearly doubled", "is almost over"."""
    if node.token.tag_ not in ("VBD", "VBN") or node.lemma in acts("gradual") or node.token.lemma_ == "be" or negated(node):
        return None
    if any(a.lemma_ == "have" and a.tag_ in PRESENT for a in node.auxiliaries):  # "has almost lost her accent"
        return None
    near = next((k for k in node.kids if k.dep_ == "advmod" and k.lower_ in _NEARLY and k.i < node.token.i), None)
    return Standing("attempted", "near-miss") if near is not None and not node.passive else None


def _ruled_out(node: Node, above: Standing | None) -> Standing | None:
    """As in "ruled out intervention", "declined comment": what is told is that the act named by the object will not be."""
    thing = node.has("dobj")
    if node.lemma not in acts("ruling_out") or thing is None or thing.ent_type_ in _MEASURES or thing.like_num:
        return None
    if modal_of(node) or node.infinitive or negated(node) or any(k.relation in ("complement", "content") for k in node.below):
        return None
    return Standing("refused", "ruled-out")


def _chance(node: Node, above: Standing | None) -> Standing | None:
    """As in "a cut was possible", "rain is likely": how probable something is held to be."""
    if above is not None and above.rule == "chance" and node.relation == "content" and not modal_of(node):
        return above  # "it is possible that they left"
    if node.token.lemma_ not in _BEING or modal_of(node):
        return None
    word = node.has("acomp", "oprd")
    if word is None or word.lower_ not in acts("chances") or any(k.relation == "complement" for k in node.below):
        return None
    return Standing("hypothetical", "chance")


JUDGEMENTS: Final[tuple[Rule, ...]] = (_nearly_done, _ruled_out, _chance)
