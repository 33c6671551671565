"""Whether an act happened, goes on, or is only planned, threatened, refused, denied, supposed, demanded or attempted (facts.status).

The nodes of a tree are judged from the top down by named rules, the first that answers wins; each sees its own clause and
the standing of the clause above. The division of labour between own marks (modals, conditions) and governors follows
FactBank (Saurí and Pustejovsky 2009) and PropBank's light verbs; the classes of governors are in the lexicons.
"""

from collections.abc import Sequence
from typing import Final

from transforms.facts.clause_node import Node
from transforms.facts.clause_tree import top_down
from transforms.facts.contents import CONTENTS
from transforms.facts.governed import GOVERNED
from transforms.facts.governors import acts, effects, outcomes
from transforms.facts.judgements import JUDGEMENTS
from transforms.facts.modals import MODALS
from transforms.facts.moods import MOODS
from transforms.facts.node_features import Rule, Standing, modal_of, negated, tense
from transforms.facts.rejected import REJECTIONS

_UNREAL: Final = frozenset({"refused", "denied", "hypothetical", "threatened", "planned", "demanded", "attempted"})
_PARTICLES: Final = frozenset({"prep", "advmod", "acomp", "prt"})  # "rose from", "was up", "was higher"
_BEFOREHAND: Final = frozenset({"after", "since", "despite"})
_ONCE: Final = frozenset({"once", "until", "till", "when"})
_LATER: Final = frozenset({"when", "once", "until", "till", "before", "after", "while", "whenever", "where", "wherever"})


_PLAIN: Final = Standing("occurred", "plain")


def standings(nodes: Sequence[Node]) -> dict[int, Standing]:
    """The standing of each node, by the index of its word."""
    known: dict[int, Standing] = {}
    for node in top_down(nodes):
        above = known.get(node.above.token.i) if node.above else None
        known[node.token.i] = _judged(node, above)
    return known


def _judged(node: Node, above: Standing | None) -> Standing:
    """What the first rule that answers says."""
    for rule in _RULES:
        standing = rule(node, above)
        if standing is not None:
            return standing
    return _PLAIN


def _coordinated(node: Node, above: Standing | None) -> Standing | None:
    """As in "will cut and close", "to cut and to close": a form without a tense shares what is said of the verb it is coordinated with."""
    if node.relation != "conj" or above is None or node.above is None:
        return None
    alone = not node.subject and (not node.auxiliaries or (node.infinitive and node.above.infinitive and len(node.auxiliaries) == 1))
    taken_for_past = node.token.tag_ == "VBD" and node.above.passive and not node.has("dobj")  # "will be built and marketed"
    bare = alone and (node.token.tag_ in ("VB", "VBG", "VBN") or taken_for_past or _taken_for_present(node, above))
    governed_above = above.rule in ("condition", "denial-of-content", "threat-of-content", "question", "subjunctive", "imperative")
    if bare or (governed_above and not node.subject):
        return Standing(above.status, "coordinated")
    return None


def _taken_for_present(node: Node, above: Standing) -> bool:
    """As in "calls on us to wait, stay and listen": a bare form that goes on with an infinitive, which taggers take for a present."""
    over = node.above
    if over is None or node.token.tag_ != "VBP" or node.token.lemma_ != node.token.lower_:
        return False
    return (over.infinitive and node.token.head != over.token) or (above.rule == "coordinated" and over.token.tag_ in ("VB", "VBP"))


def _headline_infinitive(node: Node, above: Standing | None) -> Standing | None:
    """As in "Norvia to cut 500 jobs", "a ceremony to be held": an infinitive of its own looks ahead. "How to cut costs" says nothing of anybody."""
    if not node.infinitive or (node.above is None and (node.relation != "root" or node.marker)) or node.relation == "conj":
        return None
    return Standing("planned", "headline-infinitive") if node.subject else None


def _purpose(node: Node, above: Standing | None) -> Standing | None:
    """What an act is for is planned, and falls with an act that was refused."""
    if node.relation != "purpose":
        return None
    fallen = above is not None and above.status in ("refused", "denied")
    return Standing(above.status if above and fallen else "planned", "purpose")


def _outcome(node: Node, above: Standing | None) -> Standing | None:
    """As in "beat Norvia to reach the final", "rose to close at", "went on to win": what came of an act in the past, and no purpose of it."""
    over = node.above
    if (
        node.relation not in ("purpose", "complement")
        or not node.infinitive
        or over is None
        or above is None
        or above.status != "occurred"
        or tense(over) != "past"
    ):
        return None
    return Standing("occurred", "outcome") if not negated(over) and (_came_of(over, node) or _only_to(node)) else None


def _came_of(over: Node, node: Node) -> bool:
    """Whether the lexicon has the infinitive as what comes of such an act."""
    named = [over.lemma, *(f"{over.lemma} {k.lower_}" for k in over.kids if k.dep_ in _PARTICLES and k.i < node.token.i)]
    for verb in named:
        if (kinds := outcomes().get(verb)) is not None and (not all(kinds) or any(node.lemma in kind for kind in kinds)):
            return True
    return False


