"""A dataset: made, committed to, locked; what is not as told is refused, and nothing changes then."""

import datetime as dt
import errno
import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.dataset import Commit, Dataset, Input, IntegrityError, LockedError, NotADatasetError, NotWritableError, Writer, writing
from pipeline.dataset.verify import problems_in
from tests.torture.prepared_rows import article, commit_rows, figures, reject
from transforms.flow.durable import sync_folder
from transforms.flow.write import write_rows


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset.create(tmp_path / "out")


def rows_of(dataset: Dataset, table: str) -> list[dict]:
    return [row for path in dataset.paths(table) for row in pq.ParquetFile(path).read().to_pylist()]


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("made", ["", "deep/er", "with 'quotes' and [globs]*", "ünïcode"])
def test_created_where_nothing_is(tmp_path: Path, made: str) -> None:
    with writing(Dataset.create(tmp_path / made)) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)]})
    assert len(rows_of(Dataset.open(tmp_path / made), "articles")) == 1


def test_created_in_an_empty_folder_by_its_link(tmp_path: Path) -> None:
    (tmp_path / "real" / "lost+found").mkdir(parents=True)
    (tmp_path / "real" / ".hidden").touch()
    (tmp_path / "link").symlink_to("real")
    Dataset.create(tmp_path / "link")
    assert Dataset.open(tmp_path / "real").log.sequence == 0
    assert Dataset.create(tmp_path / "real").log.sequence == 0


def test_not_made_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    for path in (tmp_path, tmp_path / "notes.txt", tmp_path / "dangling" / "x", tmp_path / os.fsdecode(b"\xff")):
        with pytest.raises(Exception, match=r"other content|not a folder|written|UTF-8") as error:
            Dataset.create(path)
        assert error.value.exit_code == 1
    assert files_in(tmp_path) == {"notes.txt"}


@pytest.mark.parametrize(
    ("name", "said"), [("gone", "no such folder"), ("empty", "an empty folder"), ("file", "not a folder"), ("", "other content")]
)
def test_opening_what_is_no_dataset(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(NotADatasetError, match=said):
        Dataset.open(tmp_path / name)


def test_a_commit_puts_its_files_in_the_day_of_the_commit(dataset: Dataset) -> None:
    late = dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-2)))
    with writing(dataset) as writer:
        told = commit_rows(writer, "run-1", "0000", {"articles": [article(1)], "figures": figures(article(1))}, created=late)
        assert writer.dataset.live_files("figures") == told.adds[1:]
    assert files_in(dataset.root) == {
        "_lock",
        "_runs/00000001-run-1.json",
        "articles/day=2026-03-02/run-1-0000-0000.parquet",
        "figures/day=2026-03-02/run-1-0000-0000.parquet",
    }
    assert list(problems_in(Dataset.open(dataset.root))) == []


def test_the_same_commit_again_changes_nothing(dataset: Dataset) -> None:
    with writing(dataset) as writer:
        first = commit_rows(writer, "r", "window.1", {"articles": [article(1)]})
        again = commit_rows(writer, "r", "window.1", {"articles": [article(2)]})
        assert (again.sequence, again.rows) == (first.sequence, first.rows)
    with writing(dataset) as writer:
        commit_rows(writer, "r", "window.1", {"articles": [article(1)]})
        assert len(rows_of(writer.dataset, "articles")) == writer.dataset.log.sequence == 1


def test_files_are_replaced_in_one_commit(dataset: Dataset) -> None:
    with writing(dataset) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)], "rejects": [reject()]})
        commit_rows(writer, "r", "1", {"articles": [article(2)]})
        old = [added.path for added in writer.dataset.live_files("articles")]
        commit_rows(writer, "r", "compact", {"articles": [article(1), article(2)]}, removes=old)
    after = Dataset.open(dataset.root)
    assert [added.rows for added in after.live_files("articles")] == [2]
    assert len(after.live_files("rejects")) == 1
    assert list(problems_in(after)) == []


