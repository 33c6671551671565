"""The clauses of an annotated article, as plain records without the parse."""

from collections.abc import Iterator, Mapping, Sequence
from sys import intern
from typing import Final

from schemas.fact import Argument
from schemas.fact_row import Stretch
from transforms.annotate import Annotated
from transforms.attributions.nominal import owner_of
from transforms.attributions.possible_sources import may_say
from transforms.attributions.speakers import phrase_of, speaker_of
from transforms.facts.clause_node import Node
from transforms.facts.clause_parts import judges, object_of, subject_of, taken_up, verb_group
from transforms.facts.clause_status import standings
from transforms.facts.clause_tree import part, tree_of
from transforms.facts.firmness import firmness_of
from transforms.facts.governors import acts, reporting_nouns, reporting_verbs
from transforms.facts.imperatives import calls_for_attention
from transforms.facts.node_features import Standing, modal_of, negated, tense
from transforms.facts.participants import arguments_of, governing_dates
from transforms.facts.phrase_spans import ClausePart, part_of
from transforms.parse.clause import Clause, Relation
from transforms.parse.grammar import is_nobody
from transforms.words.reporting import saying
from transforms.words.source_nouns import source_nouns

_FILLERS: Final = frozenset({("you", "know"), ("you", "see"), ("i", "mean"), ("you", "mean")})
_WITHOUT: Final = "without"
_BULLETS: Final = frozenset({"-", "–", "—", "*", "•", "·", "●"})
_DONE: Final = frozenset({"occurred", "ongoing"})  # what is only planned, supposed or asked for may be so of nobody
_OF_WHO_SPEAKS: Final = frozenset({"my", "our", "your"})


def clauses_in(article: Annotated) -> Iterator[Clause]:
    """Yield the clauses of an article in text order."""
    nodes = tree_of(article)
    known = standings(nodes)
    before: ClausePart | None = None  # what the main clause before was about last: its object, or several that it had as subject
    for node in nodes:
        if not _auxiliary_like(node) and not _says_nothing(node):
            subject, thing = subject_of(node), object_of(node)
            if node.relation == "root":
                several = subject if subject is not None and subject.token.tag_ == "NNS" else None
                subject, before = taken_up(subject, before), thing or several
            yield _clause(node, known, subject, thing, article.text)
    part(nodes)


def _auxiliary_like(node: Node) -> bool:
    """As in "is going to", "has to", "is to", "is able to", "is set to": the act is the verb that follows."""
    infinitives = [k for k in node.below if k.relation == "complement" and k.infinitive and k.marker != "for"]
    if not infinitives:
        return False
    lemma = node.token.lemma_
    if lemma == "go":
        return node.token.tag_ == "VBG"
    if lemma == "be":
        return node.has("attr", "dobj") is None
    if lemma == "set" and node.token.tag_ in ("VBN", "VBD"):
        return node.has("dobj", "agent", "prt") is None
    return lemma in ("have", "use", "get") and node.has("dobj") is None


def _semi_auxiliaries(node: Node) -> Iterator[Node]:
    """The clauses above that only carry this one, from the nearest up: what stands beside "is going to" or "had to" is said of the act."""
    while node.above is not None and node.relation == "complement" and node.infinitive and _auxiliary_like(node.above):
        node = node.above
        yield node


def _is_of_act(argument: Argument, carrier: Node, node: Node) -> bool:
    """Whether what hangs on "is able" is said of the act: what stands between the two may be what somebody is ("was at a gala to honour her")."""
    before = argument.end <= carrier.token.idx or argument.start >= node.token.idx
    return argument.role != "complement" and (before or argument.role == "time")


def _says_nothing(node: Node) -> bool:
    """As in "you know", "I mean" beside what they introduce, and "has nothing [to do] with": words that tell of no act."""
    subject = node.has("nsubj")
    spoken = (subject.lower_, node.token.lower_) if subject is not None else None
    if _is_listed(node):
        return True
    if calls_for_attention(node) or (node.lemma == "mention" and node.infinitive and _own_not(node)):  # "not to mention"
        return True
    if node.lemma == "come" and node.marker == "when" and subject is not None and subject.lower_ == "it":  # "when it comes to"
        return any(k.lower_ == "to" for k in node.kids)
    if spoken in _FILLERS and not node.auxiliaries and not negated(node) and node.relation in ("root", "aside", "conj", "content"):
        return True
    return node.lemma == "do" and node.infinitive and any(k.lower_ == "with" for k in node.kids) and node.has("dobj") is None


def _is_listed(node: Node) -> bool:
    """As in "- Cutting taxes": a bare gerund as an item of a list names an act, and does not say that anybody did it."""
    if node.relation != "root" or node.token.tag_ != "VBG" or node.auxiliaries or node.subject is not None:
        return False
    first = node.token.left_edge.i
    mark = node.token.doc[first - 1] if first else None
    return mark is not None and mark.text in _BULLETS and (mark.i == 0 or mark.nbor(-1).is_space)


def _own_not(node: Node) -> bool:
    return any(k.dep_ == "neg" and k.lower_ == "not" for k in node.kids)


