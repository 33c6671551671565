"""A watch on the local engine: what it reads, what it keeps, what it says. The engine writes articles without a model."""

import datetime as dt
import gzip
import json
import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.compact import compact
from pipeline.dataset import Dataset, LockedError, writing
from pipeline.engines.execute import WorkerLostError
from pipeline.forget import forget
from pipeline.graph import Graph
from pipeline.options import UsageError
from pipeline.watch import folders, local_watch
from pipeline.watch.status import findings
from tests.loopback import Asked, Loopback, Reply
from tests.polling import INTRANET, WORDS, _written, item, ran, rss
from tests.scripted_feeds import NEWS, Busy, Same, Site, scrolling, shows
from tests.scripted_feeds import item as entry
from tests.watching import rows_of, wait_until, watching
from transforms.read import SourceError

pytestmark = pytest.mark.usefixtures("articles_only")
XML = {"Content-Type": "application/rss+xml"}
STORY = f"{WORDS}It was the first."


def line(number: int) -> str:
    return json.dumps({"id": str(number), "text": f"{WORDS}Line {number}."}) + "\n"


# --- feeds


def test_it_holds_in_the_end_what_the_feeds_have_shown(web: Loopback, tmp_path: Path) -> None:
    site = Site(web, NEWS)
    with watching(tmp_path, *site.addresses) as watch:
        watch.until(lambda: site.told_all and len(watch.texts()) == len(site.articles), "all was committed")
    assert watch.texts() == sorted(text for _, text in site.articles)
    assert sorted(row["reason"] for row in rows_of(watch.dataset, "rejects")) == ["bad_date", "empty_text"]
    versions = [row["version"] for row in rows_of(watch.dataset, "articles") if row["canonical_url"] == "https://paper.example/2"]
    assert sorted(versions) == [1, 2, 3]


def test_nothing_new_writes_nothing(web: Loopback, tmp_path: Path) -> None:
    one = entry(1, STORY)
    site = Site(web, {"/f": (shows(one), *[Same()] * 20)})
    with watching(tmp_path, *site.addresses) as watch:
        watch.until(lambda: site.polls("/f") > 1, "it asked again")
        before = sorted(path.name for path in (watch.dataset / "_runs").iterdir())
        watch.until(lambda: site.told_all, "it asked often")
        assert sorted(path.name for path in (watch.dataset / "_runs").iterdir()) == before
    assert [commit.rows.get("articles", 0) for commit in Dataset.open(watch.dataset).commits] == [1, 0]  # the states, when it ended


def test_what_is_known_of_feeds_is_kept_once_an_hour(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_watch, "KEPT_EVERY", dt.timedelta(seconds=0.3))
    site = Site(web, {"/f": (shows(entry(1, STORY)), *[Same()] * 1000)})
    with watching(tmp_path, *site.addresses) as watch:
        watch.until(lambda: len(watch.heard.commits) >= 3, "states were kept twice")
        assert [commit.rows.get("articles", 0) for commit in watch.heard.commits[:3]] == [1, 0, 0]
        asked = [commit.feeds[site.addresses[0]]["asked_at"] for commit in watch.heard.commits[:3]]
        assert asked == sorted(asked)


