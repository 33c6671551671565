"""Actors: one row a mention of a person, organisation, place or group."""

from typing import Literal

from schemas.column import column, table
from schemas.fact_row import FactRow

ActorType = Literal["person", "organisation", "place", "group"]
Mention = Literal["name", "nominal", "pronoun"]
TitleQualifier = Literal["former", "acting", "then", "candidate"]


@table("actors", version=1)
class Actor(FactRow):
    """One mention; actor_id ties the mentions of one actor in an article together."""

    mention: Mention = column("how the actor is mentioned")
    name: str = column("this mention's name, without title and possessive")
    actor_id: str = column("the cluster of mentions that this one belongs to, within the article")
    canonical_name: str = column("the fullest name of the cluster")
    type: ActorType = column("what sort of actor the cluster is")
    country: str | None = column("country of a place, a nationality or an office, ISO 3166-1 alpha-2", default=None)
    external_id: str | None = column("id from the gazetteer that the user gave", default=None)
    title: str | None = column("title or office as said at this mention", default=None)
    title_qualifier: TitleQualifier | None = column("how the title is qualified", default=None)
    affiliation: str | None = column("organisation or country that the title belongs to, as said", default=None)
