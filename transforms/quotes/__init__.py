"""Quotes in an annotated article: what was said, by whom, and which words show it.

Marks are paired first (article/marks.py). Each stretch in marks looks for its cue beside it (beside.py), else in the frames that
the parse gives (frames.py): clauses, infinitives and nouns that a word of saying governs (complements.py, nominal.py).
Commas and the layout show what the parse misses: asides (interrupted.py), headlines and transcripts (lines.py). What is
left is somebody's speech carried on, or no speech at all: a title, a nickname, a so-called thing.
"""

from collections.abc import Iterator

from schemas.quote import Quote
from transforms.annotate import Annotated
from transforms.quotes.assemble import assembled
from transforms.quotes.cues import span_of, verbs_of_saying
from transforms.quotes.frames import frames_in
from transforms.quotes.reading import Reading
from transforms.reporting import classes


def quotes_in(article: Annotated) -> Iterator[Quote]:
    """Yield the quotes of an article in text order.

    Consecutive sentences of one speaker with nothing but the cue between are one row in pieces, as is a quotation that its
    cue interrupts. A clause that is partly in marks is one mixed row; `quoted` gives the words in marks, each stretch by
    itself. Speakers are as written; `link` ties them to actors.
    """
    if not len(article.doc):
        return
    reading = Reading.of(article)
    verbs, beside, spoken = {}, {}, classes("verbs")
    for token, kind in verbs_of_saying(reading):
        verbs[token.i] = kind
        if token.lemma_ in spoken or span_of(token).lemma_ in spoken:
            beside[token.i] = kind
    yield from sorted(assembled(reading, beside, list(frames_in(reading, verbs))), key=lambda q: (q.start, q.end))
