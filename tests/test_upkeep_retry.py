"""`factwire retry`: what could not be read and now can becomes rows, and its reject goes; what still fails stays once."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import transforms.steps
from pipeline.cli import main
from pipeline.dataset import Dataset
from pipeline.retry import retry
from schemas.tables import TABLES
from tests.loopback import Loopback, Reply
from tests.polling import item, ran, rss
from tests.test_run import TEXTS, rows_of, started, written
from tests.watching import rows_of as committed_rows
from tests.watching import watching


def rejects_of(dataset: Path) -> list[tuple[str, str, bool]]:
    rows = [r for path in (dataset / "rejects").rglob("*.parquet") for r in pq.ParquetFile(path).read().to_pylist()]
    return sorted((Path(r["source_uri"]).name, r["reason"], r["retryable"]) for r in rows)


def same_rows(one: Path, other: Path) -> bool:
    return all(rows_of(one, table) == rows_of(other, table) for table in TABLES if table != "rejects") and rejects_of(one) == rejects_of(
        other
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Texts in folders; two of them are links to where nothing is yet."""
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "there.txt").write_text(TEXTS[0], "utf-8")
    (tmp_path / "in" / "deep" / "later.txt").symlink_to(tmp_path / "later.txt")
    (tmp_path / "in" / "never.txt").symlink_to(tmp_path / "never.txt")
    return tmp_path / "in"


def test_what_can_be_read_now_becomes_rows_and_the_rest_stays(folder: Path, tmp_path: Path) -> None:
    dataset = tmp_path / "ds"
    assert started(folder, dataset).exit_code == 2
    assert rejects_of(dataset) == [("later.txt", "unreadable", True), ("never.txt", "unreadable", True)]
    again = retry(dataset, workers=1)
    assert (again.tried, again.settled, again.exit_code) == (2, 0, 2)
    assert Dataset.open(dataset).log.sequence == 1  # nothing came of it, nothing was committed
    (tmp_path / "later.txt").write_text(TEXTS[1], "utf-8")
    before = len(list((dataset / "rejects").rglob("*.parquet")))
    done = retry(dataset, workers=1)
    assert (done.tried, done.settled, done.exit_code) == (2, 1, 2)
    assert done.account.total.articles == 1
    assert done.account.total.balances
    assert rejects_of(dataset) == [("never.txt", "unreadable", True)]
    assert len(list((dataset / "rejects").rglob("*.parquet"))) == before
    assert Dataset.open(dataset).log.sequence == 2  # rows and reject in one commit
    started(folder, tmp_path / "fresh")
    assert same_rows(dataset, tmp_path / "fresh")  # as a run that could read it from the start, ids included
    assert started(folder, dataset).account.total.unchanged == 2


