"""Quotation marks paired: which stretches of a text stand in marks, however the marks are written.

A small state machine over the marks alone. Each mark is read as opening or closing from its form or, where the form does
not say ("), from its neighbours. What is open lies on a stack. A mark that finds no partner is dropped, so that it costs
at most its own quotation: a new opening mark of the same form ends the wait for the old one.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from transforms.article.positions import paragraph_starts

_MARK = re.compile(r"``|''|[“”„‟«»‹›\"‘’‚']")  # two apostrophes are one mark: "''…,'' she said", as some agencies write
_DOUBLE_MARK = re.compile(r"[“”„‟«»\"]")
# Inside a quotation that is known to go on, a word or two in the same marks: "… to "fake" an injury …"
_NESTED = re.compile(r"[^\"“”\n.!?]{1,40}[\"”](?= [a-z])")
# Apostrophes in front of a word: '90s, 'em, 'tis, 'n'. The word alone decides, since the mark is often turned the wrong way.
_CLIPPED = re.compile(r"(?:\d0s|em|tis|twas|til|cause|bout|n)\b", re.IGNORECASE)
_OPENERS = frozenset("([{—–-/:…=>")
_CLOSERS = frozenset(".,;:!?)]}—–-/…<")
_SINGLE = frozenset("‘’‚'")
_QUOTES = frozenset("“”„‟«»‹›\"‘’‚'`")
_ENDED = re.compile(r"[.!?…]\s{1,2}\Z")
_TURN = re.compile(r"[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3}: ")  # a transcript's line names a new speaker
_DOUBLE = ("straight", "curly")
_LONGEST_SINGLE = 1_500  # characters of one line: single marks double as apostrophes, so a far partner is none
_MOST_PARAGRAPHS = 3  # that a quotation in double marks may run over without a new opening mark at their starts
_LINE_BEFORE, _LINE_BEHIND = 1_000, 200  # characters of a line that are read around a single mark


class _Role(Enum):
    OPEN = 1
    CLOSE = 2


@dataclass(frozen=True, slots=True)
class _Sides:
    """The characters on both sides of a mark; a text's edges count as line ends."""

    before: str
    after: str

    @classmethod
    def of(cls, text: str, mark: re.Match[str]) -> "_Sides":
        start, end = mark.span()
        return cls(text[start - 1] if start else "\n", text[end] if end < len(text) else "\n")

    @property
    def opens(self) -> bool:
        """Whether a mark may open here: behind a blank, before something."""
        return (self.before.isspace() or self.before in _OPENERS or self.before in _QUOTES) and not self.after.isspace()

    @property
    def closes(self) -> bool:
        """Whether a mark may close here: behind something, before a blank."""
        return not self.before.isspace() and (self.after.isspace() or self.after in _CLOSERS or self.after in _QUOTES)


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch in quotation marks: its pieces without marks (one a paragraph where it runs on), and its hull with them."""

    pieces: tuple[tuple[int, int], ...]
    outer_start: int
    outer_end: int
    parent: int | None = None  # index of the stretch around it

    @property
    def start(self) -> int:
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        return self.pieces[-1][1]


@dataclass(slots=True)
class _Open:
    family: str
    at: int  # of the mark
    start: int  # of what it marks
    paragraph: int
    pieces: list[tuple[int, int]]


class Marks:
    """The stretches of a text in quotation marks, by start; a stretch inside another names it as its parent."""

    def __init__(self, stretches: Sequence[Marked]) -> None:
        self.stretches = stretches
        self.outermost = [n for n, m in enumerate(stretches) if m.parent is None]
        self._starts = [stretches[n].outer_start for n in self.outermost]

    def around(self, offset: int) -> Marked | None:
        """The outermost stretch in which a character stands, or whose mark it is."""
        at = bisect_right(self._starts, offset) - 1
        found = self.stretches[self.outermost[at]] if at >= 0 else None
        return found if found is not None and offset < found.outer_end else None

    def singles(self, text: str) -> tuple[int, ...]:
        """Where the single marks stand that open or close something."""
        edges = (at for m in self.stretches for at in (m.outer_start, m.outer_end - 1))
        return tuple(at for at in edges if text[at] in _SINGLE and "''" not in (text[at - 1 : at + 1], text[at : at + 2]))


def closes_quotation(text: str, at: int) -> bool:
    """Whether the mark at an offset ends a quotation of its line; inches, feet and apostrophes look the same and end none."""
    start = max(text.rfind("\n", 0, at) + 1, at - _LINE_BEFORE)
    return any(m.outer_end == at + 1 - start for m in marked_in(text[start : at + _LINE_BEHIND]))


def marked_in(text: str) -> list[Marked]:
    """The stretches in quotation marks of a text, by start; a stretch inside another names it as its parent."""
    marks = list(_MARK.finditer(text))
    if not marks:
        return []
    starts = paragraph_starts(text)
    found: list[Marked] = []
    stack: list[_Open] = []
    paragraph = 0
    for n, mark in enumerate(marks):
        while paragraph + 1 < len(starts) and starts[paragraph + 1] <= mark.start():
            paragraph += 1
        family, role = _read(text, mark, marks, n, stack)
        if role is _Role.OPEN:
            _opened(text, mark, family, paragraph, starts, stack, found)
        elif role is _Role.CLOSE:
            _closed(text, mark, family, paragraph, stack, found)
    found.extend(_left_open(text, starts, stack))
    return _nested(found)


def _read(text: str, mark: re.Match[str], marks: Sequence[re.Match[str]], n: int, stack: list[_Open]) -> tuple[str, _Role | None]:
    """The family of a mark and what it does here; None for an apostrophe."""
    sign, sides = mark.group(), _Sides.of(text, mark)
    if sign in _SINGLE:
        return "single", _single(text, mark, sides, marks, n, any(o.family == "single" for o in stack))
    family = "guillemet" if sign in "«»‹›" else "straight" if sign in ('"', "``", "''") else "curly"
    return family, _double(sign, sides, any(o.family == family for o in stack))


def _double(sign: str, sides: _Sides, waiting: bool) -> _Role | None:
    """What a double mark does: by its form, else by its sides, else by whether one like it waits to be closed."""
    opens, closes = sides.opens, sides.closes
    if sign in "“„‟«‹``":  # „so“ closes with the mark that opens elsewhere, and a careless “ may stand at an end
        return _Role.CLOSE if closes and not opens else _Role.OPEN
    if sign in "”»›":
        led = sides.before.isspace() or sides.before in _OPENERS
        wrong_way = opens and not closes and led and sides.after.isalnum()
        return _Role.OPEN if wrong_way else _Role.CLOSE
    if opens != closes:
        return _Role.OPEN if opens else _Role.CLOSE
    if waiting:
        return _Role.CLOSE
    inches = sides.before.isalnum() or sides.after.isspace()
    return None if inches else _Role.OPEN


def _single(text: str, mark: re.Match[str], sides: _Sides, marks: Sequence[re.Match[str]], n: int, waiting: bool) -> _Role | None:
    if sides.before.isalnum() and sides.after.isalnum():
        return None  # don't
    if sides.opens:
        return _single_before_word(text, mark, sides, waiting)
    if not waiting or sides.before.isspace():
        return None
    possessive = sides.before in "sS" and sides.after == " " and _plural_possessive(text, mark.start(), marks, n)
    return None if possessive else _Role.CLOSE


def _single_before_word(text: str, mark: re.Match[str], sides: _Sides, waiting: bool) -> _Role | None:
    """What a single mark does where one may open: also the apostrophe of a clipped word stands there, and a mark that closes another."""
    if waiting and not sides.after.isalnum():
        return _Role.CLOSE
    clipped = _CLIPPED.match(text, mark.end()) is not None
    turned = waiting and mark.group() == "’"  # an apostrophe inside what is open
    return None if clipped or turned else _Role.OPEN


def _plural_possessive(text: str, at: int, marks: Sequence[re.Match[str]], n: int) -> bool:
    """Whether s' inside an open single quotation is a possessive: a further closing mark comes before any opening one."""
    if not text[at + 2 : at + 3].islower():
        return False
    for later in marks[n + 1 : n + 12]:
        here = later.start()
        if "\n" in text[at:here] or later.group() in "‘‚":
            return False
        if later.group() in "’'" and not text[here + 1 : here + 2].isalnum():
            return not text[here - 1].isspace()
    return False


