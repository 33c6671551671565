"""The words of saying as sets and maps, read once a process."""

import functools

from spacy.strings import StringStore

from schemas.quote import CueClass
from transforms.words.lexicon import lexicon
from transforms.words.reporting import classes, governing

# Hashes of words are the same in every spaCy vocabulary.
_STRINGS = StringStore()


@functools.cache
def hashes(table: str) -> frozenset[int]:
    """The words of a table as spaCy's hashes; of "point out" that of "point". `table` is verbs (all that govern), nouns or adjectives."""
    return frozenset(_STRINGS.add(word.split()[0]) for word in (governing() if table == "verbs" else classes(table)))


@functools.cache
def hashed_phrases() -> dict[int, list[tuple[list[int], CueClass]]]:
    """First word -> the phrases that begin with it and end with a preposition, each as the hashes of its words in lower case."""
    found: dict[int, list[tuple[list[int], CueClass]]] = {}
    for phrase, kind in classes("phrases").items():
        words = phrase.split()
        if len(words) > 1:
            hashed = [_STRINGS.add(w) for w in words]
            found.setdefault(hashed[0], []).append((hashed, kind))
    return found


@functools.cache
def frame(name: str) -> frozenset[str]:
    """A list of quotes-frames.toml."""
    return frozenset(lexicon("quotes-frames")[name])


@functools.cache
def channels(table: str) -> dict[str, str]:
    """Word -> channel; `table` is nouns, verbs or addressees."""
    found: dict[str, list[str]] = lexicon("quotes-channels")[table]
    return {word: channel for channel, words in found.items() for word in words}
