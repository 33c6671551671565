"""Words with a prefix before a hyphen stay whole: "re-elect", "vice-president", "anti-war".

spaCy's English tokenizer takes them apart at the hyphen, but the treebank that its models learned from does not: its parser gives all three
parts one head and one relation, so that "re" or "-" is taken for a verb and "vice" for an office. Names stay as they are: "pro-Norvian", "Co-op".
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, cast

from spacy.language import Language, create_tokenizer
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]  # compiled, without a stub
from spacy.util import registry

from transforms.words.lexicon import words

_Finder = Callable[[str], Iterator[re.Match[str]]]
_STANDARD: Final = "spacy.Tokenizer.v1"
_one_at_a_time: Final = threading.Lock()


@contextmanager
def prefixed_words_kept() -> Iterator[None]:
    """While a pipeline is loaded: its tokenizer leaves such words whole, if it is of spaCy's usual kind; one of another kind stays as it is.

    The tokenizer is made so from the start, since each change of a part has it go through its 1,300 special cases again: with those that the
    language brings and the pipeline's own take the place of, 0.15 s of processor time (measured).
    """
    with _one_at_a_time:
        registry.tokenizers.register(_STANDARD, func=lambda: _empty)
        try:
            yield
        finally:
            registry.tokenizers.register(_STANDARD, func=create_tokenizer)


class _PrefixKeeping(Tokenizer):  # type: ignore[misc]  # its base is compiled
    """spaCy's tokenizer, but for the cuts behind prefixes."""

    @property
    def infix_finditer(self) -> _Finder | None:
        """Where it cuts inside a chunk of text."""
        return cast("_Finder | None", Tokenizer.infix_finditer.__get__(self))

    @infix_finditer.setter
    def infix_finditer(self, find: _Finder | None) -> None:
        Tokenizer.infix_finditer.__set__(self, find and _but_behind_prefixes(find))


def _empty(nlp: Language) -> Tokenizer:
    """What a pipeline's tokenizer is loaded into: all that it knows comes from the pipeline's folder."""
    return _PrefixKeeping(nlp.vocab)


def _but_behind_prefixes(find: _Finder) -> _Finder:
    """A finder of where the tokenizer cuts inside a chunk of text, without the hyphen behind a prefix that the chunk begins with."""

    def cuts(chunk: str) -> Iterator[re.Match[str]]:
        for cut in find(chunk):
            behind = chunk[cut.end() : cut.end() + 1]
            if not (cut.group() == "-" and behind.islower() and chunk[: cut.start()] in words("annotate-prefixes", "prefixes")):
                yield cut

    return cuts
