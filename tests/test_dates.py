"""Dates: what must hold on any text, and the small calendars under the rules. What a rule reads is in cases/dates/."""

import datetime as dt
import re
from dataclasses import replace

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import annotation_of, article_of
from transforms.annotate import Annotated
from transforms.annotate.tokens import complete
from transforms.article.datelines import dateline_day
from transforms.dates import dates_in
from transforms.dates.lexemes import _TOKEN, lexemes_in, vocabulary
from transforms.dates.pattern import compiled
from transforms.dates.periods import Period, back, cut
from transforms.dates.rules import RULES
from transforms.dates.rules.named_days import named_day
from transforms.words.lexicon import lexicon

BLANK = spacy.blank("en")
PUBLISHED = dt.date(2019, 11, 14)
FORMS = sorted(vocabulary().words)
PIECES = st.one_of(
    st.sampled_from(FORMS),
    st.sampled_from([f.capitalize() for f in FORMS]),
    st.sampled_from(
        [
            ",",
            ".",
            "-",
            "–",
            "'s",
            "’80s",
            "2010",
            "3",
            "31",
            "0930",
            "12:30",
            "1.5",
            "30th",
            "2008-02-30",
            "31/12/99",
            "\n",
            "99999999999",
            "$5",
            "%",
        ]
    ),
    st.integers(min_value=0, max_value=10**5).map(str),
)


def unparsed(text: str, published: dt.date | None) -> Annotated:
    """A text with tokens alone: rules must stand a parse that says nothing."""
    doc = BLANK(text)
    complete(doc)
    return Annotated(article_of(text, published), doc)


def assert_sane(article: Annotated) -> None:
    end = 0
    for row in dates_in(article):
        assert article.text[row.start : row.end] == row.text
        assert row.start >= end, "expressions overlap"
        assert row.text.strip() == row.text and row.text
        end = row.end
        if row.start_date and row.end_date:
            assert row.start_date <= row.end_date, row
        if row.anchor_origin == "none" and row.timex_type == "DATE":
            assert row.start_date is None and row.end_date is None
        assert row.relative == (row.anchor_origin != "explicit")


@given(st.text(max_size=300))
@settings(max_examples=150)
def test_any_text_is_stood(text: str) -> None:
    assert_sane(unparsed(text, PUBLISHED))


@given(st.lists(PIECES, max_size=25), st.one_of(st.none(), st.dates()))
@settings(max_examples=400)
def test_any_words_of_time_are_stood(pieces: list[str], published: dt.date | None) -> None:
    assert_sane(unparsed(" ".join(pieces), published))


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "may", "\x00 May 3 \x00", "🕐 3 p.m. 🎄 Christmas", "-" * 5000, "the " * 5000, "2010-" * 3000, "two " * 5000]
)
def test_odd_texts_are_stood(text: str) -> None:
    assert_sane(unparsed(text, PUBLISHED))


def test_a_long_text_takes_time_in_proportion() -> None:
    rows = list(dates_in(unparsed("He left on Monday and came back two days later. " * 5000, PUBLISHED)))
    assert len(rows) == 10_000


@given(
    st.sampled_from(["century", "decade", "year", "half", "quarter", "season", "month", "week", "weekend", "day"]),
    st.dates(),
    st.integers(-400, 400),
)
def test_periods_hold_their_days(unit: str, day: dt.date, by: int) -> None:
    period = Period.of(unit, day)  # type: ignore[arg-type]
    if period.real and unit != "weekend":
        assert period.start <= day <= period.end  # type: ignore[operator]
        assert period.value
    moved = period.shift(by)
    assert moved.shift(-by) == period
    for part in ("early", "mid", "late", "beginning", "end"):
        first, last = cut(moved, part)
        assert first is None or last is None or first <= last


