"""Facts: the first article in full, and what holds for any text."""

import datetime as dt
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import seeds
from schemas.fact import Fact
from tests.conftest import annotation_of, rows_in
from transforms.facts import clauses_in
from transforms.facts.source_types import outlet_in, source_type_of
from transforms.flow.rows import Rows

FIRST = (Path(seeds.__file__).parent / "articles" / "mexico-refuses-troops.txt").read_text("utf-8")
PUBLISHED = dt.date(2025, 5, 5)


@pytest.fixture(scope="module")
def first() -> Rows:
    return rows_in(FIRST, PUBLISHED)


def fact_of(rows: Rows, lemma: str, *, subject: str | None = None, after: int = 0) -> Fact:
    found = [
        f for f in rows.facts if f.predicate_lemma == lemma and f.predicate_start >= after and (subject is None or f.subject == subject)
    ]
    assert found, [(f.subject, f.predicate_lemma) for f in rows.facts]
    return found[0]


def name_of(rows: Rows, actor_id: str | None) -> str | None:
    return next((a.canonical_name for a in rows.actors if a.actor_id == actor_id), None)


@pytest.mark.parametrize(
    ("lemma", "who", "columns"),
    [
        ("turn down", "Sheinbaum", {"status": "occurred", "source_type": "article"}),
        ("send", "Trump", {"status": "refused", "source_type": "article"}),
        ("reject", "Sheinbaum", {"status": "occurred", "modality": "reported", "source_type": "anonymous", "source_text": "Sources"}),
        ("advocate", "Trump", {"modality": "reported", "source_type": "outlet", "happened_start": dt.date(2025, 4, 11)}),
        ("comment", None, {"polarity": "negative", "source_type": "article", "subject": "A White House statement"}),
        ("promise", "Trump", {"status": "occurred", "source_type": "article", "happened_start": dt.date(2024, 1, 1)}),
        ("clamp down", "Trump", {"status": "planned", "source_type": "article"}),
        ("impose", "Trump", {"status": "occurred", "object": "25% tariffs on all Mexican imports"}),
        ("suspend", None, {"status": "occurred", "source_type": "article", "subject": "25% tariffs on all Mexican imports"}),
        ("agree", "Sheinbaum", {"status": "occurred", "happened_start": dt.date(2025, 2, 1), "happened_end": dt.date(2025, 2, 28)}),
        ("extradite", "Mexico", {"status": "occurred", "object": "29 suspected cartel members", "happened_start": dt.date(2025, 2, 1)}),
    ],
)
def test_first_article(first: Rows, lemma: str, who: str | None, columns: dict[str, object]) -> None:
    fact = fact_of(first, lemma)
    assert {c: getattr(fact, c) for c in columns} == columns
    if who:
        assert who in (name_of(first, fact.subject_actor_id) or "")


def test_what_the_journal_alleged(first: Rows) -> None:
    pressed = next(f for f in first.facts if f.predicate_lemma == "pressure" and f.object == "her")
    assert (pressed.status, pressed.modality, pressed.source_type, pressed.source_text) == (
        "occurred", "alleged", "outlet", "Wall Street Journal",
    )  # fmt: skip


def test_tariff_still_in_effect(first: Rows) -> None:
    fact = next(f for f in first.facts if f.subject == "a separate 25% tariff on Mexican car imports")
    assert fact.status == "ongoing"
    assert [x.text for x in first.figures if x.row_id in fact.figure_ids] == ["25%"]


def test_troops_to_be_deployed(first: Rows) -> None:
    fact = next(f for f in first.facts if f.object == "10,000 troops")
    figure = next(x for x in first.figures if x.row_id in fact.figure_ids)
    assert fact.status == "planned"
    assert name_of(first, figure.actor_id) == "Claudia Sheinbaum"
    assert next(d.timex_value for d in first.dates if d.row_id == figure.date_id) == "2025-02"


def test_no_troops_were_sent(first: Rows) -> None:
    moved = [f for f in first.facts if f.predicate_lemma in ("send", "deploy", "enter", "fight")]
    assert moved
    assert all(f.status in ("refused", "planned", "demanded", "hypothetical") for f in moved)


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("officials", "anonymous"),
        ("Officials", "anonymous"),
        ("a spokesman for Halden Motors", "anonymous"),
        ("Anna Roth", "named"),
        ("the union", "named"),
        ("the White House", "named"),
        ("a report", "document"),
        ("The Norvia Courier", "outlet"),
        ("Reuters", "outlet"),
        ("some customers", "anonymous"),
        ("he", "named"),
        ("they", "anonymous"),
        ("", "anonymous"),
    ],
)
def test_kinds_of_source(phrase: str, kind: str) -> None:
    assert source_type_of(phrase, None) == kind


def test_outlet_inside_a_phrase() -> None:
    phrase = "a Wall Street Journal article"
    found = outlet_in(phrase)
    assert found is not None
    assert phrase[slice(*found)] == "Wall Street Journal"
    assert outlet_in("the posts on the wall") is None


def test_clauses_cross_processes() -> None:
    clauses = tuple(clauses_in(annotation_of(FIRST, PUBLISHED)))
    assert pickle.loads(pickle.dumps(clauses)) == clauses


PIECES = (
    "Norvia refused denied said that will not never if he the minister to send of offer , . ? ! “ ” \" 's who which was being 25 % in May "
    "according than rather instead these \n \n\n \t \x00 🙂 — ( ) ; and or but neither nor because said it is"
)
WORDS = st.sampled_from(PIECES.split(" "))
TEXTS = st.one_of(st.lists(WORDS, max_size=60).map(" ".join), st.text(max_size=200))


@settings(max_examples=80)
@given(TEXTS)
def test_any_text(text: str) -> None:
    """Never raises; every span slices to its words; every id points at a row of the article."""
    rows = rows_in(text, PUBLISHED)
    ids = {r.row_id for table in (rows.figures, rows.dates, rows.quotes) for r in table}
    actors = {a.actor_id for a in rows.actors}
    for f in rows.facts:
        assert f.text == text[f.start : f.end]
        assert text[f.predicate_start : f.predicate_end]
        assert f.subject_start is None or f.subject == text[f.subject_start : f.subject_end]
        assert f.object_start is None or f.object == text[f.object_start : f.object_end]
        assert all(a.text == text[a.start : a.end] for a in f.arguments)
        assert {*f.figure_ids, *f.date_ids} <= ids
        assert f.quote_id is None or f.quote_id in ids
        assert {f.subject_actor_id, f.object_actor_id, f.source_actor_id, *(a.actor_id for a in f.arguments)} <= actors | {None}
    for x in rows.figures:
        assert {x.date_id, x.quote_id} <= ids | {None}
        assert x.actor_id is None or x.actor_id in actors


def test_long_sentence_takes_time_by_its_length() -> None:
    text = "He said " + "that she knew " * 3000 + "it."
    assert len(list(clauses_in(annotation_of(text)))) > 1000