def test_as_a_user_runs_it(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = tmp_path / "ds"
    started(folder, dataset)
    for name in ("later.txt", "never.txt"):
        (tmp_path / name).write_text(TEXTS[2] + name, "utf-8")
    assert main(["retry", str(dataset), "--workers", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["tried"], told["settled"], told["articles"], told["rows"]["articles"]) == (2, 2, 2, 2)
    assert main(["retry", str(dataset)]) == 0
    assert "nothing to retry" in capsys.readouterr().out


def test_a_source_that_is_gone_is_named(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    started(folder, tmp_path / "ds")
    (folder / "never.txt").unlink()
    (tmp_path / "later.txt").write_text(TEXTS[1], "utf-8")
    assert main(["retry", str(tmp_path / "ds"), "--workers", "1"]) == 2
    shown = capsys.readouterr().out
    assert "1 settled, 1 stay" in shown
    assert "never.txt" in shown
    assert rejects_of(tmp_path / "ds") == [("never.txt", "unreadable", True)]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, here: None) -> Iterator[set[str]]:
    """Words on which the model fails, for as long as they stand here."""
    words: set[str] = set()
    real: Callable[..., Any] = transforms.steps.annotated

    def annotated(articles: Any, **more: Any) -> Any:
        texts = list(articles)
        if any(word in a.text for a in texts for word in words):
            raise RuntimeError("the model stumbled")
        return real(texts, **more)

    monkeypatch.setattr(transforms.steps, "annotated", annotated)
    yield words


def test_an_article_that_the_model_could_not_take(tmp_path: Path, failing: set[str]) -> None:
    source = written(tmp_path)
    with source.open("a", encoding="utf-8") as file:
        file.write("no json\n")
    failing.add("union")
    dataset = tmp_path / "ds"
    outcome = started(source, dataset, max_bad=0.5)
    assert (outcome.account.total.articles, outcome.account.total.rejects) == (4, 2)
    for _ in range(2):
        assert retry(dataset, workers=1).settled == 0
        assert rejects_of(dataset) == [("news.jsonl", "bad_json", False), ("news.jsonl", "failed", True)]
    failing.clear()
    done = retry(dataset, workers=1)
    assert (done.settled, done.account.total.articles, done.account.total.unchanged) == (1, 1, 5)
    assert rejects_of(dataset) == [("news.jsonl", "bad_json", False)]
    started(source, tmp_path / "fresh", max_bad=0.5)
    assert same_rows(dataset, tmp_path / "fresh")


def test_an_entry_of_a_feed_that_the_model_could_not_take(web: Loopback, tmp_path: Path, failing: set[str]) -> None:
    web.routes["/f"] = Reply(rss(item(1, TEXTS[1]), item(2, TEXTS[4])), headers={"Content-Type": "application/rss+xml"})
    failing.add("union")
    made = ran(tmp_path, web.url("/f"))
    assert (made.articles, len(made.rows("rejects"))) == (1, 1)
    assert retry(made.dataset, workers=1).settled == 0
    asked = len(web.asked)
    failing.clear()
    done = retry(made.dataset, workers=1)
    assert (done.tried, done.settled, done.missing) == (1, 1, ())
    assert len(web.asked) == asked + 1
    assert (len(made.rows()), made.rows("rejects")) == (2, [])


def test_an_address_that_does_not_answer_settles_nothing(web: Loopback, tmp_path: Path, failing: set[str]) -> None:
    web.routes["/f"] = Reply(rss(item(1, TEXTS[1]), item(2, TEXTS[4])), headers={"Content-Type": "application/rss+xml"})
    failing.add("union")
    made = ran(tmp_path, web.url("/f"))
    failing.clear()
    web.routes["/f"] = Reply(status=500)
    done = retry(made.dataset, workers=1)
    assert (done.settled, done.missing, done.exit_code) == (0, (web.url("/f"),), 2)
    assert len(made.rows("rejects")) == 1


def test_the_day_that_the_run_gave_holds_for_its_retry(tmp_path: Path) -> None:
    link = tmp_path / "a.txt"
    link.symlink_to(tmp_path / "real.txt")
    started(link, tmp_path / "ds", published_at=dt.date(2024, 5, 6))
    (tmp_path / "real.txt").write_text(TEXTS[1], "utf-8")
    retry(tmp_path / "ds", workers=1)
    assert [str(a["published_local_date"]) for a in rows_of(tmp_path / "ds", "articles")] == ["2024-05-06"]


def test_retry_tries_again_what_a_watch_set_aside(web: Loopback, tmp_path: Path, failing: set[str]) -> None:
    """Its commits name its sources as a run's do."""
    web.routes["/f"] = Reply(rss(item(1, TEXTS[1]), item(2, TEXTS[4])), headers={"Content-Type": "application/rss+xml"})
    failing.add("union")
    with watching(tmp_path, web.url("/f")) as watch:
        watch.until(lambda: len(committed_rows(watch.dataset, "rejects")) == 1, "one was set aside")
    failing.clear()
    assert retry(watch.dataset, workers=1).settled == 1
    assert len(committed_rows(watch.dataset, "articles")) == 2
