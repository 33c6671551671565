"""What the extractors found in one article: drafts, before `link` settles and ties them together.

A draft may point at another row of the same article by `ref(start, end)` of that row in an `*_id` column
(anchor_row_id, related_figure_id); link turns it into that row's row_id, or null if the row was dropped.
`actor_id` of a draft is any string that is the same within a cluster; link makes it an id.
"""

from dataclasses import dataclass

from schemas.actor import Actor
from schemas.date import Date
from schemas.figure import Figure
from schemas.quote import Quote
from transforms.parse.clause import Clause


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of one article by kind, each in text order."""

    actors: tuple[Actor, ...] = ()
    figures: tuple[Figure, ...] = ()
    dates: tuple[Date, ...] = ()
    quotes: tuple[Quote, ...] = ()
    clauses: tuple[Clause, ...] = ()


def ref(start: int, end: int) -> str:
    """A provisional pointer to the row of an article that covers start..end exactly."""
    return f"{start}:{end}"
