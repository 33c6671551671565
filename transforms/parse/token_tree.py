"""A parse as plain objects: the tokens and spans of a Doc with spaCy's names for what they are asked, read off it once an article.

Rules ask the tokens of an article some ten thousand things. A Doc makes a token anew each time that it is asked for one, and looks each
of its strings up by its hash: a quarter of the time of all rules (measured). Here a token is made once and knows its answers.
"""

import functools
import itertools
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final, overload

import numpy as np
from spacy.attrs import DEP, ENT_TYPE, HEAD, IDX, LEMMA, LOWER, ORTH, POS, SENT_START, TAG
from spacy.strings import StringStore
from spacy.tokens import Doc
from spacy.tokens import Token as DocToken

_WORDS: Final = (ORTH, LOWER, LEMMA, TAG, POS, DEP, ENT_TYPE)
_MANY: Final = 50_000  # words that are kept: some megabytes
_AT_ONCE: Final = 20_000  # tokens that are made of columns at once: their numbers take more than they do
BEGINS: Final = 3  # `ent_iob` of an entity's first token
INSIDE: Final = 1  # and of those behind it
_NONE: Final[tuple["Token", ...]] = ()


class _Known(dict[int, str]):
    """The words of a vocabulary by their hashes, each looked up once. Engines ask in threads, so each vocabulary has its own."""

    def __init__(self, strings: StringStore) -> None:
        super().__init__()
        self._strings = strings

    def __missing__(self, key: int) -> str:
        if len(self) > _MANY:
            self.clear()
        word = self[key] = self._strings[key]
        return word


_known: Final = functools.lru_cache(maxsize=1)(_Known)  # a model that is loaded again has a vocabulary of its own


class Token:
    """A token. All is called as in spaCy, and means the same; what is asked often is an attribute, what is asked seldom the Doc is asked for."""

    __slots__ = (
        "children", "dep_", "doc", "ent_type_", "head", "i", "idx", "left_edge", "lefts", "lemma_", "lower_", "pos_", "right_edge", "rights",
        "tag_", "text",
    )  # fmt: skip
    __deletable__ = ("head", "left_edge", "right_edge")  # what `Parse.part` lets go of; compiled classes want to be told

    head: "Token"  # itself at the root
    lefts: tuple["Token", ...]  # those that hang on it and stand before it, in text order
    rights: tuple["Token", ...]
    children: tuple["Token", ...]  # both
    left_edge: "Token"  # the first of all that hang on it, however far below, or itself
    right_edge: "Token"

    def __init__(
        self, doc: "Parse", i: int, idx: int, text: str, lower: str, lemma: str, tag: str, pos: str, dep: str, ent_type: str
    ) -> None:  # fmt: skip
        self.doc = doc
        self.i = i
        self.idx = idx  # offset of its first character in the article
        self.text = text
        self.lower_ = lower
        self.lemma_ = lemma
        self.tag_ = tag
        self.pos_ = pos
        self.dep_ = dep
        self.ent_type_ = ent_type
        self.lefts = self.rights = self.children = _NONE

    def __repr__(self) -> str:
        return self.text

    @property
    def source(self) -> DocToken:
        """What it is in the Doc, asked for what is seldom asked."""
        return self.doc.source[self.i]

    @property
    def is_space(self) -> bool:
        return self.text.isspace()

    @property
    def is_alpha(self) -> bool:
        return self.text.isalpha()

    @property
    def is_punct(self) -> bool:
        return bool(self.source.is_punct)

    @property
    def is_quote(self) -> bool:
        return bool(self.source.is_quote)

    @property
    def like_num(self) -> bool:
        return bool(self.source.like_num)

    @property
    def whitespace_(self) -> str:
        return str(self.source.whitespace_)

    @property
    def ent_iob(self) -> int:
        return int(self.source.ent_iob)

    @property
    def is_sent_start(self) -> bool:
        return self.i in self.doc.starts

    @property
    def n_lefts(self) -> int:
        return len(self.lefts)

    @property
    def n_rights(self) -> int:
        return len(self.rights)

    @property
    def is_digit(self) -> bool:
        return self.text.isdigit()

    @property
    def is_lower(self) -> bool:
        return self.text.islower()

    @property
    def is_title(self) -> bool:
        return self.text.istitle()

    @property
    def sent(self) -> "Span":
        """Its sentence."""
        return self.doc.sentence_of(self.i)

    @property
    def ancestors(self) -> Iterator["Token"]:
        """Its head, the head's head, and so on to the root."""
        at = self
        while at.head is not at:
            at = at.head
            yield at

    @property
    def subtree(self) -> Iterator["Token"]:
        """It and all that hangs on it, from the top down."""
        found = [self]
        for token in found:  # grows while it is walked
            yield token
            found.extend(token.children)

    def nbor(self, distance: int = 1) -> "Token":
        """The token so many behind it, or before it; raises IndexError past the text's ends."""
        at = self.i + distance
        if at < 0:
            raise IndexError(f"no token stands {-distance} before token {self.i}")
        return self.doc.tokens[at]


