"""Speech without marks: frames in which a verb, noun or phrase of saying holds what was said.

They follow what PolNeAR (Newell et al. 2018) and PARC (Pareti 2012) call attribution: source, cue and content, the
content being a complement of the cue or the clause that the cue interrupts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from schemas.quote import CueClass
from transforms.grammar import negation_of
from transforms.quotes.complements import Content, said_by, that_behind
from transforms.quotes.cues import Cue, cue_of
from transforms.quotes.lexicon import classes, frame, hashed_phrases, hashes
from transforms.quotes.reading import AUX, NOUN, VERB, Reading
from transforms.quotes.speakers import phrase_of

_LONGEST = 250  # tokens
_TOO_FAR = 20  # steps up the tree to the clause that an "according to" goes with
_UNSAYING = frozenset({"decline", "refuse", "fail"})
_NO_ASIDE = frozenset({"criticise", "deny", "demand", "question"})  # "…, he attacked, …" breaks into no clause
_OPENING = 4  # tokens of a clause in which its question word stands
_ANYBODY = frozenset({"you", "one", "what", "that", "this", "these", "those", "nobody", "nothing"})
_AUTHOR = frozenset({"i", "we", "'s", "’s"})
_OPINION = frozenset({"think", "believe", "expect"})  # "doesn't think it will" is an opinion that it will not
_MAKERS = frozenset({"make", "issue", "repeat", "release", "give", "express", "voice", "raise"})
# A headline that names its source: "Minister: Bridge will open". The source is short and no sentence.
_HEADLINE = re.compile(r"(?P<source>[A-Z][\w.'’-]*(?: [\w.'’-]+){0,3})(?P<colon>:) (?=\w)")
_SOURCES = frozenset({"PERSON", "ORG", "NORP"})
_SHORTEST = 3  # words behind the colon


@dataclass(frozen=True, slots=True)
class Frame:
    """One attribution as the parse gives it: the cue and the token ranges of what was said."""

    cue: Cue
    content: tuple[tuple[int, int], ...]
    rule: str


def frames_in(reading: Reading, verbs: dict[int, CueClass]) -> Iterator[Frame]:
    """Yield the attributions that the parse shows outside quotation marks; `verbs` are the verbs of saying by token index."""
    for cue, ranges, rule in (*_verbs(reading, verbs), *_nouns(reading), *_phrases(reading), *_headline(reading)):
        if sum(stop - start for start, stop in ranges) > _LONGEST:
            continue  # no sentence is that long: the text has none, and the parse of it means little
        content = _clean(reading, ranges, verbs)
        if content:
            yield Frame(cue, content, rule)


_Draft = tuple[Cue, list[tuple[int, int]], str]


def _verbs(reading: Reading, verbs: dict[int, CueClass]) -> Iterator[_Draft]:
    for i, kind in verbs.items():
        verb = reading.doc[i]
        if reading.inside[i] is None and not _left_unsaid(verb):
            found = said_by(verb)
            if found is not None and found[1] == "parenthesis" and kind in _NO_ASIDE:
                continue
            put_to = found is not None and found[1] == "infinitive" and verb.lemma_ in ("ask", "tell")
            cue = cue_of(verb, "demand" if put_to else kind)
            if found is not None and (_speaks(cue) if cue.speaker is not None else _impersonal(verb)):
                yield cue, *found


def _left_unsaid(verb: Token) -> bool:
    """Whether nothing was said: "declined to say", "did not say whether", "met to decide whether"."""
    if verb.lemma_ in _UNSAYING or (verb.dep_ == "xcomp" and verb.head.lemma_ in _UNSAYING):
        return True
    if verb.dep_ == "advcl" and verb.tag_ == "VB" and verb.lemma_ in frame("purpose"):
        return True
    if negation_of(verb) is None or verb.lemma_ in _OPINION:
        return False
    clause = next((c for c in verb.children if c.dep_ == "ccomp"), None)
    if clause is None:
        return True
    opening = clause.doc[clause.left_edge.i : clause.left_edge.i + _OPENING]
    return any(t.tag_ in ("WP", "WDT", "WRB", "WP$") or t.lower_ in ("whether", "if") for t in opening)


def _speaks(cue: Cue) -> bool:
    """Whether a speaker is somebody: not "you never know", and not the author's own "I think"."""
    who = cue.speaker.text.lower() if cue.speaker is not None else ""
    own = cue.head.lemma_ in frame("thought") or cue.head.lemma_ in frame("naming")
    return who not in _ANYBODY and not (who in _AUTHOR and own)


def _impersonal(verb: Token) -> bool:
    """Whether a passive leaves the speaker open on purpose: "it is said that", "he is believed to"; "known as" names."""
    if any(c.tag_ == "MD" for c in verb.children) or verb.lemma_ in frame("label"):
        return False
    return any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children)


