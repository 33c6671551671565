"""An article with its linguistic annotation: what crosses from `annotate` to the extractors."""

import functools
import weakref
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

from schemas.article import Article
from transforms.article.marks import Marks, marked_in
from transforms.article.positions import Layout
from transforms.parse.token_tree import Parse


@dataclass(frozen=True)
class Annotated:
    """An article and the Doc over exactly its text: `doc.text == article.text`, so `token.idx` is an offset in the article.

    Tokens have tag_ (Penn Treebank), pos_ (UD coarse), lemma_, dep_ (ClearNLP labels), head; the Doc has ents and sents.
    An article in another language than English has an empty Doc: no extractor finds anything in it.
    """

    article: Article
    doc: Doc

    @property
    def text(self) -> str:
        """The article's text; an annotated article always has one."""
        return self.article.text or ""

    @functools.cached_property
    def layout(self) -> Layout:
        """Where its sentences, paragraphs and sections begin. Like `marks` made when first asked for, and sent to no other process."""
        return Layout.of(self.article, self.doc)

    @functools.cached_property
    def parse(self) -> Parse:
        """The tokens as plain objects, for as long as the article is there."""
        made = Parse(self.doc, self.text)
        weakref.finalize(self, made.part)
        return made

    @functools.cached_property
    def marks(self) -> Marks:
        """What stands in quotation marks; nothing in an article in another language."""
        return Marks(marked_in(self.text) if len(self.doc) else ())

    def __reduce__(self) -> tuple[Any, ...]:
        # A plain pickled Doc drags the whole vocabulary along (measured: some engines pickle instead of asking the coder).
        return _restored, (self.article, self.doc.to_bytes(exclude=["user_data", "tensor"]))


def _restored(article: Article, doc: bytes) -> Annotated:
    return Annotated(article, Doc(_vocab()).from_bytes(doc))


@functools.cache
def _vocab() -> Vocab:
    """A vocabulary with English lexeme attributes for Docs that come from another process."""
    return spacy.blank("en").vocab
