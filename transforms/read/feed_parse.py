"""RSS and Atom from bytes to plain values; runs apart (see `apart`), since feedparser can be stalled by its input."""

import dataclasses
import html
import io
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

from schemas.article import InputFormat
from schemas.reject import Reason
from transforms.read.byline import names_in
from transforms.read.encoding import decoded, decoded_as_sent
from transforms.read.feed_captions import ENTRY_END, without_captions
from transforms.read.format import bom_of, format_of_head
from transforms.read.markup import plain_text
from transforms.read.page_title import Names, without_tail
from transforms.read.web_address import web_address

MOST_ENTRIES: Final = 2_000
LONGEST_ENTITY: Final = 200  # characters; a declared entity is a sign or a name

_ENTITY: Final = re.compile(rb"<!ENTITY\s+(?!%)(\S+)\s+(?:\"([^\"]*)\"|'([^']*)')")
_GENERAL_REFERENCE: Final = re.compile(rb"&(?!#)[^;\s]{1,100};")
_DECLARES: Final = re.compile(rb"\s*<\?xml[^>]{0,200}\bencoding\s*=", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]*>")
_ROOT: Final = re.compile(rb"<((?:[\w.-]+:)?(?:rss|feed|rdf))\b", re.IGNORECASE)
_FEED_TAG: Final = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)
_CHANNEL: Final = re.compile(rb"<(/?(?:[\w.-]+:)?channel)\b", re.IGNORECASE)

_MEANT: Final = re.compile(r"</[a-z]|<(?:br|script|style|!--)|<[a-z][a-z0-9]*\s+[a-z-]+\s*=", re.IGNORECASE)  # markup, not talk of a tag
# Words that programs write where they have no link; any other without a dot, slash or question mark is no path of news either.
_NO_LINK: Final = re.compile(r"n/a|#.*|[^./?=&]{1,40}", re.IGNORECASE)
_REST_OF_ADDRESS: Final = re.compile(r"[a-z0-9.-]*")
_USER: Final = re.compile(r"[a-z0-9._-]+")  # "jroe"
MOST_AUTHORS: Final = 20
LONGEST_TAILED: Final = 1_000  # characters