def _nouns(reading: Reading) -> Iterator[_Draft]:
    """Read "the claim that …", "its warning that …", "her promise to …"."""
    known, hashed = classes("nouns"), hashes("nouns")
    for i, (lemma, pos) in enumerate(zip(reading.lemmas, reading.kinds, strict=True)):
        if pos != NOUN or lemma not in hashed or reading.inside[i] is not None:
            continue
        noun = reading.doc[i]
        owner = next((c for c in noun.lefts if c.dep_ == "poss"), None) or _author(noun)
        for child in noun.rights:
            found = _of_noun(noun, child, owner)
            if found is not None:
                speaker = phrase_of(owner) if owner is not None else None
                yield Cue(noun, reading.doc[i : i + 1], known[noun.lemma_], speaker, "owner" if speaker else None), *found
                break


def _of_noun(noun: Token, child: Token, owner: Token | None) -> Content | None:
    clause = that_behind(child) or child
    left, right = clause.left_edge.i, clause.right_edge.i + 1
    marks = [c.lower_ for c in clause.lefts if c.dep_ == "mark"]
    if clause.dep_ in ("acl", "ccomp", "relcl") and ("that" in marks or "whether" in marks):
        return [(left, right)], "noun-clause"
    if clause.dep_ == "acl" and clause.tag_ == "VB" and owner is not None and noun.lemma_ in frame("noun_to"):
        return [(left, right)], "noun-infinitive"
    if clause.dep_ in ("acl", "advcl", "relcl") and clause.left_edge.lower_ == "for" and noun.lemma_ in frame("noun_for"):
        return [(left + 1, right)], "noun-infinitive"
    return None


def _author(noun: Token) -> Token | None:
    """Whose word a noun of saying is: "a claim by X", "X made the claim"."""
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in ("by", "from"):
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    if noun.dep_ == "dobj" and noun.head.lemma_ in _MAKERS:
        return next((c for c in noun.head.children if c.dep_ == "nsubj"), None)
    return None


def _phrases(reading: Reading) -> Iterator[_Draft]:
    """Read "according to X", "in the words of X": the clause without the phrase is what X says."""
    doc, by_first = reading.doc, hashed_phrases()
    for i, lower in enumerate(reading.lowered):
        for words, kind in by_first.get(lower, ()):
            stop = i + len(words)
            if reading.lowered[i:stop] != words or reading.inside[i] is not None:
                continue
            source = next((t for t in doc[stop - 1].children if t.dep_ == "pobj"), None)
            clause = _clause_above(doc[i], stop)
            if source is not None and clause is not None and source.lemma_ not in frame("no_source"):
                cue = Cue(doc[i], doc[i:stop], kind, phrase_of(source), "behind-phrase")
                end = max(source.right_edge.i, doc[stop - 1].right_edge.i) + 1
                yield cue, _around(reading, clause, i, end), "according-to"
            break


def _around(reading: Reading, clause: Token, start: int, stop: int) -> list[tuple[int, int]]:
    """A clause without the phrase from start to stop; what follows the phrase without a verb still describes the source."""
    left, right = clause.left_edge.i, clause.right_edge.i + 1
    if left < start and not any(kind in (VERB, AUX) for kind in reading.kinds[stop:right]):
        return [(left, start)]
    return [(left, start), (stop, right)]


def _clause_above(first: Token, stop: int) -> Token | None:
    """The verb above a phrase that begins with `first` and ends before token `stop`."""
    node = first
    for _ in range(_TOO_FAR):
        if node.head.i == node.i:
            return None
        node = node.head
        if node.pos_ in ("VERB", "AUX") and not first.i <= node.i < stop and node.dep_ not in ("aux", "auxpass"):
            return node
    return None


def _headline(reading: Reading) -> Iterator[_Draft]:
    """Read "Minister: Bridge will open" at the head of an article, where the source is a person or an organisation."""
    found = _HEADLINE.match(reading.text)
    if found is None:
        return
    doc, colon, stop = reading.doc, reading.token_at(found.start("colon")), reading.token_at(found.end())
    named = doc[:colon].ents
    if not named or named[-1].label_ not in _SOURCES or named[-1].end != colon:
        return
    end = next((i for i in range(stop, len(doc)) if "\n" in doc[i].text), len(doc))
    if end - stop >= _SHORTEST and not any(reading.inside[i] is not None for i in range(stop, end)):
        yield Cue(doc[colon], doc[colon : colon + 1], "neutral", doc[:colon], "before-colon"), [(stop, end)], "headline-colon"


def _clean(reading: Reading, ranges: list[tuple[int, int]], verbs: dict[int, CueClass]) -> tuple[tuple[int, int], ...]:
    """Ranges without outer punctuation, a leading "that", a further cue behind a comma (", adding …") and empty pieces."""
    doc, kept = reading.doc, []
    for n, (first, stop) in enumerate(ranges):
        start = first
        while start < stop and n == 0 and doc[start].lower_ == "that" and doc[start].dep_ == "mark":
            start += 1
        further = next((i for i in range(start + 1, stop) if i in verbs and doc[i].tag_ == "VBG" and doc[i - 1].text == ","), stop)
        span = reading.trimmed(start, further)
        if span is not None and any(not t.is_punct and not t.is_space for t in span):
            kept.append((span.start, span.end))
    return tuple(kept)
