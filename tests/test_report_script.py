"""The report's script, function by function, in an empty page of Chromium: pieces of marked texts, columns of time, days and words."""

import datetime as dt
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.needs import lack, needs

pytestmark = needs("chromium")
if not lack("chromium"):
    from tests.browsing import chromium

ASSETS = Path(__file__).parent.parent / "pipeline" / "report" / "assets"
PURE = ("elements.js", "words.js", "charts.js", "marks.js", "filters.js")
DAYS = st.dates(dt.date(1, 1, 1), dt.date(2400, 12, 31))

Call = Callable[[str, Any], Any]


@pytest.fixture(scope="module")
def call() -> Iterator[Call]:
    """Calls a function of the script, given as an expression over `it`, with a value that JSON has."""
    with chromium() as browser:
        page = browser.new_page()
        for name in PURE:
            page.add_script_tag(content=(ASSETS / name).read_text("utf-8"))
        yield lambda expression, it: page.evaluate(f"(it) => {expression}", it)


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, list[dict[str, Any]]]:
    length = draw(st.integers(1, 40))
    rows = []
    for n in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, length - 1))
        rows.append({"table": "figures", "n": n, "start": start, "end": draw(st.integers(start + 1, length))})
    return length, rows


@settings(max_examples=60)
@given(made=spans())
def test_pieces_are_the_text_and_each_row_its_pieces(call: Call, made: tuple[int, list[dict[str, Any]]]) -> None:
    length, rows = made
    pieces = call("piecesOf(0, it.length, it.rows).map((p) => ({...p, rows: p.rows.map((r) => r.n)}))", {"length": length, "rows": rows})
    assert [p["start"] for p in pieces] == [0, *(p["end"] for p in pieces[:-1])] and pieces[-1]["end"] == length
    for row in rows:
        own = [p for p in pieces if row["n"] in p["rows"]]
        assert (own[0]["start"], own[-1]["end"]) == (row["start"], row["end"])
        assert sum(p["end"] - p["start"] for p in own) == row["end"] - row["start"]
        assert own[0]["begins"]
    for piece in pieces:
        lengths = [rows[n]["end"] - rows[n]["start"] for n in piece["rows"]]
        assert lengths == sorted(lengths), "the shortest first"


@settings(max_examples=60)
@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=40), ends=st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_characters_are_counted_as_offsets_count_them(call: Call, text: str, ends: tuple[int, int]) -> None:
    start, end = sorted(ends)
    told = call(
        "(() => { const c = new Characters(it.text); return [c.length, c.slice(it.start, it.end)]; })()",
        {"text": text, "start": start, "end": end},
    )
    assert told == [len(text), text[start:end]]


def day_of(told: str) -> dt.date:
    """A day of the script's; its first decade begins in a year 0, which Python does not have."""
    return dt.date.min if told.startswith("0000") else dt.date.fromisoformat(told)


@settings(max_examples=40)
@given(days=st.lists(st.tuples(DAYS, st.integers(1, 9)), min_size=1, max_size=12))
def test_columns_have_no_gaps_and_lose_nothing(call: Call, days: list[tuple[dt.date, int]]) -> None:
    told = call("binned(it)", [[day.isoformat(), count] for day, count in days])
    bins = told["bins"]
    assert len(bins) <= 82
    assert sum(each["count"] for each in bins) == sum(count for _, count in days)
    ends = [(day_of(each["from"]), day_of(each["to"])) for each in bins]
    assert all(before[1] + dt.timedelta(1) == after[0] for before, after in itertools.pairwise(ends))
    for (first, last), each in zip(ends, bins, strict=True):
        assert each["count"] == sum(count for day, count in days if first <= day <= last)


@given(value=st.integers(1, 10**9))
@settings(max_examples=40)
def test_a_scale_ends_in_a_round_number_that_is_enough(call: Call, value: int) -> None:
    top = call("rounded(it)", value)
    assert value <= top <= 2.5 * value and float(top).is_integer()


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2025-05-05", "2025-05-05", "5 May 2025"),
        ("2024-01-01", "2024-12-31", "2024"),
        ("2019-01-01", "2024-12-31", "2019 to 2024"),
        ("2024-02-01", "2024-02-29", "February 2024"),
        ("2023-02-01", "2023-02-28", "February 2023"),
        ("2025-04-01", "2025-06-30", "April to June 2025"),
        ("2025-05-03", "2025-05-05", "3 to 5 May 2025"),
        ("2024-12-30", "2025-01-02", "30 December 2024 to 2 January 2025"),
        ("2025-05-03", None, "from 3 May 2025"),
        (None, "2025-05-03", "until 3 May 2025"),
        ("0079-08-24", "0079-08-24", "24 August 79"),
    ],
)
def test_periods_are_as_short_as_they_are_exact(call: Call, start: str | None, end: str | None, told: str) -> None:
    assert call("period(it[0], it[1])", [start, end]) == told


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("Flood  insurance", ["flood", "insurance"]),
        ('"flood insurance" Zürich', ["flood insurance", "zurich"]),
        ('"', []),
        ("  ", []),
        ('a "b', ["a", '"b']),
    ],
)
def test_words_that_are_looked_for(call: Call, asked: str, words: list[str]) -> None:
    assert call("wordsOf(it)", asked) == words


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(1, 3, "33 %"), (1, 40, "2.5 %"), (1, 5000, "< 0.1 %"), (0, 7, "0.0 %"), (0, 0, "0.0 %"), (7, 7, "100 %")]
)
def test_shares(call: Call, part: int, whole: int, told: str) -> None:
    assert call("percent(it[0], it[1])", [part, whole]) == told


def test_filters_come_back_from_their_address(call: Call) -> None:
    given_ = {"words": 'a "b&c" #=?', "outlet": "Zürich & Co", "order": "oldest"}
    back = call("filtersOf(queryOf(it).slice(1))", given_)
    assert {name: value for name, value in back.items() if value} == given_
    assert json.loads(json.dumps(call("queryOf(it)", {}))) == ""
