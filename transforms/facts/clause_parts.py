"""The parts of a clause: who, what is done, and to whom."""

from dataclasses import replace
from typing import Final

from transforms.facts.clause_node import Node
from transforms.facts.clause_tree import behind_comma, singled_out
from transforms.facts.control import (
    MEASURES,
    behind_as,
    done_to,
    ends_in_preposition,
    equates,
    given_to,
    nobody_does,
    owner_of_aim,
    told_to,
)
from transforms.facts.governors import acts, effects, reporting_verbs
from transforms.facts.imperatives import is_imperative
from transforms.facts.phrase_spans import ClausePart, closing_of, joined_before, of_subject, part_of, whole_clause
from transforms.parse.grammar import DASHES, FINITE, RELATIVES, is_time
from transforms.parse.token_tree import Token
from transforms.words.lexicon import words
from transforms.words.reporting import saying
from transforms.words.source_nouns import source_nouns

_SUBJECT_DEPS: Final = ("nsubj", "nsubjpass", "csubj", "csubjpass")
_OBJECT_DEPS: Final = ("dobj", "obj")
_IN_GROUP: Final = frozenset({"aux", "auxpass", "neg"})
_GROUPED: Final = _IN_GROUP | {"prt"}
_BEFORE_GROUP: Final = frozenset({*_SUBJECT_DEPS, "expl"})
_BETWEEN_JOINED: Final = frozenset({"cc", "advmod", "prt", "punct"})
_US: Final = frozenset({"'s", "’s", "us"})  # "let's go"
_ACTING: Final = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_DEPTH: Final = 12  # clauses that a subject is looked for upwards


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
        return whole_clause(word)
    antecedent = _antecedent(node, word)
    return part_of(antecedent) if antecedent is not None else of_subject(word, node.kids, singular=_is_singular(node))


def _implied(node: Node, above: Node, depth: int) -> ClausePart | None:
    """Whom a clause without a subject is about."""
    named = behind_as(node) or _pronoun_above(node, above) or joined_before((*node.auxiliaries, node.token)[0])
    if named is not None:
        return part_of(named)
    if node.relation == "conj":
        return grammatical_subject(above, depth=depth + 1)
    if node.relation == "relative" and node.via is not None and node.token.dep_ in ("acl", "relcl"):
        participle = node.token.tag_ in ("VBG", "VBN") and all(a.lower_ == "being" for a in node.auxiliaries)
        return part_of(node.via) if participle else None
    if node.relation == "noun" and node.via is not None and behind_comma(node):
        return part_of(node.via)
    if node.relation == "noun":
        return _holder_of_noun(node) or _controller(node, above, depth)
    return _controller(node, above, depth)


def _pronoun_above(node: Node, above: Node) -> Token | None:
    """As in "pensioners, who they say have been hit": parsers hang the pronoun of a finite clause on the verb of saying beside another subject."""
    finite = any(t.tag_ in FINITE for t in (*node.auxiliaries, node.token))
    pronoun = any(k.dep_ in _SUBJECT_DEPS and k.lower_ in RELATIVES for k in above.kids)
    own = above.subject is not None and above.subject.lower_ not in RELATIVES
    return above.via if finite and pronoun and own and node.relation != "conj" and above.relation == "relative" else None


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
    if found.token.lower_ == "it" and any(
        k.infinitive and nobody_does(k, above) for k in above.below
    ):  # "it takes days to reach him, raising questions"
        return None
    if equates(node, above, found.token):
        owner = owner_of_aim(found.token)
        return part_of(owner) if owner is not None else None
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
    owner = (_for_subject(node) if node.infinitive else None) or _compound_owner(noun)
    if owner is not None:
        return part_of(owner)
    ordinal = node.infinitive and noun.dep_ != "attr" and singled_out(noun) and noun.lemma_ not in effects("nouns")
    done = noun.lemma_ not in acts("of_somebody") and any(k.dep_ == "auxpass" for k in node.kids)
    return part_of(noun) if ordinal or done else None


def _compound_owner(noun: Token) -> Token | None:
    """As in "government plans to", "Halden efforts to": a body or name right before what is planned or tried."""
    before = noun.nbor(-1) if noun.i else noun
    if before.head != noun or before.dep_ != "compound" or noun.lemma_ not in effects("nouns"):
        return None
    named = before.pos_ == "PROPN" and before.ent_type_ in _ACTING
    return before if named or before.lower_ in source_nouns("body") else None


def _for_subject(node: Node) -> Token | None:
    """As in "calls for Mubarak to resign" as the parser has it: the subject stands before the infinitive behind a preposition."""
    via = node.via
    return via if via is not None and via.dep_ == "pobj" and via.head.lower_ == "for" and via.i < node.token.i else None