def _opened(
    text: str, mark: re.Match[str], family: str, paragraph: int, starts: Sequence[int], stack: list[_Open], found: list[Marked]
) -> None:
    begins = not text[starts[paragraph] : mark.start()].strip()
    reopened = begins or _ENDED.search(text, max(0, mark.start() - 3), mark.start()) is not None
    same = next((o for o in reversed(stack) if o.family == family), None)
    apart = paragraph - same.paragraph if same is not None else 0
    goes_on = (reopened if apart == 0 else begins and apart == 1) and not _TURN.match(text, mark.end())
    if same is not None and family != "single" and _starts_speech(text, same) and goes_on:
        # The convention that leaves a quotation open at a paragraph's end and opens it again at the next one's start;
        # feeds that lose the line ends keep the marks.
        same.pieces.append((same.start, _trimmed(text, same.start, mark.start())))
        same.start, same.paragraph = mark.end(), paragraph
        return
    if same is not None and not (same.pieces and _NESTED.match(text, mark.end())):
        at = stack.index(same)
        found.extend(_left_open(text, starts, [o for o in stack[at:] if o.paragraph < paragraph or o.pieces]))
        del stack[at:]
    stack.append(_Open(family, mark.start(), mark.end(), paragraph, []))


def _starts_speech(text: str, opened: _Open) -> bool:
    """Whether an open mark stands where speech starts: at a paragraph's or sentence's start, or before a capital."""
    before = text[max(0, opened.at - 2) : opened.at].rstrip(" ")[-1:]
    return bool(opened.pieces) or not before.isalnum() or text[opened.start : opened.start + 1].isupper()


