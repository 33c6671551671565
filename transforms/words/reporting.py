"""The words that report what somebody says, with all that rules ask of them: one reading of saying.toml for all who ask."""

import functools
from collections.abc import Iterator
from typing import Any, cast

from schemas.quote import CueClass
from transforms.words.lexicon import lexicon

_VOWELS = frozenset("aeiou")
_SIBILANT = ("s", "x", "z", "ch", "sh")


@functools.cache
def classes(table: str) -> dict[str, CueClass]:
    """Word -> what sort of saying it is; `table` is nouns, adjectives or phrases, or verbs: those that stand beside quotation marks."""
    if table == "verbs":
        return {verb: row["class"] for verb, row in _verbs().items() if "class" in row and row.get("marks", True)}
    return {word: cast("CueClass", kind) for kind, words in lexicon("saying")[table].items() for word in words}


@functools.cache
def governing() -> dict[str, CueClass]:
    """Verb -> what sort of saying it is, with the verbs that govern what was said and never stand beside quotation marks."""
    return {verb: row["class"] for verb, row in _verbs().items() if "class" in row}


@functools.cache
def saying(what: str) -> frozenset[str]:
    """The verbs that govern something ("to", "object"), or play a role ("thinks", "resumes"), by its name in saying.toml."""
    return frozenset(verb for verb, row in _verbs().items() if what in row.get("is", ()) or what in row.get("governs", ()))


@functools.cache
def prepositions() -> dict[str, frozenset[str]]:
    """Verb -> the prepositions that lead to what was said."""
    return {verb: frozenset(row["prepositions"]) for verb, row in _verbs().items() if "prepositions" in row}


@functools.cache
def of_somebody() -> frozenset[str]:
    """The verbs that only somebody does, so that "it" before one is a body or a document: all but those that things do too."""
    return frozenset(governing()) - saying("of_things") | saying("speech") | saying("naming")


@functools.cache
def forms(role: str) -> frozenset[str]:
    """The finite forms of the verbs that play a role: "say", "says", "said"."""
    return frozenset(form for verb in saying(role) for form in _forms(verb, _verbs()[verb].get("past")))


def _verbs() -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = lexicon("saying")["verbs"]
    return rows


def _forms(verb: str, past: str | None) -> Iterator[str]:
    """The base form of a regular verb, its third person and its past; one that doubles its consonant is given."""
    with_y = verb.endswith("y") and verb[-2] not in _VOWELS
    yield verb
    yield f"{verb[:-1]}ies" if with_y else f"{verb}es" if verb.endswith(_SIBILANT) else f"{verb}s"
    yield past or (f"{verb[:-1]}ied" if with_y else f"{verb}d" if verb.endswith("e") else f"{verb}ed")
