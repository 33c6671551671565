"""The clauses of a parse as a tree: which clause governs which, and through what.

The parse is read once into nodes; every later question (status, parts, dates) is asked of the nodes.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

import numpy as np

from schemas.fact_row import Stretch
from transforms.annotate import Annotated
from transforms.facts.clause_heads import clause_heads
from transforms.facts.clause_node import Node, node_of
from transforms.facts.governors import effects, reporting_nouns, reporting_verbs
from transforms.facts.phrase_spans import asked_by_verb
from transforms.parse.clause import Relation
from transforms.parse.grammar import FINITE, own_subject
from transforms.parse.token_tree import Parse, Token
from transforms.words.lexicon import words
from transforms.words.reporting import saying
from transforms.words.source_nouns import source_nouns

_CLIMB = 60  # words between a clause and the one above it; past that the parse is of no text that people write


_ORDINAL: Final = re.compile(
    r"\d+(?:st|nd|rd|th)|(?:[a-z]+-)?(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|[a-z]+teen|hundred)th|[a-z]+-(?:first|second|third)"
)
_QUESTION_MARK: Final = re.compile(r"\?")


def tree_of(article: Annotated) -> list[Node]:
    """The clauses of an annotated article, in text order, tied to one another."""
    doc = article.parse
    nodes = {t.i: node_of(t) for t in clause_heads(doc)}
    asking = _asking(doc, article.text)
    for node in nodes.values():
        node.asks = bool(asking) and node.token.right_edge.i in asking
        first = min((a.idx for a in node.auxiliaries), default=node.token.idx)
        node.quoted = article.marks.around(first) is not None
        node.above, node.relation, node.via = _on_object(node, *_hung(node, nodes))
        if node.relation == "conj" and _told_further(node):
            node.above = node.above.above if node.above is not None else None
        elif node.relation == "conj" and (node.infinitive or _cannot_join(node)):
            node.above = _infinitive_before(node)
        if node.above is not None:
            node.above.below.append(node)
    _give_words(doc, nodes)
    return list(nodes.values())


def part(nodes: Sequence[Node]) -> None:
    """Let go of the clauses below each clause. They point at one another and at tokens, so that else only a walk of the collector frees both."""
    for node in nodes:
        node.below = []


def top_down(nodes: Sequence[Node]) -> list[Node]:
    """The same nodes, each behind the one that governs it."""
    ordered = [n for n in nodes if n.above is None]
    for node in ordered:  # grows while it is walked
        ordered.extend(node.below)
    return ordered


def _hung(node: Node, nodes: dict[int, Node]) -> tuple[Node | None, Relation, Token | None]:
    """(the clause above, how the node hangs on it, through which word)."""
    token, via = node.token, None
    at = token.head
    if at == token:
        return None, "root", None
    for _ in range(_CLIMB):
        if at.i in nodes:
            return (None, "root", None) if _apart(token, at) else (nodes[at.i], _relation(node, nodes[at.i], via), via)
        via = via or at
        if at.head == at:
            return _on_headline(node, via)
        at = at.head
    return None, "root", None


def _on_headline(node: Node, noun: Token) -> tuple[None, Relation, Token | None]:
    """How a clause hangs on a noun with no verb above it: "Plan to close mine", "A tool that saves time"."""
    if noun.pos_ not in ("NOUN", "PROPN"):
        return None, "root", None
    if node.infinitive:
        return None, "noun", noun
    tells = node.token.dep_ == "relcl" and any(k.tag_ in ("WDT", "WP") for k in node.kids)
    return (None, "relative", noun) if tells else (None, "root", None)


def _apart(token: Token, above: Token) -> bool:
    """As in "it rained; he agreed": a clause of its own in front of a semicolon, which parsers take for what the next verb says."""
    return token.dep_ in ("ccomp", "nsubj") and token.i < above.i and any(t.text == ";" for t in token.doc[token.i : above.i])


def _told_further(node: Node) -> bool:
    """As in "said she had no plans, and denied a report": a verb of saying behind a comma goes on with whoever said the first."""
    above, token = node.above, node.token
    report = above.above if above is not None and above.relation == "content" else None
    if report is None or report.token.i > token.i or token.tag_ != "VBD" or report.token.tag_ != "VBD":
        return False
    if node.auxiliaries or node.lemma not in saying("reports") or node.subject is not None:
        return False
    doc = token.doc
    return token.i > 2 and doc[token.i - 1].tag_ == "CC" and doc[token.i - 2].text == ","


def _cannot_join(node: Node) -> bool:
    """As in "urged us to stay and report it": a bare infinitive goes on with an infinitive, whatever finite verb parsers join it to."""
    above = node.above
    bare = node.token.tag_ == "VB" or (node.token.tag_ == "VBP" and above is not None and above.token.tag_ == "VBZ")
    if above is None or not bare or node.auxiliaries or node.subject is not None or above.auxiliaries:
        return False
    asks = effects("verbs").get(above.lemma) == "demanded" and above.subject is not None  # "we ask", of which taggers make a VB
    return above.token.tag_ in ("VBD", "VBZ") or asks


def _infinitive_before(node: Node) -> Node | None:
    """The infinitive that another goes on with, which parsers hang on the verb above both: "urged us to stay and to wait"."""
    above = node.above
    if above is None or above.infinitive:
        return above
    joined = [g for k in above.below if k.relation == "conj" for g in k.below]  # "opposes it and calls on us to wait, stay and listen"
    before = (k for k in reversed([*above.below, *joined]) if k.infinitive and k.relation in ("complement", "purpose", "noun"))
    return next(before, above)


def _on_object(node: Node, above: Node | None, relation: Relation, via: Token | None) -> tuple[Node | None, Relation, Token | None]:
    """As in "cancelled a deal to sell", "thanked the first people to come": an infinitive right behind the object that it spells out is that noun's."""
    if relation not in ("purpose", "complement") or not node.infinitive or above is None:
        return above, relation, via
    first = node.token.left_edge
    noun = first.doc[first.i - 1] if first.i else first
    if behind_comma(node):
        return above, "noun", noun.nbor(-1)
    if first.tag_ != "TO" or noun.head != above.token or noun.dep_ not in ("dobj", "nsubjpass", "attr"):
        return above, relation, via
    spelt_out, brings_about = noun.lemma_ in effects("nouns"), above.lemma in effects("verbs")
    if relation == "complement":  # not "use their power to silence them"
        spelt_out = spelt_out and not brings_about and above.lemma not in words("facts-control", "subject")
    return (above, "noun", noun) if spelt_out or (not brings_about and singled_out(noun)) else (above, relation, via)


