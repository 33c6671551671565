"""The node of a clause: a word that heads it, with what hangs on it directly."""

from dataclasses import dataclass, field

from schemas.fact_row import Stretch
from transforms.facts.phrase_spans import agent_in
from transforms.parse.clause import Relation
from transforms.parse.grammar import NOMINAL_SUBJECTS, QUESTION_TAGS, RELATIVES, SUBJECTS
from transforms.parse.token_tree import Token

_PASSIVE = frozenset({"auxpass", "nsubjpass", "csubjpass"})
_AUXILIARY_DEPS = frozenset({"aux", "auxpass"})
_NO_INFINITIVE = frozenset({"as", "after", "before", "past", "since", "until"})  # what they bring in is a noun, and no clause
_LOOSE = frozenset({"in", "through", "off", "out", "on", "over", "down", "by", "around", "away"})
_PERSONAL = frozenset({"i", "he", "she", "we", "they"})


@dataclass(slots=True, eq=False)
class Node:
    """A word that heads a clause, with what hangs on it directly; what many rules ask is read off once."""

    token: Token
    kids: list[Token]
    first: dict[str, Token]  # of each relation the first word that hangs on it so
    auxiliaries: list[Token]
    lemma: str  # of the verb with its particle: "turn down"
    marker: str  # the word that brings the clause in, in lower case: if, that, when, whether; "" for none
    infinitive: bool  # whether it has a "to" of its own
    above: "Node | None" = None
    relation: Relation = "root"
    via: Token | None = None  # the noun, adjective or preposition through which it hangs on the clause above
    quoted: bool = False
    asks: bool = False  # whether a question mark ends it
    below: list["Node"] = field(default_factory=list)
    own: list[Stretch] = field(default_factory=list)  # the words that belong to it and to no clause below it
    modal: str | None = None  # answers kept by `standing`, which many rules ask for; None before the first
    negated: bool | None = None

    @property
    def passive(self) -> bool:
        if not self.first.keys().isdisjoint(_PASSIVE):
            return True
        if self.token.tag_ != "VBN" or self.auxiliaries:
            return False
        if "agent" in self.first:  # "was built in Norvia and launched by Acme"
            return True
        return self.relation in ("relative", "adverbial") and "nsubj" not in self.first  # not "a move the union rejected"

    @property
    def gerund(self) -> bool:
        """Whether it is a form in -ing, or one with "having" or "being"."""
        return (self.auxiliaries[0] if self.auxiliaries else self.token).tag_ == "VBG"

    @property
    def subject(self) -> Token | None:
        """The noun or pronoun that hangs on it as its subject."""
        return self.has("nsubj", "nsubjpass")

    @property
    def spelt_out(self) -> Token | None:
        """The noun or other word that it spells out, also through a preposition: "a plan to", "the risk of"."""
        return self.via.head if self.via is not None and self.via.dep_ == "prep" else self.via

    def has(self, *deps: str) -> Token | None:
        """The first word that hangs on it by one of these relations, the relations tried in turn."""
        return next((self.first[dep] for dep in deps if dep in self.first), None)


def node_of(token: Token) -> Node:
    """A word that heads a clause, not yet tied to others."""
    kids = list(token.children)
    first: dict[str, Token] = {}
    auxiliaries, particles, marker, infinitive = [], "", "", False
    for k in kids:
        dep = k.dep_
        if dep in NOMINAL_SUBJECTS and k.i < token.i and (_takes_over(k) or _relative_before(first)):
            for other in NOMINAL_SUBJECTS:
                first.pop(other, None)
        first.setdefault(dep, k)
        if dep in _AUXILIARY_DEPS:
            chain = [*(g for g in k.lefts if g.dep_ == "aux"), k]  # "will be much missed"
            auxiliaries += chain
            infinitive = infinitive or any(a.tag_ == "TO" for a in chain)
        elif dep == "prt" or _is_particle(k, token):
            first.setdefault("prt", k)
            particles += " " + k.lower_
        elif not marker and k.i < token.i and (dep == "mark" or (dep != "det" and k.tag_ in QUESTION_TAGS)):
            marker = k.lower_
    if (
        token.tag_ == "VBD"
        and first.keys().isdisjoint(NOMINAL_SUBJECTS)
        and (noun := first.get("compound")) is not None
        and noun.i < token.i
    ):
        first["nsubj"] = noun  # "when the ferry sank", of which parsers make one noun
    if auxiliaries and first.keys().isdisjoint(SUBJECTS):  # "the firms have been hard hit", whose subject parsers hang on the auxiliary
        first.update({g.dep_: g for a in auxiliaries for g in a.lefts if g.dep_ in NOMINAL_SUBJECTS})
    if "auxpass" in first and "agent" not in first and (by := next(filter(None, map(_agent_below, kids)), None)) is not None:
        first["agent"] = by
    if infinitive and marker in _NO_INFINITIVE and "nsubj" in first:  # "lucky as a painter to be able to travel"
        del first["nsubj"]
        marker = ""
    return Node(token, kids, first, auxiliaries, token.lemma_.lower() + particles, marker, infinitive)


def _is_particle(word: Token, verb: Token) -> bool:
    """As in "the sale went through because", "the ban comes in": an adverb right behind the verb that goes with it."""
    return word.i == verb.i + 1 and word.dep_ == "advmod" and word.lower_ in _LOOSE and not word.children and verb.lemma_ != "be"


def _agent_below(kid: Token) -> Token | None:
    """The agent that hangs on a complement of a passive, or on the noun of its preposition."""
    noun = next((g for g in kid.rights if g.dep_ == "pobj"), None) if kid.dep_ == "prep" else kid
    return agent_in(noun) if noun is not None else None


def _relative_before(first: dict[str, Token]) -> bool:
    """As in "which Halden is thought likely to back": what the relative pronoun is taken for is the part of a clause below."""
    return any(dep in first and first[dep].lower_ in RELATIVES for dep in NOMINAL_SUBJECTS)


def _takes_over(subject: Token) -> bool:
    """Whether a subject is the only one, whatever parsers take for another before it: "“Not those,” he said", "Profits up: the bank has won"."""
    return subject.lower_ in _PERSONAL or (subject.left_edge.i > 0 and subject.doc[subject.left_edge.i - 1].text == ":")