def _only_to(node: Node) -> bool:
    """As in "returned only to be fired": "only" in front of what nobody means to bring on himself."""
    to = node.auxiliaries[0]
    only = to.i > 0 and node.token.doc[to.i - 1].lower_ == "only"
    return only and (node.passive or node.lemma in acts("befalling"))


def _accompanying(node: Node, above: Standing | None) -> Standing | None:
    """As in "will close the plant, cutting 500 jobs", "when the plant closes": not before the act that it goes with.

    What an act comes after is over by then: "would cut 500 jobs after losing $5m".
    """
    if node.relation != "adverbial" or above is None:
        return None
    participle = not node.auxiliaries and node.token.tag_ in ("VBG", "VBN") and not node.subject
    if above.status not in _UNREAL:
        return Standing("planned", "accompanying") if participle and _of_plan(node, above) else None
    if participle and (node.marker in _BEFOREHAND or (node.via is not None and node.via.lower_ in _BEFOREHAND)):
        return None
    over = any(a.lemma_ == "have" for a in node.auxiliaries) and node.marker not in _ONCE  # "once it has been signed" is to come too
    awaited = node.marker in _LATER and tense(node) == "present" and not over
    awaited = awaited or _awaited_then(node, above)
    if awaited and above.status == "demanded":  # "check the label before you buy"
        return Standing("hypothetical", "accompanying")
    if (participle and above.status != "attempted") or awaited:
        return Standing(above.status, "accompanying")
    return Standing("planned", "accompanying") if participle else None


def _of_plan(node: Node, above: Standing) -> bool:
    """As in "plans to open a mine, creating 500 jobs": what a plan would bring about, which parsers hang on the planning."""
    over = node.above
    if over is None or above.status != "occurred" or node.lemma not in acts("bringing_about") or node.token.tag_ != "VBG":
        return False
    if effects("verbs").get(over.lemma) != "planned" or negated(over):
        return False
    return any(k.relation == "complement" and k.infinitive and over.token.i < k.token.i < node.token.i for k in over.below)


def _awaited_then(node: Node, above: Standing) -> bool:
    """As in "said it would close once it was sold", "could lose jobs when quotas ended": to come as well, told from a day in the past."""
    over = node.above
    if over is None or node.marker not in _ONCE or tense(node) != "past" or above.status not in ("planned", "hypothetical"):
        return False
    if modal_of(over) not in (("would",) if node.marker == "when" else ("would", "could", "might")):
        return False
    return not any(a.lemma_ == "have" for a in (*node.auxiliaries, *over.auxiliaries))


def _progressive(node: Node, above: Standing | None) -> Standing | None:
    """As in "is restoring", "has been serving", "is being turned", "a bill being debated": under way."""
    if node.token.tag_ in ("VBN", "VBD") and any(a.lower_ == "being" for a in node.auxiliaries):
        finite = node.auxiliaries[0].lower_ != "being"
        return Standing("ongoing", "progressive") if finite or node.relation == "relative" else None
    if node.token.tag_ != "VBG" or not any(a.lemma_ in ("be", "'s", "'re", "'m") for a in node.auxiliaries):
        return None
    if _describes_itself(node):
        return None
    return Standing("ongoing", "progressive")


def _describes_itself(node: Node) -> bool:
    """As in "it has been heartening", "he is predictably withering": a judgement, which parsers take for an act under way."""
    if node.has("dobj", "prt") is not None:
        return False
    judged = any(
        k.dep_ == "advmod" and k.i == node.token.i - 1 and k.lower_.endswith("ly") and k.lower_ in acts("judging") for k in node.kids
    )
    return judged or node.token.lower_ in acts("describing")


def _going_on(node: Node, above: Standing | None) -> Standing | None:
    """As in "searches are ongoing", "work was in progress": what a word says to be under way."""
    if node.token.lemma_ not in ("be", "remain") or negated(node):
        return None
    told = (f"{k.lower_} {g.lower_}" for k in node.kids if k.dep_ == "prep" for g in k.rights if g.dep_ == "pobj")
    words = (*(k.lower_ for k in node.kids if k.dep_ in ("acomp", "advmod")), *told)
    return Standing("ongoing", "going-on") if any(word in acts("going_on") for word in words) else None


def _still(node: Node, above: Standing | None) -> Standing | None:
    """As in "is still in effect": a state that is said to go on."""
    if node.token.tag_ not in ("VBZ", "VBP") or node.token.lemma_ != "be":
        return None
    return Standing("ongoing", "still") if any(k.dep_ == "advmod" and k.lower_ == "still" for k in node.kids) else None


_RULES: Final[tuple[Rule, ...]] = (
    *MOODS,
    _coordinated,
    _outcome,
    *REJECTIONS,
    *CONTENTS,
    *GOVERNED,
    *MODALS,
    *JUDGEMENTS,
    _purpose,
    _accompanying,
    _headline_infinitive,
    _progressive,
    _going_on,
    _still,
)
