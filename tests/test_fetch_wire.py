"""What comes over the wire: retries, pieces, pauses, and what a fetch asks and never sends."""

import contextlib
import random
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.fetch.feed_state import key_of
from pipeline.fetch.guard import Guard, is_public
from pipeline.fetch.http_client import Client, FetchError, Limits
from pipeline.fetch.turns import HostTurns
from tests.loopback import Loopback, Reply, certificate, moved
from tests.polling import item, ran, rss

FEED = rss(item(1), item(2))
TRUST = ssl.create_default_context()
INSIDE = (
    *("100.64.0.1", "198.18.0.1", "192.0.2.1", "240.0.0.1", "192.0.0.192", "168.63.129.16", "192.88.99.1", "255.255.255.255"),
    *("::", "::1", "fe80::1%eth0", "fd00:ec2::254", "2001:db8::1", "2002:7f00:1::", "2001::1", "3fff::1", "fec0::1", "64:ff9b:1::1"),
    *("::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::a9fe:a9fe"),
)


def client(trust: ssl.SSLContext = TRUST, *, gap: float = 0.0, seconds: float = 30.0) -> Client:
    return Client(Guard(private=True), trust, HostTurns(gap), Limits(seconds=seconds))


def failure(address: str, folder: Path, *, seconds: float = 30.0) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client(seconds=seconds).fetch(address, folder / "body", {})
    return caught.value


def test_a_fetch_says_who_asks_and_keeps_what_came(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(FEED, headers={"ETag": '"1"', "Set-Cookie": "a=b"})
    answer = client().fetch(web.url("/f"), tmp_path / "body", {"Accept": "application/rss+xml"})
    client().fetch(web.url("/f"), tmp_path / "body", {})
    assert (answer.status, answer.size, answer.headers["etag"]) == (200, len(FEED), '"1"')
    assert (tmp_path / "body").read_bytes() == FEED
    assert web.asked[0].headers["accept"] == "application/rss+xml"
    for asked in web.asked:
        assert asked.headers["user-agent"].startswith("factwire/")
        assert "cookie" not in asked.headers


@pytest.mark.hostile(55)
def test_what_fails_for_good_is_asked_twice_and_no_more(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(b"sorry", 502)
    assert client().fetch(web.url("/f"), tmp_path / "body", {}).status == 502
    assert web.paths() == ["/f", "/f"]
    assert not (tmp_path / "body").exists()


@pytest.mark.hostile(48)
@pytest.mark.parametrize("length", ["-1", "many", "10\r\nContent-Length: 20"])
def test_a_length_that_is_none_is_an_error(web: Loopback, tmp_path: Path, length: str) -> None:
    web.raw["/f"] = lambda stream: stream.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode() + FEED)
    assert failure(web.url("/f"), tmp_path).kind == "broken"


@pytest.mark.parametrize(("end", "kind"), [(b"0\r\n\r\n", None), (b"zz\r\n", "broken"), (b"", "broken"), (b"-5\r\n", "broken")])
def test_a_body_in_chunks_is_whole_or_an_error(web: Loopback, tmp_path: Path, end: bytes, kind: str | None) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (FEED[:30], FEED[30:]))
    web.raw["/f"] = lambda stream: stream.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + end)
    if kind:
        assert failure(web.url("/f"), tmp_path).kind == kind
    else:
        client().fetch(web.url("/f"), tmp_path / "body", {})
        assert (tmp_path / "body").read_bytes() == FEED


@pytest.mark.hostile(49)
def test_a_server_that_takes_the_question_and_says_nothing_is_left(web: Loopback, tmp_path: Path) -> None:
    web.raw["/f"] = lambda stream: time.sleep(2)  # then it hangs up, which is another failure
    assert failure(web.url("/f"), tmp_path, seconds=0.4).kind == "timeout"


@pytest.mark.hostile(49)
def test_redirects_share_one_deadline(web: Loopback, tmp_path: Path) -> None:
    def slowly(to: str) -> Reply:
        time.sleep(0.3)
        return moved(to)

    web.routes |= {f"/{n}": lambda asked: slowly(f"/{int(asked.path[1:]) + 1}") for n in range(6)}
    assert failure(web.url("/0"), tmp_path, seconds=0.7).kind == "timeout"


