"""Status of what a clause judges rather than tells: acts that nearly happened, acts ruled out, what is said to be possible."""

from typing import Final

from transforms.facts.clause_node import Node
from transforms.facts.governors import acts
from transforms.facts.node_features import PRESENT, Rule, Standing, modal_of, negated, tense
from transforms.parse.grammar import RELATIVES
from transforms.parse.token_tree import Token
from transforms.words.reporting import saying

_NEARLY: Final = frozenset({"nearly", "almost"})
_NO_CONDITION: Final = frozenset({"even", "as", "not", "and", "but"})
_SOME: Final = frozenset({"a", "an", "some", "any"})
_TO_COME: Final = frozenset({"planned", "hypothetical", "demanded", "attempted"})
_MEASURES: Final = frozenset({"PERCENT", "MONEY", "QUANTITY", "CARDINAL", "DATE", "TIME"})


def _nearly_done(node: Node, above: Standing | None) -> Standing | None:
    """As in "nearly hit a post": it did not come about. What grows or ends by degrees did most of it: "nearly doubled", "is almost over"."""
    if node.token.tag_ not in ("VBD", "VBN") or node.lemma in acts("gradual") or node.token.lemma_ == "be" or negated(node):
        return None
    if any(a.lemma_ == "have" and a.tag_ in PRESENT for a in node.auxiliaries):  # "has almost lost her accent"
        return None
    near = next((k for k in node.kids if k.dep_ == "advmod" and k.lower_ in _NEARLY and k.i < node.token.i), None)
    return Standing("attempted", "near-miss") if near is not None and not node.passive else None


def _ruled_out(node: Node, above: Standing | None) -> Standing | None:
    """As in "ruled out intervention", "declined comment": what is told is that the act named by the object will not be."""
    thing = node.has("dobj")
    if node.lemma not in acts("ruling_out") or thing is None or thing.ent_type_ in _MEASURES or thing.like_num:
        return None
    if modal_of(node) or node.infinitive or negated(node) or any(k.relation in ("complement", "content") for k in node.below):
        return None
    return Standing("refused", "ruled-out")


def _chance(node: Node, above: Standing | None) -> Standing | None:
    """As in "a cut was possible", "rain is likely": how probable something is held to be."""
    if above is not None and above.rule == "chance" and node.relation == "content" and not modal_of(node):
        return above  # "it is possible that they left"
    if node.token.lemma_ not in acts("being") or modal_of(node):
        return None
    word = node.has("acomp", "oprd")
    if word is None or word.lower_ not in acts("chances") or any(k.relation == "complement" for k in node.below):
        return None
    return Standing("hypothetical", "chance")


def _if_so(node: Node, above: Standing | None) -> Standing | None:
    """As in "if this goes on, nobody wins": a present that hangs on a condition."""
    simple = tense(node) == "present" and not modal_of(node) and all(a.lemma_ in ("do", "be") for a in node.auxiliaries)
    told_below = any(k.relation == "content" or (k.relation == "complement" and k.infinitive) for k in node.below)
    if not simple or told_below or node.token.tag_ == "VBG" or node.lemma in saying("reports"):
        return None
    return Standing("hypothetical", "conditional-present") if any(_is_condition(k, node) for k in node.below) else None


def _is_condition(node: Node, main: Node) -> bool:
    """Whether a clause is what another hangs on; not "even if", "if you ask me, it is fine", "if there is one thing, it is this", "it is unclear if"."""
    if node.relation != "adverbial" or node.marker not in ("if", "unless") or tense(node) != "present":
        return False
    first, subject, being = node.token.left_edge, node.subject, main.token.lemma_ in acts("being")
    if first.lower_ != node.marker or (first.i > main.token.left_edge.i and first.nbor(-1).lower_ in _NO_CONDITION):
        return False
    state = main.has("acomp", "attr", "advmod", "prep")
    if being and first.i > main.token.i and (state is None or state.lower_ in acts("unclear") | {"sure", "clear"}):
        return False
    if subject is None:
        return node.has("expl") is not None and not (main.subject is not None and main.subject.lower_ in ("it", "that", "this"))
    to_hearer = node.lemma in acts("to_the_hearer") or (being and main.subject is None) or main.token.left_edge.lower_ == "here"
    return not (subject.lower_ == "you" and to_hearer)


def _sought(node: Node, above: Standing | None) -> Standing | None:
    """As in "look for a tent that suits you", "will build a device that reads minds": what is not there yet does nothing yet."""
    noun, over = node.via, node.above
    if noun is None or over is None or above is None or node.relation != "relative" or tense(node) != "present":
        return None
    own = node.subject
    some = any(k.lower_ in _SOME for k in noun.lefts) or (noun.tag_ == "NNS" and not any(k.dep_ in ("det", "poss") for k in noun.lefts))
    if own is None or own.lower_ not in RELATIVES or not some or not _is_object(noun, over):
        return None
    if over.lemma in acts("seeking"):
        return Standing("hypothetical", "sought")
    return Standing(above.status, "sought") if over.lemma in acts("creating") and above.status in _TO_COME else None


def _is_object(noun: Token, over: Node) -> bool:
    through = noun.head if noun.dep_ == "pobj" and noun.head.lower_ == "for" else noun
    return through.head == over.token and (noun.dep_ == "dobj" or through is not noun)


JUDGEMENTS: Final[tuple[Rule, ...]] = (_nearly_done, _ruled_out, _chance, _if_so, _sought)
