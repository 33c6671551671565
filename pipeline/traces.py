"""Traces of a text in an excerpt: whether some of its words stand there in a row."""

import re
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\[nrtbf]")  # an excerpt may be of a JSON line
_IN_A_ROW: Final = 6  # words; fewer in a row are common to unrelated texts
_FEWEST: Final = 3  # words of a short excerpt that stands in the text as a whole


class Traces:
    """The runs of words of some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [_words(text) for text in texts]
        self._rows = {row for words in self._texts for row in _rows(words)}

    def stand_in(self, excerpt: str) -> bool:
        """Whether the excerpt has words of the texts in a row: six of them, or all of its own if it is shorter."""
        words = _words(excerpt)
        if len(words) >= _IN_A_ROW:
            return any(row in self._rows for row in _rows(words))
        short = f" {' '.join(words)} "
        return len(words) >= _FEWEST and any(short in f" {' '.join(text)} " for text in self._texts)


def _words(text: str) -> list[str]:
    return _WORD.findall(_ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", text).casefold())


def _rows(words: list[str]) -> Iterable[str]:
    return (" ".join(words[at : at + _IN_A_ROW]) for at in range(len(words) - _IN_A_ROW + 1))
