"""A web page from bytes to plain values; runs apart (see `apart`), since every parser of HTML can be stalled by its input."""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from lxml.html import HtmlElement
from trafilatura.utils import load_html

from schemas.reject import Reason
from transforms.read.encoding import decoded_page
from transforms.read.format import format_of_head
from transforms.read.page_head import Head, is_root
from transforms.read.page_lines import article_lines
from transforms.read.page_text import SENTENCE, SHORT, seen_text, text_of_page, words_in

STUB: Final = 300  # words; what stands before a paywall is rarely more
MOST_LINKED: Final = 0.5  # share of a page's letters that are links, beyond which it is an index
TEASER: Final = 40  # words; the paragraphs of an index are shorter, some of an article are not
LINKS_OF_INDEX: Final = 30  # links that an index has at least
LINES_OF_MENU: Final = 10  # lines that a menu has at least

_NO_TEXT: Final[tuple[Reason, str]] = ("no_text", "has no text of an article: it may be made by scripts as it is shown")

_TAG: Final = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_LINE_ENDS: Final = re.compile(r"[ \t]*\n\s*")
_CUT_OFF: Final = re.compile(r"(?:\.\.\.|…|\[…\])\s*\Z")
_PAYWALL: Final = re.compile(
    r"(?i)\b(?:subscribe|sign up|register|log in|sign in)\b[^.!?\n]{0,60}\b(?:to (?:continue|keep|read|finish|unlock|access|view)|for full access)\b"
    r"|\b(?:to continue|to keep|continue) reading\b[^.!?\n]{0,60}\b(?:subscribe|subscription|register|log in|sign in|account)\b"
    r"|\b(?:article|content|story) is (?:only available|exclusive|reserved|available only)\b[^.!?\n]{0,40}\bsubscribers\b"
    r"|\bsubscribers? only\b|\balready (?:a subscriber|subscribed)\b"
)


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
    if tree is None:
        return Parsed(refused=_NO_TEXT)
    for element in list(tree.iter("noscript")):  # what stands in for scripts would be all the text of a page made by scripts
        if element.getparent() is not None:
            element.drop_tree()
    head = Head.of(tree, address)
    said = head.said
    found = text_of_page(tree, said)
    if not words_in(found):
        return Parsed(refused=_NO_TEXT)
    lines = _LINE_ENDS.sub("\n", found.strip()).split("\n")
    own = article_lines(lines, tree, titles=head.titles, byline=head.byline, dated=bool(head.published))
    text = "\n\n".join(own or lines)
    return Parsed(
        text=text,
        title=head.title,
        url=head.url,
        outlet=head.outlet,
        byline=head.byline,
        published=head.published,
        updated=head.updated,
        language=head.language,
        flags=[*_short(text, tree, said.free), *_not_article(text, tree, head, address)],
    )


def _short(text: str, tree: HtmlElement, free: bool | None) -> Iterator[tuple[Reason, str]]:
    """Whether the text is only the beginning of an article."""
    words = words_in(text)
    if words < SHORT:
        yield "short", f"has only {words} words: the page may show the rest elsewhere"
    elif words < STUB and (free is False or _CUT_OFF.search(text) or _PAYWALL.search(seen_text(tree))):
        yield "short", f"has {words} words, and the page says that the rest is for subscribers"


def _not_article(text: str, tree: HtmlElement, head: Head, address: str | None) -> Iterator[tuple[Reason, str]]:
    """Whether the page is a site's front page or an index: it says so by its address, or it is mostly links; whatever it says, a menu is none."""
    if _is_menu(text):
        yield "not_article", "has only lines of a few words: a menu or a list, not an article"
        return
    if head.is_article:
        return
    links = tree.findall(".//a[@href]")
    linked = sum(len("".join(link.itertext()).strip()) for link in links)
    letters = len("".join(seen_text(tree).split()))
    longest = max(len(paragraph.split()) for paragraph in text.split("\n"))
    own = head.url or address
    if own and is_root(own):
        yield "not_article", "is the front page of a site, not an article"
    elif len(links) >= LINKS_OF_INDEX and linked > letters * MOST_LINKED and longest < TEASER:
        yield "not_article", "is mostly links to other pages: an index, not an article"


def _is_menu(text: str) -> bool:
    lines = text.split("\n\n")
    return len(lines) >= LINES_OF_MENU and not any(words_in(line) >= SENTENCE for line in lines)