@given(st.dates(), st.sampled_from(["day", "week", "month", "quarter", "year", "decade", "century", "hour"]), st.integers(-(10**7), 10**7))
def test_stepping_back_never_raises(day: dt.date, unit: str, amount: int) -> None:
    assert back(day, unit, amount) is None or isinstance(back(day, unit, amount), dt.date)


@pytest.mark.parametrize("name", sorted(lexicon("dates-named-days")))
def test_every_named_day_is_known(name: str) -> None:
    assert any(named_day(name, year) for year in (2019, 2020))


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("easter", 2024, dt.date(2024, 3, 31)),
        ("good friday", 2019, dt.date(2019, 4, 19)),
        ("thanksgiving", 2019, dt.date(2019, 11, 28)),
        ("memorial day", 2018, dt.date(2018, 5, 28)),
        ("black friday", 2010, dt.date(2010, 11, 26)),
        ("election day", 2016, dt.date(2016, 11, 8)),
        ("orthodox easter", 2019, dt.date(2019, 4, 28)),
        ("9/11", 2019, dt.date(2001, 9, 11)),
    ],
)
def test_named_days(name: str, year: int, day: dt.date) -> None:
    found = named_day(name, year)
    assert found is not None and found.start == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Firm opens shop\nMarch 06, 2008\nThe firm ...", dt.date(2008, 3, 6)),
        ("LONDON, May 3, 2010 (Agency) - The bank", dt.date(2010, 5, 3)),
        ("12 June 2011\n\nThe bank", dt.date(2011, 6, 12)),
        ("2011-06-12\n\nThe bank", dt.date(2011, 6, 12)),
        ("LONDON, May 3 (Agency) - The bank", None),
        ("The bank said on March 6, 2008 that", None),
        ("February 31, 2008\nThe bank", None),
    ],
)
def test_dateline(text: str, day: dt.date | None) -> None:
    assert dateline_day(text) == day


def test_never_today() -> None:
    rows = list(dates_in(annotation_of("He died yesterday, on Monday, last year, this morning and two days ago.")))
    assert rows and all(r.start_date is None and r.anchor_origin == "none" for r in rows)


def test_phrases_are_one_lexeme() -> None:
    assert [one.text for one in lexemes_in("a couple of twenty-five two and a half years")][:-1] == [
        "a couple of",
        "twenty-five",
        "two and a half",
        "years",
    ]


def test_a_pattern_names_known_kinds_only() -> None:
    with pytest.raises(ValueError, match="no word has the kind"):
        compiled("the nonsense", vocabulary())
    with pytest.raises(ValueError, match="not an item"):
        compiled("the (", vocabulary())


def test_rule_names_are_unique() -> None:
    names = [r.name for r in RULES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("address", "days"), [("https://example.co.za/a", ("2025-12-01", "2026-02-28")), ("https://example.co.uk/a", ("2026-06-01", "2026-08-31"))])  # fmt: skip
def test_summer_is_around_the_turn_of_the_year_in_the_south(address: str, days: tuple[str, str]) -> None:
    one = annotation_of("The shop will open in the summer.", dt.date(2025, 11, 28))
    (found,) = dates_in(Annotated(replace(one.article, canonical_url=address), one.doc))
    assert (str(found.start_date), str(found.end_date)) == days
    assert (found.timex_value or "").endswith("-SU")


WITHOUT_PLAIN = re.compile(re.sub(r"\(\?P<plain>.*\)\s*\|", "", _TOKEN.pattern), re.VERBOSE)


@given(st.one_of(st.text("aFQHYfq12 .,:/'’-–_sé\n", max_size=30), st.lists(PIECES, max_size=8).map(" ".join)))
def test_a_plain_word_is_one_without_the_short_way_too(text: str) -> None:
    short = [(m.span(), (m.lastgroup or "").replace("plain", "word")) for m in _TOKEN.finditer(text)]
    assert short == [(m.span(), m.lastgroup) for m in WITHOUT_PLAIN.finditer(text)]