def _antecedent(node: Node, pronoun: Token) -> Token | None:
    """The noun that a relative pronoun stands for, also past a clause that shares it: "which was sold and which", "who police say has fled"."""
    if pronoun.lower_ not in RELATIVES:
        return None
    if node.relation == "relative" and node.via is not None:
        return _last_of(node.via, pronoun) if _is_singular(node) else _led_to(node.via)
    above = node.above
    if node.relation == "content" and above is not None and _behind_subject(node, pronoun, above):
        return above.subject  # "people are dying who should not die"
    if node.relation == "content" and above is not None and (singled := _singled_out_by_it(above)) is not None:
        return singled if singled.i < pronoun.i else None
    if pronoun.lower_ in ("who", "which") and (before := _before_dash(pronoun)) is not None:
        return before
    shared = above is not None and (node.relation == "conj" or (node.relation == "content" and pronoun.i < above.token.i))
    return above.via if shared and above is not None and above.relation in ("relative", "noun") else None


def _led_to(noun: Token) -> Token:
    """As in "in favour of traders who": the noun that a preposition in three words leads to."""
    closing = closing_of(noun.head, noun) if noun.dep_ == "pobj" else None
    return next((g for g in closing.rights if g.dep_ == "pobj"), noun) if closing is not None else noun


def _before_dash(pronoun: Token) -> Token | None:
    """As in "the actor Jamie Roe - who is nominated": the noun before the dash, unless that asks."""
    if pronoun.i < 2 or pronoun.nbor(-1).text not in DASHES or not pronoun.nbor(-2).whitespace_:
        return None
    noun = pronoun.nbor(-2)
    return noun if noun.pos_ in ("NOUN", "PROPN") and noun.lemma_ not in acts("open_matters") else None


def _singled_out_by_it(above: Node) -> Token | None:
    """As in "it was Halden who broke it": who is meant stands behind "it was"."""
    subject = above.subject
    return above.has("attr") if above.token.lemma_ == "be" and subject is not None and subject.lower_ == "it" else None


def _is_singular(node: Node) -> bool:
    form = node.auxiliaries[0] if node.auxiliaries else node.token
    return form.tag_ == "VBZ" or form.lower_ == "was"


def _last_of(noun: Token, pronoun: Token) -> Token:
    """As in "Halden Oil and its owner, who is on trial": of several the last, where the verb is singular."""
    joined = any(k.dep_ == "cc" and k.lower_ == "and" for k in noun.rights)
    return next((k for k in noun.rights if joined and k.dep_ == "conj" and k.i < pronoun.i and k.tag_ in ("NN", "NNP")), noun)


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
    if head is None or head.ent_type_ in MEASURES or head.lower_ == "means" or is_time(head):  # "by any means"
        return None
    return part_of(head)


def object_of(node: Node) -> ClausePart | None:
    """What it is done to: the object, of a passive with an agent its grammatical subject, of a relative clause its noun."""
    if node.passive and given_in(node) is None:
        return grammatical_subject(node) if _agent(node) is not None else None
    if (thing := done_to(node)) is not None and node.above is not None:
        return _subject_at(node.above, thing) if thing.lower_ != "it" and not ends_in_preposition(node) else None
    word = _object_word(node)
    return _whole_object(node, part_of(word)) if word is not None else None


def _whole_object(node: Node, thing: ClausePart) -> ClausePart:
    """As in "kept a record 24 clean sheets", "sold dollars worth of chips": one object, of which parsers make two."""
    further = next((k for k in node.kids if k.dep_ in _OBJECT_DEPS and k.i > thing.token.i), None)
    if further is None or further.left_edge.idx != thing.end + 1:
        return thing
    if thing.token.lemma_ not in acts("goes_on_behind") and further.lower_ not in acts("goes_on_with"):
        return thing
    return replace(thing, end=part_of(further).end, first_end=None)


def _object_word(node: Node) -> Token | None:
    """The object itself, what is passed or kept by a passive, or the noun that a relative clause is about."""
    if (small := small_clause(node)) is not None:
        return small[0]
    if node.lemma in acts("helpers") and (doer := _helped(node)) is not None:
        return doer
    objects = [
        k for k in node.kids if k.dep_ in _OBJECT_DEPS and not describes(node, k) and not _only_brings_in(node, k) and not is_aside(node, k)
    ]
    for k in sorted(objects, key=lambda k: k.lower_ == "that" and k.i < node.token.i):  # its own before a "that" in front
        antecedent = _antecedent(node, k)
        return antecedent if antecedent is not None else k
    if (passed := mark_passed(node)) is not None:
        return passed
    if node.token.lemma_ == "be":
        return None
    return node.via if judges(node) or _gapped(node) or _to_do(node) else _shared(node)


def _shared(node: Node) -> Token | None:
    """As in "beat and robbed the women": the object behind the second of two verbs is that of both, where the first hardly stands without one."""
    joined = next((k for k in node.below if k.relation == "conj" and k.token.head == node.token), None)
    if joined is None or joined.token.tag_ != node.token.tag_ or joined.subject is not None or not _lacks_object(node):
        return None
    own = joined.has(*_OBJECT_DEPS)
    further = own if own is not None and own.i > joined.token.i else _shared(joined)
    between = node.token.doc[node.token.i + 1 : joined.token.i]
    linked = all(t.dep_ in _BETWEEN_JOINED or t.tag_ == "TO" for t in between) and (
        further is not own or any(t.dep_ == "cc" for t in between)
    )
    return further if linked else None


