"""The objects of a stream of JSON one by one, whatever its size: those of a list, of a list inside an object, or one behind the other.

Only brackets and quotation marks are looked at here, so that at most one object is held; whoever parses it checks the rest.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from transforms.read.damage import DamageError

LONGEST_ITEM: Final = 10 << 20  # bytes
DEEPEST: Final = 500  # brackets inside each other; Python's parser ends at about a thousand
MOST_PARTS: Final = 300_000  # lists, objects and texts in one object
MOST_PASSED: Final = 500_000  # brackets and texts of what is no article

_NO_SPACE: Final = re.compile(rb"[^ \t\r\n]")
_PLAIN: Final = re.compile(rb'[^ \t\r\n,\[\]{}"]*+')
_MARK: Final = re.compile(rb'["\[\]{}]')
_IN_TEXT: Final = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_OPENS: Final = b"[{"


@dataclass(frozen=True, slots=True)
class Item:
    """One object or line as it stands, counted from 1. `cut` tells that it was longer than one may be."""

    number: int
    data: bytes
    cut: bool = False


def list_items(chunks: Iterable[bytes]) -> Iterator[Item]:
    """The elements of the list that the stream is, or objects that stand one behind the other. Raises DamageError behind the whole ones."""
    scan = _Scanner(chunks)
    if scan.peek() == b"[":
        scan.skip()
        yield from _elements(scan, 1)
        _check_end(scan)
        return
    number = 0
    while scan.peek() == b"{":
        number += 1
        yield scan.value(number)
        if scan.peek() == b",":
            raise DamageError("bad_json", f"is no JSON: a comma follows object {number}, which is in no list")
    _check_end(scan)


def nested_items(chunks: Iterable[bytes]) -> Iterator[Iterator[Item]]:
    """For each list of objects that stands in the object which the stream is, or in an object of that, its elements.

    Each is to be read through, or left: what is left is passed over. Raises DamageError.
    """
    scan = _Scanner(chunks)
    if scan.peek() != b"{":
        return
    depth = 0
    while mark := scan.mark():
        if mark == b'"':
            scan.skip_text()
        elif mark == b"{":
            depth += 1
            if depth > 2:
                scan.pass_over(1)
                depth -= 1
        elif mark == b"[":
            if scan.peek() == b"{":
                elements = _elements(scan, 1)
                yield elements
                for _ in elements:
                    pass
            else:
                scan.pass_over(1)
        else:
            depth -= 1
            if not depth:
                _check_end(scan)
                return
    raise DamageError("truncated", "is cut off: the object has no end")


def _elements(scan: "_Scanner", number: int) -> Iterator[Item]:
    """The elements of a list whose bracket was read."""
    if scan.peek() == b"]":
        scan.skip()
        return
    while True:
        if not scan.peek():
            raise DamageError("truncated", f"is cut off behind item {number - 1}")
        yield scan.value(number)
        separator = scan.peek()
        if separator == b"]":
            scan.skip()
            return
        if separator != b",":
            why = f"is broken behind item {number}" if separator else f"is cut off behind item {number}"
            raise DamageError("corrupt" if separator else "truncated", f"{why}: a list goes on with a comma or ends with a bracket")
        scan.skip()
        number += 1


def _check_end(scan: "_Scanner") -> None:
    if rest := scan.peek():
        raise DamageError("corrupt", f"goes on behind its end, with {rest.decode('latin-1')!r}: it was left out", whole=True)


class _Scanner:
    """A place in a stream of bytes that is valid JSON, or else anything."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._held, self._at = b"", 0
        self._passed = 0

    def _more(self) -> bool:
        """Go on to the next bytes; what was read of those at hand is forgotten."""
        for chunk in self._chunks:
            if chunk:
                self._held, self._at = self._held[self._at :] + chunk, 0
                return True
        return False

    def peek(self) -> bytes:
        """The next byte that is no space; empty at the end."""
        while True:
            if found := _NO_SPACE.search(self._held, self._at):
                self._at = found.start()
                return found[0]
            self._at = len(self._held)
            if not self._more():
                return b""

    def skip(self) -> None:
        """Go past the byte that was peeked at."""
        self._at += 1

    def mark(self, into: "Kept | None" = None) -> bytes:
        """Go past the next bracket or quotation mark; empty at the end. Raises DamageError where there are far too many of what is not kept."""
        self._passed += into is None
        if self._passed > MOST_PASSED:
            raise DamageError("unsafe", f"is no list of articles: more than {MOST_PASSED:,} parts stand beside it")
        while True:
            found = _MARK.search(self._held, self._at)
            start, self._at = self._at, found.end() if found else len(self._held)
            if into is not None:
                into.add(self._held[start : self._at])
            if found:
                return found[0]
            if not self._more():
                return b""

    def skip_text(self, into: "Kept | None" = None) -> None:
        """Go past the end of a text whose quotation mark was read."""
        while True:
            start, found = self._at, _IN_TEXT.match(self._held, self._at)
            self._at = found.end() if found else start
            ended = self._held[self._at : self._at + 1] == b'"'
            self._at += ended
            if into is not None:
                into.add(self._held[start : self._at])
            # Else it ends with the bytes at hand, perhaps in the midst of what a backslash begins.
            if ended:
                return
            if not self._more():
                raise DamageError("truncated", "is cut off in the midst of a text")

    def pass_over(self, depth: int, into: "Kept | None" = None) -> None:
        """Go past the brackets that close so many open ones. Raises DamageError."""
        parts = 0
        while depth:
            mark = self.mark(into)
            parts += 1
            if not mark:
                raise DamageError("truncated", "is cut off in the midst of an object")
            if depth > DEEPEST or (into is not None and parts > MOST_PARTS):
                told = f"nested more than {DEEPEST} deep" if depth > DEEPEST else f"an object of more than {MOST_PARTS:,} parts"
                raise DamageError("unsafe", f"is no list of articles: {told}")
            if mark == b'"':
                self.skip_text(into)
            else:
                depth += 1 if mark in _OPENS else -1

    def value(self, number: int) -> Item:
        """The value that begins at the next byte that is no space."""
        kept = Kept()
        first = self.peek()
        if first in (b"{", b"["):
            self.skip()
            kept.add(first)
            self.pass_over(1, kept)
        elif first == b'"':
            self.skip()
            kept.add(first)
            self.skip_text(kept)
        else:
            self._plain(kept)
        return kept.item(number)

    def _plain(self, kept: "Kept") -> None:
        """A value that is no object, list or text: a number or a word, or nothing at all."""
        while found := _PLAIN.match(self._held, self._at):
            kept.add(found[0])
            self._at = found.end()
            if self._at < len(self._held) or not self._more():
                return


class Kept:
    """The bytes of one value or line, as many as one may have."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.cut = False

    def add(self, piece: bytes) -> None:
        room = LONGEST_ITEM - len(self.data)
        self.cut = self.cut or len(piece) > room
        self.data += piece[:room]

    def item(self, number: int) -> Item:
        """What was kept, as the record of that number."""
        return Item(number, bytes(self.data), self.cut)
