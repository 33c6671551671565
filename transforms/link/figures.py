"""Figures tied to what the sentence gives them: the date that holds, whose figure it is, the quote in which it stands."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from schemas.column import changed
from schemas.date import Date
from schemas.fact import Fact
from schemas.figure import Figure
from schemas.quote import Quote
from transforms.article.mentions import Mentions
from transforms.flow.rows import Rows
from transforms.link.figure_dates import Dating
from transforms.link.figure_owners import owner_of
from transforms.link.figure_subjects import Taken, told_of
from transforms.link.unowned_figures import is_nobodys
from transforms.parse.clause import Clause


def figures_tied(rows: Rows, clauses: Iterable[Clause]) -> tuple[Figure, ...]:
    """The figures with date_id, actor_id and quote_id, read off the innermost fact that lists them."""
    holders: dict[str, Fact] = {}
    by_sentence: dict[int, list[Fact]] = defaultdict(list)
    for fact in rows.facts:
        by_sentence[fact.sentence].append(fact)
        for figure_id in fact.figure_ids:
            known = holders.get(figure_id)
            if known is None or fact.end - fact.start < known.end - known.start:
                holders[figure_id] = fact
    text = rows.article.text or ""
    taken = Taken((r.start, r.end) for r in (*(f for f in rows.figures if f.kind != "age"), *rows.dates))
    mentions, spoken = Mentions(rows.actors, text), [q for q in rows.quotes if q.kind != "scare"]
    by_predicate = {c.predicate_start: c for c in clauses}
    dating = Dating(text, {d.row_id: d for d in rows.dates}, _by_sentence(rows.dates), by_sentence, by_predicate)
    tied = []
    for figure in rows.figures:
        holder = holders.get(figure.row_id)
        date = dating.date_of(figure, holder)
        quote = _around(figure, spoken)
        owner, told = None, None
        if holder is not None and not is_nobodys(figure, holder, text, dating.in_sentence.get(figure.sentence, ())):
            owner = owner_of(figure, holder, by_predicate.get(holder.predicate_start), mentions, text)
            if figure.base is None and owner is None:
                told = told_of(figure, holder, by_sentence[holder.sentence], text, taken)
        tied.append(
            changed(
                figure,
                {
                    "date_id": date.row_id if date else None,
                    "actor_id": owner,
                    "quote_id": quote.row_id if quote else None,
                }
                | ({"base": told, "base_rule": "told-of"} if told is not None else {}),
            )
        )
    return tuple(tied)


def _by_sentence(dates: Sequence[Date]) -> dict[int, list[Date]]:
    found: dict[int, list[Date]] = defaultdict(list)
    for date in dates:
        if date.timex_type in ("DATE", "TIME"):
            found[date.sentence].append(date)
    return found


def _around(figure: Figure, quotes: Sequence[Quote]) -> Quote | None:
    """The innermost quote in which a figure stands."""
    around = [q for q in quotes if q.start <= figure.start and figure.end <= q.end]
    return min(around, key=lambda q: q.end - q.start) if around else None
