"""What must come out: the properties "of any text" hold as well where nothing is read, so here each text has what is to be found in it."""

import datetime as dt
import gzip
import itertools
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Article
from tests.conftest import article_of, rows_in
from tests.reading import articles, read, rejects
from transforms.annotate import Annotated
from transforms.annotate.tokens import complete
from transforms.article.marks import marked_in
from transforms.dates import dates_in
from transforms.figures.numbers import numbers_in

PUBLISHED = dt.date(2024, 5, 6)
BLANK = spacy.blank("en")
NOISE = st.text(alphabet="abc xyz,;()\n", max_size=20)

# --- numbers and dates: read without a parse


@given(NOISE, st.integers(0, 10**12), NOISE)
def test_a_number_written_in_digits_is_read(before: str, number: int, after: str) -> None:
    assert [n.value for n in numbers_in(f"{before} {number:,} tonnes {after}")] == [number]


@given(st.integers(1, 999), st.integers(0, 99), st.sampled_from([("million", 10**6), ("billion", 10**9), ("trillion", 10**12)]))
def test_a_number_with_its_scale_is_read_whole(whole: int, hundredths: int, scale: tuple[str, int]) -> None:
    (found,) = numbers_in(f"it paid {whole}.{hundredths:02d} {scale[0]} crowns")
    assert found.value == pytest.approx((whole + hundredths / 100) * scale[1])


DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
WRITTEN = ["{d.day} {m} {d.year}", "{m} {d.day}, {d.year}", "{d:%Y-%m-%d}", "the {d.day}{th} of {m}, {d.year}", "{d.day} {s} {d.year}"]


def told(day: dt.date, form: str) -> str:
    th = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return form.format(d=day, m=f"{day:%B}", s=f"{day:%b}", th=th)


@given(NOISE, DAYS, st.sampled_from(WRITTEN))
@settings(max_examples=200, deadline=None)
def test_a_day_written_in_full_is_that_day(before: str, day: dt.date, form: str) -> None:
    doc = BLANK(f"{before}. The mill was closed on {told(day, form)}, it said.")
    complete(doc)
    found = list(dates_in(Annotated(article_of(doc.text, PUBLISHED), doc)))
    assert (day, day) in [(d.start_date, d.end_date) for d in found]


@given(st.integers(2, 300), st.sampled_from(["days", "weeks", "months", "years"]))
@settings(max_examples=100, deadline=None)
def test_what_is_some_time_ago_is_found_and_before_today(amount: int, unit: str) -> None:
    doc = BLANK(f"The mill was closed {amount} {unit} ago.")
    complete(doc)
    (found,) = dates_in(Annotated(article_of(doc.text, PUBLISHED), doc))
    assert found.text == f"{amount} {unit} ago"
    assert found.end_date is not None
    assert found.end_date < PUBLISHED


# --- quotation marks

MARKS = [("“", "”"), ('"', '"'), ("«", "»"), ("„", "“")]
WORDS = st.text(alphabet="abc xyz,", min_size=1, max_size=30).map(lambda words: f"a{words}z")


@given(st.sampled_from(MARKS), st.lists(WORDS, min_size=1, max_size=5))
def test_each_stretch_in_marks_is_found(marks: tuple[str, str], stretches: list[str]) -> None:
    opening, closing = marks
    text = " he said. ".join(f"{opening}{words}{closing}" for words in stretches) + " he said."
    assert [text[m.start : m.end] for m in marked_in(text)] == stretches


# --- rows: whole sentences, each with what it says

NAMES = ["Ann Lee", "Tom Reed", "Maria Gonzalez", "David Miller"]
SPEECH = ["We will not sell the mill", "The bridge is safe", "Nobody was hurt in the fire"]


@pytest.mark.parametrize(("name", "speech"), itertools.product(NAMES, SPEECH))
def test_a_quotation_has_its_words_and_its_speaker(name: str, speech: str) -> None:
    for text in (f"“{speech},” said {name}.", f"“{speech},” {name} said on Monday.", f"{name} said: “{speech}.”"):
        found = rows_in(text, PUBLISHED)
        assert [(q.text.rstrip(",."), q.speaker_text, q.kind) for q in found.quotes] == [(speech, name, "direct")], text
        names = {a.actor_id: a.canonical_name for a in found.actors}
        assert [names.get(q.speaker_actor_id or "") for q in found.quotes] == [name], text


