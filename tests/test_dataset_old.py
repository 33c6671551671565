"""Datasets of before: written by factwire when manifests had format 1, opened, asked, added to and compacted by this one.

The golden file holds two of them, made then with five and four commits of the prepared articles 0 to 4: `checkpoint` has a checkpoint at
the fourth, `folded` was compacted after the third.
"""

import tarfile
from pathlib import Path

import pytest

from pipeline.compact import compact
from pipeline.dataset import Dataset, writing
from pipeline.dataset.seen import seen_in
from pipeline.dataset.verify import altered, problems_in
from pipeline.dataset.views import connect
from schemas.ids import digest
from tests.torture.harness import rows_on_disk
from tests.torture.prepared import article, commit_rows

GOLDEN = Path(__file__).parent / "golden" / "dataset-of-format-1.tar.xz"
COMMITS = {"checkpoint": 5, "folded": 5}
ARTICLES = {"checkpoint": 5, "folded": 4}


@pytest.fixture(params=sorted(COMMITS))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    with tarfile.open(GOLDEN) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / str(request.param)


def test_it_is_as_it_was(old: Path) -> None:
    dataset = Dataset.open(old)
    assert [*problems_in(dataset), *altered(dataset)] == []
    assert len(dataset.commits) == COMMITS[old.name]
    assert sorted(dataset.inputs) == [f"in{n}" for n in range(ARTICLES[old.name])]
    assert dataset.feeds == {"f": {"etag": ARTICLES[old.name] - 1}}
    with connect(dataset) as connection:
        assert connection.sql("SELECT count(*) FROM articles").fetchall() == [(ARTICLES[old.name],)]
        assert connection.sql("SELECT count(*) FROM runs WHERE records = 1 AND commits = 1").fetchall() == [(ARTICLES[old.name],)]
    assert set(seen_in(dataset, [digest("article", n) for n in range(9)])) == {digest("article", n) for n in range(ARTICLES[old.name])}


def test_it_is_added_to_and_folded(old: Path) -> None:
    before = rows_on_disk(old)
    with writing(Dataset.open(old)) as writer:
        commit_rows(writer, "next", "0000", {"articles": [article(8)]}, account={"sources": {"in8": {"records": 1}}})
        commit_rows(writer, "run3", "0000", {"articles": [article(9)]})  # of a name that is there already
    compact(old)
    after = rows_on_disk(old)
    assert {t: rows for t, rows in after.items() if t != "articles"} == {t: rows for t, rows in before.items() if t != "articles"}
    assert (after["articles"].total(), (before["articles"] - after["articles"]).total()) == (ARTICLES[old.name] + 1, 0)
    dataset = Dataset.open(old)
    assert len(dataset.commits) == COMMITS[old.name] + 2
    assert len(dataset.inputs) == ARTICLES[old.name]
    assert list(problems_in(dataset)) == []
    told = "".join(path.read_text("utf-8") for path in (old / "_runs").glob("accounts-*.json"))
    assert all(f'"in{n}"' in told for n in (*range(ARTICLES[old.name]), 8))
