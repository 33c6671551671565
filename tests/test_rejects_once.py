"""What is wrong with an entry of a feed is set aside once, wherever the entry stands when the feed has scrolled."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import transforms.steps
from pipeline.dataset import Dataset, Manifest
from pipeline.dataset.seen import failed_in, rejected_in
from pipeline.dataset.views import connect
from pipeline.retry import retry
from schemas.reject import Reject
from tests.loopback import Loopback, Reply
from tests.polling import INTRANET, WORDS, Ran, item, ran, rss
from tests.test_run import TEXTS

NOW = replace(INTRANET, ask="now")
XML = {"Content-Type": "application/rss+xml"}
BAD_DATE = item(0).replace("</item>", "<pubDate>the day after tomorrow</pubDate></item>")
NO_TEXT = "<item><link>https://e.org/empty</link><guid>e</guid></item>"


def reasons(made: Ran) -> list[str]:
    return sorted(row["reason"] for row in made.rows("rejects"))


@pytest.mark.usefixtures("articles_only")
@pytest.mark.parametrize("bad", [BAD_DATE, NO_TEXT, BAD_DATE.replace("<guid>g0</guid>", "").replace("<link>https://e.org/0</link>", "")])
def test_a_feed_that_scrolls(web: Loopback, tmp_path: Path, bad: str) -> None:
    for newest in range(1, 4):
        web.routes["/f"] = Reply(rss(*(item(n) for n in range(newest, 0, -1)), bad), headers=XML)
        made = ran(tmp_path, web.url("/f"), fetching=NOW)
        assert len(made.rows("rejects")) == 1
    assert made.rows("rejects")[0]["position"] == "entry 2"  # where it stood when it was met
    assert made.outcome.account.total.articles == 1


@pytest.mark.usefixtures("articles_only")
def test_files_that_hold_the_same_feed_later(tmp_path: Path) -> None:
    file = tmp_path / "feed.rss"
    for newest in range(1, 4):
        file.write_bytes(rss(*(item(n) for n in range(newest, 0, -1)), BAD_DATE))
        made = ran(tmp_path, str(file))
    assert reasons(made) == ["bad_date"]


@pytest.mark.usefixtures("articles_only")
def test_two_bad_entries_are_two_and_one_given_twice_is_one(web: Loopback, tmp_path: Path) -> None:
    other = BAD_DATE.replace("e.org/0", "e.org/other").replace("g0", "other")
    web.routes["/f"] = Reply(rss(BAD_DATE, other, NO_TEXT, NO_TEXT), headers=XML)
    made = ran(tmp_path, web.url("/f"), fetching=NOW)
    assert reasons(made) == ["bad_date", "bad_date", "empty_text"]
    assert (made.outcome.account.total.rejects, made.outcome.account.total.repeats) == (1, 1)


@pytest.mark.usefixtures("articles_only")
def test_a_new_version_does_not_set_aside_anew_what_was_wrong_before(web: Loopback, tmp_path: Path) -> None:
    for text in ("first", "second"):
        web.routes["/f"] = Reply(rss(BAD_DATE.replace(WORDS, f"{WORDS}{text}")), headers=XML)
        made = ran(tmp_path, web.url("/f"), fetching=NOW)
    assert sorted(row["version"] for row in made.rows()) == [1, 2]
    assert reasons(made) == ["bad_date"]
    long = BAD_DATE.replace("Story 0", "Story " * 300)
    web.routes["/f"] = Reply(rss(long), headers=XML)
    made = ran(tmp_path, web.url("/f"), fetching=NOW)
    assert reasons(made) == ["bad_date", "too_long"]


@pytest.mark.usefixtures("articles_only")
@pytest.mark.parametrize("bad", [{"id": 7, "title": 5}, {"url": "https://e.org/x", "title": 5}, {"title": 5, "content_text": "x"}, 17])
def test_a_json_feed_that_scrolls(web: Loopback, tmp_path: Path, bad: Any) -> None:
    for newest in range(1, 4):
        items = [{"id": str(n), "content_text": f"{WORDS}{n}"} for n in range(newest, 0, -1)] + [bad]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "The Post", "items": items}
        web.routes["/f"] = Reply(json.dumps(feed).encode(), headers={"Content-Type": "application/feed+json"})
        made = ran(tmp_path, web.url("/f"), fetching=NOW)
    assert reasons(made) == ["bad_type"]


@pytest.mark.usefixtures("here")
def test_a_text_that_the_model_cannot_take_is_tried_by_retry_alone(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tries = transforms.steps.annotated, []

    def annotated(articles: Any, **more: Any) -> Any:
        texts = list(articles)
        if len(texts) == 1 and "union" in texts[0].text:
            tries.append(1)
        if any("union" in a.text for a in texts):
            raise RuntimeError("the model stumbled")
        return real(texts, **more)

    monkeypatch.setattr(transforms.steps, "annotated", annotated)
    for newest in range(1, 4):
        stories = (item(n, TEXTS[n]) for n in range(newest, 0, -1) if "union" not in TEXTS[n])
        bad = next(text for text in TEXTS if "union" in text)
        web.routes["/f"] = Reply(rss(*stories, item(9, bad)), headers=XML)
        made = ran(tmp_path, web.url("/f"), fetching=NOW)
    assert reasons(made) == ["failed"]
    before = len(tries)
    assert retry(made.dataset, workers=1).settled == 0
    assert len(tries) > before
    monkeypatch.setattr(transforms.steps, "annotated", real)
    assert retry(made.dataset, workers=1).settled == 1
    assert reasons(made) == []


@pytest.mark.usefixtures("articles_only")
def test_files_of_before_the_column_are_read_beside_newer_ones(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    file.write_text("no json\n", "utf-8")
    made = ran(tmp_path, str(file))
    (added,) = Dataset.open(made.dataset).live_files("rejects")
    path = made.dataset / added.path
    old = pq.ParquetFile(path).read().drop_columns(["record_key"])
    pq.write_table(old.replace_schema_metadata({"factwire.table": "rejects", "factwire.version": "1"}), path)
    dataset = Dataset.open(made.dataset)
    aging = Manifest(
        sequence=0, run="", slice="", created="", factwire="", adds=tuple(f._replace(schema=1) for f in dataset.log.files.values())
    )
    aged = Dataset(made.dataset, replace(dataset.log, files=dataset.log.files.plus([aging])))
    (row,) = old.to_pylist()
    same = Reject(**{name: value for name, value in row.items() if name not in ("rejected_at", "run_id")})
    assert rejected_in(aged, str(file)) == {same.key}
    assert failed_in(aged) == frozenset()
    with connect(aged) as connection:
        assert connection.sql("SELECT record_key FROM rejects").fetchall() == [(None,)]
