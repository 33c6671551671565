"""Rejects: one row an input, or part of one, that became no row, with the reason."""

import datetime as dt
from typing import ClassVar, Final, Literal

from schemas.column import column, table
from schemas.ids import reject_key

Scope = Literal["record", "part", "source"]
Step = Literal["read", "parse", "annotate", "extract", "link", "check"]
Reason = Literal[
    "unreadable",
    "binary",
    "truncated",
    "corrupt",
    "bad_json",
    "missing_text",
    "empty_text",
    "bad_date",
    "bad_type",
    "bad_encoding",
    "too_long",
    "too_large",
    "too_many",
    "unsafe",
    "not_a_feed",
    "no_text",
    "short",
    "not_article",
    "changed_while_read",
    "unsupported",
    "embargoed",
    "withheld",
    "canceled",
    "not_text",
    "timeout",
    "bad_offset",
    "bad_value",
    "failed",
]

_HELD: Final = ("embargoed", "withheld", "canceled", "not_text")


@table("rejects", version=3)
class Reject:
    """One thing that was set aside. Scope record counts against the records read; part and source do not."""

    TABLE: ClassVar[str]
    VERSION: ClassVar[int]

    scope: Scope = column("what was set aside: a whole record, part of one, or a whole source")
    step: Step = column("the step at which it was set aside")
    reason: Reason = column("why")
    message: str = column("what is wrong and what to do, in a sentence")
    source_uri: str = column("the file or address it came from")
    position: str | None = column('where in the source: "line 12", "byte 4096", "entry 3"', default=None)
    article_id: str | None = column("the article concerned, where it was known by then", default=None)
    record_key: str | None = column(
        "a hash by which the record is known wherever in its source it stands, such as an entry of a feed that scrolls; "
        "null where its position is all that there is",
        default=None,
    )
    payload: str | None = column("an excerpt of what was set aside", default=None)
    retryable: bool = column("whether trying again may help", default=False)
    rejected_at: dt.datetime | None = column("when it was set aside", unit="UTC", default=None)
    run_id: str = column("the run that wrote the row", default="")

    @property
    def key(self) -> str:
        """What it is known by, see `ids.reject_key`: two rejects with one key are of the same thing, set aside for the same reason."""
        return reject_key(self.source_uri, self.reason, self.record_key, self.position, self.payload)

    @property
    def is_held(self) -> bool:
        """Whether a record is none that was meant to become an article: its source holds it back, or it is no text at all."""
        return self.scope == "record" and self.reason in _HELD

    @property
    def is_bad(self) -> bool:
        """Whether a record was meant to become an article and could not."""
        return self.scope == "record" and not self.is_held

    @property
    def fails_source(self) -> bool:
        """Whether its source could not be read, or not to its end."""
        return self.scope == "source" or self.reason in ("truncated", "corrupt")
