"""Frames of nouns and adjectives: "the claim that …", "her promise to …", "their message is that …", "was sure that …"."""

from collections.abc import Container, Iterator

from transforms.attributions.complements import Content, that_behind
from transforms.attributions.cues import Cue, Draft, repeats_source
from transforms.attributions.frame_words import first_words, frame
from transforms.attributions.marked_doc import MarkedDoc
from transforms.attributions.possible_sources import is_source
from transforms.attributions.speakers import phrase_of
from transforms.parse.grammar import NOMINAL_SUBJECTS, QUESTION_TAGS, denied, own_subject
from transforms.parse.token_tree import Token
from transforms.words.reporting import classes
from transforms.words.source_nouns import source_nouns

_IMPERSONAL = frozenset({"it", "there", "this", "that", "what", "which"})
_GIVES = frozenset({"give", "raise"})  # what things do as well: "the sale raised hopes that …"
_COPULAS = frozenset({"be", "remain", "seem", "appear", "feel", "sound", "become", "grow"})


def nominal(reading: MarkedDoc, verbs: Container[int]) -> Iterator[Draft]:
    """Yield the attributions whose cue is a noun or an adjective outside quotation marks."""
    yield from _nouns(reading)
    yield from (draft for draft in _adjectives(reading) if not repeats_source(draft[0], verbs))


def _nouns(reading: MarkedDoc) -> Iterator[Draft]:
    known, first = classes("nouns"), first_words("nouns")
    for i in [i for i, lemma in enumerate(reading.lemmas) if lemma in first]:
        if reading.kinds[i] != "NOUN" or reading.inside[i] is not None:
            continue
        noun = reading.doc[i]
        owner = owner_of(noun)
        if (
            denied(noun)
            or _defines(noun)
            or (owner is not None and noun.dep_ == "dobj" and noun.head.lemma_ in _GIVES and not is_source(owner))
        ):
            continue
        found = next((f for child in noun.rights if (f := _of_noun(noun, child, owner)) is not None), None) or _predicate(noun)
        if found is not None:
            speaker = phrase_of(owner) if owner is not None else None
            yield Cue(noun, reading.doc[i : i + 1], known[noun.lemma_], speaker, "owner" if speaker else None), *found


def _of_noun(noun: Token, child: Token, owner: Token | None) -> Content | None:
    clause = (None if _own_noun(child) else that_behind(child)) or _whether(child) or child
    left, right = clause.left_edge.i, clause.right_edge.i + 1
    marks = [c.lower_ for c in clause.lefts if c.dep_ == "mark"]
    open_still = "whether" in marks and classes("nouns")[noun.lemma_] in (
        "question",
        "speculate",
    )  # a decision says nothing before it is taken
    if clause.dep_ in ("acl", "ccomp", "relcl", "pcomp") and ("that" in marks or open_still):
        return [(left, right)], "noun-clause"
    either = any(c.dep_ == "cc" and c.lower_ == "or" for c in clause.rights)  # "plans to raise or lower taxes": any of them
    if clause.dep_ == "acl" and clause.tag_ == "VB" and owner is not None and noun.lemma_ in frame("noun_to") and not either:
        return [(left, right)], "noun-infinitive"
    if clause.dep_ in ("acl", "advcl", "relcl") and clause.left_edge.lower_ == "for" and noun.lemma_ in frame("noun_for"):
        return [(left + 1, right)], "noun-infinitive"
    return None


def _defines(noun: Token) -> bool:
    """Whether a noun only says what something is: "this is the idea that …"."""
    who = own_subject(noun.head) if noun.dep_ == "attr" else None
    return who is not None and who.lower_ in ("this", "that", "it", "which")


def _whether(preposition: Token) -> Token | None:
    """The clause of "questions of whether …", "doubts about whether …"."""
    return next((c for c in preposition.rights if c.dep_ == "pcomp"), None) if preposition.dep_ == "prep" else None


def _own_noun(child: Token) -> bool:
    """Whether a preposition leads to another noun of saying, whose clause it is: "a response to complaints that …"."""
    return child.dep_ == "prep" and any(c.dep_ == "pobj" and c.lemma_ in classes("nouns") for c in child.children)


def _predicate(noun: Token) -> Content | None:
    """Read "their message is that …"."""
    if noun.dep_ != "nsubj" or noun.head.lemma_ != "be":
        return None
    clause = next((c for c in noun.head.rights if c.dep_ == "ccomp" and _joined(c, ("that",))), None)
    if clause is None:
        return None
    further = [
        c for c in noun.head.rights if c.dep_ == "ccomp" and c.i > clause.i
    ]  # "that hiding, even for a day, is wrong": two to the parser
    return [(clause.left_edge.i, (further or [clause])[-1].right_edge.i + 1)], "noun-clause"


def owner_of(noun: Token) -> Token | None:
    """Whose word a noun of saying is: "X's claim", "a claim by X", "X made the claim"."""
    owner = next((c for c in noun.lefts if c.dep_ == "poss"), None)
    if owner is not None:
        return owner
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in ("by", "from", "among"):
            return next((c for c in child.children if c.dep_ == "pobj"), None)
        outlet = (
            next((c for c in child.children if c.dep_ == "pobj"), None) if child.dep_ == "prep" and child.lower_ in ("in", "on") else None
        )
        if outlet is not None and outlet.ent_type_ == "ORG" and noun.lemma_ in source_nouns("shows"):
            return outlet  # "a report in the Daily Ledger that …"
    maker = next((c for c in noun.lefts if c.dep_ == "compound" and c.pos_ == "PROPN" and c.ent_type_ == "ORG"), None)
    if maker is not None:
        return maker  # "a Bloomberg report that …", "a Treasury forecast that …"
    if noun.dep_ == "dobj" and noun.head.lemma_ in frame("makers"):
        return own_subject(noun.head)
    return None


def _adjectives(reading: MarkedDoc) -> Iterator[Draft]:
    known, first = classes("adjectives"), first_words("adjectives")
    for i in [i for i, lower in enumerate(reading.lowered) if lower in first]:
        if reading.inside[i] is not None:
            continue
        adjective = reading.doc[i]
        clear = adjective.lower_ == "clear"  # nothing is clear to anybody, but somebody makes it clear
        verb = adjective if adjective.tag_ == "VBN" else adjective.head
        if verb.i != i and (verb.lemma_ != "make" if clear else verb.lemma_ not in _COPULAS):
            continue
        who = own_subject(verb)
        behind = (*adjective.rights, *verb.rights)  # "was adamant that …": the parser hangs the clause on either
        clause = next((c for c in behind if c.dep_ in ("ccomp", "advcl") and c.i > i and _joined(c, ("that", "whether"))), None)
        if clause is not None and who is not None and who.lower_ not in _IMPERSONAL and is_source(who):
            cue = Cue(adjective, reading.doc[i : i + 1], known[adjective.lower_], phrase_of(who), "subject")
            yield cue, [(clause.left_edge.i, clause.right_edge.i + 1)], "adjective-clause"


def _joined(clause: Token, words: tuple[str, ...]) -> bool:
    """Whether a clause begins with one of some joining words, or joins without any and has a subject."""
    marks = [c.lower_ for c in clause.lefts if c.dep_ == "mark"]
    asks = clause.left_edge.tag_ in QUESTION_TAGS and "whether" not in words  # "demand was twelve times what was on sale"
    return any(m in words for m in marks) or (
        not marks and not asks and clause.dep_ == "ccomp" and any(c.dep_ in NOMINAL_SUBJECTS for c in clause.lefts)
    )
