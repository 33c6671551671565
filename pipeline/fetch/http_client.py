"""One address fetched into a file: redirects followed by hand and checked, a deadline, limits on headers, size and encoding.

httpx's transport is used without its client: the client would bring cookies, proxies of the environment, redirects of its own and
decoders that have no limit (228 bytes of brotli became 300 MB in one piece).
"""

import base64
import contextlib
import errno
import hashlib
import logging
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, NoReturn, Protocol

import httpcore
import httpx

from pipeline import __version__
from pipeline.fetch.body import BodyError, inflated
from pipeline.fetch.guard import Deadline, Guard, GuardedBackend, RefusedError
from transforms.read.clean import without_secrets
from transforms.read.web_address import LONGEST_URL, web_address

USER_AGENT: Final = f"factwire/{__version__} (reads news feeds)"
ROBOT: Final = "factwire"  # its name in robots.txt

Kind = Literal[
    "refused", "unreachable", "offline", "untrusted", "timeout", "broken", "too_large", "encoding", "redirects", "headers", "status"
]

_MOVED_FOR_GOOD: Final = (301, 308)
_MOVED: Final = (*_MOVED_FOR_GOOD, 302, 303, 307)
_TRY_AGAIN: Final = (500, 502, 504)
_NO_NETWORK: Final = (socket.EAI_AGAIN, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH)
_MOST_HEADERS: Final = 100
_LONGEST_HEADERS: Final = 64 << 10  # bytes, all together
_ERROR_PAGE: Final = 16 << 10  # bytes of an answer that is none; enough to tell what refused us

# They tell addresses with all their secrets, and httpcore's tell credentials.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class FetchError(Exception):
    """A fetch came to nothing: what sort of failure, and a sentence. `again`: it may be chance, so one more try is worth it."""

    def __init__(self, kind: Kind, message: str, *, again: bool = False) -> None:
        super().__init__(without_secrets(message))
        self.kind: Kind = kind
        self.message = without_secrets(message)
        self.again = again


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take."""

    seconds: float = 30.0  # of the wall clock, redirects and all
    bytes: int = 15 << 20  # inflated
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. A body was spooled for status 200 only; of others the beginning is kept."""

    status: int
    address: str  # the last one, with its secrets: not to be stored as it is
    headers: httpx.Headers
    sha256: str = ""
    size: int = 0
    head: bytes = b""
    moved_for_good: bool = False  # there was a redirect, and each was permanent
    warnings: tuple[str, ...] = ()


class Turns(Protocol):
    """Who may ask a host when: see `pipeline.fetch.turns`."""

    def turn(self, host: str) -> AbstractContextManager[None]: ...


@dataclass(frozen=True, slots=True)
class Client:
    """Fetches addresses, one connection a request. Safe to share between threads."""

    guard: Guard
    trust: ssl.SSLContext
    turns: Turns
    limits: Limits = Limits()
    dial: httpcore.NetworkBackend | None = None

    def fetch(self, address: str, into: Path, headers: Mapping[str, str]) -> Answer:
        """Fetch an address, its body into a file. Raises FetchError, and OSError where the file cannot be written.

        What may be chance (a broken answer, a 500) is tried once more.
        """
        try:
            answer = self._attempt(address, into, headers)
        except FetchError as error:
            if not error.again:
                raise
            return self._attempt(address, into, headers)
        return self._attempt(address, into, headers) if answer.status in _TRY_AGAIN else answer

    def _attempt(self, address: str, into: Path, headers: Mapping[str, str]) -> Answer:
        way = _Way(address)
        deadline = Deadline.after(self.limits.seconds)
        transport = _GuardedTransport(GuardedBackend(self.guard, deadline, self.dial), self.trust)
        with contextlib.closing(transport):
            for _ in range(self.limits.redirects + 1):
                waited = time.monotonic()
                with self.turns.turn(way.url.host), _plainly(way):
                    deadline.at += time.monotonic() - waited
                    response = transport.handle_request(way.request(headers, deadline))
                    with contextlib.closing(response):
                        _check_headers(response)
                        if not (response.status_code in _MOVED and "location" in response.headers):
                            return self._answer(response, way, into)
                way.follow(response)
        raise FetchError("redirects", f"redirects more than {self.limits.redirects} times: give the address that it leads to")

    def _answer(self, response: httpx.Response, way: "_Way", into: Path) -> Answer:
        told = Answer(response.status_code, str(way.url), response.headers, moved_for_good=way.moved_for_good, warnings=tuple(way.warnings))
        if response.status_code != 200:
            return _with_head(told, response)
        digest, size = hashlib.sha256(), 0
        with into.open("wb") as file:
            for piece in inflated(response.stream, response.headers.get("content-encoding", ""), self.limits.bytes):  # type: ignore[arg-type]
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        return replace(told, sha256=digest.hexdigest(), size=size)


class _GuardedTransport(httpx.HTTPTransport):
    """httpx takes no network backend, so the pool that it makes is put aside for one that has ours. One connection at a time, none kept."""

    def __init__(self, backend: GuardedBackend, trust: ssl.SSLContext) -> None:
        super().__init__(verify=trust, trust_env=False)
        self._pool = httpcore.ConnectionPool(trust, max_connections=1, max_keepalive_connections=0, network_backend=backend)


