"""Speech without a cue beside it: by the sentence around it, the sentence before, or whoever spoke last."""

from dataclasses import replace

from schemas.quote import CueClass
from transforms.attributions.cues import Cue, cue_of, repeats_source
from transforms.attributions.marked_doc import MarkedDoc
from transforms.attributions.speakers import phrase_of, speaker_of
from transforms.parse.token_tree import Span, Token
from transforms.quotes.adjacent_cues import Speech, is_said
from transforms.words.reporting import governing, saying
from transforms.words.source_nouns import source_nouns

_LOOKED_BACK = 200  # tokens in front of a quotation in which another speaker is looked for
_TOO_FAR = 8  # steps up the tree
_MAIN = frozenset({"ROOT", "ccomp", "parataxis"})  # a speech behind it is often the root of the sentence
_AUTHOR = frozenset({"i", "we"})  # who asks and says goodbye, and is answered
_ANYBODY = frozenset({"you", "one"})  # whose words are only supposed
_CALLED_BEFORE = 12  # tokens in front of a stretch in which stands the verb that calls something so
_MAKES_SO = frozenset({"declare", "pronounce"})  # like "call", without "as"


def governed(reading: MarkedDoc, n: int, verbs: dict[int, CueClass]) -> Speech | None:
    """A stretch inside a sentence that begins before it, by the word of saying that governs it in the parse."""
    below, cue = _governing(reading, n, verbs)
    return Speech(cue, None, "governed") if below is not None and cue is not None else None


def worded(reading: MarkedDoc, n: int, verbs: dict[int, CueClass]) -> Speech | None:
    """The same of a word or two in marks: in the clause that somebody says, or in what somebody criticises ("slammed the “vile” attack")."""
    below, cue = _governing(reading, n, verbs)
    if (
        below is None
        or cue is None
        or below.i < cue.head.i
        or cue.head.lemma_ in saying("thinks") | (saying("of_things") - saying("speech"))
    ):
        return None
    said = below.dep_ == "ccomp" or (below.dep_ == "dobj" and cue.kind == "criticise")
    return Speech(cue, None, "governed") if said and cue.speaker is not None and cue.speaker.text.lower() not in _AUTHOR else None


def _governing(reading: MarkedDoc, n: int, verbs: dict[int, CueClass]) -> tuple[Token | None, Cue | None]:
    """The word of saying above a stretch, and the word below it whose phrase the stretch stands in; none where its sentence begins with it."""
    doc = reading.doc
    start, stop = reading.before(n)
    first, last = reading.token_at(reading.marked[n].start), reading.token_at(reading.marked[n].end)
    if start >= stop or doc[stop - 1].text == ":" or first >= last:
        return None, None
    node = doc[first:last].root
    for _ in range(_TOO_FAR):
        if node.head.i == node.i:
            break
        below, node = node, node.head
        if reading.inside[node.i] != n and node.i in verbs and is_said(node):
            cue = cue_of(node, verbs[node.i])
            if cue.speaker is not None and not repeats_source(cue, verbs):
                return below, cue
    return None, None


def called(reading: MarkedDoc, n: int) -> Speech | None:
    """A stretch that is what somebody calls something, be it short: "branded a “disgrace” by the union", "attacked the plan as “empty”"."""
    doc, (start, stop) = reading.doc, reading.before(n)
    names = saying("naming") - saying("thinks")
    back = range(stop - 1, max(start, stop - _CALLED_BEFORE) - 1, -1)
    at = next((i for i in back if reading.lemmas[i] in names or _ends_phrase(doc[i])), None)
    if at is None or reading.lemmas[at] not in names or reading.kinds[at] != "VERB":
        return None
    passive = any(c.dep_ in ("auxpass", "nsubjpass") for c in doc[at].lefts)
    leads = ("as", "for") if passive and reading.lemmas[at] not in saying("labels") else ("as",)
    behind_as = next((i + 1 for i in back if reading.lowered[i] in leads), at)
    if behind_as > at:
        fits = all(_leads_to(doc[i]) for i in range(behind_as, stop))  # not "as a friend of the “king”"
    else:
        fits = reading.lemmas[at] in saying("labels") | _MAKES_SO and "ADP" not in reading.kinds[at:stop]
    cue, behind = cue_of(doc[at], governing()[reading.lemmas[at]]), reading.after(n)[0]
    if behind < len(doc) and reading.lowered[behind] == "by" and not any(c.dep_ == "nsubj" for c in doc[at].lefts):
        by = next((c for c in doc[behind].rights if c.dep_ == "pobj"), None)  # the parser hangs the critics on their word
        cue = replace(cue, speaker=phrase_of(by) if by is not None else None, speaker_rule="subject")
    return Speech(cue, None, "naming") if fits and (cue.speaker is not None or passive) else None


