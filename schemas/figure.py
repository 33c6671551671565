"""Figures: one row a quantity that the article states."""

from typing import Literal

from schemas.column import column, table
from schemas.fact_row import FactRow

FigureKind = Literal["count", "money", "percent", "percentage_point", "measure", "ratio", "rank", "age", "score", "duration"]
Bound = Literal["exact", "about", "at_least", "at_most", "more_than", "less_than", "range"]
Change = Literal["up", "down"]
ChangeRole = Literal["by", "to", "from"]


@table("figures", version=2)
class Figure(FactRow):
    """One quantity: number, unit, what is counted, how exactly. The span takes in number, sign, scale word and unit."""

    kind: FigureKind = column("what sort of quantity it is")
    value: float | None = column(
        "the number in full units (13 billion is 13000000000), in `unit`; null for a range, see low and high", default=None
    )
    low: float | None = column("lower end of a range, inclusive, in `unit`", default=None)
    high: float | None = column("upper end of a range, inclusive, in `unit`", default=None)
    unit: str | None = column(
        "unit as written, singular (cent or penny where a sum is in them); null for counts and other money", default=None
    )
    unit_normalised: str | None = column("English name of the unit, singular (kilometre, year, degree celsius)", default=None)
    value_normalised: float | None = column(
        "value in the base unit of its dimension (metres, seconds, kilograms); of a range the lower end", default=None
    )
    currency: str | None = column("ISO 4217 code; null where the text and the article's country leave it open", default=None)
    currency_origin: Literal["code", "symbol", "name", "country"] | None = column(
        "what the currency was read off; country: a shared symbol or name resolved by the article's country", default=None
    )
    bound: Bound = column("how exact the number is said to be", default="exact")
    change: Change | None = column("direction, where the number is the amount of a change; an end or a start is a level", default=None)
    change_role: ChangeRole | None = column("whether the number is the amount of the change, its end or its start", default=None)
    related_figure_id: str | None = column("row_id of the figure of the same change (the `by` of a `to`)", default=None)
    counted: str | None = column("the noun phrase that is counted or measured, as written", default=None)
    counted_head: str | None = column("lemma of the head of `counted`", default=None)
    counted_rule: str | None = column("the look that found `counted`", default=None)
    qualifier: str | None = column("words that qualify what is counted (suspected, alleged)", default=None)
    base: str | None = column(
        "what the figure is of, as written: the whole that a share is of, else what has it, or the subject of its clause where no actor owns it",
        default=None,
    )
    base_rule: str | None = column("the look that found `base`", default=None)
    per: str | None = column("the unit that a rate is per, as written", default=None)
    date_id: str | None = column("row_id of the date that holds for the figure", default=None)
    actor_id: str | None = column("the actor whom the figure belongs to (subject of its clause)", default=None)
    quote_id: str | None = column("row_id of the quote in which it stands", default=None)
