"""The parts of a clause as spans: who, what is done, to whom, and the further participants."""

from dataclasses import dataclass
from typing import Final

from schemas.fact_row import Stretch
from transforms.facts.clause_node import Node
from transforms.facts.clause_tree import singled_out
from transforms.facts.control import MEASURES, behind_as, done_to, given_to, nobody_does, told_to
from transforms.facts.governors import acts, effects, reporting_verbs
from transforms.facts.imperatives import is_imperative
from transforms.parse.grammar import RELATIVES
from transforms.parse.token_tree import Parse, Token
from transforms.words.lexicon import words
from transforms.words.reporting import saying

_SUBJECT_DEPS: Final = ("nsubj", "nsubjpass", "csubj", "csubjpass")
_OBJECT_DEPS: Final = ("dobj", "obj")
_CLAUSES: Final = frozenset({"relcl", "acl", "advcl", "ccomp", "xcomp", "csubj", "parataxis", "pcomp"})
_ENDS_PHRASE: Final = _CLAUSES | {"neg"}
_ENDS_FIRST: Final = _ENDS_PHRASE | {"punct", "prep", "cc", "conj", "preconj"}
_OPENING: Final = frozenset({"“", "``", "‘", "«"})
_CLOSING: Final = frozenset({'"', "”", "''", "’", "»"})
_MARKS: Final = _OPENING | _CLOSING
_BREAKS: Final = frozenset({"-", "–", "—", "--", "(", "["})  # what follows one is an aside
_NAME: Final = 6  # words of a name
_TIMES: Final = frozenset({"DATE", "TIME"})
_IN_GROUP: Final = frozenset({"aux", "auxpass", "neg"})
_GROUPED: Final = _IN_GROUP | {"prt"}
_BEFORE_GROUP: Final = frozenset({*_SUBJECT_DEPS, "expl"})
_DEPTH: Final = 12  # clauses that a subject is looked for upwards


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


def subject_of(node: Node, *, depth: int = 0) -> ClausePart | None:
    """Who does it: an agent, the subject itself, the noun that a relative clause is about, or whoever the clause above implies."""
    if node.passive and (agent := _agent(node)) is not None:
        return agent
    return grammatical_subject(node, depth=depth)


def grammatical_subject(node: Node, *, depth: int = 0) -> ClausePart | None:
    """The subject by grammar; for a clause without one, what the clause above implies. None past a depth that no text has.

    "There" is nobody: "they looked, but there was no way".
    """
    own = min((node.first[dep] for dep in _SUBJECT_DEPS if dep in node.first), key=lambda k: k.i, default=None)
    if own is not None:
        return _subject_at(node, own)
    if node.has("expl") is not None or is_imperative(node):
        return None
    return _implied(node, node.above, depth) if node.above is not None and depth <= _DEPTH else None


def _subject_at(node: Node, word: Token) -> ClausePart:
    """A subject of its own: a clause whole, of a relative pronoun its noun."""
    if word.dep_ in ("csubj", "csubjpass"):
        return _all_of(word)
    antecedent = _antecedent(node, word)
    return part_of(antecedent if antecedent is not None else word)


def _implied(node: Node, above: Node, depth: int) -> ClausePart | None:
    """Whom a clause without a subject is about."""
    if (named := behind_as(node)) is not None:
        return part_of(named)
    if node.relation == "conj":
        return grammatical_subject(above, depth=depth + 1)
    if node.relation == "relative" and node.via is not None and node.token.dep_ in ("acl", "relcl"):
        participle = node.token.tag_ in ("VBG", "VBN") and all(a.lower_ == "being" for a in node.auxiliaries)
        return part_of(node.via) if participle else None
    if node.relation == "noun":
        return _holder_of_noun(node) or _controller(node, above, depth)
    return _controller(node, above, depth)


def taken_up(subject: ClausePart | None, before: ClausePart | None) -> ClausePart | None:
    """A bare "these" as subject stands for the plural object of the main clause before it, where there is one."""
    if subject is None or before is None or subject.token.lower_ != "these" or before.token.tag_ not in ("NNS", "NNPS"):
        return subject
    return before if subject.end - subject.start == len("these") else subject


def _controller(node: Node, above: Node, depth: int) -> ClausePart | None:
    """Who an infinitive or gerund is about: the object of the verb above (asked him to go), else its subject (wants to go)."""
    if node.relation in ("content", "aside") or node.token.dep_ in ("csubj", "csubjpass") or nobody_does(node, above):
        return None
    if node.relation == "complement":
        told = told_to(node, above)
        if told is not None:
            return part_of(told)
    found = grammatical_subject(above, depth=depth + 1)
    if found is None or found.start <= node.token.idx < found.end:  # "the cost of running it has doubled"
        return None
    noun = node.spelt_out
    governs = noun is not None and found.token == noun and noun.lemma_ in effects("nouns")  # "a plan to cut jobs was dropped"
    return None if governs and node.relation == "noun" and (node.infinitive or node.gerund) else found


