"""Sentences that their cue breaks into or ends: "The plan, she said, is dead"; "Prices fell and wages rose, the bank said".

Read off commas rather than the parse: an aside confuses the parser, while news sets it off alike everywhere. What is said
is the sentence without the aside.
"""

from transforms.attributions.complements import Content
from transforms.attributions.cues import span_of
from transforms.attributions.marked_doc import MarkedDoc
from transforms.attributions.speakers import phrase_near, phrase_of
from transforms.parse.grammar import FINITE_OR_MODAL, NOMINAL_SUBJECTS, RELATIVES, own_subject
from transforms.parse.token_tree import Span, Token
from transforms.words.reporting import classes, saying
from transforms.words.source_nouns import source_nouns

_BREAKS = frozenset({",", "—", "–", "--"})
_PAUSES = _BREAKS | {":", ";"}
_TAIL = 10  # tokens behind the word of saying: "told the council on Monday", "said in a statement"
_LONGEST = 150  # tokens of a sentence
_REACH = 20  # tokens from a document to what it does: "a study published in the journal Heart found"
_FEWEST = 3  # tokens in front of a cue that ends its sentence
_BEFORE_NOUN = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM", "PART", "ADV"})  # what a document's own noun ends
_RELATIVE = RELATIVES | {"whose"}


def interrupted(reading: MarkedDoc, verb: Token) -> Content | None:
    """The sentence around a word of saying that stands with its speaker between commas, or behind the last one."""
    if verb.tag_ == "VBG":
        return None
    left = _opening(reading, verb) if verb.lemma_ in saying("aside") else None
    document = document_before(reading, verb) if left is None else None
    left = document.start if document is not None else left
    if left is None:
        return None
    doc, sent = reading.doc, verb.sent
    if not sent.start < left - 1 or sent.end - sent.start > _LONGEST:
        return None
    right = _closing(reading, span_of(verb).end, sent.end)
    if right is None or _occasion(next((t for t in sent if not t.is_space), doc[sent.start])):
        return None
    relative = doc[left - 2].lower_ in _RELATIVE  # "the park, which, she said, is full": only the clause that it opens
    ended = left - 1 if reading.inside[left - 1] is None else left  # “… dead,” has its comma inside
    front, behind = (left - 2 if relative else sent.start, ended), (right + 1, sent.end)
    turned = left == verb.i  # behind "…, said the bank, …" may stand what the bank is, or what else it did
    if right + 1 < sent.end and _goes_on(reading, *behind) and not (turned and _tells_more(reading, *behind)):
        return [front, behind], "interrupted"
    return ([front], "interrupted") if _says_something(reading, *front) else None


def _occasion(first: Token) -> bool:
    """Whether a sentence begins with what its speaker did at the time: "Asked about it, she said, …", "Speaking for Acme, he said, …"."""
    return first.tag_ == "VBN" or (first.tag_ == "VBG" and first.dep_ == "advcl")


def speaker_behind(reading: MarkedDoc, verb: Token) -> Span | None:
    """The speaker of an aside that turns the order round: "The plan, said the bank, is dead". The parser takes the plan for who said it."""
    doc, stop = reading.doc, verb.sent.end
    if verb.i == verb.sent.start or doc[verb.i - 1].text not in _BREAKS or reading.inside[verb.i - 1] is not None:
        return None
    right = _closing(reading, verb.i + 1, stop)
    near = phrase_near(reading, verb.i + 1, right) if right is not None and right + 1 < stop and doc[right].text in _BREAKS else None
    if near is None or near.start != verb.i + 1 or not any(t.dep_ in NOMINAL_SUBJECTS for t in near):
        return None
    return near


def document_before(reading: MarkedDoc, verb: Token) -> Span | None:
    """The document that ends a sentence with what it does: "…, a poll of 1,204 adults found", "…, a study published on Monday shows".

    The parser hangs the verb on the words between, as if the poll were found by somebody.
    """
    doc, first = reading.doc, max(verb.sent.start, verb.i - _REACH)
    if verb.lemma_ not in saying("shows") or verb.tag_ not in ("VBD", "VBZ", "VBP", "VBN"):
        return None
    stop = verb.i
    while stop > first and reading.kinds[stop - 1] in ("AUX", "ADV"):
        stop -= 1
    start = next((i + 1 for i in range(stop - 1, first - 1, -1) if doc[i].text in _BREAKS), None)
    if start is None or any(reading.inside[i] is not None for i in range(start - 1, stop)):
        return None
    noun = next((i for i in range(start, stop) if doc[i].pos_ not in _BEFORE_NOUN), stop) - 1
    if noun < start or doc[noun].lemma_.lower() not in source_nouns("shows"):
        return None
    if any(doc[i].tag_ in FINITE_OR_MODAL for i in range(start, stop)):
        return None
    told = next(
        (i for i in range(noun + 1, stop) if doc[i].tag_ == "VBN" and doc[i].dep_ != "amod"), stop
    )  # "a study | published on Monday"
    return doc[start:told] if noun + 1 in (told, stop) or doc[noun + 1].pos_ == "ADP" else None


