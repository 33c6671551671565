"""Runs over agencies' items: an embargo that ends, an item that is cancelled, versions that come in any order; and --columns, kept for retry."""

import datetime as dt
import json
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.dataset import Dataset
from pipeline.options import RunOptions
from pipeline.retry import retry
from pipeline.run import Outcome, dry_run, run
from tests.polling import WORDS
from tests.test_upkeep_retry import rejects_of
from tests.watching import rows_of, watching

pytestmark = pytest.mark.usefixtures("articles_only")
URI = "urn:newsml:tidewire.example:20250509:21"


def item(text: str = "The first.", version: int | None = 1, **more: Any) -> dict[str, Any]:
    numbered = {} if version is None else {"version": str(version)}
    made = {"uri": URI, "type": "text", "pubstatus": "usable", "versioncreated": "2025-05-09T10:00:00Z", "headline": "Head"}
    return made | numbered | {"body_text": WORDS + text} | more


def put(folder: Path, name: str, *items: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(list(items)), "utf-8")
    return path


def started(source: Path, dataset: Path, **options: Any) -> Outcome:
    return run(RunOptions(sources=(str(source),), output=dataset, workers=1, **options))


def stored(dataset: Path) -> list[tuple[int, str]]:
    rows = sorted(rows_of(dataset, "articles"), key=lambda row: (row["article_id"], row["version"]))
    return [(row["version"], row["text"].partition(WORDS)[2]) for row in rows]


def after(end: dt.datetime) -> None:
    """Wait until then."""
    time.sleep(max(0.0, (end - dt.datetime.now(dt.UTC)).total_seconds()) + 0.01)


def test_an_item_is_read_when_its_embargo_ends_though_its_file_is_unchanged(tmp_path: Path) -> None:
    end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=3)
    put(tmp_path / "in", "a.json", item(embargoed=end.isoformat()), item("Other.", uri="urn:x:2"))
    dataset = tmp_path / "ds"
    first = started(tmp_path / "in", dataset)
    assert (first.exit_code, stored(dataset)) == (0, [(1, "Other.")])
    assert (first.account.total.rejects, first.account.total.held, first.account.bad_share) == (1, 1, 0.0)
    second = started(tmp_path / "in", dataset)
    assert (second.exit_code, second.account.total.unchanged, second.committed) == (0, 2, False)
    after(end)
    third = started(tmp_path / "in", dataset)
    assert third.account.total.articles == 1 and sorted(text for _, text in stored(dataset)) == ["Other.", "The first."]
    assert set(Dataset.open(dataset).inputs) == {str(tmp_path / "in" / "a.json")}
    assert started(tmp_path / "in", dataset).account.total.unchanged == 2


def test_retry_takes_out_what_said_that_an_embargo_held(tmp_path: Path) -> None:
    end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
    put(tmp_path / "in", "a.json", item(embargoed=end.isoformat()))
    dataset = tmp_path / "ds"
    started(tmp_path / "in", dataset)
    assert rejects_of(dataset) == [("a.json", "embargoed", True)]
    after(end)
    again = retry(dataset, workers=1)
    assert (again.tried, again.settled) == (1, 1) and rejects_of(dataset) == [] and len(stored(dataset)) == 1


def test_a_watch_reads_an_item_when_its_embargo_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.watch.folders.GROWING", 0.5)
    end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=4)
    folder = put(tmp_path / "in", "a.json", item(embargoed=end.isoformat())).parent
    with watching(tmp_path, str(folder)) as watch:
        watch.until(lambda: bool(rows_of(watch.dataset, "rejects")), "the item was set aside")
        assert watch.texts() == []
        watch.until(lambda: watch.texts() == [WORDS + "The first."], "the embargo ended")
    assert dt.datetime.now(dt.UTC) > end and len(rows_of(watch.dataset, "rejects")) == 1


def test_a_cancelled_item_is_taken_down(tmp_path: Path) -> None:
    dataset, folder = tmp_path / "ds", tmp_path / "in"
    put(folder, "a.json", item(), item("Kept.", uri="urn:x:2"))
    put(folder, "b.json", item("The second.", 2))
    started(folder, dataset)
    assert stored(dataset) in ([(1, "The first."), (2, "The second."), (1, "Kept.")], [(1, "Kept."), (1, "The first."), (2, "The second.")])
    put(folder, "c.json", item("", 3, pubstatus="canceled"))
    outcome = started(folder, dataset)
    assert (stored(dataset), outcome.exit_code) == ([(1, "Kept.")], 0)
    assert [row["reason"] for row in rows_of(dataset, "rejects")] == ["canceled"]
    assert any("was taken down" in note for note in outcome.account.notes)
    everything = b"".join(path.read_bytes() for path in dataset.rglob("*") if path.is_file())
    assert b"The second." not in everything
    # It is not read again, whatever comes: a source that cancels means it.
    put(folder, "d.json", item("The fourth.", 4))
    for recheck in (False, True):
        again = started(folder, dataset, recheck=recheck)
        assert (stored(dataset), again.exit_code) == ([(1, "Kept.")], 0)
    assert len(rows_of(dataset, "rejects")) == 1 and not again.committed


