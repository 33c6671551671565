"""The words that report what somebody says, with what sort of saying each is: one reading of the lexicon for all who ask."""

import functools
from typing import cast

from schemas.quote import CueClass
from transforms.lexicon import lexicon, words


@functools.cache
def classes(table: str) -> dict[str, CueClass]:
    """Word -> what sort of saying it is; `table` is verbs, nouns, adjectives or phrases of the reporting lexicon."""
    return by_word(lexicon("reporting-verbs")[table])


def by_word(found: dict[str, list[str]]) -> dict[str, CueClass]:
    """A table of words by their class, turned round."""
    return {word: cast("CueClass", kind) for kind, words in found.items() for word in words}


@functools.cache
def unsaid() -> frozenset[str]:
    """The verbs that leave nothing said where they are negated: "never said", "did not claim". What somebody does not believe is his word."""
    return words("facts-acts", "unsaid") - words("quotes-frames", "thought")