def _to_do(node: Node) -> bool:
    """As in "has more details to share", "nothing to hide": what there is to do something to, unless that is an act itself ("a plan to buy")."""
    noun = node.via
    if noun is None or noun != node.token.head or node.relation != "noun" or not node.infinitive or not _lacks_object(node):
        return False
    return noun.dep_ in ("dobj", "attr") and noun.lemma_ not in effects("nouns") and noun.lemma_ not in acts("when_and_how")


def _lacks_object(node: Node) -> bool:
    return node.lemma in words("facts-transitive", "verbs") and not node.passive and node.has("dobj", "ccomp", "xcomp") is None


def is_aside(node: Node, word: Token) -> bool:
    """As in "cuts down on heat, a big problem", "list shares - something new": what is set off behind something else, which parsers take for the object."""
    first = word.left_edge.i
    between = node.token.doc[node.token.i + 1 : first]
    if len(between) > 1 and between[-1].text in DASHES and between[-2].whitespace_:
        return True
    return bool(between) and between[-1].text == "," and sum(t.text == "," for t in between) == 1 and any(t.dep_ == "prep" for t in between)


def small_clause(node: Node) -> tuple[Token, Token] | None:
    """(whom, as what) of "made the firm profitable", "found him guilty", which parsers take for a clause without a verb."""
    so = node.has("ccomp")
    if so is None or so.pos_ not in ("ADJ", "NOUN") or node.lemma not in acts("making") or node.has("dobj") is not None:
        return None
    lefts = list(so.lefts)
    if not lefts or lefts[0].dep_ != "nsubj" or lefts[0].i < node.token.i or any(k.dep_ in ("aux", "mark", "cop") for k in lefts):
        return None
    return lefts[0], so


def _helped(node: Node) -> Token | None:
    """As in "let him go", "helped the firm grow": who is to act is the object of the verb, though parsers have him as a subject."""
    act = node.has("ccomp")
    if act is None or act.tag_ not in ("VB", "VBP") or act.i < node.token.i or node.has("dobj") is not None:
        return None
    lefts = act.lefts
    doer = next((k for k in lefts if k.dep_ == "nsubj" and k.i > node.token.i), None)
    if doer is None or act.left_edge.i < doer.left_edge.i or doer.lower_ in _US or any(k.dep_ in ("aux", "mark") for k in lefts):
        return None  # "see what he finds"
    return doer


def _only_brings_in(node: Node, word: Token) -> bool:
    """As in "told them that he lied": the "that" before what is told, which parsers take for its object."""
    return word.lower_ == "that" and node.relation == "content" and word.i < node.token.i


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


def mark_passed(node: Node) -> Token | None:
    """As in "the strike passed 60 days": a length of time that is passed or reached says no time, it is what is passed."""
    if node.lemma not in acts("passing"):
        return None
    return next((k for k in node.kids if k.dep_ == "npadvmod" and k.i > node.token.i and any(n.like_num for n in k.lefts)), None)


def judges(node: Node) -> bool:
    """As in "it had won, a claim the army dismissed": a clause without a pronoun or an object on an apposition that sums up what was told."""
    via = node.via
    beside = via is not None and (
        via.dep_ == "appos" or (via.dep_ == "npadvmod" and via.left_edge.i > 0 and via.left_edge.nbor(-1).text == ",")
    )
    if via is None or not beside or node.relation not in ("relative", "noun") or node.infinitive or node.marker:
        return False
    finite = node.token.tag_ in {*FINITE, "VBN"} or any(a.tag_ in FINITE for a in node.auxiliaries)
    return finite and via.lemma_ in acts("judged") and node.has("dobj", "mark") is None


def _gapped(node: Node) -> bool:
    """As in "the software Apple licensed": a relative clause with a subject of its own and nothing else is about its object.

    "The day he resigned" says when.
    """
    if node.token.dep_ != "relcl" or node.relation != "relative" or node.via is None or node.subject is None:
        return False
    if node.via.lemma_ in acts("when_and_how") or node.marker or any(k.lower_ in RELATIVES for k in node.kids):
        return False
    if node.has("attr", "acomp", "ccomp", "xcomp") is not None or any(k.dep_ == "advmod" and k.i > node.token.i for k in node.kids):
        return False
    return node.has("prep") is None or node.lemma in words("facts-transitive", "verbs")


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
                first = next((g for g in k.lefts if g.dep_ == "aux"), k)
        elif k.i == last.i + 1 and (k.dep_ == "prt" or k == node.first.get("prt")):
            last = k
    return first.idx, last.idx + len(last.text)
