"""Manifests and checkpoints: read in order, proved whole, refused with the file's name where they are not."""

import json
import re
import shutil
from pathlib import Path

import pytest

import pipeline.dataset.manifest
import pipeline.dataset.writer
from pipeline.dataset import DamagedDatasetError, Dataset, Input, NewerDatasetError, writing
from pipeline.dataset.manifest import sealed, unsealed
from tests.torture.prepared_rows import article, commit_rows

EVERY = 4  # manifests a checkpoint


@pytest.fixture
def ten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """Ten commits: a checkpoint at the eighth."""
    monkeypatch.setattr(pipeline.dataset.writer, "CHECKPOINT_EVERY", EVERY)
    with writing(Dataset.create(tmp_path / "out")) as writer:
        for number in range(10):
            read = Input(uri=f"in{number}", size=1, mtime_ns=2, records=1, done=True)
            commit_rows(
                writer,
                f"run{number}",
                "0",
                {"articles": [article(number)]},
                removes=[added.path for added in writer.dataset.live_files("articles")[:1]] if number == 6 else [],
                inputs=[read],
                feeds={"f": {"etag": str(number)}},
                account={"records": 1},
                timings={"read": 0.5},
            )
    return Dataset.open(tmp_path / "out")


def manifest_of(dataset: Dataset, sequence: int) -> Path:
    return next((dataset.root / "_runs").glob(f"{sequence:08d}-*.json"))


def checkpoint_of(dataset: Dataset) -> Path:
    (path,) = (dataset.root / "_runs").glob("checkpoint-*.json")
    return path


def sums(dataset: Dataset) -> tuple:
    log = dataset.log
    return log.sequence, log.files, log.inputs, log.feeds, log.history.all(), log.history.all_names(), log.leftovers


def test_a_checkpoint_is_the_sum_of_its_manifests(ten: Dataset) -> None:
    assert checkpoint_of(ten).name == "checkpoint-00000008.json"
    assert (ten.log.sequence, ten.log.checkpoint, len(ten.log.files)) == (10, 8, 9)
    checkpoint_of(ten).unlink()
    assert sums(Dataset.open(ten.root)) == sums(ten)
    with writing(ten) as writer:
        commit_rows(writer, "next", "0", {})
    assert checkpoint_of(ten).name == "checkpoint-00000011.json"


@pytest.mark.parametrize("damage", [lambda data: data[:-20], lambda data: data.replace(b'"records": 1', b'"records": 2'), lambda data: b""])
@pytest.mark.hostile(93)
def test_a_damaged_checkpoint_is_made_again(ten: Dataset, damage) -> None:
    checkpoint = checkpoint_of(ten)
    checkpoint.write_bytes(damage(checkpoint.read_bytes()))
    damaged = Dataset.open(ten.root)
    assert (sums(damaged), damaged.log.checkpoint) == (sums(ten), 0)
    with writing(damaged):
        pass
    assert checkpoint_of(ten).name == "checkpoint-00000010.json"
    assert sums(Dataset.open(ten.root)) == sums(ten)


def test_folded_manifests_may_go_as_long_as_the_checkpoint_is_whole(ten: Dataset) -> None:
    for sequence in range(1, 9):
        manifest_of(ten, sequence).unlink()
    assert sums(Dataset.open(ten.root)) == sums(ten)
    checkpoint = checkpoint_of(ten)
    checkpoint.write_bytes(checkpoint.read_bytes()[:-20])
    with pytest.raises(DamagedDatasetError, match=re.escape(checkpoint.name)):
        Dataset.open(ten.root)
    checkpoint.unlink()
    with pytest.raises(DamagedDatasetError, match="manifest 00000001 is missing"):
        Dataset.open(ten.root)


def test_an_older_checkpoint_left_by_a_crash_is_dropped(ten: Dataset) -> None:
    (ten.root / "_runs" / "checkpoint-00000004.json").write_bytes(checkpoint_of(ten).read_bytes())
    (ten.root / "_runs" / ".checkpoint-00000012.json.tmp").write_bytes(b"{")
    with writing(ten) as writer:
        assert sums(writer.dataset) == sums(ten)
    assert len([path for path in (ten.root / "_runs").iterdir() if "checkpoint" in path.name]) == 1


