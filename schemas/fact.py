"""Facts: one row a clause that asserts something: who did or said what, to whom, when, and on whose word."""

import datetime as dt
from typing import Literal

from schemas.column import column, record, table
from schemas.fact_row import FactRow

Polarity = Literal["positive", "negative"]
Modality = Literal["asserted", "reported", "alleged", "possible", "conditional"]
Status = Literal["occurred", "ongoing", "planned", "threatened", "refused", "denied", "hypothetical", "demanded", "attempted"]
SourceType = Literal["article", "named", "anonymous", "document", "outlet"]


@record
class Argument:
    """One further participant or circumstance of a clause."""

    role: str = column("its role: the preposition that brings it in, or indirect_object, complement, agent, time, place")
    text: str = column("the phrase, as written")
    start: int = column("first character", unit="characters")
    end: int = column("character after the last", unit="characters")
    actor_id: str | None = column("the actor that it names", default=None)


@table("facts", version=1)
class Fact(FactRow):
    """One asserted clause. start and end are the clause's hull."""

    subject: str | None = column("who or what does it (of a passive: the agent where one is named), as written", default=None)
    subject_start: int | None = column("first character of subject", unit="characters", default=None)
    subject_end: int | None = column("character after the last of subject", unit="characters", default=None)
    subject_actor_id: str | None = column("the actor who is the subject", default=None)
    predicate: str = column("the verb group, as written")
    predicate_lemma: str = column("lemma of the head verb, with its particle")
    predicate_start: int = column("first character of the head verb", unit="characters")
    predicate_end: int = column("character after the last of the head verb", unit="characters")
    object: str | None = column("whom or what it is done to, as written", default=None)
    object_start: int | None = column("first character of object", unit="characters", default=None)
    object_end: int | None = column("character after the last of object", unit="characters", default=None)
    object_actor_id: str | None = column("the actor who is the object", default=None)
    arguments: tuple[Argument, ...] = column("further participants and circumstances", default=())
    polarity: Polarity = column("negative where the clause is negated (not, never, no)", default="positive")
    modality: Modality = column(
        "how firmly it is put: asserted in the article's own voice, reported, alleged, possible, conditional", default="asserted"
    )
    status: Status = column(
        "whether the act happened, goes on, or is only planned, threatened, refused, denied, supposed, demanded or attempted",
        default="occurred",
    )
    source_type: SourceType = column(
        "whose word it is: the article's own, a named source's, an unnamed one's, a document's, another outlet's", default="article"
    )
    source_text: str | None = column("the source, as written", default=None)
    source_actor_id: str | None = column("the actor who is the source", default=None)
    hedges: tuple[str, ...] = column("words that weaken it, as written", default=())
    is_reporting: bool = column("whether the act is itself one of saying", default=False)
    figure_ids: tuple[str, ...] = column("row_ids of the figures in the clause", default=())
    date_ids: tuple[str, ...] = column("row_ids of the dates that govern the clause", default=())
    quote_id: str | None = column("row_id of the quote in which the clause stands", default=None)
    happened_start: dt.date | None = column(
        "first day on which it happened or is to happen; null where the clause does not say", default=None
    )
    happened_end: dt.date | None = column("last day of it", default=None)
    place: str | None = column("where it happens, as written", default=None)
