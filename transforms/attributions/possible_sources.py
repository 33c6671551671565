"""Who can say something: persons, bodies, documents, data and polls do; events, places and things only let others infer it.

Quotes ask this for their speakers and facts for their sources, of one lexicon (sources.toml, with the roles and groups of actors).
"""

import functools
from typing import Final

from transforms.parse.grammar import is_hardly_anybody
from transforms.parse.token_tree import Token
from transforms.words.lexicon import lexicon, words
from transforms.words.reporting import saying
from transforms.words.source_nouns import source_nouns

_NAMED: Final = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_POINTING: Final = frozenset({"which", "that", "this", "these", "what", "there"})  # where nothing tells what they stand for
# "a miner", "the inventor", "a unionist", "the guardian", "a trustee": what ends so is mostly somebody.
_ENDINGS: Final = ("er", "or", "ist", "ian", "eer", "ee", "ant", "man", "men", "woman", "women", "person", "people", "maker")
_SOURCES: Final = ("document", "poll", "medium", "taken_up", "body", "person")


def may_say(who: Token, verb: Token) -> bool:
    """Whether a subject can be the speaker of a word of saying: with verbs that things do too ("the storm threatens to") only a known source."""
    if is_hardly_anybody(who) or who.lower_ in _POINTING or _noun(who) in words("facts-sources", "things"):
        return False
    return is_source(who) or verb.lemma_ not in saying("of_things")


def is_source(who: Token) -> bool:
    """Whether a subject is known to be somebody, a body, a document or data: all but common nouns are taken for one.

    So are single letters and hyphens: "e-mail" and "vice-president" come apart in tokens.
    """
    if (
        who.pos_ != "NOUN" or len(who.text) == 1 or who.ent_type_ in _NAMED or (who.is_title and not who.is_sent_start)
    ):  # names to whoever wrote them
        return who.lower_ not in _POINTING
    noun = _noun(who)
    if noun in words("facts-sources", "things"):
        return False
    return noun in _known() or who.lower_ in _known() or noun.endswith(_ENDINGS)


def _noun(who: Token) -> str:
    return who.lemma_.lower() if who.pos_ == "NOUN" else ""


@functools.cache
def _known() -> frozenset[str]:
    """The common nouns of all that can speak."""
    roles: dict[str, list[str]] = lexicon("actors-titles")["roles"]
    channels: dict[str, list[str]] = lexicon("quotes-channels")["nouns"]
    listed = frozenset(word for kinds in (roles, channels) for kind in kinds.values() for word in kind)
    return listed.union(words("actors-groups", "plural"), words("facts-sources", "nobody"), *(source_nouns(role) for role in _SOURCES))
