"""Hostile servers: each input of the list gets what is written there."""

import gzip
import socket
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import decide
from pipeline.cli import main
from pipeline.fetch.http_client import Limits
from tests.fetching import GOOD, XML, fetched, refused
from tests.loopback import Loopback, Reply, moved
from tests.polling import INTRANET, WORDS, item, ran, rss

pytestmark = pytest.mark.usefixtures("articles_only")


# --- what comes is no feed


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        pytest.param(Reply(b"", headers=XML), "answers with nothing", id="h01-empty", marks=pytest.mark.hostile(1)),
        pytest.param(Reply(b" \n\t \r\n", headers=XML), "answers with nothing", id="h02-whitespace", marks=pytest.mark.hostile(2)),
        pytest.param(
            Reply(b"<!DOCTYPE html><html><body>Blocked</body></html>"),
            "is not a feed",
            id="h03-html-block-page",
            marks=pytest.mark.hostile(3),
        ),
        pytest.param(
            Reply(b"<html><title>Just a moment...</title></html>", 403, {"cf-mitigated": "challenge"}),
            "bot wall",
            id="h04-challenge",
            marks=pytest.mark.hostile(4),
        ),
    ],
)
def test_no_feed_fails_and_the_others_go_on(web: Loopback, tmp_path: Path, reply: Reply, said: str) -> None:
    web.routes |= {"/bad.rss": reply, "/good": Reply(GOOD, headers=XML)}
    listed = tmp_path / "feeds.toml"
    listed.write_text(f"[[feed]]\nurl = '{web.url('/bad.rss')}'\n[[feed]]\nurl = '{web.url('/good')}'\n")
    made = ran(tmp_path, feeds=listed)
    bad = made.outcome.account.feeds[web.url("/bad.rss")]
    assert (bad.status, made.articles, made.exit_code) == ("failed", 2, 2)
    assert bad.trouble and said in bad.trouble
    assert web.url("/bad.rss") in made.outcome.account.as_dict()["failed_sources"]


@pytest.mark.hostile(5)
def test_h05_cut_in_the_middle_of_an_item(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(GOOD[: GOOD.rindex(b"stays closed")], headers=XML)
    made = ran(tmp_path, web.url("/f"))
    assert (made.articles, made.exit_code, made.feed.status) == (1, 2, "failed")
    assert [r["reason"] for r in made.rows("rejects")] == ["truncated"]
    web.routes["/f"] = Reply(GOOD, headers=XML)
    assert ran(tmp_path, web.url("/f"), fetching=replace(INTRANET, ask="now")).articles == 1


@pytest.mark.hostile(8)
def test_h08_wrong_charset_in_the_header(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(rss(item(1, "Zürich café " + WORDS)), headers={"Content-Type": "text/xml; charset=iso-8859-1"})
    assert "Zürich café" in ran(tmp_path, web.url("/f")).rows()[0]["text"]


# --- entries that change


@pytest.mark.hostile(23)
def test_h23_an_edited_entry_is_a_version(web: Loopback, tmp_path: Path) -> None:
    for text, articles in (("One. " + WORDS, 1), ("Two. " + WORDS, 1), ("Two. " + WORDS, 0)):
        web.routes["/f"] = Reply(rss(item(1, text)), headers=XML)
        made = ran(tmp_path, web.url("/f"))
        assert made.articles == articles
    assert sorted(a["version"] for a in made.rows()) == [1, 2]
    assert len({a["article_id"] for a in made.rows()}) == 1


@pytest.mark.hostile(24)
def test_h24_a_clock_in_the_text_has_at_most_24_versions(web: Loopback, tmp_path: Path, monkeypatch: Any) -> None:
    assert decide.MOST_VERSIONS == 24
    monkeypatch.setattr(decide, "MOST_VERSIONS", 3)
    for minute in range(5):
        web.routes["/f"] = Reply(rss(item(1, f"It is 10:{minute:02d}. {WORDS}")), headers=XML)
        made = ran(tmp_path, web.url("/f"))
        total = made.outcome.account.total
        assert (total.articles, total.filtered) == ((1, 0) if minute < 3 else (0, 1))
    assert sorted(a["version"] for a in made.rows()) == [1, 2, 3]


@pytest.mark.hostile(22)
def test_h22_a_guid_that_changes_each_time(web: Loopback, tmp_path: Path) -> None:
    for turn in range(2):
        web.routes["/f"] = Reply(rss(item(1, guid=f"{turn}-1"), item(2, guid=f"{turn}-2")), headers=XML)
        made = ran(tmp_path, web.url("/f"))
    assert (made.outcome.account.total.unchanged, len(made.rows())) == (2, 2)


# --- bodies


BOMB = """
import resource, sys, httpx
from pathlib import Path
from pipeline.fetch.http_client import Client, FetchError
from pipeline.fetch.guard import Guard
from pipeline.fetch.turns import HostTurns
client = Client(Guard(private=True), httpx.create_ssl_context(), HostTurns(0.0))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    client.fetch(sys.argv[1], Path(sys.argv[2]), {})
except FetchError as error:
    print(error.kind, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


@pytest.mark.hostile(45)
def test_h45_a_gzip_bomb(web: Loopback, tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(100)) + packer.flush()
    web.routes["/f"] = Reply(bomb, headers={"Content-Encoding": "gzip"})
    p = subprocess.run([sys.executable, "-c", BOMB, web.url("/f"), str(tmp_path / "b")], capture_output=True, text=True, check=False)
    kind, megabytes = p.stdout.split()
    assert kind == "too_large" and int(megabytes) <= 64, p.stderr


@pytest.mark.hostile(46)
@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate", "gzip,br", "x-unknown"])
def test_h46_encodings_that_were_not_asked_for(web: Loopback, tmp_path: Path, encoding: str) -> None:
    web.routes["/f"] = Reply(gzip.compress(gzip.compress(GOOD)), headers={"Content-Encoding": encoding})
    error = refused(web.url("/f"), tmp_path)
    assert error.kind == "encoding" and encoding in error.message
    assert web.asked[-1].headers["accept-encoding"] == "gzip"


@pytest.mark.hostile(46)
@pytest.mark.parametrize("encoding", ["aws-chunked", "UTF-8", "none", "aws-chunked, identity", "x-unknown"])
def test_h46_names_that_are_no_encoding_before_plain_xml(web: Loopback, tmp_path: Path, encoding: str) -> None:
    web.routes["/f"] = Reply(b"\xef\xbb\xbf\n" + GOOD, headers={"Content-Encoding": encoding})
    assert ran(tmp_path / "plain", web.url("/f")).articles == 2
    web.routes["/f"] = Reply(gzip.compress(GOOD), headers={"Content-Encoding": f"{encoding}, gzip"})
    assert ran(tmp_path / "packed", web.url("/f")).articles == 2
    web.routes["/f"] = Reply(b"\x1b\x00 no text", headers={"Content-Encoding": encoding})
    assert refused(web.url("/f"), tmp_path).kind == "encoding"


@pytest.mark.hostile(47)
def test_h47_said_to_be_gzip_and_plain(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(GOOD, headers={"Content-Encoding": "gzip"})
    assert ran(tmp_path, web.url("/f")).articles == 2


def test_gzip_is_read_in_members_and_with_padding(web: Loopback, tmp_path: Path) -> None:
    for body in (gzip.compress(GOOD), gzip.compress(GOOD[:50]) + gzip.compress(GOOD[50:]), gzip.compress(GOOD) + bytes(40)):
        web.routes["/f"] = Reply(body, headers={"Content-Encoding": "gzip"})
        fetched(web.url("/f"), tmp_path)
        assert (tmp_path / "body").read_bytes() == GOOD
    web.routes["/f"] = Reply(gzip.compress(GOOD)[:-20], headers={"Content-Encoding": "gzip"})
    assert refused(web.url("/f"), tmp_path).kind == "broken"


@pytest.mark.hostile(48)
def test_h48_lies_about_the_length(web: Loopback, tmp_path: Path) -> None:
    web.routes["/short"] = Reply(GOOD, headers={"Content-Length": str(len(GOOD) + 500)})
    assert refused(web.url("/short"), tmp_path).kind == "broken"
    assert web.paths() == ["/short", "/short"]  # it may have been chance: tried once more
    web.routes["/long"] = Reply(GOOD, headers={"Content-Length": str(GOOD.rindex(b"stays closed"))})
    made = ran(tmp_path, web.url("/long"))
    assert (made.articles, made.exit_code) == (1, 2)


def drip(head: bytes, seconds: float) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            connection.sendall(b"x")
            time.sleep(0.05)

    return send


@pytest.mark.hostile(49)
@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["body", "headers"]
)
def test_h49_a_slow_drip_ends_at_the_deadline(web: Loopback, tmp_path: Path, head: bytes) -> None:
    web.raw["/f"] = drip(head, 20)  # then it hangs up, which is another failure
    assert refused(web.url("/f"), tmp_path, limits=Limits(seconds=0.5)).kind == "timeout"
    assert Limits().seconds == 30


@pytest.mark.hostile(50)
@pytest.mark.parametrize("size", [10, 2000])
def test_h50_three_hundred_headers(web: Loopback, tmp_path: Path, size: int) -> None:
    web.routes["/f"] = Reply(GOOD, headers={f"X-{n}": "a" * size for n in range(300)})
    assert refused(web.url("/f"), tmp_path).kind == "headers"


def test_what_is_no_http(web: Loopback, tmp_path: Path) -> None:
    web.raw["/f"] = lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    assert refused(web.url("/f"), tmp_path).kind == "broken"

    def reset(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    web.raw["/f"] = reset
    assert refused(web.url("/f"), tmp_path).kind == "broken"


# --- what a server says of the next time


@pytest.mark.hostile(51)
def test_h51_not_modified_though_nothing_was_asked_about(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(status=304)
    made = ran(tmp_path, web.url("/f"))
    assert (made.feed.status, made.exit_code) == ("failed", 2) and "304" in (made.feed.trouble or "")


@pytest.mark.hostile(52)
def test_h52_the_same_etag_and_another_body(web: Loopback, tmp_path: Path) -> None:
    for count in (1, 2):
        web.routes["/f"] = Reply(rss(*map(item, range(count))), headers=XML | {"ETag": '"same"'})
        made = ran(tmp_path, web.url("/f"))
    assert web.asked[-1].headers["if-none-match"] == '"same"'
    assert (made.articles, len(made.rows())) == (1, 2)


@pytest.mark.hostile(54)
def test_h54_gone_for_good_is_not_asked_again(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(status=410)
    made = ran(tmp_path, web.url("/f"))
    assert (made.feed.status, made.exit_code) == ("gone", 2) and "take it out of the list" in (made.feed.trouble or "")
    again = ran(tmp_path, web.url("/f"))
    assert (again.feed.status, again.exit_code, len(web.asked)) == ("off", 0, 1)
    web.routes["/f"] = Reply(GOOD, headers=XML)
    assert ran(tmp_path, web.url("/f"), fetching=replace(INTRANET, ask="now")).feed.status == "read"


@pytest.mark.hostile(55)
def test_h55_an_error_of_the_moment(web: Loopback, tmp_path: Path) -> None:
    replies = iter([Reply(status=500), Reply(GOOD, headers=XML)])
    web.routes["/f"] = lambda asked: next(replies)
    made = ran(tmp_path, web.url("/f"))
    assert (made.articles, made.exit_code, len(web.asked)) == (2, 0, 2)


# --- networks


@pytest.mark.hostile(57)
def test_h57_a_captive_portal(web: Loopback, tmp_path: Path, names: Any) -> None:
    addresses = [web.url("/f", f"h{n}.test") for n in range(10)]
    listed = tmp_path / "feeds.toml"
    listed.write_text("".join(f"[[feed]]\nurl = '{a}'\n" for a in addresses))
    web.routes["/f"] = lambda asked: Reply(rss(item(1, f"{asked.host} {WORDS}", link=f"https://{asked.host}/1")), headers=XML)
    assert ran(tmp_path, feeds=listed).articles == 10
    manifests = sorted((tmp_path / "ds" / "_runs").iterdir())
    web.routes |= {"/f": moved(web.url("/login", "portal.test")), "/login": Reply(b"<html><body>Log in</body></html>")}
    made = ran(tmp_path, feeds=listed)
    assert (made.exit_code, made.outcome.committed) == (2, False)
    assert sorted((tmp_path / "ds" / "_runs").iterdir()) == manifests
    assert any("network that wants a login" in note for note in made.outcome.account.notes)


@pytest.mark.hostile(57)
def test_h57_pages_that_are_all_the_same(web: Loopback, tmp_path: Path, names: Any) -> None:
    web.routes["/page"] = Reply(b"<html><body><p>" + WORDS.encode() * 20 + b"</p></body></html>")
    made = ran(tmp_path, [web.url("/page", f"h{n}.test") for n in range(6)])
    assert (made.exit_code, made.articles) == (2, 0)


@pytest.mark.hostile(58)
def test_h58_no_network_at_all(tmp_path: Path, monkeypatch: Any, capfd: Any) -> None:
    def nowhere(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    text = tmp_path / "a.txt"
    text.write_text(WORDS)
    assert main(["run", "http://e.org/feed", "-o", str(tmp_path / "ds")]) == 2
    assert "there seems to be no network" in capfd.readouterr().out
    made = ran(tmp_path, ["http://e.org/feed", str(text)])
    assert (made.exit_code, made.articles) == (2, 1)  # files are read all the same
    assert "http://e.org/feed" not in str([c.feeds for c in _manifests(made.dataset)])


def _manifests(dataset: Path) -> list[Any]:
    from pipeline.dataset.manifest import read_manifest

    return [read_manifest(path) for path in sorted((dataset / "_runs").glob("0*.json"))]
