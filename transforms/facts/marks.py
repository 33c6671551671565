"""Status by the marks of a clause itself: conditions, questions, imperatives and modals."""

from collections.abc import Callable
from typing import Final, Literal

from transforms.facts.governors import acts, effects, reporting_verbs
from transforms.facts.standing import Standing, modal_of, negated, said_in_past, tense
from transforms.facts.tree import Node
from transforms.reporting import saying

Rule = Callable[[Node, Standing | None], Standing | None]

_CHOSEN: Final = frozenset({("rather", "than"), ("instead", "of")})
_CONDITIONS: Final = frozenset({"if", "unless", "whether", "provided", "providing", "lest", "assuming", "supposing"})
_INVERTING: Final = frozenset({"had", "should", "were"})
_EMBEDDED: Final = frozenset({"content", "complement", "adverbial", "noun"})
_OPEN: Final = frozenset({"should", "would", "could", "might", "may"})  # what these put into a question stays open, whoever asks
_ASKING: Final = frozenset({"ask", "wonder", "inquire", "enquire", "question"})
_QUESTION_WORDS: Final = frozenset({"who", "what", "when", "where", "why", "how", "which", "whom", "whose"})


def marked(place: Literal["before", "after"]) -> tuple[Rule, ...]:
    """The rules over own marks: those that outrank every governor, and those that come after them."""
    if place == "before":
        return (_rather_than, _condition, _question, _imperative)
    return (_feared, _will_not, _future, _would, _could, _possible, _required)


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
    links += [via] if via is not None and via.lower_ in ("than", "of") else []
    left = node.token.left_edge.i
    behind = [doc[left - 1]] if node.relation == "conj" and left else []
    if any(link.i and (doc[link.i - 1].lower_, link.lower_) in _CHOSEN for link in (*links, *behind)):
        return Standing("refused", "rather-than")
    return None


def _condition(node: Node, above: Standing | None) -> Standing | None:
    """As in "if", "unless", "whether": supposed, not said to be so."""
    if node.marker in _CONDITIONS or (node.marker == "" and (_whether(node) or _inverted(node))):
        return Standing("hypothetical", "condition")
    return None


def _whether(node: Node) -> bool:
    """As in "whether or not to extend", "in case he wins"."""
    doc, left = node.token.doc, node.token.left_edge.i
    first = doc[left].lower_
    if first in _CONDITIONS:
        return doc[left].head == node.token
    return left >= 2 and doc[left - 1].lower_ == "case" and doc[left - 2].lower_ == "in"


def _question(node: Node, above: Standing | None) -> Standing | None:
    """A main clause that asks, and what somebody asks or does not know."""
    token = node.token
    if node.relation in _EMBEDDED and node.above is not None and _begins_question(node):
        asked = node.above.lemma in _ASKING or _unknown(node.above) or _how_to(node) or modal_of(node) in _OPEN
        if token.i > node.above.token.i:
            return Standing("hypothetical", "question") if asked and not _tells_who(node, node.above) else None
    if node.relation not in ("root", "content", "conj") or not node.asks:
        return None
    subject = node.has("nsubj", "nsubjpass")
    inverted = subject is not None and any(a.i < subject.i for a in node.auxiliaries)
    inverted = inverted or (subject is not None and token.lemma_ == "be" and token.i < subject.i)
    asks = inverted or token.doc[token.left_edge.i].lower_ in _QUESTION_WORDS
    return Standing("hypothetical", "question") if asks else None


def _tells_who(node: Node, above: Node) -> bool:
    """As in "who he said should go", "people are dying who should not": a relative "who", which asks nothing."""
    if node.marker != "who":
        return False
    who = next((k.i for k in node.kids if k.lower_ == "who"), above.token.i)
    knows = above.lemma in reporting_verbs() or above.lemma in saying("reports") or above.has("acomp") is not None
    return who < above.token.i or not (knows or above.lemma in _ASKING or above.infinitive or negated(above))


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
    if acomp is not None and acomp.lower_ in ("unclear", "unknown", "uncertain"):
        return True
    return negated(node) and (node.lemma in ("say", "know", "reveal", "disclose", "specify", "decide") or acomp is not None)


def _imperative(node: Node, above: Standing | None) -> Standing | None:
    """As in "Stop me", in speech: asked for."""
    token = node.token
    if not node.quoted or token.tag_ != "VB" or node.relation not in ("root", "content", "complement") or node.infinitive:
        return None
    if node.has("nsubj", "nsubjpass") or any(a.lemma_ != "do" for a in node.auxiliaries):
        return None
    first = token.doc[token.left_edge.i]
    opens = first.i == 0 or token.doc[first.i - 1].is_punct or first.is_sent_start or token.doc[first.i - 1].is_space
    return Standing("demanded", "imperative") if opens or first.is_punct else None