def _opening(reading: MarkedDoc, verb: Token) -> int | None:
    """Where the aside begins behind a comma or dash: with its speaker, in front of the word of saying, or with the word itself."""
    if speaker_behind(reading, verb) is not None:
        return verb.i
    who = own_subject(verb)
    if who is None or (verb.lemma_ not in saying("hearer") and any(c.dep_ == "dobj" for c in verb.rights)):
        return None
    speaker = phrase_of(who)
    left = speaker.start
    if speaker.start == span_of(verb).end:
        left = verb.i  # "…, says the bank."
    if left < 2 or _apart(reading, speaker.end, verb.i):
        return None
    return left if _set_off(reading, left, verb.sent.start) else None


def _set_off(reading: MarkedDoc, left: int, start: int) -> bool:
    """Whether a comma or dash stands in front of an aside in a sentence that begins at `start`, be it in the marks of its last words.

    Words in marks are part of the sentence around where it begins before them: "The plan is “dead,” the mayor said". What begins with
    its marks is spoken by the words beside it.
    """
    if _describes_speaker(reading, left, start):
        return False
    doc, within = reading.doc, reading.inside[left - 2]
    breaks = any(doc[i].text in _BREAKS for i in ((left - 1,) if reading.inside[left - 1] is None else (left - 2, left - 1)))
    if within is None or not breaks:
        return breaks and reading.inside[left - 1] is None
    first, stop = reading.before(within)
    return first <= start < stop and doc[stop - 1].text not in _PAUSES


def _describes_speaker(reading: MarkedDoc, left: int, start: int) -> bool:
    """Whether a sentence begins with marks and only what the speaker is follows them: "“…,” the head of the union, Ana Brel, said"."""
    first = reading.inside[start]
    if first is None:
        return False
    behind = reading.token_at(reading.marked[first].outer_end)
    return behind < left and not any(kind in ("VERB", "AUX") for kind in reading.kinds[behind:left])


def _apart(reading: MarkedDoc, start: int, stop: int) -> bool:
    """Whether more than adverbs and auxiliaries stand between a speaker and the word of saying, save an apposition in commas."""
    doc = reading.doc
    if start < stop and doc[start].text == ",":
        return doc[stop - 1].text != ","
    return any(t.pos_ not in ("ADV", "AUX", "PART") for t in doc[start:stop])


def _closing(reading: MarkedDoc, start: int, stop: int) -> int | None:
    """The token that ends the aside: the next comma or dash, or the sentence's end; None if a clause comes first."""
    for i in range(start, min(stop, start + _TAIL)):
        token = reading.doc[i]
        if token.text in _BREAKS or token.text in (".", "!", "?", ";") or (token.is_space and i + 1 == stop):
            return i
        if reading.kinds[i] in ("VERB", "AUX") or reading.inside[i] is not None or token.lower_ == "that":
            return None
    return None


def _goes_on(reading: MarkedDoc, start: int, stop: int) -> bool:
    """Whether what follows the aside goes on with the sentence, and tells no more of the speaker: ", who …", ", adding …", ", and left".

    Nor does what came out at the time: ", as it emerged that …".
    """
    first = reading.doc[start]
    if [t.lower_ for t in reading.doc[start : start + 2]] == ["as", "it"] and any(
        t.lower_ == "that" for t in reading.doc[start + 2 : start + 5]
    ):
        return False
    if first.is_space or first.lower_ in _RELATIVE or (first.tag_ == "VBG" and first.lemma_ in classes("verbs")):
        return False
    return first.pos_ != "CCONJ" or start + 1 >= stop or reading.kinds[start + 1] not in ("VERB", "AUX")


def _tells_more(reading: MarkedDoc, start: int, stop: int) -> bool:
    """Whether what follows a speaker only says more of them: no finite verb ("economist at Acme", "a man who left"), or "but he …"."""
    rest = reading.doc[start:stop]
    return rest[0].pos_ == "CCONJ" or not any(t.tag_ in FINITE_OR_MODAL and t.dep_ != "relcl" and t.head.dep_ != "relcl" for t in rest)


def _says_something(reading: MarkedDoc, start: int, stop: int) -> bool:
    """Whether a front part is a sentence, not the time or the occasion: "On Monday, she said.", "When he left, she said so."."""
    first = reading.doc[start]
    if first.pos_ == "CCONJ":
        first = reading.doc[start + 1]
    if first.tag_ in ("WRB", "VBG") or first.dep_ == "mark":
        return False
    return stop - start >= _FEWEST and any(kind in ("VERB", "AUX") for kind in reading.kinds[start:stop])
