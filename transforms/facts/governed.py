"""Status by what governs an infinitive or gerund: "refused to go", "a threat to sue", "unable to leave"."""

from typing import Final

from schemas.fact import Status
from transforms.facts.clause_node import Node
from transforms.facts.clause_tree import singled_out
from transforms.facts.control import is_for
from transforms.facts.governors import EFFECTS, Effect, acts, effects
from transforms.facts.modals import fares, vowed_harm
from transforms.facts.node_features import Rule, Standing, denied_word, modal_of, negated, tense
from transforms.parse.token_tree import Token

_RULE_OF: Final[dict[Effect, str]] = {
    "refused": "complement-of-refusal",
    "denied": "complement-of-denial",
    "threatened": "complement-of-threat",
    "planned": "complement-of-plan",
    "demanded": "complement-of-demand",
    "attempted": "complement-of-attempt",
    "hypothetical": "complement-of-possibility",
    "ongoing": "complement-of-phase",
    "inherited": "complement-that-inherits",
    "permitted": "complement-of-permission",
}
# What is left of a governor that is negated.
_NEGATED_RULE: Final[dict[Effect, str]] = {
    "refused": "willingness-negated",
    "attempted": "ability-negated",
    "hypothetical": "governor-negated",
}


def _complement(node: Node, above: Standing | None) -> Standing | None:
    """An infinitive or gerund in the complement of a verb or adjective."""
    over = node.above
    bare_under_helper = (
        over is not None
        and node.relation == "content"
        and node.token.tag_ in ("VB", "VBP")
        and over.lemma in acts("helpers")
        and node.token.i > over.token.i
    )
    if over is None or above is None or not (node.relation == "complement" or bare_under_helper) or modal_of(node):
        return None
    named = _by_form(node, over)
    if named is not None:
        return _composed(named[0], above, named[1])
    word, effect = _governor(node, over)
    if any(a.lemma_ == "have" for a in node.auxiliaries) and effect in ("planned", "inherited"):
        effect = "inherited"
    if _not_guilty(node, over):
        return _composed("denied", above, _RULE_OF["denied"])
    if negated(over) or denied_word(node.via):
        effect = "inherited" if effect == "permitted" and above.status == "demanded" else _negation_of(word, effect)
        return _composed(effect, above, _NEGATED_RULE.get(effect, _RULE_OF[effect]), permits=over)
    return _composed(effect, above, _RULE_OF[effect], permits=over)


def _not_guilty(node: Node, over: Node) -> bool:
    """As in "pleaded not guilty to stealing", "is not guilty of stealing": who is not guilty did not do it."""
    guilty = next((k for k in over.kids if k.lower_ == "guilty"), None)
    if guilty is None or node.infinitive or node.via is None:
        return False
    return negated(over) or any(k.dep_ == "neg" for k in guilty.lefts)


def _by_form(node: Node, over: Node) -> tuple[Effect, str] | None:
    """(effect, rule) of the governors that the lexicon cannot tell by their lemma alone."""
    if node.token.dep_ in ("csubj", "csubjpass"):
        return "inherited", _RULE_OF["inherited"]
    if over.token.lemma_ == "go" and over.token.tag_ == "VBG" and node.infinitive:
        return "planned", "going-to"
    if (effect := fares(node, over)) is not None:
        return effect, _RULE_OF[effect]
    if _has_to(over) and node.infinitive and node.via is None:
        return _of_having_to(over)
    if vowed_harm(over.lemma, node.lemma) and not negated(over) and not node.passive:
        return "threatened", "harmful-vow"
    return None


def _of_having_to(over: Node) -> tuple[Effect, str]:
    """Who had to do something did it, who has to is asked to; that somebody does not have to leaves it open."""
    if negated(over):
        return "hypothetical", _NEGATED_RULE["hypothetical"]
    return ("inherited" if over.token.tag_ == "VBD" else "demanded"), "have-to"


