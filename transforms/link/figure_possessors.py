"""Whose a figure is by a genitive or a pronoun before it, or before what it is the size of: "Norvia's 1-0 defeat", "its 400 brands",
"Roe's mark of 6 m". The subject of the clause has none of it.
"""

import re
from typing import Final, NamedTuple

from schemas.actor import Actor
from schemas.figure import Figure
from transforms.article.mentions import Mentions
from transforms.link.figure_owners import demonyms

SIDES: Final = ("organisation", "place", "group")
_TYPES: Final = {"his": ("person",), "her": ("person",), "its": SIDES, "their": SIDES}
_GENITIVE: Final = re.compile(r"(?:(?<=s)['’]|['’]s) \Z")
_PRONOUN: Final = re.compile(r"\b(?P<word>its|their|his|her) \Z", re.IGNORECASE)
_OPENING: Final = re.compile(
    r"(?:[Ii]ts|[Tt]heir|[Hh]is|[Hh]er) |(?!.* (?:in|of|for|at|by|from|with|and) )[^'’]{1,60}(?:s['’]|['’]s) (?![A-Z])"
)
_OTHERWISE: Final = ("sold-for", "paid-for", "priced-for", "having")  # what is counted has a price that another pays, or has the figure
_OF_A_THING: Final = re.compile(r"\b[Tt]he (?:[a-z-]+ )?[a-z]+\Z")  # "the world's 500 largest firms"
_BESIDE: Final = ("beside-particle", "beside-signed")
_STANDING: Final = re.compile(r" (?:on|at) (?:about |around |just )?\Z")
_APPOSED: Final = re.compile(r"(?:,| [-–—]) (?:(?:the|a|an|its|their|his|her|our) |[A-Z][\w. ]{1,30}['’]s? )?\Z")
_LONGEST: Final = 80  # characters of a name or a pronoun
_FAR: Final = 160  # between a figure and where what it measures begins
_SET_BEFORE: Final = re.compile(r"\d-\d+\)? \(?\Z")
_SET_BEHIND: Final = re.compile(r"\)? \(?\d+-\d")


class Possessor(NamedTuple):
    """Who has a figure: the actor, where one is known, else which types of subject may be meant by a pronoun."""

    actor_id: str | None
    may_be: tuple[str, ...] = ()


def possessor_of(figure: Figure, mentions: Mentions, text: str) -> Possessor | None:
    """What the genitive or the pronoun says; None where none stands there.

    An age says itself whose it is, and "Norvia's second-largest bank" is the rank of the bank.
    """
    if figure.kind in ("age", "rank"):
        return None
    found = _before(figure, figure.start, mentions, text)
    if found is not None or figure.counted is None or figure.counted_rule in _OTHERWISE:
        return found
    if (opening := _OPENING.match(figure.counted)) is None:
        return None
    at = text.rfind(figure.counted, max(0, figure.start - _FAR), figure.start)
    return _before(figure, at + opening.end(), mentions, text) if at >= 0 else None


def beside_name(figure: Figure, mentions: Mentions, text: str) -> str | None:
    """Whose a figure is that stands beside a name: "fourth seed Ann Roe", "Tom Lind, the third seed", "with the Greens on 19%"."""
    counted = figure.counted or ""
    if figure.counted_rule in _BESIDE:
        at = text.rfind(counted, max(0, figure.start - _FAR), figure.start)
        named = _ending(at + len(counted), mentions) if at >= 0 else None
        return named.actor_id if named is not None else None
    if figure.kind == "percent" and (stands := _STANDING.search(text, max(0, figure.start - _LONGEST), figure.start)) is not None:
        named = _ending(stands.start(), mentions)
        return named.actor_id if named is not None and text.endswith(("with ", "with the "), 0, named.start) else None
    if figure.kind != "rank" or not counted:
        return None
    at = figure.end + len(f" {counted} ")
    behind = (a for a in mentions.inside(at, at + _LONGEST) if a.start == at or text[at : a.start].rstrip() in demonyms())
    if (person := next((a for a in behind if a.mention == "name" and a.type == "person"), None)) is not None:
        return person.actor_id
    opened = _APPOSED.search(text, max(0, figure.start - _LONGEST), figure.start)
    named = _ending(opened.start(), mentions) if opened is not None else None
    led = (
        named is not None and named.type == "place" and text.endswith((" in ", " at ", " from ", " of "), 0, named.start)
    )  # "in Lund, the second-largest bank"
    return named.actor_id if named is not None and not led else None


def _before(figure: Figure, at: int, mentions: Mentions, text: str) -> Possessor | None:
    first = max(0, at - _LONGEST)
    if (pronoun := _PRONOUN.search(text, first, at)) is not None:
        meant = _ending(pronoun.end("word"), mentions)
        return Possessor(meant.actor_id if meant is not None else None, _TYPES[pronoun["word"].lower()])
    if (genitive := _GENITIVE.search(text, first, at)) is None:
        return None
    if (named := _ending(genitive.start(), mentions)) is not None:
        return Possessor(named.actor_id) if named.mention != "pronoun" else None  # "it's 30 miles"
    if _OF_A_THING.search(text, first, genitive.start()):
        return Possessor(None)
    return Possessor(None, SIDES) if figure.kind == "score" else None  # "Roe missed last Saturday's 1-0 defeat"; "last year's 5 %"


def of_a_side(figure: Figure, text: str) -> bool:
    """Whether a score is one of a match that sides play: "was fooled into a 13-12 win". Players alone win sets, told one beside the other."""
    if figure.kind != "score" or figure.counted is None:
        return False
    return _SET_BEFORE.search(text, max(0, figure.start - 8), figure.start) is None and _SET_BEHIND.match(text, figure.end) is None


def _ending(end: int, mentions: Mentions) -> Actor | None:
    """The mention that ends there, with or without the genitive's mark; of several the longest."""
    found = [a for a in mentions.inside(max(0, end - _LONGEST), end + len("'s")) if a.end >= end]
    return min(found, key=lambda a: (a.start, a.end), default=None)
