"""A long text goes through the model in pieces, whose annotation is put together again."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, NORM, ORTH, SPACY, TAG
from spacy.tokens import Doc
from spacy.vocab import Vocab

_PIECE: Final = 30_000  # characters; a longer text is cut at paragraph ends
_PARAGRAPH: Final = re.compile(r"\n+")
_WORDS: Final = [ORTH, SPACY]
_GROUPS: Final = (
    [HEAD, DEP],
    [TAG],
    [NORM],
    [ENT_IOB, ENT_TYPE],
)  # heads and relations go together; then spaCy finds sentences and children
_KEPT: Final = [*_WORDS, *(attribute for group in _GROUPS for attribute in group)]

Columns = npt.NDArray[np.uint64]


def pieces(text: str, *, limit: int = _PIECE) -> Iterable[str]:
    """Cut a text at line ends into pieces of about `limit` characters that join to the text again.

    A line longer than the limit is cut at a blank; one without a blank stays whole.
    """
    start = 0
    while len(text) - start > limit:
        window = text[start : start + limit]
        at = max((m.end() for m in _PARAGRAPH.finditer(window)), default=0) or window.rfind(" ") + 1
        if at == 0:
            ahead = re.compile(r"\s").search(text, start + limit)
            at = (ahead.end() if ahead else len(text)) - start
        yield text[start : start + at]
        start += at
    yield text[start:]


def joined(docs: Iterator[Doc], vocab: Vocab) -> Doc:
    """One Doc over the texts of several. Of each only its columns are kept, so that a long text is in memory as a Doc once, not twice."""
    columns: Columns = np.concatenate([doc.to_array(_KEPT) for doc in docs]).T
    whole = Doc(vocab, words=cast("Any", columns[0]), spaces=cast("Any", columns[1] != 0))
    for group in _GROUPS:
        first = _KEPT.index(group[0])
        whole.from_array(group, cast("Any", columns[first : first + len(group)].T))
    return whole