def behind_comma(node: Node) -> bool:
    """As in "at a gala, to be held in Norvia": a passive infinitive behind a noun and a comma is that noun's."""
    first = node.token.left_edge
    if not node.passive or first.tag_ != "TO" or first.i < 2:
        return False
    return first.nbor(-1).text == "," and first.nbor(-2).pos_ in ("NOUN", "PROPN")


def _relation(node: Node, above: Node, via: Token | None) -> Relation:
    """How a clause hangs on the one above: first by its dependency, where that says it, else by its form."""
    dep = node.token.dep_
    if dep == "conj":
        return _coordinate(node, above) if via is None else "relative"
    if dep in ("acl", "relcl", "appos"):
        return _on_noun(node, above, via)
    if dep in ("pcomp", "pobj"):
        return _through_preposition(node.token, via)
    if dep == "advcl":
        return "complement" if of_adjective(node) else _beside_verb(node, above)
    return "aside" if dep == "parataxis" else _in_complement(node, via)


def of_adjective(node: Node) -> Token | None:
    """The adjective of "makes it hard to sell", "find it easy to relax", which the infinitive spells out."""
    via = node.via if node.via is not None else node.token.head
    judged = node.infinitive and via.pos_ == "ADJ" and any(k.dep_ == "nsubj" and k.lower_ == "it" for k in via.lefts)
    return via if judged else None


