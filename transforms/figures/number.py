"""A number as it is written, before it is known what it is a number of."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

# digits: 4,500; words: forty-five; fraction: two-thirds; multiple: twice; ordinal: 35th; vague: hundreds of thousands
Form = Literal["digits", "words", "fraction", "multiple", "ordinal", "vague"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `start` to `end` of the text. A vague one has no single value: it lies between `value` and `high`."""

    start: int
    end: int
    value: float
    form: Form
    high: float | None = None
    scale: float = 1.0  # of the scale word that was read: 1e6 for "4 million"

    def times(self, size: float, *, end: int) -> "Number":
        """The number with a scale word that ends at `end`."""
        return replace(self, end=end, value=product(self.value, size), scale=size)

    @property
    def scaled(self) -> bool:
        """A scale word was read."""
        return self.scale != 1.0


def product(value: float, size: float, plus: float = 0.0) -> float:
    """`value` times `size`, and something added, as on paper: 16.6 * 1e9 is 16600000000.000002 in floats, here it is 16600000000."""
    return float(Decimal(repr(value)) * Decimal(repr(size)) + Decimal(repr(plus)))
