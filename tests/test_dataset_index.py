"""Indices: an id is found wherever it is, whatever the indices tell, and most files are not looked into."""

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compact import compacted
from pipeline.dataset import Dataset, Writer, writing
from pipeline.dataset.columns import read
from pipeline.dataset.index import INDEXED, extend, holding, indices_of, keys_of, untold
from pipeline.dataset.rows_by_id import rows_with
from schemas.cluster import Cluster
from schemas.ids import digest
from tests.torture.harness import NOON
from tests.torture.prepared_rows import article, commit_rows

IDS = [digest("article", number) for number in range(40)]


def cluster(number: int, together: int) -> Cluster:
    return Cluster(article_id=IDS[number], version=1, cluster_id=IDS[together], is_canonical=number == together)


def commit_some(writer: Writer, name: str, numbers: list[int]) -> None:
    rows = {"articles": [article(n, run=name) for n in numbers], "clusters": [cluster(n, n - n % 3) for n in numbers]}
    commit_rows(writer, name, "0", rows, created=NOON)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.lists(st.integers(0, 39), min_size=1, max_size=4, unique=True)),
        st.tuples(st.just("index"), st.randoms(use_true_random=False)),
        st.tuples(st.just("damage"), st.randoms(use_true_random=False)),
        st.tuples(st.just("compact"), st.none()),
    ),
    max_size=14,
)


@settings(max_examples=25)
@given(STEPS)
def test_an_id_is_found_wherever_it_is(steps: list) -> None:
    with tempfile.TemporaryDirectory() as folder, writing(Dataset.create(Path(folder) / "ds")) as writer:
        for number, (step, told) in enumerate(steps):
            if step == "commit":
                commit_some(writer, f"r{number}", told)
            elif step == "compact":
                compacted(writer, f"c{number}", NOON)
            elif step == "index":
                for table in INDEXED:
                    files = untold(writer.dataset, table)
                    extend(writer.dataset, table, told.sample(files, told.randint(0, len(files))))
            elif found := sorted((writer.dataset.root / "_index").glob("*.arrow")):
                spoil(told.choice(found), told)
            for table, columns in INDEXED.items():
                for column in columns:
                    for ids in (IDS[:1], IDS[5:9], ["unknown", "é", ""]):
                        assert found_by(writer.dataset, table, column, ids) == there(writer.dataset, table, column, ids)


def found_by(dataset: Dataset, table: str, column: str, ids: list[str]) -> list[tuple]:
    return sorted(rows_with(dataset, table, column, ids, tuple({"article_id", column}))["article_id"].to_pylist())


def there(dataset: Dataset, table: str, column: str, ids: list[str]) -> list[tuple]:
    rows = [row for file in dataset.live_files(table) for row in read(dataset, file, tuple({"article_id", column})).to_pylist()]
    return sorted(row["article_id"] for row in rows if row[column] in ids)


def spoil(path: Path, dice: random.Random) -> None:
    """Change a byte, or cut the file short."""
    data = bytearray(path.read_bytes())
    at = dice.randrange(len(data))
    if dice.random() < 0.5:
        data[at] ^= 0xFF
    else:
        del data[at:]
    path.unlink()  # an index that is mapped is never written over
    path.write_bytes(data)


@pytest.fixture
def indexed(tmp_path: Path) -> Dataset:
    """Twenty commits of two articles, the first sixteen told of by indices, four commits at a time."""
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        for number in range(20):
            commit_some(writer, f"r{number:02d}", [2 * number, 2 * number + 1])
            if number % 4 == 3 and number < 16:
                for table in INDEXED:
                    extend(writer.dataset, table, untold(writer.dataset, table))
        return writer.dataset


def test_only_files_that_may_hold_it_are_looked_into(indexed: Dataset) -> None:
    runs = [file.path.split("/")[2] for file in holding(indexed, "articles", [IDS[5], IDS[24]])]
    assert runs == [f"r{number:02d}-0-0000.parquet" for number in (2, 12, 16, 17, 18, 19)]
    for file in indexed.live_files("articles")[:2]:  # not even opened
        Path(indexed.path_of(file)).unlink()
    assert rows_with(indexed, "articles", "article_id", [IDS[5]], ("article_id",)).num_rows == 1


def test_indices_of_one_size_are_merged(indexed: Dataset) -> None:
    assert [len(index.files) for index in indices_of(indexed, "articles")] == [16]
    names = sorted(path.name for path in (indexed.root / "_index").iterdir())
    assert names == sorted(index.path.name for table in INDEXED for index in indices_of(indexed, table))


def test_what_is_no_more_leaves_the_index_when_it_is_merged(indexed: Dataset) -> None:
    with writing(indexed) as writer:
        compacted(writer, "c", NOON)
        assert len(untold(writer.dataset, "articles")) == 1
        extend(writer.dataset, "articles", untold(writer.dataset, "articles"))
        (index,) = indices_of(writer.dataset, "articles")
        assert [name for name, _ in index.files] == [file.path for file in writer.dataset.live_files("articles")]
        assert len(index.keys) == 40


def test_an_index_tells_what_it_told_on_every_machine() -> None:
    assert keys_of(["0123456789abcdef0123456789abcdef", "", "é"]).tolist() == [9127229014770875592, 0, 15022315473906931531]
