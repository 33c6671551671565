"""What a process has at hand: the takes and the place of a graph that was built before they were known.

To build a graph costs more than to run it over one article. A process that stands by builds it once, and each child forked from it puts
at hand what it is to do. This works where steps run in that very process; all other engines are given takes and place with the graph.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.article import Article
from schemas.reject import Reject
from transforms.flow.place import Place
from transforms.flow.take import Take

_at_hand: Final[list[tuple[Sequence[Take], Place]]] = []  # one at most


def put_at_hand(takes: Sequence[Take], place: Place) -> None:
    """Let the steps of this process take these, and write there."""
    _at_hand[:] = [(takes, place)]


@dataclass(frozen=True, slots=True)
class TakesAtHand:
    """The takes that are at hand when it is asked for their items."""

    def items(self) -> Iterator[Article | Reject]:
        """Yield the items of each take."""
        for take in _at_hand[0][0]:
            yield from take.items()


@dataclass(frozen=True, slots=True)
class PlaceAtHand:
    """The place that is at hand when it is asked for."""

    @property
    def place(self) -> Place:
        """That place."""
        return _at_hand[0][1]
