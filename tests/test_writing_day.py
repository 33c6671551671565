"""The day on which a text was written: that of publication, unless text and last change show another."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.conftest import annotation_of
from transforms.article.writing_day import writing_day

SUNDAY = dt.date(2024, 8, 4)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Shops close at six today.", SUNDAY),
        ("Shops close at six today (Monday).", dt.date(2024, 8, 5)),
        ("Shops close tonight, Saturday, at six.", dt.date(2024, 8, 3)),
        ("Shops close tomorrow (Tuesday).", dt.date(2024, 8, 5)),
        ("Shops close today (Monday), not tomorrow (Wednesday).", SUNDAY),  # two days: which it is cannot be told
        ("Shops close today (Thursday).", SUNDAY),  # too far off
        ("Today, Monday talks are all that is left.", SUNDAY),
    ],
)
def test_today_by_its_weekday(text: str, day: dt.date) -> None:
    assert writing_day(annotation_of(text, SUNDAY).article) == day


@pytest.mark.parametrize(
    ("text", "changed", "day"),
    [
        ("The fund grew in 2030.", "2031-03-02", dt.date(2031, 3, 2)),
        ("The fund grew last year.", "2031-03-02", SUNDAY),  # nothing shows that the text is a new one
        ("The fund grows until 2025.", "2025-03-02", SUNDAY),
    ],
)
def test_a_page_that_is_kept_up_to_date(text: str, changed: str, day: dt.date) -> None:
    article = annotation_of(text, SUNDAY).article
    assert writing_day(replace(article, updated_at=dt.datetime.fromisoformat(changed).replace(tzinfo=dt.UTC))) == day


def test_without_a_publication_day_there_is_none() -> None:
    assert writing_day(annotation_of("Shops close today (Monday).", None).article) is None
