"""The currency of a name that several countries share ("peso", "rupee"), where the article names exactly one of them."""

from collections.abc import Sequence
from dataclasses import replace

from schemas.actor import Actor
from schemas.figure import Figure
from transforms.figures.currencies import names, shared
from transforms.lexicon import words


def coined(figures: Sequence[Figure], actors: Sequence[Actor]) -> tuple[Figure, ...]:
    """The figures, with 2.7 billion pesos in those of the Philippines where no other country of pesos is named.

    Signs are left as they are: whoever writes "$" and means no US dollar says so. So are dollars and pounds, in which all the world pays.
    """
    named = {a.country for a in actors if a.country is not None}
    return tuple(_of_country(f, named) if f.currency_origin == "name" else f for f in figures)


def _of_country(figure: Figure, named: set[str]) -> Figure:
    key = names().get(figure.unit_normalised or "", "")
    countries = None if key in words("figures-currencies", "codes", "worldwide") else shared(key)
    if countries is None:
        return figure
    paying = {country for country in named if country in countries}
    if len(paying) != 1:
        return figure
    return replace(figure, currency=countries[paying.pop()], currency_origin="country")