@pytest.mark.parametrize(
    ("what", "kind", "value"),
    [
        ("1,200 workers", "count", 1200),
        ("$3bn", "money", 3e9),
        ("£2.5 million", "money", 2.5e6),
        ("twelve ships", "count", 12),
        ("40 tonnes", "measure", 40),
    ],
)
@pytest.mark.parametrize(
    "sentence", ["The company lost {}.", "Acme lost {} last year.", "It said on Monday that the town had lost {} in May."]
)
def test_a_figure_has_its_kind_and_value(sentence: str, what: str, kind: str, value: float) -> None:
    found = rows_in(sentence.format(what), PUBLISHED).figures
    assert [(f.kind, f.value) for f in found] == [(kind, value)]


@pytest.mark.parametrize("verb", ["closed", "bought", "sold", "opened"])
@pytest.mark.parametrize("thing", ["the mill", "a bridge", "two ships"])
@pytest.mark.parametrize("who", ["The company", "Ann Lee", "The city council"])
def test_a_plain_sentence_is_a_fact(who: str, verb: str, thing: str) -> None:
    facts = rows_in(f"{who} {verb} {thing} on Monday.", PUBLISHED).facts
    found = [(f.subject, f.predicate, f.object, f.status, f.polarity, f.modality) for f in facts]
    assert found == [(who, verb, thing, "occurred", "positive", "asserted")]
    assert facts[0].happened_start == facts[0].happened_end == PUBLISHED


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sentence", ["President {} met reporters.", "The police arrested {} in May.", "Reporters met {}, 51, there."])
def test_a_name_is_an_actor(name: str, sentence: str) -> None:
    actors = rows_in(sentence.format(name), PUBLISHED).actors
    assert [(a.canonical_name, a.type) for a in actors if a.text == name] == [(name, "person")]


# --- reading: bytes that hold articles give articles

TEXTS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["Cs", "Cc"]), min_size=3, max_size=40)


def read_bytes(name: str, content: bytes) -> list[Article]:
    with TemporaryDirectory() as folder:
        records = read(Path(folder, name), content)
        assert rejects(records) == []
        return articles(records)


@given(st.lists(TEXTS.map(lambda t: f"Story {t} end"), min_size=1, max_size=6), st.booleans())
@settings(max_examples=50, deadline=None)
def test_lines_that_hold_texts_are_articles(texts: list[str], packed: bool) -> None:
    content = "".join(json.dumps({"text": t}) + "\n" for t in texts).encode()
    found = read_bytes("a.jsonl", gzip.compress(content) if packed else content)
    assert [a.text for a in found] == texts


@given(st.lists(st.integers(0, 99), min_size=1, max_size=6, unique=True))
@settings(max_examples=50, deadline=None)
def test_entries_that_hold_texts_are_articles(numbers: list[int]) -> None:
    wanted = [f"The town said that bridge {n} stays closed & guarded." for n in numbers]
    items = "".join(f"<item><title>Story</title><description>{escape(escape(text))}</description></item>" for text in wanted)
    found = read_bytes("a.rss", f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode())
    assert [(a.text or "")[a.body_start :].strip() for a in found] == wanted


@given(st.lists(TEXTS, min_size=2, max_size=6), st.data())
@settings(max_examples=50, deadline=None)
def test_wherever_lines_are_cut_those_before_are_articles(texts: list[str], data: st.DataObject) -> None:
    lines = [json.dumps({"text": f"Story {t} end"}).encode() + b"\n" for t in texts]
    whole = data.draw(st.integers(1, len(lines) - 1))
    cut = b"".join(lines[:whole]) + lines[whole][: data.draw(st.integers(1, len(lines[whole]) - 3))]
    with TemporaryDirectory() as folder:
        found = articles(read(Path(folder, "a.jsonl"), cut))
    assert [a.text for a in found] == [f"Story {t} end" for t in texts[:whole]]
