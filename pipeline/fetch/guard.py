"""Which addresses may be dialled. The check stands between the name's resolution and the connection, so nothing can change in between."""

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpcore

WEB_PORTS: Final = frozenset((80, 443))
_RESOLVE_SECONDS: Final = 10.0
_CONNECT_SECONDS: Final = 10.0  # for one of a host's addresses, so that the next one gets its turn

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Beyond `is_global`, which lets these through: a cloud's metadata service, protocol assignments, 6to4 relays, Teredo, 6to4 itself,
# documentation. They are no place of news, and some lead back inside.
_NO_PLACE_OF_NEWS: Final = tuple(
    ipaddress.ip_network(n)
    for n in ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "2001::/32", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")  # on networks without IPv4 each IPv4 host is seen under it


class RefusedError(Exception):
    """An address that may not be fetched; the message says why and what to do."""


def is_public(address: str) -> bool:
    """Whether an IP address, as resolved, is one of the open Internet. Raises ValueError for what is none."""
    ip: _Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inner is not None:
            ip = inner
        elif ip not in _GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip.version == n.version and ip in n for n in _NO_PLACE_OF_NEWS)


def resolved(host: str, port: int) -> list[str]:
    """The IP addresses of a host, in the order in which to try them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def in_time(look_up: Callable[[], list[str]], seconds: float) -> list[str]:
    """What a look-up gives. One that takes longer is left behind, since nothing can stop it; its thread ends with the process.

    Raises what it raises, and socket.gaierror where it was left behind: a resolver that says nothing is as good as no network.
    """
    ended: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            ended.put(look_up())
        except Exception as error:  # handed to whoever waits
            ended.put(error)

    threading.Thread(target=work, daemon=True, name="resolve").start()
    try:
        found = ended.get(timeout=seconds)
    except queue.Empty:
        raise socket.gaierror(socket.EAI_AGAIN, f"no answer to the look-up of its name within {seconds:.0f} seconds") from None
    if isinstance(found, Exception):
        raise found
    return found


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be dialled: public addresses at the web's ports and those allowed; with `private` any address, at any port if it is not public."""

    private: bool = False
    ports: frozenset[int] = WEB_PORTS
    resolve: Callable[[str, int], Sequence[str]] = resolved

    def addresses(self, host: str, port: int) -> list[str]:
        """The checked IP addresses of a host. Raises RefusedError, or OSError where the name leads nowhere."""
        found = list(self.resolve(host, port))
        if not found:
            raise OSError(f"no address for {host}")
        inside = [address for address in found if not is_public(address)]
        if inside and not self.private:
            raise RefusedError(f"leads to {host} at {inside[0]}, which is no public address: --allow-private lets it be fetched")
        if not inside and port not in self.ports:
            raise RefusedError(f"leads to port {port} of {host}, which is none of the web's: --allow-port {port} lets it be fetched")
        return found


@dataclass(slots=True)
class Deadline:
    """The moment at which a fetch must have ended, by a clock that cannot jump."""

    at: float = field(default_factory=time.monotonic)

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        return cls(time.monotonic() + seconds)

    def left(self, at_most: float | None = None) -> float:
        """Seconds left, at most so many. Raises httpcore.ReadTimeout where none is."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline has passed")
        return left if at_most is None else min(left, at_most)


class GuardedBackend(httpcore.NetworkBackend):
    """Dials only what the guard lets through, by the address that it checked, and lets nothing last beyond the deadline.

    httpx's own timeouts are per read: a server that drips one byte a second would hold a fetch for ever.
    """

    def __init__(self, guard: Guard, deadline: Deadline, dial: httpcore.NetworkBackend | None = None) -> None:
        self._guard, self._deadline = guard, deadline
        self._dial = dial or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that takes one. Raises RefusedError, httpcore.ConnectError or a timeout."""
        try:
            addresses = in_time(lambda: self._guard.addresses(host, port), self._deadline.left(_RESOLVE_SECONDS))
        except OSError as error:
            raise httpcore.ConnectError(f"{host} cannot be found ({error.strerror or error})") from error
        except UnicodeError as error:
            raise httpcore.ConnectError(f"{host[:80]!r} is no host name") from error
        failed: Exception | None = None
        for address in addresses:
            try:
                stream = self._dial.connect_tcp(address, port, self._deadline.left(_CONNECT_SECONDS), local_address, socket_options)
                return _TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore.ConnectError(f"{host} has no address")


class _TimedStream(httpcore.NetworkStream):
    """A connection on which every operation ends by the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
