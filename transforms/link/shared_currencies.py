"""The currency of a name that several countries share ("peso", "rupee"), where the article names exactly one of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from schemas.actor import Actor
from schemas.figure import Figure
from transforms.figures.currencies import names, shared
from transforms.words.lexicon import words
from transforms.words.world import currency_on


def coined(figures: Sequence[Figure], actors: Sequence[Actor], day: dt.date | None) -> tuple[Figure, ...]:
    """The figures, with 2.7 billion pesos in those of the Philippines where no other country of pesos is named; `day` is that of publication.

    Signs are left as they are: whoever writes "$" and means no US dollar says so. So are dollars and pounds, in which all the world pays.
    """
    named = {a.country for a in actors if a.country is not None}
    return tuple(_of_country(f, named, day) if f.currency_origin == "name" else f for f in figures)


def _of_country(figure: Figure, named: set[str], day: dt.date | None) -> Figure:
    key = names().get(figure.unit_normalised or "", "")
    countries = None if key in words("figures-currencies", "codes", "worldwide") else shared(key)
    if countries is None:
        return figure
    paying = {country for country in named if country in countries}
    if len(paying) != 1:
        return figure
    return replace(figure, currency=currency_on(countries[paying.pop()], day), currency_origin="country")
