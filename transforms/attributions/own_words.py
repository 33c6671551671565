"""Where the words of one speaker end: the parser lets a clause run on into what the speaker did next, or what another one says."""

from collections.abc import Container, Iterator

from transforms.attributions.frame_words import frame
from transforms.attributions.speakers import stands_apart
from transforms.parse.grammar import NOMINAL_SUBJECTS, SUBJECTS, own_subject
from transforms.parse.token_tree import Token
from transforms.words.reporting import saying

_AGAINST = frozenset({"while", "although", "though", "whereas", "but"})
_BACK = frozenset({"would", "could", "might", "had", "'d", "’d"})
_PARTS = frozenset({"half", "others", "most", "some", "many", "none", "few", "both"})
_PLURAL = frozenset({"NNS", "NNPS"})
_SINGULAR = frozenset({"NN", "NNP", "DT", "CD"})
_PLURAL_WORDS = frozenset({"they", "we", "you", "these", "those"})


def own_words(verb: Token, ranges: list[tuple[int, int]], verbs: Container[int]) -> list[tuple[int, int]]:
    """Content up to what is no part of it: "said he would go and [warned them]", "said it fell, while [the bank says] it rose"."""
    clause = next((c for c in verb.rights if c.dep_ == "ccomp"), None)
    if clause is None:
        return ranges
    stop = min([*_told_apart(verb, clause, verbs), *_by_others(clause, verbs), *_untold(clause)], default=None)
    return ranges if stop is None else [(a, min(b, stop)) for a, b in ranges if a < stop]


def joined_end(verb: Token, stop: int, verbs: Container[int]) -> int:
    """Where what was said ends with a clause that the parser joins to the word of saying: "added that it had cash, but [it could not borrow]".

    No comma parts them, it begins with "that" again, its verb stands back with the telling ("would", "could", "had"), a pronoun's clause
    has words in marks ("but they were “let down”"), or its subject is a part of what was told of ("half", "others").
    """
    further = next((c for c in verb.rights if c.dep_ == "conj" and c.i >= stop), None)
    if further is None:
        return stop
    first = further.left_edge.i
    within = range(first, further.right_edge.i + 1)
    reports = any(i in verbs and any(c.dep_ == "ccomp" for c in verb.doc[i].rights) for i in within)  # "and the bank had said it fell"
    if verb.doc[first - 1].dep_ != "cc" or first - stop > len((",", "and")) or reports:
        return stop
    who = next((c for c in further.lefts if c.dep_ in SUBJECTS), None)
    close = first - stop == 1 and further.i not in verbs and verb.lemma_ not in saying("thinks")  # "and he was free": no comma
    back = verb.tag_ in ("VBD", "VBN") and any(c.dep_ in ("aux", "auxpass") and c.lower_ in _BACK for c in further.lefts)
    marked = who is not None and who.pos_ == "PRON" and further.i not in verbs and any(t.is_quote for t in verb.doc[first : within.stop])
    told = (
        close
        or back
        or marked
        or any(c.dep_ == "mark" and c.lower_ == "that" for c in further.lefts)
        or (who is not None and who.lower_ in _PARTS)
    )
    return within.stop if who is not None and told else stop


def _told_apart(verb: Token, clause: Token, verbs: Container[int]) -> Iterator[int]:
    """Where the speaker goes on to do something else: another word of saying, or a verb whose number is the speaker's alone."""
    for further in clause.rights:
        apart = stands_apart(further) and (further.i in verbs or further.tag_ == verb.tag_ == "VBZ")
        in_tense = further.i in verbs and _in_tense_of(further, verb)
        apart = apart or (in_tense and (clause.tag_ in ("VBZ", "VBP") or any(c.dep_ == "expl" for c in clause.lefts)))
        if further.dep_ != "conj" or not (apart or _agrees_with(further, verb, clause)):
            continue
        yield next((c.i for c in clause.rights if c.dep_ == "cc" and c.i < further.i), further.left_edge.i)


def _in_tense_of(further: Token, verb: Token) -> bool:
    """Whether a verb without subject and auxiliary of its own is in the past as a word of saying is: "said he hopes so / there was none and [called it a shame]"."""
    return verb.tag_ == further.tag_ == "VBD" and not any(c.dep_ in SUBJECTS or c.dep_ in ("aux", "auxpass") for c in further.lefts)


def _agrees_with(further: Token, verb: Token, clause: Token) -> bool:
    """Whether a verb without a subject has the number of who speaks and not that of the clause: "They say it is late and are leaving"."""
    if any(c.dep_ in NOMINAL_SUBJECTS for c in further.lefts):
        return False
    finite = next((c for c in further.lefts if c.dep_ in ("aux", "auxpass")), further)
    said_by, told_of = _plural(verb), _plural(clause)
    if finite.tag_ not in ("VBZ", "VBP") or said_by is None or told_of is None or said_by == told_of:
        return False
    return said_by == (finite.tag_ == "VBP")


def _plural(verb: Token) -> bool | None:
    """Whether a verb's subject is plural; None where it is not one plain word."""
    who = own_subject(verb)
    if who is None or any(c.dep_ in ("conj", "prep", "relcl") for c in who.rights):
        return None
    if who.tag_ in _PLURAL or who.lower_ in _PLURAL_WORDS:
        return True
    return False if who.tag_ in _SINGULAR or who.lower_ in ("he", "she", "it") else None


def _by_others(clause: Token, verbs: Container[int]) -> Iterator[int]:
    """Where another speaker's word is set against it at the end: "…, while the union says that …"."""
    for other in clause.rights:
        joined = next((c for c in other.lefts if c.dep_ == "mark"), None) if other.dep_ == "advcl" else None
        if other.dep_ == "conj":
            joined = next((c for c in clause.rights if c.dep_ == "cc" and c.i < other.i), None)
        if joined is None or joined.lower_ not in _AGAINST or other.i not in verbs or other.right_edge.i < clause.right_edge.i:
            continue
        who = own_subject(other)
        if who is not None and who.pos_ in ("NOUN", "PROPN") and any(c.dep_ == "ccomp" for c in other.rights):
            yield min(other.left_edge.i, joined.i)


def _untold(clause: Token) -> Iterator[int]:
    """Where it is told what the speaker left out: "…, without giving details"."""
    for child in clause.rights:
        if child.lower_ == "without" and child.nbor(-1).text == "," and any(c.lemma_ in frame("elaborating") for c in child.rights):
            yield child.i
