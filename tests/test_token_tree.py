"""The tokens that rules ask answer as spaCy's own do, and go when their article goes."""

import gc
import json
import weakref
from pathlib import Path

import pytest
import spacy

from tests.conftest import annotation_of
from transforms.annotate import Annotated
from transforms.extract import rows_of
from transforms.parse.token_tree import Parse

SEEDS = Path(__file__).parent.parent / "seeds" / "wikinews.jsonl"
TEXTS = [json.loads(line)["text"] for line in SEEDS.read_text("utf-8").splitlines()[:6]]
ODD = "MALDIVES, Dec 1 -- $5m, “co-operate”…\n\n\n  Of 1,200 (e.g. ½) workers who, he'd said, it hadn't; never mind: Ann's.\n- 40C? \U0001f642  no"
# What is one thing in both.
SAME = [
    "i",
    "idx",
    "text",
    "lower_",
    "lemma_",
    "tag_",
    "pos_",
    "dep_",
    "ent_type_",
    "ent_iob",
    "is_space",
    "is_punct",
    "like_num",
    "is_alpha",
    "is_digit",
    "is_title",
    "is_quote",
    "whitespace_",
    "n_lefts",
    "n_rights",
]
ONE = ("head", "left_edge", "right_edge")
SEVERAL = ("lefts", "rights", "children", "ancestors")
LONGEST = 12  # tokens of a span


@pytest.fixture(params=[*TEXTS, ODD], ids=lambda text: text[:20])
def article(request: pytest.FixtureRequest) -> Annotated:
    return annotation_of(request.param)


def test_tokens_answer_as_those_of_spacy_do(article: Annotated) -> None:
    assert len(article.parse) == len(article.doc)
    for ours, theirs in zip(article.parse, article.doc, strict=True):
        assert [getattr(ours, name) for name in SAME] == [getattr(theirs, name) for name in SAME]
        assert [getattr(ours, name).i for name in ONE] == [getattr(theirs, name).i for name in ONE]
        assert [[t.i for t in getattr(ours, name)] for name in SEVERAL] == [[t.i for t in getattr(theirs, name)] for name in SEVERAL]
        assert {t.i for t in ours.subtree} == {t.i for t in theirs.subtree}
        assert ours.is_sent_start == bool(theirs.is_sent_start)
        assert (ours.sent.start, ours.sent.end) == (theirs.sent.start, theirs.sent.end)


def test_spans_answer_as_those_of_spacy_do(article: Annotated) -> None:
    for start in range(len(article.doc)):
        for end in range(start + 1, min(start + LONGEST, len(article.doc))):
            ours, theirs = article.parse[start:end], article.doc[start:end]
            assert (ours.text, ours.lemma_, ours.start_char, ours.end_char) == (
                theirs.text,
                theirs.lemma_,
                theirs.start_char,
                theirs.end_char,
            )
            assert (ours[0].i, ours[-1].i, ours.root.i, len(ours)) == (theirs[0].i, theirs[-1].i, theirs.root.i, len(theirs))
            assert (ours.sent.start, ours.sent.end) == (theirs.sent.start, theirs.sent.end)
            assert [(e.start, e.end, e.label_) for e in ours.ents] == [(e.start, e.end, e.label_) for e in theirs.ents]


@pytest.mark.parametrize("at", [slice(2, 1), slice(-3, None), slice(5, 10**6), slice(-(10**6), 2), slice(3, 3)], ids=str)
def test_a_slice_is_cut_to_the_text_as_spacy_cuts_it(at: slice) -> None:
    article = annotation_of(ODD)
    ours, theirs = article.parse[at], article.doc[at]
    assert (ours.start, ours.end, ours.text, ours.start_char, ours.end_char) == (
        theirs.start, theirs.end, theirs.text, theirs.start_char, theirs.end_char,
    )  # fmt: skip


def test_characters_give_all_tokens_that_share_some_of_them() -> None:
    article = annotation_of(ODD)
    for start in range(0, len(ODD), 3):
        ours, theirs = article.parse.char_span(start, start + 7), article.doc.char_span(start, start + 7, alignment_mode="expand")
        assert (ours and (ours.start, ours.end)) == (theirs and (theirs.start, theirs.end))


def test_a_neighbour_past_the_ends_is_an_error_and_not_one_from_the_other_end() -> None:
    parse = annotation_of(ODD).parse
    with pytest.raises(IndexError):
        parse[0].nbor(-1)
    with pytest.raises(IndexError):
        parse[len(parse) - 1].nbor()
    assert parse[3].nbor(-2) is parse[1]


def test_an_article_in_another_language_has_no_tokens() -> None:
    article = annotation_of(ODD)
    assert list(Parse(article.doc[:0].as_doc(), "")) == []


def test_a_doc_without_a_parse_has_tokens_on_which_nothing_hangs() -> None:
    doc = spacy.blank("en")(";;a. The mill was closed.")
    with doc.retokenize() as parts:
        parts.merge(doc[0:2])  # what comes behind keeps edges past the end
    parse = Parse(doc, doc.text)
    assert [t.text for t in parse] == [t.text for t in doc]
    assert all(t.left_edge is t.right_edge is t.head is t and not t.children for t in parse)


@pytest.mark.parametrize("text", [ODD, TEXTS[0]])
def test_tokens_go_with_their_article_without_the_collector(text: str) -> None:
    kept = annotation_of(text)
    rows_of(kept)  # what is loaded on the way keeps frames in its tracebacks
    article = Annotated(kept.article, kept.doc)
    gone = weakref.ref(
        article.parse.starts
    )  # a set that the tokens' table alone holds; the table takes no such reference where it is compiled
    gc.disable()
    try:
        rows_of(article)  # what rules make of tokens must not hold them
        assert gone() is not None
        del article
        assert gone() is None
    finally:
        gc.enable()
