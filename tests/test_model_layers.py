"""What is left out or done otherwise in the model changes nothing that it says, and nothing in models that are built otherwise."""

import json
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, IDX, LEMMA, ORTH, POS, SENT_START, TAG
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from thinc.api import Relu, chain, expand_window

from tests.conftest import article_of
from transforms.annotate import Annotated, embedding, encoder
from transforms.annotate import model as model_module
from transforms.annotate.embedding import embed_words_once
from transforms.annotate.encoder import encode_in_stretches
from transforms.annotate.model import annotated
from transforms.parse.pinned_model import PINNED_MODEL

SEEDS = Path(__file__).parent.parent / "seeds" / "wikinews.jsonl"
TEXTS = [
    "The mayor of Norvik, Per Holm, denied on Friday that the bridge was closed. The bridge, the mayor said, was never closed.",
    "",
    "Profits rose 5% to $3bn. Profits! profits\n\n PROFITS rose to 3bn, and 3bn it was; the bank's profits, the bank said, rose.",
]


WAYS = {"rows_once": embed_words_once, "encode_in_stretches": encode_in_stretches}


@pytest.fixture(scope="module")
def plain() -> Language:
    return spacy.load(PINNED_MODEL)


def changed(name: str) -> Language:
    """The model with one thing done otherwise: for tagger and parser together, and for the names."""
    nlp = spacy.load(PINNED_MODEL)
    found = 0
    for _, pipe in nlp.pipeline:
        if isinstance(pipe, TrainablePipe):
            WAYS[name](pipe.model)
            found += sum(node.name == name for node in pipe.model.walk())
    assert found == 2
    return nlp


@pytest.mark.parametrize(("name", "remembered"), [("rows_once", 30), ("rows_once", 10), ("encode_in_stretches", 0)])
def test_the_annotation_stays_as_it_was(plain: Language, name: str, remembered: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_STRETCH", 7)
    monkeypatch.setattr(embedding, "_REMEMBERED", remembered)  # 30 words are those of one text and not of two
    nlp = changed(name)
    for _ in range(2):  # the second time words are known
        for before, after in zip(plain.pipe(TEXTS, batch_size=1), nlp.pipe(TEXTS, batch_size=1), strict=True):
            assert before.to_json() == after.to_json()


def test_a_word_is_embedded_alike_whatever_else_is_new() -> None:
    alone, among = changed("rows_once"), changed("rows_once")
    word = alone.make_doc("mayor")
    embedded = [nlp.get_pipe("ner").model.get_ref("tok2vec").layers[0] for nlp in (alone, among)]
    embedded[1].predict([among.make_doc(text) for text in TEXTS])
    [first], [second] = (layer.predict([word]) for layer in embedded)
    assert np.array_equal(first, second)


def test_other_layers_are_left_alone() -> None:
    model = chain(Relu(2, 2), chain(expand_window(1), Relu(2, 6)))
    for way in WAYS.values():
        way(model)
    assert [layer.name for layer in model.layers] == ["relu", "expand_window>>relu"]


def said_of(made: Annotated) -> list[list[int]]:
    return made.doc.to_array([ORTH, IDX, TAG, POS, LEMMA, DEP, HEAD, SENT_START, ENT_IOB, ENT_TYPE]).tolist()  # type: ignore[no-any-return]


def test_seeds_are_annotated_alike_by_spacy_alone_and_by_our_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [article_of(json.loads(line)["text"]) for line in SEEDS.read_text("utf-8").splitlines()]
    monkeypatch.setattr(model_module, "_models", {})
    ours = [said_of(made) for made in annotated(articles)]
    monkeypatch.setattr(model_module, "_models", {})
    for way in ("embed_words_once", "encode_in_stretches"):
        monkeypatch.setattr(model_module, way, lambda _: None)
    assert [said_of(made) for made in annotated(articles)] == ours
    assert not any(node.name in WAYS for node in model_module.model().get_pipe("ner").model.walk())
