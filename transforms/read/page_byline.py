"""Who wrote a page's article: the names that its markup gives, without addresses, labels and initials, the site's own name last.

Many sites name themselves as author in JSON-LD and the person only where readers see it.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from lxml.html import HtmlElement

from transforms.read.byline import LONGEST_NAME, names_in
from transforms.read.page_title import Names

MOST_LOOKED_AT: Final = 20  # elements that may hold a name; that of the article is among the first
_META: Final = ("author", "article:author", "articleauthor", "article:author_name", "parsely-author", "dc.creator", "dcterms.creator")
_SEEN: Final = (
    "//*[self::a or self::address or self::div or self::p or self::span or self::li]"
    "[@rel='author' or contains(@itemprop, 'author') or contains(@class, 'author') or contains(@class, 'byline')"
    " or self::a and (contains(@href, '/author') or contains(@href, '/autor') or contains(@href, '/auteur'))]"
    "[not(ancestor::aside or ancestor::nav or ancestor::footer or ancestor::figure or ancestor::*[contains(@class, 'comment')])]"
)
_NOT_THE_AUTHOR: Final = re.compile(r"comment|avatar|related|teaser", re.IGNORECASE)

_SLUG: Final = re.compile(r"[a-z0-9._-]+")  # a user's name
_NAME: Final = re.compile(r"[^\W\d_][\w.’'-]*(?:\s+[^\W\d_][\w.’'-]*){0,4}")
_PARTICLES: Final = frozenset(
    ["al", "bin", "da", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "ten", "ter", "van", "von", "y", "zu"]
)


def byline_of(
    tree: HtmlElement, said: Iterable[str], metas: list[tuple[str, str]], found: Callable[[], str | None], names: Names
) -> str | None:
    """The authors, joined by commas; the site itself where nobody else is named.

    `said` are the names in JSON-LD, `metas` the page's meta elements; `found` is asked last, and joins names by ";".
    """
    given = [[value for name, value in metas if name == wanted] for wanted in _META]
    known: list[str] = []
    for candidates in (list(said), *([value for value in values if not _SLUG.fullmatch(value)] for values in given)):
        named = names_in(candidates)
        if persons := [name for name in named if not names.is_outlet(name)]:
            return ", ".join(persons)
        known = known or named
    seen = _seen(tree, names)
    if not seen and not known:
        seen = [name for name in names_in([found() or ""]) if not _NOT_THE_AUTHOR.search(name)] or names_in(
            value for values in given for value in values
        )
    return ", ".join(seen or known) or None


def _seen(tree: HtmlElement, site: Names) -> list[str]:
    """The names in the first element that is marked as the author's and holds nothing else, but for the site's name behind them."""
    for element in tree.xpath(_SEEN)[:MOST_LOOKED_AT]:
        if _NOT_THE_AUTHOR.search(element.get("class") or ""):
            continue
        text = " ".join(" ".join(element.itertext()).split())
        names = [_without_site(name, site) for name in names_in([text])] if len(text) <= 2 * LONGEST_NAME else []
        if names and " " in names[0] and all(map(_is_name, names)) and not any(map(site.is_outlet, names)):
            return names
    return []


def _without_site(name: str, site: Names) -> str:
    words = name.split()
    return " ".join(words[: next((end for end in range(1, len(words)) if site.is_outlet(" ".join(words[end:]))), len(words))])


def _is_name(text: str) -> bool:
    """Whether a text is like a name: up to five words with capitals, but for particles."""
    return _NAME.fullmatch(text) is not None and all(word[0].isupper() or word in _PARTICLES for word in text.split())
