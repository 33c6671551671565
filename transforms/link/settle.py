"""Overlaps settled: which of two rows that claim the same characters stays, by the precedence table in the lexicons."""

from collections.abc import Sequence

from schemas.date import Date
from schemas.figure import Figure
from transforms.lexicon import lexicon


def figures_beside(figures: Sequence[Figure], dates: Sequence[Date]) -> list[Figure]:
    """The figures that no date outranks: "25 May" leaves no 25, while "three years" stays both a figure and a DURATION."""
    rank: dict[str, dict[str, str]] = lexicon("precedence")["figures_under_dates"]
    kept = []
    for figure in figures:
        rivals = [d for d in dates if d.start < figure.end and figure.start < d.end]
        if not any(rank.get(d.timex_type, {}).get(figure.kind) == "drop" for d in rivals):
            kept.append(figure)
    return kept
