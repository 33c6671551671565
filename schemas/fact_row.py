"""What every fact row carries: which article, where in its text, and which rule read it."""

import datetime as dt
from typing import Any, ClassVar, Literal, Protocol, Self

from schemas.column import column, record

Section = Literal["headline", "deck", "body"]


class HasOffsets(Protocol):
    """A stretch of text with code point offsets; a spaCy Span is one."""

    @property
    def start_char(self) -> int: ...
    @property
    def end_char(self) -> int: ...
    @property
    def text(self) -> str: ...


@record
class Stretch:
    """A half-open stretch of the article's text."""

    start: int = column("first character", unit="characters")
    end: int = column("character after the last", unit="characters")


@record
class FactRow:
    """The columns that all fact tables share. Extractors give start, end, text and rule; `link` fills in the rest."""

    TABLE: ClassVar[str]
    VERSION: ClassVar[int]

    row_id: str = column("identity of this row: its article, text, place and table, hashed", default="")
    article_id: str = column("identity of the article, see articles", default="")
    version: int = column("which version of the article's text, from 1", default=0)
    published_at: dt.datetime | None = column("when the article was published", unit="UTC", default=None)
    outlet: str | None = column("who published the article", default=None)
    section: Section = column("part of the article in which the row stands", default="body")
    paragraph: int = column("number of the paragraph, from 0", default=0)
    sentence: int = column("number of the sentence in the article, from 0", default=0)
    start: int = column("first character of the row in articles.text", unit="characters")
    end: int = column("character after the last in articles.text", unit="characters")
    text: str = column("the characters from start to end, verbatim")
    rule: str = column("the rule that made the row, see `factwire schema --rules`")
    run_id: str = column("the run that wrote the row", default="")

    @classmethod
    def at(cls, span: HasOffsets, *, rule: str, **columns: Any) -> Self:
        """A row over a span of the text, made by the named rule."""
        return cls(start=span.start_char, end=span.end_char, text=span.text, rule=rule, **columns)
