"""A clause as read off the parse, before it is tied to actors, quotes, dates and figures and becomes a Fact."""

import operator
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from schemas.fact import Argument, Modality, Polarity, Status
from schemas.fact_row import Stretch

# How a clause hangs on the clause above it:
#   conj          coordinated with it, shares its standing
#   content       what it says: a finite complement ("said that ...")
#   complement    what it is about: an infinitive or gerund ("plans to ...", "accused of ...")
#   noun          complement of a noun in it ("an offer to ...", "the claim that ...")
#   purpose       what for ("to fight ...")
#   adverbial     when, if, because, while ...
#   relative      about a noun in it ("who ...", "covered under ...")
#   aside         beside it, as "he said" is in the middle of what he says
Relation = Literal["root", "conj", "content", "complement", "noun", "purpose", "adverbial", "relative", "aside"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: the spans of its parts, and how it hangs on the clause above. Offsets are characters of the article."""

    start: int  # hull of the clause
    end: int
    rule: str  # the rule that gave the status
    predicate: str
    predicate_lemma: str
    predicate_start: int
    predicate_end: int
    subject: Stretch | None = None
    subject_head: Stretch | None = None  # the first conjunct of a coordinated subject
    object: Stretch | None = None
    object_head: Stretch | None = None
    arguments: tuple[Argument, ...] = ()
    polarity: Polarity = "positive"
    tense: str = ""  # "past" or "present" where a finite form shows it
    modality: Modality = "asserted"
    status: Status = "occurred"
    hedges: tuple[str, ...] = ()
    is_reporting: bool = False
    relation: Relation = "root"
    above: int | None = None  # predicate_start of the clause that governs this one
    speaker: Stretch | None = None  # of a clause that reports: who says it; null in a passive without an agent
    holder: Stretch | None = None  # whose claim, report or promise it spells out: "X's claim that"
    own: tuple[Stretch, ...] = ()  # the words that belong to this clause and to none below it
    when: tuple[Stretch, ...] = ()  # where a date governs the act, and not only a noun
    when_by: tuple[str, ...] = ()  # the preposition of each of `when`, or ""
    lacks_doer: bool = False  # told as done or going on, and nobody is found who does it

    def __reduce__(self) -> tuple[Any, ...]:
        """As a call with its values: of a frozen object that is there already, compiled rules can set nothing."""
        return Clause, _VALUES(self)


_VALUES: Final = operator.attrgetter(*(f.name for f in fields(Clause)))
