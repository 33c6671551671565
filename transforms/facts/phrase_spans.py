"""Where the phrase of a noun begins and ends, in characters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.fact_row import Stretch
from transforms.facts.governors import acts
from transforms.parse.grammar import FINITE_OR_MODAL, NOMINAL_SUBJECTS, SUBJECTS, TIMES
from transforms.parse.token_tree import Parse, Token
from transforms.words.lexicon import words

_CLAUSES: Final = frozenset({"relcl", "acl", "advcl", "ccomp", "xcomp", "csubj", "parataxis", "pcomp"})
_ENDS_PHRASE: Final = _CLAUSES | {"neg"}
_ENDS_FIRST: Final = _ENDS_PHRASE | {"punct", "prep", "cc", "conj", "preconj"}
_OPENING: Final = frozenset({"“", "``", "‘", "«"})
_CLOSING: Final = frozenset({'"', "”", "''", "’", "»"})
_MARKS: Final = _OPENING | _CLOSING
_BREAKS: Final = frozenset({"-", "–", "—", "--", "(", "["})  # what follows one is an aside
_NAME: Final = 6  # words of a name
_CLOSES: Final = frozenset({"of", "to", "with", "for"})  # what a preposition in three words may end in: "on behalf of"
_CLIMB: Final = 12  # words between a noun and the subject that it may stand in
_BARE: Final = frozenset({"both", "all", "him", "her", "them", "it", "us", "me", "you"})
_INTO: Final = frozenset({"into", "to", "in"})
_ABOUT: Final = frozenset({"in", "on", "about", "at", "for", "against"})


@dataclass(frozen=True, slots=True)
class ClausePart:
    """A phrase in characters: all of it, and where its head's own phrase ends; of several joined by "and" no one is the head."""

    start: int
    end: int
    first_end: int | None
    token: Token

    @property
    def whole(self) -> Stretch:
        return Stretch(start=self.start, end=self.end)

    @property
    def first(self) -> Stretch | None:
        return Stretch(start=self.start, end=self.first_end) if self.first_end is not None else None


def part_of(head: Token) -> ClausePart:
    """The phrase of a noun: with prepositions and conjuncts, without clauses, appositions and dates that hang on it."""
    doc = head.doc
    start, end = _start(head), _end(head, _ENDS_PHRASE)
    if (tied := _over_hyphen(doc, end)) > end:
        return ClausePart(doc[start].idx, _last(doc, tied), _last(doc, tied), head)
    begin = doc[start].idx if start != head.i else head.idx
    end = _with_closing_mark(doc, start, end)
    if end == head.i + 1:
        last = _last(doc, _with_scale(doc, end))
        return ClausePart(begin, last, last, head)
    several = any(k.dep_ == "conj" and k.i < end for k in head.rights)
    return ClausePart(begin, _last(doc, end), None if several else _last(doc, _end(head, _ENDS_FIRST)), head)


def of_subject(word: Token, others: Sequence[Token], *, singular: bool) -> ClausePart:
    """The phrase of a subject, also where parsers make two of it: "Ann Roe, 30, and her deputy" of no verb in the singular, "the firm's head Ann Roe"."""
    whole = part_of(word)
    further = next((k for k in others if k.i > word.i and k.dep_ == word.dep_), None)
    if further is None:
        return whole
    doc, first = word.doc, further.left_edge.i
    joined = first > 0 and doc[first - 1].dep_ == "cc" and doc[first - 1].head == word and doc[first - 1].lower_ == "and"
    if joined and not singular and not any(doc[at].pos_ in ("VERB", "AUX") for at in range(word.i, first)):
        return ClausePart(whole.start, part_of(further).end, None, word)
    named = further.pos_ == "PROPN" and word.right_edge.i + 1 == first and doc[first - 1].pos_ in ("NOUN", "PROPN")
    return ClausePart(whole.start, part_of(further).end, whole.first_end, word) if named else whole


def begins_clause(joined: Token) -> bool:
    """As in "after the war and lots of people have left": what "and" joins to a noun by parsers, and a finite auxiliary of another clause follows."""
    doc, behind = joined.doc, joined.right_edge.i + 1
    if behind >= len(doc) or doc[behind].pos_ != "AUX" or doc[behind].tag_ not in FINITE_OR_MODAL:
        return False
    auxiliary, top = doc[behind], joined.head
    while top.dep_ == "conj" and top.head != top:
        top = top.head
    verb = auxiliary.head if auxiliary.dep_ in ("aux", "auxpass") else auxiliary
    in_front = top.dep_ in ("pobj", "dobj") and top.head.lower_ != "between" and not any(k.dep_ in SUBJECTS for k in verb.lefts)
    return in_front and doc[joined.left_edge.i - 1].dep_ == "cc" and top.head.i < top.i and not _governs(verb, top)


def joined_before(first: Token) -> Token | None:
    """The noun before a verb group without a subject that parsers join to another clause's: "after the war and [lots of people] have left"."""
    at = first.nbor(-1) if first.i else first
    for _ in range(_CLIMB):
        if at.right_edge.i != first.i - 1 or at.head == at:
            return None
        if at.dep_ == "conj":
            return at if begins_clause(at) else None
        at = at.head
    return None


