"""What sort of source a phrase is: a named one, an unnamed one, a document or another outlet.

A person or body with a name is named, and so is a body that stands for itself ("the union"); whoever is only described
("officials", "a spokesman", "Democrats") is unnamed.
"""

import functools
import re
from typing import Final

from schemas.actor import Actor
from schemas.fact import SourceType
from transforms.annotate.tokens import lemma_of
from transforms.lexicon import lexicon, words

_FIRST: Final = frozenset({"i", "he", "she", "we", "it", "you", "they"})
_WORD: Final = re.compile(r"[^\W_][\w’'.&-]*")
# Where the core of a noun phrase ends and what describes it begins.
_TAIL: Final = re.compile(r"[,(–—]| - |\b(?:of|at|from|in|on|for|by|with|to|about|who|which|that|among|near|familiar|close)\b")
_NUMBER: Final = frozenset({"NNS", "NN"})


@functools.cache
def _outlet_names() -> re.Pattern[str]:
    """Outlets by name, and names that end in a newspaper's title word ("The Norvia Courier")."""
    names = "|".join(re.escape(n) for n in sorted(lexicon("facts-sources")["outlets"], key=len, reverse=True))
    titles = "|".join(lexicon("facts-sources")["title_words"])
    known = rf"(?P<known>(?<!\w)(?:{names})(?!\w))"
    titled = rf"(?P<titled>\b(?:The|(?:The )?(?:[A-Z][\w’'.-]+ ){{1,3}})\s?(?:{titles})(?: (?:Online|of [A-Z]\w+|Standard|Press))?\b)"
    return re.compile(f"{known}|{titled}")


def outlet_in(text: str) -> tuple[int, int] | None:
    """Where a phrase names an outlet: "a Wall Street Journal article" -> "Wall Street Journal". None without one."""
    found = _outlet_names().search(text)
    return found.span() if found else None


def source_type_of(text: str, actor: Actor | None) -> SourceType:
    """What sort of source a noun phrase is; `actor` is the mention that it names, if any."""
    found = outlet_in(text)
    head, capital = _head(text)
    lemma = lemma_of(head, "NNS", "NOUN") if head else ""
    if found and (found[1] - found[0] > len(text) // 2 or lemma in _list("documents") | _list("media") | _list("media_anaphors")):
        return "outlet"
    if text.lower() in _FIRST:
        return "named"
    if head.lower() in _list("nobody") or text.lower() in _list("nobody"):
        return "anonymous"
    if not capital and lemma in _list("documents"):
        return "document"
    if not capital and lemma in _list("media"):
        return "outlet"
    if not capital and head == lemma and lemma in _list("bodies"):
        return "named"
    if actor is not None and actor.mention == "pronoun":
        return "named"
    if capital:
        return "anonymous" if _people(text, head, actor) else "named"
    if actor is not None and actor.type != "group" and actor.name != actor.canonical_name and _definite(text):
        return "named" if actor.canonical_name[:1].isupper() else "anonymous"
    return "anonymous"


def _definite(text: str) -> bool:
    return text.lower().startswith(("the ", "his ", "her ", "its ", "their "))


def _people(text: str, head: str, actor: Actor | None) -> bool:
    """As in "Democrats", "Some Republicans": members of a group, of whom none is named."""
    if actor is not None and actor.type == "group":
        return True
    return head.endswith(("ans", "crats")) and len(text.split()) <= 3


def is_anaphor(text: str) -> bool:
    """Whether a phrase takes up a text of which was told before: "the report"."""
    parts = text.lower().split()
    return len(parts) == 2 and parts[0] in ("the", "that", "this") and parts[1] in _list("media_anaphors")


def _head(text: str) -> tuple[str, bool]:
    """(the last word of the core of a noun phrase, whether it is written as a name)."""
    cut = _TAIL.search(text, 1)
    core = text[: cut.start()] if cut and cut.start() > 2 else text
    found: list[str] = _WORD.findall(core) or _WORD.findall(text)
    if not found:
        return "", False
    last = found[-1]
    last = last[:-2] if last.endswith(("'s", "’s")) else last.rstrip("'’.")
    return last, last[:1].isupper() and (
        len(found) > 1 or last.lower() not in _list("nobody") | {"reports", "sources", "officials"}
    ) and not _opening(found, last)


def _opening(found: list[str], last: str) -> bool:
    """As in "Analysts said": a plural common noun that only opens its sentence."""
    lower = last.lower()
    return len(found) == 1 and lower.endswith("s") and lemma_of(lower, "NNS", "NOUN") != lower and lower in _plain_plurals()


@functools.cache
def _plain_plurals() -> frozenset[str]:
    return frozenset(lexicon("facts-sources")["plain_plurals"])


def _list(name: str) -> frozenset[str]:
    return words("facts-sources", name)