def _clause(node: Node, known: Mapping[int, Standing], subject: ClausePart | None, thing: ClausePart | None, text: str) -> Clause:
    if thing is not None and subject is not None and thing.token.i == subject.token.i:
        thing = None
    group = verb_group(node)
    carriers = list(_semi_auxiliaries(node))
    beside = [a for n in carriers for a in arguments_of(n, text) if _is_of_act(a, n, node)]
    arguments = tuple(sorted((*beside, *arguments_of(node, text)), key=lambda a: a.start) if beside else arguments_of(node, text))
    standing = known[node.token.i]
    modality, hedges = firmness_of(node, known)
    start, end = _hull(node, group, subject, thing, [(a.start, a.end) for a in arguments])
    dated = list(dict.fromkeys(d for n in (node, *carriers) for d in governing_dates(n)))
    token = node.token
    above, relation = _emitted_above(node)
    return Clause(
        start=start,
        end=end,
        rule=standing.rule,
        predicate=intern(text[group[0] : group[1]]),  # once for all that read the same: a book has a hundred thousand
        predicate_lemma=intern(node.lemma),
        predicate_start=token.idx,
        predicate_end=token.idx + len(token.text),
        subject=subject.whole if subject else None,
        subject_head=subject.first if subject else None,
        object=thing.whole if thing else None,
        object_head=thing.first if thing else None,
        arguments=arguments,
        polarity="negative" if negated(node) or _without(node) or standing.rule == "near-miss" else "positive",
        tense=tense(node),
        modality=modality,
        status=standing.status,
        hedges=hedges,
        is_reporting=_reports(node),
        relation=relation,
        above=above.token.idx if above is not None else None,
        speaker=_speaker(node, subject),
        holder=_holder(node),
        own=tuple(s for n in (node, *carriers) for s in n.own),
        when=tuple(s for s, _ in dated),
        when_by=tuple(by for _, by in dated),
        lacks_doer=subject is None and standing.status in _DONE and not _there_is(node, carriers),
    )


def _there_is(node: Node, carriers: Sequence[Node]) -> bool:
    """As in "there was a storm", "there used to be a mill", "there seem to be doubts": what there is has no doer."""
    above = node.above if node.relation == "complement" else None
    return any(n.has("expl") is not None for n in (node, *carriers)) or (above is not None and above.has("expl") is not None)


def _emitted_above(node: Node) -> tuple[Node | None, Relation]:
    """(the clause above that is a fact of its own, how the node hangs on it): semi-auxiliaries between are left out.

    What judges something told is told by nobody before it: it hangs on nothing.
    """
    above, relation = node.above, node.relation
    if judges(node):
        return None, relation
    while above is not None and _auxiliary_like(above):
        relation, above = above.relation, above.above
    return above, relation


def _hull(
    node: Node, group: tuple[int, int], subject: ClausePart | None, thing: ClausePart | None, others: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """From the first to the last character of the parts that stand in the clause itself, not of those found further up."""
    own = [group, *others]
    if subject is not None or thing is not None:
        left, right = node.token.left_edge.i, node.token.right_edge.i
        own += [(p.start, p.end) for p in (subject, thing) if p is not None and left <= p.token.i <= right]
    return min(s for s, _ in own), max(e for _, e in own)


def _without(node: Node) -> bool:
    return node.via is not None and node.via.lower_ == _WITHOUT and node.relation == "adverbial"


def _reports(node: Node) -> bool:
    """Whether the act is one of saying, thinking, asking, promising, showing."""
    lemma = node.lemma
    if lemma in saying("reports"):
        return not (lemma in saying("does") and _has_plain_object(node))
    if lemma not in reporting_verbs():
        return False
    subject = node.has("nsubj")  # of a passive it says nothing: "the report was published"
    text = subject is not None and subject.lemma_ in (source_nouns("document") | source_nouns("taken_up"))
    return text or any(k.relation == "content" for k in node.below)


def _has_plain_object(node: Node) -> bool:
    """As in "agreed a deal", "added a room": something is done, where "added a comment" and what a clause spells out are said."""
    thing = node.has("dobj")
    return (
        thing is not None and thing.lemma_ not in reporting_nouns() and not any(k.relation in ("content", "complement") for k in node.below)
    )


def _speaker(node: Node, subject: ClausePart | None) -> Stretch | None:
    """Who says what the clause below says, as quotes have it too: of a passive only a named agent ("is said to" names nobody).

    Who can or should show something, or has the right to say it, has not said it; a thing that shows it ("the fact that") says nothing,
    and neither does nobody.
    """
    may = modal_of(node) in ("can", "could", "should", "must", "ought") or (node.infinitive and node.relation == "noun")
    if subject is None or may:
        return None
    who = speaker_of(node.token)
    if who is None or is_nobody(who) or not may_say(who, node.token):
        return None
    if who == subject.token:
        return subject.whole
    phrase = phrase_of(who)
    return Stretch(start=phrase.start_char, end=phrase.end_char)


def _holder(node: Node) -> Stretch | None:
    """Whose claim, as quotes have it too, the clause spells out: "the bank's forecast that"; without an owner the noun, if it is one of saying.

    "I", "we" and "you" are whoever is quoted, and for the quote to tell.
    """
    noun = node.via
    if node.relation != "noun" or noun is None or node.infinitive or noun.lemma_ not in reporting_nouns():
        return None
    owner = owner_of(noun)
    if owner is not None:
        return part_of(owner).whole if owner.lower_ not in _OF_WHO_SPEAKS else None
    return part_of(noun).first if noun.lemma_ in acts("speaking") else None