_NO_FEED: Final[tuple[Reason, str]] = ("not_a_feed", "is no RSS or Atom feed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed: text is plain, dates are as written, with what feedparser makes of them (UTC)."""

    number: int
    guid: str | None = None
    title: str | None = None
    link: str | None = None
    text: str = ""
    byline: str | None = None
    published: str | None = None
    published_parsed: tuple[int, ...] | None = None
    updated: str | None = None
    updated_parsed: tuple[int, ...] | None = None
    language: str | None = None
    source: str | None = None  # whose text it is, where the feed collects that of others


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its entries. `notes` are what was left out of it, `bad` the entries that cannot be read: the
    number of each, why, and a hash by which it is known wherever it stands.

    `refused` says why it was not read at all.
    """

    input_format: InputFormat = "rss"
    title: str | None = None
    feed_url: str | None = None
    entries: tuple[Entry, ...] = ()
    notes: tuple[tuple[Reason, str], ...] = ()
    bad: tuple[tuple[int, Reason, str, str], ...] = ()
    refused: tuple[Reason, str] | None = None

    @classmethod
    def of(cls, values: dict[str, Any]) -> "Feed":
        """A feed from the JSON that `parsed_feed` became."""
        entries = tuple(Entry(**entry) for entry in values["entries"])
        notes = tuple((reason, message) for reason, message in values["notes"])
        bad = tuple((number, reason, message, key) for number, reason, message, key in values["bad"])
        return cls(**{**values, "entries": entries, "notes": notes, "bad": bad})


def parsed_feed(data: bytes, *, address: str | None = None, content_type: str | None = None) -> dict[str, Any]:
    """The fields of a Feed, fit for JSON; `address` is where it was fetched, `content_type` the header that came with it.

    May raise anything that feedparser raises.
    """
    return dataclasses.asdict(_feed(data, address, content_type))


def _feed(data: bytes, address: str | None, content_type: str | None) -> Feed:
    if not data.strip(b"\0\t\n\r "):
        return Feed(refused=("not_a_feed", "is empty: no feed"))
    utf8, notes = _as_utf8(data, content_type)
    if unsafe := _unsafe_entity(utf8):
        return Feed(refused=("unsafe", unsafe))
    if format_of_head(utf8) == "html":
        return Feed(refused=("not_a_feed", "is a web page, not a feed: it may be the site's answer to strangers"))
    if not _FEED_TAG.search(utf8):
        return Feed(refused=_NO_FEED)
    utf8, cut = _whole_entries(utf8)
    uncaptioned = without_captions(utf8)
    parsed = _parsed(uncaptioned)
    if not parsed.version and not parsed.entries:
        return Feed(refused=_NO_FEED)
    given = len(ENTRY_END.findall(utf8))
    if len(parsed.entries) < given:
        cut.append(("corrupt", f"is no XML: of {given} entries {len(parsed.entries)} could be read"))
    feed = _feed_of(parsed, address, (*notes, *cut))
    return feed if uncaptioned == utf8 or all(entry.text for entry in feed.entries) else _captioned(feed, _parsed(utf8))


def _parsed(utf8: bytes) -> Any:
    import feedparser  # here, since who only names what this module returns has no use for it

    return feedparser.parse(io.BytesIO(utf8), sanitize_html=False, resolve_relative_uris=False)


def _captioned(feed: Feed, whole: Any) -> Feed:
    """The feed with captions as the texts of entries that have no other, such as films; `whole` is it as it was sent."""
    if len(whole.entries) != len(feed.entries):  # what is no XML inside a caption can cost entries
        return feed
    pairs = zip(feed.entries, whole.entries, strict=True)
    entries = (entry if entry.text else dataclasses.replace(entry, text=_text(captioned)) for entry, captioned in pairs)
    return dataclasses.replace(feed, entries=tuple(entries))


def _feed_of(parsed: Any, address: str | None, notes: tuple[tuple[Reason, str], ...]) -> Feed:
    feed = parsed.feed
    own_address = _self_link(feed) or address
    base = own_address or web_address(_string(feed, "link")) or ""
    # RFC 4287, section 4.2.1: the feed's author is that of entries without one. An RSS feed's is its webmaster.
    is_atom = parsed.version.startswith("atom")
    author = _authors(feed, is_atom) if is_atom else None
    return Feed(
        input_format="atom" if is_atom else "rss",
        title=_plain(feed, "title"),
        feed_url=own_address,
        entries=tuple(_entry(number, entry, base, author, is_atom) for number, entry in enumerate(parsed.entries[:MOST_ENTRIES], start=1)),
        notes=notes,
    )


def _as_utf8(data: bytes, content_type: str | None) -> tuple[bytes, list[tuple[Reason, str]]]:
    """The feed in UTF-8, by its own declaration, or without one by its server's; and a note where that is wrong.

    feedparser then takes Windows-1252, which spoils a whole feed in UTF-8 for one bad byte, so we look for ourselves.
    """
    if not bom_of(data) and not _DECLARES.match(data) and (sent := decoded_as_sent(data, content_type)):
        return sent.encode("utf-8", "replace"), []
    found: dict[str, Any] = {}
    from feedparser.encodings import convert_to_utf8
    from feedparser.exceptions import CharacterEncodingOverride

    utf8 = convert_to_utf8({}, data, found)
    if not isinstance(found.get("bozo_exception"), CharacterEncodingOverride):
        return utf8, []
    better = decoded(data)
    if better:
        plain = _DECLARATION.sub("", better.text, count=1)
        utf8 = b"<?xml version='1.0' encoding='utf-8'?>" + plain.encode("utf-8", "replace")
    encoding = better.encoding if better else found["encoding"]
    return utf8, [("bad_encoding", f"is not in the encoding that it declares: it was read as {encoding}")]


def _unsafe_entity(data: bytes) -> str | None:
    """Why the entities that the feed declares may not be expanded; those that feedparser leaves out do no harm."""
    for name, double, single in _ENTITY.findall(data):
        value = double or single
        if len(value) > LONGEST_ENTITY or _GENERAL_REFERENCE.search(value):
            return f"declares the entity {name.decode('utf-8', 'replace')[:40]!r} to be expanded again and again: it was not read"
    return None


def _whole_entries(data: bytes) -> tuple[bytes, list[tuple[Reason, str]]]:
    """The feed without an entry that is cut off at its end, and without those past the limit; and what was left out."""
    root = _ROOT.search(data)
    if root is None:
        return data, []
    ends = [match.end() for match in ENTRY_END.finditer(data)]
    closing = b"</" + root[1].lower()
    if len(ends) > MOST_ENTRIES:
        kept = data[: ends[MOST_ENTRIES - 1]]
        return _closed(kept, root[1]), [("too_many", f"has {len(ends):,} entries: the first {MOST_ENTRIES:,} were read")]
    if closing in data[ends[-1] if ends else root.end() :].lower():
        return data, []
    kept = data[: ends[-1]] if ends else data
    return _closed(kept, root[1]), [("truncated", f"truncated at byte {len(data)}: the {len(ends)} whole entries were read")]


def _closed(data: bytes, root: bytes) -> bytes:
    """The beginning of a feed, up to the end of an entry, with the ends of what is open there."""
    channels = [match[1] for match in _CHANNEL.finditer(data)]
    open_channel = channels[-1:] if channels and not channels[-1].startswith(b"/") else []
    return data + b"".join(b"</" + name + b">" for name in (*open_channel, root))


def _entry(number: int, entry: dict[str, Any], base: str, author: str | None, is_atom: bool) -> Entry:
    published = next((name for name in ("published", "created", "updated") if dict.get(entry, name)), "published")
    source = _plain(dict.get(entry, "source") or {}, "title")
    return Entry(
        number=number,
        guid=_string(entry, "id"),
        title=_title(entry, source),
        link=_link(entry, base) or web_address(_string(entry, "id")),
        text=_text(entry),
        byline=_authors(entry, is_atom) or author,
        published=_string(entry, published),
        published_parsed=_time(entry, published),
        updated=_string(entry, "updated"),
        updated_parsed=_time(entry, "updated"),
        source=source,
    )


def _title(entry: dict[str, Any], source: str | None) -> str | None:
    """The title, without the name of whom the entry is from, which collectors put behind it."""
    title = _plain(entry, "title")
    return without_tail(title, [], Names.of([source], [])) if source and title and len(title) < LONGEST_TAILED else title


def _authors(of: dict[str, Any], is_atom: bool) -> str | None:
    """All authors that are named, with commas; of an address of mail what stands in brackets behind it or before it.

    feedparser ends an address after the fourth letter of its last part ("ann@post.exam") and leaves the rest to the name.
    """
    given: list[str] = []
    for author in (dict.get(of, "authors") or ())[:MOST_AUTHORS]:
        name = (dict.get(author, "name") or "").strip()
        if "email" in author and not is_atom:
            name = re.sub(r"<[^<>]*>", "", name.rpartition("(")[2]).strip()
            name = "" if _REST_OF_ADDRESS.fullmatch(name) else name
        given.append(name)
    names = names_in(given)
    return ", ".join([name for name in names if not _USER.fullmatch(name)] or names) or None


def _text(entry: dict[str, Any]) -> str:
    """The longest of content and summary, as plain text."""
    details = [*(entry.get("content") or ()), entry.get("summary_detail") or {"value": entry.get("summary")}]
    best = ""
    for value in sorted((detail.get("value") or "" for detail in details), key=len, reverse=True):
        if len(value) <= len(best):
            break  # a text is never longer than its markup
        best = max(best, plain_text(value), key=len)
    return best


def _plain(of: dict[str, Any], name: str) -> str | None:
    return _plain_of(of.get(f"{name}_detail") or {"value": of.get(name)}) or None


def _plain_of(detail: dict[str, Any]) -> str:
    """A value without its tags. In one of type text, which is also what RSS has, a bare tag that nothing ends is spoken of: "Use of <b> grows"."""
    value = detail.get("value") or ""
    if detail.get("type") == "text/plain" and not _MEANT.search(value):
        return html.unescape(value).replace("\xa0", " ").strip()
    return plain_text(value)


def _link(entry: dict[str, Any], base: str) -> str | None:
    """The entry's own address rather than that of a proxy which counts readers."""
    for name in ("feedburner_origlink", "link"):
        given = (_string(entry, name) or "").strip()
        if not given or _NO_LINK.fullmatch(given):
            continue
        try:
            address = web_address(urljoin(base, f"https://{given}" if given.lower().startswith("www.") else given))
        except ValueError:
            continue
        if address:
            return address
    return None


def _self_link(feed: dict[str, Any]) -> str | None:
    links = feed.get("links") or ()
    return next((address for link in links if link.get("rel") == "self" and (address := web_address(link.get("href")))), None)


def _string(of: dict[str, Any], name: str) -> str | None:
    # feedparser's own `get` answers with another field where one is missing.
    value = dict.get(of, name)
    return value if isinstance(value, str) and value.strip() else None


def _time(of: dict[str, Any], name: str) -> tuple[int, ...] | None:
    value = dict.get(of, f"{name}_parsed")
    return tuple(value[:6]) if value else None
