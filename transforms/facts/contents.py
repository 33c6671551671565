"""Status of what is said, wished, denied or shown by the clause above: "denied that he lied", "no evidence that he knew"."""

from typing import Final

from transforms.facts.clause_node import Node
from transforms.facts.clause_tree import is_whole
from transforms.facts.governors import acts, effects
from transforms.facts.node_features import Rule, Standing, denied_word, modal_of, negated, tense
from transforms.words.reporting import saying


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
    opines = node.lemma in acts("opinions")  # "the poll suggests the public believe it": nobody asks for an opinion
    if opines or node.token.i < over.token.i or node.token.lower_ in ("are", "am"):
        return None
    bare = node.token.tag_ == "VB" or any(a.lower_ == "be" for a in node.auxiliaries)
    singular = subject is not None and (subject.tag_ in ("NN", "NNP") or subject.lower_ in ("he", "she", "it"))
    singular = singular and not any(k.lower_ == "of" for k in subject.rights) if subject is not None else False  # "half of voters support"
    if bare or (node.token.tag_ == "VBP" and singular and not node.auxiliaries):
        return Standing("demanded", "subjunctive")
    return None


def _essential(node: Node, above: Standing | None) -> Standing | None:
    """As in "it is essential that they understand": what is needed is asked for."""
    over = node.above
    if over is None or node.relation != "content" or node.marker != "that" or over.token.lemma_ != "be" or modal_of(node):
        return None
    needed = over.has("acomp")
    bare = node.token.tag_ in ("VB", "VBP") or any(a.lower_ == "be" for a in node.auxiliaries)
    if needed is None or not bare or any(a.lemma_ == "have" for a in node.auxiliaries) or negated(over):
        return None
    return Standing("demanded", "complement-of-demand") if effects("adjectives").get(needed.lower_) == "demanded" else None


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
    missing = held or denied_word(noun) or noun.head.lower_ == "without"
    return Standing("hypothetical", "no-evidence") if missing else None


def _hoped_content(node: Node, above: Standing | None) -> Standing | None:
    """As in "hopes that prices fall", "ensure that it works": to come, unless it is told in the past."""
    over = node.above
    if over is None or node.relation != "content" or over.lemma not in acts("hoped") or modal_of(node):
        return None
    under_way = node.token.tag_ == "VBG" or any(a.lemma_ == "have" for a in node.auxiliaries)  # "hopes that it has worked"
    present = tense(node) == "present" or node.token.tag_ == "VB"
    return Standing("planned", "complement-of-plan") if present and not under_way else None


CONTENTS: Final[tuple[Rule, ...]] = (
    _denied_content,
    _threatened_content,
    _subjunctive,
    _essential,
    _irreal_content,
    _meant,
    _unsaid,
    _unshown,
    _hoped_content,
)
