"""What no row covers is told: of each sort that is worth reading one that must be told, and one that a row covers."""

import datetime as dt

import pytest

from tests.conftest import rows_in
from transforms.article.marks import Marks, marked_in
from transforms.link.unclaimed import unclaimed_in


def unclaimed(text: str, *covered: str) -> list[str]:
    spans = [(text.index(words), text.index(words) + len(words)) for words in covered]
    return [text[s.start : s.end] for s in unclaimed_in(text, spans)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It sold 1,234.5 tonnes and 7 more.", ["1,234.5", "7"]),
        ("See A4 and B-52s.", ["4", "52"]),
        ("On Monday and Thursday, yesterday, and tomorrow.", ["Monday", "Thursday", "yesterday", "tomorrow"]),
        ("In January, April, September and December.", ["January", "April", "September", "December"]),
        ('She said “no”, he said "yes", «oui» and „ja“.', ["“", "”", '"', '"', "«", "»", "„", "“"]),
        ("It may rain in march on a sunday; Mayday, Apriltag.", []),  # no date words, or parts of other words
        ("It’s the mill's.", []),  # apostrophes mark no quotation
        ("", []),
    ],
)
def test_where_there_are_no_rows_all_that_looks_like_a_fact_is_told(text: str, told: list[str]) -> None:
    assert unclaimed(text) == told


@pytest.mark.parametrize(
    ("text", "covered", "told"),
    [
        ("It sold 40 ships and 7 boats.", ["40 ships"], ["7"]),
        ("It sold 40 ships and 7 boats.", ["7"], ["40"]),
        ("It met on Monday, 5 May, and on Tuesday.", ["Monday, 5 May"], ["Tuesday"]),
        ("“No,” she said. “Never.”", ["No,"], ["“", "”"]),  # the marks of the second alone
        ("“No,” so she said.", ["she said"], ["“", "”"]),  # a row further off covers no mark
        ("“No", [], ["“"]),
        ("It sold 40, 50 and 60.", ["40, 50 and 60"], []),
    ],
)
def test_what_a_row_touches_is_not_told_and_all_else_is(text: str, covered: list[str], told: list[str]) -> None:
    assert unclaimed(text, *covered) == told


def test_a_mark_just_outside_of_its_content_is_covered_and_a_number_there_is_not() -> None:
    assert unclaimed('" No, "', "No,") == []
    assert unclaimed('"  No,  "', "No,") == ['"', '"']
    assert unclaimed("9 No, 8", "No,") == ["9", "8"]


def test_a_long_row_covers_what_shorter_ones_inside_it_leave() -> None:
    text = "He said it sold 40 ships, 50 boats and 60 rafts in May."
    assert unclaimed(text, "it sold 40 ships, 50 boats and 60 rafts", "40 ships") == []


def test_an_article_tells_what_its_rows_leave() -> None:
    """A number in a code and a lone mark are in no row; the figure, the date and the quotation are."""
    text = "Acme Corp sold 40 ships on Monday. “We are pleased,” said Ann Lee. Its hotline is XK-9417Q. A stray ” stands here."
    article = rows_in(text, dt.date(2024, 5, 6)).article
    assert [text[s.start : s.end] for s in article.unclaimed] == ["9417", "”"]
    assert article.unclaimed[1].start == text.rindex("”")


def test_single_marks_are_told_where_they_mark_something() -> None:
    text = "The boys’ school isn't the ‘old’ one, nor ''new'', it 'may' be. ‘No,’ she said."
    singles = Marks(marked_in(text)).singles(text)
    covered = [(text.index("No"), text.index("No") + len("No,"))]
    told = list(unclaimed_in(text, covered, singles=singles))
    assert [text[s.start - 3 : s.end + 1] for s in told] == ["he ‘o", "old’ ", "it 'm", "may' "]
