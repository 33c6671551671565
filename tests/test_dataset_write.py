"""Rows to Parquet: sorted, the same bytes for the same rows, readable by anyone, whole or not at all."""

import dataclasses
import datetime as dt
import errno
import hashlib
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.arrow import arrow_schema, from_dict
from schemas.article import Article
from schemas.fact_row import Stretch
from schemas.figure import Figure
from schemas.reject import Reject
from schemas.tables import TABLES
from tests.torture.prepared_rows import article, figures, reject
from transforms.flow import durable
from transforms.flow.durable import write_whole
from transforms.flow.write import write_rows


def many_figures() -> list[Figure]:
    rows = [row for number in range(20) for row in figures(article(number))]
    return rows + [dataclasses.replace(row, published_at=None) for row in rows[:5]] + rows[:2]  # undated ones, and twins


@pytest.mark.parametrize("rows", [many_figures(), [reject(f"u{n % 3}") for n in range(9)], [article(n) for n in range(9)]])
def test_the_order_of_arrival_does_not_show(tmp_path: Path, rows: list) -> None:
    staged = [write_rows(rows[0].TABLE, random.Random(seed).sample(rows, len(rows)), tmp_path, f"{seed}") for seed in range(4)]
    assert len({each.sha256 for each in staged}) == 1


def test_rows_are_sorted_and_told_right(tmp_path: Path) -> None:
    rows = many_figures()
    staged = write_rows("figures", rows, tmp_path, "0000")
    data = (tmp_path / staged.path).read_bytes()
    assert (staged.table, staged.path, staged.rows, staged.bytes) == ("figures", "figures/0000.parquet", len(rows), len(data))
    assert staged.sha256 == hashlib.sha256(data).hexdigest()
    read = pq.ParquetFile(pa.BufferReader(data)).read().to_pylist()
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    keys = [(row["published_at"] or far, row["article_id"], row["start"]) for row in read]
    assert keys == sorted(keys)


@pytest.mark.parametrize("table", TABLES)
def test_a_file_says_what_it_is(tmp_path: Path, table: str) -> None:
    staged = write_rows(table, [], tmp_path, "0")
    file = pq.ParquetFile(tmp_path / staged.path)
    expected = arrow_schema(TABLES[table])
    assert file.schema_arrow.equals(expected)
    assert file.schema_arrow.metadata == expected.metadata
    assert file.schema_arrow.field("run_id").metadata == expected.field("run_id").metadata
    assert file.metadata.num_rows == 0


def test_columns_are_compressed_and_nested_ones_come_back(tmp_path: Path) -> None:
    row: Article = dataclasses.replace(article(1), signature=(1, 2), unclaimed=(Stretch(start=1, end=2),), text="a\0\U0001f600 =cmd|")
    staged = write_rows("articles", [row], tmp_path, "0")
    file = pq.ParquetFile(tmp_path / staged.path)
    assert {file.metadata.row_group(0).column(n).compression for n in range(file.metadata.num_columns)} == {"ZSTD"}
    assert from_dict(Article, file.read().to_pylist()[0]) == row


def test_a_shard_written_again_replaces_itself(tmp_path: Path) -> None:
    write_rows("rejects", [reject(), reject()], tmp_path, "0")
    assert write_rows("rejects", [reject()], tmp_path, "0").rows == 1
    assert [path.name for path in (tmp_path / "rejects").iterdir()] == ["0.parquet"]


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a-b", "x" * 200, "a b", "a\n"])
@pytest.mark.hostile(88)
def test_a_name_that_would_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="file's name"):
        write_rows("rejects", [reject()], tmp_path, name)
    assert not any(tmp_path.iterdir())


def test_a_worker_that_outlives_its_run_does_not_bring_its_folder_back(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_rows("rejects", [reject()], tmp_path / "cleared", "0")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("point", ["stage:half-written", "stage:written"])
@pytest.mark.hostile(90)
def test_a_full_disk_is_told_with_the_path_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    def full(reached: str) -> None:
        if reached == point:
            raise OSError(errno.ENOSPC, "No space left on device")

    write_whole(tmp_path / "x", b"old", step="stage")
    monkeypatch.setattr(durable, "reached", full)
    with pytest.raises(OSError, match=r"No space left.*x'") as error:
        write_whole(tmp_path / "x", b"new", step="stage")
    assert (error.value.errno, error.value.filename) == (errno.ENOSPC, str(tmp_path / "x"))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_rejects_have_no_order_of_their_own_but_keep_one(tmp_path: Path) -> None:
    rows: list[Reject] = [dataclasses.replace(reject(uri), position=f"line {n}") for uri in "ba" for n in (2, 1)]
    staged = write_rows("rejects", rows, tmp_path, "0")
    read = pq.ParquetFile(tmp_path / staged.path).read().to_pylist()
    assert [(row["source_uri"], row["position"]) for row in read] == [("a", "line 1"), ("a", "line 2"), ("b", "line 1"), ("b", "line 2")]
