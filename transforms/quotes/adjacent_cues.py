"""Who speaks a stretch in marks, read off the words beside it: behind, in front, after a dash, carried on from before.

The order of trust follows news usage (see also O'Keefe et al. 2012): a cue tied by comma or colon first, then the
sentence around, then whoever spoke last.
"""

import re
from dataclasses import dataclass

from schemas.quote import CueClass
from transforms.attributions.complements import hears_case
from transforms.attributions.cues import Cue, cue_of, span_of
from transforms.attributions.marked_doc import MarkedDoc
from transforms.attributions.possible_sources import may_say
from transforms.attributions.speakers import phrase_near, phrase_of, speaker_of
from transforms.parse.grammar import FINITE, NOMINAL_SUBJECTS, RELATIVE_TAGS, own_subject
from transforms.parse.token_tree import Span, Token
from transforms.quotes.scare_quotes import is_embedded
from transforms.words.reporting import saying

_TIES_INSIDE = frozenset(",?!—–-…")
_TIES_OUTSIDE = frozenset({",", "—", "–", "--", "-"})
_REACH = 28  # tokens between a stretch and its cue: room for a title clause
_DASH = re.compile(r"\s{0,3}(?:—|–|―|~|--?)[ \u00a0]?")
_COLON = re.compile(r":[ \u00a0]")
_STOPS = frozenset(".!?…,;:")
_TELLING_OF = frozenset({"of", "about"})  # "The book tells of her youth": the next sentence
_SHORT = 4  # tokens: what may stand between a stretch without a comma and its cue
_ASIDE = frozenset({"relcl", "acl", "amod", "aux", "auxpass", "compound", "xcomp", "pcomp", "advcl", "appos"})


@dataclass(frozen=True, slots=True)
class Speech:
    """An attribution of a stretch: its cue, or its speaker alone, and the rule that found it."""

    cue: Cue | None
    speaker: Span | None
    rule: str

    @property
    def said_by(self) -> Span | None:
        return self.cue.speaker if self.cue is not None else self.speaker


def cue_behind(reading: MarkedDoc, n: int, verbs: dict[int, CueClass]) -> Speech | None:
    """Read the words behind: “…,” she said; “…,” said the minister; “…,” Jane Doe, the minister for trade, said."""
    doc, marked = reading.doc, reading.marked[n]
    start, stop = reading.after(n)
    if start >= stop or (len(reading.text[marked.start : marked.end].split()) < _SHORT and is_embedded(reading, n)):
        return None
    last = reading.text[marked.end - 1]
    tied = last in _TIES_INSIDE or doc[start].text in _TIES_OUTSIDE
    while start < stop and (doc[start].text in _TIES_OUTSIDE or doc[start].is_space):
        start += 1
    if start >= stop or doc[start].pos_ == "CCONJ" or _opens_clause(doc[start]):
        return None
    at = _first_cue(reading, start, min(stop, start + _REACH), verbs)
    if at is None:
        return Speech(_turned_round(doc[start]), None, "turned-round") if last in _TIES_INSIDE and _is_turned_round(doc[start]) else None
    at = next((c.i for p in doc[at].rights if p.lower_ == "as" for c in p.rights if c.dep_ == "pcomp" and c.i in verbs), at)
    if not tied and (_behind_colon(reading, n) or not _ends_with(reading, n, doc[at], start, stop)):
        return None
    if last in "?!" and _led_up_to(reading, n, verbs) and any(c.dep_ == "ccomp" and c.i > at for c in doc[at].rights):
        return None  # "Brel was asked, “Is it late?” She admitted that it was": the next sentence
    return Speech(_cue_within(reading, doc[at], verbs[at], start, stop), None, "cue-behind")


def _is_turned_round(verb: Token) -> bool:
    """Whether a verb with its subject right behind it can only tell how what stands before a comma was said: “…,” thundered Ana Brel."""
    if verb.tag_ != "VBD" or verb.i + 1 >= len(verb.doc):
        return False
    who = verb.nbor(1)
    return who.pos_ == "PROPN" and (who.ent_type_ in ("PERSON", "ORG") or any(c.dep_ == "nsubj" and c.i > verb.i for c in verb.rights))


