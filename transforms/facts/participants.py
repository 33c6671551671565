"""Further participants and circumstances of a clause, and where in it a date governs the act."""

import functools
from collections.abc import Iterator
from typing import Final

from schemas.fact import Argument
from schemas.fact_row import Stretch
from transforms.facts.clause_node import Node
from transforms.facts.clause_parts import describes, given_in, is_aside, judges, mark_passed, small_clause
from transforms.facts.control import MEASURES, behind_as
from transforms.facts.governors import acts, effects
from transforms.facts.phrase_spans import asked_by_verb, closing_of, is_day_before, is_phrasal, part_of
from transforms.parse.grammar import TIMES, is_joined, is_time
from transforms.parse.token_tree import Token
from transforms.words.lexicon import words
from transforms.words.reporting import saying
from transforms.words.source_nouns import source_nouns

_WHEN: Final = frozenset({"in", "on", "at", "during", "since", "until", "till", "by", "before", "after", "from", "between", "for", "over", "within", "through", "throughout", "late", "early", "around", "as"})  # fmt: skip
_ADVERBIAL: Final = frozenset({"prep", "agent", "npadvmod", "advmod", "tmod", "nmod", "dep"})
_SUBJECTS: Final = frozenset({"nsubj", "nsubjpass", "expl"})
_SOURCE: Final = frozenset({"according", "per"})
_COMPARING: Final = frozenset({"than", "as"})
_COMPANY: Final = frozenset({"with", "against", "to", "from", "on"})  # a date behind whom one meets is that of the meeting
_PERIODS: Final = frozenset({"in", "during", "for"})
_PERIODS_OF: Final = frozenset({"in", "during", "over"})
_WAYS: Final = frozenset({"up", "down", "higher", "lower"})
_OLD_VALUES: Final = frozenset({"from", "than"})
_VALUE_WORDS: Final = 7  # words of an old value: "from a record high of $5 million"
_STOPS_VALUE: Final = frozenset({",", ";", "to"})
_SETTING: Final = frozenset(
    {"in", "on", "at", "during", "since", "until", "till", "by", "before", "after", "between", "within", "throughout"}
)
_SINCE: Final = "since"
_SUPERLATIVES: Final = frozenset({"JJS", "RBS"})
_RECORD_WORDS: Final = 8  # words between a superlative and its "since"
_ENOUGH: Final = 50  # clauses below that may cut an adverbial; a longer list is no text that people write


def arguments_of(node: Node, text: str) -> Iterator[Argument]:
    """The participants beside subject and object, in text order; `text` is the article's."""
    small = small_clause(node)
    taken = [named.head for below in node.below[:_ENOUGH] if (named := behind_as(below)) is not None]
    for k in node.kids:
        if k in taken:
            continue
        if k.dep_ in ("prep", "dative", "agent", "advmod"):
            if k.pos_ != "VERB" and k.lower_ not in _SOURCE:
                yield from _circumstance(node, k, text)
        elif k.dep_ == "dobj" and not describes(node, k):
            if node.lemma in acts("making") and _is_made(node, k):
                yield _argument("complement", k, text)
            elif not is_aside(node, k):
                yield from _asked(k, text)
        elif k.lower_ == "thanks" and k.dep_ == "npadvmod" and (due := _due_to(k)) is not None:
            yield _argument("thanks to", due, text)
        elif small is not None and k == small[1]:
            yield _so(*small, text)
        elif (judged := _less_than(k)) is not None:
            yield _up_to("complement", k, judged, text)
            yield from (a for g in judged.rights if g.dep_ == "prep" for a in _circumstance(node, g, text))
        elif (role := _role(node, k)) is not None:
            yield _with_degree(node, k, text) if k.dep_ == "acomp" else _argument(role, k, text)


def _circumstance(node: Node, k: Token, text: str) -> Iterator[Argument]:
    """What a preposition or an adverb brings in, and the dative."""
    role, head = _brought_in(k)
    if head is not None and f"{role} {head.lower_}" in acts("asides") and _leads_on(node, head):
        return
    if k.dep_ == "agent" and (head is None or not (head.ent_type_ in MEASURES or is_time(head))):
        return  # the subject
    if head is not None and not (head.pos_ == "VERB" and head.tag_ != "VBG"):
        yield _argument("time" if head.ent_type_ in TIMES and role not in _COMPARING else role, head, text)
    elif k.dep_ == "dative" and k.pos_ != "ADP":
        yield _argument("indirect_object", k, text)
    elif k.dep_ == "advmod" and k.ent_type_ in TIMES:
        yield _argument("time", k, text)
    elif k.dep_ == "advmod" and k.i > node.token.i and _tells_outcome(node, k):
        yield _argument("complement", k, text)


