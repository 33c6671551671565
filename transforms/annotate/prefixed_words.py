"""Words with a prefix before a hyphen stay whole: "re-elect", "vice-president", "anti-war".

spaCy's English tokenizer takes them apart at the hyphen, but the treebank that its models learned from does not: its parser gives all three
parts one head and one relation, so that "re" or "-" is taken for a verb and "vice" for an office. Names stay as they are: "pro-Norvian", "Co-op".
"""

import re
from collections.abc import Callable, Iterator

from spacy.language import Language

from transforms.words.lexicon import words

_Finder = Callable[[str], Iterator[re.Match[str]]]


def keep_prefixed_words(nlp: Language) -> None:
    """Let the tokenizer of a pipeline leave such words whole, in place; a tokenizer of another kind stays as it is."""
    if hasattr(nlp.tokenizer, "infix_finditer") and nlp.tokenizer.infix_finditer is not None:
        nlp.tokenizer.infix_finditer = _but_behind_prefixes(nlp.tokenizer.infix_finditer)


def _but_behind_prefixes(find: _Finder) -> _Finder:
    """A finder of where the tokenizer cuts inside a chunk of text, without the hyphen behind a prefix that the chunk begins with."""

    def cuts(chunk: str) -> Iterator[re.Match[str]]:
        for cut in find(chunk):
            behind = chunk[cut.end() : cut.end() + 1]
            if not (cut.group() == "-" and behind.islower() and chunk[: cut.start()] in words("annotate-prefixes", "prefixes")):
                yield cut

    return cuts
