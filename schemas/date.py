"""Dates: one row a temporal expression, after TIMEX3 (TimeML 1.2.1), with the interval that it means."""

import datetime as dt
from typing import Literal

from schemas.column import column, table
from schemas.fact_row import FactRow

TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
Modifier = Literal["START", "MID", "END", "APPROX", "BEFORE", "AFTER", "MORE_THAN", "LESS_THAN"]
AnchorOrigin = Literal["published", "dateline", "previous_date", "explicit", "none"]
DatePrecision = Literal["century", "decade", "year", "half", "quarter", "season", "month", "week", "day", "hour", "minute", "second"]


@table("dates", version=1)
class Date(FactRow):
    """One temporal expression: its TIMEX3 value, the days it covers and what it was reckoned from."""

    timex_type: TimexType = column("TIMEX3 type")
    timex_value: str | None = column("TIMEX3 value; null where it stayed unresolved", default=None)
    start_date: dt.date | None = column("first day meant, inclusive; null is open or unknown", default=None)
    end_date: dt.date | None = column("last day meant, inclusive; null is open or unknown", default=None)
    precision: DatePrecision | None = column("how fine the expression is", default=None)
    modifier: Modifier | None = column("TIMEX3 mod", default=None)
    relative: bool = column("whether it needs an anchor to be understood", default=False)
    anchor_date: dt.date | None = column("the day that it was reckoned from", default=None)
    anchor_origin: AnchorOrigin = column("where the anchor came from; explicit: needs none; none: there was none, so unresolved")
    anchor_row_id: str | None = column("row_id of the earlier date that it leans on", default=None)
    direction: Literal["past", "future", "present"] | None = column("which way from the anchor a relative date was read", default=None)
    ambiguous: bool = column("whether another reading was about as likely", default=False)
