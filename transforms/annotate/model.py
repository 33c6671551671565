"""The spaCy model: one a process, without what we do not need, loaded again when its vocabulary has grown."""

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import spacy
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from thinc.api import set_current_ops

from schemas.article import Article
from transforms.annotate.annotated import Annotated
from transforms.annotate.apostrophes import read_apostrophes_alike
from transforms.annotate.embedding import embed_words_once
from transforms.annotate.encoder import encode_in_stretches
from transforms.annotate.language import ENGLISH
from transforms.annotate.matrix_ops import InferenceOps
from transforms.annotate.pieces import joined, pieces
from transforms.annotate.prefixed_words import prefixed_words_kept
from transforms.annotate.saying_times import hang_on_sayings
from transforms.annotate.sentence_starts import set_sentence_starts
from transforms.annotate.tokens import complete
from transforms.parse.pinned_model import PINNED_MODEL
from transforms.user_error import UserError

_UNNEEDED = ["attribute_ruler", "lemmatizer", "senter", "textcat"]
_GROWTH = 300_000  # strings a model may learn before it is loaded again: about 60 MB
_NO_TENSOR: Any = np.zeros((0, 0), dtype=np.float32)  # in the place of what only the components read, and which is most of a Doc's size
_CHUNKS = 50_000  # what stands between blanks and has been cut into tokens, kept: 4 MB. Of 10,000, spaCy's own, 300 articles overflow.
_BATCH = 40_000  # characters that the model takes at once: its memory grows with them, its speed no longer does (measured)


class ModelMissingError(UserError):
    """The named spaCy pipeline is not installed, or is no pipeline that we can use."""


@dataclass(slots=True)
class _Loaded:
    nlp: Language
    strings: int = field(init=False)  # how many it knew when it was new

    def __post_init__(self) -> None:
        self.strings = len(self.nlp.vocab.strings)

    @property
    def grown(self) -> bool:
        return len(self.nlp.vocab.strings) - self.strings > _GROWTH


_models: dict[str, _Loaded] = {}


def model(name: str = PINNED_MODEL) -> Language:
    """The pipeline of that name, loaded once a process; raises ModelMissingError with what to do."""
    found = _models.get(name)
    if found is None or found.grown:
        _models[name] = found = _Loaded(_load(name))
    return found.nlp


def _load(name: str) -> Language:
    set_current_ops(InferenceOps())  # for this thread; the model keeps what it was loaded with
    try:
        with prefixed_words_kept():
            nlp = spacy.load(name, exclude=_UNNEEDED)
    except OSError as e:
        raise ModelMissingError(f"the spaCy model {name!r} is not installed; install it with pip, or leave --model out") from e
    missing = [need for need in ("parser", "ner") if need not in nlp.pipe_names]
    if missing:
        raise ModelMissingError(f"the spaCy model {name!r} has no {' and no '.join(missing)}; name a full English pipeline")
    for _, pipe in nlp.pipeline:
        if isinstance(pipe, TrainablePipe):
            embed_words_once(pipe.model)
            encode_in_stretches(pipe.model)
    read_apostrophes_alike(nlp.vocab)
    if hasattr(nlp.tokenizer, "max_cache_size"):  # a user's model may have a tokenizer of another make
        nlp.tokenizer.max_cache_size = _CHUNKS
    nlp.max_length = 10**9  # longer texts are cut into pieces below, never refused
    return nlp


def annotated(articles: Sequence[Article], *, model_name: str = PINNED_MODEL) -> Iterator[Annotated]:
    """Annotate a batch of articles. Order is kept; an article in another language gets an empty Doc, and no model is loaded for it."""
    english = [a for a in articles if a.language in (ENGLISH, None)]
    docs = iter(_docs([a.text or "" for a in english], model_name) if english else ())
    for article in articles:
        yield Annotated(article, next(docs) if article.language in (ENGLISH, None) else Doc(_blank().vocab))


@functools.cache
def _blank() -> Language:
    return spacy.blank("en")


def _docs(texts: Sequence[str], model_name: str) -> Iterator[Doc]:
    nlp = model(model_name)
    cut = [list(pieces(text)) for text in texts]
    parts = (doc for batch in _batches(piece for text in cut for piece in text) for doc in _read(nlp, batch))
    for text in cut:
        doc = next(parts) if len(text) == 1 else joined(islice(parts, len(text)), nlp.vocab)
        complete(doc)
        hang_on_sayings(doc)
        yield doc


def _read(nlp: Language, texts: Sequence[str]) -> list[Doc]:
    """The batch, component by component. `nlp.pipe` would cut it into quarters for parser and NER, whose matrices are small as it is."""
    docs = [nlp.make_doc(text) for text in texts]
    for doc, text in zip(docs, texts, strict=True):
        set_sentence_starts(doc, text)
    for _, pipe in nlp.pipeline:
        if isinstance(pipe, TrainablePipe):
            pipe.set_annotations(docs, pipe.predict(docs))
        else:
            docs = [pipe(doc) for doc in docs]
    for doc in docs:
        doc.tensor = _NO_TENSOR
    return docs


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Neighbouring texts together, so many that they have about _BATCH characters."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch
