"""Whole runs over addresses: what a poll without news costs, that many feeds come out whole, and robots.txt."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.dataset import Dataset
from tests.loopback import Asked, Loopback, Reply
from tests.polling import INTRANET, WORDS, Ran, item, ran, rss

pytestmark = pytest.mark.usefixtures("articles_only")
XML = {"Content-Type": "application/rss+xml"}
NOW = replace(INTRANET, ask="now")

POLL = """
import json, sys
from pipeline.cli import main
code = main(sys.argv[1:])
print(json.dumps({"code": code, "loaded": sorted({m.partition(".")[0] for m in sys.modules})}))
"""


def conditional(body: bytes) -> Any:
    """A server that knows its own validator."""

    def answer(asked: Asked) -> Reply:
        known = asked.headers.get("if-none-match") == '"1"'
        return Reply(status=304) if known else Reply(body, headers=XML | {"ETag": '"1"'})

    return answer


def polled(*arguments: str) -> dict[str, Any]:
    made = subprocess.run([sys.executable, "-c", POLL, *arguments], capture_output=True, text=True, check=True, timeout=120)
    told: dict[str, Any] = json.loads(made.stdout.splitlines()[-1])
    return told


def test_a_poll_without_news_loads_neither_beam_nor_the_model(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = conditional(rss(item(1), item(2)))
    first = ran(tmp_path, web.url("/f"))
    assert (first.articles, first.feed.status) == (2, "read")
    told = polled("run", web.url("/f"), "-o", str(first.dataset), "--allow-private")
    assert told["code"] == 0
    assert not {"apache_beam", "spacy", "torch"} & set(told["loaded"])
    assert web.asked[-1].headers["if-none-match"] == '"1"'
    assert len(web.asked) == 2
    again = ran(tmp_path, web.url("/f"))
    assert (again.feed.status, again.feed.http, again.articles) == ("unchanged", 304, 0)


def test_validators_commit_with_the_rows_or_not_at_all(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    web.routes["/f"] = conditional(rss(item(1), item(2)))
    with monkeypatch.context() as broken:

        def fails(*_: Any, **__: Any) -> None:
            raise OSError(28, "No space left on device")

        broken.setattr("pipeline.run.executed", fails)
        with pytest.raises(OSError, match="No space"):
            ran(tmp_path, web.url("/f"))
    assert Dataset.open(tmp_path / "ds").feeds == {}
    after = ran(tmp_path, web.url("/f"))
    assert (after.articles, "if-none-match" in web.asked[-1].headers) == (2, False)


def test_a_run_that_stops_at_a_limit_remembers_nothing_of_the_feed(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = conditional(rss(*map(item, range(4))))
    assert ran(tmp_path, web.url("/f"), limit=1).articles == 1
    after = ran(tmp_path, web.url("/f"))
    assert (after.articles, after.outcome.account.total.unchanged) == (3, 1)


def test_recheck_asks_for_the_whole_feed(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = conditional(rss(item(1)))
    ran(tmp_path, web.url("/f"))
    after = ran(tmp_path, web.url("/f"), recheck=True)
    assert "if-none-match" not in web.asked[-1].headers
    assert after.outcome.account.total.unchanged == 1


def test_a_feed_that_is_fresh_by_its_own_word_is_not_asked(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(rss(item(1)), headers=XML | {"Cache-Control": "max-age=3600"})
    ran(tmp_path, web.url("/f"))
    after = ran(tmp_path, web.url("/f"))
    assert (after.feed.status, after.exit_code, len(web.asked)) == ("not_due", 0, 1)
    assert ran(tmp_path, web.url("/f"), fetching=NOW).feed.status == "unchanged"


@pytest.mark.hostile(53)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_host_is_left_alone_in_this_run_and_the_next(web: Loopback, tmp_path: Path, status: int) -> None:
    web.routes["/busy"] = Reply(status=status, headers={"Retry-After": "7200"})
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    addresses = [web.url("/busy"), web.url("/f")]
    made = ran(tmp_path, addresses)
    feeds = made.outcome.account.feeds
    assert [feeds[a].status for a in addresses] == ["failed", "waiting"]
    again = ran(tmp_path, addresses, fetching=NOW)
    assert {f.status for f in again.outcome.account.feeds.values()} == {"waiting"}
    assert web.paths() == ["/busy"]


@pytest.mark.hostile(54)
def test_a_permanent_move_is_followed_and_not_stored_at_once(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {"/old": Reply(status=301, headers={"Location": "/new"}), "/new": Reply(rss(item(1)), headers=XML)}
    assert ran(tmp_path, web.url("/old")).articles == 1
    ran(tmp_path, web.url("/old"), fetching=NOW)
    assert web.paths() == ["/old", "/new", "/old", "/new"]
    state = Dataset.open(tmp_path / "ds").feeds[web.url("/old")]
    assert (state["moved_to"], state["moved_times"]) == (web.url("/new"), 2)


@pytest.mark.hostile(54)
def test_a_move_to_a_login_page_is_not_stored(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(rss(item(1)), headers=XML)
    ran(tmp_path, web.url("/f"))
    web.routes |= {
        "/f": Reply(status=301, headers={"Location": "/login"}),
        "/login": Reply(b"<!DOCTYPE html><html><body>Log in</body></html>", headers={"Content-Type": "text/html"}),
    }
    made = ran(tmp_path, web.url("/f"), fetching=NOW)
    assert (made.feed.status, made.exit_code) == ("failed", 2)
    assert "not a feed" in (made.feed.trouble or "")
    state = Dataset.open(tmp_path / "ds").feeds[web.url("/f")]
    assert "moved_to" not in state


def test_two_addresses_of_one_feed_are_read_once(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {"/a": Reply(status=302, headers={"Location": "/b"}), "/b": Reply(rss(item(1)), headers=XML)}
    made = ran(tmp_path, [web.url("/b"), web.url("/a")])
    assert made.outcome.account.total.records == 1
    assert Counter(f.status for f in made.outcome.account.feeds.values()) == {"read": 1, "same": 1}


# --- pages that a feed cuts short


def page(text: str) -> Reply:
    body = f"<!DOCTYPE html><html><head><title>T</title></head><body><article>{''.join(f'<p>{text}</p>' * 8)}</article></body></html>"
    return Reply(body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def full_text(web: Loopback, folder: Path, **options: Any) -> Ran:
    listed = folder / "feeds.toml"
    listed.write_text(f"[[feed]]\nurl = '{web.url('/f')}'\nfull_text = true\n")
    return ran(folder, feeds=listed, **options)


@pytest.mark.hostile(56)
def test_pages_that_robots_may_not_fetch_are_left_and_counted(web: Loopback, tmp_path: Path) -> None:
    links = {n: web.url(f"/{'closed' if n == 1 else 'open'}/{n}") for n in (1, 2)}
    web.routes |= {
        "/f": Reply(rss(*(item(n, f"Short {n}…", link=link) for n, link in links.items())), headers=XML),
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /closed/\n", headers={"Content-Type": "text/plain"}),
        "/closed/1": page(WORDS + "Closed."),
        "/open/2": page(WORDS + "Open to all."),
    }
    made = full_text(web, tmp_path)
    assert made.feed.pages == {"robots": 1, "fetched": 1}
    assert web.paths().count("/robots.txt") == 1
    assert "/closed/1" not in web.paths()
    texts = " ".join(str(row["text"]) for row in made.rows())
    assert "Open to all" in texts
    assert "Closed." not in texts
    again = full_text(web, tmp_path, fetching=NOW)
    assert web.paths().count("/open/2") == 1
    assert (again.articles, len(made.rows())) == (0, 2)


@pytest.mark.hostile(56)
@pytest.mark.parametrize(("rules", "fetched"), [(Reply(status=404), True), (Reply(status=403), True), (Reply(status=500), False)])
def test_a_site_whose_rules_cannot_be_had_lets_nothing(web: Loopback, tmp_path: Path, rules: Reply, fetched: bool) -> None:
    web.routes |= {
        "/f": Reply(rss(item(1, "Short…", link=web.url("/p"))), headers=XML),
        "/robots.txt": rules,
        "/p": page(WORDS),
    }
    made = full_text(web, tmp_path)
    assert ("/p" in web.paths()) is fetched
    assert made.articles == 1


def test_a_page_that_fails_leaves_what_the_feed_says_and_is_tried_again(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {"/f": Reply(rss(item(1, "Short…", link=web.url("/p"))), headers=XML), "/p": Reply(status=404)}
    made = full_text(web, tmp_path)
    assert (made.feed.pages, made.articles) == ({"failed": 1}, 1)
    web.routes["/p"] = page(WORDS)
    after = full_text(web, tmp_path, fetching=NOW)
    assert (after.feed.pages, after.articles) == ({"fetched": 1}, 1)
    assert sorted(row["version"] for row in after.rows()) == [1, 2]


# --- many


@pytest.mark.slow
def test_five_hundred_feeds_in_one_run(web: Loopback, tmp_path: Path, names: Any) -> None:
    hosts, feeds = 50, 500
    for n in range(feeds):
        broken = Reply(status=404) if n % 100 == 7 else None
        web.routes[f"/{n}"] = broken or conditional(rss(*(item(k, link=f"https://e.org/{n}/{k}", guid=f"{n}-{k}") for k in range(3))))
    listed = tmp_path / "feeds.toml"
    listed.write_text("".join(f"[[feed]]\nurl = '{web.url(f'/{n}', f'h{n % hosts}.test')}'\n" for n in range(feeds)))
    made = ran(tmp_path, feeds=listed)
    statuses = Counter(f.status for f in made.outcome.account.feeds.values())
    assert (statuses, made.exit_code) == ({"read": 495, "failed": 5}, 2)
    total = made.outcome.account.total
    assert (total.records, total.articles + total.repeats + total.unchanged) == (1485, 1485)
    assert max(web.most_at_once.values()) == 1
    again = ran(tmp_path, feeds=listed)
    assert Counter(f.status for f in again.outcome.account.feeds.values()) == {"unchanged": 495, "not_due": 5}
    assert (again.articles, len(web.asked)) == (0, 995)
