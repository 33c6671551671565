"""Columns of committed files that are kept in memory: the same table as long as the file is there, and none of a file that is gone."""

import gc
import weakref
from pathlib import Path

import pytest

from pipeline.compact import compacted
from pipeline.dataset import Dataset, Writer, columns, writing
from pipeline.dataset.columns import kept_columns
from tests.torture.harness import NOON
from tests.torture.prepared_rows import article, commit_rows

ASKED = ("article_id", "signature")


def commit_each(writer: Writer, count: int) -> None:
    """Commit so many files of one row each, as a watch does."""
    for number in range(count):
        commit_rows(writer, f"r{number}", "0", {"articles": [article(number, run=f"r{number}")]}, created=NOON)


def of_each_file(dataset: Dataset) -> list["weakref.ref[object]"]:
    """What is kept of each file of articles, held by nobody else."""
    return [weakref.ref(kept_columns(dataset, file, ASKED)) for file in dataset.live_files("articles")]


def test_what_was_merged_is_kept_no_longer(tmp_path: Path) -> None:
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        commit_each(writer, 3)
        before = of_each_file(writer.dataset)
        assert [of() for of in of_each_file(writer.dataset)] == [of() for of in before]
        assert all(of() is not None for of in before)
        compacted(writer, "c", NOON)
        (after,) = of_each_file(writer.dataset)
        gc.collect()
        assert after() is not None
        assert [of() for of in before] == [None] * 3


def test_another_dataset_keeps_its_own(tmp_path: Path) -> None:
    with writing(Dataset.create(tmp_path / "a")) as one, writing(Dataset.create(tmp_path / "b")) as other:
        commit_each(one, 2)
        commit_each(other, 3)
        kept = of_each_file(one.dataset)
        of_each_file(other.dataset)
        assert all(of() is not None for of in kept)


def test_files_of_one_row_count_with_what_arrow_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "KEPT", 10_000)  # three tables of two columns
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        commit_each(writer, 4)
        kept = of_each_file(writer.dataset)
        gc.collect()
        assert [of() is None for of in kept] == [True, False, False, False]
