"""Rows on a screen: whatever they hold and however wide it is, no number, date or status is cut."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from pipeline.answers.layout import CUT, LONGEST, columns_of, fitting, marked, number, safe, shortened, widths_in, wrapped
from pipeline.answers.named import HOME
from pipeline.answers.screen import laid_out, say

STATUSES = st.sampled_from(["occurred", "refused", "planned", "hypothetical", "EUR", "at_least", "percentage_point"])
NUMBERS = st.one_of(st.integers(-(10**18), 10**18), st.floats(allow_nan=True), st.decimals(-(10**20), 10**20, places=4), st.booleans())
DATES = st.one_of(st.dates(), st.datetimes(timezones=st.just(dt.UTC)))
PROSE = st.text(st.characters(exclude_categories=("Cs",)), max_size=400)
VALUES = st.one_of(st.none(), STATUSES, NUMBERS, DATES, PROSE)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[Any]]]:
    kinds = draw(st.lists(st.sampled_from([STATUSES, NUMBERS, DATES, PROSE]), min_size=1, max_size=9))
    names = [draw(st.text("abcdefgh_", min_size=1, max_size=20)) for _ in kinds]
    return names, draw(st.lists(st.tuples(*kinds).map(list), min_size=1, max_size=4))


def printed(lines: Any, width: int) -> str:
    console = Console(width=width, file=io.StringIO(), highlight=False)
    say(list(lines), console)
    shown = console.file
    assert isinstance(shown, io.StringIO)
    return shown.getvalue()


@given(tables(), st.integers(1, 250))
def test_no_number_date_or_status_is_cut(table: tuple[list[str], list[list[Any]]], width: int) -> None:
    names, rows = table
    shown = printed(laid_out(columns_of(names, rows, longest=LONGEST), {}, len(rows), width), width)
    lines = [line.split() for line in shown.splitlines()]
    for row in rows:
        for value in row:
            if value is not None and not isinstance(value, str):
                words = safe(value).split()
                assert any(line[at : at + len(words)] == words for line in lines for at in range(len(line))), (value, shown)


@given(tables(), st.integers(1, 250))
def test_statuses_stand_whole(table: tuple[list[str], list[list[Any]]], width: int) -> None:
    names, rows = [*table[0], "status"], [[*row, "hypothetical"] for row in table[1]]
    shown = printed(laid_out(columns_of(names, rows, longest=LONGEST), {}, len(rows), width), width)
    assert sum("hypothetical" in line.split() for line in shown.splitlines()) >= len(rows)


@given(tables(), st.integers(1, 250))
def test_every_line_of_a_table_fits(table: tuple[list[str], list[list[Any]]], width: int) -> None:
    names, rows = table
    columns = columns_of(names, rows, longest=LONGEST)
    if widths_in(columns, width) is not None:
        assert all(cell_len(line) <= width for line in printed(laid_out(columns, {}, len(rows), width), width).split("\n"))


@given(tables())
def test_nothing_of_a_text_is_lost_where_all_is_asked_for(table: tuple[list[str], list[list[Any]]]) -> None:
    names, rows = table
    shown = printed(laid_out(columns_of(names, rows, longest=None), {}, len(rows), 300), 300)
    kept = "".join(shown.split())
    for row in rows:
        for value in row:
            for word in safe(value).split():
                assert "".join(word.split())[:60] in kept or len(word) > 100


@given(tables(), st.integers(1, 250))
def test_columns_that_are_left_out_are_the_last(table: tuple[list[str], list[list[Any]]], width: int) -> None:
    columns = columns_of(*table, longest=LONGEST)
    chosen = fitting(columns, width)
    full = [c for c in columns if any(c.cells)]
    assert chosen == full[: len(chosen)] and (chosen or not full)


@given(PROSE, st.integers(1, 100))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    shown = safe(text)
    lines = wrapped(shown, width)
    assert "".join("".join(lines).split(" ")) == "".join(shown.split(" "))
    assert all(cell_len(line) <= width or len(line) == 1 for line in lines)


@given(PROSE, st.integers(20, 300))
def test_what_is_shortened_says_so(text: str, longest: int) -> None:
    short = shortened(text, longest)
    assert short == text if len(text) <= longest else CUT in short and len(short) <= longest


def test_a_shortened_sentence_keeps_what_it_is_about() -> None:
    sentence = "word " * 100 + "«the span»" + " word" * 100 + "."
    assert "«the span»" in shortened(sentence, LONGEST)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (34299999999.999996, "34,300,000,000"),
        (700e9, "700,000,000,000"),
        (484.68, "484.68"),
        (0.1, "0.1"),
        (-5.0, "-5"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (Decimal("1.50"), "1.50"),
        (Decimal("12345678901234567890"), "12,345,678,901,234,567,890"),
        (1 / 3, "0.333333333333333"),
    ],
)
def test_numbers_as_people_read_them(value: float | Decimal, shown: str) -> None:
    assert number(value) == shown


def test_ids_are_short_on_a_screen_and_whole_elsewhere() -> None:
    name = "0123456789abcdef" * 2
    assert columns_of(["row_id"], [[name]], longest=LONGEST)[0].cells == (name[:12],)
    assert columns_of(["row_id"], [[name]], longest=None)[0].cells == (name,)


def test_a_mark_goes_on_from_line_to_line() -> None:
    bold = [[(span.start, span.end) for span in line.spans] for line in marked(["a «b", "c", "d» e «f»", "g"])]
    assert bold == [[(2, 4)], [(0, 1)], [(0, 2), (5, 8)], []]


def test_an_address_is_not_broken_on_the_way_home() -> None:
    url = "https://news.example/" + "a" * 200
    rows = [["refused", "T", "Outlet", dt.date(2025, 5, 5), "A «b» c.", url, None, "0" * 32, "1" * 32]]
    columns = columns_of(["status", *HOME], rows, longest=None)
    lines = [line.plain for line in laid_out(columns[:1], {c.name: c for c in columns[1:]}, 1, 40)]
    assert any(url in line for line in lines)
