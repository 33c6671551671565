"""How firmly a clause is put: negated or not, and the words that weaken it."""

import functools
from collections.abc import Mapping
from typing import Final

from schemas.fact import Modality
from transforms.facts.clause_node import Node
from transforms.facts.governors import hearsay
from transforms.facts.node_features import Standing, modal_of, negated
from transforms.parse.grammar import POSSIBLE
from transforms.words.lexicon import lexicon

_STRENGTH: Final[tuple[Modality, ...]] = ("alleged", "reported", "possible")
_HOPS: Final = 4  # clauses between an act and the accusation that it is part of
_PASSIVE: Final = frozenset({"auxpass", "nsubjpass"})


@functools.cache
def _adverbs() -> dict[str, Modality]:
    return {word: kind for kind, words in lexicon("facts-hedges")["adverbs"].items() for word in words}


@functools.cache
def _seeming() -> frozenset[str]:
    return frozenset(lexicon("facts-hedges")["seeming"]["verbs"])


@functools.cache
def _doubting() -> frozenset[str]:
    return frozenset(lexicon("facts-hedges")["doubting"]["adjectives"])


@functools.cache
def _accusing(part: str) -> frozenset[str]:
    return frozenset(lexicon("facts-hedges")["accusing"][part])


def firmness_of(node: Node, known: Mapping[int, Standing]) -> tuple[Modality, tuple[str, ...]]:
    """(modality without regard to the source, the hedging words as written); "may cut and close" hedges both."""
    standing = known[node.token.i]
    modality, hedges = _own_firmness(node, standing)
    if standing.rule != "coordinated" or modality != "asserted" or node.above is None:
        return modality, hedges
    shared, before = firmness_of(node.above, known)
    return shared, tuple(dict.fromkeys((*before, *hedges)))


def _own_firmness(node: Node, standing: Standing) -> tuple[Modality, tuple[str, ...]]:
    hedges: list[str] = []
    modalities: list[Modality] = []
    for k in node.kids:
        found = _adverbs().get(k.lower_)
        if found and k.dep_ in ("advmod", "npadvmod", "dep"):
            hedges.append(k.text)
            modalities.append(found)
    for said in (_brought_in(node), _doubted(node), _further_up(node)):
        if said is not None and said[1] not in hedges:
            hedges.append(said[1])
            modalities.append(said[0])
    strongest = next((m for m in _STRENGTH if m in modalities), None)
    if strongest is not None:
        return strongest, tuple(hedges)
    if modal_of(node) in POSSIBLE and standing.status == "hypothetical":
        return "possible", tuple(hedges)
    conditional = standing.rule in ("condition", "conditional-future", "conditional-present", "would") or (
        standing.status == "hypothetical" and modal_of(node) == "would"
    )
    return ("conditional" if conditional else "asserted"), tuple(hedges)


def _brought_in(node: Node) -> tuple[Modality, str] | None:
    """The hedge that governs a clause, the verb above it or the noun that it spells out."""
    if node.above is not None and node.relation in ("complement", "content"):
        return _hedge_above(node, node.above)
    if node.above is not None and node.relation == "noun" and node.via is not None:
        noun = node.via.head if node.via.dep_ == "prep" else node.via
        if noun.lemma_ in _accusing("nouns"):
            return "alleged", noun.text
    return None


def _doubted(node: Node) -> tuple[Modality, str] | None:
    """As in "is unlikely to rise": what is hardly to come."""
    doubting = node.via if node.relation in ("complement", "content") else None
    return ("possible", doubting.text) if doubting is not None and doubting.lower_ in _doubting() else None


def _further_up(node: Node) -> tuple[Modality, str] | None:
    """As in "accused of planning to deceive and of lying": what hangs on the act in an accusation is alleged with it."""
    at = node
    for _ in range(_HOPS):
        if at.above is None or at.relation not in ("complement", "noun", "conj", "purpose", "content"):
            return None
        at = at.above
        said = _brought_in(at)
        if said is not None and said[0] == "alleged":
            return said
    return None


def _hedge_above(node: Node, above: Node) -> tuple[Modality, str] | None:
    """As in "is said to have left", "appears to be", "accused of stealing": the hedge is the verb above."""
    passive = any(k.dep_ in _PASSIVE for k in above.kids)
    lemma = above.token.lemma_
    if node.relation == "content" and lemma in _seeming() - {"look"} and above.subject is not None:
        return ("reported", above.token.text) if above.subject.lower_ == "it" and not negated(above) else None
    if node.relation == "complement" and lemma in _seeming():
        return ("reported", above.token.text) if node.infinitive or lemma != "look" else None
    if passive and lemma in hearsay() and (node.infinitive or lemma in ("accuse", "charge", "suspect") or _of_it(node, above)):
        return hearsay()[lemma], above.token.text
    if lemma in _accusing("verbs") and (node.relation == "content" or lemma in ("accuse", "suspect", "charge")):
        return ("alleged", above.token.text)
    return None


def _of_it(node: Node, above: Node) -> bool:
    """As in "it is believed that he has left": nobody says who believes it."""
    subject = above.has("nsubjpass", "nsubj", "expl")
    return (
        node.relation == "content" and subject is not None and subject.lower_ == "it" and above.has("agent") is None and not negated(above)
    )
