"""`factwire compact`: fewer files and manifests, the same rows, and nothing to do the second time."""

import datetime as dt
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.compact import Compaction, compact, compacted
from pipeline.dataset import DamagedDatasetError, Dataset, Input, Manifest, checkpoints, writing
from pipeline.dataset.verify import problems_in
from pipeline.dataset.views import connect
from schemas.cluster import Cluster
from tests.torture.harness import rows_on_disk
from tests.torture.prepared_rows import article, commit_rows, figures, reject

DAYS = (dt.datetime(2026, 3, 1, tzinfo=dt.UTC), dt.datetime(2026, 3, 2, tzinfo=dt.UTC))


def cluster(number: int, revision: int, cluster_id: str = "") -> Cluster:
    of = article(number)
    return Cluster(article_id=of.article_id, version=1, cluster_id=cluster_id or of.article_id, is_canonical=True, revision=revision)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Twenty commits of two days."""
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        for number in range(20):
            rows = {"articles": [article(number)], "figures": figures(article(number)), "clusters": [cluster(number, 1)]}
            if number % 5 == 0:
                rows["rejects"] = [reject(f"in{number}")]
            if number == 15:
                rows["clusters"] += [cluster(3, 2, article(15).article_id), cluster(4, 2)]
            tallies = {f"in{number}": {"records": 2, "articles": 1, "rejects": 1}}
            commit_rows(
                writer,
                f"run{number}",
                "0000",
                rows,
                created=DAYS[number % 2],
                inputs=[Input(f"in{number}", 1, 1, 1, done=True)],
                feeds={"f": {"etag": number}},
                account={"records": 2, "articles": 1, "rejects": 1, "sources": tallies},
                options={"sources": [f"in{number}"], "published_at": None},
            )
    return tmp_path / "ds"


def runs_of(dataset: Path) -> list[tuple]:
    with connect(Dataset.open(dataset)) as connection:
        return connection.sql(
            "SELECT run_id, records, articles, rejects, account, options FROM runs WHERE slice = '0000' ORDER BY 1"
        ).fetchall()


def test_the_same_rows_in_fewer_files(dataset: Path) -> None:
    before, runs = rows_on_disk(dataset), runs_of(dataset)
    told = compact(dataset)
    assert told == Compaction(merged=64, into=8, superseded=2, folded=21)
    after = rows_on_disk(dataset)
    assert {t: rows for t, rows in after.items() if t != "clusters"} == {t: rows for t, rows in before.items() if t != "clusters"}
    assert (before["clusters"] - after["clusters"]).total() == 2
    opened = Dataset.open(dataset)
    files = Counter((f.table, f.day.isoformat()) for f in opened.log.files.values())
    assert files == {(t, day): 1 for t in ("articles", "figures", "clusters", "rejects") for day in ("2026-03-01", "2026-03-02")}
    assert list(problems_in(opened)) == []
    assert runs_of(dataset) == runs
    assert (len(opened.inputs), opened.feeds) == (20, {"f": {"etag": 19}})
    for path in opened.paths("articles"):
        stamps = pq.ParquetFile(path).read()["published_at"].to_pylist()
        assert stamps == sorted(stamps)


def test_the_newest_revision_is_what_stays(dataset: Path) -> None:
    with connect(Dataset.open(dataset)) as connection:
        before = connection.sql("FROM clusters ORDER BY article_id").fetchall()
    compact(dataset)
    with connect(Dataset.open(dataset)) as connection:
        assert connection.sql("FROM clusters ORDER BY article_id").fetchall() == before
        assert connection.sql("SELECT count(*) FROM clusters_all").fetchall() == [(20,)]


def test_manifests_are_one_file_and_what_they_said_of_sources_stays(dataset: Path) -> None:
    compact(dataset)
    names = sorted(path.name for path in (dataset / "_runs").iterdir())
    parts = [f"{kind}-00000001-00000021.json" for kind in ("accounts", "commits", "files", "inputs")]
    assert names == sorted([*parts, "folded-00000021.json"])
    assert '"in7"' in (dataset / "_runs" / names[0]).read_text("utf-8")
    with writing(Dataset.open(dataset)) as writer:
        commit_rows(writer, "next", "0000", {"articles": [article(30)]}, account={"sources": {"in30": {"records": 1}}})
    assert compact(dataset) == Compaction(folded=1)
    told = "".join(path.read_text("utf-8") for path in (dataset / "_runs").glob("accounts-*.json"))
    assert '"in7"' in told
    assert '"in30"' in told
    assert len(Dataset.open(dataset).commits) == 22


def test_again_there_is_nothing_to_do(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compact", str(dataset)]) == 0
    assert re.search("64 files merged into 8, 21 manifests folded into one, 2 superseded rows", capsys.readouterr().out)
    files = sorted(str(path) for path in dataset.rglob("*"))
    assert main(["compact", str(dataset)]) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert sorted(str(path) for path in dataset.rglob("*")) == files


def test_no_file_grows_past_a_full_one(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.compact.SHARD_ROWS", 7)
    compact(dataset)
    sizes = Counter((f.table, f.rows) for f in Dataset.open(dataset).log.files.values())
    assert sizes[("figures", 6)] == 10
    assert max(rows for _, rows in sizes) == 7
    assert compact(dataset) == Compaction()


def test_a_small_file_finds_room_beside_the_newest(dataset: Path) -> None:
    compact(dataset)
    with writing(Dataset.open(dataset)) as writer:
        commit_rows(writer, "late", "0000", {"figures": figures(article(40))}, created=DAYS[1])
    assert compact(dataset) == Compaction(merged=2, into=1, folded=2)


def test_files_of_two_schemas_stay_apart(dataset: Path) -> None:
    opened = Dataset.open(dataset)
    older = opened.live_files("figures")[0]._replace(schema=0)
    more = Manifest(sequence=99, run="", slice="", created="2026-03-01", factwire="", adds=(older,))
    with writing(opened) as writer:
        writer.dataset = Dataset(dataset, replace(writer.dataset.log, files=opened.log.files.plus([more])))
        compacted(writer, "c", DAYS[0])
        assert older in writer.dataset.live_files("figures")


def test_an_empty_dataset(tmp_path: Path) -> None:
    Dataset.create(tmp_path / "ds")
    assert compact(tmp_path / "ds") == Compaction()


def test_a_damaged_fold_is_refused_by_name(dataset: Path) -> None:
    compact(dataset)
    path = dataset / "_runs" / "folded-00000021.json"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DamagedDatasetError, match=path.name):
        Dataset.open(dataset)


def test_a_checkpoint_after_a_fold_is_a_copy_still(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compact(dataset)
    monkeypatch.setattr("pipeline.dataset.writer.CHECKPOINT_EVERY", 2)
    with writing(Dataset.open(dataset)) as writer:
        for number in range(4):
            commit_rows(writer, f"more{number}", "0000", {"articles": [article(50 + number)]})
    (checkpoint,) = (dataset / "_runs").glob("checkpoint-*.json")
    whole = Dataset.open(dataset)
    assert (whole.log.checkpoint, whole.log.folded) == (25, 21)
    checkpoint.write_bytes(b"{")
    again = Dataset.open(dataset)
    assert (again.log.checkpoint, again.log.files, again.commits) == (21, whole.log.files, whole.commits)
    with writing(again):
        pass
    assert Dataset.open(dataset).log.checkpoint == 25


def test_a_reader_whose_manifests_are_folded_away_reads_again(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, folded = checkpoints.read_manifest, []

    def slow(path: Path) -> Manifest:
        if not folded:
            folded.append(True)
            monkeypatch.setattr(checkpoints, "read_manifest", real)
            compact(dataset)
        return real(path)

    monkeypatch.setattr(checkpoints, "read_manifest", slow)
    assert Dataset.open(dataset).log.folded == 21
