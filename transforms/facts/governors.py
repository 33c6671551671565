"""What a word does to the act in its complement, looked up in the lexicon of governors."""

import functools
from typing import Final, Literal

from schemas.fact import Modality
from schemas.quote import CueClass
from transforms.words.lexicon import lexicon, words
from transforms.words.reporting import classes

Effect = Literal["refused", "denied", "threatened", "planned", "demanded", "attempted", "hypothetical", "ongoing", "inherited", "permitted"]
ClausePart = Literal["verbs", "nouns", "adjectives"]

EFFECTS: Final[tuple[Effect, ...]] = (
    "refused", "denied", "threatened", "planned", "demanded", "attempted", "hypothetical", "ongoing", "inherited", "permitted",
)  # fmt: skip


@functools.cache
def effects(part: ClausePart) -> dict[str, Effect]:
    """Lemma -> effect for all governors that are verbs, nouns or adjectives."""
    table = lexicon("facts-governors")
    return {word: effect for effect in EFFECTS for word in table[effect][part]}


@functools.cache
def acts(kind: str) -> frozenset[str]:
    """A list of facts-acts.toml by its name."""
    return words("facts-acts", kind)


@functools.cache
def outcomes() -> dict[str, tuple[frozenset[str], ...]]:
    """Verb -> the infinitives that tell what came of it, a set a sort of course that things take; an empty set: any."""
    found: dict[str, tuple[frozenset[str], ...]] = {}
    for course in lexicon("facts-outcomes").values():
        for verb in course["verbs"]:
            found[verb] = (*found.get(verb, ()), frozenset(course["comes"]))
    return found


@functools.cache
def rejections(kind: str) -> frozenset[str]:
    """Verbs that reject; nouns of what is wanted; nouns of what is said."""
    return words("facts-rejections", kind)


@functools.cache
def hearsay() -> dict[str, Modality]:
    """Lemma -> how firm it leaves what is put in its passive: "is said to have left"."""
    return {verb: kind for kind, verbs in lexicon("facts-hedges")["hearsay"].items() for verb in verbs}


def reporting_verbs() -> dict[str, CueClass]:
    """Lemma with particle -> class of saying, for every verb that can report."""
    return classes("verbs")


def reporting_nouns() -> dict[str, CueClass]:
    """Lemma -> class of saying, for every noun that can report."""
    return classes("nouns")
