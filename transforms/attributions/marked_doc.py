"""An article's tokens and its quotation marks brought together: which token stands in which stretch."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.annotate import Annotated
from transforms.article.marks import Marked
from transforms.parse.token_tree import Parse, Span, Token

_ENDS = frozenset({".", "!", "?", "…", ";"})
_LONGEST = 150  # tokens of a sentence that are looked at: a text without full stops must not cost the square of its length
_WORD = re.compile(r"\w[\w'’-]*")
_NAME = 2  # words
_SPOKEN_ENDS = frozenset(",.!?…—-")


@dataclass(frozen=True)
class MarkedDoc:
    """A parse with its stretches in marks. `inside[i]` is the innermost stretch of token i, or None.

    A word or two without a comma or full stop (a nickname: Marcia "Cia" Price) part no sentence, so their tokens count as outside.
    """

    doc: Parse
    text: str
    marked: Sequence[Marked]
    inside: list[int | None]
    offsets: list[int]  # first character of each token
    lemmas: list[str]
    kinds: list[str]  # parts of speech
    lowered: list[str]
    paragraphs: tuple[int, ...]  # where they start
    outermost: Sequence[int]  # indices of the stretches that lie in no other

    @classmethod
    def of(cls, article: Annotated) -> "MarkedDoc":
        doc, text = article.parse, article.text
        marked = article.marks.stretches
        offsets = [t.idx for t in doc]
        inside: list[int | None] = [None] * len(doc)
        for n, m in enumerate(marked):  # an inner stretch comes after the one around it, and overwrites it
            if _is_name(text, m):
                continue
            for i in range(bisect_left(offsets, m.outer_start), bisect_left(offsets, m.outer_end)):
                inside[i] = n
        lemmas, kinds, lowered = [t.lemma_ for t in doc], [t.pos_ for t in doc], [t.lower_ for t in doc]
        return cls(doc, text, marked, inside, offsets, lemmas, kinds, lowered, article.layout.paragraphs, article.marks.outermost)

    def is_name(self, n: int) -> bool:
        """Whether a stretch is a nickname or the like, which parts no sentence."""
        return _is_name(self.text, self.marked[n])

    def words(self, n: int) -> int:
        """How many words a stretch has."""
        return len(_WORD.findall(self.text, self.marked[n].start, self.marked[n].end))

    def token_at(self, offset: int) -> int:
        """Index of the first token that begins at an offset or after it."""
        return bisect_left(self.offsets, offset)

    def touched(self, start: int, end: int) -> Sequence[int]:
        """The outermost stretches that share characters with start..end, marks included."""
        first = bisect_right(self.outermost, start, key=lambda n: self.marked[n].outer_end)
        stop = bisect_left(self.outermost, end, key=lambda n: self.marked[n].outer_start)
        return self.outermost[first:stop]

    def crosses_paragraphs(self, start: int, end: int) -> bool:
        """Whether a paragraph begins between two offsets."""
        return bisect_left(self.paragraphs, end) > bisect_right(self.paragraphs, start)

    def before(self, n: int) -> tuple[int, int]:
        """Token range of the same sentence in front of a stretch, back to a sentence's end, a line's end or another stretch."""
        around = self.marked[n].parent
        stop = start = self.token_at(self.marked[n].outer_start)
        while start > 0 and stop - start < _LONGEST and self.inside[start - 1] == around and not self._ends(start - 1):
            start -= 1
        return start, stop

    def after(self, n: int) -> tuple[int, int]:
        """Token range of the same sentence behind a stretch."""
        around = self.marked[n].parent
        stop = start = self.token_at(self.marked[n].outer_end)
        while stop < len(self.doc) and stop - start < _LONGEST and self.inside[stop] == around and not self._ends(stop):
            stop += 1
        return start, stop

    def _ends(self, i: int) -> bool:
        token = self.doc[i]
        return token.text in _ENDS or (token.is_space and "\n" in token.text)

    def trimmed(self, start: int, stop: int) -> Span | None:
        """The tokens from start to stop without outer blanks, commas and dashes, and without an "and" that joins what is left out."""
        doc = self.doc
        while start < stop and _outer(doc[start]):
            start += 1
        while stop > start and (_outer(doc[stop - 1]) or doc[stop - 1].dep_ == "cc"):
            stop -= 1
        return doc[start:stop] if start < stop else None


def _is_name(text: str, m: Marked) -> bool:
    content = text[m.start : m.end]
    return len(content.split()) <= _NAME and content[-1:] not in _SPOKEN_ENDS


def _outer(token: Token) -> bool:
    return token.is_space or token.text in {",", ".", ";", ":", "-", "--", "–", "—", "―", "…", "..."}
