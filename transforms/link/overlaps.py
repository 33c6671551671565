"""Overlaps settled: which of two rows that claim the same characters stays, by the precedence table in the lexicons."""

from collections.abc import Sequence

from schemas.column import changed
from schemas.date import Date
from schemas.fact_row import FactRow
from schemas.figure import Figure
from transforms.article.placed import Placed
from transforms.words.lexicon import lexicon

_NEAR = 300  # characters between a figure and what it counts


def figures_beside(figures: Sequence[Figure], dates: Sequence[Date]) -> list[Figure]:
    """The figures that no date outranks: "25 May" leaves no 25, while "three years" stays both a figure and a DURATION."""
    rank: dict[str, dict[str, str]] = lexicon("precedence")["figures_under_dates"]
    placed_dates, rows = Placed(dates), Placed([*figures, *dates])
    kept = []
    for figure in figures:
        rivals = placed_dates.over(figure.start, figure.end)
        if not any(rank.get(d.timex_type, {}).get(figure.kind) == "drop" for d in rivals):
            kept.append(_without_rows(figure, rows))
    return kept


def _without_rows(figure: Figure, rows: Placed[FactRow]) -> Figure:
    """The figure without a counted noun that is a date or another figure near it: neither is ever counted."""
    taken = [r.text for r in rows.starting(figure.start - _NEAR + 1, figure.start + _NEAR) if r is not figure]
    none = {"counted": None, "counted_head": None, "counted_rule": None, "qualifier": None}
    left = changed(figure, none) if figure.counted in taken else figure
    return changed(left, {"base": None, "base_rule": None}) if left.base in taken else left
