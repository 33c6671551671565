"""One fetch against servers that lie, stall, flood and lead astray."""

import gzip
import resource
import shutil
import ssl
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.fetch.client import Answer, Client, FetchError, Limits
from pipeline.fetch.guard import Guard
from pipeline.fetch.turns import HostTurns
from tests.loopback import Loopback, Request, certificate, drip, item, loopback, moved, ok, rss

FEED = rss(item("a"), item("b"))
TRUST = ssl.create_default_context()


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as started:
        yield started


def client(trust: ssl.SSLContext = TRUST, **limits: float) -> Client:
    return Client(Guard(private=True), trust, HostTurns(0), Limits(**limits))  # type: ignore[arg-type]


def fetched(address: str, folder: Path, **limits: float) -> tuple[Answer, bytes]:
    answer = client(**limits).fetch(address, folder / "spool", {})
    return answer, (folder / "spool").read_bytes()


def failure(address: str, folder: Path, **limits: float) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client(**limits).fetch(address, folder / "spool", {})
    return caught.value


def test_a_body_is_spooled_as_it_came(server: Loopback, tmp_path: Path) -> None:
    answer, body = fetched(server.on("/feed", ok(FEED, 'ETag: "1"')), tmp_path)
    assert (answer.status, body, answer.size, answer.headers["etag"]) == (200, FEED, len(FEED), '"1"')
    asked = server.asked[0].headers
    assert asked["accept-encoding"] == "gzip"
    assert asked["user-agent"].startswith("factwire/")
    assert "cookie" not in asked


@pytest.mark.hostile(45)
def test_a_gzip_bomb_is_left_at_the_limit_and_costs_no_memory(server: Loopback, tmp_path: Path) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(400)) + packer.flush()
    address = server.on("/bomb", ok(bomb, "Content-Encoding: gzip"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    error = failure(address, tmp_path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert (error.kind, "15 MiB" in error.message) == ("too_large", True)
    assert grown < 64 << 10, f"{grown} KiB"
    assert (tmp_path / "spool").stat().st_size <= 15 << 20


@pytest.mark.hostile(46)
@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "gzip,br", "compress"])
def test_an_encoding_that_was_not_asked_for_is_refused(server: Loopback, tmp_path: Path, encoding: str) -> None:
    error = failure(server.on("/feed", ok(gzip.compress(FEED), f"Content-Encoding: {encoding}")), tmp_path)
    assert error.kind == "encoding"
    assert len(server.asked) == 1


@pytest.mark.hostile(47)
@pytest.mark.parametrize(
    "body", [FEED, gzip.compress(FEED), gzip.compress(FEED[:50]) + gzip.compress(FEED[50:]), gzip.compress(FEED) + bytes(9)]
)
def test_what_is_said_to_be_gzip_is_taken_as_it_is(server: Loopback, tmp_path: Path, body: bytes) -> None:
    _, got = fetched(server.on("/feed", ok(body, "Content-Encoding: gzip")), tmp_path)
    assert got == FEED


@pytest.mark.hostile(48)
def test_a_body_shorter_than_it_says_is_tried_again_and_then_an_error(server: Loopback, tmp_path: Path) -> None:
    cut = ok(FEED[:-20], length=len(FEED))
    assert failure(server.on("/cut", cut), tmp_path).kind == "broken"
    assert len(server.asked) == 2
    _, body = fetched(server.on("/once", cut, ok(FEED)), tmp_path)
    assert body == FEED


@pytest.mark.hostile(48)
def test_of_a_body_longer_than_it_says_what_was_said_is_read(server: Loopback, tmp_path: Path) -> None:
    _, body = fetched(server.on("/long", ok(FEED + b"rubbish", length=len(FEED))), tmp_path)
    assert body == FEED


@pytest.mark.hostile(48)
@pytest.mark.parametrize("length", ["-1", "many", "10\r\nContent-Length: 20"])
def test_a_length_that_is_none_ends_in_an_error_or_the_body(server: Loopback, tmp_path: Path, length: str) -> None:
    raw = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode() + FEED
    assert failure(server.on("/feed", raw), tmp_path).kind == "broken"


def test_gzip_that_breaks_off_is_an_error(server: Loopback, tmp_path: Path) -> None:
    error = failure(server.on("/feed", ok(gzip.compress(FEED)[:-12], "Content-Encoding: gzip")), tmp_path)
    assert error.kind == "broken"


def test_chunks_are_put_together_and_broken_ones_are_an_error(server: Loopback, tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (FEED[:30], FEED[30:]))
    assert fetched(server.on("/feed", head + chunks + b"0\r\n\r\n"), tmp_path)[1] == FEED
    assert failure(server.on("/broken", head + chunks + b"zz\r\n"), tmp_path).kind == "broken"
    assert failure(server.on("/cut", head + chunks), tmp_path).kind == "broken"


@pytest.mark.hostile(49)
@pytest.mark.parametrize("way", ["body", "headers", "silence"])
def test_a_server_that_drips_is_left_at_the_deadline(server: Loopback, tmp_path: Path, way: str) -> None:
    def slow(_: Request) -> Iterator[bytes]:
        if way == "body":
            yield from drip(8)
        yield b"HTTP/1.1 200 OK\r\n" if way == "headers" else b""
        for n in range(100):
            yield f"X-{n}: 1\r\n".encode() if way == "headers" else b""
            time.sleep(0.08)

    started = time.monotonic()
    error = failure(server.on("/drip", slow), tmp_path, seconds=0.7)
    assert error.kind == "timeout"
    assert time.monotonic() - started < 5


@pytest.mark.hostile(50)
@pytest.mark.parametrize("headers", [300 * ("X-H: " + 600 * "a" + "\r\n"), 300 * "X-H: a\r\n", "X-H: " + 200_000 * "a" + "\r\n"])
def test_a_flood_of_headers_is_refused(server: Loopback, tmp_path: Path, headers: str) -> None:
    raw = f"HTTP/1.1 200 OK\r\n{headers}Content-Length: {len(FEED)}\r\n\r\n".encode() + FEED
    assert failure(server.on("/feed", raw), tmp_path).kind == "headers"


@pytest.mark.hostile(55)
def test_a_500_is_tried_once_more(server: Loopback, tmp_path: Path) -> None:
    bad = ok(b"sorry", status="500 Internal Server Error")
    assert fetched(server.on("/once", bad, ok(FEED)), tmp_path)[1] == FEED
    server.asked.clear()
    assert client().fetch(server.on("/always", bad), tmp_path / "none", {}).status == 500
    assert len(server.asked) == 2
    assert not (tmp_path / "none").exists()


@pytest.mark.hostile(37)
def test_redirects_in_a_circle_or_without_end_are_left(server: Loopback, tmp_path: Path) -> None:
    server.on("/b", moved("/a"))
    assert failure(server.on("/a", moved("/b")), tmp_path).kind == "redirects"
    for n in range(20):
        server.on(f"/r{n}", moved(f"/r{n + 1}"))
    server.asked.clear()
    assert failure(server.address("/r0"), tmp_path).kind == "redirects"
    assert len(server.asked) == 6


@pytest.mark.hostile(38)
@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "javascript:1", "http://", "http://[::1", "data:,x"]
)
def test_redirects_that_lead_out_of_the_web_are_refused(server: Loopback, tmp_path: Path, to: str) -> None:
    error = failure(server.on("/feed", moved(to)), tmp_path)
    assert error.kind in ("refused", "redirects")
    assert len(server.asked) == 1


