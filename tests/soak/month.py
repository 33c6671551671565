"""A month of commits, one a minute, by a clock that is given: whether what has to be opened, listed and written again stays bounded.

    python -m tests.soak month [--days N]

Each commit has a few prepared articles with their figures, facts and clusters, as a watch would have made it, and upkeep follows it. Nothing is
asserted of time: counts of files and bytes are told, and how much longer the dataset takes to open than after its first day.
"""

import datetime as dt
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipeline.dataset import GRACE, Commit, Dataset, Writer, writing
from pipeline.dataset.rewrite import rows_by_table
from pipeline.dataset.verify import problems_in
from pipeline.dataset.views import connect
from pipeline.upkeep import tidied
from tests.bench.prepared import FIRST_DAY, Day, stage

DAYS: Final = 30
A_DAY: Final = 1440  # commits
MINUTE: Final = dt.timedelta(minutes=1)
TABLES: Final = ("articles", "clusters", "figures", "facts")
SOURCES: Final = 30  # feeds that take turns


@dataclass(slots=True)
class Soaked:
    """How a dataset fared that grew by the minute."""

    commits: int = 0  # of articles; upkeep makes its own
    articles: int = 0
    most_in_log: int = 0  # files in `_runs` at any time
    most_manifests: int = 0
    most_files: int = 0  # committed files of one table of the day at hand, at any time
    most_kept: int = 0  # files on the disk that are no part of the dataset any more
    rows_written: int = 0  # rows that came, and again each time that they were merged
    bytes_of_log: int = 0  # written to `_runs`
    opened: list[float] = field(default_factory=list)  # seconds of the processor, after each day
    entries: int = 0  # commits that `runs` tells of one by one or by the day, in the end
    files: dict[str, int] = field(default_factory=dict)  # by table, in the end
    days: int = 0

    @property
    def amplification(self) -> float:
        """How often a row was written."""
        return self.rows_written / (self.articles * sum(rows_of_article().values()))

    def __str__(self) -> str:
        return (
            f"{self.days} days of commits each minute: {self.commits:,} commits, {self.articles:,} articles; "
            f"at most {self.most_manifests} manifests and {self.most_in_log} files in _runs, {self.most_files} files of a table in a day, "
            f"{self.most_kept} that stay for readers; in the end {self.files} files; a row was written {self.amplification:.2f} times; "
            f"{self.bytes_of_log / self.commits / 1024:.1f} KB of log a commit; `runs` has {self.entries:,} rows; "
            f"opening: {1000 * self.opened[0]:.2f} ms after the first day, {1000 * self.opened[-1]:.2f} ms after the last "
            f"({self.opened[-1] / self.opened[0]:.2f} times)"
        )


def rows_of_article() -> dict[str, int]:
    """Rows that an article has in each table here."""
    rows = Day.of(0, 1).tables("r")
    return {table: rows[table].num_rows for table in TABLES}


def soaked(root: Path, days: int, *, a_day: int = A_DAY) -> Soaked:
    """Commit once a minute for so many days, `a_day` times each. Raises AssertionError where a row is lost or doubled."""
    told = Soaked(days=days)
    looking = Looking(root)
    with writing(Dataset.create(root)) as writer:
        for number in range(days * a_day):
            now = FIRST_DAY.replace(hour=0) + dt.timedelta(days=number // a_day) + number % a_day * MINUTE
            told.articles += _commit(writer, number, now)
            told.commits += 1
            tidied(writer, f"tidy-{number}", now, grace=GRACE)
            looking.look(writer.dataset, told)
            if (number + 1) % a_day == 0:
                told.opened.append(min(_seconds(root) for _ in range(5)))
        writer.finish()
        _prove(writer.dataset, told)
    return told


def _commit(writer: Writer, number: int, now: dt.datetime) -> int:
    """What came in a minute: one to five articles of a feed; how many."""
    articles = 1 + number % 5
    run, source = f"{now:%Y%m%dT%H%M%S}-{number:06d}", f"https://feed{number % SOURCES}.example/rss"
    rows = Day.of(number, articles).tables(run)
    staged = stage({table: rows[table] for table in TABLES}, writer.staging(run, "0000"))
    tally = {"records": articles, "articles": articles, "rejects": 0, "repeats": 0, "unchanged": 0, "filtered": 0}
    writer.commit(
        Commit(
            run=run,
            slice="0000",
            staged=staged,
            rows=rows_by_table(staged),
            feeds={source: {"address": source, "asked_at": now.isoformat(), "etag": str(number)}},
            account=tally | {"sources": {source: tally}},
            options={"sources": ["feeds.toml"], "workers": 1},
            created=now,
        )
    )
    return articles


class Looking:
    """What a look at the folder after each commit finds."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._log: dict[str, int] = {}  # files in `_runs` and their sizes
        self._sequence = 0

    def look(self, dataset: Dataset, told: Soaked) -> None:
        """Add what has changed since the last look."""
        there = {path.name: path.stat().st_size for path in (self._root / "_runs").iterdir()}
        told.bytes_of_log += sum(size for name, size in there.items() if self._log.get(name) != size)
        self._log = there
        told.most_in_log = max(told.most_in_log, len(there))
        told.most_manifests = max(told.most_manifests, sum(name[0].isdigit() for name in there))
        told.most_kept = max(told.most_kept, len(dataset.log.leftovers))
        for table in TABLES:
            files = dataset.live_files(table)
            newest = files[-1].path.rpartition("/")[0]
            today = 0
            for file in reversed(files):
                if file.sequence > self._sequence:
                    told.rows_written += file.rows
                elif not file.path.startswith(newest):
                    break
                today += file.path.startswith(newest)
            told.most_files = max(told.most_files, today)
        self._sequence = dataset.log.sequence


def _seconds(root: Path) -> float:
    began = time.process_time()
    Dataset.open(root)
    return time.process_time() - began


def _prove(dataset: Dataset, told: Soaked) -> None:
    """Look whether all rows are there once, in the files that are there."""
    opened = Dataset.open(dataset.root)
    wrong = list(problems_in(opened))
    with connect(opened) as connection:
        for table, rows in rows_of_article().items():
            found = connection.sql(f"SELECT count(*), count(DISTINCT article_id) FROM {table}_all").fetchall()
            if found != [(rows * told.articles, told.articles)]:
                wrong.append(f"{table}: {found} rows and articles, not {rows * told.articles} of {told.articles}")
        told.entries, commits = connection.sql("SELECT count(*), sum(commits) FROM runs").fetchall()[0]
        if commits != opened.log.sequence:
            wrong.append(f"runs: {commits} commits, not {opened.log.sequence}")
    told.files = {table: len(opened.live_files(table)) for table in TABLES}
    assert not wrong, wrong


def main(days: int) -> int:
    """Soak, and print how it went."""
    with tempfile.TemporaryDirectory() as folder:
        print(soaked(Path(folder) / "ds", days), flush=True)
    return 0
