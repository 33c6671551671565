"""One figure as read so far, before its neighbours have given it what it left out."""

from dataclasses import dataclass

from schemas.figure import Bound
from transforms.figures.changes import Move
from transforms.figures.nouns import Counted
from transforms.figures.quantity import Quantity
from transforms.parse.token_tree import Span


@dataclass(frozen=True, slots=True)
class FigureDraft:
    """A quantity with its place in the Doc, its bound, the change that it is part of and what it counts."""

    quantity: Quantity
    span: Span
    bound: Bound
    move: Move | None
    counted: Counted