def _tells_outcome(node: Node, k: Token) -> bool:
    """Whether an adverb is what the clause says: "has fared better", "sales were up 3%", "we are here"."""
    if node.lemma in acts("faring"):
        return k.lower_ in acts("results")
    near = k.left_edge.i <= node.token.i + 2 and not any(p.dep_ == "prep" and p.i < k.i for p in node.kids)
    told = k.lower_ in acts("moved") or (near and k.lower_ in acts("whereabouts"))
    return told and node.token.lemma_ == "be" and node.has("attr", "acomp", "expl") is None


def _is_made(node: Node, k: Token) -> bool:
    """As in "left the world a safer place": what somebody or something is made stands behind it, and parsers take it for an object, too."""
    before = node.has("dobj")
    return before is not None and before.i < k.i and before.right_edge.i + 1 == k.left_edge.i and k.left_edge.lower_ in ("a", "an")


def _due_to(thanks: Token) -> Token | None:
    """To whom or what something is due: "thanks to the rain"."""
    return next((g for prep in thanks.rights if prep.lower_ == "to" for g in prep.rights if g.dep_ == "pobj"), None)


def _leads_on(node: Node, noun: Token) -> bool:
    """Not "it is in order", "in addition to the sale", "ruled in the case"."""
    says_what = node.token.lemma_ == "be" and node.has("attr", "acomp", "expl") is None
    own = noun.n_lefts and noun.lower_ not in acts("asides_with_the")  # "in the case", but "by the way"
    return not says_what and not own and not any(k.dep_ == "prep" for k in noun.rights)


def _role(node: Node, k: Token) -> str | None:
    """The role of a complement, of whom a passive with an agent gives something to, of a noun that measures; None for any other word."""
    dep = k.dep_
    if k.text == "-" or _behind_hyphen(k):
        return None
    told_below = k.pos_ == "VERB" and any(below.token == k for below in node.below[:_ENOUGH])
    if (dep in ("attr", "acomp", "oprd") and not told_below) or (dep == "dobj" and not node.passive):
        return "complement"
    if dep == "nsubjpass" and given_in(node) is not None and node.has("agent") is not None:  # "was handed a licence by the council"
        return "indirect_object"
    if dep == "npadvmod" and k != mark_passed(node) and not any(judges(below) and below.via == k for below in node.below[:_ENOUGH]):
        return _measured(k)
    return None


def _with_degree(node: Node, k: Token, text: str) -> Argument:
    """As in "are prohibitively expensive", "is so good": how much so is part of what something is, though parsers hang it on the verb."""
    found = _argument("complement", k, text)
    first = k.left_edge
    how = first.nbor(-1) if first.i else first
    if how.head != node.token or how.dep_ != "advmod" or how.i < node.token.i or not how.lower_.endswith("ly") or how.ent_type_:
        return found
    if how.lower_ in acts("of_sentence"):
        return found
    return Argument(role="complement", text=text[how.idx : found.end], start=how.idx, end=found.end)


def _less_than(k: Token) -> Token | None:
    """The adjective of "was less than impressed", "is more than happy", which parsers hang on "less" as a clause."""
    if k.dep_ not in ("acomp", "attr", "advmod") or k.lower_ not in ("less", "more"):
        return None
    than = k.doc[k.i + 1] if k.i + 1 < len(k.doc) else k
    judged = than.head if than.lower_ == "than" else k
    return judged if judged.head == k and judged.i == k.i + 2 and judged.tag_ in ("JJ", "VBN", "RB") else None


def _up_to(role: str, first: Token, last: Token, text: str) -> Argument:
    start, end = first.left_edge.idx, last.idx + len(last.text)
    return Argument(role=role, text=text[start:end], start=start, end=end)


def _behind_hyphen(k: Token) -> bool:
    """As in "more multi-polar than ever", of which parsers make two complements."""
    return k.i > 1 and k.nbor(-1).text == "-" and not k.nbor(-1).whitespace_ and k.nbor(-2).head == k.head


def _measured(k: Token) -> str | None:
    """Whether a noun without a preposition says when ("this time") or how much ("5%", "a lot"); names and appositions do neither."""
    rate = k.lower_ == "times" or (k.n_lefts and k.left_edge.lower_ in ("a", "an"))  # "five times", "$10 a month"
    if k.ent_type_ in TIMES or (k.lemma_ in acts("times") and not rate):
        return "time"
    counted = k.like_num or k.ent_type_ in MEASURES or any(n.like_num or n.ent_type_ in MEASURES for n in k.lefts)
    return "extent" if counted or (rate and k.lemma_ in acts("times")) or k.lemma_ in acts("amounts") else None


