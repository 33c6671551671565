"""Corrections: what a person has put right, by the row that it concerns. Rows are only added; the newest of a row and column counts."""

import datetime as dt
from typing import ClassVar, Literal

from schemas.column import column, table

Corrected = Literal["actors", "figures", "dates", "quotes", "facts"]
Action = Literal["set", "drop", "add", "undo"]


@table("corrections", version=1)
class Correction:
    """One thing put right by a person: a column of a row set, a row dropped or added, or what was put right before undone."""

    TABLE: ClassVar[str]
    VERSION: ClassVar[int]

    row_id: str = column("the row concerned; it is made from its text and place, so a rerun that makes the row again keeps it")
    table_name: Corrected = column("the table that the row stands in")
    article_id: str = column("identity of the row's article")
    version: int = column("version of the article's text")
    action: Action = column(
        "set: a column; drop: the row is wrong; add: a row was missing; undo: all corrections of the row before this one"
    )
    field: str | None = column("the column that was set", default=None)
    value: str | None = column("its value from now on, or the whole row that was added, as JSON", default=None)
    was: str | None = column("its value before, as JSON", default=None)
    text: str = column("the row's text, verbatim, to be known by where no rule makes the row any more")
    why: str = column("why, in the words of who corrected it")
    corrected_at: dt.datetime = column("when it was corrected", unit="UTC")
    run_id: str = column("the commit that wrote the correction", default="")
