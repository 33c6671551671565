"""When something was said, taken out of what was said: "said on Tuesday it would cut jobs" cuts none on Tuesday.

English leaves "that" out, and a parser then hangs the day behind the verb of saying on the clause behind it. A writer who
meant that clause would have set the day at its end, or a comma or "that" before it.
"""

import functools
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from transforms.parse.grammar import NOMINAL_SUBJECTS
from transforms.words.lexicon import lexicon
from transforms.words.reporting import classes

_LONGEST = 5  # tokens of such a time: "on the night of Tuesday"


def hang_on_sayings(doc: Doc) -> None:
    """Hang such times on the verb of saying above, in place. The Doc must be parsed and have lemmas."""
    for time, saying in list(_misled(doc)):
        time.head = saying


def _misled(doc: Doc) -> Iterator[tuple[Token, Token]]:
    """The head of each such time, with the verb that it belongs to."""
    verbs = classes("verbs")
    for token in doc:
        if token.dep_ != "ccomp" or token.head.i >= token.i or token.head.lemma_ not in verbs:
            continue
        first = token.left_edge
        if first.i <= token.head.i or first.lower_ not in _any():
            continue
        time = next((child for child in token.lefts if child.left_edge == first), None)
        if time is not None and _is_time(time) and doc[time.right_edge.i + 1].text not in (",", "'s", "’s", "-"):
            yield time, token.head


def _is_time(head: Token) -> bool:
    span = head.doc[head.left_edge.i : head.right_edge.i + 1]
    if len(span) > _LONGEST or head.dep_ in NOMINAL_SUBJECTS:
        return False
    return all(t.lower_ in _any() or t.tag_ == "CD" for t in span) and any(t.lower_ in _core() for t in span)


@functools.cache
def _core() -> frozenset[str]:
    known = lexicon("dates-words")
    return frozenset(lexicon("saying-times")["core"]) | frozenset(known["weekday"]) | frozenset(known["month"])


@functools.cache
def _any() -> frozenset[str]:
    return _core() | frozenset(lexicon("saying-times")["around"]) | frozenset(lexicon("dates-words")["daypart"])