@pytest.mark.parametrize("length", [0, 1, 50, 200, -2, -1])
@pytest.mark.hostile(94)
def test_a_manifest_cut_short_is_refused_by_name(ten: Dataset, length: int) -> None:
    path = manifest_of(ten, 9)
    path.write_bytes(path.read_bytes()[:length])
    for use in (Dataset.open, Dataset.create, lambda root: writing(ten).__enter__()):
        with pytest.raises(DamagedDatasetError, match=re.escape(path.name)) as error:
            use(ten.root)
        assert error.value.exit_code == 1


@pytest.mark.hostile(94)
def test_a_manifest_with_a_changed_byte_is_refused(ten: Dataset) -> None:
    path = manifest_of(ten, 10)
    path.write_bytes(path.read_bytes().replace(b'"rows": 1', b'"rows": 7'))
    with pytest.raises(DamagedDatasetError, match=re.escape(path.name)):
        Dataset.open(ten.root)


def test_a_gap_in_the_manifests_is_refused(ten: Dataset) -> None:
    manifest_of(ten, 9).unlink()
    with pytest.raises(DamagedDatasetError, match="manifest 00000009 is missing"):
        Dataset.open(ten.root)


def test_two_manifests_of_one_number_are_refused(ten: Dataset) -> None:
    shutil.copy(manifest_of(ten, 9), ten.root / "_runs" / "00000009-other.json")
    with pytest.raises(DamagedDatasetError, match=r"00000009-other\.json"):
        Dataset.open(ten.root)


@pytest.mark.parametrize("later", ["next", "envelope"])
@pytest.mark.parametrize("which", ["manifest", "checkpoint"])
@pytest.mark.hostile(94)
def test_a_newer_form_is_refused_by_name(ten: Dataset, monkeypatch: pytest.MonkeyPatch, later: str, which: str) -> None:
    path = manifest_of(ten, 10) if which == "manifest" else checkpoint_of(ten)
    content = unsealed(path)
    with monkeypatch.context() as patched:
        newer = pipeline.dataset.manifest.FORMAT + 1
        patched.setattr(pipeline.dataset.manifest, "FORMAT", newer)
        path.write_bytes(sealed(content, form=newer) if later == "next" else json.dumps({"format": newer + 1, "body": []}).encode())
    with pytest.raises(NewerDatasetError, match=re.escape(path.name)):
        Dataset.open(ten.root)


def test_columns_of_a_later_manifest_of_this_form_are_left_out(ten: Dataset) -> None:
    path = manifest_of(ten, 10)
    content = unsealed(path)
    content["weather"] = "fine"
    content["adds"][0]["colour"] = "blue"
    path.write_bytes(sealed(content))
    assert sums(Dataset.open(ten.root)) == sums(ten)


@pytest.mark.parametrize("outside", ["../../etc/passwd", "/etc/passwd", "_runs/x.json", "articles/day=2026-01-01/../../x.parquet"])
@pytest.mark.hostile(88)
def test_a_manifest_that_points_elsewhere_is_not_obeyed(ten: Dataset, outside: str) -> None:
    path = manifest_of(ten, 10)
    content = unsealed(path)
    content["adds"][0]["path"] = outside
    path.write_bytes(sealed(content))
    with pytest.raises(DamagedDatasetError, match="no file of a dataset"):
        Dataset.open(ten.root)


def test_a_removal_that_points_elsewhere_is_not_obeyed(ten: Dataset, tmp_path: Path) -> None:
    victim = tmp_path / "mine.txt"
    victim.touch()
    path = manifest_of(ten, 10)
    path.write_bytes(sealed(unsealed(path) | {"removes": ["../mine.txt"]}))
    with pytest.raises(DamagedDatasetError, match="no file of a dataset"):
        Dataset.open(ten.root)
    assert victim.exists()


def test_what_is_no_manifest_is_refused(ten: Dataset) -> None:
    path = manifest_of(ten, 10)
    path.write_bytes(sealed({"sequence": 10}))
    with pytest.raises(DamagedDatasetError, match="not a manifest"):
        Dataset.open(ten.root)


def test_a_source_whose_name_is_no_text_comes_back_as_it_was(tmp_path: Path) -> None:
    odd = Input(uri="a\udcff\n'\"b", size=1, mtime_ns=2**62, records=0, done=True)
    with writing(Dataset.create(tmp_path / "out")) as writer:
        commit_rows(writer, "r", "0", {}, inputs=[odd])
    assert Dataset.open(tmp_path / "out").inputs == {odd.uri: odd}
