"""Runs over addresses beside `test_fetch_whole`: files among them, other formats, what is due, the verbs for feeds."""

import datetime as dt
import itertools
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.dataset import Dataset
from pipeline.fetch.feed_state import key_of
from tests.loopback import Loopback, Reply, certificate, moved
from tests.polling import INTRANET, WORDS, item, ran, rss

pytestmark = pytest.mark.usefixtures("articles_only")
NOW = replace(INTRANET, ask="now")
XML = {"Content-Type": "application/rss+xml"}


def listed(path: Path, addresses: list[str], *options: str) -> Path:
    path.write_text("\n".join(f"[[feed]]\nurl = '{address}'\n" + "\n".join(options) for address in addresses))
    return path


def test_files_and_addresses_mix(web: Loopback, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text(WORDS)
    web.routes |= {"/f": Reply(rss(item(1), item(2)), headers=XML), "/down": Reply(status=404)}
    made = ran(tmp_path, [str(text), web.url("/f"), web.url("/down")])
    assert (made.articles, made.exit_code) == (3, 2)
    assert {a["source_uri"] for a in made.rows()} == {str(text), web.url("/f")}
    assert made.outcome.account.feeds[web.url("/down")].http == 404
    again = ran(tmp_path, [str(text), web.url("/f"), web.url("/down")])
    assert again.outcome.account.feeds[web.url("/down")].status == "not_due"  # it backs off
    assert (again.exit_code, again.outcome.account.total.unchanged) == (0, 1)


def test_what_is_not_due_is_not_asked(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(rss(item(1)), headers=XML | {"Cache-Control": "max-age=3600"})
    assert ran(tmp_path, web.url("/f")).feed.status == "read"
    assert ran(tmp_path, web.url("/f")).feed.status == "not_due"
    assert ran(tmp_path, web.url("/f"), fetching=NOW).feed.status == "unchanged"  # the same body: its hash tells
    looked = ran(tmp_path, web.url("/f"), recheck=True)
    assert (looked.feed.status, looked.outcome.account.total.unchanged, len(web.asked)) == ("read", 1, 3)
    feeds = listed(tmp_path / "feeds.toml", [web.url("/g")], "interval = '2h'")
    web.routes["/g"] = Reply(rss(item(2)), headers=XML)
    assert ran(tmp_path, feeds=feeds).feed.status == "read"
    assert ran(tmp_path, feeds=feeds).feed.status == "not_due"


@pytest.mark.hostile(53)
def test_h53_a_busy_host_is_left_alone(web: Loopback, tmp_path: Path, names: Any) -> None:
    web.routes |= {"/a": Reply(status=429, headers={"Retry-After": "7200"}), "/b": Reply(rss(item(1)), headers=XML)}
    both = [web.url("/a", "busy.test"), web.url("/b", "busy.test"), web.url("/b", "other.test")]
    for fetching in (INTRANET, NOW):
        made = ran(tmp_path, both, fetching=fetching)
        assert [made.outcome.account.feeds[address].status for address in both][1:] in (["waiting", "read"], ["waiting", "unchanged"])
    assert web.paths().count("/a") == 1


@pytest.mark.hostile(54)
def test_h54_permanent_redirects_are_believed_in_time_and_login_pages_never(web: Loopback, tmp_path: Path, monkeypatch: Any) -> None:
    web.routes |= {"/old": moved("/mid"), "/mid": moved("/new", 308), "/new": Reply(rss(item(1)), headers=XML)}
    for _ in range(3):
        made = ran(tmp_path, web.url("/old"), recheck=True)
    state = Dataset.open(made.dataset).feeds[web.url("/old")]
    assert (state["moved_to"], state["moved_times"]) == (web.url("/new"), 3)
    assert made.rows()[0]["source_uri"] == web.url("/new")
    monkeypatch.setattr("pipeline.fetch.policy.MOVE_LASTS", dt.timedelta())
    web.asked.clear()
    ran(tmp_path, web.url("/old"), recheck=True)
    assert web.paths() == ["/new"]
    web.routes |= {"/was": Reply(rss(item(2)), headers=XML), "/login": Reply(b"<html><body>Who are you?</body></html>")}
    ran(tmp_path, web.url("/was"))
    web.routes["/was"] = moved("/login")
    made = ran(tmp_path, web.url("/was"), fetching=NOW)
    assert made.feed.status == "failed" and "moved_to" not in Dataset.open(made.dataset).feeds[web.url("/was")]


def test_an_article_page_and_a_json_feed_by_address(web: Loopback, tmp_path: Path) -> None:
    page = f"<html><head><title>The bridge</title></head><body><article><h1>The bridge</h1><p>{WORDS * 8}</p></article></body></html>"
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1", "url": "/1", "content_text": WORDS}]}
    web.routes |= {"/page": Reply(page.encode(), headers={"Content-Type": "text/html"}), "/j": Reply(json.dumps(feed).encode())}
    made = ran(tmp_path, [web.url("/page"), web.url("/j")])
    by_format = {a["input_format"]: a for a in made.rows()}
    assert by_format["html"]["canonical_url"] == web.url("/page")
    assert by_format["jsonfeed"]["canonical_url"] == web.url("/1")


def test_relative_links_lean_on_the_address_and_the_list_names_the_outlet(web: Loopback, tmp_path: Path) -> None:
    web.routes["/news/f"] = Reply(rss(item(1, link="one.html")), headers=XML)
    made = ran(tmp_path, feeds=listed(tmp_path / "feeds.toml", [web.url("/news/f")], "outlet = 'The Norvik Post'"))
    assert (made.rows()[0]["canonical_url"], made.rows()[0]["outlet"]) == (web.url("/news/one.html"), "The Norvik Post")


@pytest.mark.hostile(93)
def test_lost_validators_double_no_row(web: Loopback, tmp_path: Path, monkeypatch: Any) -> None:
    web.routes["/f"] = Reply(rss(item(1), item(2)), headers=XML | {"ETag": '"1"'})
    ran(tmp_path, web.url("/f"))
    monkeypatch.setattr(Dataset, "feeds", {web.url("/f"): ["spoilt"]})
    made = ran(tmp_path, web.url("/f"))
    assert (made.feed.status, made.outcome.account.total.unchanged, len(made.rows())) == ("read", 2, 2)


def test_dry_run_asks_and_writes_nothing(web: Loopback, tmp_path: Path, capsys: Any) -> None:
    web.routes["/f"] = Reply(rss(item(1), item(2)), headers=XML)
    assert main(["run", web.url("/f"), "-o", str(tmp_path / "ds"), "--allow-private", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["records"] == 2
    assert not (tmp_path / "ds").exists()


def test_what_is_not_due_is_told_until_when(web: Loopback, tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    web.routes["/f"] = Reply(rss(item(1)), headers=XML | {"Cache-Control": "max-age=3600"})
    made = ran(tmp_path, web.url("/f"))
    due = dt.datetime.fromisoformat(str(made.feed.next_due))
    for also in (["--dry-run"], []):
        assert main(["run", web.url("/f"), "-o", str(made.dataset), "--allow-private", *also]) == 0
        assert f"not due until {due:%Y-%m-%d %H:%M} UTC: {web.url('/f')} (--now asks it all the same)" in capsys.readouterr().out


@pytest.mark.hostile(85)
def test_h85_nothing_matched(tmp_path: Path) -> None:
    nothing = str(tmp_path / "*.jsonl")
    assert main(["run", nothing, "-o", str(tmp_path / "ds")]) == 1
    assert main(["run", nothing, "-o", str(tmp_path / "ds"), "--allow-empty"]) == 0


def test_the_verbs_say_how_feeds_are(web: Loopback, tmp_path: Path, capsys: Any) -> None:
    web.routes |= {"/f": Reply(rss(item(1)), headers=XML), "/bad": Reply(status=404)}
    feeds = listed(tmp_path / "feeds.toml", [web.url("/f"), web.url("/bad")])
    assert main(["feeds", "check", str(feeds), "--allow-private", "--json"]) == 2
    fine, bad = sorted(json.loads(capsys.readouterr().out)["feeds"], key=lambda f: f["status"], reverse=True)
    assert (fine["status"], fine["entries"], fine["trouble"]) == ("ok", 1, None)
    assert bad["status"] == "failing" and "look up its new address" in bad["trouble"] and bad["next_due"]
    assert main(["feeds", "check", web.url("/f"), "--allow-private"]) == 0
    assert main(["feeds", "check", web.url("/f")]) == 2
    assert "--allow-private" in capsys.readouterr().out
    assert main(["feeds", "check", str(tmp_path / "no.toml")]) == 1
    ran(tmp_path, feeds=feeds)
    capsys.readouterr()
    assert main(["feeds", "list", str(tmp_path / "ds"), "--json"]) == 0
    assert sorted(f["status"] for f in json.loads(capsys.readouterr().out)["feeds"]) == ["failing", "ok"]
    assert main(["feeds", "list", str(tmp_path / "nothing")]) == 1


def test_trusted_certificates_are_trusted(tmp_path: Path, monkeypatch: Any) -> None:
    path, context = certificate(tmp_path, days=30)
    safe = Loopback(context)
    safe.routes["/f"] = Reply(rss(item(1)), headers=XML)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    assert ran(tmp_path, safe.url("/f")).articles == 1


def test_requests_to_one_host_keep_their_distance(web: Loopback, tmp_path: Path, names: Any) -> None:
    web.routes |= {f"/{n}": Reply(rss(item(n)), headers=XML) for n in range(3)}
    same, other = [web.url(f"/{n}", "a.test") for n in range(3)], [web.url("/1", "b.test")]
    ran(tmp_path, same + other, fetching=replace(INTRANET, feed_gap=0.3))
    times = [a.at for a in web.asked if a.host == "a.test"]
    assert all(later - earlier >= 0.3 for earlier, later in itertools.pairwise(times))


def test_two_feeds_that_differ_in_their_secret_alone(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {f"/f?key={c}": Reply(rss(item(n, link=f"https://e.org/{c}")), headers=XML) for n, c in enumerate("ab")}
    both = [web.url(f"/f?key={c}") for c in "ab"]
    for articles in (2, 0):
        made = ran(tmp_path, both)
        assert (made.articles, len(made.outcome.account.feeds)) == (articles, 2)
    assert set(Dataset.open(made.dataset).feeds) == set(map(key_of, both))


def test_the_threads_of_a_poll_end(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    ran(tmp_path, web.url("/f"))
    assert not [t for t in threading.enumerate() if t.name == "fetch" and t.is_alive()]
    assert not list((tmp_path / "ds" / "_staging").iterdir())
