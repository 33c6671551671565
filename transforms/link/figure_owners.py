"""Whose a figure is: the subject of its clause, or whoever a subject that is no actor belongs to."""

import functools
import re
from typing import Final

from schemas.actor import Actor
from schemas.fact import Fact
from schemas.figure import Figure
from transforms.article.mentions import Mentions
from transforms.link.figure_subjects import SubjectPart, passive_by, subject_part
from transforms.link.unowned_figures import word_at
from transforms.parse.clause import Clause
from transforms.words.lexicon import lexicon, words

_JOINED: Final = re.compile(r"\s*(?:,|&|(?:and|or|as|rather|plus|but)\b)")  # "Acme and Orbis": a figure of both is neither's
_BELONGING: Final = re.compile(r"\s(?:of|at|in|by)\s")  # "shares in Acme", "profits at Acme"
_BEFORE_AGE: Final = re.compile(r",?\s*\(?(?:who\s)?(?:the\s|an?\s|is\s|was\s|aged\s|now\s|then\s|also\s)*\Z")
_PERSONAL: Final = re.compile(r"(?:['’]s|s['’]) (?![A-Z])|(?:['’]s|s['’])\Z")
_LONGEST: Final = 16  # characters between somebody and their age


def owner_of(figure: Figure, fact: Fact, clause: Clause | None, mentions: Mentions, text: str) -> str | None:
    """Whose figure it is. Those who are counted own nothing ("300 residents fled"), nor does a place that only modifies
    ("the US deficit"); what is valued by somebody is not the valuer's. Where several share a subject, it is nobody's alone.
    """
    if figure.kind == "age":
        return _aged(figure, fact, mentions, text)
    part = subject_part(figure, fact)
    if part is None or clause is None:
        return None
    first = clause.object_head if passive_by(fact) else clause.subject_head
    core = first.end if first is not None else part.end
    if core < part.end and _JOINED.match(text, core, part.end):
        return None
    named = mentions.at(part.start, core)
    if named is not None and _JOINED.search(text, part.start, named.start):
        return None
    if named is None or named.start < part.start:
        return _holder(figure, part, core, mentions, text)
    within = part.start <= figure.start < part.end and (named.type, named.mention) != ("person", "name")  # "fifth seed Ann Roe" is her
    beside = named.end <= figure.start or (figure.end <= named.start and not within)
    # "officials at the two bodies": the bodies are no part of the officials
    at = core <= figure.start < part.end and word_at(text, core) in words("figures-dated", "oblique", "beside")
    return named.actor_id if beside and not at and not _demonym(named, text[part.start : named.start]) else None


def _demonym(named: Actor, before: str) -> bool:
    """Whether "the German" is somebody of whom nothing more is known, and not the country."""
    short = named.name.replace(".", "").isupper()
    return named.type == "place" and named.name in demonyms() and not short and before.strip().lower() in ("the", "a", "an")


@functools.cache
def demonyms() -> frozenset[str]:
    """Adjectives of nations, regions and parts of states."""
    table = lexicon("actors-demonyms")
    return frozenset(form for kind in ("countries", "parts", "regions") for forms in table[kind].values() for form in forms)


def _holder(figure: Figure, part: SubjectPart, core: int, mentions: Mentions, text: str) -> str | None:
    """Whoever a subject that is no actor itself belongs to: "Norvia's exports", "shares in Acme"; not "a firm behind the Acme games"; "Roe's new film came second", not she."""
    if figure.kind == "rank":
        return None
    inside = mentions.inside(part.start, core)
    owners = [a for a in inside if _may_own(a) and _has_it(a, text) and not part.start <= figure.start < a.end]
    if owners:
        return owners[0].actor_id
    if part.start <= figure.start < part.end or not _BELONGING.match(text, core, part.end):
        return None
    closing = mentions.at(text.index(" ", core + 1) + 1, part.end)
    return closing.actor_id if closing is not None and _may_own(closing) else None


def _may_own(actor: Actor) -> bool:
    return actor.type in ("person", "organisation")


def _has_it(actor: Actor, text: str) -> bool:
    """Whether what follows a name belongs to it: "Roe's photograph" is hers, "a Roe photograph" shows her, "Roe's Green Hills" is a work
    that has its own figures; "Acme shares" are Acme's.
    """
    if actor.type != "person" or actor.mention != "name":
        return True
    return _PERSONAL.search(text, actor.start, actor.end + 4) is not None


def _aged(figure: Figure, fact: Fact, mentions: Mentions, text: str) -> str | None:
    """Who is so old: "the 34-year-old", "Ann Roe, 51,", "Torak, a 12-year-old hunter"; the subject only of "he was 51"."""
    around = mentions.at(figure.start, figure.end)
    if around is not None and around.start <= figure.start and figure.end <= around.end:
        return around.actor_id
    behind = [a for a in mentions.inside(figure.end, figure.end + _LONGEST * 2) if a.start <= figure.end + 1 and a.mention == "name"]
    if behind and behind[0].type == "person":
        return behind[0].actor_id  # "the 101-year-old Ann Roe"
    before = [a for a in mentions.inside(max(0, figure.start - 60), figure.start) if figure.start - a.end <= _LONGEST]
    if before and _BEFORE_AGE.match(text, before[-1].end, figure.start):
        return before[-1].actor_id
    as_one = text.endswith((" as a ", " as an "), 0, figure.start) and figure.counted is None  # "won it as a 17-year-old"
    if (figure.rule in ("age-old", "shared-unit") and not as_one) or fact.subject_end is None or fact.subject_end > figure.start:
        return None
    return fact.subject_actor_id
