"""A number with the words around it, as those rules see it that ask whether it is a figure at all."""

from dataclasses import dataclass
from typing import Self

from transforms.figures.nouns import LONGEST_RUN, joins_names
from transforms.figures.quantity import Quantity
from transforms.parse.token_tree import Span, Token
from transforms.words.lexicon import words

_NEAR_PLURAL = 4  # words between a number and its plural


@dataclass(frozen=True, slots=True)
class Around:
    """A number with what stands around it."""

    text: str
    span: Span
    quantity: Quantity
    before: Token | None
    after: Token | None
    plural: bool  # a plural noun follows a bare number, so that something is counted

    @classmethod
    def of(cls, text: str, span: Span, quantity: Quantity) -> Self:
        doc = span.doc
        before = doc[span.start - 1] if span.start else None
        after = doc[span.end] if span.end < len(doc) else None
        return cls(text, span, quantity, before, after, quantity.bare and plural_noun_follows(span))

    @property
    def written(self) -> str:
        return self.text[self.quantity.start : self.quantity.end]

    @property
    def short(self) -> bool:
        """As numbers in names are: without comma and scale, below ten thousand."""
        number = self.quantity.number
        return "," not in self.written and number.scale in (1, 100) and number.value < 10_000 and self.quantity.start > 0

    @property
    def adjacent(self) -> Token | None:
        """The word before, if nothing but a blank, hyphen or apostrophe stands between."""
        return self.before if self.short and self.text[self.quantity.start - 1] in " -\u00a0’'" else None


def plural_noun_follows(span: Span) -> bool:
    """Behind the number stands a plural noun, at most three adjectives or nouns on, or more names: so it is counted."""
    limit = span.end + _NEAR_PLURAL
    for token in span.doc[span.end : span.end + LONGEST_RUN]:
        if token.i >= limit:
            return False
        if token.tag_ in ("NNS", "NNPS") or token.lower_ in words("figures-counting", "plurals", "words"):
            return True
        if token.i > span.end and joins_names(token, token.nbor(-1)):
            limit = span.end + LONGEST_RUN
        elif not token.tag_.startswith(("JJ", "NN", "VBN", "VBG", "HYPH")):
            return False
    return False
