"""Going over an article's lexemes once: at each place the longest expression that a rule reads.

Rules build on one another: a pattern that ends in DATE takes the date behind it, whichever rule reads that ("the end of" +
"next month"). A day that a part of the day follows becomes a TIME, here, since every rule for days would need it.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transforms.dates.lexemes import OTHER
from transforms.dates.pattern import Pattern, Rule
from transforms.dates.rules import RULES
from transforms.dates.rules.times import at_time
from transforms.dates.setting import Hit, Setting
from transforms.dates.timex import Piece, Timex

_CLOCKS = frozenset({"clock", "clock-range", "noon"})
_BETWEEN_TIMES = frozenset({"(", "to", "until", "-", "–", "and", "/", "or"})
_BEFORE_DAY = frozenset({"on", ")", "local", "time", ","})
_DEEPEST = 4  # dates within dates: "the end of the first quarter of last year" has two


@dataclass(frozen=True, slots=True)
class Found:
    """A reading over the lexemes first..last, both included, and the rule that made it."""

    first: int
    last: int
    rule: str
    reading: Timex


@functools.cache
def _beginning(pair: str) -> tuple[tuple[int, Rule, Pattern], ...]:
    """The patterns that may begin with these two codes, in the order of the rules. There are few pairs, so all are kept."""
    return tuple(
        (order, rule, pattern)
        for order, rule in enumerate(RULES)
        for pattern in rule.compiled
        if pair[0] in pattern.first and (pattern.second is None or pair[1:] in pattern.second)
    )


def found_in(setting: Setting) -> Iterator[Found]:
    """Yield what the rules read, in text order; each is remembered in the setting before the next is looked for."""
    codes = "".join(one.code for one in setting.lexemes)
    scan = _Scan(setting, codes)
    at = 0
    waiting: list[Found] = []  # times of day whose day may follow: "3 p.m. on Friday", "3 p.m. (1400 GMT) on Friday"
    while at < len(codes):
        hits = scan.at(at, 0) if codes[at] != OTHER else ()
        for hit in hits:
            setting.remember(setting.lexemes[hit.first].start, setting.lexemes[hit.last].end, hit.reading)
            if hit.rule in _CLOCKS and (not waiting or _goes_on(waiting[-1], hit, setting)):
                waiting.append(hit)
                continue
            yield from _on_day(waiting, hit, setting)
            waiting = [hit] if hit.reading.timex_type == "TIME" else []
            if not waiting:
                yield hit
        at = hits[-1].last + 1 if hits else at + 1
    yield from waiting


def _goes_on(time: Found, following: Found, setting: Setting) -> bool:
    """Whether a time tells the one before it again, or ends what that begins: "3 p.m. (1400 GMT)", "9 a.m. to 5 p.m."."""
    return {one.lower for one in setting.lexemes[time.last + 1 : following.first]} <= _BETWEEN_TIMES


def _on_day(times: Sequence[Found], following: Found, setting: Setting) -> Iterator[Found]:
    """The times with the day that follows them after "on", where that is a day."""
    day = following.reading
    between = {one.lower for one in setting.lexemes[times[-1].last + 1 : following.first]} if times else set()
    told = day.unit == "day" and following.rule not in _CLOCKS and "on" in between and between <= _BEFORE_DAY
    for time in times:
        clock = (time.reading.value or "").partition("T")[2]
        whole = replace(day, timex_type="DATE", value=day.period.value if day.period else None)
        yield replace(time, reading=at_time(whole, clock, time.reading.precision or "hour") or time.reading) if told else time


@dataclass(frozen=True, slots=True)
class _Scan:
    setting: Setting
    codes: str

    def at(self, at: int, depth: int) -> tuple[Found, ...]:
        """The longest expression that begins at a lexeme (two for a range), or ()."""
        options = []
        for order, rule, pattern in _beginning(self.codes[at : at + 2]) if at < len(self.codes) else ():
            m = pattern.regex.match(self.codes, at)
            if m is None:
                continue
            inner = None
            end = m.end()
            if pattern.inner:
                inner = self.inner(end, depth)
                if inner is None:
                    continue
                end = inner.last + 1
            options.append((-end, order, rule, pattern, m, inner))
        options.sort(key=lambda o: (o[0], o[1]))
        for _, _, rule, pattern, m, inner in options:
            first, last = m.span("span")
            places = {name: m.start(name) for name in pattern.names if m.start(name) >= 0}
            named = {name: self.setting.lexemes[place] for name, place in places.items()}
            hit = Hit(self.setting, first, last - 1, named, inner.reading if inner else None, places)
            made = rule.make(hit)
            if isinstance(made, Timex):
                return (self.extended(Found(first, inner.last if inner else last - 1, rule.name, made)),)
            if made:
                return tuple(Found(p.first, p.last, rule.name, p.reading) for p in made if isinstance(p, Piece))
        return ()

    def inner(self, at: int, depth: int) -> Found | None:
        """The single date that begins at a lexeme, for a rule that builds on it."""
        if depth >= _DEEPEST:
            return None
        found = self.at(at, depth + 1)
        if len(found) != 1 or found[0].first != at or found[0].reading.timex_type not in ("DATE", "TIME"):
            return None
        return found[0]

    def extended(self, found: Found) -> Found:
        """A day with the part of the day that follows it: "Saturday night", "May 3 in the morning" stays two."""
        at = found.last + 1
        if found.reading.unit != "day" or found.reading.timex_type != "DATE" or at >= len(self.codes):
            return found
        following = self.setting.lexemes[at]
        if "daypart" not in following:
            return found
        made = at_time(found.reading, following["daypart"], "hour")
        return Found(found.first, at, "day-and-part", made) if made else found
