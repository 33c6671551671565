"""Upkeep on the way: few files however many commits, each row written again seldom, and readers that go on reading."""

import datetime as dt
import math
import random
import time
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from pipeline.answers.query import Asked, answer
from pipeline.compact import Compaction
from pipeline.dataset import Dataset, Writer, writing
from pipeline.dataset.index import indices_of
from pipeline.dataset.verify import problems_in
from pipeline.dataset.views import connect, steadily
from pipeline.doctor import dataset_at
from pipeline.forget import forgotten
from pipeline.upkeep import TOGETHER, tidied
from schemas.ids import digest
from tests.torture.harness import finish, rows_on_disk, start_tidying
from tests.torture.prepared_rows import article, commit_rows, figures

MORNING = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
GRACE = dt.timedelta(minutes=10)


def commit_one(writer: Writer, number: int, now: dt.datetime, *, grace: dt.timedelta = dt.timedelta()) -> Compaction | None:
    """One article and its figures, and upkeep after it."""
    made = article(number)
    commit_rows(writer, f"run{number}", "0000", {"articles": [made], "figures": figures(made)}, created=now)
    return tidied(writer, f"run{number}", now, grace=grace)


def paths_on_disk(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.glob("*/day=*/*.parquet")}


def test_a_day_has_few_files_and_no_row_is_written_often(tmp_path: Path) -> None:
    commits, written = 200, 0
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        for number in range(commits):
            now = MORNING + number * MINUTE
            commit_one(writer, number, now)
            files = writer.dataset.live_files("articles")
            written += sum(file.rows for file in files if file.sequence == writer.dataset.log.sequence)
            assert len(files) <= 2 * TOGETHER + TOGETHER * math.log(number + 1, TOGETHER)
            assert paths_on_disk(tmp_path / "ds") == set(writer.dataset.log.files)
        assert written <= commits * (1 + math.log(commits, TOGETHER))
        assert list(problems_in(writer.dataset)) == []
    assert rows_on_disk(tmp_path / "ds")["figures"].total() == 3 * commits


