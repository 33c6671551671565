"""SQL that tells whether a date is only what something is compared with: "more than in 2003", "up 5% from a year ago"."""

import re
from typing import Final

from schemas.sql import sql_text
from transforms.words.lexicon import lexicon, words

_BETWEEN: Final = r"(?:in|on|at|during|for|the|a|an|this|that|what it was|it was|those of)"
_NEAR: Final = 60  # characters before the date


def macro() -> str:
    """The macro `is_compared(before, changed)`: what stands before the date, and whether its clause has the amount of a change.

    "From" leads to what a change is compared with only where there is a change: else it is a beginning ("closed from Monday").
    """
    always = _any(words("figures-dated", "compared", "words"))
    change = lexicon("figures-change")
    signs = {word for kind in ("nouns", "particles", "comparatives") for way in change[kind].values() for word in way}
    led = rf"(?i)\b(?:{always})(?:\s+{_BETWEEN})*\s*$"
    origin = rf"(?i)\bfrom(?:\s+{_BETWEEN})*\s*$"
    moved = rf"(?i)\b(?:{_any(signs)})(?:s|es)?\b.*\bfrom(?:\s+{_BETWEEN})*\s*$"
    return f"""
CREATE MACRO main.is_compared(before, changed) AS
    regexp_matches(right(before, {_NEAR}), {sql_text(led)})
    OR (changed AND regexp_matches(right(before, {_NEAR}), {sql_text(origin)}))
    OR regexp_matches(right(before, {_NEAR}), {sql_text(moved)});
"""


def _any(found: frozenset[str] | set[str]) -> str:
    return "|".join(r"\s+".join(re.escape(part) for part in each.split()) for each in sorted(found) if each.strip("+-"))
