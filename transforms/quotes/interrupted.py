"""Sentences that their cue breaks into or ends: "The plan, she said, is dead"; "Prices fell and wages rose, the bank said".

Read off commas rather than the parse: an aside confuses the parser, while news sets it off alike everywhere. What is said
is the sentence without the aside.
"""

from transforms.quotes.complements import Content
from transforms.quotes.cues import HEARERS, Cue
from transforms.quotes.lexicon import classes, frame
from transforms.quotes.reading import AUX, VERB, Reading

_BREAKS = frozenset({",", "—", "–", "--"})
_TAIL = 10  # tokens behind the word of saying: "told the council on Monday", "said in a statement"
_LONGEST = 150  # tokens of a sentence
_FEWEST = 3  # tokens in front of a cue that ends its sentence
_RELATIVE = frozenset({"who", "which", "whose", "whom", "that"})


def interrupted(reading: Reading, cue: Cue) -> Content | None:
    """The sentence around a cue that stands between commas, or behind the last one."""
    doc, sent = reading.doc, cue.head.sent
    left = _opening(reading, cue)
    if left is None or not sent.start < left - 1 or sent.end - sent.start > _LONGEST:
        return None
    right = _closing(reading, cue.span.end, sent.end)
    if right is None or doc[sent.start].tag_ == "VBN":  # "Asked about it, she said, …"
        return None
    relative = doc[left - 2].lower_ in _RELATIVE  # "the park, which, she said, is full": only the clause that it opens
    front, behind = (left - 2 if relative else sent.start, left - 1), (right + 1, sent.end)
    if right + 1 < sent.end and _goes_on(reading, *behind):
        return [front, behind], "interrupted"
    return ([front], "interrupted") if _says_something(reading, *front) else None


def _opening(reading: Reading, cue: Cue) -> int | None:
    """Where the aside begins behind a comma or dash: with its speaker, in front of the word of saying."""
    verb, speaker, doc = cue.head, cue.speaker, reading.doc
    if verb.lemma_ not in frame("aside") or verb.tag_ == "VBG" or speaker is None or cue.speaker_rule != "subject":
        return None
    if speaker.end > verb.i or (verb.lemma_ not in HEARERS and any(c.dep_ == "dobj" and c.i > verb.i for c in verb.children)):
        return None
    left = speaker.start
    if left < 2 or doc[left - 1].text not in _BREAKS or _apart(reading, speaker.end, verb.i):
        return None
    return left if reading.inside[left - 1] is None and reading.inside[left - 2] is None else None


def _apart(reading: Reading, start: int, stop: int) -> bool:
    """Whether more than adverbs and auxiliaries stand between a speaker and the word of saying, save an apposition in commas."""
    doc = reading.doc
    if start < stop and doc[start].text == ",":
        return doc[stop - 1].text != ","
    return any(t.pos_ not in ("ADV", "AUX", "PART") for t in doc[start:stop])


def _closing(reading: Reading, start: int, stop: int) -> int | None:
    """The token that ends the aside: the next comma or dash, or the sentence's end; None if a clause comes first."""
    for i in range(start, min(stop, start + _TAIL)):
        token = reading.doc[i]
        if token.text in _BREAKS or token.text in (".", "!", "?", ";") or (token.is_space and i + 1 == stop):
            return i
        if reading.kinds[i] in (VERB, AUX) or reading.inside[i] is not None or token.lower_ == "that":
            return None
    return None


def _goes_on(reading: Reading, start: int, stop: int) -> bool:
    """Whether what follows the aside goes on with the sentence, and tells no more of the speaker: ", who …", ", adding …", ", and left"."""
    first = reading.doc[start]
    if first.is_space or first.lower_ in _RELATIVE or (first.tag_ == "VBG" and first.lemma_ in classes("verbs")):
        return False
    return first.pos_ != "CCONJ" or start + 1 >= stop or reading.kinds[start + 1] not in (VERB, AUX)


def _says_something(reading: Reading, start: int, stop: int) -> bool:
    """Whether a front part is a sentence, not the time or the occasion: "On Monday, she said.", "When he left, she said so."."""
    first = reading.doc[start]
    if first.pos_ == "CCONJ":
        first = reading.doc[start + 1]
    if first.tag_ in ("WRB", "VBG") or first.dep_ == "mark":
        return False
    return stop - start >= _FEWEST and any(kind in (VERB, AUX) for kind in reading.kinds[start:stop])
