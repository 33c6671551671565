"""Overlaps settled: which of two rows that claim the same characters stays, by the precedence table in the lexicons."""

from collections.abc import Sequence

from schemas.column import changed
from schemas.date import Date
from schemas.figure import Figure
from transforms.words.lexicon import lexicon

_NEAR = 300  # characters between a figure and what it counts


def figures_beside(figures: Sequence[Figure], dates: Sequence[Date]) -> list[Figure]:
    """The figures that no date outranks: "25 May" leaves no 25, while "three years" stays both a figure and a DURATION."""
    rank: dict[str, dict[str, str]] = lexicon("precedence")["figures_under_dates"]
    kept = []
    for figure in figures:
        rivals = [d for d in dates if d.start < figure.end and figure.start < d.end]
        if not any(rank.get(d.timex_type, {}).get(figure.kind) == "drop" for d in rivals):
            kept.append(_without_rows(figure, figures, dates))
    return kept


def _without_rows(figure: Figure, figures: Sequence[Figure], dates: Sequence[Date]) -> Figure:
    """The figure without a counted noun that is a date or another figure near it: neither is ever counted."""
    taken = [r.text for r in (*figures, *dates) if r is not figure and abs(r.start - figure.start) < _NEAR]
    none = {"counted": None, "counted_head": None, "counted_rule": None, "qualifier": None}
    left = changed(figure, none) if figure.counted in taken else figure
    return changed(left, {"base": None, "base_rule": None}) if left.base in taken else left
