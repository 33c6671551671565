"""The body of a page in one piece, before its text is taken: several containers put together, boxes of other things taken out.

Text extraction takes the first container that looks like an article's body. Where advertisements or insets stand between, it is the
first of several.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement

MOST_CONTAINERS: Final = 200  # of one body; a paragraph each is the most that was seen
SHORTEST_PARAGRAPH: Final = 8  # words; shorter ones are captions, prompts, names
LARGEST_BOX: Final = 150  # words; what holds more than that is hardly a box beside the article

_CONTAINERS: Final = ("article", "div", "main", "section")
_BOXES: Final = (*_CONTAINERS, "aside", "p", "ul", "form", "span")
_BODY: Final = re.compile(
    r"(?:[a-z]+[-_]{1,2})?(?:article|entry|post|story|art|text|field)[-_]{0,2}(?:body|content|text|bodycopy)|(?:article|story|post)(?:Body|Content|Text)"
)
_KICKER: Final = re.compile(r"[^\W\d_A-Z][:.!?”\"»]?\Z")
_HEADLINE: Final = re.compile(r"[„“«»\"]?[A-ZÀ-ÞΑ-ΩА-Я]")
_BESIDE: Final = re.compile(r"(?:\A|[\s_-])(?:comments?|related|recommended|teasers?|promo|newsletter|sidebar)(?:\Z|\s)", re.IGNORECASE)
_BOX: Final = re.compile(
    r"(?:\A|[\s_-])(?:newsletter|author[_-]*(?:bio(?:graphy)?|box|content|description|about)|about[_-]*(?:the[_-]*)?author|biography"
    r"|related[_-]*(?:articles?|posts?|stor(?:y|ies)|content|links|news)"
    r"|recirculation|most[_-]*(?:read|viewed|popular)|disclosure|citewrapper|mentions[_-]copyright|show-comments"
    r"|(?:[a-z]+:)?line-clamp-\d)(?:\Z|[\s_-])",
    re.IGNORECASE,
)


def in_one_piece(tree: HtmlElement) -> HtmlElement:
    """The page with its body's containers made one, and without boxes of other things and captions of pictures. In place."""
    boxes: list[HtmlElement] = list(tree.iter("figcaption"))
    bodies: dict[str, list[HtmlElement]] = {}
    for element in tree.iter(*_BOXES):
        named, name = element.get("class") or "", element.get("id")
        if not (named or name or element.get("itemprop")):
            continue
        if _BOX.search(f"{named} {name}" if name else named) and len(element.text_content().split()) <= LARGEST_BOX:
            boxes.append(element)
        elif element.tag in _CONTAINERS:
            _entered(element, named, bodies)
    for box in boxes:
        if box.getparent() is not None:
            box.drop_tree()
    for containers in bodies.values():
        _join(containers)
    for heading in tree.iter("h1", "h2", "h3", "h4"):
        for part, following in pairwise(heading):
            if not part.tail and _KICKER.search(part.text_content()) and _HEADLINE.match(following.text_content()):
                part.tail = " "  # a kicker and a headline, which a browser shows on two lines
    return tree


def _entered(element: HtmlElement, named: str, bodies: dict[str, list[HtmlElement]]) -> None:
    """Note a container of a body under what it is called, unless it stands inside the last one so called."""
    names = {name for name in named.split() if _BODY.fullmatch(name)}
    if element.get("itemprop") == "articleBody":
        names.add("@articleBody")
    for name in names:
        before = bodies.setdefault(name, [])
        if not before or before[-1] not in element.iterancestors():
            before.append(element)


def _join(containers: list[HtmlElement]) -> None:
    """Put the content of the later containers behind that of the first, where they are parts of one article."""
    first = containers[0]
    text = first.text_content()
    for one, other in pairwise(containers[:MOST_CONTAINERS]):
        if other.getparent() is None or not _same_article(one, other) or _beside(other):
            return
        content = other.text_content()
        if content.strip()[:200] in text:
            continue  # the same again, for another screen
        text += content
        for child in list(other):
            first.append(child)


def _same_article(one: HtmlElement, other: HtmlElement) -> bool:
    """Whether no article ends and no other story's headline stands between two containers."""
    if next(one.iterancestors("article"), None) is not next(other.iterancestors("article"), None):
        return False
    return not any(_is_headline(element) for element in _between(one, other))


def _between(one: HtmlElement, other: HtmlElement) -> Iterator[HtmlElement]:
    """The elements between two, up to where their common ancestor branches."""
    above = list(other.iterancestors())
    branch = one
    while branch is not None and branch.getparent() not in above:
        branch = branch.getparent()
    if branch is None:
        return
    for beside in branch.itersiblings():
        for element in beside.iter():
            if element is other:
                return
            yield element


def _is_headline(element: HtmlElement) -> bool:
    """A headline of another story: the highest heading, or one that is a link."""
    if element.tag in ("h2", "h3"):
        return next(element.iter("a"), None) is not None or element.getparent().tag == "a"
    return bool(element.tag == "h1")


def _beside(element: HtmlElement) -> bool:
    return any(_BESIDE.search(each.get("class") or "") for each in (element, *element.iterancestors()) if each.tag not in ("html", "body"))


def densest(tree: HtmlElement) -> tuple[HtmlElement | None, list[str]]:
    """The element with most words in paragraphs of its own, and these paragraphs; where a page has an article, its body."""
    found: dict[HtmlElement, list[str]] = {}
    for paragraph in tree.iter("p"):
        text = " ".join(paragraph.text_content().split())
        linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
        if text.count(" ") >= SHORTEST_PARAGRAPH and linked * 2 < len(text):
            found.setdefault(paragraph.getparent(), []).append(text)
    chosen = max(found, key=lambda parent: sum(map(len, found[parent])), default=None)
    return (None, []) if chosen is None or _beside(chosen) else (chosen, found[chosen])