def closing_of(prep: Token, noun: Token | None) -> Token | None:
    """The "of" that makes one preposition of "on behalf of", "in front of"."""
    if noun is None or not noun.n_rights or prep.lower_ not in ("in", "on") or not is_phrasal(prep):
        return None
    last = next(g for g in noun.rights if g.dep_ == "prep")
    return last if last.lower_ in _CLOSES else None


def is_phrasal(prep: Token) -> bool:
    """As in "in connection with the 1994 killing": one preposition in three words, whose date is that of what it leads to."""
    noun = next((k for k in prep.rights if k.dep_ == "pobj"), None)
    if noun is None or noun.lower_ not in words("facts-events", "phrasal"):
        return False
    return not any(k.dep_ in ("det", "poss") for k in noun.lefts) and any(k.dep_ == "prep" and k.i == noun.i + 1 for k in noun.rights)


def _governs(verb: Token, word: Token) -> bool:
    """Whether a word hangs below a verb by way of its subject: "those who live in Halden and Marlin have left"."""
    at = word
    for _ in range(_CLIMB):
        if at.dep_ in SUBJECTS and at.i < verb.i:
            return True
        if at.head == at:
            return False
        at = at.head
    return True


def _with_scale(doc: Parse, end: int) -> int:
    """Where a number that ends before token `end` ends with what is written on to it: tokenizers take "$5m" apart."""
    if doc[end - 1].whitespace_ or end == len(doc):
        return end
    return end + 1 if doc[end].is_alpha and doc[end - 1].like_num else end


def _with_closing_mark(doc: Parse, start: int, end: int) -> int:
    """Where a phrase ends with the mark that closes what was opened inside it: the "control orders", the driver(s)."""
    if end < len(doc) and doc[end].text == ")" and not doc[end - 1].whitespace_ and _opened(doc, start, end):
        return end + 1
    if end == len(doc) or doc[end].text not in _CLOSING or doc[end - 1].whitespace_:
        return end
    opened = sum(1 if doc[i].text in _OPENING else -1 for i in range(start, end) if doc[i].text in _MARKS)
    return end + 1 if opened % 2 else end


def _opened(doc: Parse, start: int, end: int) -> bool:
    """Whether a bracket that the phrase opens is still open at its end: "the Union (HRU"."""
    inside = "".join(doc[i].text for i in range(start, end))
    return "(" in inside[1:] and inside.count("(") > inside.count(")")


def _over_hyphen(doc: Parse, end: int) -> int:
    """Where a phrase that ends before token `end` ends with what a hyphen ties to it: parsers take "vice-president" apart."""
    hyphen = end - 1 if doc[end - 1].text == "-" else end
    if hyphen + 1 >= len(doc) or not hyphen or doc[hyphen].text != "-" or doc[hyphen].whitespace_ or doc[hyphen - 1].whitespace_:
        return end
    return hyphen + 2


def whole_clause(head: Token) -> ClausePart:
    """A clause that is a subject, whole."""
    doc, end = head.doc, head.right_edge.i + 1
    return ClausePart(head.left_edge.idx, _last(doc, end), _last(doc, end), head)


def _last(doc: Parse, end: int) -> int:
    """The character behind the word before `end`."""
    return doc[end - 1].idx + len(doc[end - 1].text)


def _start(head: Token) -> int:
    doc, start, at = head.doc, head.left_edge.i, head.i
    while start < at:
        word = doc[start]
        if not (word.is_space or word.dep_ == "punct" or (at > start + 1 and is_day_before(word, head))):
            break
        start += 1
    if start and doc[start].lower_ == "to" and doc[start - 1].lower_ == "up":
        start -= 1
    elif start < at and doc[start].lower_ == "so" and _joins_clauses(doc[start], head):
        start += 1
    return _with_possessor(head, start)


def _joins_clauses(so: Token, subject: Token) -> bool:
    """As in "needs less room so more books can be kept": a "so" that brings in what follows, and no "so many books"."""
    behind = so.doc[so.i + 1]
    return subject.dep_ in NOMINAL_SUBJECTS and behind.lower_ not in acts("how_many") and behind.lower_ not in ("called", "-")


def is_day_before(word: Token, name: Token) -> bool:
    """As in "yesterday Ann Roe said": a day, of which parsers make the first of a name's words."""
    return word.dep_ == "compound" and word.head == name and name.pos_ == "PROPN" and word.lower_ in acts("days")