def _asked(thing: Token, text: str) -> Iterator[Argument]:
    """What the verb asks for behind its object: "sold the striker to Halden"."""
    for prep in thing.rights:
        noun = _object(prep) if prep.dep_ == "prep" and asked_by_verb(thing, prep) else None
        if noun is not None:
            yield _argument("time" if noun.ent_type_ in TIMES else prep.lower_, noun, text)


def _so(whom: Token, so: Token, text: str) -> Argument:
    """As what: "guilty of fraud" of "found him guilty of fraud"."""
    start, end = so.doc[whom.right_edge.i + 1].idx, part_of(so).end
    return Argument(role="complement", text=text[start:end], start=start, end=end)


def _brought_in(prep: Token) -> tuple[str, Token | None]:
    """(the preposition, the noun it brings in), also one in more words: "back to the top", "out of the talks", "on behalf of the bank"."""
    head = _object(prep)
    closing = closing_of(prep, head)
    if head is not None and closing is not None:
        return f"{prep.lower_} {head.lower_} {closing.lower_}", _object(closing)
    behind = [g for g in prep.rights if g.i == prep.i + 1 and g.pos_ == "ADP" and g != head]
    if head is not None or prep.lower_ in _COMPARING:
        return f"{prep.lower_} {behind[0].lower_}" if behind else prep.lower_, head  # "due to"
    further = next((g for g in behind if g.dep_ in ("prep", "pcomp") and g.lower_ not in _COMPARING), None)
    return (f"{prep.lower_} {further.lower_}", _object(further)) if further is not None else (prep.lower_, None)


def _object(prep: Token) -> Token | None:
    """The noun behind a preposition, and the adjective of "regard them as skilled"."""
    noun = next((g for g in prep.rights if g.dep_ == "pobj"), None)
    return (
        noun if noun is not None or prep.lower_ != "as" else next((g for g in prep.rights if g.pos_ == "ADJ" and g.lower_ != "such"), None)
    )


def _argument(role: str, head: Token, text: str) -> Argument:
    part = part_of(head)
    return Argument(role=role, text=text[part.start : part.end], start=part.start, end=part.end)


def governing_dates(node: Node) -> Iterator[tuple[Stretch, str]]:
    """(stretch, preposition or "") where a date says when the act happened: adverbials of the verb, not dates inside its nouns.

    A dated phrase behind an object is the verb's too ("imposed tariffs in April"), unless the object is itself an event or a text.
    Beside a date that stands by itself, one inside a phrase is only that of a name: "at the 2010 fair two weeks ago".
    """
    by_itself = any(_is_time(k) for k in node.kids)
    for k in node.kids:
        dep = k.dep_
        if (by_itself and dep in _ADVERBIAL and not _is_time(k)) or _of_base(k) or _of_record(k) or _is_compared(k):
            continue
        if dep in ("prep", "agent") and k.lower_ not in _SOURCE:
            yield from _adverbial(k, node)
        elif dep == "advmod" or (dep in ("npadvmod", "tmod", "nmod", "dep", "pobj") and _measures_time(k)):
            yield _stretch(k, node), ""
        elif (dep in ("dobj", "attr", "acomp") or (dep in _SUBJECTS and k.i > node.token.i)) and k.lemma_ not in _dated_nouns():
            if not is_aside(node, k):
                yield from _behind(k)
        elif dep in _SUBJECTS and k.n_lefts and is_day_before(k.left_edge, k):
            yield _whole(k.left_edge), ""
        elif dep in _SUBJECTS and not by_itself and node.lemma not in saying("reports") and node.lemma not in effects("verbs"):
            yield from _period_of(k)
    via = node.via
    if node.relation == "relative" and via is not None and (node.marker in ("where", "when") or _during_which(node)):
        for prep in via.rights:
            if prep.dep_ == "prep" and prep.i < node.token.i:
                yield _whole(prep), prep.lower_


def _measures_time(word: Token) -> bool:
    """Whether a noun is a time itself, and not some other beside which one stands: "shares rose, a first since 1990"."""
    return word.ent_type_ in TIMES or word.lemma_ in acts("times") or any(k.ent_type_ in TIMES or k.like_num for k in word.lefts)


def _period_of(subject: Token) -> Iterator[tuple[Stretch, str]]:
    """As in "car sales in March rose": the period of what is measured is that of the act."""
    if subject.pos_ != "NOUN" or subject.lemma_ in _dated_nouns() or is_joined(subject):
        return
    for prep in subject.rights:
        if prep.dep_ == "prep" and prep.lower_ in _PERIODS_OF and _is_time(prep):
            yield _whole(prep), prep.lower_


def _is_time(word: Token) -> bool:
    """Whether an adverbial is a date by itself: "on Monday", "two weeks ago", "last year"."""
    if word.dep_ in ("prep", "agent"):
        return any(k.dep_ in ("pobj", "pcomp") and k.ent_type_ in TIMES for k in word.rights)
    return word.dep_ in _ADVERBIAL and word.ent_type_ in TIMES


