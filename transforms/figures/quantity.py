"""A number with what it is in, before it is known what it counts."""

from dataclasses import dataclass, replace
from typing import Literal, Self

from schemas.figure import FigureKind
from transforms.figures.number import Number, product

CurrencyOrigin = Literal["code", "symbol", "name", "country"]


SIZED = ("money", "percent", "percentage_point", "measure")  # kinds whose number says how large a thing is, not how many there are


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `value` is null for a range (see low and high) and for a score."""

    start: int
    end: int
    number: Number
    kind: FigureKind
    rule: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    unit_normalised: str | None = None
    factor: float | None = None  # to the base unit of the dimension, or the main unit of the currency
    offset: float = 0.0  # added after the factor (temperatures)
    currency: str | None = None
    currency_origin: CurrencyOrigin | None = None

    @classmethod
    def of(cls, number: Number, kind: FigureKind, rule: str, *, end: int | None = None) -> Self:
        """A number as a quantity of a kind: its value, or the two ends of a vague one. `end` is where its unit ends."""
        made = cls(number.start, number.end if end is None else end, number, kind, rule)
        return replace(made, value=number.value) if number.high is None else replace(made, low=number.value, high=number.high)

    @property
    def base_value(self) -> float | None:
        """The value, or the lower end, in the base unit."""
        known = self.value if self.value is not None else self.low
        return product(known, self.factor, self.offset) if known is not None and self.factor is not None else None

    @property
    def bare(self) -> bool:
        """Nothing but a number was read: what it counts is still open."""
        return self.kind == "count"