def _holder_of_noun(node: Node) -> ClausePart | None:
    """As in "Trump's offer to send", "a decision by the court to": whose act the noun is."""
    noun = node.spelt_out
    if noun is None:
        return None
    for k in noun.children:
        if k.dep_ == "poss":
            return part_of(k)
        if k.dep_ == "prep" and k.lower_ == "by" and (of := next((g for g in k.rights if g.dep_ == "pobj"), None)) is not None:
            return part_of(of)
    if node.above is not None and (given := given_to(noun, node.above)) is not None:
        return part_of(given)
    if node.infinitive and (subject := _for_subject(node)) is not None:
        return subject
    ordinal = node.infinitive and noun.dep_ != "attr" and singled_out(noun) and noun.lemma_ not in effects("nouns")
    return part_of(noun) if ordinal or any(k.dep_ == "auxpass" for k in node.kids) else None


def _for_subject(node: Node) -> ClausePart | None:
    """As in "calls for Mubarak to resign" as the parser has it: the subject stands before the infinitive behind a preposition."""
    via = node.via
    return part_of(via) if via is not None and via.dep_ == "pobj" and via.head.lower_ == "for" and via.i < node.token.i else None


def _antecedent(node: Node, pronoun: Token) -> Token | None:
    """The noun that a relative pronoun stands for, also past a clause that shares it: "which was sold and which", "who police say has fled"."""
    if pronoun.lower_ not in RELATIVES:
        return None
    if node.relation == "relative" and node.via is not None:
        return node.via
    above = node.above
    if node.relation == "content" and above is not None and _behind_subject(node, pronoun, above):
        return above.subject  # "people are dying who should not die"
    shared = above is not None and (node.relation == "conj" or (node.relation == "content" and pronoun.i < above.token.i))
    return above.via if shared and above is not None and above.relation in ("relative", "noun") else None


def _behind_subject(node: Node, pronoun: Token, above: Node) -> bool:
    """Whether a clause with "who" right behind a verb that takes none tells of that verb's subject."""
    if pronoun.lower_ != "who" or pronoun.i != above.token.i + 1 or above.relation == "relative":
        return False
    return above.lemma not in reporting_verbs() and above.lemma not in saying("reports") and not above.infinitive


def _agent(node: Node) -> ClausePart | None:
    agent = node.has("agent")
    if agent is None:
        return None
    head = next((k for k in agent.rights if k.dep_ == "pobj"), None)
    return part_of(head) if head is not None and head.ent_type_ not in MEASURES else None


def object_of(node: Node) -> ClausePart | None:
    """What it is done to: the object, of a passive with an agent its grammatical subject, of a relative clause its noun."""
    if node.passive and given_in(node) is None:
        return grammatical_subject(node) if _agent(node) is not None else None
    if (thing := done_to(node)) is not None and node.above is not None:
        return _subject_at(node.above, thing) if thing.lower_ != "it" and not _ends_in_preposition(node) else None
    word = _object_word(node)
    return part_of(word) if word is not None else None


def _object_word(node: Node) -> Token | None:
    """The object itself, what is passed or kept by a passive, or the noun that a relative clause is about."""
    for k in node.kids:
        if k.dep_ in _OBJECT_DEPS and not describes(node, k):
            antecedent = _antecedent(node, k)
            return antecedent if antecedent is not None else k
    if (passed := mark_passed(node)) is not None:
        return passed
    return node.via if judges(node) or _gapped(node) else None


def given_in(node: Node) -> Token | None:
    """As in "she was awarded a prize": the object that a passive keeps."""
    given = node.has("dobj") if node.passive else None
    if given is None or given.i < node.token.i or (node.has("agent") is not None and node.lemma not in words("facts-control", "giving")):
        return None
    return given


def describes(node: Node, word: Token) -> bool:
    """Whether what parsers take for an object is what somebody is: of "be", and a bare adjective ("sleeps warm")."""
    if node.token.lemma_ == "be":
        return True
    bare = word.tag_ == "JJ" and word.pos_ == "ADJ" and not word.n_rights and not any(k.dep_ in ("det", "poss") for k in word.lefts)
    return bare and word.lower_ not in acts("how_many")


def _ends_in_preposition(node: Node) -> bool:
    """As in "hard to work with", "hard to drive over"."""
    return any(k.dep_ in ("prep", "prt", "advmod") and k.i == node.token.i + 1 and not k.n_rights for k in node.token.rights)


def mark_passed(node: Node) -> Token | None:
    """As in "the strike passed 60 days": a length of time that is passed or reached says no time, it is what is passed."""
    if node.lemma not in acts("passing"):
        return None
    return next((k for k in node.kids if k.dep_ == "npadvmod" and k.i > node.token.i and any(n.like_num for n in k.lefts)), None)


def judges(node: Node) -> bool:
    """As in "it had won, a claim the army dismissed": a clause without a pronoun or an object on an apposition that sums up what was told."""
    via = node.via
    if via is None or via.dep_ != "appos" or node.relation not in ("relative", "noun") or node.infinitive or node.marker:
        return False
    finite = node.token.tag_ in ("VBD", "VBZ", "VBP") or any(a.tag_ in ("VBD", "VBZ", "VBP") for a in node.auxiliaries)
    return finite and via.lemma_ in acts("judged") and node.has("dobj", "mark") is None


