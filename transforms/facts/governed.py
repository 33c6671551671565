"""Status by what governs a clause: "refused to go", "a threat to sue", "rejected an offer to send", "denied that he lied"."""

from typing import Final

from schemas.fact import Status
from transforms.facts.clause_node import Node
from transforms.facts.clause_tree import is_whole, singled_out
from transforms.facts.control import is_for
from transforms.facts.governors import EFFECTS, Effect, acts, effects, rejections
from transforms.facts.modals import fares, vowed_harm
from transforms.facts.node_features import PRESENT, Rule, Standing, modal_of, negated, tense
from transforms.parse.grammar import denied
from transforms.parse.token_tree import Token
from transforms.words.reporting import saying

_HELPERS: Final = frozenset({"let", "make", "help", "have", "see", "hear", "watch"})

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


def governed() -> tuple[Rule, ...]:
    """The rules over governors."""
    return (
        _claim_rejected,
        _attempt_rejected,
        _object_of_rejection,
        _denied_content,
        _threatened_content,
        _subjunctive,
        _irreal_content,
        _meant,
        _unsaid,
        _unshown,
        _no_choice,
        _complement,
        _noun_complement,
        _hoped_content,
    )


def _claim_rejected(node: Node, above: Standing | None) -> Standing | None:
    """As in "rejected the claim that he lied", "denied accusations of lying": what a noun of saying says was denied."""
    noun = _rejected(node, above)
    if noun is None:
        return None
    disowned = _holds(node, noun, above) and node.above is not None and node.above.lemma == "deny" and noun.lemma_ not in acts("permitting")
    wanted = node.gerund and noun.lemma_ in rejections("wanted")
    speaks = noun.lemma_ in rejections("said") and not node.infinitive and not wanted
    return Standing("denied", "claim-denied") if disowned or speaks else None


def _attempt_rejected(node: Node, above: Standing | None) -> Standing | None:
    """As in "rejected an attempt to sell": it was made."""
    noun = _act_rejected(node, above)
    tried = noun is not None and effects("nouns").get(noun.lemma_) == "attempted"
    return Standing("attempted", "noun-of-attempt") if tried else None


def _object_of_rejection(node: Node, above: Standing | None) -> Standing | None:
    """As in "turned down the offer to send": what the noun offers, plans or asks for was refused."""
    return Standing("refused", "object-of-rejection") if _act_rejected(node, above) is not None else None


def _act_rejected(node: Node, above: Standing | None) -> Token | None:
    """The rejected noun where it is an act's: any that a verb rejects, and behind a participle one that somebody wants something by."""
    noun = _rejected(node, above)
    return noun if noun is not None and (_holds(node, noun, above) or noun.lemma_ in rejections("wanted")) else None


def _rejected(node: Node, above: Standing | None) -> Token | None:
    """The noun that a clause spells out and that is rejected: "turned down the [offer] to send", "a rejected [offer] to send"."""
    noun = node.spelt_out
    if node.relation != "noun" or noun is None or node.above is None or above is None:
        return None
    by_participle = any(k.dep_ == "amod" and k.tag_ == "VBN" and k.lemma_ in rejections("verbs") for k in noun.lefts)
    return noun if by_participle or _holds(node, noun, above) else None


def _holds(node: Node, noun: Token, above: Standing | None) -> bool:
    """Whether the verb above rejects the noun, and did so: "would have rejected the offer" and "did not reject it" say nothing of the offer."""
    over = node.above
    if over is None or above is None or over.lemma not in rejections("verbs"):
        return False
    return (
        noun.head == over.token
        and noun.dep_ in ("dobj", "nsubjpass")
        and not negated(over)
        and above.status not in ("refused", "denied", "hypothetical", "planned")
    )


def _denied_content(node: Node, above: Standing | None) -> Standing | None:
    """As in "denied that he lied", "it is not true that he lied", "never lied, his lawyer said"."""
    over = node.above
    if over is None or node.relation != "content":
        return None
    if effects("verbs").get(over.lemma) == "denied":
        return None if negated(over) else Standing("denied", "denial-of-content")
    acomp = over.has("acomp")
    if acomp is not None and over.token.lemma_ == "be":
        false = acomp.lower_ in ("untrue", "false") or (acomp.lower_ == "true" and negated(over))
        return Standing("denied", "denial-of-content") if false else None
    if not negated(node) or modal_of(node) or tense(node) != "past":
        return None
    speaker = over.subject
    defends = speaker is not None and speaker.lemma_ in acts("defenders")
    return Standing("denied", "denial-of-content") if over.lemma in saying("insists") or defends else None


def _threatened_content(node: Node, above: Standing | None) -> Standing | None:
    """As in "threatened that it would leave"."""
    if node.relation == "content" and node.above is not None and effects("verbs").get(node.above.lemma) == "threatened":
        return Standing("threatened", "threat-of-content")
    return None


