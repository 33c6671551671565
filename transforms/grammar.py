"""Small questions to a parse that more than one extractor asks. Labels are ClearNLP's, tags Penn Treebank's."""

from spacy.tokens import Span, Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
_OUTSIDE_PHRASE = frozenset({"relcl", "acl", "appos", "cc", "conj", "punct", "advcl", "ccomp", "parataxis", "prep"})


def phrase(head: Token) -> Span:
    """The noun phrase of a head: its subtree without what follows it (relative clauses, appositions, conjuncts, prepositions)."""
    doc = head.doc
    end = head.i + 1
    for child in head.rights:
        if child.dep_ in _OUTSIDE_PHRASE:
            break
        end = child.right_edge.i + 1
    start = head.i
    for child in reversed(list(head.lefts)):
        if child.dep_ in _OUTSIDE_PHRASE and child.dep_ not in ("punct",):
            break
        start = child.left_edge.i
    while start < head.i and (doc[start].is_space or (doc[start].is_punct and doc[start].text not in "\"“'‘([")):
        start += 1
    return doc[start:end]


def subject_of(verb: Token) -> Token | None:
    """The grammatical subject of a verb, its own or that of the verb it is coordinated with."""
    for child in verb.lefts:
        if child.dep_ in SUBJECTS and child.dep_ != "expl":
            return child
    for child in verb.rights:  # inversion: "said the minister"
        if child.dep_ in SUBJECTS and child.dep_ != "expl":
            return child
    if verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        return subject_of(verb.head)
    return None


def negation_of(verb: Token) -> Token | None:
    """The word that negates a verb (not, n't, never, no longer), or None."""
    for child in verb.children:
        if child.dep_ == "neg" or child.lower_ == "never":
            return child
    return None


def auxiliaries(verb: Token) -> list[Token]:
    """The auxiliaries of a verb in text order: "had", "been" of "had been seen"."""
    return [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
