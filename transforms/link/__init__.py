"""Link: the drafts of one article become rows: overlaps settled, ids given, rows tied together, what is left over counted.

The order is: overlaps -> identify -> quotes to actors -> clauses to facts -> figures to dates, actors and quotes -> article.
Each step only reads what the steps before it made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from schemas.actor import Actor
from schemas.article import Article
from schemas.column import changed
from schemas.fact_row import FactRow
from schemas.ids import actor_id, row_ids
from transforms.annotate import Annotated
from transforms.article.positions import Layout
from transforms.facts import facts_from
from transforms.flow.drafts import Drafts, ref
from transforms.flow.rows import Rows
from transforms.link.figures import figures_tied
from transforms.link.overlaps import figures_beside
from transforms.link.shared_currencies import coined
from transforms.link.speaker_actors import spoken_by
from transforms.link.unclaimed import unclaimed_in

Row = TypeVar("Row", bound=FactRow)


@dataclass(frozen=True, slots=True)
class Head:
    """What link needs of an article beside the drafts: its row, where its sentences and paragraphs start, and its single quotation marks."""

    article: Article
    layout: Layout
    single_marks: tuple[int, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """As a call with its values: of a frozen object that is there already, compiled rules can set nothing."""
        return Head, (self.article, self.layout, self.single_marks)


def head_of(annotated: Annotated) -> Head:
    """The head of an annotated article, small enough to be sent on without the Doc."""
    return Head(annotated.article, annotated.layout, annotated.marks.singles(annotated.text))


def linked(head: Head, drafts: Drafts) -> Rows:
    """The finished rows of one article but for run_id, which the writing step knows."""
    identify = _Identifier(head)
    dates = identify.rows(drafts.dates, pointer="anchor_row_id")
    actors = identify.actors(drafts.actors)
    figures = identify.rows(figures_beside(drafts.figures, drafts.dates), pointer="related_figure_id")
    figures = coined(figures, actors, head.article.published_local_date)
    quotes = spoken_by(identify.rows(drafts.quotes), actors)
    rows = Rows(head.article, actors, figures, dates, quotes)
    facts = identify.rows(tuple(facts_from(drafts.clauses, rows)))
    rows = replace(rows, facts=facts)
    rows = replace(rows, figures=figures_tied(rows, drafts.clauses))
    return replace(rows, article=_counted(rows, head.single_marks))


class _Identifier:
    """Gives the drafts of one article what all fact rows share: ids, and where they stand."""

    def __init__(self, head: Head) -> None:
        self._article = head.article
        self._layout = head.layout
        art = head.article
        self._same = {"article_id": art.article_id, "version": art.version, "published_at": art.published_at, "outlet": art.outlet}

    def rows(
        self, drafts: Sequence[Row], *, pointer: str | None = None, names: Mapping[str, Mapping[str, str]] | None = None
    ) -> tuple[Row, ...]:
        """The drafts in text order with identity and place.

        `pointer` names the column that holds a ref to a sister row; `names` gives for a column what each value becomes.
        """
        ordered = sorted(drafts, key=lambda d: (d.start, d.end, d.rule))
        ids = self._ids(ordered)
        at = {ref(d.start, d.end): i for d, i in zip(ordered, ids, strict=True)} if pointer else {}
        made = []
        for draft, identity in zip(ordered, ids, strict=True):
            columns = self._shared(draft, identity)
            if pointer:
                columns[pointer] = at.get(getattr(draft, pointer) or "")
            for name, becomes in (names or {}).items():
                columns[name] = becomes[getattr(draft, name)]
            made.append(changed(draft, columns))
        return tuple(made)

    def actors(self, drafts: Sequence[Actor]) -> tuple[Actor, ...]:
        """Actors as `rows` does, their clusters named after their first mention."""
        first: dict[str, Actor] = {}
        for draft in sorted(drafts, key=lambda d: (d.start, d.end)):
            first.setdefault(draft.actor_id, draft)
        art = self._article
        names = {c: actor_id(art.article_id, art.text_sha256, f.start, f.end) for c, f in first.items()}
        return self.rows(drafts, names={"actor_id": names})

    def _ids(self, ordered: Sequence[FactRow]) -> list[str]:
        if not ordered:
            return []
        identity = row_ids(ordered[0].TABLE, self._article.article_id, self._article.text_sha256)  # drafts are ordered a table at a time
        seen: dict[tuple[int, int], int] = {}
        ids = []
        for d in ordered:
            span = d.start, d.end
            number = seen[span] = seen.get(span, -1) + 1
            ids.append(identity(*span, number))
        return ids

    def _shared(self, draft: FactRow, identity: str) -> dict[str, Any]:
        layout = self._layout
        return {
            **self._same,
            "row_id": identity,
            "section": layout.section(draft.start),
            "paragraph": layout.paragraph(draft.start),
            "sentence": layout.sentence(draft.start),
        }


def _counted(rows: Rows, single_marks: Sequence[int]) -> Article:
    """The article with the number of its rows and what none of them covers."""
    covered = [(r.start, r.end) for table in (rows.figures, rows.dates, rows.actors) for r in table]
    quoted = [(q.start, q.end) for q in rows.quotes]
    return replace(
        rows.article,
        actor_count=len(rows.actors),
        figure_count=len(rows.figures),
        date_count=len(rows.dates),
        quote_count=len(rows.quotes),
        fact_count=len(rows.facts),
        unclaimed=tuple(unclaimed_in(rows.article.text or "", covered, quoted, single_marks)),
    )