def test_the_states_of_before_are_taken_up(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(rss(item(1), head="<ttl>60</ttl>"), headers=XML)
    made = ran(tmp_path, web.url("/f"))
    with watching(tmp_path, web.url("/f")):
        time.sleep(0.5)
    assert (made.articles, web.paths()) == (1, ["/f"])  # it is not due for an hour


def test_its_own_word_counts_where_it_is_longer(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {"/slow": Reply(rss(item(1), head="<ttl>60</ttl>"), headers=XML), "/quick": Reply(rss(item(2)), headers=XML)}
    with watching(tmp_path, web.url("/slow"), web.url("/quick")) as watch:
        watch.until(lambda: web.paths().count("/quick") >= 4, "the other was asked often")
    assert web.paths().count("/slow") == 1


def test_a_busy_host_is_left_alone(web: Loopback, tmp_path: Path) -> None:
    site = Site(web, {"/f": (Busy(1), shows(entry(1, STORY)))})
    with watching(tmp_path, *site.addresses) as watch:
        watch.until(lambda: watch.texts() == [STORY], "it was read")
    first, second = (asked.at for asked in web.asked[:2])
    assert second - first >= 1


def test_a_list_is_read_again_when_it_changes(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {"/a": Reply(rss(item(1)), headers=XML), "/b": Reply(rss(item(2)), headers=XML)}
    listed = tmp_path / "feeds.toml"
    listed.write_text(f"[[feed]]\nurl = '{web.url('/a')}'\n")
    with watching(tmp_path, feeds=listed) as watch:
        watch.until(lambda: len(watch.texts()) == 1, "the first was read")
        listed.write_text("[[feed]\n")
        watch.until(lambda: any("goes on" in said for said in watch.heard.said), "it said that the list is broken")
        asked = len(web.asked)
        watch.until(lambda: len(web.asked) > asked + 2, "the old list went on")
        listed.write_text(f"[[feed]]\nurl = '{web.url('/b')}'\n")
        watch.until(lambda: len(watch.texts()) == 2, "the second was read")
        listed.unlink()
        watch.until(lambda: sum("goes on" in said for said in watch.heard.said) == 2, "it said that the list is gone")
        asked = len(web.asked)
        watch.until(lambda: len(web.asked) > asked, "the second went on")
    assert {a.path for a in web.asked[-2:]} == {"/b"}


def test_an_outage_is_said_when_it_begins_and_when_it_ends(tmp_path: Path, web: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    real, there = socket.getaddrinfo, threading.Event()

    def resolve(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if not there.is_set():
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real("127.0.0.1", port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    with watching(tmp_path, web.url("/f", "news.test")) as watch:
        watch.until(lambda: any("until the network is there" in said for said in watch.heard.said), "it said so")
        time.sleep(0.3)
        there.set()
        watch.until(lambda: len(watch.texts()) == 1, "it was read")
        watch.until(lambda: "the network is there again" in watch.heard.said, "it said so")
    assert sum("network" in said for said in watch.heard.said) == 2


def test_what_was_taken_down_is_not_asked(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    page = web.url("/page")
    web.routes["/page"] = Reply(
        f"<html><body><article><p>{WORDS * 5}</p></article></body></html>".encode(), headers={"Content-Type": "text/html"}
    )
    ran(tmp_path, [page])
    forget(tmp_path / "ds", url=page)
    web.asked.clear()
    with watching(tmp_path, page, web.url("/f")) as watch:
        watch.until(lambda: web.paths().count("/f") > 3, "the feed was asked often")
    assert "/page" not in web.paths()


def test_a_refused_address_is_not_asked_all_the_time(tmp_path: Path) -> None:
    strict = replace(INTRANET, private=False)
    with watching(tmp_path, "http://127.0.0.1:9/f", every=dt.timedelta(hours=1), fetching=strict) as watch:
        watch.until(lambda: "http://127.0.0.1:9/f" in watch.watch._looking.feeds._not_before, "it was tried")
        assert watch.watch._due(dt.datetime.now(dt.UTC)) > dt.datetime.now(dt.UTC) + dt.timedelta(minutes=50)


# --- folders


def test_files_that_come_and_change_are_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with watching(tmp_path, str(tmp_path / "in")) as watch:
        (tmp_path / "in" / "a.txt").write_text(STORY)
        watch.until(lambda: watch.texts() == [STORY], "the file was read")
        (tmp_path / "in" / "deep").mkdir()
        (tmp_path / "in" / "deep" / "b.jsonl").write_text(line(1))
        watch.until(lambda: len(watch.texts()) == 2, "the other was read")
        with (tmp_path / "in" / "deep" / "b.jsonl").open("a") as file:
            file.write(line(2))
        watch.until(lambda: len(watch.texts()) == 3, "its new line was read")
        (tmp_path / "in" / "a.txt").write_text(f"{STORY} It was changed.")
        watch.until(lambda: len(watch.texts()) == 4, "its new version was read")
    assert [commit.rows["articles"] for commit in watch.heard.commits] == [1] * 4


def test_a_file_renamed_into_place_is_read_at_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with watching(tmp_path, str(tmp_path / "in"), settled=3600.0) as watch:
        (tmp_path / "new.txt").write_text(STORY)
        time.sleep(0.05)  # the clock of a file system ticks slowly
        (tmp_path / "new.txt").rename(tmp_path / "in" / "new.txt")
        watch.until(lambda: watch.texts() == [STORY], "it was read")


def test_a_file_that_grows_is_left_alone_until_it_does_not(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with watching(tmp_path, str(tmp_path / "in"), settled=1.0) as watch, (tmp_path / "in" / "slow.txt").open("w") as file:
        for word in STORY.split(" "):
            file.write(f"{word} ")
            file.flush()
            time.sleep(0.1)
        file.close()
        watch.until(lambda: len(watch.texts()) == 1, "it was read")
    assert [text.strip() for text in watch.texts()] == [STORY]


@pytest.mark.parametrize("packed", [False, True])
def test_a_writer_who_pauses_leaves_no_reject(tmp_path: Path, packed: bool) -> None:
    """What is whole of it is read meanwhile; its cut end is not set aside, and the rest is read when it has come."""
    whole = "".join(map(line, range(400))).encode()
    data = gzip.compress(whole) if packed else whole
    path = tmp_path / "in" / ("slow.jsonl.gz" if packed else "slow.jsonl")
    path.parent.mkdir()
    with watching(tmp_path, str(path.parent)) as watch, path.open("wb") as file:
        file.write(data[: len(data) // 2 + 20])
        file.flush()
        watch.until(lambda: len(watch.heard.commits) == 1, "its first half was read")
        first = len(watch.texts())
        file.write(data[len(data) // 2 + 20 :])
        file.close()
        watch.until(lambda: len(watch.texts()) == 400, "all of it was read")
    assert 0 < first < 400
    assert rows_of(watch.dataset, "rejects") == []
    assert {row["version"] for row in rows_of(watch.dataset, "articles")} == {1}
    assert set(Dataset.open(watch.dataset).inputs) == {str(path)}


def test_a_file_that_stays_cut_off_is_told_of_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "GROWING", 1.0)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cut.jsonl").write_text(line(1) + '{"text": "It was cut in the mid')
    with watching(tmp_path, str(tmp_path / "in")) as watch:
        watch.until(lambda: len(watch.texts()) == 1, "its whole line was read")
        assert rows_of(watch.dataset, "rejects") == []
        watch.until(lambda: len(rows_of(watch.dataset, "rejects")) == 1, "the other was set aside")
    assert rows_of(watch.dataset, "rejects")[0]["reason"] == "bad_json"
    assert len(Dataset.open(watch.dataset).inputs) == 1


def test_a_text_waits_for_what_says_more_of_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with watching(tmp_path, str(tmp_path / "in"), settled=2.0) as watch:
        (tmp_path / "in" / "a.txt").write_text(STORY)
        os.utime(tmp_path / "in" / "a.txt", (1e9, 1e9))
        (tmp_path / "in" / "a.json").write_text('{"title": "The bridge"}')
        watch.until(lambda: len(watch.texts()) == 1, "it was read")
    assert [row["title"] for row in rows_of(watch.dataset, "articles")] == ["The bridge"]


def test_a_folder_that_goes_and_comes_back(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(STORY)
    with watching(tmp_path, str(tmp_path / "in")) as watch:
        watch.until(lambda: len(watch.texts()) == 1, "it was read")
        (tmp_path / "in").rename(tmp_path / "away")
        watch.until(lambda: any("is not there any more" in said for said in watch.heard.said), "it said so")
        (tmp_path / "away" / "b.txt").write_text(f"{STORY} The second.")
        (tmp_path / "away").rename(tmp_path / "in")
        watch.until(lambda: len(watch.texts()) == 2, "the new one was read")
    assert sum("not there" in said for said in watch.heard.said) == 1


def test_a_file_of_no_known_kind_is_not_looked_into_again(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(STORY)
    (tmp_path / "in" / "picture.png").write_bytes(b"\x89PNG")
    with watching(tmp_path, str(tmp_path / "in")) as watch:
        watch.until(lambda: len(watch.texts()) == 1, "it was read")
        watch.until(lambda: str(tmp_path / "in" / "picture.png") in watch.watch._looking.folders._read, "it was looked at")
    assert rows_of(watch.dataset, "rejects") == []


@pytest.mark.parametrize("source", ["no-such-folder", "s3://bucket/news/"])
def test_what_cannot_be_watched_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises((SourceError, UsageError)), watching(tmp_path, source if "://" in source else str(tmp_path / source)):
        pass
    assert not (tmp_path / "ds").exists()


# --- its life


def test_another_process_at_the_dataset_is_waited_for(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_watch, "_LOCK_WAIT", 0.05)
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    with writing(Dataset.create(tmp_path / "ds")), watching(tmp_path, web.url("/f")) as watch:
        watch.until(lambda: any("it is waited for" in said for said in watch.heard.said), "it said so")
        time.sleep(0.3)
        assert watch.texts() == []
        with pytest.raises(LockedError, match="another watch"), watching(tmp_path, web.url("/f")):
            pass
    assert sum("is waited for" in said for said in watch.heard.said) == 1
    assert watch.texts() == []  # stopped while it waited: what it had is asked for again
    with watching(tmp_path, web.url("/f")) as watch:
        watch.until(lambda: len(watch.texts()) == 1, "it was committed")


def test_other_verbs_come_between_its_commits(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_watch, "_LOCK_WAIT", 0.01)
    site = Site(web, {"/f": scrolling(20, shown=10)})
    compacted = 0
    with watching(tmp_path, *site.addresses) as watch:
        watch.until(lambda: len(watch.heard.commits) > 0, "there is a dataset")
        while not (site.told_all and sum(commit.rows["articles"] for commit in watch.heard.commits) == 20):
            assert watch.alive
            try:
                compact(watch.dataset)
                compacted += 1
            except LockedError:
                pass
            time.sleep(0.1)
    assert compacted
    assert watch.texts() == sorted(text for _, text in site.articles)


def test_a_killed_worker_is_one_sentence_and_it_goes_on(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def executed(graph: Graph, **more: Any) -> Any:
        tries.append(graph)
        if len(tries) in (1, 3):
            raise WorkerLostError("a worker process was killed")
        return _written(graph, **more)

    monkeypatch.setattr("pipeline.engines.local.executed", executed)
    site = Site(web, {"/f": scrolling(3)})
    with watching(tmp_path, *site.addresses) as watch:
        watch.until(lambda: len(watch.texts()) == 3, "all was committed")
    assert sum("it is tried again" in said for said in watch.heard.said) == 2


def test_three_killed_in_a_row_end_it(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def executed(graph: Graph, **_: Any) -> Any:
        raise WorkerLostError("a worker process was killed")

    monkeypatch.setattr("pipeline.engines.local.executed", executed)
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    with pytest.raises(WorkerLostError), watching(tmp_path, web.url("/f")) as watch:
        wait_until(lambda: not watch.alive, "it ended")
    assert sum("it is tried again" in said for said in watch.heard.said) == 2
    assert rows_of(watch.dataset, "articles") == []


def test_a_failing_disk_ends_it(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def executed(graph: Graph, **_: Any) -> Any:
        raise OSError(28, "No space left on device", "figures")

    monkeypatch.setattr("pipeline.engines.local.executed", executed)
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    with pytest.raises(OSError, match="No space left"), watching(tmp_path, web.url("/f")) as watch:
        wait_until(lambda: not watch.alive, "it ended")


def test_when_asked_to_stop_it_ends_the_slice_at_hand(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.plan.SLICE", 2)
    begun = threading.Event()

    def executed(graph: Graph, **more: Any) -> Any:
        begun.set()
        wait_until(lambda: watch.stopping.asked, "it was asked to stop")
        return _written(graph, **more)

    monkeypatch.setattr("pipeline.engines.local.executed", executed)
    web.routes["/f"] = Reply(rss(*(item(n) for n in range(5))), headers=XML)
    with watching(tmp_path, web.url("/f")) as watch:
        assert begun.wait(60)
        watch.stopping.ask()
    assert len(watch.texts()) == 2
    assert Dataset.open(watch.dataset).feeds == {}  # of a feed that was not read to its end nothing is remembered
    monkeypatch.setattr("pipeline.engines.local.executed", _written)
    with watching(tmp_path, web.url("/f")) as watch:
        watch.until(lambda: len(watch.texts()) == 5, "the rest was read")


def test_when_asked_to_stop_nobody_waits_for_his_turn(web: Loopback, tmp_path: Path) -> None:
    asked = threading.Event()

    def first(_: Asked) -> Reply:
        asked.set()
        return Reply(rss(item(1)), headers=XML)

    web.routes |= {"/a": first, "/b": Reply(rss(item(2)), headers=XML)}
    slow = replace(INTRANET, feed_gap=600.0)
    with watching(tmp_path, web.url("/a"), web.url("/b"), fetching=slow) as watch:
        assert asked.wait(60)
        watch.stopping.ask()
    assert len(watch.texts()) == 1  # what came is committed
    assert set(Dataset.open(watch.dataset).feeds) == {web.url("/a")}


def test_the_status_tells_how_it_stands(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {"/f": Reply(rss(item(1)), headers=XML), "/gone": Reply(status=410)}
    now = dt.datetime.now(dt.UTC)
    with watching(tmp_path, web.url("/f"), web.url("/gone")) as watch:
        watch.until((watch.dataset / "_watch" / "status.json").exists, "it says something")
        watch.until(lambda: len(watch.texts()) == 1, "it committed")
        watch.until(lambda: "410" in str(list(findings(watch.dataset, now))), "it told of the feed that is gone")
        told = list(findings(watch.dataset, now))
        assert "is alive" in told[0][0] and ": 1 article, " in told[1][0]
        assert all(fine for _, fine in told)
        late = list(findings(watch.dataset, now + dt.timedelta(days=1)))
        assert [fine for _, fine in late] == [False] and "has said nothing since" in late[0][0]
    ((sentence, fine),) = findings(watch.dataset, now)
    assert "no watch is running" in sentence and fine
    status = watch.dataset / "_watch" / "status.json"
    told_last = json.loads(status.read_text("utf-8"))
    status.write_text(json.dumps(told_last | {"stopped": None}))
    ((sentence, fine),) = findings(watch.dataset, now)
    assert "is dead" in sentence and not fine
