"""`--limit N` counts what is new: the same line again goes on where the last one ended, until all is read."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.dataset import Dataset
from tests.loopback import Loopback, Reply
from tests.polling import WORDS, item, ran, rss

pytestmark = pytest.mark.usefixtures("articles_only")
XML = {"Content-Type": "application/rss+xml"}


def lines(path: Path, *texts: str) -> Path:
    path.write_text("".join(json.dumps({"id": text, "text": f"{WORDS}{text}"}) + "\n" for text in texts), "utf-8")
    return path


def ids(dataset: Path) -> list[list[str]]:
    """The ids of the articles, commit by commit."""
    import pyarrow.parquet as pq

    files = Dataset.open(dataset).live_files("articles")
    return [sorted(pq.ParquetFile(dataset / file.path).read()["guid"].to_pylist()) for file in files]


def test_as_a_user_runs_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = lines(tmp_path / "news.jsonl", *"abcde")
    line = ["run", str(source), "-o", str(tmp_path / "ds"), "--limit", "2", "--json", "--workers", "1"]
    told = []
    for _ in range(4):
        assert main(line) == 0
        account = json.loads(capsys.readouterr().out)
        told.append((account["records"], account["articles"], account["unchanged"]))
    assert told == [(2, 2, 0), (4, 2, 2), (5, 1, 4), (5, 0, 5)]
    assert ids(tmp_path / "ds") == [["a", "b"], ["c", "d"], ["e"]]
    assert len(Dataset.open(tmp_path / "ds").commits) == 3  # the last one found nothing new and wrote nothing


def test_over_several_files(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, texts in (("1", "abc"), ("2", "bcd"), ("3", ""), ("4", "efg")):
        lines(tmp_path / "in" / f"{name}.jsonl", *texts)
    for known, articles in ((0, 4), (2, 3), (4, 0)):
        made = ran(tmp_path, str(tmp_path / "in"), limit=4)
        assert made.articles == articles
        assert len(Dataset.open(made.dataset).inputs) >= known  # those that were read to their ends
    assert sorted(row["guid"] for row in made.rows()) == list("abcdefg")
    assert made.outcome.account.total.unchanged == 9


def test_a_source_that_ends_with_the_limit_is_remembered(tmp_path: Path) -> None:
    source = lines(tmp_path / "news.jsonl", *"aab")
    made = ran(tmp_path, str(source), limit=2)
    assert (made.articles, made.outcome.account.total.repeats) == (2, 1)
    assert set(Dataset.open(made.dataset).inputs) == {str(source)}


def test_bad_records_count_once(tmp_path: Path) -> None:
    source = lines(tmp_path / "news.jsonl", *"abc")
    source.write_text("no json\n{}\n" + source.read_text("utf-8"), "utf-8")
    told = []
    for _ in range(4):
        total = ran(tmp_path, str(source), limit=2).outcome.account.total
        told.append((total.articles, total.rejects, total.unchanged))
    assert told == [(0, 2, 0), (2, 0, 2), (1, 0, 4), (0, 0, 5)]


def test_many_records_are_asked_about_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.plan._ASK", 2)
    source = lines(tmp_path / "news.jsonl", *"abcdefg")
    assert [ran(tmp_path, str(source), limit=3).articles for _ in range(4)] == [3, 3, 1, 0]


def test_a_feed_that_is_cut_is_asked_again_and_one_that_is_not_is_remembered(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {"/a": Reply(rss(item(1), item(2)), headers=XML), "/b": Reply(rss(item(3), item(4)), headers=XML)}
    both = [web.url("/a"), web.url("/b")]
    made = ran(tmp_path, both, limit=3)
    assert (made.articles, list(Dataset.open(made.dataset).feeds)) == (3, both[:1])
    made = ran(tmp_path, both, limit=3)
    assert (made.articles, sorted(Dataset.open(made.dataset).feeds)) == (1, both)
    assert [made.outcome.account.feeds[feed].status for feed in both] == ["unchanged", "read"]


def test_the_rows_are_those_of_one_run(tmp_path: Path) -> None:
    source = lines(tmp_path / "news.jsonl", *"abcdefg")
    while ran(tmp_path, str(source), limit=2).articles:
        pass
    parts = {row["guid"]: row["text_sha256"] for row in ran(tmp_path, str(source)).rows()}
    shutil.rmtree(tmp_path / "ds")
    assert parts == {row["guid"]: row["text_sha256"] for row in ran(tmp_path, str(source)).rows()}
