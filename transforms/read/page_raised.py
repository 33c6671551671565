"""What a page raises, strikes out or marks as a time, written so that it survives as plain text: exponents stay exponents, notes and deletions go.

Text extraction keeps the letters of `<sup>` and `<del>` and loses what they say: "10<sup>6</sup> tonnes" would be 106 tonnes,
"12<sup>3</sup> people" with a note 123 people, and a corrected sum would stand beside the wrong one. A `<time>` it drops with its words, as it
stands in bylines: "closed on <time>29 November</time>, they said" would be closed on, they said.
"""

import re
from typing import Final

from lxml.html import HtmlElement

_STRUCK: Final = ("del", "s", "strike")
_DROPPED: Final = ("time", "output")  # by trafilatura, with what they say
_LINES: Final = ("p", "li", "blockquote", "dd", "td")
_SENTENCE: Final = 8  # words beside it; a byline hardly has as many
_STRUCK_STYLE: Final = re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through\b", re.IGNORECASE)
_NOTE: Final = re.compile(r"\b(?:foot|end)?note|\bfn|\bref|\bcit(?:e|ation)|\bnoteref", re.IGNORECASE)  # in classes, ids and roles
_INTEGER: Final = re.compile(r"[-−–]?\d{1,2}")
_NOTED: Final = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[*†‡§¶]+)(?:[,–-]\s?\d{1,3})*[\])]?")  # "3", "[12]", "a", "*", "1,2"
_TEN: Final = re.compile(r"(?:\A|[^\d.,])10\Z")
_UNIT: Final = re.compile(r"(?:\A|[\d\s/.(·×])(?:[kcdmµμn]?m|ft|in|yd|mi|s|sec)\Z")  # letters of a unit that has squares: "5 km", "W/m"
_SUM: Final = re.compile(r"[$€£]\d+\Z")
_RAISED: Final = str.maketrans("0123456789-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻")
_BEHIND: Final = 24  # characters before a raised number that tell what it is


def as_read(tree: HtmlElement) -> HtmlElement:
    """The page with struck-out text and the numbers of notes taken out, exponents as "10^6" and "km²", and times in sentences bare. In place."""
    for element in list(tree.iter(*_STRUCK)):
        _without(element)
    for element in tree.xpath("//*[contains(@style, 'line-through')]"):
        if _STRUCK_STYLE.search(element.get("style")):
            _without(element)
    for element in list(tree.iter("sup")):
        _lowered(element)
    _bare_times(tree)
    return tree


def _bare_times(tree: HtmlElement) -> None:
    """Take the tags from times amid a sentence; one before a byline, or at the head of an item, is left."""
    words: dict[HtmlElement, int] = {}  # of each line, counted once, however many times stand in it
    for element in list(tree.iter(*_DROPPED)):
        line = next(element.iterancestors(*_LINES), None)
        if line is None or not (_before(element).strip() or (element.tail or "").lstrip()[:1].islower()):
            continue
        if line not in words:
            words[line] = len(line.text_content().split())
        if words[line] - len(element.text_content().split()) >= _SENTENCE:
            element.drop_tag()


def _without(element: HtmlElement) -> None:
    """Take an element out with all that is in it; what stands behind it stays, and a whole line of it leaves nothing."""
    if element.getparent() is not None:
        element.drop_tree()


def _lowered(element: HtmlElement) -> None:
    """Write a raised number so that its line still says what it is: an exponent, cents, or nothing where it leads to a note."""
    text = "".join(element.itertext()).strip()
    if not text or element.getparent() is None:
        return
    if _leads_to_note(element):
        if _NOTED.fullmatch(text):
            _without(element)
        return
    before = _before(element)
    if _INTEGER.fullmatch(text) and _TEN.search(before):
        _replaced(element, f"^{text.replace('−', '-').replace('–', '-')}")
    elif _INTEGER.fullmatch(text) and _UNIT.search(before):
        _replaced(element, text.translate(_RAISED))
    elif len(text) == 2 and text.isdigit() and _SUM.search(before):
        _replaced(element, f".{text}")  # "$19" with raised cents
    elif _NOTED.fullmatch(text) and before[-1:].strip():
        _without(element)


def _leads_to_note(element: HtmlElement) -> bool:
    """Whether it, or what it stands in or holds, is a link within the page or is called a note."""
    beside = [element, *element.iterdescendants(), element.getparent()]
    if any((e.get("href") or "").startswith("#") or "#" in (e.get("href") or "") for e in beside if e is not None and e.tag == "a"):
        return True
    named = " ".join(e.get(a) or "" for e in beside[:-1] for a in ("class", "id", "role", "epub:type"))
    return _NOTE.search(named) is not None


def _before(element: HtmlElement) -> str:
    """The last characters of its line in front of an element."""
    parts: list[str] = []
    node = element
    while sum(map(len, parts)) < _BEHIND:
        previous, parent = node.getprevious(), node.getparent()
        if previous is None:
            parts.append((parent.text or "") if parent is not None else "")
            break
        parts.append(previous.tail or "")
        if not (previous.tail or "").strip():
            parts.append("".join(previous.itertext()) if isinstance(previous.tag, str) else "")
        node = previous
    return "".join(reversed(parts))[-_BEHIND:]


def _replaced(element: HtmlElement, text: str) -> None:
    """Put plain text in an element's place."""
    for child in list(element):
        element.remove(child)
    element.text = text
    element.drop_tag()
