"""What holds for the values of any corpus: every unit reads as itself, sums are exact, nothing counted is a date, no number is lost, no act done is still to come."""

import datetime as dt
import functools
import json
import random
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from schemas.figure import Figure
from tests.conftest import rows_in
from tests.needs import SHARED
from transforms.figures.numbers import numbers_in
from transforms.figures.quantity import Quantity
from transforms.figures.units import quantity_of
from transforms.flow.rows import Rows
from transforms.words.lexicon import lexicon

SEEDS = Path(__file__).parent.parent / "seeds" / "wikinews.jsonl"
NEWS = SHARED / "news" / "bbc2225.jsonl"
UNDATED = "2005-03-01"  # for news that do not tell their day: about when they were written
SAMPLE = 24  # articles of each corpus; all of them take minutes
_SCALES = {"thousand": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6, "mln": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12, "tn": 10**12}  # fmt: skip
_SUM = re.compile(r"[^\d-]*(?P<digits>\d[\d,]*(?:\.\d+)?)[ -]?(?P<scale>[a-z]+)?(?=[ -]|\Z).*", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
UNITS = [
    (written, entry["name"], kind)
    for group in lexicon("figures-units").values()
    for entry in group.get("units", ())
    for kind in ("words", "symbols")
    for written in entry.get(kind, ())
]


def read(text: str) -> Quantity:
    quantity = quantity_of(text, next(numbers_in(text)), None)
    assert quantity is not None, text
    return quantity


@pytest.mark.parametrize(("written", "name", "kind"), UNITS)
def test_every_unit_word_reads_as_its_own_unit(written: str, name: str, kind: str) -> None:
    """Behind digits and behind a number in words, and of symbols right behind the digits; a metre's "12m" may be millions."""
    texts = [f"It has 12 {written} of it."]
    if kind == "words":
        texts.append(f"It has twelve {written} of it.")
    elif written != "m":
        texts.append(f"It has 12{written} of it.")
    for text in texts:
        quantity = read(text)
        assert quantity.unit_normalised == name, text
        assert text[: quantity.end].endswith(written), text


@functools.cache
def corpus() -> tuple[Rows, ...]:
    """The rows of a sample of the seeds, and of other news where that is at hand."""
    made = []
    for path in (SEEDS, NEWS):
        if path.exists():
            lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            drawn = random.Random(1).sample(lines, SAMPLE)
            made += [rows_in(one["text"], dt.date.fromisoformat(one.get("published_at", UNDATED)[:10])) for one in drawn]
    return tuple(made)


def in_sentence(figure: Figure, rows: Rows) -> Iterator[str]:
    """The words of the dates and of the other figures in a figure's sentence."""
    for row in (*rows.dates, *rows.figures):
        if row.sentence == figure.sentence and row.row_id != figure.row_id:
            yield row.text


@pytest.mark.slow
def test_nothing_counted_is_a_date_or_another_figure() -> None:
    wrong = [(f.text, f.counted, f.base) for rows in corpus() for f in rows.figures if {f.counted, f.base} & set(in_sentence(f, rows))]
    assert wrong == []


@pytest.mark.slow
def test_no_number_is_lost() -> None:
    """Each number in digits is a figure, part of a date, part of a name, or told as unclaimed."""
    lost = []
    for rows in corpus():
        text = rows.article.text or ""
        told = [(r.start, r.end) for r in (*rows.figures, *rows.dates, *rows.actors, *(rows.article.unclaimed or ()))]
        lost += [
            text[max(0, found.start() - 30) : found.end() + 30]
            for found in _NUMBER.finditer(text)
            if not any(start < found.end() and found.start() < end for start, end in told)
        ]
    assert lost == []


@pytest.mark.slow
def test_sums_are_the_nearest_double_of_what_is_written() -> None:
    checked = 0
    for rows in corpus():
        for f in rows.figures:
            written = _SUM.fullmatch(f.text)
            if f.kind != "money" or f.value is None or written is None or f.unit is not None:
                continue
            size = _SCALES.get((written["scale"] or "").lower())
            if size is None and written["scale"]:
                continue
            assert abs(f.value) == float(Decimal(written["digits"].replace(",", "")) * (size or 1)), f.text
            checked += 1
    assert checked > SAMPLE  # there is money in the news


@pytest.mark.slow
def test_what_is_counted_and_what_it_is_of_say_which_look_found_them() -> None:
    for rows in corpus():
        for f in rows.figures:
            assert (f.counted is None) == (f.counted_rule is None) == (f.counted_head is None), f.text
            assert (f.base is None) == (f.base_rule is None), f.text


@pytest.mark.slow
def test_nothing_done_was_done_after_the_day_it_is_told_on() -> None:
    dated = 0
    for rows in corpus():
        day = rows.article.published_local_date
        assert day is not None
        for f in rows.facts:
            if f.status in ("occurred", "ongoing") and f.happened_start is not None:
                assert f.happened_start <= day, (f.text, f.happened_start, day)
                dated += 1
    assert dated > SAMPLE


@pytest.mark.slow
def test_no_quote_holds_its_own_speaker_or_cue() -> None:
    spoken = 0
    for rows in corpus():
        for q in rows.quotes:
            for start, end in ((q.speaker_start, q.speaker_end), (q.cue_start, q.cue_end)):
                if start is not None and end is not None:
                    assert not any(s.start < end and start < s.end for s in q.content), (q.text, q.speaker_text, q.cue_text)
                    spoken += 1
    assert spoken > SAMPLE


@pytest.mark.slow
def test_what_never_happened_never_occurred() -> None:
    """A clause that a future, a condition, a chance, a purpose or a near miss governs has no status of something done."""
    unreal = {"future", "conditional-future", "condition", "whoever", "chance", "near-miss", "so-that", "purpose", "possible", "question"}
    for rows in corpus():
        for f in rows.facts:
            assert f.rule not in unreal or f.status not in ("occurred", "ongoing"), (f.text, f.rule)
