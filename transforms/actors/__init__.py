"""Actors in an annotated article."""

from collections.abc import Iterator

from schemas.actor import Actor
from transforms.annotate import Annotated


def actors_in(article: Annotated) -> Iterator[Actor]:
    """Yield the actors of an article in text order."""
    yield from ()