class Span:
    """The tokens from `start` to before `end`."""

    __slots__ = ("doc", "end", "start")

    def __init__(self, doc: "Parse", start: int, end: int) -> None:
        self.doc, self.start, self.end = doc, start, end

    def __repr__(self) -> str:
        return self.text

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc.tokens[self.start : self.end])

    def __reversed__(self) -> Iterator[Token]:
        return reversed(self.doc.tokens[self.start : self.end])

    def __getitem__(self, at: int) -> Token:
        return self.doc.tokens[(self.start if at >= 0 else self.end) + at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span) and (self.start, self.end) == (other.start, other.end) and self.doc is other.doc

    def __hash__(self) -> int:
        return hash((self.start, self.end))

    @property
    def start_char(self) -> int:
        """The offset of its first character in the article."""
        tokens = self.doc.tokens
        return tokens[self.start].idx if self.start < len(tokens) else len(self.doc.text)

    @property
    def end_char(self) -> int:
        """The offset behind its last character."""
        if self.start == self.end:
            return self.start_char
        last = self.doc.tokens[self.end - 1]
        return last.idx + len(last.text)

    @property
    def text(self) -> str:
        return self.doc.text[self.start_char : self.end_char]

    @property
    def lemma_(self) -> str:
        return "".join([t.lemma_ + t.whitespace_ for t in self]).strip()

    @property
    def sent(self) -> "Span":
        """The sentence that it begins in."""
        return self.doc.sentence_of(self.start)

    @property
    def ents(self) -> list["Entity"]:
        """The named entities in it."""
        return [e for e in self.doc.ents if self.start <= e.start and e.end <= self.end]

    @property
    def root(self) -> Token:
        """Its token that is nearest to the root of the sentence; of several the first."""
        tokens, start, end = self.doc.tokens, self.start, self.end
        inside = tokens[start:end]
        for token in inside:
            if token.head is token:
                return token
        outward = [t for t in inside if not start <= t.head.i < end]
        if len(outward) == 1:
            return outward[0]
        return min(outward, key=_depth) if outward else tokens[start]


class Entity(Span):
    """A named entity, as the model found it."""

    __slots__ = ("label_",)

    def __init__(self, doc: "Parse", start: int, end: int, label: str) -> None:
        super().__init__(doc, start, end)
        self.label_ = label


def _depth(token: Token) -> int:
    """The steps from a token to the root; a mark or blank on which nothing hangs is as far as can be."""
    if not token.children and (token.is_space or token.is_punct):
        return len(token.doc) - 1
    return sum(1 for _ in token.ancestors)


class Parse:
    """The tokens of an article. `source` is the Doc, for what only spaCy itself can do with it."""

    __slots__ = ("_sentences", "ents", "source", "starts", "text", "tokens")

    def __init__(self, source: Doc, text: str) -> None:
        self.source, self.text = source, text
        self.ents = [Entity(self, e.start, e.end, e.label_) for e in source.ents]
        self.tokens: list[Token] = []
        self._sentences = [0]
        if len(source):
            columns = source.to_array([*_WORDS, IDX, HEAD, SENT_START])
            self.tokens = _tokens(self, columns)
            self._sentences = sorted({0, *np.flatnonzero(columns[:, 9] == 1).tolist()})
        self.starts = frozenset(self._sentences)

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    @overload
    def __getitem__(self, at: int) -> Token: ...

    @overload
    def __getitem__(self, at: slice) -> Span: ...

    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, slice):
            start, end, _ = at.indices(len(self.tokens))
            return Span(self, start, max(start, end))
        return self.tokens[at]

    def part(self) -> None:
        """Let go of the tokens. They point at one another, so that else only a walk of the collector would free them."""
        for token in self.tokens:
            del token.head, token.left_edge, token.right_edge  # what is left points downwards
        self.tokens, self.ents = [], []

    def char_span(self, start: int, end: int) -> Span | None:
        """The tokens that share characters with start..end; None where there are none."""
        found = self.source.char_span(start, end, alignment_mode="expand")
        return Span(self, found.start, found.end) if found is not None else None

    def sentence_of(self, i: int) -> Span:
        """The sentence of token i."""
        at = bisect_right(self._sentences, i)
        return Span(self, self._sentences[at - 1], self._sentences[at] if at < len(self._sentences) else len(self.tokens))


def _tokens(parse: Parse, columns: Any) -> list[Token]:
    """The tokens of a parse, tied to one another; the columns are words, offsets, and how far away each head is."""
    known = _known(parse.source.vocab.strings)
    tokens: list[Token] = []
    for first in range(0, len(columns), _AT_ONCE):
        numbers: list[list[int]] = columns[first : first + _AT_ONCE, :8].T.tolist()
        words = (map(known.__getitem__, column) for column in numbers[:7])
        tokens.extend([Token(parse, *values) for values in zip(itertools.count(first), numbers[7], *words)])
    _tie(tokens, columns[:, 8].astype(np.int64) + np.arange(len(tokens)), parse.source)
    return tokens


def _tie(tokens: list[Token], heads: Any, doc: Doc) -> None:
    """Give each token its head, what hangs on it, and how far that reaches; `heads`: the number of each token's, an array."""
    # A Doc without a parse has no edges to ask for: where its tokens were split, they lie past its end.
    edges = ((t.left_edge.i, t.right_edge.i) for t in doc) if doc.has_annotation("DEP") else ((i, i) for i in range(len(doc)))
    numbers = itertools.chain.from_iterable(heads[first : first + _AT_ONCE].tolist() for first in range(0, len(heads), _AT_ONCE))
    for token, head, (left, right) in zip(tokens, numbers, edges, strict=True):
        above = token.head = tokens[head]
        token.left_edge = tokens[left]
        token.right_edge = tokens[right]
        if token.i < head:
            above.lefts += (token,)
        elif token.i > head:
            above.rights += (token,)
    for token in tokens:
        token.children = token.lefts + token.rights