def _turned_round(verb: Token) -> Cue:
    stop = verb.sent.end
    return Cue(verb, verb.doc[verb.i : verb.i + 1], "neutral", phrase_of(_head_behind(verb, stop)), "beside-cue")


def _head_behind(verb: Token, stop: int) -> Token:
    """The head of the name that begins right behind a verb."""
    name = verb.nbor(1)
    while name.dep_ == "compound" and verb.i < name.head.i < stop:
        name = name.head
    return name


def _behind_colon(reading: MarkedDoc, n: int) -> bool:
    """Whether a stretch is introduced by a colon, so that what follows its full stop is the next sentence: "He said: “…” She denied it"."""
    start, stop = reading.before(n)
    return start < stop and reading.doc[stop - 1].text == ":"


def _led_up_to(reading: MarkedDoc, n: int, verbs: dict[int, CueClass]) -> bool:
    """Whether a word of saying and a comma stand right in front of a stretch."""
    start, stop = reading.before(n)
    return (
        stop - start > 1 and reading.doc[stop - 1].text == "," and any(i in verbs for i in range(max(start, stop - 1 - _SHORT), stop - 1))
    )


def says_less(reading: MarkedDoc, n: int, speech: Speech) -> bool:
    """Whether a stretch behind a colon ends its sentence with a mere pronoun: in "Ana Brel said: “…,” she added" the name says more."""
    who, stop = speech.said_by, reading.after(n)[1]
    if who is None or who.root.pos_ != "PRON" or who.start < reading.before(n)[1] or not _behind_colon(reading, n):
        return False
    further = stop + 1  # a next stretch of the same speaker goes with the cue that stands between the two
    while further < len(reading.doc) and reading.doc[further].is_space:
        further += 1
    return all(i >= len(reading.doc) or reading.inside[i] is None for i in (stop, further))


def named_before(reading: MarkedDoc, n: int, verbs: dict[int, CueClass], behind: Speech | None) -> Speech | None:
    """What stands in front, if nothing is known from behind or if a name stands there."""
    found = cue_before(reading, n, verbs)
    who = found.said_by if found is not None else None
    named = who is not None and (who.root.pos_ == "PROPN" or any(t.ent_type_ == "PERSON" for t in who))
    return found if named or behind is None else behind


def _opens_clause(first: Token) -> bool:
    """Whether the words behind a stretch tell when or why ("…,” until shots were heard"), or what its speaker added ("…,” adding that …")."""
    return first.tag_ in ("WRB", "VBG") or (first.dep_ == "mark" and first.lower_ != "as")


def _first_cue(reading: MarkedDoc, start: int, stop: int, verbs: dict[int, CueClass]) -> int | None:
    """The first word of saying of a segment, if no other verb comes before it: of "Ann Lee, who left and is a nurse, said" the last."""
    doc = reading.doc
    aside = next((i for i in range(start, stop - 1) if doc[i].text == "," and doc[i + 1].tag_ in RELATIVE_TAGS), stop)
    behind = next((i for i in range(aside + 1, stop) if i in verbs and doc[i].tag_ in FINITE and doc[i - 1].text == ","), None)
    if behind is not None and not any(doc[i].pos_ in ("VERB", "AUX") for i in range(start, aside)):
        return behind
    for i in range(start, stop):
        token = reading.doc[i]
        if i in verbs and token.dep_ not in ("relcl", "amod"):
            return i
        if token.pos_ == "VERB" and token.dep_ not in _ASIDE and own_subject(token) is not None:
            return None
    return next((i for i in range(start, stop) if i in verbs), None)


def _ends_with(reading: MarkedDoc, n: int, verb: Token, start: int, stop: int) -> bool:
    """Whether a stretch without a comma is still followed by its cue alone: "No." Smith said. "Yes" he said."""
    if verb.i - start > _SHORT or any(c.dep_ == "ccomp" and verb.i < c.i for c in verb.children):
        return False
    if any(c.dep_ == "prep" and c.lower_ in _TELLING_OF for c in verb.rights):
        return False
    ended = stop >= len(reading.doc) or reading.inside[stop] == reading.marked[n].parent
    return ended and (reading.text[reading.marked[n].end - 1] != "." or stop - verb.i <= _SHORT + 2)


