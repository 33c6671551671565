"""Where an address may lead, and what of its secrets is told: each input of the hostile list gets what is written there."""

import logging
import ssl
from pathlib import Path
from typing import Any

import httpcore
import pytest

from pipeline.cli import main
from pipeline.fetch.feed_list import feed_list
from pipeline.fetch.guard import Guard, is_public
from pipeline.fetch.http_client import Answer, Client, FetchError
from pipeline.fetch.turns import HostTurns
from pipeline.options import UsageError
from tests.fetching import GOOD, XML, fetched, refused
from tests.loopback import Loopback, Reply, certificate, moved
from tests.polling import item, ran, rss

pytestmark = pytest.mark.usefixtures("articles_only")


# --- where an address may lead


@pytest.mark.hostile(32)
def test_h32_a_file_is_no_address(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(rss(item(1, "Short…", link="file:///etc/passwd")), headers=XML)
    listed = tmp_path / "feeds.toml"
    listed.write_text(f"[[feed]]\nurl = '{web.url('/f')}'\nfull_text = true\n")
    made = ran(tmp_path, feeds=listed)
    assert made.rows()[0]["canonical_url"] is None and "root:" not in made.everything()
    listed.write_text("[[feed]]\nurl = 'file:///etc/passwd'\n")
    with pytest.raises(UsageError, match="no address of the web"):
        feed_list([], listed)


def opml(*outlines: str, doctype: str = "") -> bytes:
    return f"<?xml version='1.0'?>{doctype}<opml version='2.0'><body>{''.join(outlines)}</body></opml>".encode()


@pytest.mark.hostile(35)
def test_h35_lists_in_opml(tmp_path: Path) -> None:
    path = tmp_path / "list.opml"
    path.write_bytes(opml(*(f"<outline text='f' xmlUrl='https://e.org/{n}'/>" for n in range(10_000))))
    assert len(feed_list([], path).feeds) == 10_000
    nested = "<outline text='a'>" * 50 + "<outline xmlUrl='https://e.org/1'/>" + "</outline>" * 50
    path.write_bytes(opml(nested, "<outline xmlurl='https://e.org/1'/>", "<outline text='none'/>", "<outline xmlUrl='ftp://e.org/2'/>"))
    found = feed_list(["https://e.org/1"], path)
    assert [feed.address for feed in found.feeds] == ["https://e.org/1"]
    assert len(found.notes) == 2
    for content, said in (
        (opml(doctype="<!DOCTYPE opml SYSTEM 'http://127.0.0.1:9/x.dtd'>"), "document type"),
        (opml(doctype="<!DOCTYPE opml [<!ENTITY a 'b'>]>"), "document type"),
        (opml()[:-20], "no XML"),
        (b"<rss version='2.0'/>", "no list of feeds"),
        (b"\xff\xfe\x00", "neither OPML nor TOML"),
    ):
        path.write_bytes(content)
        with pytest.raises(UsageError, match=said):
            feed_list([], path)


@pytest.mark.hostile(37)
def test_h37_redirects_in_a_circle_or_without_end(web: Loopback, tmp_path: Path) -> None:
    web.routes |= {"/a": moved("/b"), "/b": moved("/a")}
    assert "circle" in refused(web.url("/a"), tmp_path).message
    web.routes |= {f"/{n}": moved(f"/{n + 1}") for n in range(9)}
    assert "more than 5" in refused(web.url("/0"), tmp_path).message
    assert ran(tmp_path, web.url("/a")).feed.status == "failed"


@pytest.mark.hostile(38)
@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://127.0.0.1/f", "gopher://e.org/", "javascript:alert(1)", "data:text/xml,<rss/>"]
)
def test_h38_redirects_to_other_schemes(web: Loopback, tmp_path: Path, to: str) -> None:
    web.routes["/f"] = moved(to)
    assert refused(web.url("/f"), tmp_path).kind == "redirects"


class _Dial(httpcore.NetworkBackend):
    """Notes what is dialled; a public address leads to the loopback server."""

    def __init__(self) -> None:
        self.dialled: list[str] = []

    def connect_tcp(self, host: str, port: int, *args: Any, **more: Any) -> httpcore.NetworkStream:
        self.dialled.append(host)
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", port, *args)


@pytest.mark.hostile(39)
def test_h39_a_public_address_redirects_inside(web: Loopback, tmp_path: Path) -> None:
    dial = _Dial()
    web.routes["/f"] = moved("http://169.254.169.254/latest/meta-data/")
    guard = Guard(ports=frozenset((80, web.port)), resolve=lambda host, port: ["93.184.216.34" if host == "news.test" else host])
    error = refused(web.url("/f", "news.test"), tmp_path, guard=guard, dial=dial)
    assert (error.kind, dial.dialled) == ("redirects", ["93.184.216.34"])


