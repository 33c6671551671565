"""The clauses of a Doc as a tree: which words head a clause, which clause governs it, and through what.

The parse is read once into nodes; every later question (status, parts, dates) is asked of the nodes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from transforms.facts.clause import Relation
from transforms.facts.governors import effects, reporting_nouns, reporting_verbs

_HEADS = frozenset(
    {
        "ROOT",
        "ccomp",
        "xcomp",
        "advcl",
        "relcl",
        "acl",
        "conj",
        "csubj",
        "csubjpass",
        "pcomp",
        "parataxis",
        "pobj",
        "appos",
        "acomp",
        "dep",
        "oprd",
    }
)
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_AUXILIARY_DEPS = frozenset({"aux", "auxpass"})
# An adjectival or nominal reading is as likely for these: "is concerned", "trading", so only real verb forms head a clause there.
_WEAK_HEADS = frozenset({"acomp", "dep", "oprd", "appos", "pobj"})
_CLIMB = 60  # words between a clause and the one above it; past that the parse is of no text that people write


@dataclass(slots=True, eq=False)
class Node:
    """A word that heads a clause, with what hangs on it directly."""

    token: Token
    kids: list[Token]
    above: "Node | None" = None
    relation: Relation = "root"
    via: Token | None = None  # the noun, adjective or preposition through which it hangs on the clause above
    quoted: bool = False
    below: list["Node"] = field(default_factory=list)
    own: list[int] = field(default_factory=list)  # indexes of its words

    @property
    def lemma(self) -> str:
        """Lemma of the verb with its particle: "turn down"."""
        return self.token.lemma_.lower() + "".join(" " + k.lower_ for k in self.kids if k.dep_ == "prt")

    @property
    def auxiliaries(self) -> list[Token]:
        return [k for k in self.kids if k.dep_ in _AUXILIARY_DEPS]

    @property
    def passive(self) -> bool:
        return any(k.dep_ in ("auxpass", "nsubjpass", "csubjpass") for k in self.kids) or (
            self.token.tag_ == "VBN" and self.relation in ("relative", "adverbial") and not self.auxiliaries
        )

    @property
    def marker(self) -> str:
        """The word that brings the clause in, in lower case: if, that, when, whether, to; "" for none."""
        for k in self.kids:
            if k.i > self.token.i:
                break
            if k.dep_ == "mark" or (k.tag_ in ("WRB", "WP", "WDT") and k.dep_ != "det"):
                return k.lower_
        return ""

    @property
    def infinitive(self) -> bool:
        """Whether it has its own "to", or shares that of the infinitive with which it is coordinated."""
        return any(k.tag_ == "TO" and k.dep_ == "aux" for k in self.kids)

    def has(self, *deps: str) -> Token | None:
        """The first word that hangs on it by one of these relations."""
        return next((k for k in self.kids if k.dep_ in deps), None)


def tree_of(doc: Doc) -> list[Node]:
    """The clauses of a Doc in text order, tied to one another."""
    quoted = _in_quotes(doc)
    nodes = {t.i: Node(t, list(t.children)) for t in doc if _heads_clause(t)}
    for node in nodes.values():
        node.quoted = quoted[min((a.i for a in node.auxiliaries), default=node.token.i)]
        node.above, node.relation, node.via = _on_object(node, *_hung(node, nodes))
        if node.above is not None:
            node.above.below.append(node)
    _give_words(doc, nodes)
    return list(nodes.values())


def top_down(nodes: Sequence[Node]) -> list[Node]:
    """The same nodes, each behind the one that governs it."""
    ordered = [n for n in nodes if n.above is None]
    for node in ordered:  # grows while it is walked
        ordered.extend(node.below)
    return ordered


def _heads_clause(token: Token) -> bool:
    if token.pos_ != "VERB" or token.tag_ == "MD" or token.dep_ not in _HEADS:
        return False
    if token.dep_ in _WEAK_HEADS:
        return token.tag_ in _FINITE or any(k.dep_ in ("nsubj", "nsubjpass", "dobj", "aux", "auxpass") for k in token.children)
    return True


def _hung(node: Node, nodes: dict[int, Node]) -> tuple[Node | None, Relation, Token | None]:
    """(the clause above, how the node hangs on it, through which word)."""
    token, via = node.token, None
    at = token.head
    if at == token:
        return None, "root", None
    for _ in range(_CLIMB):
        if at.i in nodes:
            return nodes[at.i], _relation(node, nodes[at.i], via), via
        via = via or at
        if at.head == at:
            return None, "root", None
        at = at.head
    return None, "root", None


def _on_object(node: Node, above: Node | None, relation: Relation, via: Token | None) -> tuple[Node | None, Relation, Token | None]:
    """As in "cancelled a deal to sell": an infinitive right behind the object that it spells out belongs to that noun, whatever the parser says."""
    if relation != "purpose" or above is None:
        return above, relation, via
    first = node.token.left_edge
    noun = first.doc[first.i - 1] if first.i else first
    if first.tag_ == "TO" and noun.head == above.token and noun.dep_ in ("dobj", "nsubjpass") and noun.lemma_ in effects("nouns"):
        return above, "noun", noun
    return above, relation, via


def _relation(node: Node, above: Node, via: Token | None) -> Relation:  # noqa: PLR0911 - one line a kind of tie
    token, dep = node.token, node.token.dep_
    bare = token.tag_ == "VBG" and not node.auxiliaries
    if dep == "conj":
        return _coordinate(node, above) if via is None else "relative"
    if dep in ("acl", "relcl", "appos"):
        return _on_noun(node, above, via)
    if dep in ("pcomp", "pobj"):
        return _through_preposition(token, via)
    if dep == "advcl":
        return "purpose" if node.infinitive and node.marker in ("", "for") else "adverbial"
    if dep == "parataxis":
        return "aside"
    if node.infinitive or bare or (dep == "xcomp" and token.tag_ in ("VB", "VBN")):
        return "complement"
    return "content" if dep in ("ccomp", "csubj", "csubjpass", "acomp", "dep", "oprd") or token.tag_ in _FINITE else "complement"


def _coordinate(node: Node, above: Node) -> Relation:
    """As in "announced a merger and that jobs would go": a that-clause coordinated with a verb is what the verb says."""
    mark = node.has("mark")
    begins = mark is not None and mark.lower_ == "that" and above.has("mark") is None
    return "content" if begins else "conj"


def _on_noun(node: Node, above: Node, via: Token | None) -> Relation:
    """A clause on a noun says what the noun is ("an offer to send", "the claim that he lied"), or tells of it ("who", "covered under").

    "announced in a memo that he would leave" is put on the memo by parsers; it is what was announced.
    """
    token, mark = node.token, node.has("mark")
    participle = token.tag_ in ("VBG", "VBN") and not node.auxiliaries
    if node.infinitive:
        in_order = via is not None and via.lower_ == "order" and via.head.lower_ == "in"
        return "purpose" if in_order else "noun"
    if participle:
        return "noun" if via is not None and token.tag_ == "VBG" and via.lemma_ in ("difficulty", "trouble", "problem") else "relative"
    if mark is not None and mark.lower_ == "that" and node.has("nsubj", "nsubjpass") is not None:
        told = via is not None and via.lemma_ not in reporting_nouns() and above.lemma in reporting_verbs()
        return "content" if told else "noun"
    return "noun" if token.dep_ == "acl" and node.marker in ("that", "") else "relative"


def _through_preposition(token: Token, via: Token | None) -> Relation:
    """A gerund behind a preposition: on a verb or adjective it is a complement, on a noun what the noun is about, else an adverbial."""
    if via is None:
        return "complement"
    if token.tag_ in _FINITE or any(k.dep_ in ("nsubj", "nsubjpass") for k in token.children):
        return "adverbial"
    word = via.lower_
    if word in ("after", "before", "while", "when", "since", "by", "without", "upon", "through", "despite", "besides", "instead", "than"):
        return "adverbial"
    if via.head.pos_ in ("NOUN", "PROPN"):
        return "noun"
    return "complement"


def _in_quotes(doc: Doc) -> list[bool]:
    """For each word whether it stands in double quotation marks; an open quote ends with its paragraph."""
    inside, flags = False, []
    for token in doc:
        text = token.text
        if text in ("“", "«", "``"):
            inside = True
        elif text in ("”", "»", "''"):
            inside = False
        elif text == '"':
            inside = not inside
        elif token.is_space and "\n" in text:
            inside = False
        flags.append(inside)
    return flags


def _give_words(doc: Doc, nodes: dict[int, Node]) -> None:
    """Each word belongs to the nearest clause at or above it."""
    owner: list[int | None] = [None] * len(doc)
    known = [False] * len(doc)
    for token in doc:
        path = []
        at = token
        while not known[at.i] and at.i not in nodes and at.head != at:
            path.append(at.i)
            at = at.head
        found = at.i if at.i in nodes else owner[at.i]
        for i in (*path, at.i):
            owner[i], known[i] = found, True
        if found is not None:
            nodes[found].own.append(token.i)
