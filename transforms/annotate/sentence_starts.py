"""Where a sentence starts for certain, and where none does, before the parser says the rest; it keeps what is set here.

A sentence starts at the head of a line, since headlines have no full stop, and behind a dateline, whose place would be its subject.

None starts behind a plain word on the same line, nor behind a comma. The parser starts one now and then behind a first name ("Waqar |
Noor, the region's minister, said") or a headline's first words. Of 80 such starts in 105 articles all were false; each takes a speaker or
a subject from its verb.
"""

import re
from typing import Any, Final, cast

import numpy as np
from spacy.attrs import IDX, IS_SPACE, LENGTH, SENT_START
from spacy.tokens import Doc

from transforms.article.datelines import dateline_end

# The stop of a sentence behind a short unit: "lost $5m. The", "1.5 million b/d. It", "the 12V.” She". Tokenizers leave it on the unit, as on an initial.
_UNIT_STOP: Final = re.compile(
    r"(?:[A-Za-z\d²³]/[a-z]|\d[ ]?[a-z]|\d[A-Za-z]{1,2})(?P<stop>\.)(?=[\"”’')]*(?:\s*\Z|\s*\n|[ ]+[\"“‘'(]*[A-Z]))"
)
_STARTS, _GOES_ON = 1, -1  # as spaCy writes it; 0 where nothing is known


def set_sentence_starts(doc: Doc, text: str) -> None:
    """Say, in place, of each token of a Doc that is only cut into tokens what is known. `text` is the Doc's, which would be put together anew."""
    part_stops(doc, text)
    if not len(doc):
        return
    idx, length, starts, space = _columns(doc, IDX, LENGTH, SENT_START, IS_SPACE)
    for i in np.flatnonzero(space[:-1]):
        if "\n" in text[idx[i] : idx[i] + length[i]]:
            starts[i + 1] = _STARTS
    behind = dateline_end(text)
    if behind is not None and (first := int(np.searchsorted(idx, behind))) < len(doc):
        starts[first] = _STARTS
    lasts = [text[at] for at in (idx + length - 1).tolist()]
    follows = [last.isalnum() or last == "," for last in lasts[:-1]]
    starts[1:][np.array(follows, dtype=bool) & (starts[1:] != _STARTS)] = _GOES_ON
    doc.from_array([SENT_START], cast("Any", starts.astype(np.uint64)))


def part_stops(doc: Doc, text: str) -> None:
    """Give the full stop that ends a sentence behind a unit a token of its own, so that whoever asks where it ends sees it."""
    stops = {m.start("stop") for m in _UNIT_STOP.finditer(text)}
    ending = [t for t in doc if len(t) > 1 and t.idx + len(t) - 1 in stops] if stops else []
    if ending:
        with doc.retokenize() as parts:
            for token in ending:
                parts.split(token, [token.text[:-1], "."], heads=[(token, 0), (token, 0)])


def _columns(doc: Doc, *attributes: int) -> Any:
    return doc.to_array(list(attributes)).astype(np.int64).T