def _feared(node: Node, above: Standing | None) -> Standing | None:
    """As in "the risk that prices would rise", "fears it will collapse": what is only feared or possible may never come."""
    if modal_of(node) not in ("will", "would") or node.above is None:
        return None
    noun = node.via if node.relation in ("noun", "relative") and node.marker in ("", "that") else None
    if noun is None:
        feared = node.relation == "content" and node.above.lemma in acts("fearing")
    else:
        whole = node.relation == "noun" or any(k.lower_ == "that" for k in node.kids)  # not "the risk the bank will take"
        feared = whole and (effects("nouns").get(noun.lemma_) == "hypothetical" or noun.lemma_ in acts("fearing"))
    return Standing("hypothetical", "feared") if feared else None


def _will_not(node: Node, above: Standing | None) -> Standing | None:
    """As in "we will not let", "said it would never accept": announced as not to be done."""
    if modal_of(node) not in ("will", "would") or not negated(node) or node.passive or node.has("expl"):
        return None
    if node.lemma not in acts("withheld") or (modal_of(node) == "would" and node.quoted and conditional_below(node)):
        return None
    return Standing("refused", "will-not")


def _future(node: Node, above: Standing | None) -> Standing | None:
    """As in "will", "shall": to come; with an "if" beside it supposed; of harm that is vowed or warned of, threatened."""
    if modal_of(node) != "will":
        return None
    if _vowed(node):
        return Standing("threatened", "harmful-vow")
    return Standing("hypothetical", "conditional-future") if conditional_below(node) else Standing("planned", "future")


def _vowed(node: Node) -> bool:
    above = node.above
    spoken = (node.relation == "content" or node.quoted) and not any(a.lemma_ == "have" for a in node.auxiliaries)
    if spoken and conditional_below(node) and not node.passive and node.lemma in acts("hostile"):
        return True  # "said they would kill them unless"
    return above is not None and node.relation == "content" and not node.passive and vowed_harm(above.lemma, node.lemma)


def vowed_harm(verb: str, act: str) -> bool:
    """Whether a verb of promising or warning with this act makes a threat; a promise needs an act that is nothing but hostile."""
    return (verb in acts("vowing") and act in acts("harmful")) or (verb in acts("promising") and act in acts("hostile"))


def _would(node: Node, above: Standing | None) -> Standing | None:
    """As in "would" is the future of a past report or of the article's own account, else supposed."""
    if modal_of(node) != "would":
        return None
    if _vowed(node):
        return Standing("threatened", "harmful-vow")
    if node.lemma in acts("wishing") and not node.passive:
        return Standing("hypothetical", "would")
    perfect = any(a.lemma_ == "have" for a in node.auxiliaries)
    reported = _report_above(node)
    supposed = node.quoted or perfect or conditional_below(node) or (above is not None and above.status == "hypothetical")
    if supposed or (reported is not None and not said_in_past(reported)):
        return Standing("hypothetical", "would")
    return Standing("planned", "future-in-the-past")


def _report_above(node: Node) -> Node | None:
    """The clause whose content the node is, also through coordination."""
    at = node
    while at.above is not None and at.relation == "conj":
        at = at.above
    return at.above if at.relation == "content" else None


def _could(node: Node, above: Standing | None) -> Standing | None:
    """As in "could not", "can't": not brought off. "could", "may", "might": supposed. A plain "can" says nothing of the act."""
    modal = modal_of(node)
    if modal in ("could", "can") and negated(node):
        return Standing("attempted", "could-not")
    return None


def _possible(node: Node, above: Standing | None) -> Standing | None:
    """As in "could", "may", "might": supposed."""
    return Standing("hypothetical", "possible") if modal_of(node) in ("could", "may", "might") else None


def _required(node: Node, above: Standing | None) -> Standing | None:
    """As in "must", "should", "ought to": asked for; "should" in a forecast is a mild "will"; "must have" is a guess."""
    modal = modal_of(node)
    if modal not in ("must", "should", "ought"):
        return None
    if modal == "must" and any(a.lemma_ == "have" for a in node.auxiliaries):
        return Standing("hypothetical", "possible")
    if modal == "should" and node.above is not None and node.above.lemma in ("expect", "predict", "forecast", "estimate"):
        return Standing("planned", "future")
    return Standing("demanded", "required")