@pytest.mark.hostile(40)
def test_h40_a_name_that_changes_between_look_and_leap(web: Loopback, tmp_path: Path) -> None:
    dial, answers = _Dial(), iter([["93.184.216.34"], ["127.0.0.1"]])
    web.routes["/f"] = Reply(GOOD)
    guard = Guard(ports=frozenset((web.port,)), resolve=lambda host, port: next(answers))
    assert fetched(web.url("/f", "news.test"), tmp_path, guard=guard, dial=dial).status == 200
    assert dial.dialled == ["93.184.216.34"]  # the address that was checked, not what the name says by then
    assert refused(web.url("/f", "news.test"), tmp_path, guard=guard, dial=dial).kind == "refused"
    both = Guard(resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"])
    assert refused("http://news.test/", tmp_path, guard=both, dial=dial).kind == "refused"
    assert len(dial.dialled) == 1


INSIDE = (
    "127.0.0.1 127.1 0x7f000001 0x7f.0.0.1 2130706433 0177.0.0.1 0.0.0.0 localhost [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::7f00:1]"
    " [2002:7f00:1::] [64:ff9b::7f00:1] [64:ff9b:1::1] [2001:0:7f00:1::] [fe80::1] [fc00::1] [fec0::1] [ff02::1] 169.254.169.254"
    " 168.63.129.16 192.0.0.8 192.88.99.1 100.64.0.1 10.0.0.1 172.16.0.1 192.168.1.1 224.0.0.1 255.255.255.255 198.18.0.1"
)


@pytest.mark.hostile(41)
@pytest.mark.parametrize("host", INSIDE.split())
def test_h41_addresses_inside_however_written(tmp_path: Path, host: str) -> None:
    dial = _Dial()
    error = refused(f"http://{host}/feed", tmp_path, guard=Guard(), dial=dial)
    assert (error.kind, dial.dialled) == ("refused", [])


def test_public_addresses_are_public() -> None:
    assert all(map(is_public, ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"]))


def test_other_ports_are_refused_unless_allowed(tmp_path: Path) -> None:
    guard = Guard(resolve=lambda host, port: ["93.184.216.34"])
    assert "--allow-port 22" in refused("http://e.org:22/", tmp_path, guard=guard, dial=_Dial()).message


# --- secrets and TLS

SECRET = "hunter2hunter2"


@pytest.mark.hostile(42)
def test_h42_credentials_are_used_and_never_told(web: Loopback, tmp_path: Path, capfd: Any, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    web.routes |= {
        "/f": Reply(rss(item(1, link=f"https://u:{SECRET}@e.org/1?auth={SECRET}")), headers=XML),
        f"/g?token={SECRET}": Reply(GOOD, headers=XML),
        f"/g?token={SECRET[1:]}": Reply(rss(item(7)), headers=XML),
        f"/no?api_key={SECRET}": Reply(b"", 500),
    }
    userinfo = web.url("/f").replace("//", f"//user:{SECRET}@")
    with_token = [web.url(f"/g?token={SECRET}"), web.url(f"/g?token={SECRET[1:]}")]
    made = ran(tmp_path, [userinfo, *with_token, web.url(f"/no?api_key={SECRET}")])
    assert made.articles == 3  # one is told twice
    assert len(made.outcome.account.feeds) == 4  # two that differ in the secret alone stay apart
    assert next(a for a in web.asked if a.path == "/f").headers["authorization"].startswith("Basic ")
    for argv in (
        ["feeds", "check", with_token[0], "--allow-private"],
        ["feeds", "check", with_token[0]],
        ["feeds", "list", str(made.dataset)],
        ["run", userinfo.replace("http:", "htp:"), "-o", str(tmp_path / "other")],
        ["run", with_token[0], "-o", str(made.dataset), "--json"],
    ):
        main(argv)
    told = capfd.readouterr()
    for text in (made.everything(), told.out, told.err, caplog.text):
        assert SECRET not in text and SECRET[1:] not in text
        assert "dXNlcjpodW50ZXIy" not in text


@pytest.mark.hostile(43)
def test_h43_credentials_stay_with_their_host(web: Loopback, tmp_path: Path, monkeypatch: Any, names: Any) -> None:
    path, context = certificate(tmp_path, days=30)
    safe = Loopback(context)
    trust = ssl.create_default_context(cafile=str(path))
    safe.routes |= {"/down": moved(web.url("/f")), "/same": moved("/f"), "/f": Reply(GOOD)}
    web.routes |= {"/f": Reply(GOOD), "/other": moved(web.url("/f", "other.test"))}
    client = Client(Guard(private=True), trust, HostTurns(0.0))

    def answer(address: str) -> Answer:
        return client.fetch(address.replace("//", "//u:p@"), tmp_path / "body", {})

    assert any("https to http" in warning for warning in answer(safe.url("/down")).warnings)
    assert "authorization" in safe.asked[-1].headers and "authorization" not in web.asked[-1].headers
    answer(safe.url("/same"))
    assert "authorization" in safe.asked[-1].headers
    answer(web.url("/other"))
    assert "authorization" in web.asked[-2].headers and "authorization" not in web.asked[-1].headers


@pytest.mark.hostile(44)
@pytest.mark.parametrize(("days", "why"), [(-3, "expired|self"), (30, "self")])
def test_h44_certificates_that_cannot_be_trusted(tmp_path: Path, days: int, why: str) -> None:
    path, context = certificate(tmp_path, days=days)
    server = Loopback(context)
    server.routes["/f"] = Reply(GOOD)
    error = refused(server.url("/f"), tmp_path)
    assert error.kind == "untrusted" and "certificate" in error.message and server.asked == []
    if days < 0:
        trusting = Client(Guard(private=True), ssl.create_default_context(cafile=str(path)), HostTurns(0.0))
        with pytest.raises(FetchError, match="expired"):
            trusting.fetch(server.url("/f"), tmp_path / "body", {})
