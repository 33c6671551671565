"""Facts: clauses as the parse gives them, then tied to who says so, when, and how firmly."""

from collections.abc import Iterator, Sequence

from schemas.fact import Fact
from transforms.annotate import Annotated
from transforms.facts.clause import Clause


def clauses_in(article: Annotated) -> Iterator[Clause]:
    """Yield the clauses of an article in text order."""
    yield from ()


def facts_from(clauses: Sequence[Clause], rows: object) -> Iterator[Fact]:
    """Yield a fact a clause."""
    yield from ()
