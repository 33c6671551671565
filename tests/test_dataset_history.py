"""A log that is folded on the way: the same sums as of all manifests, in few files, old commits summed up by day."""

import datetime as dt
import tempfile
from collections import Counter
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dataset import DamagedDatasetError, Dataset, Input, Manifest, writing
from pipeline.dataset.history import summed
from pipeline.dataset.takedown import hash_of_source
from pipeline.dataset.verify import problems_in
from pipeline.dataset.views import connect
from tests.torture.prepared_rows import article, commit_rows

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
SMALL = {"pipeline.dataset.writer.CHECKPOINT_EVERY": 2, "pipeline.dataset.writer.FOLD_EVERY": 5, "pipeline.dataset.history.SINGLE": 4}
SOURCES = [f"s{n}" for n in range(4)]

STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "reads": st.dictionaries(st.sampled_from(SOURCES), st.booleans(), max_size=2),  # and whether to the end
            "removes": st.booleans(),
            "opens": st.booleans(),  # whether the next commit is of another process
            "hours": st.integers(0, 20),
            "forgets": st.sampled_from([None, None, None, None, None, *SOURCES]),
        }
    ),
    max_size=24,
)


@settings(max_examples=25)
@given(STEPS)
def test_the_log_is_the_sum_of_all_commits_however_it_is_kept(steps: list[dict]) -> None:
    with tempfile.TemporaryDirectory() as folder, mock.patch.multiple("pipeline.dataset.history", SINGLE=4):
        for name, value in SMALL.items():
            module, _, constant = name.rpartition(".")
            mock.patch(f"{module}.{constant}", value).start()
        try:
            _follow(Path(folder) / "ds", steps)
        finally:
            mock.patch.stopall()


def _follow(root: Path, steps: list[dict]) -> None:
    inputs: dict[str, bool] = {}
    forgotten: set[str] = set()
    records, now, dataset = 0, NOON, Dataset.create(root)
    for number, step in enumerate(steps):
        now += dt.timedelta(hours=step["hours"])
        with writing(Dataset.open(root) if step["opens"] else dataset) as writer:
            live = writer.dataset.live_files("articles")
            commit_rows(
                writer,
                f"run{number}",
                "0",
                {"articles": [article(number)]},
                removes=[live[0].path] if step["removes"] and live else [],
                inputs=[Input(uri, number, 1, 1, done) for uri, done in step["reads"].items()],
                account={"records": number, "sources": {uri: {"records": 1} for uri in step["reads"]}},
                created=now,
                forgets=[hash_of_source(step["forgets"])] if step["forgets"] else [],
            )
            records += number
            dataset = writer.dataset
        inputs |= {uri: done for uri, done in step["reads"].items() if uri not in forgotten}
        if step["forgets"]:
            forgotten.add(step["forgets"])
            inputs.pop(step["forgets"], None)
        for each in (dataset, Dataset.open(root)):
            assert {uri for uri, done in inputs.items() if done} == set(each.inputs)
            assert sum(commit.commits for commit in each.commits) == number + 1
            assert sum(commit.account["records"] for commit in each.commits) == records
            assert sum((Counter(commit.rows) for commit in each.commits), Counter()) == {"articles": number + 1}
            assert set(each.log.files) == {str(p.relative_to(root)) for p in root.glob("articles/*/*.parquet")}
        told = [path for path in (root / "_runs").iterdir() if any(f'"{uri}"'.encode() in path.read_bytes() for uri in forgotten)]
        assert told == []
    names = [path.name for path in (root / "_runs").iterdir()]
    assert len(names) <= 5 + 1 + 1 + 2 * 3 * 3  # manifests, checkpoint, fold, and of each kind of part a few, twice
    assert list(problems_in(Dataset.open(root))) == []


def commit_of(number: int, **more: object) -> Manifest:
    made = {
        "sequence": number,
        "run": f"run{number}",
        "slice": "0000",
        "created": (NOON + dt.timedelta(hours=number)).isoformat(),
        "factwire": "1",
        "rows": {"articles": 2},
        "account": {"records": 3, "seconds": 0.5, "failed_sources": [f"f{number % 2}"], "rows": {"articles": 2}, "languages": {"en": 2}},
        "options": {"workers": 1},
    }
    return Manifest(**made | more)  # type: ignore[arg-type]


