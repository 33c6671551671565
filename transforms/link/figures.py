"""Figures tied to what the sentence gives them: the date that holds, whose figure it is, the quote in which it stands."""

from dataclasses import replace

from schemas.fact import Fact
from schemas.figure import Figure
from transforms.link.rows import Rows


def figures_tied(rows: Rows) -> tuple[Figure, ...]:
    """The figures with date_id, actor_id and quote_id, read off the innermost fact that lists them."""
    holder: dict[str, Fact] = {}
    for fact in rows.facts:
        for figure_id in fact.figure_ids:
            known = holder.get(figure_id)
            if known is None or fact.end - fact.start < known.end - known.start:
                holder[figure_id] = fact
    return tuple(_tied(f, holder.get(f.row_id), rows) for f in rows.figures)


def _tied(figure: Figure, fact: Fact | None, rows: Rows) -> Figure:
    quote = next((q for q in rows.quotes if q.kind != "scare" and q.start <= figure.start and figure.end <= q.end), None)
    return replace(
        figure,
        date_id=fact.date_ids[0] if fact and fact.date_ids else None,
        actor_id=fact.subject_actor_id if fact else None,
        quote_id=quote.row_id if quote else None,
    )
