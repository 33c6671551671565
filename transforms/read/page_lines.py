"""The lines of a page's text that are the article: what repeats its head, leads to other stories or speaks to the reader is left out."""

import functools
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml.html import HtmlElement

from transforms.read.page_title import key_of

HEAD: Final = 7  # lines at the top that may repeat title, byline and day
LONGEST_PROMPT: Final = 45  # words
SHORTEST_TEASER: Final = 4  # words; a shorter link on a line of its own may be a heading or a name
LINKED: Final = 0.8  # share of its letters that are links, from which on a line is a link
SHORTEST_TWICE: Final = 60  # letters; a longer paragraph that comes again was set twice
LONGEST_STAMP: Final = 9  # words of a line that is only a day and a time

_ITEM: Final = re.compile(r"[-•*–]\s+")
_STRAIGHT: Final = str.maketrans("’‘“”", "''\"\"")
_LEADING: Final = re.compile(r"\[?\s*(?P<words>[^:|>»\]]{2,25}?)\s*(?:[:|>»]|\s[-–—]\s)\s*\S")
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?!\d)")
_WORD: Final = re.compile(r"\w+")


def article_lines(lines: list[str], tree: HtmlElement, *, titles: Iterable[str | None], byline: str | None, dated: bool) -> list[str]:
    """The lines that are the article's own. `titles` are its headlines, of which a line at its head is a copy.

    `dated` says whether the page's day is known: only then a line that is but a day says nothing.
    """
    heads = {key_of(title) for title in titles if title} - {""}
    teasers = _teasers(tree, lines)
    kept: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(lines):
        if number < HEAD and (key_of(line) in heads or _is_byline(line, byline) or (dated and _is_stamp(line))):
            continue
        compact = _compact(line)
        letters = compact.translate(_STRAIGHT)  # the same again may have other marks of quotation
        if compact in teasers or letters in seen or is_prompt(line):
            continue
        if len(letters) >= SHORTEST_TWICE:
            seen.add(letters)
        kept.append(line)
    return kept


def is_prompt(line: str) -> bool:
    """Whether a line is the site's, not the article's: it asks the reader for something, or leads to another story."""
    plain = " ".join(_ITEM.sub("", line, count=1).split()).lower().replace("’", "'")
    if plain.count(" ") >= LONGEST_PROMPT:
        return False
    known, leading = _prompts(), _LEADING.match(plain)
    if plain.strip(" :.>»") in known.whole or plain.startswith(known.owned) or (leading and leading["words"] in known.leading):
        return True
    return known.asking.match(plain) is not None


@dataclass(frozen=True, slots=True)
class _Prompts:
    """`prompts.toml` as it is asked. It is no lexicon of the user's: what the text of a page is must not depend on who reads it."""

    whole: frozenset[str]
    leading: frozenset[str]
    owned: tuple[str, ...]
    asking: re.Pattern[str]


@functools.cache
def _prompts() -> _Prompts:
    data = tomllib.loads((Path(__file__).parent / "prompts.toml").read_text("utf-8"))
    openings, having = ("|".join(map(re.escape, data["asking"][name])) for name in ("openings", "having"))
    asking = re.compile(rf"(?:{openings})\b.*\b(?:{having})\b", re.DOTALL)
    return _Prompts(frozenset(data["whole"]["lines"]), frozenset(data["leading"]["words"]), tuple(data["owned"]["openings"]), asking)


def _teasers(tree: HtmlElement, lines: Iterable[str]) -> set[str]:
    """Those of the lines, without spaces, that are links to elsewhere and nothing more; in a list, where all of it are."""
    wanted = {_compact(line) for line in lines}
    found: set[str] = set()
    lists: dict[HtmlElement, bool] = {}
    for block in tree.iter("p", "li"):
        text = block.text_content()
        if (key := _compact(text)) not in wanted or not _is_link(block):
            continue
        if block.tag == "li":
            whole = block.getparent()
            if whole not in lists:
                lists[whole] = all(_is_link(item) for item in whole.iterchildren("li") if item.text_content().strip())
            if not lists[whole]:
                continue
        found.add(key)
    return found


def _is_link(block: HtmlElement) -> bool:
    text = block.text_content()
    linked = sum(len(_compact(link.text_content())) for link in block.iter("a") if (link.get("href") or "#")[0] != "#")
    return linked >= LINKED * len(_compact(text)) and len(_WORD.findall(text)) >= SHORTEST_TEASER


def _compact(text: str) -> str:
    """What is on a line, without spaces and the mark of a list."""
    return "".join(_ITEM.sub("", text, count=1).split())


def _is_byline(line: str, byline: str | None) -> bool:
    """Whether a line is the byline with hardly more than "By" before it."""
    names = [key_of(name) for name in (byline or "").split(", ")]
    key = key_of(line)
    return bool(byline) and all(name in key for name in names) and len(_WORD.findall(line)) <= len(_WORD.findall(byline or "")) + 3


def _is_stamp(line: str) -> bool:
    """Whether a line is only a day with its year, perhaps with a time and what is said of it ("Updated")."""
    found = _WORD.findall(line)
    numbers = sum(word[0].isdecimal() for word in found)
    few = len(found) <= LONGEST_STAMP and numbers >= 2 and len(found) - numbers <= 4
    return few and _YEAR.search(line) is not None and line[-1] not in '.!?”"' and "@" not in line  # a post's author and day stay