def _closed(text: str, mark: re.Match[str], family: str, paragraph: int, stack: list[_Open], found: list[Marked]) -> None:
    at = next((i for i in range(len(stack) - 1, -1, -1) if stack[i].family == family), None)
    if at is None:
        # A careless text opens with one form of double mark and closes with the other.
        if family not in _DOUBLE or not stack or stack[-1].family not in _DOUBLE:
            return
        at = len(stack) - 1
    opened = stack[at]
    del stack[at:]
    last = text[opened.start : mark.start()]
    if paragraph - opened.paragraph > _MOST_PARAGRAPHS or (family == "single" and ("\n" in last or len(last) > _LONGEST_SINGLE)):
        return
    # « so »: blanks inside the marks are none of it
    start, end = mark.start() - len(last.lstrip()), opened.start + len(last.rstrip())
    if start < end:
        found.append(Marked((*opened.pieces, (start, end)), opened.at, mark.end()))


def _left_open(text: str, starts: Sequence[int], waiting: Sequence[_Open]) -> list[Marked]:
    """What an unclosed mark still says: the pieces that were continued, and the rest of a paragraph that it opens, or that a colon opens."""
    found = []
    for o in waiting:
        end = starts[o.paragraph + 1] if o.paragraph + 1 < len(starts) else len(text)
        before = text[starts[o.paragraph] : o.start - 1].rstrip()
        begins = not before or (before.endswith(":") and not _DOUBLE_MARK.search(text, o.start, end))
        pieces = list(o.pieces)
        if begins and o.family != "single":
            pieces.append((o.start, _trimmed(text, o.start, end)))
        pieces = [(a, b) for a, b in pieces if a < b]
        if pieces:
            found.append(Marked(tuple(pieces), o.at, pieces[-1][1]))
    return found


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _nested(found: list[Marked]) -> list[Marked]:
    """In text order, each with the index of the stretch around it; of stretches that cross, the earlier stays."""
    ordered: list[Marked] = []
    around: list[int] = []
    for m in sorted(found, key=lambda m: (m.outer_start, -m.outer_end)):
        while around and ordered[around[-1]].outer_end <= m.outer_start:
            around.pop()
        if around and ordered[around[-1]].outer_end < m.outer_end:
            continue
        ordered.append(Marked(m.pieces, m.outer_start, m.outer_end, around[-1] if around else None))
        around.append(len(ordered) - 1)
    return ordered