def test_what_is_cancelled_in_the_same_run_is_never_written(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.json", item(), item("The second.", 2), item("Kept.", uri="urn:x:2"))
    put(tmp_path / "in", "b.json", item("", 3, pubstatus="stat:canceled"))
    outcome = started(tmp_path / "in", tmp_path / "ds")
    assert stored(tmp_path / "ds") == [(1, "Kept.")] and outcome.account.total.filtered == 2


def test_a_dry_or_strict_run_takes_nothing_down(tmp_path: Path) -> None:
    dataset, folder = tmp_path / "ds", tmp_path / "in"
    put(folder, "a.json", item())
    started(folder, dataset)
    put(folder, "b.json", item("", 2, pubstatus="canceled"), *({"no": "text"} for _ in range(9)))
    dry_run(RunOptions(sources=(str(folder),), output=dataset))
    assert started(folder, dataset, strict=True).exit_code == 2
    assert stored(dataset) == [(1, "The first.")]


@pytest.mark.parametrize("numbers", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
def test_the_sources_own_numbers_order_versions(numbers: tuple[int, ...], tmp_path: Path) -> None:
    """In one run and in runs one after another: what came late is no newest version."""
    put(tmp_path / "once", "a.json", *(item(f"Number {n}.", n) for n in numbers))
    started(tmp_path / "once", tmp_path / "ds")
    assert stored(tmp_path / "ds") == [(1, "Number 1."), (2, "Number 2."), (3, "Number 3.")]
    for n in numbers:
        put(tmp_path / "later", f"{n}.json", item(f"Number {n}.", n))
        outcome = started(tmp_path / "later", tmp_path / "ds2")
        assert outcome.exit_code == 0
    assert stored(tmp_path / "ds2")[-1][1] == "Number 3."
    assert started(tmp_path / "later", tmp_path / "ds2", recheck=True).account.total.articles == 0


def test_versions_of_thousands_are_no_text_order(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.json", *(item(f"Number {n}.", n) for n in (10, 9, 100)))
    started(tmp_path / "in", tmp_path / "ds")
    assert [text for _, text in stored(tmp_path / "ds")] == ["Number 9.", "Number 10.", "Number 100."]


def test_columns_are_kept_for_retry(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(f"nr,story\n1,{WORDS.replace(',', '')}\n", "utf-8")
    (folder / "b.csv").symlink_to(tmp_path / "later.csv")
    arguments = ["run", str(folder), "-o", str(tmp_path / "ds"), "--columns", "text=story,id=nr", "--workers", "1", "-q"]
    assert main(arguments) == 2
    assert [row["guid"] for row in rows_of(tmp_path / "ds", "articles")] == ["1"]
    assert dict(Dataset.open(tmp_path / "ds").commits[-1].options)["columns"] == "text=story,id=nr"
    (tmp_path / "later.csv").write_text("nr,story\n2,Other words of the town.\n", "utf-8")
    assert main(["retry", str(tmp_path / "ds"), "--workers", "1"]) == 0
    assert sorted(row["guid"] for row in rows_of(tmp_path / "ds", "articles")) == ["1", "2"]


def test_a_wrong_option_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("text\nx\n", "utf-8")
    for verb in ("run", "watch"):
        assert main([verb, str(tmp_path), "-o", str(tmp_path / "ds"), "--columns", "body=x"]) == 1
        assert "an article has no 'body'; it has text, title" in capsys.readouterr().err


def test_an_archive_is_read_slice_by_slice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.plan.SLICE", 7)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        for name in "abc":
            file.writestr(f"{name}.jsonl", "".join(json.dumps({"text": f"{WORDS}{name} {n}."}) + "\n" for n in range(10)) + "bad\n")
    outcome = started(tmp_path / "a.zip", tmp_path / "ds", max_bad=0.5)
    assert (outcome.account.total.articles, outcome.account.total.rejects, outcome.exit_code) == (30, 3, 0)
    assert len({row["article_id"] for row in rows_of(tmp_path / "ds", "articles")}) == 30
    assert {row["position"] for row in rows_of(tmp_path / "ds", "rejects")} == {f"{name}.jsonl, line 11" for name in "abc"}
    assert not started(tmp_path / "a.zip", tmp_path / "ds").committed
    os.utime(tmp_path / "a.zip")
    assert started(tmp_path / "a.zip", tmp_path / "ds").account.total.unchanged == 33


def test_a_watch_takes_down_what_is_cancelled(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "a.json", item(), item("Kept.", uri="urn:x:2")).parent
    with watching(tmp_path, str(folder)) as watch:
        watch.until(lambda: len(watch.texts()) == 2, "both were read")
        put(folder, "b.json", item("", 2, pubstatus="canceled"))
        watch.until(lambda: watch.texts() == [WORDS + "Kept."], "one was taken down")
