"""Where a character stands: in which sentence, paragraph and section."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Self

from spacy.tokens import Doc

from schemas.article import Article
from schemas.fact_row import Section

_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_LINE_END = re.compile(r"\n")


@dataclass(frozen=True, slots=True)
class Layout:
    """Starts of sentences and paragraphs of a text, in characters, ascending; and where title and deck end."""

    sentences: tuple[int, ...]
    paragraphs: tuple[int, ...]
    title_end: int
    body_start: int

    def __reduce__(self) -> tuple[Any, ...]:
        """As a call with its values: of a frozen object that is there already, compiled rules can set nothing."""
        return Layout, (self.sentences, self.paragraphs, self.title_end, self.body_start)

    @classmethod
    def of(cls, article: Article, doc: Doc) -> Self:
        return cls(
            sentences=tuple(s[0].idx for s in doc.sents) if doc.has_annotation("SENT_START") else (),
            paragraphs=paragraph_starts(article.text or ""),
            title_end=title_end(article),
            body_start=article.body_start,
        )

    def sentence(self, offset: int) -> int:
        return max(0, bisect_right(self.sentences, offset) - 1)

    def sentence_around(self, offset: int) -> tuple[int, int | None]:
        """Where the sentence of a character starts and the next one does; None for the last."""
        at = bisect_right(self.sentences, offset)
        return self.sentences[at - 1] if at else 0, self.sentences[at] if at < len(self.sentences) else None

    def paragraph(self, offset: int) -> int:
        return max(0, bisect_right(self.paragraphs, offset) - 1)

    def section(self, offset: int) -> Section:
        if offset < self.title_end:
            return "headline"
        return "deck" if offset < self.body_start else "body"


def paragraph_starts(text: str) -> tuple[int, ...]:
    """Paragraphs end at a blank line, or at every line end where the text has no blank lines."""
    body = text.strip("\n")
    offset = text.find(body) if body else 0
    breaks = list(_BLANK_LINE.finditer(body)) or list(_LINE_END.finditer(body))
    return (0, *(offset + m.end() for m in breaks))


def title_end(article: Article) -> int:
    """Where the headline ends in the text: 0 where the text does not begin with it."""
    title, text = article.title or "", article.text or ""
    lead = len(text) - len(text.lstrip())
    return lead + len(title) if title and article.body_start and text.startswith(title, lead) else 0
