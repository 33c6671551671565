"""What sort of source a phrase is: a named one, an unnamed one, a document or another outlet (facts.source_type).

A person or body with a name is named, and so is a body that stands for itself ("the union"); whoever is only described
("officials", "a spokesman", "Democrats") is unnamed.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from schemas.actor import Actor
from schemas.fact import SourceType
from transforms.annotate.tokens import is_noun, lemma_of
from transforms.words.lexicon import lexicon, words
from transforms.words.source_nouns import source_nouns

_SINGULAR: Final = frozenset({"i", "he", "she", "it"})
_WORD: Final = re.compile(r"[^\W_][\w’'.&-]*")
# Where the core of a noun phrase ends and what describes it begins.
_TAIL: Final = re.compile(
    r"[,(–—]| - |\b(?:of|at|from|in|on|for|by|with|to|about|who|which|that|among|near|familiar|close|within|inside|outside|behind|under)\b"
)
_JOINED: Final = re.compile(r",? and |, ")
_BOTH: Final = re.compile(r"\A[Bb]oth | (?:both|all|each)\Z")
# So many of those who speak: "a growing number of companies", "some of the reports".
_SO_MANY: Final = re.compile(
    r"\A(?:(?:an?|the)\s+)?(?:[\w-]+\s+)?(?:numbers?|majority|minority|handful|couple|host|dozens?|hundreds|thousands|lots?|some|many|most|several|half) of ",
    re.IGNORECASE,
)
# A name behind one of these is not the head.
_LINKS: Final = ("of", "for", "to", "with", "at", "from", "in", "by", "and", "within", "inside")


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase as a source: its head word, whether that is a name, and the mention that it names."""

    text: str
    head: str
    name: bool
    actor: Actor | None

    @property
    def lemma(self) -> str:
        word = self.head.lower()
        listed = any(word in source_nouns(role) for role in ("document", "medium", "body"))  # "analysis", "news": no plurals
        return word if listed or not word else lemma_of(word, "NNS", "NOUN")

    def headed(self, *roles: str) -> bool:
        """Whether the head is a common noun of a source of one of these sorts."""
        return not self.name and any(self.lemma in source_nouns(role) for role in roles)


def outlet_in(text: str) -> tuple[int, int] | None:
    """Where a phrase names an outlet: "a Wall Street Journal article" -> "Wall Street Journal". None without one."""
    found = _outlet_names().search(text)
    return found.span() if found else None


def source_type_of(text: str, actor: Actor | None) -> SourceType:
    """What sort of source a noun phrase is; `actor` is the mention that it names, if any."""
    text = _SO_MANY.sub("", _BOTH.sub("", text))
    joined = _JOINED.split(text)
    if len(joined) > 1 and all(source_type_of(one, None) == "named" and (one[:1].isupper() or one.startswith("the ")) for one in joined):
        return "named"  # "the Scottish National Party and the Tories"
    head, name = _head(text)
    phrase = _Phrase(text, head, name, actor)
    return next((kind for is_kind, kind in _LADDER if is_kind(phrase)), "anonymous")


def is_anaphor(text: str) -> bool:
    """Whether a phrase takes up a text of which was told before: "the report"."""
    parts = text.lower().split()
    return len(parts) == 2 and parts[0] in ("the", "that", "this") and parts[1] in source_nouns("taken_up")


def is_body(text: str) -> bool:
    """Whether a phrase says what sort of body somebody is: "another carmaker"."""
    return _body(_Phrase(text, *_head(text), None))


def _pronoun_of_somebody(phrase: _Phrase) -> bool:
    """A pronoun whose cluster has a name, or of the singular; "they" without one is nobody in particular."""
    actor = phrase.actor
    if actor is not None and actor.mention == "pronoun":
        return actor.type != "group" and actor.canonical_name[:1].isupper() and actor.canonical_name.lower() not in _plurals()
    return actor is None and phrase.text.lower() in _SINGULAR


def _pronoun_of_nobody(phrase: _Phrase) -> bool:
    some = words("facts-sources", "nobody")
    pronoun = phrase.actor is not None and phrase.actor.mention == "pronoun"
    return pronoun or phrase.head.lower() in some or phrase.text.lower() in some


def _outlet(phrase: _Phrase) -> bool:
    """An outlet by its name, or something published by one; "a BBC spokesman" is none."""
    found = outlet_in(phrase.text)
    joined = _JOINED.split(phrase.text)
    if found is not None and len(joined) > 1:
        return all(outlet_in(one) is not None for one in joined)
    if phrase.headed("poll"):  # a newspaper's poll is the word of those who were asked
        return False
    if found is None:
        return phrase.headed("medium") or (not phrase.name and _last_two(phrase) in source_nouns("medium"))
    whole = phrase.text[4:] if phrase.text.lower().startswith("the ") else phrase.text
    return found[1] - found[0] > len(whole) // 2 or phrase.headed("document", "medium", "taken_up")