def _beside_verb(node: Node, above: Node) -> Relation:
    """As in "left to fight", "it is hard for them to win", "left when it rained"."""
    if not node.infinitive or node.marker not in ("", "for"):
        return "adverbial"
    if not node.marker and (takes_time(above) or asked_through(node, above) is not None):
        return "complement"
    of_it = above.token.lemma_ == "be" and above.has("acomp") is not None
    return "complement" if node.marker and (of_it or f"{above.lemma} for" in effects("verbs")) else "purpose"


def asked_through(node: Node, above: Node) -> Token | None:
    """The preposition behind which stands who is asked to act: "calls on Norvia to stop", "look to exports to grow"; not "look to the door to see"."""
    if above.lemma == "look" and node.lemma in words("facts-acts", "looking"):
        return None
    known = (k for k in above.token.rights if k.dep_ == "prep" and k.i < node.token.i)
    return next((k for k in known if f"{above.lemma} {k.lower_}" in words("facts-control", "asked_through")), None)


def takes_time(above: Node) -> bool:
    """As in "it takes a week to mend it", "the time it takes to mend it": "it" is what is done, and takes so long."""
    subject = above.subject
    return above.token.lemma_ == "take" and subject is not None and subject.lower_ == "it" and lasts(above)


def lasts(above: Node) -> bool:
    """Whether a verb has a length of time beside it or, in a relative clause or a question, before it."""
    measures = [k for k in above.kids if k.dep_ in ("dobj", "npadvmod", "advmod", "dative")]
    long = any(k.ent_type_ in ("DATE", "TIME") or k.lemma_.lower() in words("facts-control", "lengths") for k in measures)
    return long or (above.via is not None and above.via.lemma_ == "time")


def _in_complement(node: Node, via: Token | None) -> Relation:
    """An infinitive, gerund or participle is what the verb above is about; a finite clause is what it says."""
    token, dep = node.token, node.token.dep_
    if node.infinitive and via is not None and via.dep_ == "dobj" and via.lemma_ in effects("nouns"):
        return "noun"  # "scrapped plans to buy", which parsers hang on the noun as they do on a verb
    bare = token.tag_ == "VBG" and not node.auxiliaries
    if node.infinitive or bare or (dep == "xcomp" and token.tag_ in ("VB", "VBN")):
        return "complement"
    return "content" if dep in ("ccomp", "csubj", "csubjpass", "acomp", "dep", "oprd") or token.tag_ in FINITE else "complement"


def _coordinate(node: Node, above: Node) -> Relation:
    """As in "announced a merger and that jobs would go": a that-clause coordinated with a verb is what the verb says."""
    mark = node.has("mark")
    begins = mark is not None and mark.lower_ == "that" and above.has("mark") is None
    return "content" if begins else "conj"


def _on_noun(node: Node, above: Node, via: Token | None) -> Relation:
    """A clause on a noun says what the noun is ("an offer to send", "the claim that he lied"), or tells of it ("who", "covered under").

    "announced in a memo that he would leave" is put on the memo by parsers; it is what was announced.
    """
    if node.infinitive:
        return "purpose" if _in_order(via) else "noun"
    if _is_participle(node):
        return "noun" if _in_difficulty(node, via) else "relative"
    if not node.marker and via is not None and _told(node, above, via):
        return "content"
    mark = node.has("mark")
    if mark is not None and mark.lower_ == "that" and node.subject is not None:
        return "content" if _announced_in(above, via) else "noun"
    if not node.marker and via is not None and via.lemma_ in reporting_nouns() and is_whole(node):
        return "noun"  # "reports paint had been poured"
    return "noun" if node.token.dep_ == "acl" and node.marker in ("that", "") else "relative"


def _in_order(via: Token | None) -> bool:
    """In order to."""
    return via is not None and via.lower_ == "order" and via.head.lower_ == "in"


