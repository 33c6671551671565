"""Clauses that ask for an act: a bare verb without a subject that opens its sentence, or follows a clause in front of it."""

from typing import Final

from transforms.facts.clause_node import Node
from transforms.facts.governors import acts
from transforms.parse.grammar import FINITE, FINITE_OR_MODAL, QUESTION_TAGS
from transforms.parse.token_tree import Token

_INSIDE: Final = frozenset({",", ")", "]", "%", "/", "&"})  # marks behind which a sentence goes on
_BEFORE: Final = frozenset({"punct", "intj", "advmod", "npadvmod", "neg", "aux", "cc", "advcl", "prep", "dep"})
_STANDS: Final = frozenset({"root", "content", "complement", "adverbial", "aside"})


def is_imperative(node: Node) -> bool:
    """As in "Give him a rest, he has only just come", "please call", "if you travel at night, take a torch"."""
    token = node.token
    if token.tag_ != "VB" or node.infinitive or node.subject is not None or node.has("expl") is not None:
        return False
    if any(a.lower_ != "do" for a in node.auxiliaries):
        return False
    if node.relation == "conj":  # "We leave that to you, but before you go, remember"
        return any(k.dep_ == "advcl" and k.i < token.i and _is_finite(k) for k in node.kids)
    if node.relation not in _STANDS or (node.relation == "adverbial" and node.lemma in acts("like_prepositions")):
        return False
    before = all(k.dep_ in _BEFORE and k.tag_ not in QUESTION_TAGS for k in token.lefts)
    return before and _opens(token.left_edge)


def _is_finite(verb: Token) -> bool:
    return verb.tag_ in FINITE or any(k.dep_ in ("aux", "auxpass") and k.tag_ in FINITE_OR_MODAL for k in verb.lefts)


def _opens(first: Token) -> bool:
    """Whether a word is the first of a sentence, a quotation, a bracket or a list's item."""
    if first.i == 0 or first.is_sent_start or first.is_punct:
        return True
    before = first.nbor(-1)
    return before.is_space or (before.is_punct and before.text not in _INSIDE and (before.text != "-" or bool(before.whitespace_)))


def calls_for_attention(node: Node) -> bool:
    """As in "Look, we know him", "mind you": nothing is to be looked at."""
    bare = node.token.lower_ in acts("for_attention") and all(k.is_punct or k.lower_ == "you" for k in node.kids)
    return bare and node.relation != "root" and is_imperative(node)