class _Way:
    """The way of one fetch from address to address, and which credentials go along: only to the host that they were given for."""

    def __init__(self, address: str) -> None:
        self.url = _url(address)
        self._home = self.url
        self._credentials = _basic(self.url)
        self._seen = {str(self.url)}
        self._permanent: list[bool] = []
        self.warnings: list[str] = []

    @property
    def moved_for_good(self) -> bool:
        return bool(self._permanent) and all(self._permanent)

    @property
    def no_place_to_go(self) -> Kind:
        """What it is that the address at hand may not be fetched: our own rules if it was given to us, else a server's fault."""
        return "redirects" if self._permanent else "refused"

    def request(self, headers: Mapping[str, str], deadline: Deadline) -> httpx.Request:
        own = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", "Connection": "close", **headers}
        if self._credentials and self._is_home():
            own["Authorization"] = self._credentials
        left = deadline.left()
        # Userinfo is in the header; httpx would leave it in the request line's address.
        bare = self.url.copy_with(username=None, password=None)
        return httpx.Request("GET", bare, headers=own, extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), left)})

    def _is_home(self) -> bool:
        """Whether this is the host that the credentials were given for, asked as safely as then or more so."""
        if self.url.scheme == "http" and self._home.scheme == "https":
            return False
        upgraded = self.url.scheme != self._home.scheme and self.url.port is None and self._home.port is None
        return self.url.host == self._home.host and (self.url.port == self._home.port or upgraded)

    def follow(self, response: httpx.Response) -> None:
        """Go on to where a redirect points. Raises FetchError where that is no place to go."""
        try:
            url = _checked(self.url.join(response.headers["location"]), "redirects to", "redirects")
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchError("redirects", "redirects to something that is no address: its owner must mend that") from error
        if self.url.scheme == "https" and url.scheme == "http":
            self.warnings.append("redirects from https to http: whatever it answers may have been changed on the way")
        if str(url) in self._seen:
            raise FetchError("redirects", "redirects in a circle: its owner must mend that")
        self._seen.add(str(url))
        self._permanent.append(response.status_code in _MOVED_FOR_GOOD)
        self.url = url


def _url(address: str) -> httpx.URL:
    try:
        return _checked(httpx.URL(address.strip()), "is an address of", "refused")
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("refused", "is no address: write it as https://host/path") from error


def _checked(url: httpx.URL, what: str, kind: Kind) -> httpx.URL:
    if url.scheme not in ("http", "https"):
        raise FetchError(kind, f"{what} {url.scheme[:20] or 'nothing'}: only http and https are fetched")
    if not url.host:
        raise FetchError(kind, f"{what} no host: write it as https://host/path")
    if web_address(str(url)) is None:
        raise FetchError(kind, f"{what} what cannot be kept: over {LONGEST_URL:,} characters, or no address of the web")
    return url


def _basic(url: httpx.URL) -> str | None:
    if not url.userinfo:
        return None
    return "Basic " + base64.b64encode(f"{url.username}:{url.password}".encode()).decode("ascii")


def _check_headers(response: httpx.Response) -> None:
    raw = response.headers.raw
    if len(raw) > _MOST_HEADERS or sum(len(name) + len(value) for name, value in raw) > _LONGEST_HEADERS:
        raise FetchError(
            "headers", f"answers with more headers than {_MOST_HEADERS} or {_LONGEST_HEADERS >> 10} KiB: it is no web server to read from"
        )


def _with_head(told: Answer, response: httpx.Response) -> Answer:
    head = b""
    with contextlib.suppress(FetchError, BodyError, httpx.TransportError):  # the status has said it all; this is only for its reason
        for piece in inflated(response.stream, response.headers.get("content-encoding", ""), _ERROR_PAGE):  # type: ignore[arg-type]
            head += piece
    return replace(told, head=head)


@contextlib.contextmanager
def _plainly(way: _Way) -> Iterator[None]:
    """Errors of the network as FetchError, in plain words and without addresses."""
    try:
        yield
    except RefusedError as error:
        raise FetchError(way.no_place_to_go, str(error)) from error
    except BodyError as error:
        raise FetchError(error.kind, str(error), again=error.kind == "broken") from error
    except (httpx.TimeoutException, httpcore.TimeoutException) as error:
        raise FetchError("timeout", "did not answer in time: try again later") from error
    except httpx.ConnectError as error:
        _not_connected(error)
    except httpx.RemoteProtocolError as error:
        if "buffer" in str(error).lower():
            raise FetchError(
                "headers", f"answers with headers of more than {_LONGEST_HEADERS >> 10} KiB: it is no web server to read from"
            ) from error
        raise FetchError("broken", f"broke off or does not speak HTTP ({str(error)[:120]})", again=True) from error
    except httpx.TransportError as error:
        raise FetchError("broken", f"broke off ({str(error)[:120] or type(error).__name__})", again=True) from error


def _not_connected(error: httpx.ConnectError) -> NoReturn:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = cause.verify_message
            raise FetchError("untrusted", f"has a certificate that cannot be trusted ({why}): its owner must mend that") from error
        if isinstance(cause, ssl.SSLError):
            raise FetchError("untrusted", f"cannot be spoken to in TLS ({str(cause)[:120]}): its owner must mend that") from error
    offline = any(isinstance(cause, OSError) and cause.errno in _NO_NETWORK for cause in causes)
    kind: Kind = "offline" if offline else "unreachable"
    raise FetchError(kind, f"cannot be reached ({str(error)[:200]}): look up its address, or try again later") from error


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
