"""Who wrote a page's article: the names that its markup gives, without addresses, labels and initials, the site's own name last.

Many sites name themselves as author in JSON-LD and the person only where readers see it.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from lxml.html import HtmlElement

from transforms.read.page_title import Names, key_of

MOST_LOOKED_AT: Final = 20  # elements that may hold a name; that of the article is among the first
_META: Final = ("author", "article:author", "articleauthor", "article:author_name", "parsely-author", "dc.creator", "dcterms.creator")
_SEEN: Final = (
    "//*[self::a or self::address or self::div or self::p or self::span or self::li]"
    "[@rel='author' or contains(@itemprop, 'author') or contains(@class, 'author') or contains(@class, 'byline')"
    " or self::a and (contains(@href, '/author') or contains(@href, '/autor') or contains(@href, '/auteur'))]"
    "[not(ancestor::aside or ancestor::nav or ancestor::footer or ancestor::figure or ancestor::*[contains(@class, 'comment')])]"
)
_NOT_THE_AUTHOR: Final = re.compile(r"comment|avatar|related|teaser", re.IGNORECASE)

_ADDRESS: Final = re.compile(r"\(?(?:https?://|www\.)[^\s)]*\)?|<?[\w.+-]+@[\w-]+\.[\w.-]+>?", re.IGNORECASE)
# "Ada Holm Monday, 3 May"
_WHEN: Final = re.compile(r"[\s,]*\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Updated|Published)\b|\d{1,2}:\d\d).*", re.DOTALL)
_LABEL: Final = re.compile(
    r"(?:(?:[^\W\d]+\s)?by|von|par|por|door|autor(?:in|en|es)?|authors?|auteurs?|text|tekst)(?::\s*|\s+)(?=\S+\s)", re.IGNORECASE
)
_INITIALS: Final = re.compile(r"\s*\((?:[\w.]{1,5}|https?:[^)]*|www\.[^)]*)?\)")
_OFFICE: Final = re.compile(r"\s+[/|]\s+.*")  # "Ada Holm / Journalist"
_AND: Final = re.compile(r"\s*[,;]\s+|\s+(?:and|und|og|och|et|y|e|en|&)\s+(?=\S+\s+\S)", re.IGNORECASE)
_SLUG: Final = re.compile(r"[a-z0-9._-]+")  # a user's name
_SEVERAL: Final = re.compile(r"\s*;\s+|\s*,\s+")
_NAME: Final = re.compile(r"[^\W\d_][\w.’'-]*(?:\s+[^\W\d_][\w.’'-]*){0,4}")
_PARTICLES: Final = frozenset(
    ["al", "bin", "da", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "ten", "ter", "van", "von", "y", "zu"]
)
LONGEST_NAME: Final = 80  # characters


def byline_of(
    tree: HtmlElement, said: Iterable[str], metas: list[tuple[str, str]], found: Callable[[], str | None], names: Names
) -> str | None:
    """The authors, joined by commas; the site itself where nobody else is named.

    `said` are the names in JSON-LD, `metas` the page's meta elements; `found` is asked last, and joins names by ";".
    """
    given = [[value for name, value in metas if name == wanted] for wanted in _META]
    known: list[str] = []
    for candidates in (list(said), *([value for value in values if not _SLUG.fullmatch(value)] for values in given)):
        named = _clean(candidates)
        if persons := [name for name in named if not names.is_outlet(name)]:
            return ", ".join(persons)
        known = known or named
    seen = _seen(tree, names)
    if not seen and not known:
        seen = [name for name in _clean([found() or ""]) if not _NOT_THE_AUTHOR.search(name)] or _clean(
            value for values in given for value in values
        )
    return ", ".join(seen or known) or None


def _clean(given: Iterable[str]) -> list[str]:
    """The names in what is given, each once. Numbers, addresses and what a picture's credit says are none."""
    kept: dict[str, str] = {}
    for text in given:
        for name in _split(_bare(text)):
            plain = " ".join(name.split()).strip(" ,;:-–|/")
            if key_of(plain) and len(plain) <= LONGEST_NAME and ":" not in plain and not plain.isdecimal() and plain[0] not in "@(":
                kept.setdefault(key_of(plain), plain)
    return list(kept.values())


def _bare(text: str) -> str:
    """What is left of names without addresses, initials, days and offices, and the label before them."""
    for wrong in (_ADDRESS, _INITIALS, _WHEN, _OFFICE):
        text = wrong.sub("", text)
    return _LABEL.sub("", text.strip(), count=1)


def _split(text: str) -> list[str]:
    """The names of a list. "and" joins two only where a first name and a surname follow and went before: "Le Figaro et AFP" is one."""
    parts = _AND.split(text)
    return parts if len(parts) > 1 and all(" " in part.strip() for part in parts[:1]) else _SEVERAL.split(text)


def _seen(tree: HtmlElement, site: Names) -> list[str]:
    """The names in the first element that is marked as the author's and holds nothing else, but for the site's name behind them."""
    for element in tree.xpath(_SEEN)[:MOST_LOOKED_AT]:
        if _NOT_THE_AUTHOR.search(element.get("class") or ""):
            continue
        text = " ".join(" ".join(element.itertext()).split())
        names = [_without_site(name, site) for name in _clean([text])] if len(text) <= 2 * LONGEST_NAME else []
        if names and " " in names[0] and all(map(_is_name, names)) and not any(map(site.is_outlet, names)):
            return names
    return []


def _without_site(name: str, site: Names) -> str:
    words = name.split()
    return " ".join(words[: next((end for end in range(1, len(words)) if site.is_outlet(" ".join(words[end:]))), len(words))])


def _is_name(text: str) -> bool:
    """Whether a text is like a name: up to five words with capitals, but for particles."""
    return _NAME.fullmatch(text) is not None and all(word[0].isupper() or word in _PARTICLES for word in text.split())