def _of_base(word: Token) -> bool:
    """As in "rose to $6m from $5m in 2004", "down from 73.2% a year earlier": the period right behind an old value is that value's."""
    if (
        word.dep_ not in _ADVERBIAL
        or not (word.lower_ in _PERIODS or word.lemma_ in words("facts-events", "periods") or word.lower_ in words("facts-events", "back"))
        or not _is_time(word)
    ):
        return False
    doc, first = word.doc, word.left_edge.i
    opening = next((at for at in range(first - 1, max(first - _VALUE_WORDS, 0) - 1, -1) if doc[at].lower_ in _OLD_VALUES), None)
    if opening is None or any(doc[at].pos_ in ("VERB", "AUX") or doc[at].text in _STOPS_VALUE for at in range(opening, first)):
        return False
    return any(doc[at].like_num or doc[at].ent_type_ in MEASURES - TIMES for at in range(opening + 1, first))


def _is_compared(word: Token) -> bool:
    """As in "up from 21 a week ago": what a value was before, with the day of that."""
    return word.lower_ in _WAYS and any(k.dep_ == "prep" and k.lower_ == "from" for k in word.rights)


def _of_record(prep: Token) -> bool:
    """As in "their lowest level since October", "the first rise since 2019": the date is that of the record before, not of the act."""
    if prep.lower_ != _SINCE:
        return False
    doc = prep.doc
    for at in range(prep.i - 1, max(prep.i - _RECORD_WORDS, 0) - 1, -1):
        word = doc[at]
        if word.tag_ in _SUPERLATIVES or word.lower_ in words("facts-events", "records"):
            return True
        if word.pos_ in ("VERB", "AUX") or word.is_punct:
            return False
    return False


def _adverbial(prep: Token, node: Node) -> Iterator[tuple[Stretch, str]]:
    """In an adverbial of time or place any date is the act's ("at a rally on Monday"); elsewhere only one that it is itself ("for a year").

    "In connection with the 1994 killing" is no such adverbial.
    """
    if prep.lower_ in _COMPARING or _of_course(prep):
        return
    if prep.lower_ in _SETTING and prep.dep_ == "prep" and not is_phrasal(prep) and (prep.lower_ != "on" or _is_time(prep)):
        yield _stretch(prep, node), prep.lower_
        return
    for k in prep.rights:
        if k.dep_ == "pobj" and (k.ent_type_ in TIMES or k.like_num):
            yield _whole(k), prep.lower_
        elif k.dep_ == "pobj" and prep.lower_ in _COMPANY and k.lemma_ not in _dated_nouns():
            yield from _behind(k)


def _of_course(prep: Token) -> bool:
    """As in "raises outlook after strong third quarter": how a period went is what the act follows, and no day of it."""
    if prep.lower_ not in words("facts-events", "following"):
        return False
    noun = next((k for k in prep.rights if k.dep_ == "pobj"), None)
    return (
        noun is not None
        and noun.lemma_ in words("facts-events", "periods")
        and any(k.lower_ in words("facts-events", "courses") for k in noun.lefts)
    )


def _during_which(node: Node) -> bool:
    return any(k.dep_ == "prep" and any(g.lower_ == "which" for g in k.rights) for k in node.kids)


@functools.cache
def _dated_nouns() -> frozenset[str]:
    return source_nouns("document") | words("facts-events", "nouns")


def _behind(noun: Token) -> Iterator[tuple[Stretch, str]]:
    for prep in noun.rights:
        if prep.dep_ == "prep" and prep.lower_ in _WHEN and not _of_record(prep):
            for k in prep.rights:
                if k.dep_ == "pobj" and (k.ent_type_ in TIMES or k.like_num):
                    yield _whole(k), prep.lower_
        elif prep.dep_ in ("npadvmod", "nummod") and prep.ent_type_ in TIMES and prep.i > noun.i:
            yield _whole(prep), ""


def _whole(token: Token) -> Stretch:
    last = token.right_edge
    return Stretch(start=token.left_edge.idx, end=last.idx + len(last.text))


def _stretch(token: Token, node: Node) -> Stretch:
    """The subtree of an adverbial, cut where a clause below begins, or the date of a record."""
    doc, end = token.doc, token.right_edge.i + 1
    end = next((at for at in range(token.i + 1, end) if _of_record(doc[at])), end)
    for below in node.below[:_ENOUGH]:
        left = below.token.left_edge.i
        if token.i < left < end:
            end = left
    last = doc[max(end, token.i + 1) - 1]
    return Stretch(start=token.left_edge.idx, end=last.idx + len(last.text))
