"""`factwire forget --older-than`: what is too old goes and does not come back, what is younger stays."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.dataset import Dataset
from pipeline.dataset.verify import problems_in
from pipeline.options import UsageError
from pipeline.retention import cutoff, forget_older, looked
from schemas.tables import TABLES
from tests.test_run import rows_of, started

NOW = dt.datetime(2026, 2, 28, 23, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("age", "day"),
    [
        ("1d", dt.date(2026, 2, 27)),
        ("90d", dt.date(2025, 11, 30)),
        ("2w", dt.date(2026, 2, 14)),
        ("3mo", dt.date(2025, 11, 28)),
        ("24mo", dt.date(2024, 2, 28)),
        ("2y", dt.date(2024, 2, 28)),
        (" 2 y ", dt.date(2024, 2, 28)),
    ],
)
def test_ages(age: str, day: dt.date) -> None:
    assert cutoff(age, NOW) == dt.datetime.combine(day, dt.time(), dt.UTC)


def test_a_day_that_its_month_does_not_have_is_its_last() -> None:
    assert cutoff("1mo", dt.datetime(2026, 3, 31, tzinfo=dt.UTC)).date() == dt.date(2026, 2, 28)
    assert cutoff("2y", dt.datetime(2024, 2, 29, tzinfo=dt.UTC)).date() == dt.date(2022, 2, 28)


@pytest.mark.parametrize("age", ["", "2", "2m", "0d", "-1y", "1.5y", "2y6mo", "two years", "99999y", "99999999d"])
def test_what_is_no_age(age: str) -> None:
    with pytest.raises(UsageError, match="--older-than"):
        cutoff(age, NOW)


@given(st.dates(dt.date(1, 6, 1), dt.date(9999, 12, 31)), st.integers(1, 3000), st.sampled_from(["d", "w", "mo", "y"]))
def test_the_longer_the_age_the_earlier(today: dt.date, number: int, unit: str) -> None:
    now = dt.datetime.combine(today, dt.time(12), dt.UTC)
    try:
        longer = cutoff(f"{number + 1}{unit}", now)
    except UsageError:
        return
    assert longer <= cutoff(f"{number}{unit}", now) < now


def line(name: str, text: str, published: str | None) -> str:
    return json.dumps({"id": name, "text": text, "published_at": published}) + "\n"


SHARED = "Tom Reed said on Monday that the ferry had sunk. Nine people drowned, police in Ostrava said."


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An old article, one edited since, a young copy of the old one, one without a date, and a bad line."""
    (tmp_path / "in").mkdir()
    news = tmp_path / "in" / "news.jsonl"
    news.write_text(
        line("old", SHARED, "2019-05-06")
        + line("edited", "Ann Lee sold 12 boats.", "2019-05-07")
        + line("copy", SHARED, "2026-02-01")
        + line("undated", "The mill cut 40 jobs.", None)
        + "not json\n",
        "utf-8",
    )
    (tmp_path / "in" / "old.txt").write_text("A mill closed\n\nThe mill in Oslo closed in 2018.", "utf-8")
    (tmp_path / "in" / "old.json").write_text('{"published_at": "2018-01-02"}', "utf-8")
    started(tmp_path / "in", tmp_path / "ds", max_bad=1)
    with news.open("a", encoding="utf-8") as file:
        file.write(line("edited", "Ann Lee sold 14 boats.", "2026-02-07"))
    started(tmp_path / "in", tmp_path / "ds", max_bad=1)
    return tmp_path / "ds"


def is_old(row: dict[str, Any]) -> bool:
    return row["published_at"] is not None and row["published_at"].year < 2024


def test_what_is_old_goes_with_all_its_rows_and_stays_away(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    old = {row["article_id"] for row in rows_of(made, "articles") if row["text"].endswith(("2018.", SHARED[-20:])) and is_old(row)}
    sequence = Dataset.open(made).log.sequence
    assert (looked(Dataset.open(made), before).articles, Dataset.open(made).log.sequence) == (2, sequence)

    told = forget_older(made, before)
    assert (told.articles, told.rejects) == (2, 0)
    assert Dataset.open(made).log.sequence == sequence + 1
    assert sorted(row["text"] for row in rows_of(made, "articles")) == [
        "Ann Lee sold 12 boats.",  # the article is as old as its newest version
        "Ann Lee sold 14 boats.",
        "The mill cut 40 jobs.",
        SHARED,
    ]
    for table in TABLES:
        assert not old & {row["article_id"] for row in rows_of(made, table)}, table
    assert list(problems_in(Dataset.open(made))) == []

    started(made.parent / "in", made, recheck=True, max_bad=1)
    assert "The mill in Oslo" not in " ".join(row["text"] for row in rows_of(made, "articles"))
    assert forget_older(made, before).articles == 0
    assert main(["forget", str(made), "--older-than", "300y"]) == 0
    assert "nothing to forget" in capsys.readouterr().out


def test_from_the_command_line(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sequence = Dataset.open(made).log.sequence
    assert main(["forget", str(made), "--older-than", "2y", "--dry-run"]) == 0
    assert "would be forgotten: 2 articles from before 20" in capsys.readouterr().out
    assert Dataset.open(made).log.sequence == sequence
    assert main(["forget", str(made), "--older-than", "2y"]) == 0
    shown = capsys.readouterr().out
    assert "forgotten: 2 articles from before 20" in shown and "\n  2 rows of articles" in shown
    for argv, said in (
        (["--older-than", "2 years"], "an age like"),
        (["--older-than", "2y", "--article", "x"], "leave --url and --article out"),
        (["--article", "x", "--dry-run"], "goes with --older-than"),
    ):
        assert main(["forget", str(made), *argv]) == 1
        assert said in capsys.readouterr().err


def test_old_rejects_go_too(made: Path) -> None:
    assert len(rows_of(made, "rejects")) == 1
    told = forget_older(made, dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
    assert (told.articles, told.rejects) == (5, 1)
    for table in TABLES:
        assert rows_of(made, table) == [], table
