"""Speakers tied to actors: which mention in a speaker's phrase is the one who speaks."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from schemas.actor import Actor
from schemas.column import changed
from schemas.quote import Quote
from transforms.article.mentions import Mentions, rank_behind
from transforms.words.lexicon import lexicon

# Where the core of a speaker's phrase ends and what describes it begins: "a spokesman | for Acme".
_PREPOSITION: Final = r"(?:of|at|from|in|on|for|by|with|to|about|near|including|like)"
_TAIL: Final = re.compile(rf"(?:,|\s[-–—(])|\s(?={_PREPOSITION}\s)")
_GOVERNED: Final = re.compile(rf"\b{_PREPOSITION}(?:\s(?:the|a|an))?\s*\Z", re.IGNORECASE)

# The same with words before the name, as in "director at digital firm Acme"; a person there is the head: "chief of police Ann Lee".
_GOVERNED_BODY: Final = re.compile(rf"\b{_PREPOSITION}(?:\s[\w'’-]+){{0,4}}\s*\Z", re.IGNORECASE)
_ACRONYM: Final = re.compile(r"\s\([^()]*\)\Z")  # behind what it stands for: "the Bank of Norvia (BoN)"
_ISSUED: Final = re.compile(r"\s(?:issued |released |published )?(?:from|by)\s(?:the\s)?")
_JOINT: Final = re.compile(r",? (?:and|or|&) ")

# What one speaks in may speak next: "said in a statement …", "the statement added". A report has more authors than who presents it.
_TAKEN_UP: Final = ("statement", "letter", "post")


def spoken_by(quotes: Iterable[Quote], actors: Sequence[Actor]) -> tuple[Quote, ...]:
    """The quotes with the actor who speaks.

    "Ann Lee of Acme" is Ann Lee, "a spokesman for Acme" is nobody known, and "an Acme statement" or "a statement by Acme" is Acme. A "the
    statement" later on is whoever spoke in the statement before, be it "an Acme statement said" or "Acme said in a statement".
    """
    mentions = Mentions(actors)
    documents: dict[str, str] = {}  # word for a document -> the actor who last spoke through one
    tied = []
    for quote in quotes:
        spoken = _speaker(quote, mentions, documents)
        if spoken is not None and quote.channel in _TAKEN_UP:
            documents.update(dict.fromkeys(_nouns_of(quote.channel), spoken))
        tied.append(changed(quote, {"speaker_actor_id": spoken}) if spoken != quote.speaker_actor_id else quote)
    return tuple(tied)


def _speaker(quote: Quote, mentions: Mentions, documents: dict[str, str]) -> str | None:
    text, start, end = quote.speaker_text, quote.speaker_start, quote.speaker_end
    if text is None or start is None or end is None:
        return None
    bare = _ACRONYM.sub("", text)
    named = mentions.at(start, start + len(bare)) or mentions.at(start, start + len(bare) - rank_behind(bare))
    if named is not None and _is_head(text, start, named, mentions):
        return None if _is_demonym(text, named) or _is_one_of(text, start, named, mentions) else named.actor_id
    tail = _TAIL.search(text)
    core = text[: tail.start()] if tail else text
    if tail is not None and (named := mentions.at(start, start + len(core))) is not None:
        return named.actor_id
    return _through_document(core, start, mentions, documents) or _issuer(text, core, start, mentions)


def _is_head(text: str, start: int, actor: Actor, mentions: Mentions) -> bool:
    """Whether a mention at the end of a phrase is its head, and not what a preposition brings in, be it one within a name: "Republic of …"."""
    before = text[: max(0, actor.start - start)].rstrip()
    governed = (_GOVERNED if actor.type == "person" else _GOVERNED_BODY).search(before.removesuffix(actor.title or ""))
    if governed is None:
        return True
    at = start + governed.start()
    return actor.type == "person" and any(a.start < at < a.end for a in mentions.inside(start, actor.start))


def _is_one_of(text: str, start: int, actor: Actor, mentions: Mentions) -> bool:
    """Whether somebody else speaks with an actor: "Acme and the Bolt Group"; not in "the founder and head of Acme", "Olympian and Acme pundit Ann Lee"."""
    led = text[: actor.start - start].rstrip()
    titled = (
        len(led) - len(actor.title) if actor.title and led.endswith(actor.title) else None
    )  # where the title right before a name begins
    joints = {start + joint.start(): joint.end() for joint in _JOINT.finditer(text) if start + joint.start() < actor.start}
    before_joints = (a for a in mentions.inside(start, max(joints, default=start)) if a.end in joints)
    others = (a for a in before_joints if a.mention == "name" and a.actor_id != actor.actor_id)
    return any(a.type == "person" or joints[a.end] != titled for a in others)


def _is_demonym(text: str, actor: Actor) -> bool:
    """Whether "the German" is a person of whom nothing more is known, and not the country that the mention stands for."""
    return actor.rule == "adjective-name" and text.split(maxsplit=1)[0].lower() in ("the", "a", "an")


def _through_document(core: str, start: int, mentions: Mentions, documents: dict[str, str]) -> str | None:
    """Who speaks through a document: its owner ("an Acme statement"), or the owner of the one told of before ("the statement")."""
    words = core.split()
    noun = words[-1].lower() if words else ""
    if noun not in _document_nouns():
        return None
    owner = mentions.at(start, start + len(core) - len(words[-1]) - 1) if len(words) > 1 else None
    if owner is None:
        return documents.get(noun) if words[0].lower() in ("the", "that", "this") else None
    documents[noun] = owner.actor_id
    return owner.actor_id


def _issuer(text: str, core: str, start: int, mentions: Mentions) -> str | None:
    """Who put a document out that speaks: "a statement from Acme", "a report by the Bolt Group"."""
    issued = _ISSUED.match(text, len(core))
    if issued is None or core.rpartition(" ")[2].lower() not in _document_nouns():
        return None
    named = next((a for a in mentions.inside(start + issued.end(), start + len(text)) if a.start == start + issued.end()), None)
    return named.actor_id if named is not None else None


def _document_nouns() -> frozenset[str]:
    return frozenset(n for channel in ("statement", "report", "letter", "post") for n in _nouns_of(channel))


def _nouns_of(channel: str) -> list[str]:
    nouns: dict[str, list[str]] = lexicon("quotes-channels")["nouns"]
    return nouns[channel]
