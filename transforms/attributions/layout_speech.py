"""Speech that the layout shows rather than the grammar: headlines, transcripts, and what follows a colon without marks."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from schemas.quote import CueClass
from transforms.attributions.cues import Cue, Draft, cue_of
from transforms.attributions.frame_words import frame
from transforms.attributions.marked_doc import MarkedDoc
from transforms.parse.grammar import QUESTION_TAGS
from transforms.words.reporting import classes, forms, saying
from transforms.words.source_nouns import source_nouns

# A headline that names its source: "Minister: Bridge will open". The source is short and no sentence.
_NAMED = re.compile(r"(?P<source>[A-Z][\w.'’-]*(?: [\w.'’-]+){0,3})(?P<colon>:) (?=\w)")
_SOURCES = frozenset({"PERSON", "ORG", "NORP"})
_SHORTEST = 3  # words behind a colon or a headline's verb
_LONGEST = 250  # tokens of a paragraph behind a colon
# Headlines in which Every Longer Word Has a Capital: the tagger takes their verbs for names.
_CAPITALS = 0.75  # share of the longer words
_LONG = 4  # letters of a longer word
_CAPITALISED = re.compile(r"(?<= )[A-Z][a-z]+(?= )")
_SOURCE = re.compile(r"[^\n,:;“”\"‘]{2,60}")
_LEAST = 12  # characters of what a headline says
_BEHIND = re.compile(r", (?P<who>[^\n,:;“”\"‘’]{2,50}) (?P<cue>[A-Z][a-z]+)\.?\Z")
# A line of a transcript: "SMITH: We will see." A name in capitals stands there more than once, unlike "UPDATE:".
_TURN = re.compile(r"^[\"“”]?(?P<who>[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3})(?P<colon>:) (?=\S)", re.MULTILINE)
# ... or of an interview: "Ann Roe: We will see."; "Q: Will you?". Two take turns there, each in paragraphs of their own.
_IN_TURN = re.compile(r"^(?P<who>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3})(?P<colon>:) (?=\S)", re.MULTILINE)
_ANSWERING = frozenset({"Q", "A"})
_TWICE = 2
_FOLLOWING = frozenset({"the", "following", "this", "as", "follows"})


def by_layout(reading: MarkedDoc, verbs: dict[int, CueClass]) -> Iterator[Draft]:
    """Yield the attributions of headlines, transcripts and lines that end with a colon; `verbs` by token index."""
    yield from _headline_colon(reading)
    yield from _headline_verb(reading)
    yield from _transcript(reading)
    yield from _behind_colon(reading, verbs)


def _line_end(reading: MarkedDoc, i: int) -> int:
    doc = reading.doc
    return next((k for k in range(i, min(len(doc), i + _LONGEST)) if "\n" in doc[k].text), min(len(doc), i + _LONGEST))


def _headline_colon(reading: MarkedDoc) -> Iterator[Draft]:
    """Read "Minister: Bridge will open" at the head of an article, where the source is somebody or a document."""
    found = _NAMED.match(reading.text)
    if found is None:
        return
    doc, colon, stop = reading.doc, reading.token_at(found.start("colon")), reading.token_at(found.end())
    named = doc[:colon].ents
    somebody = bool(named) and named[-1].label_ in _SOURCES and named[-1].end == colon
    document = doc[colon - 1].lower_ in source_nouns("shows") - source_nouns("labels")
    if not (somebody or document) or any(t.lower_ in frame("speechless") for t in doc[:colon]):
        return
    end = _line_end(reading, stop)
    asks = end > stop and doc[stop].tag_ in QUESTION_TAGS and doc[end - 1].text == "?"  # "Acme: What is it and what does it do?"
    if end - stop >= _SHORTEST and not asks and not any(reading.inside[i] is not None for i in range(stop, end)):
        yield Cue(doc[colon], doc[colon : colon + 1], "neutral", doc[:colon], "before-colon"), [(stop, end)], "headline-colon"


def _headline_verb(reading: MarkedDoc) -> Iterator[Draft]:
    """Read "Bridge Will Open, Minister Says" and "Poll Shows Voters Want Bridge" where capitals hide the verb from the tagger."""
    line = reading.text[: reading.text.find("\n")] if "\n" in reading.text else ""
    long = [w for w in line.split() if len(w) >= _LONG and w[0].isalpha()]
    if len(long) < _SHORTEST or sum(w[0].isupper() for w in long) < _CAPITALS * len(long):
        return
    spans = _behind(line) or _in_front(line)
    if spans is None:
        return
    (who, cue), (start, end) = (reading.doc.char_span(*span) for span in spans[:2]), spans[2]
    first, last = reading.token_at(start), reading.token_at(end)
    if who is not None and cue is not None and first < last:
        known, word = classes("verbs"), cue[0].lower_  # no lemma: the tagger took the verb for a name
        kind: CueClass = next((known[w] for w in (word, word[:-1], f"{word[:-3]}y") if w in known), "neutral")
        yield Cue(cue[0], cue, kind, who, "subject"), [(first, last)], "headline-verb"


_Spans = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]  # of the source, the verb and what is said


def _behind(line: str) -> _Spans | None:
    """The parts of "Bridge Will Open, Minister Says"."""
    found = _BEHIND.search(line, max(0, len(line) - 70))
    if found is None or found["cue"].lower() not in forms("headline") or found.start() < _LEAST:
        return None
    return found.span("who"), found.span("cue"), (0, found.start())


def _in_front(line: str) -> _Spans | None:
    """The parts of "Poll Shows Voters Want Bridge": the first verb of the list that has a source in front of it."""
    known = forms("headline")
    verb = next((m for m in _CAPITALISED.finditer(line) if m.group().lower() in known), None)
    if verb is None or _SOURCE.fullmatch(line, 0, verb.start() - 1) is None or len(line) - verb.end() <= _LEAST:
        return None
    return (0, verb.start() - 1), verb.span(), (verb.end() + 1, len(line))


def _turns(reading: MarkedDoc) -> list[re.Match[str]]:
    """The lines that begin with who speaks: names in capitals of which one stands there twice, or two names that take turns."""
    turns = list(_TURN.finditer(reading.text))
    if len(turns) > len({t["who"] for t in turns}):
        return turns
    turns = list(_IN_TURN.finditer(reading.text))
    named = Counter(t["who"] for t in turns)
    taken = all(a["who"] != b["who"] for a, b in pairwise(turns))
    if len(named) < _TWICE or min(named.values()) < _TWICE or not taken:
        return []
    known = named.keys() == _ANSWERING or all(_is_name(reading, t) for t in turns)
    return turns if known else []


def _is_name(reading: MarkedDoc, turn: re.Match[str]) -> bool:
    who = reading.doc.char_span(*turn.span("who"))
    return who is not None and all(t.pos_ == "PROPN" for t in who)


def _transcript(reading: MarkedDoc) -> Iterator[Draft]:
    doc, turns = reading.doc, _turns(reading)
    for turn in turns:
        colon, start = reading.token_at(turn.start("colon")), reading.token_at(turn.end())
        who = doc.char_span(*turn.span("who"))
        end = _line_end(reading, start)
        if who is not None and start < end and colon < start:
            named = None if turn["who"] in _ANSWERING else who
            cue = Cue(doc[colon], doc[colon : colon + 1], "neutral", named, "before-colon" if named is not None else None)
            yield cue, [(start, end)], "transcript-line"


def _behind_colon(reading: MarkedDoc, verbs: dict[int, CueClass]) -> Iterator[Draft]:
    """Read "She added:" with a paragraph without marks behind it, and "She said: It will open." without marks."""
    doc = reading.doc
    for colon in [i for i, lower in enumerate(reading.lowered) if lower == ":"]:
        i = colon - 1
        while i > colon - 1 - _SHORTEST and i > 0 and (doc[i].lower_ in _FOLLOWING or doc[i].ent_type_ == "DATE"):
            i -= 1
        if i not in verbs or colon + 1 >= len(doc) or reading.inside[i] is not None or doc[i].lemma_ not in saying("aside"):
            continue
        cue, start = cue_of(doc[i], verbs[i]), colon + 1
        while start < len(doc) and doc[start].is_space:
            start += 1
        if cue.speaker is None or start >= len(doc) or reading.inside[start] is not None or doc[start].is_punct:
            continue
        end = _line_end(reading, start) if start > colon + 1 else doc[start].sent.end
        if end - start >= _SHORTEST:
            yield cue, [(start, end)], "behind-colon"
