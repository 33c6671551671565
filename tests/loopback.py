"""A web server on 127.0.0.1 that answers as a test says, also with what no honest server would send; and names that lead to it."""

import contextlib
import datetime as dt
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    path: str
    headers: dict[str, str]  # names in small letters
    at: float

    @property
    def host(self) -> str:
        return self.headers.get("host", "").rpartition(":")[0]


@dataclass(frozen=True)
class Reply:
    """An honest answer: content-length is added unless given."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, connection: socket.socket) -> None:
        told = {"Content-Length": str(len(self.body)), "Connection": "close", **self.headers}
        head = f"HTTP/1.1 {self.status} -\r\n" + "".join(f"{name}: {value}\r\n" for name, value in told.items()) + "\r\n"
        connection.sendall(head.encode("latin-1") + self.body)


Raw = Callable[[socket.socket], None]
Route = Reply | Raw | Callable[[Asked], Reply]


def moved(to: str, status: int = 301) -> Reply:
    return Reply(status=status, headers={"Location": to})


class Loopback:
    """The server. `routes` may be changed at any time; what it was asked stands in `asked`."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Route] = {}
        self.raw: dict[str, Raw] = {}
        self.asked: list[Asked] = []
        self.most_at_once: Counter[str] = Counter()
        self._at_once: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    def close(self) -> None:
        self._socket.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(40)
        with (
            contextlib.suppress(OSError),
            connection if self._tls is None else self._tls.wrap_socket(connection, server_side=True) as stream,
        ):
            asked = self._read(stream)
            if asked is None:
                return
            with self._lock:
                self.asked.append(asked)
                self._at_once[asked.host] += 1
                self.most_at_once[asked.host] = max(self.most_at_once[asked.host], self._at_once[asked.host])
            try:
                self._answer(stream, asked)
            finally:
                with self._lock:
                    self._at_once[asked.host] -= 1

    def _read(self, stream: socket.socket) -> Asked | None:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = stream.recv(65536)
            if not piece:
                return None
            data += piece
        first, *lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return Asked(first.split(" ")[1], headers, time.monotonic())

    def _answer(self, stream: socket.socket, asked: Asked) -> None:
        if asked.path in self.raw:
            self.raw[asked.path](stream)
            return
        route = self.routes.get(asked.path, Reply(b"not here", 404))
        made: Any = route if isinstance(route, Reply) else route(asked)  # type: ignore[arg-type]
        made.send(stream)


@pytest.fixture
def web() -> Iterator[Loopback]:
    server = Loopback()
    yield server
    server.close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names that resolve to the addresses given for them; every *.test leads to 127.0.0.1, any other name nowhere."""
    given: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name in given:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in given[name]]
        if name.endswith(".test"):
            return real("127.0.0.1", port, *args, **more)
        if name.replace(".", "").replace(":", "").isalnum() and not any(c in "ghijklmnopqrstuvwyz" for c in name):
            return real(host, port, *args, **more)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return given


def certificate(folder: Path, *, days: int, host: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """A certificate that signs itself and ends in so many days, and a server's context with it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    import ipaddress

    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - dt.timedelta(days=400))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"cert{days}.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return path, context