def _gapped(node: Node) -> bool:
    """As in "the software Apple licensed": a relative clause with a subject of its own and nothing else is about its object.

    "The day he resigned" says when.
    """
    if node.token.dep_ != "relcl" or node.relation != "relative" or node.via is None or node.subject is None:
        return False
    if node.via.lemma_ in acts("when_and_how") or node.marker or any(k.lower_ in RELATIVES for k in node.kids):
        return False
    return not node.has("attr", "acomp", "ccomp", "xcomp", "prep", "advmod")


def part_of(head: Token) -> ClausePart:
    """The phrase of a noun: with prepositions and conjuncts, without clauses, appositions and dates that hang on it."""
    doc = head.doc
    start, end = _start(head), _end(head, _ENDS_PHRASE)
    if head.n_rights and (tied := _over_hyphen(doc, end)) > end:
        return ClausePart(doc[start].idx, _last(doc, tied), _last(doc, tied), head)
    begin = doc[start].idx if start != head.i else head.idx
    end = _with_closing_mark(doc, start, end)
    if end == head.i + 1:
        last = _last(doc, _with_scale(doc, end))
        return ClausePart(begin, last, last, head)
    several = any(k.dep_ == "conj" and k.i < end for k in head.rights)
    return ClausePart(begin, _last(doc, end), None if several else _last(doc, _end(head, _ENDS_FIRST)), head)


def _with_scale(doc: Parse, end: int) -> int:
    """Where a number that ends before token `end` ends with what is written on to it: tokenizers take "$5m" apart."""
    if doc[end - 1].whitespace_ or end == len(doc):
        return end
    return end + 1 if doc[end].is_alpha and doc[end - 1].like_num else end


def _with_closing_mark(doc: Parse, start: int, end: int) -> int:
    """Where a phrase ends with the mark that closes what was opened inside it: the "control orders", the driver(s)."""
    if end < len(doc) and doc[end].text == ")" and "(" in doc[end - 1].text[1:] and not doc[end - 1].whitespace_:
        return end + 1
    if end == len(doc) or doc[end].text not in _CLOSING or doc[end - 1].whitespace_:
        return end
    opened = sum(1 if doc[i].text in _OPENING else -1 for i in range(start, end) if doc[i].text in _MARKS)
    return end + 1 if opened % 2 else end


def _over_hyphen(doc: Parse, end: int) -> int:
    """Where a phrase that ends before token `end` ends with what a hyphen ties to it: parsers take "vice-president" apart."""
    hyphen = end - 1 if doc[end - 1].text == "-" else end
    if hyphen + 1 >= len(doc) or not hyphen or doc[hyphen].text != "-" or doc[hyphen].whitespace_ or doc[hyphen - 1].whitespace_:
        return end
    return hyphen + 2


def _all_of(head: Token) -> ClausePart:
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
        if not (word.is_space or word.dep_ == "punct"):
            break
        start += 1
    if start and doc[start].lower_ == "to" and doc[start - 1].lower_ == "up":
        start -= 1
    return _with_possessor(head, start)


def _end(head: Token, ends: frozenset[str]) -> int:
    """Where a phrase ends: before the first right child of a relation in `ends`, or that is a date or holds a clause."""
    doc, end = head.doc, head.i + 1
    for child in head.rights:
        dep = child.dep_
        if dep in ends or dep == "case" or (dep == "prep" and head.ent_type_ not in _TIMES and _temporal(child)):
            break
        if dep == "appos" and not _names(head, child):
            break
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
        if token.pos_ == "VERB" and token.dep_ in _CLAUSES and not (token.dep_ == "pcomp" and token.head == child and child.lower_ == "of"):
            return max(token.left_edge.i, behind)
    return end


def _with_possessor(head: Token, start: int) -> int:
    """Where a phrase begins with the name before an apostrophe that the parser left out of it, as in headlines."""
    doc = head.doc
    if start >= 2 and doc[start - 1].lower_ in ("'s", "’s") and doc[start - 2].pos_ == "PROPN":
        start -= 2
        while start and doc[start - 1].pos_ == "PROPN" and doc[start - 1].head == doc[start]:
            start -= 1
    return start


def _temporal(prep: Token) -> bool:
    return any(k.dep_ == "pobj" and k.ent_type_ in _TIMES for k in prep.rights)


def verb_group(node: Node) -> tuple[int, int]:
    """(start, end) of the verb with its auxiliaries, negator and particle, as far as no other part stands between."""
    first = last = node.token
    if node.first.keys().isdisjoint(_GROUPED):
        return first.idx, last.idx + len(last.text)
    at = node.token.i
    for k in node.kids:  # in text order
        if k.i < at:
            dep = k.dep_
            if dep in _BEFORE_GROUP:
                first = node.token
            elif dep in _IN_GROUP and k.i < first.i:
                first = k
        elif k.i == last.i + 1 and k.dep_ == "prt":
            last = k
    return first.idx, last.idx + len(last.text)
