"""A clause as read off the parse, before it is tied to actors, quotes, dates and figures and becomes a Fact."""

from dataclasses import dataclass

from schemas.fact import Argument, Modality, Polarity, Status
from schemas.fact_row import Stretch


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: the spans of its parts, and how it hangs on the clause above. Offsets are characters of the article."""

    start: int  # hull of the clause
    end: int
    text: str
    rule: str
    predicate: str
    predicate_lemma: str
    predicate_start: int
    predicate_end: int
    subject: Stretch | None = None
    object: Stretch | None = None
    arguments: tuple[Argument, ...] = ()
    polarity: Polarity = "positive"
    modality: Modality = "asserted"
    status: Status = "occurred"
    hedges: tuple[str, ...] = ()
    is_reporting: bool = False
    above: int | None = None  # predicate_start of the clause that governs this one
