"""Embedding each distinct word once changes nothing that the model says, and nothing in models that are built otherwise."""

import spacy
from spacy.pipeline import TrainablePipe
from thinc.api import Model, Relu, chain

from transforms.annotate.embedding import embed_words_once
from transforms.parse.pinned_model import PINNED_MODEL

TEXTS = [
    "The mayor of Norvik, Per Holm, denied on Friday that the bridge was closed. The bridge, the mayor said, was never closed.",
    "",
    "Profits rose 5% to $3bn. Profits! profits\n\n PROFITS rose to 3bn, and 3bn it was; the bank's profits, the bank said, rose.",
]


def named(model: Model) -> int:  # type: ignore[type-arg]
    return sum(node.name == "rows_once" for node in model.walk())


def test_the_annotation_stays_as_it_was() -> None:
    plain, once = spacy.load(PINNED_MODEL), spacy.load(PINNED_MODEL)
    changed = 0
    for _, pipe in once.pipeline:
        if isinstance(pipe, TrainablePipe):
            embed_words_once(pipe.model)
            changed += named(pipe.model)
    assert changed == 2  # of tagger and parser together, and of the names
    for before, after in zip(plain.pipe(TEXTS), once.pipe(TEXTS), strict=True):
        assert before.to_json() == after.to_json()


def test_other_layers_are_left_alone() -> None:
    model = chain(Relu(2, 2), Relu(2, 2))
    embed_words_once(model)
    assert [layer.name for layer in model.layers] == ["relu", "relu"]