def test_a_day_that_is_over_has_one_file_a_table_and_is_indexed(tmp_path: Path) -> None:
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        for number in range(12 * 20):
            commit_one(writer, number, MORNING + (number // 20) * dt.timedelta(days=1) + number % 20 * MINUTE)
        files = Counter((file.table, file.day.isoformat()) for file in writer.dataset.log.files.values())
        over = {key: count for key, count in files.items() if key[1] < "2026-03-12"}
        assert set(over.values()) == {1}
        assert len(over) == 2 * 11
        (index, *_) = indices_of(writer.dataset, "articles")
        assert len(index.keys) >= 20 * TOGETHER
    assert rows_on_disk(tmp_path / "ds")["articles"].total() == 12 * 20


def test_what_nobody_has_looked_after_is_merged_bit_by_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.upkeep.AT_ONCE", 20)
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        for number in range(64):
            made = article(number)
            commit_rows(writer, f"old{number}", "0", {"articles": [made]}, created=MORNING + (number // 16) * dt.timedelta(days=1))
        merged = []
        now = MORNING + dt.timedelta(days=9)
        while told := tidied(writer, f"r{len(merged)}", now):
            merged.append(told.merged)
            commit_rows(writer, f"x{len(merged)}", "0", {}, created=now)
            for number in range(TOGETHER - 2):
                commit_rows(writer, f"x{len(merged)}", f"{number + 1}", {}, created=now)
        assert merged == [32, 32]
        assert len(writer.dataset.live_files("articles")) == 4


def test_nothing_is_done_where_nothing_is_due(tmp_path: Path) -> None:
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        assert [commit_one(writer, number, MORNING) for number in range(TOGETHER - 1)] == [None] * (TOGETHER - 1)
        assert writer.dataset.log.sequence == TOGETHER - 1
        assert commit_one(writer, 99, MORNING) == Compaction(merged=2 * TOGETHER, into=2)
        assert tidied(writer, "again", MORNING) is None


# Readers


@pytest.fixture
def merged(tmp_path: Path) -> tuple[Writer, Dataset, dt.datetime]:
    """A dataset whose files were merged, with grace, after a reader had opened it; it is locked until the test ends."""
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        now = MORNING
        for number in range(TOGETHER - 1):
            commit_one(writer, number, now)
        before = Dataset.open(tmp_path / "ds")
        made = article(TOGETHER)
        commit_rows(writer, "last", "0000", {"articles": [made], "figures": figures(made)}, created=now)
        assert tidied(writer, "last", now, grace=GRACE)
        yield writer, before, now


def test_who_has_opened_it_before_goes_on_reading(merged: tuple[Writer, Dataset, dt.datetime]) -> None:
    _, before, _ = merged
    with connect(before) as connection:
        assert connection.sql("SELECT count(*) FROM articles").fetchall() == [(TOGETHER - 1,)]
    with connect(Dataset.open(before.root)) as connection:
        assert connection.sql("SELECT count(*) FROM articles").fetchall() == [(TOGETHER,)]


def test_merged_files_go_when_their_time_is_over(merged: tuple[Writer, Dataset, dt.datetime]) -> None:
    writer, before, now = merged
    commit_rows(writer, "soon", "0", {}, created=now + GRACE - MINUTE)
    assert set(before.log.files) <= paths_on_disk(before.root)
    assert len(Dataset.open(before.root).log.leftovers) == 2 * TOGETHER
    commit_rows(writer, "late", "0", {}, created=now + GRACE)
    assert paths_on_disk(before.root) == set(writer.dataset.log.files)
    assert Dataset.open(before.root).log.leftovers == {}


@pytest.mark.hostile(95)
def test_a_clock_that_was_put_back_keeps_nothing(merged: tuple[Writer, Dataset, dt.datetime]) -> None:
    writer, before, now = merged
    commit_rows(writer, "back", "0", {}, created=now - dt.timedelta(days=400))
    assert paths_on_disk(before.root) == set(writer.dataset.log.files)


def test_they_are_no_strangers_and_nothing_is_wrong(merged: tuple[Writer, Dataset, dt.datetime], monkeypatch: pytest.MonkeyPatch) -> None:
    _, before, _ = merged
    assert list(problems_in(Dataset.open(before.root))) == []
    monkeypatch.setattr("pipeline.doctor._is_locked", lambda lock: False)
    told = [finding for finding in dataset_at(before.root) if "stay for" in finding.told or "interrupted" in finding.told]
    assert all(finding.fine for finding in told)


def test_after_the_last_word_a_plain_glob_is_right(merged: tuple[Writer, Dataset, dt.datetime]) -> None:
    writer, before, _ = merged
    assert rows_on_disk(before.root)["articles"].total() == 2 * TOGETHER
    writer.finish()
    assert rows_on_disk(before.root)["articles"].total() == TOGETHER
    assert paths_on_disk(before.root) == set(writer.dataset.log.files)


def test_a_takedown_waits_for_no_reader(merged: tuple[Writer, Dataset, dt.datetime]) -> None:
    writer, before, now = merged
    forgotten(writer, "f", now, article=digest("article", 3))
    assert paths_on_disk(before.root) == set(writer.dataset.log.files)
    assert not any(b"Article 3 counts" in path.read_bytes() for path in before.root.rglob("*.parquet"))
    assert list((before.root).glob("_index/*")) == []


def test_a_query_is_asked_again_where_files_are_merged_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "ds"
    with writing(Dataset.create(root)) as writer:
        for number in range(TOGETHER - 1):
            commit_one(writer, number, MORNING)
    tries = []

    def slow(dataset: Dataset) -> list[tuple]:
        tries.append(dataset.log.sequence)
        if len(tries) == 1:
            with writing(Dataset.open(root)) as writer:
                assert commit_one(writer, TOGETHER, MORNING)
        with connect(dataset) as connection:
            return connection.sql("SELECT count(*) FROM figures").fetchall()

    assert steadily(root, slow) == [(3 * TOGETHER,)]
    assert tries == [TOGETHER - 1, TOGETHER + 1]


def test_what_is_broken_is_not_tried_again(tmp_path: Path) -> None:
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        commit_one(writer, 0, MORNING)
    tries = []

    def broken(dataset: Dataset) -> None:
        tries.append(1)
        raise duckdb.IOException("no such file")

    with pytest.raises(duckdb.IOException):
        steadily(tmp_path / "ds", broken)
    assert len(tries) == 1


@pytest.mark.parametrize("grace", [0, 600])
def test_readers_beside_a_writer_that_merges(tmp_path: Path, capsys: pytest.CaptureFixture[str], grace: int) -> None:
    """Each reader sees whole commits, each row once, whatever is merged meanwhile; with grace, no reader has to begin again."""
    root, dice = tmp_path / "ds", random.Random(grace)
    Dataset.create(root)
    busy = start_tidying(root, 120, grace)
    seen, tries = [0], 0
    while busy.is_alive():
        answer(root, Asked(sql="SELECT count(*), count(DISTINCT article_id), (SELECT count(*) FROM figures) FROM articles_all", form="csv"))
        counted, distinct, of_figures = map(int, capsys.readouterr().out.splitlines()[1].split(","))
        assert counted == distinct == of_figures / 3 >= seen[-1]
        seen.append(counted)
        if grace:  # a snapshot is held for a while, then read
            dataset = Dataset.open(root)
            time.sleep(dice.uniform(0, 0.2))
            with connect(dataset) as connection:
                assert connection.sql("SELECT count(*) FROM articles_all").fetchall()[0][0] >= counted
            tries += 1
    assert finish(busy) == 0
    assert len(set(seen)) > 3
    assert (tries > 0) is bool(grace)
    with writing(Dataset.open(root)) as writer:  # not by the other process: it would not ask whether somebody still reads
        writer.finish()
    assert rows_on_disk(root)["articles"].total() == 120
