"""Status by the mood of a clause: conditions, questions, imperatives, and the act that was not chosen."""

from typing import Final

from transforms.facts.clause_node import Node
from transforms.facts.governors import acts, reporting_verbs
from transforms.facts.imperatives import is_imperative
from transforms.facts.node_features import Rule, Standing, modal_of, negated, tense
from transforms.parse.grammar import POSSIBLE
from transforms.words.reporting import saying

_CHOSEN: Final = frozenset({("rather", "than"), ("instead", "of"), ("opposed", "to")})
_CONDITIONS: Final = frozenset({"if", "unless", "whether", "provided", "providing", "lest", "assuming", "supposing"})
_INVERTING: Final = frozenset({"had", "should", "were"})
_EMBEDDED: Final = frozenset({"content", "complement", "adverbial", "noun"})
_OPEN: Final = POSSIBLE | {"should", "would"}  # what these put into a question stays open, whoever asks
_WHOEVER: Final = frozenset({"anyone", "anybody", "anything", "anywhere", "whoever", "whatever"})
_QUESTION_WORDS: Final = frozenset({"who", "what", "when", "where", "why", "how", "which", "whom", "whose"})


def conditional_below(node: Node) -> bool:
    """Whether an if or unless clause hangs on the clause."""
    return any((k.relation == "adverbial" and k.marker in ("if", "unless", "provided")) or _inverted(k) for k in node.below)


def _inverted(node: Node) -> bool:
    """As in "should he win", "had it not rained", "were it to fail": an inversion that asks nothing is a condition."""
    if node.marker or node.relation not in ("adverbial", "content"):
        return False
    opening = node.auxiliaries[0] if node.auxiliaries else node.token
    if opening.lower_ not in _INVERTING:
        return False
    subject = node.has("nsubj", "nsubjpass", "expl")
    if subject is None or not opening.i < subject.i or node.token.left_edge != opening:
        return False
    return not node.asks


def _rather_than(node: Node, above: Standing | None) -> Standing | None:
    """As in "rather than recall the devices", "instead of paying": the act that was not chosen."""
    via, doc = node.via, node.token.doc
    if tense(node):
        return None
    links = [k for k in node.kids if k.lower_ == "than" and k.i < node.token.i and k.dep_ != "prep"]
    links += [via] if via is not None and via.lower_ in ("than", "of", "to") else []
    left = node.token.left_edge.i
    behind = [doc[left - 1]] if node.relation == "conj" and left else []
    if any(link.i and (doc[link.i - 1].lower_, link.lower_) in _CHOSEN for link in (*links, *behind)):
        return Standing("refused", "rather-than")
    return None


def _condition(node: Node, above: Standing | None) -> Standing | None:
    """As in "if", "unless", "whether", "assuming": supposed, not said to be so."""
    if _supposing(node) or (node.above is not None and node.relation == "content" and _supposing(node.above)):
        return Standing("hypothetical", "condition")
    if node.marker in _CONDITIONS or _as_if(node) or (node.marker == "" and (_whether(node) or _inverted(node))) or _no_matter(node):
        return Standing("hypothetical", "condition")
    return None


def _supposing(node: Node) -> bool:
    """As in "Assuming she wins, …", where the parser takes the joining word for a verb of its own."""
    joins = node.token.lower_ in _CONDITIONS and node.token.tag_ in ("VBG", "VBN") and not node.auxiliaries
    return joins and node.has("nsubj", "dobj") is None


def _whoever(node: Node, above: Standing | None) -> Standing | None:
    """As in "anyone who has broken the rules", "any firm that pays": nobody is said to have done it."""
    if node.relation != "relative" or node.via is None or modal_of(node):
        return None
    whole = node.via.lower_ in _WHOEVER or any(k.dep_ == "det" and k.lower_ in ("any", "whichever", "whatever") for k in node.via.lefts)
    told = tense(node) == "past" or any(a.lemma_ == "have" for a in node.auxiliaries)  # "the best of any that I have tried"
    return Standing("hypothetical", "whoever") if whole and not (told and node.via.dep_ not in ("nsubj", "nsubjpass")) else None


def _so_that(node: Node, above: Standing | None) -> Standing | None:
    """As in "changed the law so agents can review it": what an act makes possible is what it is for."""
    if node.relation not in ("adverbial", "content") or modal_of(node) != "can":
        return None
    first = node.token.doc[node.token.left_edge.i]
    joined = node.marker in ("so", "that", "") and first.lower_ == "so" and first.i + 1 < len(node.token.doc)
    return Standing("hypothetical", "so-that") if joined and first.head.i in (node.token.i, first.i + 1) else None


