"""Speech that the layout shows rather than the grammar: headlines, transcripts, and what follows a colon without marks."""

import re
from collections.abc import Iterator

from spacy.strings import StringStore

from schemas.quote import CueClass
from transforms.quotes.cues import Cue, Draft, cue_of
from transforms.quotes.lexicon import classes, frame
from transforms.quotes.reading import Reading

# A headline that names its source: "Minister: Bridge will open". The source is short and no sentence.
_NAMED = re.compile(r"(?P<source>[A-Z][\w.'’-]*(?: [\w.'’-]+){0,3})(?P<colon>:) (?=\w)")
_SOURCES = frozenset({"PERSON", "ORG", "NORP"})
_SHORTEST = 3  # words behind a colon or a headline's verb
_LONGEST = 250  # tokens of a paragraph behind a colon
# Headlines in which Every Longer Word Has a Capital: the tagger takes their verbs for names.
_CAPITALS = 0.75  # share of the longer words
_LONG = 4  # letters of a longer word
_IN_FRONT = re.compile(r"(?P<who>[^\n,:;“”\"‘]{2,60}?) (?P<cue>[A-Z][a-z]+) (?P<what>[^\n]{12,200})")
_BEHIND = re.compile(r"(?P<what>[^\n]{12,200}), (?P<who>[^\n,:;“”\"‘’]{2,50}?) (?P<cue>[A-Z][a-z]+)(?=[.\n]|\Z)")
# A line of a transcript: "SMITH: We will see." A name in capitals stands there more than once, unlike "UPDATE:".
_TURN = re.compile(r"^[\"“”]?(?P<who>[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3})(?P<colon>:) (?=\S)", re.MULTILINE)
_COLON: int = StringStore().add(":")
_FOLLOWING = frozenset({"the", "following", "this", "as", "follows", "friday", "today"})


def by_layout(reading: Reading, verbs: dict[int, CueClass]) -> Iterator[Draft]:
    """Yield the attributions of headlines, transcripts and lines that end with a colon; `verbs` by token index."""
    yield from _headline_colon(reading)
    yield from _headline_verb(reading)
    yield from _transcript(reading)
    yield from _behind_colon(reading, verbs)


def _line_end(reading: Reading, i: int) -> int:
    doc = reading.doc
    return next((k for k in range(i, min(len(doc), i + _LONGEST)) if "\n" in doc[k].text), min(len(doc), i + _LONGEST))


def _headline_colon(reading: Reading) -> Iterator[Draft]:
    """Read "Minister: Bridge will open" at the head of an article, where the source is somebody or a document."""
    found = _NAMED.match(reading.text)
    if found is None:
        return
    doc, colon, stop = reading.doc, reading.token_at(found.start("colon")), reading.token_at(found.end())
    named = doc[:colon].ents
    somebody = bool(named) and named[-1].label_ in _SOURCES and named[-1].end == colon
    if not somebody and doc[colon - 1].lower_ not in frame("documents"):
        return
    end = _line_end(reading, stop)
    if end - stop >= _SHORTEST and not any(reading.inside[i] is not None for i in range(stop, end)):
        yield Cue(doc[colon], doc[colon : colon + 1], "neutral", doc[:colon], "before-colon"), [(stop, end)], "headline-colon"


def _headline_verb(reading: Reading) -> Iterator[Draft]:
    """Read "Bridge Will Open, Minister Says" and "Poll Shows Voters Want Bridge" where capitals hide the verb from the tagger."""
    line = reading.text[: reading.text.find("\n")] if "\n" in reading.text else ""
    long = [w for w in line.split() if len(w) >= _LONG and w[0].isalpha()]
    if len(long) < _SHORTEST or sum(w[0].isupper() for w in long) < _CAPITALS * len(long):
        return
    known = frame("headline")
    found = next((m for m in (_BEHIND.match(line), _in_front(line)) if m is not None and m["cue"].lower() in known), None)
    if found is None:
        return
    doc, first, last = reading.doc, reading.token_at(found.start("what")), reading.token_at(found.end("what"))
    who, cue = (doc.char_span(*found.span(part), alignment_mode="expand") for part in ("who", "cue"))
    if who is not None and cue is not None and first < last:
        kind = classes("verbs").get(cue[0].lower_.removesuffix("s"), "neutral")
        yield Cue(cue[0], cue, kind, who, "subject"), [(first, last)], "headline-verb"


def _in_front(line: str) -> re.Match[str] | None:
    """The first verb of a headline's list that has a source in front of it."""
    known = frame("headline")
    for word in re.finditer(r"(?<= )[A-Z][a-z]+(?= )", line):
        if word.group().lower() in known:
            return re.compile(_IN_FRONT.pattern.replace("[A-Z][a-z]+", word.group())).match(line)
    return None


def _transcript(reading: Reading) -> Iterator[Draft]:
    turns = list(_TURN.finditer(reading.text))
    names = {t["who"] for t in turns}
    if len(turns) <= len(names):
        return  # nobody speaks twice
    doc = reading.doc
    for turn in turns:
        colon, start = reading.token_at(turn.start("colon")), reading.token_at(turn.end())
        who = doc.char_span(*turn.span("who"), alignment_mode="expand")
        end = _line_end(reading, start)
        if who is not None and start < end and colon < start:
            yield Cue(doc[colon], doc[colon : colon + 1], "neutral", who, "before-colon"), [(start, end)], "transcript-line"


def _behind_colon(reading: Reading, verbs: dict[int, CueClass]) -> Iterator[Draft]:
    """Read "She added:" with a paragraph without marks behind it, and "She said: It will open." without marks."""
    doc = reading.doc
    for colon in [i for i, lower in enumerate(reading.lowered) if lower == _COLON]:
        i = colon - 1
        while i > colon - 1 - _SHORTEST and i > 0 and doc[i].lower_ in _FOLLOWING:
            i -= 1
        if i not in verbs or colon + 1 >= len(doc) or reading.inside[i] is not None or doc[i].lemma_ not in frame("aside"):
            continue
        cue, start = cue_of(doc[i], verbs[i]), colon + 1
        while start < len(doc) and doc[start].is_space:
            start += 1
        if cue.speaker is None or start >= len(doc) or reading.inside[start] is not None or doc[start].is_punct:
            continue
        end = _line_end(reading, start) if start > colon + 1 else doc[start].sent.end
        if end - start >= _SHORTEST:
            yield cue, [(start, end)], "behind-colon"
