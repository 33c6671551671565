"""Retention: articles that are older than a dataset is to keep them go, with all their rows, and are not read again.

An article is as old as the newest of its versions, by the day of publication; one without a date by when it was fetched. Unlike a takedown
(`forget`) this is about age and not about words: a younger article with the same text stays, and its text may be read elsewhere.
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.answers.lookup import records
from pipeline.dataset import Dataset, writing
from pipeline.dataset.views import connect
from pipeline.forget import Forgotten, Takedown, taken_down
from pipeline.options import UsageError
from pipeline.run_id import new_run_id
from pipeline.wording import many

_AGE: Final = re.compile(r"(?P<number>[1-9][0-9]{0,4})\s*(?P<unit>d|w|mo|y)")
_OLD: Final = """
WITH old AS (
    SELECT article_id FROM articles_all GROUP BY article_id
    HAVING max(coalesce(published_at, fetched_at)) < $before
)
SELECT article_id, version, true AS named, text_sha256, canonical_url, source_uri, input_format
FROM articles_all SEMI JOIN old USING (article_id)
ORDER BY article_id, version
"""
_OLD_REJECTS: Final = "SELECT count(*) FROM rejects WHERE rejected_at < $before"


@dataclass(frozen=True, slots=True)
class Retained:
    """What was too old, or would be."""

    before: dt.datetime
    articles: int
    rejects: int
    forgotten: Forgotten | None = None  # what was done about it

    def __str__(self) -> str:
        when = f"before {self.before:%Y-%m-%d}"
        if not self.articles and not self.rejects:
            return f"nothing to forget: no article is from {when}"
        what = f"{many(self.articles, 'article')} from {when}, {many(self.rejects, 'reject')}"
        if self.forgotten is None:
            return f"would be forgotten: {what}; nothing was written (--dry-run)"
        return f"forgotten: {what}" + "".join(f"\n  {many(n, 'row')} of {table}" for table, n in self.forgotten.rows.items())


def cutoff(age: str, now: dt.datetime) -> dt.datetime:
    """The beginning of the UTC day that was so long ago: 90d, 12w, 18mo, 2y. Raises UsageError.

    Months and years are the calendar's; a day that its month does not have is the month's last.
    """
    found = _AGE.fullmatch(age.strip())
    if not found:
        raise UsageError(f"--older-than is an age like 90d, 12w, 18mo or 2y, not {age!r}")
    number, unit = int(found["number"]), found["unit"]
    today = now.astimezone(dt.UTC).date()
    try:
        day = _months_before(today, number * (12 if unit == "y" else 1)) if unit in ("mo", "y") else _days_before(today, number, unit)
    except (OverflowError, ValueError):
        raise UsageError(f"--older-than {age}: there were no days so long ago; give a shorter age") from None
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _days_before(today: dt.date, number: int, unit: str) -> dt.date:
    return today - dt.timedelta(days=number * (7 if unit == "w" else 1))


def _months_before(today: dt.date, months: int) -> dt.date:
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return dt.date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def forget_older(output: Path, before: dt.datetime) -> Retained:
    """Take out all articles from before then, and what was set aside before, in one commit. Raises as `forget` does."""
    now = dt.datetime.now(dt.UTC)
    with writing(Dataset.open(output)) as writer:
        found = looked(writer.dataset, before)
        if not found.articles and not found.rejects:
            return found
        going = _going(writer.dataset, before)
        takedown = Takedown(sorted({row["article_id"] for row in going}), going, rejected_before=before)
        done = taken_down(writer, new_run_id(now), now, takedown)
    return Retained(before, found.articles, found.rejects, done)


def looked(dataset: Dataset, before: dt.datetime) -> Retained:
    """How much there is from before then."""
    with connect(dataset) as connection:
        counted = connection.execute(_OLD_REJECTS, {"before": before}).fetchone()
    return Retained(before, len({row["article_id"] for row in _going(dataset, before)}), counted[0] if counted else 0)


def _going(dataset: Dataset, before: dt.datetime) -> list[dict[str, Any]]:
    with connect(dataset) as connection:
        return records(connection, _OLD, before=before)
