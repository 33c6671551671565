"""Figures tied to what the sentence gives them: the date that holds, whose figure it is, the quote in which it stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from schemas.column import changed
from schemas.fact import Fact
from schemas.fact_row import FactRow
from schemas.figure import Figure
from schemas.quote import Quote
from transforms.article.mentions import Mentions
from transforms.article.placed import Placed
from transforms.flow.rows import Rows
from transforms.link.figure_dates import Dating
from transforms.link.figure_owners import owner_of
from transforms.link.figure_possessors import SIDES, beside_name, of_a_side, possessor_of
from transforms.link.figure_subjects import Taken, told_of
from transforms.link.unowned_figures import is_nobodys
from transforms.parse.clause import Clause

Row = TypeVar("Row", bound=FactRow)


def figures_tied(rows: Rows, clauses: Iterable[Clause]) -> tuple[Figure, ...]:
    """The figures with date_id, actor_id and quote_id, read off the innermost fact that lists them."""
    tying = _Tying.of(rows, clauses)
    return tuple(changed(figure, tying.columns(figure)) for figure in rows.figures)


@dataclass(frozen=True, slots=True)
class _Tying:
    """All that the figures of one article are tied by."""

    text: str
    holders: Mapping[str, Fact]  # by a figure's row_id the innermost fact that lists it
    in_sentence: Mapping[int, list[Fact]]
    clauses: Mapping[int, Clause]  # by where their predicates start
    dating: Dating
    mentions: Mentions
    types: Mapping[str, str]  # of the actors
    spoken: Placed[Quote]
    taken: Taken

    @classmethod
    def of(cls, rows: Rows, clauses: Iterable[Clause]) -> "_Tying":
        text = rows.article.text or ""
        in_sentence, timely = _by_sentence(rows.facts), (d for d in rows.dates if d.timex_type in ("DATE", "TIME"))
        by_predicate = {c.predicate_start: c for c in clauses}
        return cls(
            text=text,
            holders=_innermost(rows.facts),
            in_sentence=in_sentence,
            clauses=by_predicate,
            dating=Dating(text, {d.row_id: d for d in rows.dates}, _by_sentence(timely), in_sentence, by_predicate),
            mentions=Mentions(rows.actors, text),
            types={a.actor_id: a.type for a in rows.actors},
            spoken=Placed(q for q in rows.quotes if q.kind != "scare"),
            taken=Taken((r.start, r.end) for r in (*(f for f in rows.figures if f.kind != "age"), *rows.dates)),
        )

    def columns(self, figure: Figure) -> dict[str, str | None]:
        """What link knows of a figure: ids of its date, owner and quote, and where nobody owns it what it is told of."""
        holder = self.holders.get(figure.row_id)
        date, quote = self.dating.date_of(figure, holder), _around(figure, self.spoken)
        owner, told = self._owned(figure, holder)
        ids = {"date_id": date.row_id if date else None, "actor_id": owner, "quote_id": quote.row_id if quote else None}
        return ids | ({"base": told, "base_rule": "told-of"} if told is not None else {})

    def _owned(self, figure: Figure, holder: Fact | None) -> tuple[str | None, str | None]:
        """Whose a figure is, and what it is told of where that is nobody."""
        if (named := beside_name(figure, self.mentions, self.text)) is not None:
            return named, None
        possessor = possessor_of(figure, self.mentions, self.text)
        if possessor is not None and (possessor.actor_id is not None or not possessor.may_be):
            return possessor.actor_id, None
        if holder is None or is_nobodys(figure, holder, self.text, self.dating.in_sentence.get(figure.sentence, ())):
            return None, None
        owner = owner_of(figure, holder, self.clauses.get(holder.predicate_start), self.mentions, self.text)
        if owner is not None:
            may_be = possessor.may_be if possessor is not None else SIDES if of_a_side(figure, self.text) else None
            return (owner if may_be is None or self.types[owner] in may_be else None), None
        return None, told_of(figure, holder, self.in_sentence[holder.sentence], self.text, self.taken) if figure.base is None else None


def _innermost(facts: Sequence[Fact]) -> dict[str, Fact]:
    """The shortest fact that lists each figure, the first of equals."""
    found: dict[str, Fact] = {}
    for fact in facts:
        for figure_id in fact.figure_ids:
            known = found.get(figure_id)
            if known is None or fact.end - fact.start < known.end - known.start:
                found[figure_id] = fact
    return found


def _by_sentence(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.sentence].append(row)
    return found


def _around(figure: Figure, quotes: Placed[Quote]) -> Quote | None:
    """The innermost quote in whose words a figure stands: what is told between its pieces is nobody's words."""
    near = quotes.over(figure.start, figure.end)
    around = [q for q in near if any(piece.start <= figure.start and figure.end <= piece.end for piece in q.content)]
    return min(around, key=lambda q: q.end - q.start) if around else None
