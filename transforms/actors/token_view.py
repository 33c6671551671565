"""An article's tokens as plain lists, made once: the rules of this folder ask for them thousands of times."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from schemas.fact_row import Stretch
from transforms.actors.persons import postnominals
from transforms.annotate import Annotated
from transforms.article.marks import Marks
from transforms.parse.grammar import NOMINAL_SUBJECTS, is_joined
from transforms.parse.token_tree import Parse
from transforms.words.lexicon import words

NAME_TAGS = ("NNP", "NNPS")
_SEPARATORS = frozenset([",", ";", "(", ")", ":"])
_LINE_UP = 6  # commas and semicolons of the shortest list of names
_TITLE_CASE = 0.7  # share of a headline's words that are capitalised before capitals stop telling names from words


@dataclass(frozen=True, slots=True)
class TokenView:
    """Tokens as lists of equal length; `headline` is the number of tokens of a title-case headline, 0 where capitals mean names."""

    doc: Parse
    article: str
    text: list[str]
    lower: list[str]
    tag: list[str]
    dep: list[str]
    offset: "array[int]"
    sentence: list[int]
    quoted: list[bool]
    rosters: frozenset[int]
    headline: int
    _places: dict[str, "array[int]"] = field(default_factory=dict)  # empty before it is asked for

    @classmethod
    def of(cls, article: Annotated) -> Self:
        doc = article.parse
        text, tag, offset = [t.text for t in doc], [t.tag_ for t in doc], array("i", [t.idx for t in doc])
        sentence: list[int] = []
        for number, (start, end) in enumerate(pairwise([*sorted(doc.starts), len(doc)])):
            sentence += [number] * (end - start)
        return cls(
            doc=doc,
            article=article.text,
            text=text,
            lower=[t.lower_ for t in doc],
            tag=tag,
            dep=[t.dep_ for t in doc],
            offset=offset,
            sentence=sentence,
            quoted=_quoted(article.marks, offset),
            rosters=_rosters(text, tag, sentence),
            headline=_headline_end(text),
        )

    def places_of(self, word: str) -> Sequence[int]:
        """The tokens that are written so, in text order. To go through all tokens for each name takes minutes over a book."""
        if not self._places:
            for i, text in enumerate(self.text):
                if text in self._places:
                    self._places[text].append(i)
                else:
                    self._places[text] = array("i", (i,))
        return self._places.get(word, ())

    def is_capital(self, i: int) -> bool:
        """Whether a token looks like part of a name: "Jobs", "eBay", "3M", but not "3"."""
        text = self.text[i]
        return not text.islower() and text.lower() != text

    def place(self, start: int, end: int) -> Stretch:
        """Where in the article the tokens start..end stand."""
        return Stretch(start=self.offset[start], end=self.offset[end - 1] + len(self.text[end - 1]))

    def string(self, start: int, end: int) -> str:
        """The article's own characters from token start to before token end."""
        return self.article[self.offset[start] : self.offset[end - 1] + len(self.text[end - 1])] if start < end else ""

    def spaced(self, i: int) -> bool:
        """Whether a blank stands before token i."""
        return i == 0 or self.offset[i] > self.offset[i - 1] + len(self.text[i - 1])

    def run_before(self, at: int, fits: Callable[["TokenView", int], bool], most: int) -> int:
        """Where the words begin that stand before token `at`, in its sentence, and all fit; so many at the most."""
        start, first = at, max(self.headline, at - most)
        while start > first and fits(self, start - 1) and self.sentence[start - 1] == self.sentence[at]:
            start -= 1
        return start

    def run_behind(self, at: int, fits: Callable[["TokenView", int], bool], most: int) -> int:
        """Where the words end that stand behind token `at`, in its sentence, and all fit; so many at the most."""
        end, last = at + 1, min(len(self), at + 1 + most)
        while end < last and fits(self, end) and self.sentence[end] == self.sentence[at]:
            end += 1
        return end

    def is_subject(self, end: int) -> bool:
        """Whether the phrase that ends before token `end` is by itself the subject of its clause, without "and somebody else".

        So is a name that its title stands before, which the parse takes for the subject: "Their coach Robert Lane said".
        """
        end += end < len(self) and self.text[end] in postnominals()  # "Ann Lee MP"
        last, dep = self.doc[end - 1], self.dep[end - 1]
        if dep == "appos" and last.head.i < end - 1 and "," not in self.text[last.head.i : end]:
            dep = self.dep[last.head.i]
        return dep in NOMINAL_SUBJECTS and not is_joined(last)

    def __len__(self) -> int:
        return len(self.text)


def _quoted(marks: Marks, offset: Sequence[int]) -> list[bool]:
    """Whether a token stands in quotation marks, or is one."""
    quoted = [False] * len(offset)
    for n in marks.outermost:
        start, end = (bisect_left(offset, at) for at in (marks.stretches[n].outer_start, marks.stretches[n].outer_end))
        quoted[start:end] = [True] * (end - start)
    return quoted


def _rosters(text: list[str], tag: list[str], sentence: list[int]) -> frozenset[int]:
    """The sentences that are nothing but a list of names, as sports reports have line-ups."""
    names, marks, rest = Counter[int](), Counter[int](), Counter[int]()
    for token, kind, number in zip(text, tag, sentence, strict=True):
        if kind in {*NAME_TAGS, "CD"}:
            names[number] += 1
        elif token in _SEPARATORS:
            marks[number] += 1
        elif kind not in ("_SP", "SP", "."):
            rest[number] += 1
    return frozenset(n for n, count in marks.items() if count >= _LINE_UP and rest[n] <= count // 3 and names[n] >= count // 2)


def _headline_end(text: list[str]) -> int:
    """Number of tokens of the first line, where it is a headline in title case with a body after it."""
    end = next((i for i, t in enumerate(text[:60]) if "\n" in t), 0)
    if not end or text[end - 1] in (".", "!", "?", "”", '"'):
        return 0
    small = words("actors-not", "small_in_headlines")
    weighty = [t for t in text[1:end] if t[0].isalpha() and t.lower() not in small]
    capital = sum(t[0].isupper() for t in weighty)
    return end if len(weighty) >= 3 and capital >= _TITLE_CASE * len(weighty) else 0