def _as_if(node: Node) -> bool:
    """As in "as if they were ill", "as though it had rained": what something only resembles."""
    doc, first = node.token.doc, node.token.left_edge.i
    return doc[first].lower_ == "as" and first + 1 < len(doc) and doc[first + 1].lower_ in ("if", "though")


def _no_matter(node: Node) -> bool:
    """As in "no matter who wins": whoever that may be. Who lost "no matter how hard they tried" did try."""
    doc, left = node.token.doc, node.token.left_edge.i
    return left > 1 and doc[left - 1].lower_ == "matter" and doc[left - 2].lower_ == "no" and tense(node) != "past"


def _whether(node: Node) -> bool:
    """As in "whether or not to extend", "in case he wins"."""
    doc, left = node.token.doc, node.token.left_edge.i
    first = doc[left].lower_
    if first in _CONDITIONS:
        acts = doc[left].dep_ == "advcl" and any(k.dep_ == "dobj" for k in doc[left].rights)  # "Assuming office, …"
        return doc[left].head == node.token and not acts
    return left >= 2 and doc[left - 1].lower_ == "case" and doc[left - 2].lower_ == "in"


def _question(node: Node, above: Standing | None) -> Standing | None:
    """A main clause that asks, and what somebody asks or does not know."""
    token = node.token
    if node.relation in _EMBEDDED and node.above is not None and _begins_question(node):
        asked = node.above.lemma in acts("questioning") or _unknown(node.above) or _how_to(node) or modal_of(node) in _OPEN
        if token.i > node.above.token.i:
            return Standing("hypothetical", "question") if asked and not _tells_who(node, node.above) else None
    if node.relation not in ("root", "content", "conj"):
        return None
    subject, first = node.subject, token.left_edge.lower_
    inverted = subject is not None and any(a.i < subject.i for a in node.auxiliaries)
    if not node.asks:  # "why can't we stop the game and go, she said"
        return Standing("hypothetical", "question") if inverted and first == "why" else None
    inverted = inverted or (subject is not None and token.lemma_ == "be" and token.i < subject.i)
    fragment = (
        node.relation == "root" and subject is None and not node.auxiliaries and token.tag_ in ("VBG", "VBN")
    )  # "Plotting a winter tour?"
    return Standing("hypothetical", "question") if inverted or fragment or first in _QUESTION_WORDS else None


def _tells_who(node: Node, above: Node) -> bool:
    """As in "who he said should go", "people are dying who should not": a relative "who", which asks nothing."""
    if node.marker != "who":
        return False
    who = next((k.i for k in node.kids if k.lower_ == "who"), above.token.i)
    knows = above.lemma in reporting_verbs() or above.lemma in saying("reports") or above.has("acomp") is not None
    return who < above.token.i or not (knows or above.lemma in acts("questioning") or above.infinitive or negated(above))


def _how_to(node: Node) -> bool:
    """As in "how to leave": not "why they are going to leave", whose question word parsers hang on the last verb."""
    to = node.auxiliaries[0] if node.infinitive else None
    return to is not None and to.i > 0 and node.token.doc[to.i - 1].lower_ in _QUESTION_WORDS


def _begins_question(node: Node) -> bool:
    """As in "how they left", "how many people will come"; of one behind a preposition only with "how", "why" and "who"."""
    if node.relation not in ("content", "complement"):
        return node.marker in ("how", "why", "who", "whom") and (node.relation == "adverbial" or node.token.dep_ == "pcomp")
    return node.marker in _QUESTION_WORDS or (
        not (node.infinitive or node.marker) and node.token.doc[node.token.left_edge.i].lower_ in _QUESTION_WORDS
    )


def _unknown(node: Node) -> bool:
    """As in "did not say where", "it is not clear how", "unclear how"."""
    acomp = node.has("acomp")
    if acomp is not None and acomp.lower_ in acts("unclear"):
        return True
    return negated(node) and (node.lemma in acts("left_open") or acomp is not None)


def _imperative(node: Node, above: Standing | None) -> Standing | None:
    """As in "Stop me", in speech or to the reader: asked for."""
    return Standing("demanded", "imperative") if is_imperative(node) else None


# These outrank every governor.
MOODS: Final[tuple[Rule, ...]] = (_rather_than, _condition, _whoever, _so_that, _question, _imperative)
