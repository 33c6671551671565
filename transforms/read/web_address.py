"""Web addresses as they are kept: http and https only, normalised, without secrets."""

import re
import tomllib
from fnmatch import fnmatchcase
from functools import cache
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, quote, quote_plus, unquote, unquote_plus, urlsplit, urlunsplit

from transforms.read.clean import clean_text

LONGEST_URL: Final = 2048  # characters

# Of "api_key", "X-Amz-Signature" and "authToken" the last part tells; "keywords" and "author" are no secrets.
_SECRET_NAME: Final = re.compile(r"(?i)(?:key|token|sig|signature|secret|password|passwd|auth)$")
_SPACE: Final = re.compile(r"\s")
_PORTS: Final = {"http": 80, "https": 443}
_LEFT: Final = "/%!=:,-"  # of a path or fragment is not encoded: as courlan does it, by whose addresses articles were known before
_BARE: Final = "%!$'()*+,;:@/?-._~"  # RFC 3986: what a query may hold as it is


def canonical_url(address: str | None) -> str | None:
    """The address in the form that identifies an article, or None where it is no address of the web.

    Userinfo and the values of `key|token|sig|secret|password|auth` parameters are taken out before anything else, then trackers
    (`trackers.toml`); the parameters that are left are sorted and written alike, bare ones as given, since "?12345" may be all that
    tells articles apart (courlan 1.4.0 leaves out these, and "gameId" and "cid" as trackers). Host and scheme are in small letters,
    without the port that is theirs. Addresses over 2,048 characters are none.
    """
    plain = web_address(address)
    if plain is None:
        return None
    try:
        parts = urlsplit(unescape(plain))  # feeds escape an address twice: "?feed=rss2&#038;p=1397"
        path, fragment = (quote(part, safe=_LEFT) for part in (re.sub("/+", "/", parts.path), parts.fragment))
        query = "&".join(sorted((_alike(part) for part in _telling(parts.query)), key=_name))
        if "=" in fragment:
            fragment = "&".join(_telling(fragment))
        if query and not path:
            path = "/"
        return urlunsplit((parts.scheme, _host(parts), path, query, fragment))
    except (ValueError, UnicodeError):
        return None


def web_address(address: str | None) -> str | None:
    """The address as given but for its secrets, or None where it is not http or https, or too long."""
    if not address or len(address) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(_SPACE.sub("", clean_text(address)))
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return None
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(SplitResult(parts.scheme, host, parts.path, _public(parts.query), _public(parts.fragment)))
    except (ValueError, UnicodeError):
        return None


def _public(query: str) -> str:
    """A query without its secret parameters."""
    return "&".join(part for part in query.split("&") if not ("=" in part and _SECRET_NAME.search(part.partition("=")[0])))


def _host(parts: SplitResult) -> str:
    """Host and port, the host as it is read. Raises ValueError for a port that is none."""
    host = parts.netloc.lower()
    if parts.port is not None and parts.port == _PORTS[parts.scheme]:
        host = host.removesuffix(f":{parts.port}")
    return ".".join(map(_as_read, host.split(".")))


def _as_read(label: str) -> str:
    """A part of a host in its own letters; one that encodes none stays."""
    try:
        return label.encode().decode("idna") if label.startswith("xn--") else label
    except UnicodeError:
        return label


def _telling(query: str) -> list[str]:
    """The parameters of a query that may tell which page it is: no tracker, and none that is set to nothing."""
    return [part for part in query.split("&") if part and not part.endswith("=") and not _is_tracker(part)]


def _name(parameter: str) -> str:
    return parameter.partition("=")[0]


def _alike(parameter: str) -> str:
    """A parameter as a form would send it; a bare one as it is, but for what no address may hold."""
    name, equals, value = parameter.partition("=")
    return quote_plus(unquote_plus(name)) + equals + quote_plus(unquote_plus(value)) if equals else quote(parameter, safe=_BARE)


def _is_tracker(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = unquote(name).lower()
    always, words = _trackers()
    return _is_one_of(name, always) or (_is_one_of(name, words) and not any(c.isdigit() for c in value))


def _is_one_of(name: str, trackers: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, tracker) for tracker in trackers)


@cache
def _trackers() -> tuple[tuple[str, ...], tuple[str, ...]]:
    told = tomllib.loads((Path(__file__).parent / "trackers.toml").read_text("utf-8"))
    return tuple(told["always"]), tuple(told["words"])