def _is_participle(node: Node) -> bool:
    return node.token.tag_ in ("VBG", "VBN") and all(a.lower_ == "being" for a in node.auxiliaries)


def _in_difficulty(node: Node, via: Token | None) -> bool:
    """As in "had trouble selling it": the gerund says what the trouble was."""
    return via is not None and node.token.tag_ == "VBG" and via.lemma_ in words("facts-acts", "difficulties")


def _announced_in(above: Node, via: Token | None) -> bool:
    """As in "announced in a memo that", but not "repeated the claim that", nor "demanded records that"."""
    if via is None or via.lemma_ in reporting_nouns() or above.lemma not in reporting_verbs():
        return False
    return via.dep_ != "dobj" or via.lemma_ not in source_nouns("document")


def _told(node: Node, above: Node, whom: Token) -> bool:
    """As in "told the court he had slept": parsers take what somebody is told for a clause about him."""
    if whom.head != above.token or whom.dep_ not in ("dobj", "dative") or node.subject is None:
        return False
    told = whom.lemma_ in reporting_nouns() or whom.lemma_ in source_nouns("taken_up")
    return above.lemma in saying("tells") and not told


def is_whole(node: Node) -> bool:
    """Whether what looks like a relative clause is whole in itself: "no indication he would return", not "no evidence he produced"."""
    if node.subject is None or any(k.tag_ in ("WDT", "WP") for k in node.kids):
        return False
    modal = any(k.tag_ == "MD" for k in node.auxiliaries)
    return modal or node.has("dobj", "attr", "acomp", "ccomp", "xcomp", "auxpass") is not None


def singled_out(noun: Token) -> bool:
    """As in "the first woman", "the 16th storm", "the last": what an infinitive behind it says has been done, or fares as the clause above."""
    standing_out = words("facts-acts", "standing_out")
    return any(k.lower_ in standing_out or _ORDINAL.fullmatch(k.lower_) for k in (noun, *noun.lefts))


def _through_preposition(token: Token, via: Token | None) -> Relation:
    """A gerund behind a preposition: on a verb or adjective it is a complement, on a noun what the noun is about, else an adverbial."""
    if via is None:
        return "complement"
    word = via.lower_
    if token.tag_ in FINITE or own_subject(token) is not None:  # "the risk of prices falling" is one
        return "noun" if word == "of" and via.head.lemma_ in effects("nouns") else "adverbial"
    if word in ("after", "before", "while", "when", "since", "by", "without", "upon", "through", "despite", "besides", "instead", "than"):
        return "adverbial"
    if via.head.pos_ in ("NOUN", "PROPN"):
        return "complement" if asked_by_verb(via.head, via) else "noun"  # "accused the firms of hiding it"
    return "complement"


def _asking(doc: Parse, text: str) -> set[int]:
    """The words behind which, at once or after a closing mark or two, a question mark stands, and the line end behind it; asked once for all clauses."""
    marks = [found.start() for found in _QUESTION_MARK.finditer(text)]
    if not marks:
        return set()
    starts = [t.idx for t in doc]
    at = [bisect_left(starts, mark) for mark in marks]
    return {i + away for i, mark in zip(at, marks, strict=True) if i < len(starts) and starts[i] == mark for away in range(-2, 2)}


def _give_words(doc: Parse, nodes: dict[int, Node]) -> None:
    """Each word belongs to the nearest clause at or above it; neighbouring words of one clause make a stretch."""
    if not nodes:
        return
    above = np.array([t.head.i for t in doc])
    above[list(nodes)] = list(nodes)  # a clause's own word points at itself, so that every path ends there
    while not np.array_equal(further := above[above], above):
        above = further
    begins = np.flatnonzero(np.diff(above, prepend=-1))
    ends = np.append(begins[1:], len(above)) - 1
    for owner, first, last in zip(above[begins].tolist(), begins.tolist(), ends.tolist(), strict=True):
        if owner in nodes:
            nodes[owner].own.append(Stretch(start=doc[first].idx, end=doc[last].idx + len(doc[last].text)))
