"""`factwire doctor`: what is wrong with the environment or a dataset is said in a sentence, and exit code 1."""

import fcntl
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import transforms.annotate.model
from pipeline import doctor
from pipeline.cli import main
from pipeline.dataset import Dataset, writing
from tests.engines import ROOT
from tests.torture.prepared_rows import article, commit_rows, figures


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)], "figures": figures(article(1))})
    return tmp_path / "ds"


def wrong(dataset: Path) -> list[str]:
    return [finding.told for finding in doctor.dataset_at(dataset) if not finding.fine]


def test_the_pythons_are_those_of_the_project() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    (first, last) = doctor.PYTHONS
    assert wanted == f">={first[0]}.{first[1]},<{last[0]}.{last[1] + 1}"


def test_all_is_well(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", str(dataset)]) == 0
    shown = capsys.readouterr().out
    assert "WRONG" not in shown
    for said in (
        "Python 3.",
        "belong to factwire alone",
        "versions that fit",
        "reads a sentence",
        "1 commit, 1 article.",
        "byte for byte",
        "no run holds",
    ):
        assert said in shown


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (Path.unlink, "cannot be read"),
        (_cut, "cannot be read"),
        (_flip, "not those that were committed"),
        (lambda path: path.with_name("strange.parquet").write_bytes(path.read_bytes()), "belongs to no commit"),
    ],
    ids=["gone", "cut", "flipped", "strange"],
)
def test_files_that_are_not_as_committed(dataset: Path, spoil: Callable[[Path], Any], said: str) -> None:
    spoil(next(dataset.glob("figures/*/*.parquet")))
    assert any(said in told for told in wrong(dataset))
    assert main(["doctor", str(dataset)]) == 1


def test_what_is_no_dataset_or_is_damaged(dataset: Path, tmp_path: Path) -> None:
    assert re.search("no such folder", wrong(tmp_path / "nowhere")[0])
    _cut(next(dataset.glob("_runs/*.json")))
    assert re.search("damaged or cut short", wrong(dataset)[0])


def test_a_run_under_way_and_what_one_left(dataset: Path) -> None:
    (dataset / "_staging" / "dead" / "0000").mkdir(parents=True)
    (dataset / "_staging" / "dead" / "0000" / "x.parquet").touch()
    told = [finding.told for finding in doctor.dataset_at(dataset)]
    assert any("an interrupted run left 1 file;" in each for each in told)
    with (dataset / "_lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = [finding.told for finding in doctor.dataset_at(dataset)]
    assert any("is writing to it" in each for each in told)
    assert not any("interrupted" in each for each in told)
    assert wrong(dataset) == []


def test_no_room(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_ROOM", 1 << 60)
    assert re.search("MB are free for the dataset; make room", wrong(dataset)[0])


def test_a_folder_that_cannot_be_written(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert re.search("cannot be written by this user", wrong(dataset)[0])


def test_an_environment_that_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    monkeypatch.setattr(doctor, "_python", lambda: doctor.Finding("Python", fine=False))
    monkeypatch.setattr(doctor, "OURS", ("yaml", "numpy"))
    monkeypatch.setattr(doctor, "_DISTRIBUTION", "not-there-at-all")

    def missing(*_: Any) -> None:
        raise transforms.annotate.model.ModelMissingError("there is no model; install it")

    monkeypatch.setattr(transforms.annotate.model, "model", missing)
    told = [finding.told for finding in doctor.environment() if not finding.fine]
    assert len(told) >= 3
    assert any("is not installed here" in each for each in told)
    assert any("there is no model" in each for each in told)