def _cue_within(reading: MarkedDoc, verb: Token, kind: CueClass, start: int, stop: int) -> Cue:
    """The cue with a speaker from the same segment, by the parse or else by position."""
    if any(c.dep_ == "auxpass" for c in verb.lefts) and not any(c.dep_ == "agent" for c in verb.rights):
        return cue_of(verb, kind)  # “…,” it was said
    if hears_case(verb):
        return cue_of(verb, kind)
    head = speaker_of(verb)
    if head is not None and start <= head.i < stop:
        phrase = phrase_of(head)  # the parser may hang the quotation itself on its speaker
        return Cue(verb, span_of(verb), kind, phrase if phrase.start >= start else reading.doc[start : phrase.end], "subject")
    near = _with_name(phrase_near(reading, start, verb.i), verb) if verb.i - start > 0 else None
    near = near or phrase_near(reading, span_of(verb).end, stop)
    if near is not None:
        return Cue(verb, span_of(verb), kind, near, "beside-cue")
    return cue_of(verb, kind)


def _with_name(described: Span | None, verb: Token) -> Span | None:
    """Who speaks with the name behind the comma: "the head of the union, Ana Brel, | said"."""
    if described is None or described.doc[described.end].text != ",":
        return described
    doc, stop = described.doc, described.end + 1
    while stop < verb.i and doc[stop].ent_type_ == "PERSON":
        stop += 1
    named = described.end + 1 < stop and (stop == verb.i or (doc[stop].text == "," and stop + 1 == verb.i))
    return doc[described.start : stop] if named else described


def cue_before(reading: MarkedDoc, n: int, verbs: dict[int, CueClass]) -> Speech | None:
    """Jane Doe said: "…"; she told reporters, "…"; "…," he said, adding "…"."""
    doc = reading.doc
    start, stop = reading.before(n)
    if start >= stop:
        return _line_above(reading, n, verbs)
    mark = doc[stop - 1].text
    for i in range(stop - 1, max(start, stop - (_REACH if mark != ":" else 2 * _REACH)) - 1, -1):
        token = doc[i]
        if i in verbs and is_said(token):
            if mark not in (",", ":") and not _leads(token, stop):
                return None
            if (who := own_subject(token)) is None or may_say(who, token) or (mark != ":" and token.lemma_ not in saying("of_things")):
                return Speech(cue_of(token, verbs[i]), None, "cue-before")
            if mark != ":":
                return None  # "his songs appealed “to young and old”"; else the one before: "Brel says this underscores it: “…”"
        if mark != ":" and token.pos_ in ("VERB", "AUX") and (token.dep_ not in _ASIDE or mark != ","):
            return None
    return Speech(None, _named_in(reading, start, stop), "colon") if mark == ":" else None


def is_said(verb: Token) -> bool:
    """Whether a word of saying in front says something: no participle that describes, nor what one has a right or a chance to say."""
    if verb.tag_ == "VB":
        return verb.dep_ not in ("acl", "relcl")
    return verb.tag_ != "VBN" or any(c.dep_ in ("aux", "auxpass") for c in verb.children)


def _named_in(reading: MarkedDoc, start: int, stop: int) -> Span | None:
    """Whom a stretch of text without a word of saying is about: its source or subject, else the last person or organisation named."""
    doc = reading.doc
    to = next((t for t in doc[start:stop] if t.lower_ == "to" and t.i > start and t.nbor(-1).lower_ == "according"), None)
    source = next((c for c in to.rights if c.dep_ == "pobj"), None) if to is not None else None
    if source is not None:
        return phrase_of(source)
    subject = next((t for t in doc[start:stop] if t.dep_ in NOMINAL_SUBJECTS), None)
    if subject is not None:
        return phrase_of(subject)
    named = [e for e in doc[start:stop].ents if e.label_ in ("PERSON", "ORG")]
    return named[-1] if named else None