def test_an_empty_commit_remembers_what_was_read(dataset: Dataset) -> None:
    whole = Input(uri="a.txt", size=5, mtime_ns=6, records=1, done=True)
    with writing(dataset) as writer:
        commit_rows(writer, "r", "0", {}, inputs=[whole, whole._replace(uri="b.txt")], feeds={"f": {"etag": "1"}, "g": {}})
        commit_rows(writer, "r", "1", {}, inputs=[whole._replace(done=False)], feeds={"f": {"etag": "2"}})
    after = Dataset.open(dataset.root)
    assert list(after.inputs.values()) == [whole._replace(uri="b.txt")]  # a.txt was begun anew and not read to its end
    assert after.feeds == {"f": {"etag": "2"}, "g": {}}


def test_of_two_states_of_a_feed_the_one_asked_later_counts(dataset: Dataset) -> None:
    """A stream commits its windows out of order; a state of the far future comes of a clock that was wrong."""
    told = [
        {"etag": etag, "asked_at": f"2026-03-0{day}T{hour}:00:00+00:00"} for etag, day, hour in (("a", 1, 10), ("b", 1, 12), ("c", 1, 11))
    ]
    with writing(dataset) as writer:
        for number, state in enumerate(told):
            commit_rows(writer, "r", f"{number}", {}, feeds={"f": state})
        assert writer.dataset.feeds["f"]["etag"] == "b"
        commit_rows(writer, "r", "wrong", {}, feeds={"f": {"etag": "d", "asked_at": "2036-03-01T10:00:00+00:00"}})
        commit_rows(writer, "r", "right", {}, feeds={"f": {"etag": "e", "asked_at": "2026-03-01T13:00:00+00:00"}})
    assert Dataset.open(dataset.root).feeds["f"]["etag"] == "e"


@pytest.mark.hostile(95)
def test_commits_are_in_the_order_of_their_numbers_whatever_the_clock_says(dataset: Dataset) -> None:
    years = (2030, 1999, 2026)
    for year in years:
        with writing(dataset) as writer:
            commit_rows(writer, f"r{year}", "0", {"articles": [article(year)]}, created=dt.datetime(year, 1, 1, tzinfo=dt.UTC))
    after = Dataset.open(dataset.root)
    assert [commit.run for commit in after.commits] == [f"r{year}" for year in years]
    assert [added.sequence for added in after.live_files("articles")] == [1, 2, 3]


def _tear(commit: Commit, folder: Path) -> Commit:
    path = folder / commit.staged[0].path
    path.write_bytes(path.read_bytes()[:-9])
    return commit


def _alter(commit: Commit, folder: Path) -> Commit:
    path = folder / commit.staged[0].path
    data = bytearray(path.read_bytes())
    data[8] ^= 1
    path.write_bytes(data)
    return commit


def _garbage(commit: Commit, folder: Path) -> Commit:
    (folder / commit.staged[0].path).write_bytes(b"PAR1 garbage PAR1")
    return replace(commit, staged=[replace(commit.staged[0], sha256=hashlib.sha256(b"PAR1 garbage PAR1").hexdigest())])


def _lose(commit: Commit, folder: Path) -> Commit:
    (folder / commit.staged[0].path).unlink()
    return commit


def _mislabel(commit: Commit, folder: Path) -> Commit:
    (folder / commit.staged[0].path).rename(folder / "articles" / "0001.parquet")
    return replace(commit, staged=[replace(commit.staged[0], table="articles", path="articles/0001.parquet")], rows={"articles": 3})


def _miscount(commit: Commit, folder: Path) -> Commit:
    return replace(commit, staged=[replace(commit.staged[0], rows=4)], rows={"figures": 4})


def _forget_row(commit: Commit, folder: Path) -> Commit:
    return replace(commit, rows={"figures": 4})


def _expect_table(commit: Commit, folder: Path) -> Commit:
    return replace(commit, rows={"figures": 3, "quotes": 1})


def _repeat(commit: Commit, folder: Path) -> Commit:
    return replace(commit, staged=[*commit.staged, *commit.staged], rows={"figures": 6})


def _remove_strange(commit: Commit, folder: Path) -> Commit:
    return replace(commit, removes=["figures/day=2026-01-01/other-0-0.parquet"])


WRONGS = [_tear, _alter, _garbage, _lose, _mislabel, _miscount, _forget_row, _expect_table, _repeat, _remove_strange]


