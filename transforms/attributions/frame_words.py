"""The words of saying as sets and maps, read once a process."""

import functools

from schemas.quote import CueClass
from transforms.words.lexicon import lexicon
from transforms.words.reporting import classes, governing


@functools.cache
def first_words(table: str) -> frozenset[str]:
    """The words of a table; of "point out" the "point". `table` is verbs (all that govern), nouns or adjectives."""
    return frozenset(word.split()[0] for word in (governing() if table == "verbs" else classes(table)))


@functools.cache
def phrases_by_first() -> dict[str, list[tuple[list[str], CueClass]]]:
    """First word -> the phrases that begin with it and end with a preposition, each as its words in lower case."""
    found: dict[str, list[tuple[list[str], CueClass]]] = {}
    for phrase, kind in classes("phrases").items():
        words = phrase.split()
        if len(words) > 1:
            found.setdefault(words[0], []).append((words, kind))
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