def _leads(verb: Token, stop: int) -> bool:
    """Whether a cue without comma or colon leads straight to a stretch: "told them “…”", "said Friday “…”"."""
    things = [c for c in verb.rights if c.i < stop and c.dep_ in ("dobj", "dative", "attr", "oprd")]
    if verb.doc[stop - 1].tag_ in ("IN", "POS", "PRP$") and verb.doc[stop - 1].lower_ != "that":
        return False
    return stop - verb.i <= _SHORT + 2 and (not things or verb.lemma_ in saying("hearer"))


def goes_on(reading: MarkedDoc, n: int, before: Speech | None, speech: Speech) -> bool:
    """Whether a stretch goes on with the sentence of the one before, which its cue only interrupts: "…," she said, "…"."""
    if n == 0 or before is None or before.cue is None or speech.cue is None or before.cue.head.i != speech.cue.head.i:
        return False
    start, stop = reading.before(n)
    if start >= stop or reading.doc[stop - 1].text not in _TIES_OUTSIDE:
        return False
    return reading.marked[n - 1].parent == reading.marked[n].parent and reading.after(n - 1)[0] >= start


def follows(reading: MarkedDoc, n: int, speech: Speech) -> bool:
    """Whether a stretch is the next sentence of the speaker before, with at most their cue between: "…," she said. "…"."""
    doc, before, marked = reading.doc, reading.marked[n - 1], reading.marked[n]
    if before.parent != marked.parent or reading.before(n)[0] < reading.before(n)[1]:
        return False
    start, stop = reading.after(n - 1)
    between = doc[stop : reading.token_at(marked.outer_start)]
    if start == stop and before.outer_end > before.end and reading.crosses_paragraphs(before.end, marked.start):
        return False  # a paragraph that closes its marks ends its quotation, but for one whose cue stands there
    cued = start == stop or (speech.cue is not None and start <= speech.cue.head.i < stop)
    return cued and all(t.is_punct or t.is_space for t in between)


def _line_above(reading: MarkedDoc, n: int, verbs: dict[int, CueClass]) -> Speech | None:
    """A line that ends with a colon introduces what begins the next one."""
    doc = reading.doc
    i = reading.token_at(reading.marked[n].outer_start) - 1
    while i >= 0 and doc[i].is_space:
        i -= 1
    if i < 0 or doc[i].text not in (":", ",") or reading.inside[i] != reading.marked[n].parent:
        return None
    colon = i
    while i >= 0 and not doc[i].is_space and doc[i].text not in (".", "!", "?") and colon - i < 2 * _REACH:
        if i in verbs:
            return Speech(cue_of(doc[i], verbs[i]), None, "line-above")
        i -= 1
    if doc[colon].text != ":":
        return None
    return Speech(None, _named_in(reading, max(i, 0), colon), "line-above")


def _begins_line(reading: MarkedDoc, n: int) -> bool:
    start = reading.marked[n].outer_start
    return start == 0 or reading.text[start - 1] == "\n"


def is_heading(reading: MarkedDoc, n: int) -> bool:
    """Whether a stretch is a line by itself without a stop: a heading that takes up somebody's words, of whom its line does not tell."""
    marked, text = reading.marked[n], reading.text
    ends = marked.outer_end >= len(text) or text[marked.outer_end] == "\n"
    return ends and _begins_line(reading, n) and text[marked.end - 1] not in _STOPS and "\n" not in text[marked.start : marked.end]


def name_after_dash(reading: MarkedDoc, n: int) -> Speech | None:
    """Read a name behind a dash, or behind the colon of a headline: “…” — Jane Doe, minister; “…”: Jane Doe."""
    doc = reading.doc
    dash = _DASH.match(reading.text, reading.marked[n].outer_end)
    if dash is None and _begins_line(reading, n):
        dash = _COLON.match(reading.text, reading.marked[n].outer_end)
    if dash is None:
        return None
    start = stop = reading.token_at(dash.end())
    while stop < len(doc) and not (doc[stop].is_space and "\n" in doc[stop].text) and stop - start < _REACH:
        stop += 1
    if start >= stop or doc[start].pos_ != "PROPN" or any(t.pos_ in ("VERB", "AUX") for t in doc[start:stop]):
        return None
    return Speech(None, phrase_near(reading, start, stop), "name-after-dash")
