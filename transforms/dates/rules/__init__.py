"""The rules by which dates are read, in the order in which they are preferred where two read the same words."""

from typing import Final

from transforms.dates.pattern import Rule
from transforms.dates.rules import at_large, durations, explicit, fiscal, named_days, parts, relative, seasons, sets, times, weekdays

RULES: Final[tuple[Rule, ...]] = (
    *explicit.RULES, *named_days.RULES, *times.RULES, *parts.RULES, *weekdays.RULES, *fiscal.RULES, *seasons.RULES, *sets.RULES,
    *relative.RULES, *at_large.RULES, *durations.RULES,
)  # fmt: skip