@pytest.mark.parametrize("wrong", WRONGS)
def test_what_is_not_as_told_is_not_committed(dataset: Dataset, wrong) -> None:
    with writing(dataset) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)]})
        before = files_in(dataset.root)
        folder = writer.staging("r", "1")
        write_rows("articles", [article(2)], folder, "0000")  # staged, but not handed in
        staged = write_rows("figures", figures(article(1)), folder, "0000")
        commit = wrong(Commit(run="r", slice="1", staged=[staged], rows={"figures": 3}), folder)
        with pytest.raises(IntegrityError) as error:
            writer.commit(commit)
        assert error.value.exit_code == 3
        commit_rows(writer, "r", "2", {})
    assert files_in(dataset.root) == before | {"_runs/00000002-r.json"}


@pytest.mark.parametrize(
    ("run", "slice"), [("../x", "0"), ("r", "0-1"), ("", "0"), ("r", ""), ("r" * 300, "0"), ("r/s", "0"), (".r", "0"), ("r\n", "0")]
)
@pytest.mark.hostile(88)
def test_names_that_would_leave_the_folder(dataset: Dataset, run: str, slice: str) -> None:
    with writing(dataset) as writer, pytest.raises(ValueError, match="file's name"):
        writer.staging(run, slice)


@pytest.mark.hostile(92)
def test_a_second_writer_is_sent_away(dataset: Dataset) -> None:
    with writing(dataset), pytest.raises(LockedError, match=str(os.getpid())) as error, writing(Dataset.open(dataset.root)):
        pass
    assert error.value.exit_code == 75
    with writing(dataset) as writer:  # the lock's file is still there, and means nothing
        commit_rows(writer, "r", "0", {})


def test_nothing_is_committed_once_the_lock_is_taken_away(dataset: Dataset) -> None:
    with writing(dataset) as writer:
        (dataset.root / "_lock").unlink()
        with writing(dataset) as other:
            staged = other.staging("other", "0")
            with pytest.raises(LockedError, match="removed"):
                commit_rows(writer, "r", "0", {"articles": [article(1)]})
            (dataset.root / "_lock").unlink()
    assert staged.is_dir()  # not cleared by those who had lost the lock


def test_a_writer_sees_what_was_committed_since_the_dataset_was_opened(dataset: Dataset) -> None:
    old = Dataset.open(dataset.root)
    with writing(dataset) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)]})
    with writing(old) as writer:
        assert commit_rows(writer, "r", "1", {}).sequence == 2


def test_what_was_staged_in_vain_is_gone(dataset: Dataset) -> None:
    def interrupted(writer: Writer) -> None:
        write_rows("articles", [article(1)], writer.staging("r", "0"), "0000")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), writing(dataset) as writer:
        interrupted(writer)
    assert files_in(dataset.root) == {"_lock"}


def test_a_lost_and_a_strange_file_are_told(dataset: Dataset) -> None:
    with writing(dataset) as writer:
        manifest = commit_rows(writer, "r", "0", {"articles": [article(1)], "figures": figures(article(1)), "rejects": [reject()]})
    articles, figure, rejects = (dataset.root / added.path for added in manifest.adds)
    articles.rename(articles.with_name("mine.parquet"))
    figure.write_bytes(figure.read_bytes() + b"\0")
    rejects.write_bytes(articles.with_name("mine.parquet").read_bytes())
    with writing(dataset):
        pass
    assert articles.with_name("mine.parquet").exists()  # what no manifest knows is never deleted
    told = list(problems_in(Dataset.open(dataset.root)))
    assert len(told) == 4
    assert all(each.startswith(str(dataset.root)) for each in told)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks(dataset: Dataset, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def without_locks(handle: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", without_locks)
    with pytest.raises(NotWritableError, match="no locks"), writing(dataset):
        pass


def failing_sync(number: int):
    def unable(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    return unable


def test_a_file_system_that_cannot_sync_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", failing_sync(errno.EINVAL))
    sync_folder(tmp_path)


def test_a_broken_disk_is_no_such_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", failing_sync(errno.EIO))
    with pytest.raises(OSError, match="Input/output"):
        sync_folder(tmp_path)
