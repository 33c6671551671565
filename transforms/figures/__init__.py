"""Figures in an annotated article: number, unit, bound, change, and what is counted.

A figure is found in four looks, each a file of this folder:
numbers (what is written) -> units (what it is in) -> bounds and changes (how exact, which way) -> counted (of what);
shapes puts numbers together that make one figure, names sorts out those that count nothing.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemas.figure import Figure
from transforms.annotate import Annotated
from transforms.article.home_country import home_of
from transforms.figures.bounds import bound_of
from transforms.figures.changes import move_of
from transforms.figures.counted_behind import SIZED_OR_AGED, counted_behind
from transforms.figures.draft import FigureDraft
from transforms.figures.no_figures import kept, scored_words
from transforms.figures.normalised_text import written
from transforms.figures.nouns import NOTHING, Counted, lemma, without_figure
from transforms.figures.numbers import numbers_in
from transforms.figures.quantity import Quantity
from transforms.figures.rates import per_after
from transforms.figures.series import completed, related
from transforms.figures.shapes import joined
from transforms.figures.units import quantity_of
from transforms.figures.wholes import Whole, whole_of
from transforms.flow.drafts import ref
from transforms.parse.token_tree import Span
from transforms.words.world import currency_on

_NEAR = 3  # figures before and behind one that may stand in the phrase that it counts


def figures_in(article: Annotated) -> Iterator[Figure]:
    """Yield the figures of an article in text order; overlaps with dates are settled by link.

    A sign that several countries share ("$", "Rs") takes the currency of the article's country where its address, outlet or
    dateline tell one; else "$" is the US dollar and "pound" sterling, as everywhere in English news that says nothing else.
    """
    if not len(article.parse):
        return
    text = written(article.text)
    settled = completed(text, _read(article, text))
    for at, one in enumerate(settled):
        near = [r.span for r in settled[max(0, at - _NEAR) : at + _NEAR + 1] if r is not one and r.quantity.kind != "ratio"]
        yield _figure(article.text, text, one, settled[at - 1].span if at else None, near, related(settled, at))


def _read(article: Annotated, text: str) -> list[FigureDraft]:
    """The figures of an article in text order, and what stands around each."""
    doc = article.parse
    home = home_of(article.article)
    day = article.article.published_local_date
    found = (quantity_of(text, number, home) for number in numbers_in(text))
    quantities = _without_overlap([_on_day(q, day) for q in found if q is not None])
    read: list[FigureDraft] = []
    for quantity in joined(doc, text, quantities, scored_words()):
        span = doc.char_span(quantity.start, quantity.end)
        if span is None or (real := kept(text, span, quantity)) is None:
            continue
        if real.end > quantity.end:  # a rank has taken in its superlative
            span = doc.char_span(real.start, real.end) or span
        move = move_of(span, real)
        read.append(FigureDraft(real, span, bound_of(text, span, real, move), move, counted_behind(text, span, real, move)))
    return read


def _on_day(quantity: Quantity, day: dt.date | None) -> Quantity:
    """The quantity in the money that its name stood for on the day of publication; a code means itself."""
    if quantity.currency is None or quantity.currency_origin == "code":
        return quantity
    code = currency_on(quantity.currency, day)
    return quantity if code == quantity.currency else replace(quantity, currency=code)


def _without_overlap(quantities: Sequence[Quantity]) -> list[Quantity]:
    """The quantities without those that lie inside the one before ("5 feet 10 inches" has taken its inches in)."""
    kept_: list[Quantity] = []
    for quantity in quantities:
        if not kept_ or quantity.start >= kept_[-1].end:
            kept_.append(quantity)
    return kept_


def _figure(given: str, text: str, one: FigureDraft, before: Span | None, near: Sequence[Span], sister: Quantity | None) -> Figure:
    quantity, move, counted = one.quantity, one.move, _said_counted(one)
    phrase = counted.phrase
    if phrase is not None and counted.head is not None and quantity.kind in {*SIZED_OR_AGED, "score"}:
        phrase = without_figure(phrase, counted.head, near)
    words, head = (phrase.text, lemma(counted.head)) if phrase is not None and counted.head is not None else _hung_on(text, one, counted)
    whole = _whole(one, counted, before, near)
    return Figure(
        start=quantity.start,
        end=quantity.end,
        text=given[quantity.start : quantity.end],
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
        bound=one.bound,
        # The number of an end or a start is a level: it says nothing of a direction by itself.
        change=move.change if move is not None and move.role == "by" else None,
        change_role=move.role if move is not None else None,
        related_figure_id=ref(sister.start, sister.end) if sister is not None else None,
        counted=words,
        counted_head=head,
        counted_rule=counted.rule if words else None,
        qualifier=counted.qualifier,
        base=whole.phrase.text if whole is not None else None,
        base_rule=whole.rule if whole is not None else None,
        per=_per(text, one, phrase),
    )


def _said_counted(one: FigureDraft) -> Counted:
    """What the figure counts, where words say it: of "it fell 3%" a pronoun says nothing, the clause's subject is in actor_id."""
    head = one.counted.head
    pronoun = head is not None and head.tag_ in ("PRP", "DT", "WDT", "IN") and head.i < one.span.start
    return NOTHING if pronoun and one.quantity.kind != "age" else one.counted


def _per(text: str, one: FigureDraft, phrase: Span | None) -> str | None:
    """What each has so much of, said behind the figure or behind what it counts."""
    quantity = one.quantity
    if text.endswith("per ", 0, quantity.start):
        return None
    behind = phrase is not None and (quantity.kind != "percent" or phrase.start >= one.span.end)  # "sales per head rose 8%"
    return per_after(text, (quantity.end, phrase.end_char) if phrase is not None and behind else (quantity.end,))


def _whole(one: FigureDraft, counted: Counted, before: Span | None, near: Sequence[Span]) -> Whole | None:
    """What the figure is of, without another figure's words."""
    whole = whole_of(one.span, one.quantity, counted)
    if whole is not None and before is not None and before.start <= whole.phrase.end - 1 < before.end:
        return None  # the unit of the figure before: "830bn rupees ($19bn)"
    if whole is None or one.quantity.kind in ("percent", "ratio"):
        return whole
    return replace(whole, phrase=without_figure(whole.phrase, whole.phrase.root, near))


def _hung_on(text: str, one: FigureDraft, counted: Counted) -> tuple[str | None, str | None]:
    """The word that a hyphen hangs on the digits within one token, "12-page"."""
    if counted.phrase is None:
        return None, None
    token = one.span[-1]
    word = text[one.quantity.end + 1 : token.idx + len(token.text)]
    return (word, word.lower()) if word.isalpha() else (None, None)