def _subjunctive(node: Node, above: Standing | None) -> Standing | None:
    """As in "insisted that the union agree": asked for."""
    over = node.above
    if (
        over is None
        or node.relation not in ("content", "complement")
        or over.lemma not in acts("subjunctive")
        or modal_of(node)
        or node.infinitive
    ):
        return None
    subject = node.subject
    if node.token.i < over.token.i or node.token.lower_ in ("are", "am"):
        return None
    bare = node.token.tag_ == "VB" or any(a.lower_ == "be" for a in node.auxiliaries)
    singular = subject is not None and (subject.tag_ in ("NN", "NNP") or subject.lower_ in ("he", "she", "it"))
    singular = singular and not any(k.lower_ == "of" for k in subject.rights) if subject is not None else False  # "half of voters support"
    if bare or (node.token.tag_ == "VBP" and singular and not node.auxiliaries):
        return Standing("demanded", "subjunctive")
    return None


def _irreal_content(node: Node, above: Standing | None) -> Standing | None:
    """As in "would prefer that markets decide", "doubts that he won"."""
    over = node.above
    if over is not None and node.relation == "content" and over.lemma in acts("unreal"):
        return Standing("hypothetical", "complement-of-possibility")
    return None


def _meant(node: Node, above: Standing | None) -> Standing | None:
    """As in "might mean he leaves", "would mean that shops close": what follows from what may be may be."""
    over = node.above
    if over is None or above is None or node.relation != "content" or over.lemma not in acts("entailing"):
        return None
    if not modal_of(over) or negated(over) or above.status not in ("hypothetical", "planned"):
        return None
    return Standing(above.status, "complement-that-inherits") if above.status == "hypothetical" or not modal_of(node) else None


def _unsaid(node: Node, above: Standing | None) -> Standing | None:
    """As in "never said that he would leave", "I don't believe it is dead": what somebody does not say or believe is open."""
    over = node.above
    if over is None or node.relation != "content" or node.token.i < over.token.i or over.lemma not in saying("unsaid"):
        return None
    return Standing("hypothetical", "unsaid") if negated(over) and over.has("mark") is None else None


def _unshown(node: Node, above: Standing | None) -> Standing | None:
    """As in "no evidence that he lied", "no sign of prices falling", "without proof that": open, whatever the clause itself says."""
    over = node.above
    if over is None or node.infinitive or node.relation not in ("noun", "content", "relative", "adverbial"):
        return None
    noun = over.has("nsubjpass") if node.via is None and node.relation == "content" else node.spelt_out  # "no evidence was found that"
    if noun is None or noun.lemma_ not in acts("evidence") or (node.relation == "relative" and not is_whole(node)):
        return None
    held = noun.head == over.token and noun.dep_ in ("dobj", "attr") and negated(over)
    missing = held or _negated_word(noun) or noun.head.lower_ == "without"
    return Standing("hypothetical", "no-evidence") if missing else None


def _hoped_content(node: Node, above: Standing | None) -> Standing | None:
    """As in "hopes that prices fall", "ensure that it works": to come, unless it is told in the past."""
    over = node.above
    if over is None or node.relation != "content" or modal_of(node) or node.token.tag_ not in {*PRESENT, "VB"}:
        return None
    if over.lemma in acts("hoped") and tense(node) != "past":
        return Standing("planned", "complement-of-plan")
    return None


def _complement(node: Node, above: Standing | None) -> Standing | None:
    """An infinitive or gerund in the complement of a verb or adjective."""
    over = node.above
    bare_under_helper = (
        over is not None
        and node.relation == "content"
        and node.token.tag_ in ("VB", "VBP")
        and over.lemma in _HELPERS
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
    if negated(over) or _negated_word(node.via):
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
        return ("inherited" if over.token.tag_ == "VBD" else "demanded"), "have-to"
    if vowed_harm(over.lemma, node.lemma) and not negated(over) and not node.passive:
        return "threatened", "harmful-vow"
    return None


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
        return "inherited" if word in ("fail", "neglect", "failure") else "hypothetical"
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
    if noun is None or noun.lemma_ not in acts("choices") or not (_negated_word(noun) or negated(over)):
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
    effect = effects("nouns").get(noun.lemma_, default)
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
    if _negated_word(noun) or holds:
        effect = _negation_of(noun.lemma_, effect)
        return _composed(effect, standing, _NEGATED_RULE.get(effect, _RULE_OF[effect]))
    return _composed(effect, standing, _RULE_OF[effect].replace("complement-", "noun-", 1))


def _reached(noun: Token, node: Node, above: Standing | None) -> Standing:
    """The standing above as far as it reaches a noun: who denies a split over a decision does not deny the decision."""
    plain = Standing("occurred", "plain")
    if above is None or node.above is None:
        return plain
    direct = noun.head == node.above.token and noun.dep_ in ("dobj", "attr", "nsubjpass", "oprd")
    return above if direct or above.status not in ("refused", "denied") else plain


def _negated_word(word: Token | None) -> bool:
    return word is not None and (denied(word) or any(k.dep_ == "neg" for k in word.lefts))


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
