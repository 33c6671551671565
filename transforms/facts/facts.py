"""From clauses to facts: each tied to actors, figures, dates, the quote in which it stands, and whoever says so."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from schemas.column import changed
from schemas.date import Date
from schemas.fact import Argument, Fact, Modality
from schemas.fact_row import Stretch
from schemas.quote import Quote
from transforms.article.mentions import Mentions
from transforms.article.placed import Placed
from transforms.article.writing_day import writing_day
from transforms.facts.governors import effects
from transforms.facts.sources_of_clauses import Holders, Source
from transforms.parse.clause import Clause
from transforms.words.lexicon import words

if TYPE_CHECKING:
    from transforms.flow.rows import Rows

_AT_PLACE: Final = frozenset({"in", "at", "near", "inside", "outside"})
_OVER_PLACE: Final = frozenset({"across", "throughout", "within", "around", "into"})
_WORD: Final = re.compile(r"[\w’'-]+")
_BEHIND_NAME: Final = re.compile(r",| (?:in|of|near|at|on) ")  # what follows tells more of the building that is named
_WHERE: Final = re.compile(r" (?:in|at|near|inside|outside|across) ")
_AHEAD: Final = frozenset({"planned", "threatened", "demanded"})
_OPEN_START: Final = frozenset({"until", "till", "by", "before"})
_OPEN_END: Final = frozenset({"since", "from", "after"})


def facts_from(clauses: Sequence[Clause], rows: "Rows") -> Iterator[Fact]:
    """Yield a fact a clause, in text order. `rows` has the article's actors, figures, dates and quotes with final ids.

    A clause that lacks its doer governs others, and is no fact: a reader could not tell of whom it holds.
    """
    text = rows.article.text or ""
    mentions = Mentions(rows.actors, text)
    holders = Holders(text, clauses, rows.quotes, mentions)
    figures, dates = Placed(rows.figures), Placed(rows.dates)
    by_start = {c.predicate_start: c for c in clauses}
    cues = {q.cue_start for q in rows.quotes if q.cue_start is not None}
    day = writing_day(rows.article)
    for clause in clauses:
        if clause.lacks_doer:
            continue
        quote = holders.quote_of(clause)
        governing = _dates_of(clause, by_start, dates)
        happened = _happened(governing)
        told = _scheduled(clause, happened, day)
        if _is_later(told, happened["happened_start"], day):
            governing, happened = [], _happened([])
        yield Fact(
            **_drawn(told, text, mentions),
            **_sourced(told, holders.source_of(told, quote), quote),
            is_reporting=told.is_reporting or told.predicate_start in cues,
            figure_ids=tuple(f.row_id for s in told.own for f in figures.starting(s.start, s.end)),
            date_ids=tuple(d.row_id for d, _ in governing),
            **happened,
        )


def _scheduled(clause: Clause, happened: dict[str, Any], published: dt.date | None) -> Clause:
    """As in "the talks open on Friday", told on Wednesday: a present with a day to come is a plan; "not seen since Friday" is none."""
    day = happened["happened_start"] if happened["happened_end"] is not None else None
    foretells = clause.is_reporting or effects("verbs").get(clause.predicate_lemma) in _AHEAD  # expects, plans
    if foretells or clause.rule != "plain" or clause.tense != "present" or day is None or published is None or day <= published:
        return clause
    return replace(clause, status="planned", rule="scheduled")


def _is_later(clause: Clause, day: dt.date | None, published: dt.date | None) -> bool:
    """Whether a date that governs a clause cannot be that of its act: what was done is not done on a day to come."""
    return clause.status in ("occurred", "ongoing") and day is not None and published is not None and day > published


def _drawn(clause: Clause, text: str, mentions: Mentions) -> dict[str, Any]:
    """What the clause itself gives: its parts, and who they are."""
    arguments = tuple(_argument(a, mentions) for a in clause.arguments)
    subject, thing = clause.subject, clause.object
    return {
        "start": clause.start,
        "end": clause.end,
        "text": text[clause.start : clause.end],
        "rule": clause.rule,
        "subject": text[subject.start : subject.end] if subject else None,
        "subject_start": subject.start if subject else None,
        "subject_end": subject.end if subject else None,
        "subject_actor_id": _id(mentions, clause.subject_head, subject),
        "predicate": clause.predicate,
        "predicate_lemma": clause.predicate_lemma,
        "predicate_start": clause.predicate_start,
        "predicate_end": clause.predicate_end,
        "object": text[thing.start : thing.end] if thing else None,
        "object_start": thing.start if thing else None,
        "object_end": thing.end if thing else None,
        "object_actor_id": _id(mentions, clause.object_head, thing),
        "arguments": arguments,
        "polarity": clause.polarity,
        "status": clause.status,
        "hedges": clause.hedges,
        "place": _place(clause, arguments, mentions),
    }


def _argument(argument: Argument, mentions: Mentions) -> Argument:
    found = mentions.one(argument.start, argument.end)
    return changed(argument, {"actor_id": found.actor_id}) if found is not None else argument


def _id(mentions: Mentions, head: Stretch | None, whole: Stretch | None) -> str | None:
    """Whom a phrase means: the name beside its head where there is one, else its head."""
    if head is None or whole is None:
        return None
    found = (mentions.beside(head.end, whole.end) if head.end < whole.end else None) or mentions.one(head.start, head.end)
    return found.actor_id if found else None


def _sourced(clause: Clause, source: Source, quote: Quote | None) -> dict[str, Any]:
    """Whose word it is, and how firm that leaves it: hearsay is `reported`, and so is the content of an accusation `alleged`."""
    modality: Modality = clause.modality
    if modality == "asserted" and source.type in ("anonymous", "outlet"):
        modality = "reported"
    return {
        "modality": modality,
        "source_type": source.type,
        "source_text": source.text,
        "source_actor_id": source.actor_id,
        "quote_id": quote.row_id if quote else None,
    }


def _place(clause: Clause, arguments: Sequence[Argument], mentions: Mentions) -> str | None:
    """The first place that a circumstance of the clause names."""
    for argument in arguments:
        if argument.role in _AT_PLACE and _is_building(argument.text):
            return argument.text
        if _tells_where(clause.predicate_lemma, argument) and _names_place(argument.start, argument.text, mentions):
            return argument.text
    return _place_inside(clause, arguments, mentions)


def _place_inside(clause: Clause, arguments: Sequence[Argument], mentions: Mentions) -> str | None:
    """As in "there were clashes in Halden town centre": what there is tells where it is."""
    if clause.subject is not None or clause.predicate_lemma != "be":
        return None
    for argument in arguments:
        at = _WHERE.search(argument.text) if argument.role == "complement" else None
        if at is not None:
            place = argument.text[at.end() :]
            if _is_building(place) or _names_place(argument.start + at.end(), place, mentions):
                return place
    return None


def _names_place(start: int, text: str, mentions: Mentions) -> bool:
    """Whether a phrase is a place by its name, or a part of one: "Halden", "central Halden", "Halden city centre"."""
    end = start + len(text)
    found = mentions.at(start, end)
    if found is None and text.rsplit(" ", 1)[-1] in words("facts-places", "parts"):
        found = next(iter(mentions.inside(start, end)), None)
        return found is not None and found.start == start and found.type == "place" and found.mention == "name"
    return found is not None and found.type == "place" and found.mention == "name"


def _tells_where(verb: str, argument: Argument) -> bool:
    """Whether a preposition brings in where something happens: "to" and "from" only of what moves, "on" only of what one can be on."""
    if argument.role == "on":
        return any(word.lower() in words("facts-places", "surfaces") for word in _WORD.findall(argument.text))
    motion = words("facts-places", "motion")
    moves = argument.role in ("to", "from") and (verb in motion or verb.split(" ", 1)[0] in motion)  # "fly out to"
    return moves or argument.role in _AT_PLACE or argument.role in _OVER_PLACE


def _is_building(text: str) -> bool:
    """As in "Halden Royal Infirmary", "the Peace Palace in Halden": a building or ground by its name, be it taken for a body."""
    head = _WORD.findall(_BEHIND_NAME.split(text, maxsplit=1)[0])
    return len(head) > 1 and all(word[:1].isupper() for word in head[-2:]) and head[-1].lower() in words("facts-places", "buildings")


def _dates_of(clause: Clause, by_start: dict[int, Clause], dates: Placed[Date]) -> list[tuple[Date, str]]:
    """The dates that govern a clause with their prepositions: its own, or those in front of the clause that it is coordinated with."""
    found = [(d, by) for s, by in zip(clause.when, clause.when_by, strict=True) for d in dates.starting(s.start, s.end)]
    found = list(dict.fromkeys(found)) if len(found) > 1 else found  # a row's hash takes in all its columns
    above = by_start.get(clause.above) if clause.above is not None else None
    if not found and clause.relation == "conj" and above is not None:
        return [(d, by) for d, by in _dates_of(above, {}, dates) if d.end <= above.predicate_start]
    return found


def _happened(governing: Sequence[tuple[Date, str]]) -> dict[str, Any]:
    """The days that the governing dates span together; "since" leaves the end open, "until" and "by" the start."""
    starts, ends = [], []
    for date, by in governing:
        if date.timex_type == "SET":
            continue
        starts += [date.start_date] if date.start_date and by not in _OPEN_START else []
        ends += [date.end_date] if date.end_date and by not in _OPEN_END else []
    return {"happened_start": min(starts, default=None), "happened_end": max(ends, default=None)}
