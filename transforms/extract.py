"""One article from annotation to rows, without Beam: what the steps of the pipeline do one after the other."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from transforms.actors import actors_in
from transforms.annotate import Annotated
from transforms.dates import dates_in
from transforms.facts import clauses_in
from transforms.figures import figures_in
from transforms.flow.drafts import Drafts
from transforms.flow.rows import Rows
from transforms.link import head_of, linked
from transforms.quotes import quotes_in

# One extractor a kind of draft; none calls another, so that they may run side by side.
EXTRACTORS: Final[dict[str, Callable[[Annotated], Iterator[Any]]]] = {
    "actors": actors_in,
    "figures": figures_in,
    "dates": dates_in,
    "quotes": quotes_in,
    "clauses": clauses_in,
}


def rows_of(annotated: Annotated) -> Rows:
    """All rows of one annotated article."""
    drafts = {kind: tuple(extract(annotated)) for kind, extract in EXTRACTORS.items()}
    return linked(head_of(annotated), Drafts(**drafts))
