"""Patterns over kinds of words, written so that they can be read: "the? last n:card? u:unit".

An item is a kind or several joined by "|"; "?" makes it optional; "name:" gives it a name. Items in parentheses at the
start are context: they must be there but are no part of the expression. "DATE" at the end stands for another date
expression, found by the same rules.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from transforms.dates.lexemes import Vocabulary, vocabulary

_ITEM = re.compile(r"(?P<open>\()?(?:(?P<name>\w+):)?(?P<kinds>[\w|]+)(?P<optional>\?)?(?P<close>\))?")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: what it matches, whether a date must follow, and the codes that it may begin with."""

    source: str
    regex: re.Pattern[str]
    inner: bool
    first: frozenset[str]
    second: frozenset[str] | None  # codes that may come second; None where the first may be all
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named way to read a date: patterns, and what makes a reading of a match (None where it is no date after all)."""

    name: str
    patterns: tuple[str, ...]
    make: Callable[[Any], Any]

    @property
    def compiled(self) -> tuple[Pattern, ...]:
        """The patterns over the vocabulary of this process; not before it is asked for, since a user's lexicons add words."""
        return _compiled(self.patterns)


def rule(name: str, *patterns: str) -> Callable[[Callable[[Any], Any]], Rule]:
    """Declare a rule: the function below it reads what the patterns match."""

    def declare(make: Callable[[Any], Any]) -> Rule:
        return Rule(name, patterns, make)

    return declare


@functools.cache
def _compiled(patterns: tuple[str, ...]) -> tuple[Pattern, ...]:
    known = vocabulary()
    return tuple(compiled(p, known) for p in patterns)


def compiled(source: str, known: Vocabulary) -> Pattern:
    """Compile a pattern; raises ValueError for a kind that no word has."""
    parts, names, inner = [], [], False
    context: list[str] = []
    sets: list[tuple[frozenset[str], bool]] = []
    for word in source.split():
        if word == "DATE":
            inner = True
            continue
        m = _ITEM.fullmatch(word)
        if m is None:
            raise ValueError(f"not an item of a pattern: {word!r} in {source!r}")
        codes = "".join(known.codes_of(kind) for kind in m["kinds"].split("|"))
        if not codes:
            raise ValueError(f"no word has the kind {m['kinds']!r} in {source!r}")
        sets.append((frozenset(codes), bool(m["optional"])))
        item = f"[{codes}]"
        if m["name"]:
            names.append(m["name"])
            item = f"(?P<{m['name']}>{item})"
        if m["optional"]:
            item += "?"
        if m["open"]:
            context.append(item)
        else:
            parts.append(item)
    regex = re.compile(f"{''.join(context)}(?P<span>{''.join(parts)})")
    first, _ = _next(sets, 0)
    second: frozenset[str] | None = frozenset()
    for i, (_, optional) in enumerate(sets):
        follow, ends = _next(sets, i + 1)
        second = None if second is None or ends else second | follow
        if not optional:
            break
    return Pattern(source, regex, inner, first, second, tuple(names))


def _next(sets: list[tuple[frozenset[str], bool]], at: int) -> tuple[frozenset[str], bool]:
    """The codes with which the items from `at` on may begin, and whether all of them may be left out."""
    found: frozenset[str] = frozenset()
    for codes, optional in sets[at:]:
        found |= codes
        if not optional:
            return found, False
    return found, True
