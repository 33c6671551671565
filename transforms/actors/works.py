"""What shows that a name is a film's, a book's or a song's, and nobody's: who plays in it, stars in it, won a prize for it."""

from transforms.actors.mention import Name
from transforms.actors.token_view import TokenView

_NEAR = 8  # tokens in which the verb or the prize is told
_PLAYED = frozenset(["play", "star", "portray", "appear"])  # "X, in which Brel plays": a work


def is_awarded(w: TokenView, name: Name) -> bool:
    """Whether a name is what somebody won a prize for: "won best actress for The Mill"; "best actor for Roe" is Roe's."""
    at = name.start - 1 - (w.text[name.start - 1] == "The")
    return name.label != "person" and w.lower[at] == "for" and "best" in w.lower[max(0, at - _NEAR) : at]


def has_stars(w: TokenView, verb: int) -> bool:
    """Whether a name is what somebody stars in: "Norvia Masala stars Ann Roe"."""
    return w.lower[verb] in ("starring", "stars") and w.tag[verb + 1 : verb + 2] == ["NNP"] and w.tag[verb].startswith("V")


def is_played_in(w: TokenView, at: int) -> bool:
    """Whether "in which Brel plays" stands at token `at`."""
    behind = w.doc[at + 2 : at + 2 + _NEAR]
    return w.lower[at : at + 2] == ["in", "which"] and any(t.lemma_ in _PLAYED for t in behind)
