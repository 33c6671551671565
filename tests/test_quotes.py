"""Quotes: what holds on any text, and the first article's quotations."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.arrow import complaints
from schemas.quote import Quote
from tests.conftest import annotation_of, article_of, rows_in
from transforms.annotate.model import annotated
from transforms.article.marks import marked_in
from transforms.quotes import quotes_in

FIRST = (Path(__file__).parent.parent / "seeds" / "articles" / "mexico-refuses-troops.txt").read_text("utf-8")
SHEINBAUM, TRUMP, HOUSE = "Claudia Sheinbaum", "Donald Trump", "White House"
WORDS = [
    "“",
    "”",
    '"',
    "'",
    "’",
    "‘",
    "«",
    "»",
    "''",
    "said",
    "Ana Brel",
    "she",
    "that",
    ",",
    ".",
    "\n\n",
    "\n",
    ":",
    "—",
    "told",
    "no",
    "\x00",
    "😀",
    "it is",
    "to go",
]
marked_text = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join) | st.lists(st.sampled_from(WORDS), max_size=40).map("".join)


def spoken(text: str) -> list[tuple[str, str, str | None]]:
    """(kind, content, canonical name of the speaker) of each quote of a text."""
    rows = rows_in(text)
    names = {a.actor_id: a.canonical_name for a in rows.actors}
    return [(q.kind, q.text, names.get(q.speaker_actor_id or "")) for q in rows.quotes]


@pytest.mark.parametrize(
    ("kind", "words", "speaker"),
    [
        ("mixed", "“subordinate”", SHEINBAUM),
        ("direct", "It is true… he said, ‘I propose", SHEINBAUM),
        ("direct", "I propose that the US army enter to help.", TRUMP),
        ("mixed", "“to achieve the most secure southwest border in history”", HOUSE),
        ("direct", "The president has been crystal clear", HOUSE),
        ("mixed", "“essentially run by the cartels,”", TRUMP),
        ("mixed", "“wage war”", TRUMP),
        ("indirect", "Mexico’s willingness to cooperate", SHEINBAUM),
        ("indirect", "if Trump wishes to assist, he should focus", SHEINBAUM),
        ("indirect", "Sheinbaum rejected the proposal", "Sources"),
        ("indirect", "Trump had pressured her", "Wall Street Journal"),
    ],
)
def test_first_article(kind: str, words: str, speaker: str) -> None:
    found = [q for q in spoken(FIRST) if q[0] == kind and words in q[1]]
    assert found, f"no {kind} quote holds {words!r}"
    assert found[-1][2] in (speaker, None if speaker == "Sources" else speaker)


def test_first_article_channel() -> None:
    said = next(q for q in rows_in(FIRST).quotes if q.text.startswith("The president has been"))
    assert (said.channel, said.cue_text, said.speaker_text) == ("statement", "said", "the statement")


def sound(text: str, quotes: list[Quote]) -> None:
    """What every row must keep: offsets slice, contents lie in order inside the hull, no column breaks its schema."""
    for q in quotes:
        assert q.text == text[q.start : q.end]
        assert not complaints(q)
        assert q.content
        assert (q.content[0].start, q.content[-1].end) == (q.start, q.end)
        assert all(c.start < c.end for c in q.content)
        assert all(a.end <= b.start for a, b in itertools.pairwise(q.content))
        assert all(q.start <= s.start < s.end <= q.end for s in q.quoted)
        assert bool(q.quoted) == (q.kind != "indirect")
        for part in ("speaker", "cue"):
            start, end = getattr(q, f"{part}_start"), getattr(q, f"{part}_end")
            assert getattr(q, f"{part}_text") == (text[start:end] if start is not None else None)


@settings(max_examples=150)
@given(marked_text)
def test_any_marks(text: str) -> None:
    sound(text, list(quotes_in(annotation_of.__wrapped__(text))))


@settings(max_examples=300)
@given(st.text(alphabet="“”‘’\"'«»„ab .,\n", max_size=60))
def test_stretches_lie_in_each_other_or_apart(text: str) -> None:
    found = marked_in(text)
    for n, m in enumerate(found):
        assert 0 <= m.outer_start < m.start <= m.end <= m.outer_end <= len(text)
        if m.parent is not None:
            around = found[m.parent]
            assert m.parent < n
            assert around.outer_start < m.outer_start and m.outer_end <= around.outer_end
    outermost = [m for m in found if m.parent is None]
    assert all(a.outer_end <= b.outer_start for a, b in itertools.pairwise(outermost))


@pytest.mark.parametrize("odd", ["“", "”", '"', "‘", "’", "'", "«", "»"])
def test_an_odd_mark_costs_at_most_its_own_quotation(odd: str) -> None:
    text = f"The {odd}plan is old.\n\n“It costs too much,” Tom Reed said.\n\n“We have no choice,” Ana Brel said."
    found = {(q.text, q.speaker_text) for q in rows_in(text).quotes}
    assert {("It costs too much,", "Tom Reed"), ("We have no choice,", "Ana Brel")} <= found


def test_long_text_without_an_end_is_read_in_time() -> None:
    text = "“a, she said, “b " * 1_000
    assert len(marked_in(text)) <= 2_000
    sound(text, list(quotes_in(annotation_of.__wrapped__(text))))


@pytest.mark.parametrize(
    ("speaker", "who"),
    [
        ("A statement by Halvorsen Motors", "Halvorsen Motors"),
        ("A letter from the Halden Council", "Halden Council"),
        ("A report by two students", None),
        ("A driver from Halvorsen Motors", None),
    ],
)
def test_a_document_speaks_for_whoever_put_it_out(speaker: str, who: str | None) -> None:
    assert [found[2] for found in spoken(f"{speaker} said that sales had fallen.")] == [who]


def test_what_somebody_also_is_speaks_with_nobody() -> None:
    found = spoken(
        "It was hard, said former Olympian and BBC pundit Stephen Crane. Minister Ann Lee and mayor Tom Roe said that it was late."
    )
    assert [who for _, _, who in found] == ["Stephen Crane", None]


def test_empty_text() -> None:
    assert list(quotes_in(annotation_of(""))) == []


def test_a_headline_with_a_colon_in_another_language_is_left_alone() -> None:
    article = replace(article_of("Ministro: El puente se abrirá\n\n“Sí”, dijo."), language="es")
    assert list(quotes_in(next(annotated([article])))) == []
