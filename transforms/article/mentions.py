"""Which row some characters point at: the actor whom a phrase names, without walking all rows each time."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from schemas.actor import Actor
from transforms.words.lexicon import words

_PREPOSITIONS = frozenset({"of", "for", "at", "from", "in", "with", "to", "by", "on", "within", "inside", "behind"})
_ARTICLES = frozenset({"the", "a", "an"})
_ARTICLE = re.compile(r"(?:the|an?) ", re.IGNORECASE)
_JOINS = re.compile(r"\b(?:and|or)\b(?: (?:the|a|an|his|her|its|their))?|&")
_NAMED_BESIDE = frozenset({"person", "organisation"})
_POSSESSIVE = len("'s")
_LONG = 60  # characters of a name before its preposition
_AROUND = 8  # mentions that start before a phrase and may still cover it


def rank_behind(phrase: str) -> int:
    """Characters that a phrase ends with and that are no part of its name: the " MP" of "Frank Roe MP", the ", KC" of "Ann Lee, KC"."""
    name, _, rank = phrase.rpartition(" ")
    return len(phrase) - len(name.rstrip(",")) if name and rank in words("actors-titles", "postnominals", "words") else 0


class Mentions:
    """The mentions of one article, found by offsets. With the article's text, a name behind a preposition is told from a head."""

    def __init__(self, actors: Sequence[Actor], text: str = "") -> None:
        self._text = text
        self._actors = sorted(actors, key=lambda a: (a.start, a.end))
        self._starts = [a.start for a in self._actors]
        self._named: dict[tuple[int, int], Actor | None] = {}  # one phrase is asked for as subject, object and place

    def inside(self, start: int, end: int) -> list[Actor]:
        """The mentions that lie in the characters from start to end, in text order."""
        found = self._actors[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [a for a in found if a.end <= end]

    def at(self, start: int | None, end: int | None) -> Actor | None:
        """The mention that the words from start to end name: the one that ends with them, else the smallest around them.

        "Mexican President Claudia Sheinbaum" ends with its person; "Trump's spokesman" ends with none and "a spokesman for
        Orbis" with a name that belongs to him: they name nobody, unless a nominal mention covers them.
        """
        if start is None or end is None:
            return None
        key = (start, end)
        if key not in self._named:
            self._named[key] = self._at(start, end)
        return self._named[key]

    def one(self, start: int, end: int) -> Actor | None:
        """The mention that the words name where they name one alone: not "Ann Roe and Bob Doe", but "the founder and head Ann Roe"."""
        found = self.at(start, end) or self._described(start, end)
        if found is None or found.start <= start:
            return found
        before = [a for a in self.inside(start, found.start) if a.mention == "name" and not self._describes(a)]
        opens = found.start - len(found.title or "") - 1
        for joint in _JOINS.finditer(self._text, start, found.start):
            if any(a.start <= joint.start() < a.end for a in before):
                continue
            apart = joint.end() >= opens and not self._is_field(start, joint.start(), found)
            if apart or any(a.end <= joint.start() for a in before):
                return None
        return found

    def _is_field(self, start: int, joint: int, found: Actor) -> bool:
        """Whether a title goes on before "and": "Police and Crime Commissioner Ann Roe" is one."""
        fields = self._text[start:joint].split()
        return " " in (found.title or "") and len(fields) == 1 and fields[0].istitle() and fields[0].lower() not in _ARTICLES

    def _describes(self, actor: Actor) -> bool:
        """Whether a nationality tells of a noun behind it: the "Norwegian" of "Norwegian oil and gas producer Norvia"."""
        after = self._text[actor.end : actor.end + 2]
        return actor.rule == "adjective-name" and after[:1] == " " and after[1:].islower()

    def beside(self, head_end: int, end: int) -> Actor | None:
        """The name that says who the head of a phrase is: "its chairman, Sen. Ann Roe of Norvia", "Bank of Norvia head Ann Roe"."""
        for name in self.inside(head_end, end):
            tail = self._text[name.end : end].split(maxsplit=1)
            if name.mention != "name" or name.type not in _NAMED_BESIDE or (tail and tail[0] not in _PREPOSITIONS):
                continue
            _, comma, title = self._text[head_end : name.start].rpartition(",")
            if title.strip() in ("", name.title or "") if comma else self._ends_a_name(head_end, name):
                return name
        return None

    def _ends_a_name(self, head_end: int, name: Actor) -> bool:
        """Whether the head was cut out of a longer name before a title: "the Bank" of "the Bank of Norvia chairman Ann Roe"."""
        longer = next((a for a in self.inside(max(0, head_end - _LONG), name.start) if a.start < head_end < a.end), None)
        return longer is not None and name.title is not None and name.title.endswith(self._text[longer.end : name.start].strip())

    def _described(self, start: int, end: int) -> Actor | None:
        """The name that a phrase opens with before it goes on with a preposition: "Ann Roe of Norvia"."""
        names = [a for a in self.inside(start, end) if a.mention == "name"]
        for name in names:
            tail = self._text[name.end : end].split(maxsplit=1)
            if tail and tail[0] in _PREPOSITIONS and not self._owns(start, name):
                before = self._text[start : name.start].lower().split()
                return name if not any(word in _PREPOSITIONS for word in before) else None
        return None

    def _at(self, start: int, end: int) -> Actor | None:
        end -= rank_behind(self._text[start:end])
        closing = [a for a in self.inside(start, end) if end - a.end <= _POSSESSIVE and not self._owns(start, a)]
        if closing:
            return max(closing, key=lambda a: (a.end - a.start, a.mention == "name"))
        article = _ARTICLE.match(self._text, start, end)
        reach = bisect_right(self._starts, article.end() if article else start)  # "the Bank" of "the Bank of Norvia"
        around = [a for a in self._actors[max(0, reach - _AROUND) : reach] if end <= a.end]
        return min(around, key=lambda a: a.end - a.start) if around else None

    def _owns(self, start: int, actor: Actor) -> bool:
        """Whether a name only says whose somebody is: a preposition stands between the phrase's head and it."""
        before = self._text[start : actor.start].lower().split()
        if before and before[-1] in _ARTICLES:
            before.pop()
        return len(before) > 1 and before[-1] in _PREPOSITIONS