def joined(reading: MarkedDoc, n: int, before: Speech | None) -> Speech | None:
    """A stretch that "and" or "or" joins to the one before it: "has been called “open news” or even “a revolt”"."""
    start, stop = reading.before(n)
    if before is None or before.cue is None or start >= stop or reading.inside[start - 1] != n - 1:
        return None
    between = reading.kinds[start:stop]
    return before if "CCONJ" in between and all(kind in ("CCONJ", "DET", "ADV", "PUNCT") for kind in between) else None


def _leads_to(token: Token) -> bool:
    """Whether a token may stand between "as" or "for" and what something is called: "hailed for his", "praised as doing a"."""
    return token.pos_ in ("DET", "ADJ", "ADV") or token.tag_ in ("PRP$", "VBG")


def _ends_phrase(token: Token) -> bool:
    """Whether a token is none of those between a verb that calls something so and what it is called: gerunds and adjectives may be."""
    return token.text in (",", ";", ":") or (token.pos_ in ("VERB", "AUX") and token.tag_ not in ("VBG", "VBN"))


def begins_sentence(reading: MarkedDoc, n: int) -> bool:
    """Whether a stretch stands where a sentence begins, or behind a colon."""
    start, stop = reading.before(n)
    return (
        start >= stop
        or reading.doc[stop - 1].text == ":"
        or all(reading.doc[i].is_punct or reading.doc[i].is_space for i in range(start, stop))
    )


def carried(reading: MarkedDoc, n: int, verbs: dict[int, CueClass], last: Speech | None) -> Speech:
    """A sentence in marks without a cue: by whoever is said to speak last before it, or the subject of the sentence before."""
    at = reading.token_at(reading.marked[n].outer_start)
    spoken = last.said_by if last is not None else None
    reached = _sentence_end(reading, last)
    i = at - 1
    while i > max(reached, at - _LOOKED_BACK) and reading.doc[i].text[:1] != "\n" and "\n\n" not in reading.doc[i].text:
        if i in verbs and reading.inside[i] is None and reading.lemmas[i] not in saying("infers"):
            speaker = cue_of(reading.doc[i], verbs[i]).speaker
            if speaker is not None and speaker.text.lower() not in _AUTHOR | _ANYBODY:
                return Speech(None, speaker, "carried")
        i -= 1
    subject = _subject_before(reading, at, reached)
    if subject is not None:
        return Speech(None, subject, "sentence-before")
    if spoken is not None and _is_document(spoken) and reading.crosses_paragraphs(spoken.start_char, reading.offsets[at]):
        spoken = None
    return Speech(None, spoken, "carried")


def in_first_person(reading: MarkedDoc, n: int, last: Speech | None) -> Speech:
    """Words of an "I" at the end of a sentence: by the person who is its subject ("Roe left this farewell, “I am …”"), else as last in the paragraph."""
    start, stop = reading.before(n)
    named = (t for t in reading.doc[start:stop] if t.dep_ == "nsubj" and (t.pos_ == "PROPN" or t.lower_ in ("he", "she")))
    main = next((t for t in named if start <= t.head.i < stop and t.head.dep_ in _MAIN), None)
    if main is not None:
        return Speech(None, phrase_of(main), "carried")
    speaker = last.said_by if last is not None else None
    if speaker is None or reading.crosses_paragraphs(speaker.start_char, reading.marked[n].start):
        return Speech(None, None, "own-sentence")
    return Speech(None, speaker, "carried")


def _is_document(speaker: Span) -> bool:
    return speaker.root.pos_ == "NOUN" and speaker.root.lemma_.lower() in source_nouns("document")


def _sentence_end(reading: MarkedDoc, last: Speech | None) -> int:
    """The last token of the sentence in which somebody was said to speak: what stands there names no new speaker."""
    if last is None:
        return -1
    at = last.cue.head if last.cue is not None else last.speaker.root if last.speaker is not None else None
    return at.sent.end - 1 if at is not None else -1


def _subject_before(reading: MarkedDoc, at: int, reached: int) -> Span | None:
    """The person who is the subject of the sentence in front, in the same paragraph and after the last speech."""
    doc = reading.doc
    i = at - 1
    while i > reached and doc[i].is_space and "\n" not in doc[i].text:
        i -= 1
    if i <= reached or doc[i].is_space or reading.inside[i] is not None:
        return None
    sent = doc[i].sent
    root = sent.root
    subject = speaker_of(root) if sent.start > reached else None
    if subject is None or not sent.start <= subject.i < sent.end:
        return None
    personal = subject.pos_ == "PROPN" or subject.lower_ in ("he", "she", "they", "i", "we")
    return phrase_of(subject) if personal else None
