"""Figures in an annotated article: number, unit, bound, change, and what is counted.

A figure is found in four looks, each a file of this folder:
numbers (what is written) -> units (what it is in) -> modifiers (how exact, which way) -> counted (of what);
shapes puts numbers together that make one figure, names sorts out those that count nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Span

from schemas.figure import Figure
from transforms.annotate import Annotated
from transforms.figures.counted import NOTHING, Counted, counted_by, per_after
from transforms.figures.home import home_of
from transforms.figures.modifiers import Move, bound_of, move_of
from transforms.figures.names import kept, scored_words
from transforms.figures.numbers import numbers_in
from transforms.figures.quantity import Quantity
from transforms.figures.shapes import joined
from transforms.figures.units import quantity_of
from transforms.found import ref


@dataclass(frozen=True, slots=True)
class _Read:
    """One figure as read, with its place in the Doc."""

    quantity: Quantity
    span: Span
    move: Move | None
    counted: Counted


def figures_in(article: Annotated) -> Iterator[Figure]:
    """Yield the figures of an article in text order; overlaps with dates are settled by link.

    A sign that several countries share ("$", "Rs") takes the currency of the article's country where its address, outlet or
    dateline tell one; else "$" is the US dollar and "pound" sterling, as everywhere in English news that says nothing else.
    """
    text, doc = article.text, article.doc
    if not len(doc):
        return
    home = home_of(article.article)
    quantities = _without_overlap([q for number in numbers_in(text) if (q := quantity_of(text, number, home)) is not None])
    read: list[_Read] = []
    for quantity in joined(text, quantities, scored_words()):
        span = doc.char_span(quantity.start, quantity.end, alignment_mode="expand")
        if span is None or not len(span) or (real := kept(text, span, quantity)) is None:
            continue
        move = move_of(span, real)
        read.append(_Read(real, span, move, counted_by(text, span, real, move)))
    for at, one in enumerate(read):
        yield _figure(text, one, _carried(read, at), _related(read, at))


def _without_overlap(quantities: Sequence[Quantity]) -> list[Quantity]:
    """The quantities without those that lie inside the one before ("5 feet 10 inches" has taken its inches in)."""
    kept_: list[Quantity] = []
    for quantity in quantities:
        if not kept_ or quantity.start >= kept_[-1].end:
            kept_.append(quantity)
    return kept_


def _carried(read: Sequence[_Read], at: int) -> Counted:
    """What is counted, taken over from the figure before in an elliptical series: "19% of the market ... rivals at 15%"."""
    one = read[at]
    if one.counted.phrase is not None or at == 0:
        return one.counted
    before = read[at - 1]
    same = before.quantity.kind == one.quantity.kind and before.quantity.kind in ("percent", "count", "measure", "money")
    together = one.span.sent.start == before.span.sent.start and one.span.start - before.span.end < _SERIES
    listed = one.span.root.dep_ in ("conj", "appos") and before.span.start <= one.span.root.head.i < before.span.end
    if same and together and (listed or one.quantity.kind == "percent"):
        return _carried(read, at - 1)
    return NOTHING


_SERIES = 12  # tokens between two figures of one series


def _related(read: Sequence[_Read], at: int) -> Quantity | None:
    """The other figure of the same change: of an end or a start its amount, of an amount its end."""
    move = read[at].move
    if move is None:
        return None
    near = [r for r in read[max(0, at - 3) : at + 4] if r is not read[at] and r.move is not None]
    same = [r for r in near if r.move is not None and r.move.word.i == move.word.i and r.move.role != move.role]
    if not same and move.role in ("from", "to"):
        same = [r for r in near if r.span.end <= read[at].span.start and r.span.sent.start == read[at].span.sent.start][-1:]
    wanted = ("to", "from") if move.role == "by" else ("by", "to", "from")
    ordered = sorted(same, key=lambda r: wanted.index(r.move.role) if r.move and r.move.role in wanted else len(wanted))
    return ordered[0].quantity if ordered else None


def _figure(text: str, one: _Read, counted: Counted, related: Quantity | None) -> Figure:
    quantity, move = one.quantity, one.move
    phrase = counted.phrase
    words, head = (phrase.text, counted.head.lemma_) if phrase is not None and counted.head is not None else _hung_on(text, one, counted)
    ends = (quantity.end,) if phrase is None else (quantity.end, phrase.end_char)
    return Figure(
        start=quantity.start,
        end=quantity.end,
        text=text[quantity.start : quantity.end],
        rule=quantity.rule,
        kind=quantity.kind,
        value=quantity.value,
        low=quantity.low,
        high=quantity.high,
        unit=quantity.unit,
        unit_normalised=quantity.unit_normalised,
        value_normalised=quantity.base_value,
        currency=quantity.currency,
        currency_origin=quantity.currency_origin,
        bound=bound_of(text, quantity),
        # The number of an end or a start is a level: it says nothing of a direction by itself.
        change=move.change if move is not None and move.role == "by" else None,
        change_role=move.role if move is not None else None,
        related_figure_id=ref(related.start, related.end) if related is not None else None,
        counted=words,
        counted_head=head,
        qualifier=counted.qualifier,
        base=counted.base.text if counted.base is not None else None,
        per=per_after(text, ends),
    )


def _hung_on(text: str, one: _Read, counted: Counted) -> tuple[str | None, str | None]:
    """The word that a hyphen hangs on the digits within one token, "12-page"."""
    if counted.phrase is None:
        return None, None
    token = one.span[-1]
    word = text[one.quantity.end + 1 : token.idx + len(token.text)]
    return (word, word.lower()) if word.isalpha() else (None, None)


