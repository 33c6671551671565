"""Dates in an annotated article."""

from collections.abc import Iterator

from schemas.date import Date
from transforms.annotate import Annotated


def dates_in(article: Annotated) -> Iterator[Date]:
    """Yield the dates of an article in text order."""
    yield from ()