def _has_to(over: Node) -> bool:
    """As in "has to", "has got to"."""
    got = over.token.lemma_ == "get" and any(a.lemma_ in ("have", "'s", "'ve") or a.lower_ in ("'s", "’s") for a in over.auxiliaries)
    return (over.token.lemma_ == "have" or got) and over.has("dobj") is None


def _governor(node: Node, over: Node) -> tuple[str, Effect]:
    """(the word that governs a complement, its effect): the verb above, or the adjective, noun or preposition between."""
    via = node.via
    default: Effect = "planned" if node.infinitive else "inherited"
    if via is not None and via.dep_ == "prep" and via.head.pos_ == "ADJ":
        return _adjective(via.head, default)
    if via is None or via.dep_ == "prep":
        return _verb_above(node, over, default)
    if via.pos_ in ("ADJ", "ADV", "VERB"):
        return _adjective(via, effects("verbs").get(via.lemma_, "inherited"))
    return via.lemma_, effects("nouns").get(via.lemma_, default)


def _adjective(word: Token, default: Effect) -> tuple[str, Effect]:
    """The effect of an adjective; whoever is too young or old enough to play, or no more likely to, may play or not."""
    enough = word.lower_ == "enough" or any(k.lower_ == "enough" for k in word.rights)
    if enough and effects("adjectives").get(word.lower_) != "inherited":
        came = word.lower_ == "enough" and word.head.tag_ == "VBD"  # "was enough to push down the rate"
        return word.lower_, "inherited" if came else "hypothetical"
    if any(k.lower_ in ("too", "no") or (k.dep_ == "advmod" and any(g.lower_ == "no" for g in k.lefts)) for k in word.lefts):
        return word.lower_, "hypothetical"
    return word.lower_, effects("adjectives").get(word.lower_, default)


def _verb_above(node: Node, over: Node, default: Effect) -> tuple[str, Effect]:
    """The verb above with its preposition, with its particle, or alone; of "be" the noun that it equates ("his aim was to")."""
    if over.token.lemma_ == "be" and node.via is None and node.infinitive:
        subject, adjective = over.subject, over.has("acomp")
        if adjective is not None:  # "it is hard to say"
            return _adjective(adjective, "inherited")
        noun = subject.lemma_ if subject is not None else ""
        return noun, effects("nouns").get(noun, "planned")
    words = [f"{over.lemma} {node.marker}"] if node.marker == "for" else []
    if (via := node.via) is not None:  # "block from", "back out of"
        between = f" {via.head.lower_}" if via.head.dep_ in ("prep", "advmod", "acomp") and via.head != over.token else ""
        words.append(f"{over.lemma}{between} {via.lower_}")
    for word in (*words, over.lemma, over.token.lemma_):
        if word in effects("verbs"):
            return word, _of_gerund(word, effects("verbs")[word], node, over)
    return over.lemma, default


def _of_gerund(word: str, effect: Effect, node: Node, over: Node) -> Effect:
    """As in "tried using", "called it selling": with a gerund some verbs no longer look ahead; "stopped him leaving" prevents."""
    if word == "stop" and not node.infinitive and (over.has("dobj") or node.subject or node.via is not None):
        return "hypothetical"
    tried = effect == "attempted" and " " not in word  # who came close to winning did not win
    if node.token.tag_ == "VBG" and not node.infinitive and (tried or word == "call"):
        return "inherited"
    return effect


def _negation_of(word: str, effect: Effect) -> Effect:
    """What is left of a governor's effect when the governor is negated."""
    if effect in ("refused", "denied", "ongoing"):
        return "inherited"
    if effect == "permitted":
        return "refused"
    if effect == "attempted":
        return "inherited" if word in acts("failing") else "hypothetical"
    if effect == "inherited":
        return "attempted" if word in acts("able") else "inherited"
    if effect == "planned":
        return "refused" if word in acts("willing") else "hypothetical"
    return "hypothetical"


