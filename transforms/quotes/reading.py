"""An article's tokens and its quotation marks brought together: which token stands in which stretch."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc, Span, Token

from transforms.annotate import Annotated
from transforms.quotes.marks import Marked, marked_in

_ENDS = frozenset({".", "!", "?", "…", ";"})


@dataclass(frozen=True)
class Reading:
    """A Doc with its stretches in marks. `inside[i]` is the innermost stretch of token i, or None."""

    doc: Doc
    text: str
    marked: list[Marked]
    inside: list[int | None]

    @classmethod
    def of(cls, article: Annotated) -> "Reading":
        doc, text = article.doc, article.text
        marked = marked_in(text) if len(doc) else []
        offsets = [t.idx for t in doc]
        inside: list[int | None] = [None] * len(doc)
        for n, m in enumerate(marked):  # an inner stretch comes after the one around it, and overwrites it
            for i in range(bisect_left(offsets, m.outer_start), bisect_left(offsets, m.outer_end)):
                inside[i] = n
        return cls(doc, text, marked, inside)

    @cached_property
    def offsets(self) -> list[int]:
        """First character of each token."""
        return [t.idx for t in self.doc]

    def token_at(self, offset: int) -> int:
        """Index of the first token that begins at an offset or after it."""
        return bisect_left(self.offsets, offset)

    def before(self, n: int) -> tuple[int, int]:
        """Token range of the same sentence in front of a stretch, back to a sentence's end, a line's end or another stretch."""
        around = self.marked[n].parent
        stop = start = self.token_at(self.marked[n].outer_start)
        while start > 0 and self.inside[start - 1] == around and not self._ends(start - 1):
            start -= 1
        return start, stop

    def after(self, n: int) -> tuple[int, int]:
        """Token range of the same sentence behind a stretch."""
        around = self.marked[n].parent
        stop = start = self.token_at(self.marked[n].outer_end)
        while stop < len(self.doc) and self.inside[stop] == around and not self._ends(stop):
            stop += 1
        return start, stop

    def _ends(self, i: int) -> bool:
        token = self.doc[i]
        return token.text in _ENDS or (token.is_space and "\n" in token.text)

    def trimmed(self, start: int, stop: int) -> Span | None:
        """The tokens from start to stop without outer blanks, commas and dashes."""
        doc = self.doc
        while start < stop and _outer(doc[start]):
            start += 1
        while stop > start and _outer(doc[stop - 1]):
            stop -= 1
        return doc[start:stop] if start < stop else None


def _outer(token: Token) -> bool:
    return token.is_space or token.text in {",", ".", ";", ":", "-", "--", "–", "—", "―", "…", "..."}