@pytest.mark.hostile(42)
def test_userinfo_is_sent_as_credentials_and_told_nowhere(server: Loopback, tmp_path: Path) -> None:
    at = server.on("/feed", ok(FEED)).replace("http://", "http://ann:Hush-4711@")
    fetched(at, tmp_path)
    assert server.asked[0].headers["authorization"] == "Basic YW5uOkh1c2gtNDcxMQ=="
    assert server.asked[0].path == "/feed"
    error = failure(at.replace(str(server.port), "1"), tmp_path)
    assert "Hush" not in str(error)


@pytest.mark.hostile(42, 43)
def test_credentials_do_not_go_to_another_host(server: Loopback, tmp_path: Path) -> None:
    with loopback() as other:
        to = other.on("/feed", ok(FEED))
        fetched(server.on("/feed", moved(to)).replace("http://", "http://ann:hush@"), tmp_path)
        assert "authorization" in server.asked[0].headers
        assert "authorization" not in other.asked[0].headers


needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made with openssl")


@needs_openssl
@pytest.mark.hostile(43)
def test_credentials_do_not_go_from_https_to_http(server: Loopback, tmp_path: Path) -> None:
    pair = certificate(tmp_path)
    trust = ssl.create_default_context(cafile=pair[0])
    with loopback(pair) as safe:
        at = safe.on("/feed", moved(server.on("/feed", ok(FEED)))).replace("https://", "https://ann:hush@")
        answer = client(trust).fetch(at, tmp_path / "spool", {})
        assert "authorization" in safe.asked[0].headers
    assert "authorization" not in server.asked[0].headers
    assert any("https to http" in warning for warning in answer.warnings)


@needs_openssl
@pytest.mark.hostile(44)
def test_certificates_must_be_trusted_in_time_and_of_the_host(tmp_path: Path) -> None:
    cases = {
        "own": ("127.0.0.1", "20500101000000Z"),
        "old": ("127.0.0.1", "20200102000000Z"),
        "other": ("other.example", "20500101000000Z"),
    }
    for name, (host, ends) in cases.items():
        folder = tmp_path / name
        folder.mkdir()
        pair = certificate(folder, host=host, ends=ends)
        trust = TRUST if name == "own" else ssl.create_default_context(cafile=pair[0])
        with loopback(pair) as server:
            at = server.on("/feed", ok(FEED))
            with pytest.raises(FetchError) as caught:
                client(trust).fetch(at, folder / "spool", {})
            assert (name, caught.value.kind, server.asked) == (name, "untrusted", [])
            assert "certificate" in caught.value.message


def test_a_server_that_does_not_speak_tls_is_told(server: Loopback, tmp_path: Path) -> None:
    assert failure(server.on("/feed", ok(FEED)).replace("http://", "https://"), tmp_path).kind in ("untrusted", "broken", "unreachable")


def test_one_host_is_asked_one_request_at_a_time_with_a_pause(server: Loopback, tmp_path: Path) -> None:
    turns = HostTurns(0.3)
    paced = Client(Guard(private=True), TRUST, turns)
    at = server.on("/feed", ok(FEED))
    started = time.monotonic()
    for _ in range(3):
        paced.fetch(at, tmp_path / "spool", {})
    assert time.monotonic() - started >= 0.6
