"""Figures: properties that hold for any text, and the parts that case files do not reach."""

import datetime as dt
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.figure import Figure
from tests.conftest import annotation_of, article_of
from transforms.annotate import Annotated
from transforms.annotate.model import annotated
from transforms.article.home_country import home_of
from transforms.figures import figures_in
from transforms.figures.numbers import numbers_in

FIRST = Path(__file__).parent.parent / "seeds" / "articles" / "mexico-refuses-troops.txt"
PIECES = [
    "$", "£", "5", "1,200", "3.5", "%", " per cent", "bn", "m", " million", " to ", "-", "–", " and ", " or ", "one", "twenty", "half", " a third of ",
    "dozens", " of ", "between ", "from ", "rose ", "troops", "years", "-year-old", " aged ", "(", ")", ".", ",", "\n", '"', "’s", "km", "'", "/", ":", "½",
    "second", "No. ", "USD", "€", "minus ", "twice as ", "²", "٣", "é", "🙂", "\x00",
]  # fmt: skip


def checked(article: Annotated) -> list[Figure]:
    """The figures of an article, with what must hold for each of them."""
    found = list(figures_in(article))
    for f in found:
        assert article.text[f.start : f.end] == f.text
        assert f.text.strip() == f.text
        assert f.text
        for number in (f.value, f.low, f.high, f.value_normalised):
            assert number is None or math.isfinite(number)
        if f.bound == "range":
            assert f.value is None
            assert f.low is not None
            assert f.high is not None
            assert f.low < f.high
        assert f.kind != "money" or f.value is not None or f.low is not None
    starts = [f.start for f in found]
    assert starts == sorted(starts)
    assert all(a.end <= b.start for a, b in pairwise(found))
    return found


@settings(max_examples=120)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=30).map("".join))
def test_no_text_raises_and_offsets_slice(text: str) -> None:
    checked(next(annotated([article_of(text)])))


@given(st.text(max_size=200))
def test_numbers_lie_in_order_inside_the_text(text: str) -> None:
    reach = 0
    for number in numbers_in(text):
        assert reach <= number.start < number.end <= len(text)
        assert math.isfinite(number.value)
        reach = number.end


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "5",
        "$",
        "%",
        "half",
        "-",
        "9" * 5000,
        "1," * 3000,
        "one " * 3000,
        "5-" * 3000,
        '5" ' * 2000,
        "5' " * 2000,
        "5 and " * 2000,
    ],
)
def test_odd_texts(text: str) -> None:
    checked(annotation_of(text))


def test_first_article_has_exactly_five_figures() -> None:
    text = FIRST.read_text("utf-8")
    rows = [(f.text, f.kind, f.value, f.counted, f.counted_head, f.base, f.qualifier) for f in checked(annotation_of(text))]
    assert rows == [
        ("two", "count", 2.0, "countries", "country", None, None),
        ("25%", "percent", 25.0, "tariffs", "tariff", "all Mexican imports", None),
        ("25%", "percent", 25.0, "tariff", "tariff", "Mexican car imports", None),
        ("10,000", "count", 10000.0, "troops", "troop", None, None),
        ("29", "count", 29.0, "suspected cartel members", "member", None, "suspected"),
    ]


def test_the_amount_of_a_change_and_its_end_point_at_each_other() -> None:
    by, to = checked(annotation_of("Revenue rose 5% to $3bn."))
    assert (by.change, by.change_role, to.change, to.change_role) == ("up", "by", None, "to")
    assert by.related_figure_id == f"{to.start}:{to.end}"
    assert to.related_figure_id == f"{by.start}:{by.end}"


@pytest.mark.parametrize(
    ("fields", "currency", "origin"),
    [
        ({}, "USD", "symbol"),
        ({"canonical_url": "https://www.example.com.au/a"}, "AUD", "country"),
        ({"canonical_url": "https://news.example.ca/a"}, "CAD", "country"),
        ({"canonical_url": "https://example.com/a", "outlet": "The Straits Example"}, "SGD", "country"),
        ({"outlet": "Sydney Example"}, "AUD", "country"),
        ({"canonical_url": "https://example.co.uk/a"}, "USD", "symbol"),
    ],
)
def test_a_bare_dollar_is_the_home_countrys(fields: dict[str, str], currency: str, origin: str) -> None:
    one = annotation_of("It costs $40 million.")
    (figure,) = figures_in(Annotated(replace(one.article, **fields), one.doc))
    assert (figure.currency, figure.currency_origin) == (currency, origin)


def test_home_is_unknown_without_evidence() -> None:
    assert home_of(article_of("PARIS is warm.", dt.date(2024, 1, 1))) is None


@pytest.mark.slow
def test_a_long_text_takes_time_in_proportion() -> None:
    figures = checked(annotation_of("Sales rose 5% to $3bn in 2024, and 40 of 300 shops closed.\n\n" * 1500))
    assert len(figures) == 4 * 1500
