"""Years of two digits, and days that lie ahead of the reading: which century, and what is believed."""

import datetime as dt
from pathlib import Path

import pytest

from tests.conftest import rows_in
from tests.reading import FETCHED, articles, read, rejects
from tests.test_read_pages import page
from tests.test_read_warc import response
from transforms.dates.rules.explicit import full_year
from transforms.read.dates import moment_of_feed


@pytest.mark.parametrize(
    ("written", "year"), [("00", 2000), ("26", 2026), ("49", 2049), ("50", 1950), ("59", 1959), ("68", 1968), ("69", 1969), ("99", 1999)]
)
def test_a_feeds_year_of_two_digits_is_read_as_rfc_2822_says(written: str, year: int) -> None:
    """Other readers turn at 69, as C's strptime does: the years 50 to 68 tell the two apart."""
    for given in (f"06 Mar {written} 10:00:00 GMT", f"Mon, 6 Mar {written}", f"6-Mar-{written}"):
        moment = moment_of_feed(given)
        assert moment is not None
        assert moment.local_date == dt.date(year, 3, 6)


@pytest.mark.parametrize(
    ("written", "year"), [("08", 2008), ("30", 2030), ("31", 1931), ("50", 1950), ("62", 1962), ("69", 1969), ("87", 1987)]
)
def test_a_texts_year_of_two_digits_is_of_this_century_up_to_thirty(written: str, year: int) -> None:
    assert full_year(int(written)) == year
    rows = rows_in(f"The mill was closed on 6 March ’{written}, and sold in ’{written}.", dt.date(2024, 5, 6))
    assert [d.start_date for d in rows.dates] == [dt.date(year, 3, 6), dt.date(year, 1, 1)]


def test_a_year_in_full_stays_as_it_is() -> None:
    assert [full_year(n) for n in (100, 962, 1969, 2050)] == [100, 962, 1969, 2050]


@pytest.mark.parametrize("archived", ["2031-05-06T10:00:00Z", "2031-05-06T10:00:00", "9999-12-31T23:59:59Z"])
def test_an_archive_from_after_the_reading_lets_no_later_day_in(tmp_path: Path, archived: str) -> None:
    """A clock that was wrong when a page was stored does not make a day believable that is not over yet."""
    ahead = page(head='<meta property="article:published_time" content="2031-05-01">')
    here = page(head='<meta property="article:published_time" content="2026-01-09">')
    records = read(tmp_path / "a.warc", response(1, ahead, more={"WARC_Date": archived}) + response(2, here, more={"WARC_Date": archived}))
    assert [a.published_local_date for a in articles(records)] == [None, dt.date(2026, 1, 9)]
    assert rejects(records) == [("part", "bad_date")]
    assert {a.fetched_at for a in articles(records)} == {FETCHED}
