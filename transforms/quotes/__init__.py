"""Quotes in an annotated article: what was said, by whom, and which words show it.

Each stretch in quotation marks (article/marks.py) looks for its cue beside it (adjacent_cues.py), else in the attributions that the
parse gives (transforms/attributions/), which are rows themselves where there are no marks. What is left is somebody's speech
carried on, or no speech at all: a title, a nickname, a so-called thing.
"""

from collections.abc import Iterator

from schemas.quote import Quote
from transforms.annotate import Annotated
from transforms.attributions.cues import span_of, verbs_of_saying
from transforms.attributions.frames import attributions_in
from transforms.attributions.marked_doc import MarkedDoc
from transforms.quotes.assemble import assembled
from transforms.words.reporting import classes


def quotes_in(article: Annotated) -> Iterator[Quote]:
    """Yield the quotes of an article in text order.

    Consecutive sentences of one speaker with nothing but the cue between are one row in pieces, as is a quotation that its
    cue interrupts. A clause that is partly in marks is one mixed row; `quoted` gives the words in marks, each stretch by
    itself. Speakers are as written; `link` ties them to actors.
    """
    if not len(article.doc):
        return
    reading = MarkedDoc.of(article)
    verbs, beside, spoken = {}, {}, classes("verbs")
    for token, kind in verbs_of_saying(reading):
        verbs[token.i] = kind
        if token.lemma_ in spoken or span_of(token).lemma_ in spoken:
            beside[token.i] = kind
    yield from sorted(assembled(reading, beside, list(attributions_in(reading, verbs))), key=lambda q: (q.start, q.end))
