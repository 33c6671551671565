"""An article's tokens as plain lists, read from the Doc once: the rules of this folder ask for them thousands of times."""

from dataclasses import dataclass
from typing import Self

from spacy.tokens import Doc

_FUNCTION = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "and",
        "or",
        "by",
        "from",
        "with",
        "as",
        "over",
        "after",
        "before",
        "into",
        "amid",
        "against",
        "but",
        "not",
        "is",
        "are",
    ]
)
_TITLE_CASE = 0.7  # share of a headline's words that are capitalised before capitals stop telling names from words


@dataclass(frozen=True, slots=True)
class Words:
    """Tokens as lists of equal length; `headline` is the number of tokens of a title-case headline, 0 where capitals mean names."""

    doc: Doc
    text: list[str]
    lower: list[str]
    tag: list[str]
    sentence: list[int]
    headline: int

    @classmethod
    def of(cls, doc: Doc) -> Self:
        text = [t.text for t in doc]
        sentence, number = [], -1
        for token in doc:
            number += bool(token.is_sent_start) or number < 0
            sentence.append(number)
        return cls(doc, text, [t.lower() for t in text], [t.tag_ for t in doc], sentence, _headline_end(text))

    def is_capital(self, i: int) -> bool:
        """Whether a token looks like part of a name: "Jobs", "eBay", "3M", but not "3"."""
        return any(c.isupper() for c in self.text[i])

    def string(self, start: int, end: int) -> str:
        return self.doc[start:end].text

    def __len__(self) -> int:
        return len(self.text)


def _headline_end(text: list[str]) -> int:
    """Number of tokens of the first line, where it is a headline in title case with a body after it."""
    end = next((i for i, t in enumerate(text[:60]) if "\n" in t), 0)
    if not end or text[end - 1] in (".", "!", "?", "”", '"'):
        return 0
    weighty = [t for t in text[1:end] if t[0].isalpha() and t.lower() not in _FUNCTION]
    capital = sum(t[0].isupper() for t in weighty)
    return end if len(weighty) >= 3 and capital >= _TITLE_CASE * len(weighty) else 0
