"""The smaller coin behind a sum in the larger one: "thirteen dollars and forty-five cents", "15 dollars 50", "thirteen dollars forty five"."""

import functools
import re
from dataclasses import replace

from transforms.figures.measures import any_of
from transforms.figures.number import Number
from transforms.words.lexicon import lexicon

_PARTS = 100


@functools.cache
def _coins() -> re.Pattern[str]:
    """The coins with their name, or two digits or their words that end the clause: what else follows a sum is a number of its own."""
    cardinals = lexicon("figures-numbers")["cardinals"]
    ones = any_of(w for w, value in cardinals.items() if 0 < value < _PARTS)
    tens = any_of(w for w, value in cardinals.items() if 20 <= value < _PARTS and value % 10 == 0)
    names = any_of(n for n in lexicon("figures-currencies")["parts"] if len(n) > 1)
    amount = rf"(?P<digits>\d{{1,2}})|(?:(?P<tens>{tens})[ -])?(?P<ones>{ones})"
    return re.compile(
        rf"(?:,|[ ]and)?[ ](?:{amount})[ ](?:{names})s?\b|[ ](?:(?P<bare>\d{{2}})|(?P<bare_tens>{tens})[ -](?P<bare_ones>{ones}))(?=[ ]?(?:[,;!?)]|\.(?!\d)|\Z))",
        re.IGNORECASE,
    )


def with_coins(text: str, number: Number, end: int) -> tuple[Number, int] | None:
    """The sum with the coins that stand behind its currency's name, which ends at `end`, and where they end; None without coins."""
    if number.form not in ("digits", "words") or number.scaled or not number.value.is_integer():
        return None
    found = _coins().match(text, end)
    if found is None:
        return None
    cardinals: dict[str, float] = lexicon("figures-numbers")["cardinals"]
    if written := found["digits"] or found["bare"]:
        coins = float(written)
    else:
        tens, ones = found["tens"] or found["bare_tens"], found["ones"] or found["bare_ones"]
        coins = cardinals[ones.lower()] + (cardinals[tens.lower()] if tens else 0)
    return replace(number, value=round(number.value + coins / _PARTS, 2)), found.end()
