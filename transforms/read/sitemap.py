"""Google News sitemaps, as lists of addresses with titles and dates: an entry an article; runs apart, as all parsing of XML does.

Their articles lie behind the addresses: a run fetches the pages, as it does for a feed's full text.
"""

import dataclasses
import io
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from schemas.reject import Reason
from transforms.read.feed_parse import MOST_ENTRIES, Entry, Feed
from transforms.read.web_address import web_address

_SHOWN: Final = 5  # addresses that a sentence names

_Element = Any  # lxml has no types


def parsed_sitemap(data: bytes, *, address: str | None = None, content_type: str | None = None) -> dict[str, Any]:
    """The fields of a Feed, fit for JSON; `address` is where it was fetched. XML tells its encoding, whatever the server says."""
    return dataclasses.asdict(_feed(data, address))


def sitemaps_in(data: bytes) -> list[str]:
    """The addresses of the sitemaps that an index names, in its order. Raises what lxml raises."""
    return [place for element in _elements(data, "sitemap") if (place := _text(element, "loc"))]


def _feed(data: bytes, address: str | None) -> Feed:
    entries: list[Entry] = []
    names: list[str] = []
    notes: list[tuple[Reason, str]] = []
    without = 0
    try:
        for number, element in enumerate(_elements(data, "url", "sitemap"), start=1):
            if _name(element) == "sitemap":
                return Feed(input_format="sitemap", refused=("not_a_feed", _index(data)))
            if len(entries) == MOST_ENTRIES:
                notes.append(("too_many", f"has more than {MOST_ENTRIES:,} entries: the first were read"))
                break
            news = _child(element, "news")
            if news is None:
                without += 1
                continue
            entries.append(_entry(number, element, news))
            names += filter(None, [_text(_child(news, "publication"), "name")])
            element.clear()
    except etree.XMLSyntaxError as error:
        is_cut = b"</" + b"urlset" not in data[-200:]
        told = f"{'is cut off' if is_cut else 'is no XML'}: {str(error)[:200]}; the {len(entries)} whole entries were read"
        notes.append(("truncated" if is_cut else "corrupt", told))
    if not entries:
        why = "is a sitemap of pages, none of which says that it is news: give the site's sitemap for Google News" if without else None
        return Feed(input_format="sitemap", refused=("not_a_feed", why or (notes[0][1] if notes else "is a sitemap without an entry")))
    if without:
        notes.append(("not_article", f"{without:,} of its addresses are of pages that are not said to be news: they were left out"))
    title = names[0] if names and len(set(names)) == 1 else None
    return Feed(input_format="sitemap", title=title, feed_url=address, entries=tuple(entries), notes=tuple(notes))


def _entry(number: int, element: _Element, news: _Element) -> Entry:
    return Entry(
        number=number,
        title=_text(news, "title"),
        link=web_address(_text(element, "loc")),
        published=_text(news, "publication_date"),
        updated=_text(element, "lastmod"),
        language=_text(_child(news, "publication"), "language"),
    )


def _index(data: bytes) -> str:
    try:
        addresses = [shown for each in sitemaps_in(data) if (shown := web_address(each))]
    except etree.XMLSyntaxError:
        addresses = []
    more = " and others" if len(addresses) > _SHOWN else ""
    return f"is an index of sitemaps: give it as a list, with --feeds FILE, or one of them: {', '.join(addresses[:_SHOWN])}{more}"


def _elements(data: bytes, *names: str) -> Iterator[_Element]:
    events = etree.iterparse(io.BytesIO(data), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return (element for _, element in events if _name(element) in names)


def _name(element: _Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _child(parent: _Element | None, name: str) -> _Element | None:
    return next((each for each in (parent if parent is not None else ()) if _name(each) == name), None)


def _text(parent: _Element | None, name: str) -> str | None:
    """The text of a child on one line."""
    child = _child(parent, name)
    return " ".join("".join(child.itertext()).split()) or None if child is not None else None
