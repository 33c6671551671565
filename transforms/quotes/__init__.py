"""Quotes in an annotated article."""

from collections.abc import Iterator

from schemas.quote import Quote
from transforms.annotate import Annotated


def quotes_in(article: Annotated) -> Iterator[Quote]:
    """Yield the quotes of an article in text order."""
    yield from ()