def _last_two(phrase: _Phrase) -> str:
    """The head with the word before it, in lower case: "news agency"."""
    found = _WORD.findall(phrase.text[: phrase.text.find(phrase.head) + len(phrase.head)])
    return " ".join(found[-2:]).lower()


def _document(phrase: _Phrase) -> bool:
    return phrase.headed("document")


def _body(phrase: _Phrase) -> bool:
    return phrase.headed("body") and phrase.head == phrase.lemma


def _closing_name(phrase: _Phrase) -> bool:
    """A person's name at the end with a role before it: "the vice president of Norvia Motors Jane Roe", not "a friend of Jane Roe"."""
    actor = phrase.actor
    if actor is None or actor.type != "person" or actor.mention != "name":
        return False
    if phrase.text.startswith(f"{actor.text}, "):
        return True
    if not phrase.text.endswith(actor.text):
        return False
    before = phrase.text[: -len(actor.text)].split()
    return not before or before[-1].lower() not in _LINKS


def _party(phrase: _Phrase) -> bool:
    """As in "the Tories": a party as a whole, where "Tories" are some of its members."""
    parts = phrase.text.split()
    return [p.lower() for p in parts[:1]] == ["the"] and " ".join(parts[1:]) in words("facts-sources", "parties")


def _group(phrase: _Phrase) -> bool:
    """As in "Democrats", "Some Republicans": members of a group, of whom none is named."""
    if phrase.actor is not None and phrase.actor.type == "group" and phrase.text.endswith(phrase.actor.text):
        return True
    return phrase.name and phrase.head.endswith(("ans", "crats")) and len(phrase.text.split()) <= 3


def _name(phrase: _Phrase) -> bool:
    return phrase.name and not _opens_with_plural(phrase)


def _opens_with_plural(phrase: _Phrase) -> bool:
    """As in "Locals said", "Jurors in Norvia": a bare plural of a common noun that nothing knows as a name, with the capital of a sentence's first word."""
    word = phrase.head.lower()
    if phrase.actor is not None or not phrase.text.startswith(phrase.head):
        return False
    single = lemma_of(word, "NNS", "NOUN")
    return single != word and is_noun(single)


def _stands_for_name(phrase: _Phrase) -> bool:
    """As in "the US president", where the text gives the name elsewhere."""
    actor = phrase.actor
    definite = phrase.text.lower().startswith(("the ", "his ", "her ", "its ", "their "))
    return actor is not None and definite and actor.mention == "nominal" and actor.type != "group" and actor.canonical_name[:1].isupper()


# The first that holds says what the phrase is; none: somebody who is only described.
_LADDER: Final[tuple[tuple[Callable[[_Phrase], bool], SourceType], ...]] = (
    (_pronoun_of_somebody, "named"),
    (_pronoun_of_nobody, "anonymous"),
    (_outlet, "outlet"),
    (_document, "document"),
    (_body, "named"),
    (_closing_name, "named"),
    (_party, "named"),
    (_group, "anonymous"),
    (_name, "named"),
    (_stands_for_name, "named"),
)


@functools.cache
def _outlet_names() -> re.Pattern[str]:
    """Outlets by name, and names that end in a newspaper's title word ("The Norvia Courier")."""
    names = "|".join(re.escape(n) for n in sorted(lexicon("facts-sources")["outlets"], key=len, reverse=True))
    titles = "|".join(lexicon("facts-sources")["title_words"])
    known = rf"(?P<known>(?<!\w)(?:{names})(?!\w))"
    titled = rf"(?P<titled>\b(?:The |(?:The )?(?:(?!An? )[A-Z][\w’'.-]* ){{1,3}})(?:{titles})(?: (?:Online|Standard|Press|of [A-Z]\w+))?\b)"
    joined = r"(?P<joined>\b[A-Z][a-z]+(?:Insider|News|Times|Post|Daily)\b)"
    return re.compile(f"{known}|{titled}|{joined}")


def _head(text: str) -> tuple[str, bool]:
    """(the last word of the core of a noun phrase, whether it is written as a name)."""
    cut = _TAIL.search(text, 1)
    core = text[: cut.start()] if cut and cut.start() > 2 else text
    found: list[str] = _WORD.findall(core) or _WORD.findall(text)
    if not found:
        return "", False
    last = found[-2] if len(found) > 1 and found[-1].isdigit() else found[-1]  # "Radio 1"
    last = last[:-2] if last.endswith(("'s", "’s")) else last.rstrip("'’.")
    opening = len(found) == 1 and (last.lower() in _plurals() or last.lower() in source_nouns("document"))
    return last, last[:1].isupper() and not opening  # "Analysts said", "Data show": a capital that only opens the sentence


def _plurals() -> frozenset[str]:
    return words("facts-sources", "plain_plurals")
