"""Third look, part one: how exact a number is said to be (figures.bound)."""

import functools
import re
from dataclasses import dataclass
from typing import Final

from schemas.figure import Bound
from transforms.figures.changes import Move
from transforms.figures.quantity import Quantity
from transforms.parse.grammar import is_nobody, subject_of
from transforms.parse.token_tree import Span, Token
from transforms.words.lexicon import lexicon, words

_WORD = re.compile(r"[^\s,;()\[\]\"“”]+|[~≈><≥≤]")
_TURNED: Final[dict[Bound, Bound]] = {"more_than": "at_most", "less_than": "at_least"}
_CLIMB: Final = 8  # heads between a figure and its verb
_CLAUSE_END = re.compile(r"[.!?;:\n)][\s]|[,(\"“”\n]")


@dataclass(frozen=True, slots=True)
class _Bounds:
    before: dict[str, Bound]
    after: dict[str, Bound]
    between: frozenset[str]
    longest: int


@functools.cache
def _bounds() -> _Bounds:
    data = lexicon("figures-bounds")
    kinds: tuple[Bound, ...] = ("about", "at_least", "at_most", "more_than", "less_than")
    before = {form: kind for kind in kinds for form in data[kind]["before"]}
    after = {form: kind for kind in kinds for form in data[kind]["after"]}
    return _Bounds(before, after, frozenset(data["between"]["words"]), max(len(f.split()) for f in before))


def bound_of(text: str, span: Span, quantity: Quantity, move: Move | None) -> Bound:
    """How exact the number is: the longest phrase of the lexicon that stands right before it or right behind it."""
    if quantity.value is None and quantity.low is not None:
        return "range"  # whatever else is said of its ends: whoever asks for ranges gets all
    # "went up to $5"
    risen = move is not None and move.role == "to" and move.word.lower_ == "up" and text.endswith("up to ", 0, quantity.start)
    # "a win over the sixth seed", "made over four years"; in "took over four years" the parse has the word with the number
    before = span.doc[span.start - 1] if span.start else None
    spent = quantity.kind == "duration" and before is not None and before.dep_ == "prep" and before.lower_ == "over"
    if risen or spent or quantity.kind in ("score", "rank"):
        return "exact"
    table = _bounds()
    near = [w.lower() for w in _WORD.findall(_clause_before(text, quantity.start))][-table.longest - 2 :]
    if found := _phrase_before(near, table, quantity):
        return _TURNED[found] if found in _TURNED and _of_nobody(span.root) else found
    behind = text[quantity.end : quantity.end + 24]
    for form, kind in table.after.items():
        gap = behind.removeprefix(" ") if form[0].isalpha() else behind
        if gap.startswith(form) and not gap[len(form) : len(form) + 1].isalnum():
            return kind
    return "exact"


def _of_nobody(figure: Token) -> bool:
    """Nobody pays more than $5, no fare will be higher: what is said of none turns the bound."""
    token = figure
    for _ in range(_CLIMB):
        if token.pos_ in ("VERB", "AUX") and (subject := subject_of(token)) is not None:
            return subject.i < token.i < figure.i and is_nobody(subject)
        if token.head == token:
            return False
        token = token.head
    return False


def _clause_before(text: str, start: int) -> str:
    window = text[max(0, start - 48) : start]
    ends = [m.end() for m in _CLAUSE_END.finditer(window)]
    return window[ends[-1] :] if ends else window


def _phrase_before(near: list[str], table: _Bounds, quantity: Quantity) -> Bound | None:
    skipped, defined = 0, near[-1:] == ["the"]
    while True:
        for length in range(min(table.longest, len(near)), 0, -1):
            kind = table.before.get(" ".join(near[-length:]))
            past = skipped > 0 and near[-1].startswith(("exceed", "surpass", "pass", "top"))  # "exceeded the 3% limit"
            with_it = (
                skipped > 0 and defined and (near[-1] in words("figures-bounds", "comparing", "words") or near[-2:] == ["short", "of"])
            )
            if with_it:
                return None  # "more than the 150,000 that they expected": compared with a number, which is exact
            if kind is not None and not past and not _spans_time(near, length, skipped, quantity):
                return "at_most" if quantity.kind == "duration" and near[-1] == "within" else kind  # "replied within 60 seconds"
        if len(near) > 1 and near[-1] == "than" and near[-2].endswith("er"):
            return "less_than" if near[-2] in words("figures-bounds", "smaller_than", "words") else "more_than"
        if not near or near[-1] not in table.between or skipped == 3:
            return None
        near, skipped = near[:-1], skipped + 1


def _spans_time(near: list[str], length: int, skipped: int, quantity: Quantity) -> bool:
    """Over the next five years, past two weeks: words of place and time, not of a bound."""
    word = near[-1] if length == 1 else ""
    return quantity.kind == "duration" and (
        word in ("over", "past", "within", "under", "near", "above", "around", "about") and (skipped > 0 or word == "past")
    )
