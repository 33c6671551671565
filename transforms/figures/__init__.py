"""Figures in an annotated article."""

from collections.abc import Iterator

from schemas.figure import Figure
from transforms.annotate import Annotated


def figures_in(article: Annotated) -> Iterator[Figure]:
    """Yield the figures of an article in text order."""
    yield from ()
