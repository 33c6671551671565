"""Which addresses a run is to fetch, and how: those given as sources, and those of a list in OPML or TOML."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.fetch.feed_state import key_of
from pipeline.fetch.opml import OPML
from pipeline.options import UsageError
from transforms.read.apart import ParsingError, parsed_apart
from transforms.read.clean import without_secrets
from transforms.read.content import all_of

LARGEST_LIST: Final = 15 << 20  # bytes

_INTERVAL: Final = re.compile(r"(\d{1,5})\s*([mhd])")
_UNITS: Final = {"m": dt.timedelta(minutes=1), "h": dt.timedelta(hours=1), "d": dt.timedelta(days=1)}
_KEYS: Final = ("url", "outlet", "interval", "full_text", "ports")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One address to fetch. `key` is what it is called everywhere but in the request: it holds no secret."""

    address: str
    key: str
    listed: bool = False  # in a list of feeds, so a web page in its place is an error
    outlet: str | None = None
    interval: dt.timedelta = dt.timedelta()
    full_text: bool = False
    ports: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class FeedList:
    """The addresses, each once, and what of the list was left out, a sentence each."""

    feeds: tuple[Feed, ...] = ()
    notes: tuple[str, ...] = ()


def feed_list(addresses: Iterable[str], file: Path | None) -> FeedList:
    """The addresses of a run: those given and those of a list. Raises UsageError for what is no address, no list, or wrong in it."""
    given = [Feed(address=a.strip(), key=_key(a, "the source")) for a in addresses]
    listed = _read(file) if file else FeedList()
    # The list says more of a feed than its bare address does.
    feeds = {feed.key: feed for feed in given} | {feed.key: feed for feed in listed.feeds}
    return FeedList(tuple(feeds.values()), listed.notes)


def _read(file: Path) -> FeedList:
    data, damage = all_of(str(file), LARGEST_LIST)
    if damage:
        advice = "; give a list of feeds that is here, OPML or TOML" if damage.reason == "unreadable" else ""
        raise UsageError(f"{file}: {damage.message.removesuffix(': name a file that holds articles')}{advice}")
    if data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return _of_opml(file, data)
    return _of_toml(file, data)


def _of_opml(file: Path, data: bytes) -> FeedList:
    try:
        found = parsed_apart(OPML, data)
    except ParsingError as error:
        raise UsageError(f"{file}: {error.message}") from error
    if found["refused"]:
        raise UsageError(f"{file}: {found['refused']}")
    notes = [f"{file}: {found['without']} outlines have no xmlUrl: they are no feeds"] if found["without"] else []
    feeds: dict[str, Feed] = {}
    for address in found["addresses"]:
        try:
            key = key_of(address)
        except ValueError:
            notes.append(f"{file}: {without_secrets(address)[:100]!r} is no address of the web: it was left out")
            continue
        feeds.setdefault(key, Feed(address=address, key=key, listed=True))
    return FeedList(tuple(feeds.values()), tuple(notes))


def _of_toml(file: Path, data: bytes) -> FeedList:
    try:
        content = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # also for numbers of more than 4,300 digits
        deep = isinstance(error, RecursionError)
        told = "nested too deeply" if deep else str(error).partition(" for integer string conversion")[0]
        raise UsageError(f"{file}: is neither OPML nor TOML ({told}); write [[feed]] tables with a url") from error
    tables = content.pop("feed", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise UsageError(f"{file}: `feed` must be tables: write [[feed]] before each url")
    defaults = _options(content, f"{file}")
    feeds: dict[str, Feed] = {}
    for number, table in enumerate(tables, start=1):
        feed = _of_table(table, defaults, f"{file}, feed {number}")
        feeds.setdefault(feed.key, feed)
    return FeedList(tuple(feeds.values()))


def _of_table(table: Mapping[str, Any], defaults: Mapping[str, Any], where: str) -> Feed:
    address = table.get("url")
    if not isinstance(address, str):
        raise UsageError(f'{where}: has no url; write url = "https://..."')
    own = _options({name: value for name, value in table.items() if name != "url"}, where)
    return Feed(address=address.strip(), key=_key(address, where), listed=True, **{**defaults, **own})


def _options(table: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The options of a feed, checked: outlet, interval, full_text, ports."""
    return dict(_checked(name, value, where) for name, value in table.items())


def _checked(name: str, value: Any, where: str) -> tuple[str, Any]:
    match name, value:
        case "outlet", str():
            return name, value
        case "full_text", bool():
            return name, value
        case "interval", str() if found := _INTERVAL.fullmatch(value.strip()):
            return name, int(found[1]) * _UNITS[found[2]]
        case "ports", list() if all(type(port) is int and 0 < port < 65536 for port in value):
            return name, frozenset(value)
        case _ if name not in _KEYS:
            raise UsageError(f"{where}: there is no option {name!r}; the options are {', '.join(_KEYS)}")
    wanted = {"outlet": "a text", "full_text": "true or false", "interval": 'like "30m", "2h" or "1d"', "ports": "a list like [8080]"}
    raise UsageError(f"{where}: {name} must be {wanted.get(name, 'a text')}, not {value!r}")


def _key(address: str, where: str) -> str:
    try:
        return key_of(address)
    except ValueError:
        raise UsageError(f"{where}: {without_secrets(address)[:100]!r} is no address of the web; write https://host/path") from None
