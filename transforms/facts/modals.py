"""Status by the modal of a clause: will, would, could, may, must, and what they make of a fear, a vow or an "if"."""

from typing import Final

from transforms.facts.clause_node import Node
from transforms.facts.clause_tree import asked_through, lasts, takes_time
from transforms.facts.governors import Effect, acts, effects
from transforms.facts.moods import conditional_below
from transforms.facts.node_features import Rule, Standing, has_yet_to, modal_of, negated, said_in_past, tense
from transforms.parse.grammar import POSSIBLE


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
    if any(a.lemma_ == "have" for a in node.auxiliaries):  # "would not have sold it"
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


def fares(node: Node, over: Node) -> Effect | None:
    """As in "has yet to go", "it takes a day to mend it", "means closing it": done as far as the verb above is, or open; "look to him to" asks.

    Who "took two hours to win" has won.
    """
    if node.infinitive and over.lemma == "look" and asked_through(node, over) is not None and not negated(over):
        return "demanded"
    entails = over.lemma == "mean" and not node.infinitive
    took = over.lemma == "take" and tense(over) == "past" and lasts(over)
    if entails or (node.infinitive and (took or takes_time(over))):
        return "hypothetical" if modal_of(over) or (entails and tense(over) != "past") else "inherited"
    return "inherited" if has_yet_to(node, over) else None


def vowed_harm(verb: str, act: str) -> bool:
    """Whether a verb of promising or warning with this act makes a threat; a promise needs an act that is nothing but hostile."""
    return (verb in acts("vowing") and act in acts("harmful")) or (verb in acts("promising") and act in acts("hostile"))


def _would(node: Node, above: Standing | None) -> Standing | None:
    """As in "would" is the future of a past report or of the article's own account, else supposed."""
    if modal_of(node) != "would":
        return None
    if _vowed(node):
        return Standing("threatened", "harmful-vow")
    if _asks_politely(node):
        return Standing("occurred", "polite-demand")
    if node.lemma in acts("wishing") and not node.passive:
        return Standing("hypothetical", "would")
    perfect = any(a.lemma_ == "have" for a in node.auxiliaries)
    reported = _report_above(node)
    supposed = (
        node.quoted or perfect or _of_no_one_plan(node) or conditional_below(node) or (above is not None and above.status == "hypothetical")
    )
    if supposed or (reported is not None and not said_in_past(reported)) or _of_a_state(node, reported):
        return Standing("hypothetical", "would")
    return Standing("planned", "future-in-the-past")


def _of_a_state(node: Node, reported: Node | None) -> bool:
    """As in "a print would cost £5", "voters believe he would lose": what something would be like, or is thought to come of it."""
    if reported is None:
        return node.lemma in acts("states") and node.relation == "root" and not node.passive
    return reported.lemma in acts("opinions")


def _asks_politely(node: Node) -> bool:
    """As in "I would urge you to stay", "we would advise against it": it is asked for by being said."""
    who = node.subject
    if who is None or who.lower_ not in ("i", "we") or node.lemma not in acts("asking") or any(map(conditional_below, (node, *node.below))):
        return False
    return not any(a.lemma_ == "have" for a in node.auxiliaries) and node.relation in ("root", "conj", "content") and not node.asks


def _of_no_one_plan(node: Node) -> bool:
    """As in "a merger would create", "closing it would cost": what an act that nobody has decided on would do."""
    if node.has("csubj", "csubjpass") is not None:
        return True
    who = node.has("nsubj", "nsubjpass")
    if who is None or node.relation not in ("root", "content", "conj") or who.lemma_ not in acts("undecided"):
        return False
    return any(k.dep_ == "det" and k.lower_ in ("a", "an", "any", "another", "such") for k in who.lefts) or who.tag_ == "NNS"


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
        thought = modal == "can" and node.lemma in acts("no_feats")  # "cannot expect to win"
        return Standing("hypothetical" if thought else "attempted", "could-not")
    return None


def _possible(node: Node, above: Standing | None) -> Standing | None:
    """As in "could", "may", "might": supposed."""
    return Standing("hypothetical", "possible") if modal_of(node) in POSSIBLE else None


def _required(node: Node, above: Standing | None) -> Standing | None:
    """As in "must", "should", "ought to": asked for; "should" in a forecast is a mild "will"; "must have" is a guess."""
    modal = modal_of(node)
    if modal not in ("must", "should", "ought"):
        return None
    guessed = any(a.lemma_ == "have" for a in node.auxiliaries) or node.lemma in acts("guessed")
    if modal == "must" and guessed:
        return Standing("hypothetical", "possible")
    if modal == "should" and node.above is not None and node.above.lemma in acts("foretelling"):
        return Standing("planned", "future")
    return Standing("demanded", "required")


def _to_be_met(node: Node, above: Standing | None) -> Standing | None:
    """As in "now meets Bob Doe", "now faces Halden": a match that is still to be played."""
    if node.lemma not in acts("contests") or tense(node) != "present" or node.auxiliaries:
        return None
    rival = node.has("dobj")
    now = any(k.lower_ == "now" and k.dep_ == "advmod" and k.i < node.token.i for k in node.kids)
    return Standing("planned", "scheduled") if now and rival is not None and rival.pos_ == "PROPN" else None


# These come after every governor.
MODALS: Final[tuple[Rule, ...]] = (_to_be_met, _feared, _will_not, _future, _would, _could, _possible, _required)
