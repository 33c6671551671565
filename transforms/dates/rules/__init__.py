"""The rules by which dates are read, in the order in which they are preferred where two read the same words."""

from typing import Final

from transforms.dates.pattern import Rule
from transforms.dates.rules import (
    durations,
    explicit,
    fiscal,
    named_days,
    parts_of_times,
    relative,
    seasons,
    sets,
    times,
    vague_times,
    weekdays,
)

RULES: Final[tuple[Rule, ...]] = (
    *explicit.RULES, *named_days.RULES, *times.RULES, *parts_of_times.RULES, *weekdays.RULES, *fiscal.RULES, *seasons.RULES, *sets.RULES,
    *relative.RULES, *vague_times.RULES, *durations.RULES,
)  # fmt: skip