def _no_choice(node: Node, above: Standing | None) -> Standing | None:
    """As in "had no choice but to pay", wherever the parser hangs it: who has none has to."""
    over, to = node.above, node.auxiliaries[0] if node.infinitive else None
    if over is None or above is None or to is None or not to.i or node.token.doc[to.i - 1].lower_ != "but":
        return None
    noun = node.via if node.via is not None and node.via.pos_ == "NOUN" else over.has("dobj", "attr", "nsubj")
    if noun is None or noun.lemma_ not in acts("choices") or not (denied_word(noun) or negated(over)):
        return None
    return _composed("inherited" if tense(over) == "past" else "demanded", above, "have-to")


def _noun_complement(node: Node, above: Standing | None) -> Standing | None:
    """As in "a plan to sell", "its failure to pay", "the risk of losing", "no intention of leaving"."""
    noun = node.spelt_out
    if node.relation != "noun" or noun is None or not (node.infinitive or node.gerund):
        return None
    standing = _reached(noun, node, above)
    default: Effect = "inherited" if not node.infinitive or singled_out(noun) else "planned"
    default = "hypothetical" if is_for(node) else default
    effect = default if _is_ground(node, noun) else effects("nouns").get(noun.lemma_, default)
    done_so = node.via is not None and node.via.lower_ in ("of", "over") and noun.tag_ == "NN" and noun.lemma_ in acts("done_so")
    if effect == "planned" and done_so:  # "a good job of hiding it"
        effect = "inherited"
    of = noun.head.head if noun.head.lower_ == "of" else None
    if (
        of is not None
        and (effects("nouns").get(of.lemma_) == "attempted" or noun.lemma_ not in effects("nouns"))
        and of.lemma_ in effects("nouns")
    ):
        noun, effect = of, effects("nouns")[of.lemma_]
    holds = node.above is not None and noun.head == node.above.token and noun.dep_ in ("dobj", "attr") and negated(node.above)
    if denied_word(noun) or holds:
        effect = _negation_of(noun.lemma_, effect)
        return _composed(effect, standing, _NEGATED_RULE.get(effect, _RULE_OF[effect]))
    return _composed(effect, standing, _RULE_OF[effect].replace("complement-", "noun-", 1))


def _is_ground(node: Node, noun: Token) -> bool:
    """As in "their reason for leaving": what something was done for has been done."""
    return node.gerund and node.via is not None and node.via.lower_ == "for" and noun.lemma_ in acts("deserts")


def _reached(noun: Token, node: Node, above: Standing | None) -> Standing:
    """The standing above as far as it reaches a noun: who denies a split over a decision does not deny the decision."""
    plain = Standing("occurred", "plain")
    if above is None or node.above is None:
        return plain
    direct = noun.head == node.above.token and noun.dep_ in ("dobj", "attr", "nsubjpass", "oprd")
    return above if direct or above.status not in ("refused", "denied") else plain


# What a clause that never was drags along: which effects of its governors the standing above outweighs.
_LOOKING_AHEAD: Final = frozenset({"planned", "attempted"})
_DRAGS: Final[dict[Status, frozenset[str]]] = {
    "refused": frozenset(EFFECTS),
    "denied": frozenset(EFFECTS),
    "hypothetical": _LOOKING_AHEAD | {"demanded"},
    "planned": _LOOKING_AHEAD | {"demanded"},
    "threatened": _LOOKING_AHEAD,
    "demanded": _LOOKING_AHEAD,
    "attempted": frozenset({"planned"}),
}


def _composed(effect: Effect, above: Standing, rule: str, *, permits: Node | None = None) -> Standing:
    """The effect of a governor on its complement, given how the governor itself stands: what is refused drags all below it along."""
    status = above.status
    if effect == "ongoing":
        return Standing("ongoing" if status in ("occurred", "ongoing") else status, rule)
    if effect == "permitted":
        lasting = permits is not None and tense(permits) == "present" and status == "occurred"
        return Standing("hypothetical" if lasting else status, rule)
    if effect == "inherited" or effect in _DRAGS.get(status, ()):
        return Standing(status, rule)
    return Standing(effect, rule)


GOVERNED: Final[tuple[Rule, ...]] = (_no_choice, _complement, _noun_complement)
