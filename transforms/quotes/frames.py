"""Speech without marks: the clause, infinitive, noun or name that a word of saying governs in the parse.

The frames follow what PolNeAR (Newell et al. 2018) and PARC (Pareti 2012) call attribution: source, cue and content, the
content being a complement of the cue or the clause that the cue interrupts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.strings import hash_string
from spacy.symbols import NOUN
from spacy.tokens import Token

from schemas.quote import CueClass
from transforms.grammar import negation_of, verb_above
from transforms.quotes.cues import Cue, cue_of
from transforms.quotes.lexicon import classes, frame, hashes, prepositions
from transforms.quotes.reading import Reading
from transforms.quotes.speakers import phrase_of

_HEARER_FIRST = frozenset({"tell", "ask", "order", "instruct", "beg", "remind", "warn", "advise", "persuade", "command", "forbid", "direct"})
_ACCORDING = hash_string("according")
_RAISING = frozenset({"say", "claim", "allege", "believe", "think", "report", "predict", "rumour", "rumor", "estimate", "fear", "understand", "accuse"})
_PLAIN = frozenset({"say", "tell", "add", "believe", "think", "announce", "state", "claim", "insist"})
_EXTENDS = frozenset({"for", "by", "of", "about", "between", "against", "from", "as", "over", "toward", "towards"})
_CONTENT_HEADS = frozenset({"VERB", "AUX"})


@dataclass(frozen=True, slots=True)
class Frame:
    """One attribution as the parse gives it: the cue and the token ranges of what was said."""

    cue: Cue
    content: tuple[tuple[int, int], ...]
    rule: str


def frames_in(reading: Reading, verbs: dict[int, CueClass]) -> Iterator[Frame]:
    """Yield the attributions that the parse shows outside quotation marks."""
    for i, kind in verbs.items():
        if reading.inside[i] is None:
            verb = reading.doc[i]
            if _left_unsaid(verb):
                continue
            found = _nearest(_clause(verb), _complement(verb)) or _parenthesis(verb)
            if found is not None:
                content = _clean(reading, found[0], verbs)
                if content:
                    yield Frame(cue_of(verb, kind), content, found[1])
    yield from _nouns(reading, verbs)
    yield from _sources(reading, verbs)


def _left_unsaid(verb: Token) -> bool:
    """ "declined to say", "did not comment": nothing was said."""
    if verb.dep_ == "xcomp" and verb.head.lemma_ in ("decline", "refuse", "fail"):
        return True
    return negation_of(verb) is not None and verb.lemma_ not in ("think", "believe", "expect") and not any(c.dep_ == "ccomp" for c in verb.children)


_Found = tuple[list[tuple[int, int]], str] | None


def _nearest(clause: _Found, complement: _Found) -> _Found:
    """A clause of its own goes before other complements, but for an infinitive in front of it ("promised to find what ...")."""
    if clause and complement and complement[1] == "infinitive" and complement[0][0][0] < clause[0][0][0]:
        return complement
    return clause or complement


def _clause(verb: Token) -> _Found:
    """ "said (that) ...", "asked whether ...", also in front: "Sales rose, she said"."""
    for child in verb.children:
        if child.dep_ == "ccomp" and _finite(child):
            return _without(verb, child), "clause"
    for child in verb.rights:
        # "said after the vote he would go": without "that" the parser often takes the clause for an adverbial one
        if child.dep_ == "advcl" and child.head.lemma_ in _PLAIN and _bare(child):
            return [(child.left_edge.i, child.right_edge.i + 1)], "clause"
    return None


def _bare(clause: Token) -> bool:
    """Whether a clause has a finite verb and a subject and no word that joins it, nor a comma in front."""
    first = clause.left_edge
    return (
        _finite(clause)
        and any(c.dep_ in ("nsubj", "nsubjpass", "expl") for c in clause.children)
        and not any(c.dep_ == "mark" or c.tag_ in ("WRB", "WP", "WDT") for c in clause.children)
        and first.i > 0
        and first.nbor(-1).text != ","
    )


def _finite(head: Token) -> bool:
    return head.tag_ in ("VBD", "VBZ", "VBP", "MD") or any(
        (c.dep_ in ("aux", "auxpass") and c.tag_ in ("VBD", "VBZ", "VBP", "MD")) or c.dep_ == "mark" for c in head.children
    )


def _without(verb: Token, head: Token) -> list[tuple[int, int]]:
    """The token ranges of a clause, without the words of saying that stand inside it."""
    left, right = head.left_edge.i, head.right_edge.i + 1
    if not left < verb.i < right:
        return [(left, right)]
    own = [verb.i]
    for child in verb.children:
        if child is not head and not child.left_edge.i <= head.i <= child.right_edge.i:
            own += [child.left_edge.i, child.right_edge.i]
    return [(left, min(own)), (max(own) + 1, right)]


def _parenthesis(verb: Token) -> _Found:
    """ "The plan, she said, is dead"; "as she said": the clause around is what was said."""
    head = verb.head
    marked_as = any(c.lower_ == "as" and c.dep_ in ("mark", "advmod") for c in verb.children)
    if head.i == verb.i or head.pos_ not in _CONTENT_HEADS:
        return None
    if not (verb.dep_ in ("parataxis", "ccomp", "dep") or (marked_as and verb.dep_ == "advcl")):
        return None
    if not any(c.dep_ == "nsubj" for c in verb.children) or any(c.dep_ in ("dobj", "ccomp", "xcomp") for c in verb.children):
        return None
    if verb.dep_ == "ccomp" and verb.i < head.i:
        return None
    left, right = head.left_edge.i, head.right_edge.i + 1
    return [(left, verb.left_edge.i), (verb.right_edge.i + 1, right)], "parenthesis"


def _complement(verb: Token) -> _Found:
    """Complements that are no finite clause: infinitives, gerunds, nouns, names, what a preposition leads to."""
    lemma = verb.lemma_
    by_preposition = prepositions().get(lemma, frozenset())
    named = lemma in frame("naming")
    thing = None
    for child in verb.children:
        dep = child.dep_
        if child.i > verb.i and (dep in ("xcomp", "ccomp") or (dep == "advcl" and child.left_edge.lower_ == "for")):
            if any(c.lower_ == "to" and c.dep_ == "aux" for c in child.children):
                if child.left_edge.lower_ == "for" and "for" in by_preposition:
                    return [(child.left_edge.i + 1, child.right_edge.i + 1)], "preposition"
                found = _infinitive(verb, child)
                if found:
                    return found
            elif child.tag_ == "VBG" and lemma in frame("ing"):
                return [(child.left_edge.i, child.right_edge.i + 1)], "gerund"
            elif named:
                start = thing.left_edge.i if thing is not None else child.left_edge.i
                return [(start, child.right_edge.i + 1)], "naming"
        elif dep == "dobj":
            thing = child
        elif dep in ("oprd", "acomp") and named:
            start = thing.left_edge.i if thing is not None else child.left_edge.i
            return [(start, child.right_edge.i + 1)], "naming"
        elif dep == "prep" and child.lower_ == "as" and named and thing is not None:
            start = child.i + 1 if thing.lower_ == "what" else thing.left_edge.i
            return [(start, child.right_edge.i + 1)], "naming"
        elif dep == "prep" and child.lower_ in by_preposition and child.i > verb.i:
            return _behind(verb, child)
    if thing is not None and thing.i > verb.i and lemma in frame("object") and thing.pos_ != "PRON":
        return [(thing.left_edge.i, _extended(verb, thing))], "object"
    return None


def _extended(verb: Token, thing: Token) -> int:
    """Where an object ends with the prepositional phrases right behind it: "blasted them for being late"."""
    right = thing.right_edge.i + 1
    for child in verb.rights:
        if child.dep_ == "prep" and child.left_edge.i == right and child.lower_ in _EXTENDS:
            right = child.right_edge.i + 1
    return right


def _infinitive(verb: Token, child: Token) -> _Found:
    right = child.right_edge.i + 1
    to = next(c for c in child.children if c.lower_ == "to" and c.dep_ == "aux")
    passive = any(c.dep_ == "nsubjpass" for c in verb.children)
    if passive:
        subject = next(c for c in verb.children if c.dep_ == "nsubjpass")
        if verb.lemma_ in _RAISING:
            return [(subject.left_edge.i, subject.right_edge.i + 1), (to.i, right)], "raising"
        return ([(to.i, right)], "infinitive") if verb.lemma_ in frame("someone_to") else None
    if verb.lemma_ in frame("someone_to"):
        start = to.i if verb.lemma_ in _HEARER_FIRST else child.left_edge.i
        return [(start, right)], "infinitive"
    return ([(child.left_edge.i, right)], "infinitive") if verb.lemma_ in frame("to") else None


def _behind(verb: Token, preposition: Token) -> _Found:
    """What a preposition leads to; with "call on X to ..." the infinitive too."""
    inner = next((c for c in preposition.children if c.dep_ in ("pobj", "pcomp")), None)
    if inner is None:
        return None
    right = preposition.right_edge.i + 1
    for child in verb.children:
        if child.dep_ in ("xcomp", "advcl") and child.i > preposition.i and any(c.lower_ == "to" for c in child.lefts):
            right = max(right, child.right_edge.i + 1)
    return [(inner.left_edge.i, right)], "preposition"


def _nouns(reading: Reading, verbs: dict[int, CueClass]) -> Iterator[Frame]:
    """ "the claim that ...", "its warning that ...", "X's promise to ..."."""
    known = classes("nouns")
    to = frame("noun_to")
    hashed = hashes("nouns")
    for i, (lemma, pos) in enumerate(zip(reading.lemmas, reading.kinds, strict=True)):
        if pos != NOUN or lemma not in hashed or reading.inside[i] is not None:
            continue
        token = reading.doc[i]
        owner = next((c for c in token.lefts if c.dep_ == "poss"), None) or _author(token)
        for child in token.rights:
            if child.dep_ not in ("acl", "ccomp"):
                continue
            that = any(c.dep_ == "mark" and c.lower_ in ("that", "whether") for c in child.children)
            infinitive = child.tag_ == "VB" and owner is not None and token.lemma_ in to
            if that or infinitive:
                content = _clean(reading, [(child.left_edge.i, child.right_edge.i + 1)], verbs)
                speaker = phrase_of(owner) if owner is not None else None
                cue = Cue(token, reading.doc[token.i : token.i + 1], known[token.lemma_], speaker, "owner" if speaker else None)
                if content:
                    yield Frame(cue, content, "noun-clause" if that else "noun-infinitive")
                break


def _author(noun: Token) -> Token | None:
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in ("by", "from"):
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    verb = noun.head
    if noun.dep_ == "dobj" and verb.lemma_ in ("make", "issue", "repeat", "release", "give", "express", "voice", "raise"):
        return next((c for c in verb.children if c.dep_ == "nsubj"), None)
    return None


def _sources(reading: Reading, verbs: dict[int, CueClass]) -> Iterator[Frame]:
    """ "according to X": the clause without the phrase is what X says."""
    doc = reading.doc
    for i, lower in enumerate(reading.lowered[:-1]):
        if lower != _ACCORDING or doc[i + 1].lower_ != "to" or reading.inside[i] is not None:
            continue
        token = doc[i]
        source = next((t for t in doc[token.i + 1].children if t.dep_ == "pobj"), None)
        clause = verb_above(token.head) if token.head.i != i else None
        if source is None or clause is None:
            continue
        left, right = clause.left_edge.i, clause.right_edge.i + 1
        start, stop = token.i, max(source.right_edge.i, doc[token.i + 1].right_edge.i) + 1
        content = _clean(reading, [(left, start), (stop, right)], verbs)
        if content:
            speaker = phrase_of(source)
            yield Frame(Cue(token, doc[token.i : token.i + 2], "neutral", speaker, "according-to"), content, "according-to")


def _clean(reading: Reading, ranges: list[tuple[int, int]], verbs: dict[int, CueClass]) -> tuple[tuple[int, int], ...]:
    """Ranges without outer punctuation, a leading "that", a further cue behind a comma (", adding ...") and empty pieces."""
    doc, kept = reading.doc, []
    for n, (start, stop) in enumerate(ranges):
        while start < stop and n == 0 and doc[start].lower_ == "that" and doc[start].dep_ == "mark":
            start += 1
        further = next((i for i in range(start + 1, stop) if i in verbs and doc[i].tag_ == "VBG" and doc[i - 1].text == ","), stop)
        span = reading.trimmed(start, further)
        if span is not None and any(not t.is_punct and not t.is_space for t in span):
            kept.append((span.start, span.end))
    return tuple(kept)
