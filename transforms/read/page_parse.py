"""A web page from bytes to plain values; runs apart (see `apart`), since every parser of HTML can be stalled by its input.

The text is trafilatura's in its fast mode: of seven extractors measured on 181 pages it was the best (F1 of 4-token
shingles .96), at 15 ms a page.
"""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.utils import load_html

from schemas.reject import Reason
from transforms.read.address import web_address
from transforms.read.encoding import decoded_page
from transforms.read.format import format_of_head
from transforms.read.json_ld import Said, article_in
from transforms.read.page_raised import as_read

SHORT: Final = 40  # words; no article is complete in fewer
STUB: Final = 300  # words; what stands before a paywall is rarely more
MOST_LINKED: Final = 0.5  # share of a page's letters that are links, beyond which it is an index
TEASER: Final = 40  # words; the paragraphs of an index are shorter, some of an article are not
LINKS_OF_INDEX: Final = 30  # links that an index has at least

_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")  # Chinese and Japanese have no spaces
_TAG: Final = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_LINE_ENDS: Final = re.compile(r"[ \t]*\n\s*")
_CUT_OFF: Final = re.compile(r"(?:\.\.\.|…|\[…\])\s*\Z")
_PAYWALL: Final = re.compile(
    r"(?i)\b(?:subscribe|sign up|register|log in|sign in)\b[^.!?\n]{0,60}\b(?:to (?:continue|keep|read|finish|unlock|access|view)|for full access)\b"
    r"|\b(?:to continue|to keep|continue) reading\b[^.!?\n]{0,60}\b(?:subscribe|subscription|register|log in|sign in|account)\b"
    r"|\b(?:article|content|story) is (?:only available|exclusive|reserved|available only)\b[^.!?\n]{0,40}\bsubscribers\b"
    r"|\bsubscribers? only\b|\balready (?:a subscriber|subscribed)\b"
)
_PUBLISHED: Final = (
    *("article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date"),
    *("sailthru.date", "cxenseparse:recs:publishtime", "publish-date", "publish_date", "publication_date", "pubdate"),
    *("dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "date"),
)
_MODIFIED: Final = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
_INDEX_NAMES: Final = frozenset(("", "index", "home", "default", "index.html", "index.htm", "index.php", "default.aspx", "home.html"))


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a page says of its article. Dates are as written, the surest first, each with its origin."""

    text: str = ""
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    byline: str | None = None
    published: list[tuple[str, str]] = field(default_factory=list)
    updated: list[tuple[str, str]] = field(default_factory=list)
    language: str | None = None
    flags: list[tuple[Reason, str]] = field(default_factory=list)
    refused: tuple[Reason, str] | None = None


def parsed_page(data: bytes, address: str | None = None, content_type: str | None = None) -> dict[str, Any]:
    """The fields of a Parsed, fit for JSON. May raise anything that lxml, trafilatura and htmldate raise."""
    return dataclasses.asdict(_page(data, address, content_type))


def _page(data: bytes, address: str | None, content_type: str | None) -> Parsed:
    kind = format_of_head(data)
    if kind in ("pdf", "image", "archive", "warc"):
        return Parsed(refused=("unsupported", f"is no web page: it holds {kind}"))
    html = decoded_page(data, content_type)
    if html is None:
        return Parsed(refused=("binary", "is no web page: its bytes are in no known encoding"))
    tree = load_html(html if _TAG.search(html) else f"<html><body>{html}</body></html>")
    document = None if tree is None else _extracted(as_read(_without_noscript(tree)), address)
    if tree is None or document is None or not _WORD.search(document.text or ""):
        return Parsed(refused=("no_text", "has no text of an article: it may be made by scripts as it is shown"))
    metas = list(_metas(tree))
    article = article_in(script.text or "" for script in tree.iterfind(".//script[@type='application/ld+json']"))
    said = article or Said()
    outlet = document.sitename
    text = _LINE_ENDS.sub("\n\n", document.text.strip())
    link = next((link.get("href") for link in tree.iterfind(".//link[@rel='canonical'][@href]")), None)
    url = _own_address(link or document.url, address)
    return Parsed(
        text=text,
        title=_without_outlet(document.title, outlet),
        url=url,
        outlet=outlet,
        byline=said.byline or document.author,
        published=[*_dates(said.published, metas, _PUBLISHED), *([("metadata", document.date)] if document.date else [])],
        updated=_dates(said.modified, metas, _MODIFIED),
        language=said.language or tree.get("lang"),
        flags=[*_short(text, tree, said), *([] if article else _not_article(text, tree, metas, url or address))],
    )


def _without_noscript(tree: HtmlElement) -> HtmlElement:
    """The page as readers see it: what stands in for scripts would be all the text of a page made by scripts."""
    for element in list(tree.iter("noscript")):
        if element.getparent() is not None:
            element.drop_tree()
    return tree


def _extracted(tree: HtmlElement, address: str | None) -> Any:
    """The body text and what stands about it, with the date that htmldate finds."""
    return bare_extraction(
        tree,
        url=address,
        fast=True,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Names and values of the page's meta elements, and of what it marks as a date; names in small letters."""
    for meta in tree.iter("meta", "time"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        value = meta.get("content") or meta.get("datetime")
        if name and value:
            yield name.lower(), value.strip()


def _dates(said: str | None, metas: list[tuple[str, str]], names: tuple[str, ...]) -> list[tuple[str, str]]:
    found = [("json_ld", said)] if said else []
    return found + [("metadata", value) for name in names for given, value in metas if given == name]


def _own_address(canonical: str | None, address: str | None) -> str | None:
    """The address that the page gives itself, unless it would make one article of many.

    A site's root as every page's canonical link is a common mistake; and a page speaks for no other host.
    """
    own = web_address(urljoin(address or "", canonical)) if canonical else None
    if own is None:
        return web_address(address)
    if address is None:
        return None if _is_root(own) else own
    same = _host(own) == _host(address) and _is_root(own) == _is_root(address)
    return own if same else web_address(address)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _is_root(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path.strip("/").lower() in _INDEX_NAMES and not parts.query


def _without_outlet(title: str | None, outlet: str | None) -> str | None:
    """The title without the name of the site, which many put behind it."""
    if not title or not outlet:
        return title
    return re.sub(rf"\s+[-–—|·»:]\s+{re.escape(outlet)}\s*\Z", "", title, flags=re.IGNORECASE) or title


def _short(text: str, tree: HtmlElement, said: Said) -> Iterator[tuple[Reason, str]]:
    """Whether the text is only the beginning of an article."""
    words = sum(1 for _ in _WORD.finditer(text))
    if words < SHORT:
        yield "short", f"has only {words} words: the page may show the rest elsewhere"
    elif words < STUB:
        closed = said.free is False
        if closed or _CUT_OFF.search(text) or _PAYWALL.search(_seen(tree)):
            yield "short", f"has {words} words, and the page says that the rest is for subscribers"


def _seen(tree: HtmlElement) -> str:
    return " ".join(tree.xpath("//body//text()[not(parent::script or parent::style)]"))


def _not_article(text: str, tree: HtmlElement, metas: list[tuple[str, str]], address: str | None) -> Iterator[tuple[Reason, str]]:
    """Whether the page is a site's front page or an index: it says so by its address, or it is mostly links."""
    if any(name == "article:published_time" or (name, value) == ("og:type", "article") for name, value in metas):
        return
    links = tree.findall(".//a[@href]")
    linked = sum(len("".join(link.itertext()).strip()) for link in links)
    letters = len("".join(_seen(tree).split()))
    longest = max(len(paragraph.split()) for paragraph in text.split("\n"))
    if address and _is_root(address):
        yield "not_article", "is the front page of a site, not an article"
    elif len(links) >= LINKS_OF_INDEX and linked > letters * MOST_LINKED and longest < TEASER:
        yield "not_article", "is mostly links to other pages: an index, not an article"
