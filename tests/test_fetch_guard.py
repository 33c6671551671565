"""No fetch reaches what is not public: by name, by number, by redirect, or by a name that changes its mind."""

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from pipeline.fetch.client import Client, FetchError
from pipeline.fetch.guard import Guard, RefusedError, is_public
from pipeline.fetch.turns import HostTurns
from tests.loopback import Loopback, ToLoopback, item, loopback, moved, ok, rss

FEED = rss(item("a"))
PUBLIC = "93.184.215.14"
TRUST = ssl.create_default_context()

INSIDE = (
    *("127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "168.63.129.16", "100.64.0.1", "0.0.0.0"),
    *("192.0.0.192", "192.88.99.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "2002:7f00:1::", "2001::1", "fec0::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "3fff::1"),
)
# How a host may be written so that a resolver, but no list of strings, knows it for loopback.
DISGUISED = (
    *("127.1", "127.0.1", "0x7f000001", "0x7f.0.0.1", "2130706433", "017700000001", "0177.0.0.1", "0", "localhost"),
    *(
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::127.0.0.1]",
        "[::]",
        "[fe80::1]",
    ),
    *("①②⑦.0.0.1", "127。0。0。1", "169.254.169.254"),
)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as started:
        yield started


def client(server: Loopback, resolve: Callable[[str, int], Sequence[str]], **guard: object) -> tuple[Client, ToLoopback]:
    dial = ToLoopback(server)
    return Client(Guard(resolve=resolve, **guard), TRUST, HostTurns(0), dial=dial), dial  # type: ignore[arg-type]


def names(**hosts: str) -> Callable[[str, int], Sequence[str]]:
    """A resolver of names; numbers are what they are."""

    def resolve(host: str, port: int) -> Sequence[str]:
        return [hosts[host.partition(".")[0]]] if host.partition(".")[0] in hosts else [host]

    return resolve


@pytest.mark.hostile(39, 41)
@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.hostile(41)
@pytest.mark.parametrize("host", DISGUISED)
def test_a_disguised_address_is_not_dialled(server: Loopback, tmp_path: Path, host: str) -> None:
    dial = ToLoopback(server)
    careful = Client(Guard(), TRUST, HostTurns(0), dial=dial)
    with pytest.raises(FetchError) as caught:
        careful.fetch(f"http://{host}/feed", tmp_path / "spool", {})
    assert caught.value.kind in ("refused", "unreachable", "offline")
    assert (dial.dialled, server.asked) == ([], [])


@pytest.mark.hostile(39)
@pytest.mark.parametrize("to", ["http://169.254.169.254/latest/meta-data", "http://inside.example/", "//127.0.0.1/", "http://[::1]/"])
def test_a_redirect_inside_is_refused(server: Loopback, tmp_path: Path, to: str) -> None:
    careful, dial = client(server, names(news=PUBLIC, inside="10.0.0.8"))
    server.on("/feed", moved(to))
    with pytest.raises(FetchError) as caught:
        careful.fetch("http://news.example/feed", tmp_path / "spool", {})
    assert caught.value.kind == "refused"
    assert (dial.dialled, len(server.asked)) == ([PUBLIC], 1)


@pytest.mark.hostile(40)
def test_a_name_that_changes_its_mind_is_dialled_where_it_was_checked(server: Loopback, tmp_path: Path) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    careful, dial = client(server, lambda host, port: next(answers))
    server.on("/feed", ok(FEED))
    careful.fetch("http://rebind.example/feed", tmp_path / "spool", {})
    assert dial.dialled == [PUBLIC]
    with pytest.raises(FetchError) as caught:
        careful.fetch("http://rebind.example/feed", tmp_path / "spool", {})
    assert (caught.value.kind, dial.dialled) == ("refused", [PUBLIC])


@pytest.mark.hostile(40)
def test_a_name_with_one_address_inside_is_refused_whole(server: Loopback, tmp_path: Path) -> None:
    careful, dial = client(server, lambda host, port: [PUBLIC, "127.0.0.1"])
    with pytest.raises(FetchError):
        careful.fetch("http://both.example/feed", tmp_path / "spool", {})
    assert dial.dialled == []


def test_other_ports_are_refused_unless_allowed(server: Loopback, tmp_path: Path) -> None:
    server.on("/feed", ok(FEED))
    careful, dial = client(server, names(news=PUBLIC))
    with pytest.raises(FetchError) as caught:
        careful.fetch("http://news.example:8080/feed", tmp_path / "spool", {})
    assert (caught.value.kind, "--allow-port 8080" in caught.value.message, dial.dialled) == ("refused", True, [])
    open_, dial = client(server, names(news=PUBLIC), ports=frozenset((8080,)))
    open_.fetch("http://news.example:8080/feed", tmp_path / "spool", {})
    assert dial.dialled == [PUBLIC]


def test_a_proxy_of_the_environment_is_not_used(server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    careful, dial = client(server, names(news=PUBLIC))
    server.on("/feed", ok(FEED))
    careful.fetch("http://news.example/feed", tmp_path / "spool", {})
    assert dial.dialled == [PUBLIC]


@pytest.mark.hostile(32)
@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://news.example/", "news.example/feed", "", "http:///x"])
def test_what_is_no_address_of_the_web_is_refused(server: Loopback, tmp_path: Path, address: str) -> None:
    careful, dial = client(server, names(news=PUBLIC))
    with pytest.raises(FetchError):
        careful.fetch(address, tmp_path / "spool", {})
    assert dial.dialled == []


@pytest.mark.parametrize("host", ["x" * 300 + ".example", "a..b", "xn--", "-" * 70, "\udcff.example"])
def test_a_name_that_is_none_is_told(tmp_path: Path, host: str) -> None:
    def nowhere(name: str, port: int) -> Sequence[str]:
        name.encode("idna")
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    with pytest.raises(FetchError):
        Client(Guard(resolve=nowhere), TRUST, HostTurns(0)).fetch(f"http://{host}/", tmp_path / "spool", {})


def test_a_host_without_addresses_is_no_refusal() -> None:
    with pytest.raises(OSError, match="no address"):
        Guard(resolve=lambda host, port: []).addresses("news.example", 80)
    with pytest.raises(RefusedError):
        Guard(resolve=lambda host, port: ["10.1.1.1"]).addresses("news.example", 80)