@pytest.mark.hostile(50)
def test_one_header_of_200_kilobytes_is_refused(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(FEED, headers={"X-H": "a" * 200_000})
    assert failure(web.url("/f"), tmp_path).kind == "headers"


@pytest.mark.hostile(38)
@pytest.mark.parametrize("to", ["http://", "http://[::1", "https://"])
def test_a_redirect_to_no_place_is_an_error(web: Loopback, tmp_path: Path, to: str) -> None:
    web.routes["/f"] = moved(to)
    assert failure(web.url("/f"), tmp_path).kind in ("refused", "redirects")
    assert web.paths() == ["/f"]


@pytest.mark.hostile(38)
@pytest.mark.parametrize("to", ["/" + "x" * 3000, "http://xn--%zz/", "http://h.test:99999/", "//a\tb"])
def test_a_redirect_to_what_cannot_be_kept_is_an_error(web: Loopback, tmp_path: Path, to: str) -> None:
    web.raw["/f"] = lambda stream: stream.sendall(f"HTTP/1.1 301 -\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())
    assert failure(web.url("/f"), tmp_path).kind in ("refused", "redirects", "unreachable", "broken", "offline")
    assert web.paths() == ["/f"]


def test_whatever_a_server_sends_ends_in_an_answer_or_an_error(web: Loopback, tmp_path: Path) -> None:
    chance = random.Random(5)
    good = b"HTTP/1.1 301 -\r\nLocation: http://127.0.0.1/\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    for status in (b"200", b"301", b"403") * 60:
        sent = bytearray(good.replace(b"301", status).replace(b"127.0.0.1", b"127.0.0.1:%d" % web.port))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(sent))
            sent[at : at + chance.choice((0, 1, 1, 9))] = chance.randbytes(chance.choice((0, 1, 3)))
        web.raw["/f"] = lambda stream, sent=bytes(sent): stream.sendall(sent)
        with contextlib.suppress(FetchError):
            key_of(client(seconds=2).fetch(web.url("/f"), tmp_path / "body", {}).address)


@pytest.mark.hostile(44)
def test_a_certificate_of_another_host_is_not_trusted(tmp_path: Path) -> None:
    path, context = certificate(tmp_path, days=30, host="127.0.0.2")
    server = Loopback(context)
    server.routes["/f"] = Reply(FEED)
    with pytest.raises(FetchError, match="certificate") as caught:
        client(ssl.create_default_context(cafile=str(path))).fetch(server.url("/f"), tmp_path / "body", {})
    assert (caught.value.kind, server.asked) == ("untrusted", [])
    server.close()


@pytest.mark.parametrize("address", INSIDE)
@pytest.mark.hostile(39, 41)
def test_what_is_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.hostile(39)
@pytest.mark.parametrize("host", ["①②⑦.0.0.1", "127。0。0。1", "017700000001", "0", "[64:ff9b::127.0.0.1]", "[::]"])
def test_a_host_in_disguise_is_not_dialled(web: Loopback, tmp_path: Path, host: str) -> None:
    with pytest.raises(FetchError):
        Client(Guard(ports=frozenset((web.port,))), TRUST, HostTurns(0)).fetch(web.url("/f", host), tmp_path / "body", {})
    assert web.asked == []


def test_a_proxy_of_the_environment_is_not_used(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.routes["/f"] = Reply(FEED)
    assert client().fetch(web.url("/f"), tmp_path / "body", {}).status == 200


@pytest.mark.parametrize("host", ["x" * 300 + ".example", "a..b", "-" * 70, "\udcff.example", "a b"])
def test_a_name_that_is_none_is_told(tmp_path: Path, host: str) -> None:
    def nowhere(name: str, port: int) -> Sequence[str]:
        name.encode("idna")
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    with pytest.raises(FetchError):
        Client(Guard(resolve=nowhere), TRUST, HostTurns(0)).fetch(f"http://{host}/", tmp_path / "body", {})


def test_a_host_is_asked_with_a_pause_between_two_requests(web: Loopback, tmp_path: Path) -> None:
    web.routes["/f"] = Reply(FEED)
    paced = client(gap=0.3)
    for _ in range(3):
        paced.fetch(web.url("/f"), tmp_path / "body", {})
    first, _, last = (asked.at for asked in web.asked)
    assert last - first >= 0.6


def test_a_look_up_of_a_name_that_does_not_end_is_left_behind(web: Loopback, tmp_path: Path) -> None:
    hung = threading.Event()

    def resolve(host: str, port: int) -> Sequence[str]:
        hung.wait(60)  # until the test is over
        return ["127.0.0.1"]

    asking = Client(Guard(private=True, resolve=resolve), TRUST, HostTurns(0.0), Limits(seconds=0.5))
    with pytest.raises(FetchError) as caught:
        asking.fetch(web.url("/f", "slow.test"), tmp_path / "body", {})
    hung.set()
    assert "no answer to the look-up of its name" in caught.value.message
    assert "try again later" in caught.value.message
    hung.set()
    assert web.paths() == []  # who answers too late is not asked


@pytest.mark.usefixtures("articles_only")
def test_a_feed_whose_name_is_not_found_in_time_holds_up_no_other(
    web: Loopback, tmp_path: Path, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    web.routes["/f"] = Reply(FEED)
    quick, hung = socket.getaddrinfo, threading.Event()

    def slow(host: object, *more: object, **named: object) -> object:
        if host in ("slow.test", b"slow.test"):
            hung.wait(60)  # until the test is over
        return quick(host, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr("pipeline.fetch.guard._RESOLVE_SECONDS", 0.5)
    made = ran(tmp_path, [web.url("/f", "slow.test"), web.url("/f", "quick.test")])
    hung.set()
    assert (made.exit_code, made.articles) == (2, 2)
    wrong = made.outcome.account.feeds[web.url("/f", "slow.test")].trouble or ""
    assert "look-up of its name within" in wrong
    assert "\n" not in wrong