def test_old_commits_are_summed_up_by_day_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.dataset.history.SINGLE", 2)
    commits = [commit_of(n) for n in range(1, 31)]
    commits[4] = commit_of(5, options={"workers": 2})
    commits[6] = commit_of(7, rows={"articles": 2, "rejects": 1})
    kept = summed(commits)
    assert [(c.created[:10], c.commits, c.sequence) for c in kept] == [
        ("2026-03-01", 1, 5),
        ("2026-03-01", 10, 11),
        ("2026-03-02", 17, 28),
        ("2026-03-02", 1, 29),
        ("2026-03-02", 1, 30),
    ]
    day = kept[1]
    assert (day.run, day.runs, day.rows) == ("run11", ("run7",), {"articles": 20, "rejects": 1})
    assert day.account == {
        "records": 30,
        "seconds": 5.0,
        "failed_sources": ["f0", "f1"],
        "rows": {"articles": 20},
        "languages": {"en": 20},
    }
    assert summed([*kept[:-2], *commits[-2:]]) == kept  # again, nothing changes
    more = summed([*kept, *(commit_of(n, rows={"rejects": 1}) for n in (31, 32))])
    assert [(c.commits, c.runs) for c in more] == [(1, ()), (10, ("run7",)), (19, ()), (1, ()), (1, ())]


def test_a_dataset_of_many_commits_has_few_files_and_tells_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SMALL.items():
        monkeypatch.setattr(name, value)
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        for number in range(64):
            read = Input(f"in{number}", 1, 1, 1, done=True)
            commit_rows(writer, f"run{number}", "0", {}, inputs=[read], account={"records": 1}, created=NOON + dt.timedelta(hours=number))
    names = sorted(path.name for path in (tmp_path / "ds" / "_runs").iterdir())
    assert len([name for name in names if name[0] == "0"]) <= 5
    assert 1 <= len([name for name in names if name.startswith("inputs-")]) <= 8
    opened = Dataset.open(tmp_path / "ds")
    assert len(opened.inputs) == 64
    with connect(opened) as connection:
        told = connection.sql("SELECT sum(commits), sum(records), count(*) FROM runs").fetchall()
    assert told == [(64, 64, len(opened.commits))]
    assert len(opened.commits) <= 3 + 4 + 5  # days, single ones, since the fold


def test_a_commit_is_known_by_its_name_after_a_fold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.dataset.writer.FOLD_EVERY", 2)
    for _ in range(2):
        with writing(Dataset.create(tmp_path / "ds")) as writer:
            made = [commit_rows(writer, "r", str(number), {"articles": [article(number)]}) for number in range(3)]
        assert [each.sequence for each in made] == [1, 2, 3]
    assert Dataset.open(tmp_path / "ds").log.sequence == 3


def test_a_lost_part_is_told_by_who_needs_it_and_by_the_doctor(tmp_path: Path) -> None:
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        commit_rows(writer, "r", "0", {}, inputs=[Input("in", 1, 1, 1, done=True)])
        writer.fold()
    (part,) = (tmp_path / "ds" / "_runs").glob("inputs-*.json")
    part.write_bytes(part.read_bytes()[:-9])
    opened = Dataset.open(tmp_path / "ds")
    with pytest.raises(DamagedDatasetError, match=part.name):
        opened.inputs.get("in")
    assert [each for each in problems_in(opened) if part.name in each]
    part.unlink()
    assert [each for each in problems_in(opened) if "is missing" in each]


def test_a_reader_of_the_fold_before_finds_its_parts(tmp_path: Path) -> None:
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        commit_rows(writer, "r", "0", {}, inputs=[Input("in0", 1, 1, 1, done=True)])
        writer.fold()
        before = Dataset.open(tmp_path / "ds")
        commit_rows(writer, "r", "1", {}, inputs=[Input("in1", 1, 1, 1, done=True)])
        writer.fold()
    assert (len(before.inputs), len(before.commits)) == (1, 1)
    assert (len(Dataset.open(tmp_path / "ds").inputs), len(Dataset.open(tmp_path / "ds").commits)) == (2, 2)
