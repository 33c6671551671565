"""Pronouns that stand for a named actor, where the text leaves no doubt: he, she, it, they and their forms.

The rules abstain rather than guess: a pronoun without a row is better than one in the wrong cluster.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.actors.mention import Cluster
from transforms.actors.nominals import Nominal
from transforms.actors.words import Words

_GENDER = {
    "he": "male",
    "him": "male",
    "his": "male",
    "himself": "male",
    "she": "female",
    "her": "female",
    "hers": "female",
    "herself": "female",
}
_THING = frozenset(["it", "its", "itself"])
_MANY = frozenset(["they", "them", "their", "theirs", "themselves"])
_FAR = 8  # sentences over which a person who is the only one of the gender is still meant
_NEAR = 2


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun at a token, and the actor that it stands for."""

    token: int
    rule: str
    actor: Cluster


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    actor: Cluster


def pronouns_in(w: Words, clusters: Sequence[Cluster], nominals: Sequence[Nominal]) -> Iterator[Pronoun]:
    """The pronouns whose actor is sure, in text order."""
    mentions = [_Mention(n.start, n.end, c) for c in clusters for n in c.names]
    mentions += [_Mention(n.start, n.end, n.actor) for n in nominals if n.actor]
    mentions.sort(key=lambda m: m.start)
    for i, word in enumerate(w.lower):
        if w.tag[i] not in ("PRP", "PRP$"):
            continue
        if word in _GENDER:
            person = _person(w, mentions, i, _GENDER[word])
            if person:
                mentions.append(_Mention(i, i + 1, person))
                yield Pronoun(i, "he-she-pronoun", person)
        elif word in _THING or word in _MANY:
            body = _body(w, mentions, i, "group" if word in _MANY else "")
            if body:
                yield Pronoun(i, "it-pronoun" if word in _THING else "they-pronoun", body)


def _person(w: Words, mentions: Sequence[_Mention], at: int, gender: str) -> Cluster | None:
    """The only person of the gender named so far nearby; of several the one who is subject just before."""
    sentence = w.sentence[at]
    fitting = [m for m in mentions if m.start < at and m.actor.type == "person" and m.actor.gender in (gender, None)]
    for reach in (_NEAR, _FAR):
        near = [m for m in fitting if sentence - w.sentence[m.start] <= reach]
        actors = {id(m.actor): m.actor for m in near}
        if len(actors) == 1:
            return next(iter(actors.values()))
        if actors:
            return _subject(w, near, at)
    return None


def _subject(w: Words, near: Sequence[_Mention], at: int) -> Cluster | None:
    """Of several the only one who is subject of the same sentence so far, or of the one before."""
    for back in (0, 1):
        here = [m for m in near if w.sentence[m.start] == w.sentence[at] - back]
        subjects = {id(m.actor): m.actor for m in here if w.is_subject(m.end)}
        if len(subjects) == 1:
            return next(iter(subjects.values()))
        if here:
            return here[0].actor if len({id(m.actor) for m in here}) == 1 else None
    return None


def _body(w: Words, mentions: Sequence[_Mention], at: int, many: str) -> Cluster | None:
    """The organisation or place that is subject of the same sentence, when no other stands between."""
    kinds = ("group", "organisation") if many else ("organisation", "place")
    here = [m for m in mentions if m.start < at and w.sentence[m.start] == w.sentence[at]]
    subjects = {id(m.actor): m.actor for m in here if m.actor.type in kinds and w.is_subject(m.end)}
    others = [m for m in here if m.actor.type in kinds and id(m.actor) not in subjects and w.is_subject(m.end)]
    return next(iter(subjects.values())) if len(subjects) == 1 and not others else None
