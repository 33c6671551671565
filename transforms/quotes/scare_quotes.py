"""Marks without speech: titles of works, nicknames, so-called things."""

import re
from collections.abc import Container

from transforms.attributions.marked_doc import MarkedDoc
from transforms.words.reporting import saying

_LONG_CLAUSE = 5  # words
_FEW = 4  # words: fewer than these, with nobody shown to say them, are a name or a so-called thing
_TWO_SENTENCES = re.compile(r"[.!?] \w[^.!?]*[.!?]\Z")  # no title of a work is two sentences with their stops
_GOES_ON = re.compile(r"[^\s.A-Z]{2}[.!?] [A-Z]\S* [^.!?]")  # "… by the arm. I could not run"; not "St. Mary's"
_STOPS = frozenset(".!?…")
_LONG = 3  # letters: longer words begin with a capital in a title


def is_no_speech(reading: MarkedDoc, n: int, words: int) -> bool:
    """Whether a stretch that nobody is shown to say is no speech: short, or written like a title, and no sentence by itself."""
    return (words < _FEW or is_title(reading, n)) and not _is_sentence(reading, n)


def is_own_sentence(reading: MarkedDoc, n: int) -> bool:
    """Whether words inside another's sentence are speech all the same: they go on behind a stop, which no so-called thing does."""
    return _GOES_ON.search(reading.text, reading.marked[n].start, reading.marked[n].end) is not None


def speaks(reading: MarkedDoc, n: int) -> bool:
    """Whether a longer stretch is a clause in the first person, which only speech is: "As a mother, “we have no choice but to go”"."""
    if reading.words(n) < _LONG_CLAUSE:
        return False
    tokens = reading.doc[reading.token_at(reading.marked[n].start) : reading.token_at(reading.marked[n].end)]
    return any(t.dep_ in ("nsubj", "nsubjpass") and t.lower_ in ("i", "we") for t in tokens)


def is_whole_sentence(reading: MarkedDoc, n: int) -> bool:
    """Whether a stretch behind a comma is a sentence with capital and stop: "The question is, “Who pays for it?”"."""
    start, stop = reading.before(n)
    m = reading.marked[n]
    led = start < stop and reading.doc[stop - 1].text == ","
    return led and reading.words(n) >= _LONG_CLAUSE and reading.text[m.start].isupper() and reading.text[m.end - 1] in _STOPS


def _is_sentence(reading: MarkedDoc, n: int) -> bool:
    """Whether a stretch is all of a sentence with its stop inside: "“We lost,” she said. “It hurts.”". A line of its own is a headline."""
    (start, stop), (behind, end) = reading.before(n), reading.after(n)
    ended = reading.text[reading.marked[n].end - 1] in _STOPS and (behind >= end or reading.doc[behind].text[0].isupper())
    if start < stop or not ended:
        return False
    return start > 0 and "\n" not in reading.doc[start - 1].text


def is_title(reading: MarkedDoc, n: int) -> bool:
    """Whether every longer word of a stretch begins with a capital, as in the title of a work or a headline."""
    content = reading.text[reading.marked[n].start : reading.marked[n].end]
    if _TWO_SENTENCES.search(content):
        return False
    heads = [w for w in content.split() if len(w) > _LONG and w[0].isalpha()]
    return bool(heads) and all(w[0].isupper() for w in heads)


def is_uttered(reading: MarkedDoc, n: int, verbs: Container[int]) -> bool:
    """Whether a few words in marks are all that a word of saying right in front of them says: "answered “never”", not "said “The Sun” lied"."""
    start, stop = reading.before(n)
    if start >= stop or stop - 1 not in verbs or reading.doc[stop - 1].lemma_ not in saying("utters"):
        return False
    end = reading.token_at(reading.marked[n].outer_end)
    return all(t.dep_ == "punct" or stop - 1 <= t.head.i < end for t in reading.doc[stop:end])


def is_embedded(reading: MarkedDoc, n: int) -> bool:
    """Whether a stretch stands inside a sentence without a comma or colon in front: "on “Good Morning”", "the “Big Three”"."""
    start, stop = reading.before(n)
    return start < stop and reading.doc[stop - 1].text not in {",", ":", "—", "–", "--"}