def _end(head: Token, ends: frozenset[str]) -> int:
    """Where a phrase ends: before the first right child of a relation in `ends`, or that is a date or holds a clause."""
    doc, end = head.doc, head.i + 1
    for child in head.rights:
        dep = child.dep_
        if dep in ends or dep == "case" or (dep == "prep" and head.ent_type_ not in TIMES and _temporal(child)):
            break
        if dep == "conj" and child.pos_ in ("NOUN", "PROPN") and begins_clause(child):
            break
        if dep == "appos" and not _names(head, child) and not _joined_behind(head, child):
            break
        if (dep == "prep" and asked_by_verb(head, child)) or child == agent_in(head):
            break
        if dep == "prep" and head.dep_ == "pobj" and head.head.dep_ == "agent" and head.lower_ in _BARE and child.lower_ != "of":
            break  # "is claimed by both in its entirety"
        if dep == "punct" and child.text in _BREAKS:
            break
        if dep in ("punct", "cc"):
            continue  # taken in with what it joins
        cut = _end_without_clause(child)
        if child.pos_ == "ADJ" and cut <= child.right_edge.i and (cut == child.i + 1 or doc[cut - 1].dep_ == "prep"):
            break  # "a device capable of flying" is a device
        if cut > child.i + 1 or dep != "prep":
            end = cut
        if cut <= child.right_edge.i:
            break
    while end - 1 > head.i and _closes_nothing(doc[end - 1]):
        end -= 1
    return end


def agent_in(noun: Token) -> Token | None:
    """As in "was declared an outlaw by the court", "were spurred into action by rivals": parsers hang on a complement who does it."""
    moved = noun.dep_ == "pobj" and noun.head.lower_ in _INTO and not noun.n_lefts
    if noun.dep_ != "oprd" and not moved:
        return None
    verb = noun.head.head if moved else noun.head
    if not any(k.dep_ == "auxpass" for k in verb.lefts) or any(k.dep_ == "agent" for k in verb.rights):
        return None
    by = (k for k in noun.rights if k.dep_ in ("prep", "agent") and k.lower_ == "by" and not noun.ent_type_)
    return next((k for k in by if any(g.dep_ == "pobj" and g.ent_type_ not in TIMES for g in k.rights)), None)


def asked_by_verb(noun: Token, prep: Token) -> bool:
    """As in "sold the striker to Halden", "blamed the delay on a lack of staff": parsers hang on the object what the verb asks for."""
    if noun.dep_ != "dobj" or noun.lemma_ in acts("with_to") or noun.lemma_ in acts("with_to_kept"):
        return False
    named = noun.pos_ == "PROPN" and prep.lower_ == "of" and any(k.pos_ == "PROPN" for k in prep.rights)  # "told the Bank of Norvia"
    return not named and f"{noun.head.lemma_} {prep.lower_}" in acts("frames")


def _joined_behind(head: Token, beside: Token) -> bool:
    """As in "Ann Roe, the head of Halden, and her deputy": who is joined behind an apposition."""
    return any(k.dep_ == "cc" and k.i > beside.i and k.lower_ == "and" for k in head.rights)


def _closes_nothing(word: Token) -> bool:
    """Whether a word cannot be the last of a phrase: white space, a mark but a percent sign, "and", a preposition whose noun was cut off."""
    return word.is_space or (word.is_punct and word.text != "%") or word.dep_ == "cc" or (word.dep_ == "prep" and word.tag_ in ("IN", "TO"))


def _names(head: Token, beside: Token) -> bool:
    """Whether what stands beside a noun says who it is: "the auction site, Orbis", "club captain Ann Roe"; what tells of a name is no part of it."""
    left = beside.left_edge.i
    mark = beside.doc[left - 1]
    if mark.is_space:
        return False
    if not mark.is_punct:
        return beside.pos_ in ("NOUN", "PROPN")
    return mark.text == "," and head.pos_ == "NOUN" and beside.pos_ == "PROPN" and beside.right_edge.i - left < _NAME


def _end_without_clause(child: Token) -> int:
    """Where a right child of a noun ends before the first clause in it."""
    doc, behind, end = child.doc, child.i + 1, child.right_edge.i + 1
    for at in range(behind, end):
        token = doc[at]
        if token.pos_ == "VERB" and token.dep_ in _CLAUSES and not _spells_out(child, token):
            return max(token.left_edge.i, behind)
    return end


def _spells_out(prep: Token, verb: Token) -> bool:
    """As in "the risk of losing jobs", "interested in printing pictures": a gerund that says what a noun or an adjective is about, also within another."""
    described = prep.pos_ == "ADJ" and prep.head.pos_ in ("NOUN", "PROPN")  # "a ship capable of carrying grain"
    if verb.dep_ != "pcomp" or described or (verb.head != prep and verb.head.head.i < prep.i):
        return False
    if verb.head.lower_ == "of":
        return True
    about = verb.head != prep or (prep.lower_ in _ABOUT and prep.head.pos_ in ("NOUN", "ADJ"))
    return about and verb.tag_ == "VBG" and not any(k.dep_ in ("ccomp", "xcomp") for k in verb.rights)


def _with_possessor(head: Token, start: int) -> int:
    """Where a phrase begins with the name before an apostrophe that the parser left out of it, as in headlines."""
    doc = head.doc
    if start >= 2 and doc[start - 1].lower_ in ("'s", "’s") and doc[start - 2].pos_ == "PROPN":
        start -= 2
        while start and doc[start - 1].pos_ == "PROPN" and doc[start - 1].head == doc[start]:
            start -= 1
    return start


def _temporal(prep: Token) -> bool:
    return any(k.dep_ == "pobj" and k.ent_type_ in TIMES for k in prep.rights)
