"""What a page says about its article: title, address, outlet, authors, dates, language, from JSON-LD, meta elements and what readers see."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from htmldate import find_date
from lxml.html import HtmlElement
from trafilatura.metadata import extract_author, extract_sitename, extract_title

from transforms.read.dates import EARLIEST, moment_of_feed
from transforms.read.json_ld import Said, article_in
from transforms.read.page_byline import byline_of
from transforms.read.page_title import Names, day_behind, key_of, without_tail
from transforms.read.web_address import web_address

MOST_HEADINGS: Final = 5
LONGEST_HEADING: Final = 1_000  # characters
LONGEST_DATE: Final = 40  # characters
_A_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")

_TITLE: Final = ("og:title", "twitter:title", "citation_title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "title")
_PUBLISHED: Final = (
    *("article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date"),
    *("sailthru.date", "cxenseparse:recs:publishtime", "publish-date", "publish_date", "publication_date", "pubdate"),
    *("dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "date"),
)
_MODIFIED: Final = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
_SITE: Final = ("og:site_name", "application-name", "al:android:app_name", "al:ios:app_name", "dc.publisher", "publisher")
_OUTLET: Final = ("application-name", "dc.publisher", "publisher", "twitter:site")
_SECTION: Final = ("article:section", "section", "parsely-section")
_INDEX_NAMES: Final = frozenset(("", "index", "home", "default", "index.html", "index.htm", "index.php", "default.aspx", "home.html"))

Metas = list[tuple[str, str]]  # names, in small letters, and values


@dataclass(frozen=True, slots=True)
class Head:
    """What stands about the article. `titles` are all its headlines, and the sections that may stand above them; dates are as written, the surest first, each with its origin."""

    said: Said
    title: str | None
    titles: tuple[str | None, ...]
    url: str | None
    outlet: str | None
    byline: str | None
    published: list[tuple[str, str]]
    updated: list[tuple[str, str]]
    language: str | None
    is_article: bool

    @classmethod
    def of(cls, tree: HtmlElement, address: str | None) -> "Head":
        """From a page and where it was fetched. May raise anything that trafilatura and htmldate raise."""
        article = article_in(script.text or "" for script in tree.iterfind(".//script[@type='application/ld+json']"))
        said, metas = article or Said(), list(_metas(tree))
        canonical = next((link.get("href") for link in tree.iterfind(".//link[@rel='canonical'][@href]")), None)
        url = _own_address(canonical or _value(metas, "og:url", "twitter:url"), address)
        headings = tuple(_headings(tree))
        given = " ".join((_value(metas, *_TITLE) or said.headline or extract_title(tree) or "")[:LONGEST_HEADING].split()) or None
        names = _names(metas, said, (_host(url or ""), _host(canonical or ""), _host(address or "")))
        title = without_tail(given, (said.headline, *headings), names)
        return cls(
            said=said,
            title=title,
            titles=(title, given, said.headline, *headings, *_sections(metas, said)),
            url=url,
            outlet=_outlet(metas, said.publisher) or extract_sitename(tree) or _host(url or "") or None,
            byline=byline_of(tree, said.authors, metas, lambda: extract_author(tree), names),
            published=_published(tree, said, metas, given, url),
            updated=_dates(said.modified, metas, _MODIFIED),
            language=_language(said.language, tree.get("lang")),
            is_article=article is not None
            or any(name == "article:published_time" or each == ("og:type", "article") for each in metas for name in each[:1]),
        )


def _language(*tags: str | None) -> str | None:
    """The language that a page says it is in. English without a country other than the US says nothing: programs set it, whatever is written."""
    given = next((tag.strip() for tag in tags if tag and tag.strip()), None)
    return None if given and given.lower().replace("_", "-") in ("en", "en-us") else given


def _published(tree: HtmlElement, said: Said, metas: Metas, title: str | None, url: str | None) -> list[tuple[str, str]]:
    """When it says that it was published; what htmldate finds only where nothing else can be read, and can be read in one way."""
    found = _dates(said.published, metas, _PUBLISHED)
    if day := day_behind(title):
        found.append(("metadata", day))
    known = any((moment := moment_of_feed(text)) and moment.at >= EARLIEST for _, text in found)
    if not known and (day := find_date(tree, original_date=True, extensive_search=False, url=url)) and not _may_be_another(day, tree, said):
        found.append(("metadata", day))
    return found


def _may_be_another(day: str, tree: HtmlElement, said: Said) -> bool:
    """Whether a day that htmldate found may be one with day and month exchanged: it takes "04/05/2024" for 4 May on any page (1.11.0).

    A page that says which English it is in, or that it is in another language, is right about that but for the American one.
    """
    date = dt.date.fromisoformat(day)
    if date.day > 12 or date.day == date.month or _language(said.language, tree.get("lang")):
        return False
    numbers = rf"(?<![\d/])0?{date.day}[/-]0?{date.month}[/-](?:{date.year}|{date.year % 100:02})(?![\d/])"
    return re.search(numbers, tree.text_content()) is not None


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Names and values of the page's meta elements, and of what it marks as a date; names in small letters."""
    for meta in tree.iter("meta", "time"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        value = meta.get("content") or meta.get("datetime") or _date_shown(meta)
        if name and value and not value.isspace():
            yield name.lower(), value.strip()


def _date_shown(element: HtmlElement) -> str | None:
    """What a <time> without datetime shows, which by HTML is then its date; extruct 0.18.0 gives none, and htmldate another element's."""
    shown = element.text_content().strip() if element.tag == "time" else ""
    return shown if _A_DATE.match(shown) and len(shown) <= LONGEST_DATE else None


def _value(metas: Metas, *names: str) -> str | None:
    """The value of the first of the names that the page has."""
    return next((value for wanted in names for name, value in metas if name == wanted), None)


def _dates(said: str | None, metas: Metas, names: tuple[str, ...]) -> list[tuple[str, str]]:
    found = [("json_ld", said)] if said else []
    return found + [("metadata", value) for name in names for given, value in metas if given == name]


def _headings(tree: HtmlElement) -> Iterator[str]:
    """The first headings of the page that could be its title."""
    for heading in islice(tree.iter("h1"), MOST_HEADINGS):
        yield " ".join(heading.text_content()[:LONGEST_HEADING].split())


def _names(metas: Metas, said: Said, hosts: Iterable[str]) -> Names:
    """What the page calls its site and its sections."""
    sites = (value for name, value in metas if name in _SITE)
    return Names.of((*sites, said.publisher, *hosts), _sections(metas, said))


def _sections(metas: Metas, said: Said) -> list[str | None]:
    return [*(value for name, value in metas if name in _SECTION), said.section]


def _outlet(metas: Metas, publisher: str | None) -> str | None:
    """The site's own name for itself; its publisher's where that is the same word better written, or the name is but an address."""
    site = next((value for name, value in metas if name == "og:site_name" and "://" not in value), None)
    same = site and publisher and (key_of(site) == key_of(publisher) or ("." in site and " " not in site))
    journal = _value(metas, "citation_journal_title")
    name = publisher if same or not (site or journal) else site or journal
    others = (value for wanted in _OUTLET for given, value in metas if given == wanted and "://" not in value)
    return name or next(others, "").lstrip("@") or None


def _own_address(canonical: str | None, address: str | None) -> str | None:
    """The address that the page gives itself, unless it would make one article of many.

    A site's root as every page's canonical link is a common mistake; and a page speaks for no other host.
    """
    own = web_address(urljoin(address or "", canonical)) if canonical else None
    if own is None:
        return web_address(address)
    if address is None:
        return None if is_root(own) else own
    same = _host(own) == _host(address) and is_root(own) == is_root(address)
    return own if same else web_address(address)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def is_root(address: str) -> bool:
    """Whether an address is that of a site's front page."""
    parts = urlsplit(address)
    return parts.path.strip("/").lower() in _INDEX_NAMES and not parts.query
