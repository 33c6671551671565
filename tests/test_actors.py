"""Actors: what holds for any text, the user's gazetteer, and the first article's clusters."""

import datetime as dt
import itertools
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.actor import Actor
from tests.conftest import annotation_of, article_of, rows_in
from transforms.actors import actors_in
from transforms.actors.gazetteer import GazetteerError, clear, gazetteer, use
from transforms.annotate import Annotated
from transforms.annotate.model import annotated

ARTICLE = Path(__file__).parent.parent / "seeds" / "articles" / "mexico-refuses-troops.txt"
WORDS = """Ana Brel|President|Mr|Mrs|the|US|U.S.|Apple Inc.|GM|(|)|’s|'s|“|”|"|,|.|\n|\n\n|he|She|it|their|said|and|of|the company|Germans
former|-|’|\x00|🙂|é| |chief executive"""
PIECES = st.sampled_from(WORDS.split("|"))
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES, max_size=30).map("".join))


def rows_of_text(text: str) -> list[Actor]:
    return list(actors_in(next(annotated([article_of(text)]))))


@settings(max_examples=150)
@given(TEXTS)
def test_any_text(text: str) -> None:
    """Nothing raises; offsets slice; a cluster has one type and name; named mentions don't overlap; twice gives the same."""
    rows = rows_of_text(text)
    assert all(text[r.start : r.end] == r.text and r.text for r in rows)
    clusters: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    for row in rows:
        clusters[row.actor_id].add((row.type, row.canonical_name, row.external_id))
    assert all(len(same) == 1 for same in clusters.values())
    names = sorted((r.start, r.end) for r in rows if r.mention == "name")
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(names))
    assert rows == rows_of_text(text)


def test_empty_and_long() -> None:
    assert rows_of_text("") == []
    assert rows_of_text("x") == []
    long = "President Ana Brel met Mr Olsen of Apple Inc. in Oslo. He thanked her. " * 300
    assert {r.canonical_name for r in rows_of_text(long) if r.type == "person"} == {"Ana Brel", "Olsen"}


def first_article() -> list[Actor]:
    return list(rows_in(ARTICLE.read_text("utf-8"), dt.date(2025, 5, 5)).actors)


def test_first_article_has_one_cluster_an_actor() -> None:
    rows = first_article()
    clusters: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        if row.mention == "name":
            clusters[row.canonical_name, row.type].add(row.actor_id)
    named = {
        ("Claudia Sheinbaum", "person"),
        ("Donald Trump", "person"),
        ("Mexico", "place"),
        ("United States", "place"),
        ("White House", "organisation"),
        ("Wall Street Journal", "organisation"),
        ("Canada", "place"),
    }
    assert set(clusters) == named
    assert all(len(ids) == 1 for ids in clusters.values())
    said = {(r.text, r.title) for r in rows if r.title}
    assert {("Claudia Sheinbaum", "Mexican President"), ("Donald Trump", "US President"), ("Trump", "President")} <= said
    president = next(r for r in rows if r.text == "the US president")
    assert (president.mention, president.canonical_name) == ("nominal", "Donald Trump")
    assert all(r.canonical_name == "Claudia Sheinbaum" for r in rows if r.text in ("she", "She", "her"))


def test_plurals_far_apart_are_not_one_group() -> None:
    """Students of one town are not those of another paragraphs below; "the students" are the last who were called so."""
    fill = " ".join("The mill in Norvia was sold on Monday for a small sum." for _ in range(11))
    text = f"Students marched in Oslo. Later, students sang.\n\n{fill}\n\nIn Quito students went home. The students were tired."
    ids = [a.actor_id for a in rows_in(text).actors if a.text.lower().endswith("students")]
    assert len(ids) == 4
    assert ids[0] == ids[1] != ids[2] == ids[3]


def test_order_of_articles_changes_nothing() -> None:
    texts = ["Ana Brel met Jan Olsen in Oslo.", "Chrysler said it would cut jobs.", "The US president left."]
    forward = [list(actors_in(a)) for a in annotated([article_of(t) for t in texts])]
    backward = [list(actors_in(a)) for a in annotated([article_of(t) for t in reversed(texts)])]
    assert forward == backward[::-1]


@pytest.fixture
def own_names(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text("name,aliases,type,id\nNorvia Grid,Norvia|the Grid,organisation,Q1\nZedo Brel,,person,Q2\n", "utf-8")
    return path


def annotation(text: str) -> Annotated:
    return annotation_of(text)


def test_gazetteer_settles_type_and_id(own_names: Path) -> None:
    article = annotation("Zedo Brel of Norvia spoke. Norvians cheered the Grid.")
    use(gazetteer(own_names))
    try:
        rows = list(actors_in(article))
    finally:
        clear()
    found = [(r.text, r.type, r.canonical_name, r.external_id) for r in rows if r.rule == "gazetteer-name"]
    assert found == [
        ("Zedo Brel", "person", "Zedo Brel", "Q2"),
        ("Norvia", "organisation", "Norvia Grid", "Q1"),
        ("the Grid", "organisation", "Norvia Grid", "Q1"),
    ]
    assert len({r.actor_id for r in rows if r.external_id == "Q1"}) == 1
    assert all(r.external_id is None for r in actors_in(article))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name,id\nA,1\n", "no column type"),
        ("name,type\n,person\n", "line 2: no name"),
        ("name,type\nA,ship\n", "type 'ship' is none of"),
        ("name,type\n", "no names"),
    ],
)
def test_gazetteer_that_is_none(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(GazetteerError, match=complaint):
        gazetteer(path)
