"""What a file holds, told from its name where that is enough and from its first bytes where it is not."""

import codecs
import json
import os
import re
from typing import Final, Literal

from transforms.read.column_names import AGENCY_NAMES, NO_COLUMNS, names_by_field

Format = Literal[
    "txt", "jsonl", "json", "csv", "parquet", "arrow", "newsml", "nitf", "feed", "jsonfeed", "sitemap", "html", "warc", "arc",
    "zip", "tar", "pdf", "rtf", "office", "image", "archive", "messages",
]  # fmt: skip

PAGE_TYPES: Final = ("text/html", "application/xhtml+xml")
HEAD_SIZE: Final = 1 << 14  # bytes that are looked at

_SUFFIXES: Final[dict[Format, tuple[str, ...]]] = {
    "txt": (".txt",),
    "jsonl": (".jsonl", ".ndjson"),
    "feed": (".rss", ".atom", ".xml"),
    "html": (".html", ".htm", ".xhtml"),
    "warc": (".warc",),
    "csv": (".csv", ".tsv", ".tab"),
    "parquet": (".parquet", ".pq"),
    "arrow": (".arrow", ".feather", ".ipc"),
    "nitf": (".nitf",),
    "zip": (".zip",),
    "tar": (".tar", ".tgz", ".tbz2", ".txz", ".tzst"),
}
_BY_SUFFIX: Final = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes}
_MAGIC: Final[dict[Format, tuple[bytes, ...]]] = {
    "pdf": (b"%PDF-",),
    "image": (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8"),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "rtf": (b"{\\rtf",),
    "office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    "parquet": (b"PAR1",),
    "arrow": (b"ARROW1\0\0",),
    "archive": (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"7z\xbc\xaf\x27\x1c"),
    "warc": (b"WARC/",),
    "arc": (b"filedesc://",),
}
_TAR_MAGIC: Final = slice(257, 262)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Atomic, so that a comment is never tried again with the next one's end.
_XML_PREAMBLE: Final = r"\s*+(?>(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)\s*+)*+"
_FEED: Final = re.compile(_XML_PREAMBLE + r"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE | re.DOTALL)
# NewsML of before G2 has a root of that name, and is another format.
_AGENCY: Final = re.compile(
    _XML_PREAMBLE
    + r"<(?:[\w.-]+:)?(?:(?P<newsml>newsMessage|(?:news|package|concept|knowledge|planning|catalog)Item)|(?P<nitf>nitf))(?=[\s>/])",
    re.DOTALL,
)
_SITEMAP: Final = re.compile(_XML_PREAMBLE + r"<(?:[\w.-]+:)?(?:urlset|sitemapindex)(?=[\s>/])", re.DOTALL)
_HTML: Final = re.compile(_XML_PREAMBLE + r"<(?:html|head|body)\b|\s*<!DOCTYPE\s+html", re.IGNORECASE | re.DOTALL)
# The version may stand anywhere, and many writers escape the slashes of its address.
_JSON_FEED: Final = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/')
_JSON_FEED_ITEMS: Final = re.compile(r'"items"\s*:\s*\[\s*\{')
_JSON_FEED_CONTENT: Final = re.compile(r'"(?:content_html|content_text|date_published)"\s*:')
_COMPRESSED: Final = (".gz", ".bz2", ".xz", ".zst")
_FIRST_NAMES: Final = re.compile(r'"((?:[^"\\]|\\.){1,60})"\s*:')


def bom_of(head: bytes) -> str | None:
    """The encoding that a byte order mark announces."""
    return next((encoding for bom, encoding in _BOMS if head.startswith(bom)), None)


def media_type(content_type: str) -> str:
    """The type in a content type header, without its parameters, in small letters."""
    return content_type.partition(";")[0].strip().lower()


def is_packed(head: bytes) -> bool:
    """Whether the bytes begin a compressed stream, or an archive that can only be read from a file of its own."""
    return _format_of_magic(head) in ("archive", "zip")


def format_of(path: str, head: bytes) -> Format:
    """What a file holds. A known name decides, unless the bytes are plainly something else; other names do not.

    What is XML, if no feed by the look of it, goes to the feed reader, which says what it is not.
    """
    known = _format_of_magic(head) or format_of_name(path)
    if known and known != "feed":
        return known
    found = format_of_head(head)
    if suffix_of(path) == ".json":
        return found if found == "jsonfeed" or (found == "jsonl" and _has_json_lines(head)) else "json"
    if known:
        return found if found in ("newsml", "nitf", "sitemap") else known
    if found:
        return found
    return "feed" if head.lstrip().startswith(b"<?xml") else "txt"


def format_of_name(path: str) -> Format | None:
    """What the name says, whether or not it ends in .gz or the like."""
    return _BY_SUFFIX.get(suffix_of(path))


def suffix_of(path: str) -> str:
    """The suffix before any .gz and the like, in lower case; empty where there is none."""
    stem, dot, suffix = _unpacked_name(path.rpartition(os.sep)[2]).lower().rpartition(".")
    return dot + suffix if stem else ""


def stem_of(path: str) -> str:
    """The path without its suffix and any .gz and the like."""
    plain = _unpacked_name(path)
    return plain[: len(plain) - len(suffix_of(path))] if suffix_of(path) else plain


def _unpacked_name(path: str) -> str:
    packed = next((suffix for suffix in _COMPRESSED if path.lower().endswith(suffix)), "")
    return path[: len(path) - len(packed)]


def format_of_head(head: bytes) -> Format | None:
    """What the first bytes say, or None where they could be anything."""
    text = head[:HEAD_SIZE].decode(bom_of(head) or "utf-8", "ignore").lstrip("\ufeff")
    if _begins_json_feed(text):
        return "jsonfeed"
    return _format_of_xml(text) or _format_of_magic(head) or _format_of_json(text)


def _format_of_xml(text: str) -> Format | None:
    if _HTML.match(text):
        return "html"
    if _FEED.match(text):
        return "feed"
    if _SITEMAP.match(text):
        return "sitemap"
    agency = _AGENCY.match(text)
    return ("newsml" if agency["newsml"] else "nitf") if agency else None


def _format_of_json(text: str) -> Format | None:
    if _begins_json_lines(text):
        return "jsonl"
    return "json" if text.lstrip()[:1] in ("[", "{") and names_articles(text) else None


def names_articles(text: str) -> bool:
    """Whether JSON has, as far as its head tells, fields of articles: much JSON has one of them and is something else."""
    names = tuple(dict.fromkeys(_FIRST_NAMES.findall(text)))
    fields = names_by_field(NO_COLUMNS, names)
    return ("text" in fields and len(fields) > 1) or ("uri" in names and not AGENCY_NAMES.isdisjoint(name.lower() for name in names))


def _has_json_lines(head: bytes) -> bool:
    """Whether another object follows on the second line; one alone may be anything."""
    text = head.decode(bom_of(head) or "utf-8", "ignore").lstrip("\ufeff").lstrip()
    return text.partition("\n")[2].lstrip().startswith("{")


def _format_of_magic(head: bytes) -> Format | None:
    if head[_TAR_MAGIC] == b"ustar":
        return "tar"
    return next((kind for kind, magic in _MAGIC.items() if head.startswith(magic)), None)


def _begins_json_feed(text: str) -> bool:
    """Whether it is an object that calls itself a JSON Feed, or has items as only those have them."""
    if not text.lstrip().startswith("{"):
        return False
    return bool(_JSON_FEED.search(text) or (_JSON_FEED_ITEMS.search(text) and _JSON_FEED_CONTENT.search(text)))


def _begins_json_lines(text: str) -> bool:
    """Whether the first line is an object, or begins one that is longer than the head."""
    line, ended, _ = text.lstrip().partition("\n")
    if not line.startswith("{"):
        return False
    if not ended:
        return re.match(r'\{\s*"', line) is not None
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
