"""The rows of one article by table, as link builds them up."""

from dataclasses import dataclass

from schemas.actor import Actor
from schemas.article import Article
from schemas.date import Date
from schemas.fact import Fact
from schemas.figure import Figure
from schemas.quote import Quote


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one article. Their ids are final; what points from row to row is filled in one table after the other."""

    article: Article
    actors: tuple[Actor, ...] = ()
    figures: tuple[Figure, ...] = ()
    dates: tuple[Date, ...] = ()
    quotes: tuple[Quote, ...] = ()
    facts: tuple[Fact, ...] = ()
