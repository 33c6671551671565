"""Figures tied to what the sentence gives them: the date that holds, whose figure it is, the quote in which it stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from schemas.column import changed
from schemas.date import Date
from schemas.fact import Fact
from schemas.figure import Figure
from schemas.quote import Quote
from transforms.link.rows import Rows
from transforms.link.told_of import subject_part, told_of
from transforms.pointing import Mentions


def figures_tied(rows: Rows) -> tuple[Figure, ...]:
    """The figures with date_id, actor_id and quote_id, read off the innermost fact that lists them."""
    holders: dict[str, Fact] = {}
    by_sentence: dict[int, list[Fact]] = defaultdict(list)
    for fact in rows.facts:
        by_sentence[fact.sentence].append(fact)
        for figure_id in fact.figure_ids:
            known = holders.get(figure_id)
            if known is None or fact.end - fact.start < known.end - known.start:
                holders[figure_id] = fact
    dates = {d.row_id: d for d in rows.dates}
    text, taken = rows.article.text or "", sorted((r.start, r.end) for r in (*(f for f in rows.figures if f.kind != "age"), *rows.dates))
    mentions, spoken = Mentions(rows.actors, text), [q for q in rows.quotes if q.kind != "scare"]
    tied = []
    for figure in rows.figures:
        holder = holders.get(figure.row_id)
        date = _date_of(figure, holder, by_sentence[holder.sentence], dates) if holder else None
        quote = _around(figure, spoken)
        owner = _owner(figure, holder, mentions) if holder else None
        whole = figure.base
        if whole is None and owner is None and holder is not None:
            whole = told_of(figure, holder, by_sentence[holder.sentence], text, taken)
        tied.append(
            changed(
                figure,
                {
                    "date_id": date.row_id if date else None,
                    "actor_id": owner,
                    "quote_id": quote.row_id if quote else None,
                    "base": whole,
                },
            )
        )
    return tuple(tied)


def _date_of(figure: Figure, fact: Fact, beside: Sequence[Fact], dates: Mapping[str, Date]) -> Date | None:
    """The governing date nearest to the figure: the clause's own, else that of a clause of the same subject before it.

    "In February, she agreed to deploy 10,000 troops": February dates the agreement, and with it the figure.
    """
    same = [f for f in beside if f.subject_start is not None and f.subject_start == fact.subject_start and f.predicate_start < figure.start]
    for holders in ([fact], sorted(same, key=lambda f: -f.predicate_start)):
        for holder in holders:
            found = [dates[i] for i in holder.date_ids if dates[i].timex_type in ("DATE", "TIME")]
            if found:
                return min(found, key=lambda d: (max(d.start - figure.end, figure.start - d.end), d.start))
    return None


def _owner(figure: Figure, fact: Fact, mentions: Mentions) -> str | None:
    """Whose figure it is: the subject of its clause, or whoever a subject that is no actor belongs to ("Norvia's exports").

    Those who are counted own nothing ("300 residents fled"), nor does a place that only modifies ("the US deficit"); what is
    valued by somebody is not the valuer's.
    """
    part = subject_part(figure, fact)
    if part is None:
        return None
    start, end = part.start, part.end
    named = mentions.at(start, end)
    if named is not None and start <= named.start:
        return named.actor_id if named.end <= figure.start or figure.end <= named.start else None
    owners = [a for a in mentions.inside(start, end) if a.type in ("person", "organisation")]
    return owners[0].actor_id if owners else None


def _around(figure: Figure, quotes: Sequence[Quote]) -> Quote | None:
    """The innermost quote in which a figure stands."""
    around = [q for q in quotes if q.start <= figure.start and figure.end <= q.end]
    return min(around, key=lambda q: q.end - q.start) if around else None
