"""Where an expression stands: its article's publication day, the dates said before it, the tense of its clause."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas.article import Article
from transforms.article.home_country import countries_named, holders_named, home_of
from transforms.article.positions import Layout
from transforms.dates.lexemes import EDGE, Lexeme
from transforms.dates.periods import Period
from transforms.dates.tense import direction_at, is_over, token_at
from transforms.dates.timex import BUSINESS_YEAR, Anchor, Direction, Piece, Timex, dated, unresolved, way_of
from transforms.flow.drafts import ref
from transforms.parse.token_tree import Parse

FAR: Final = 270  # days
_COMPARED = re.compile(r"\b(?:from|against|versus|vs|than)(?: [\w$£€.,%]+){0,4} (?:in |on )?$")
_RECORD = re.compile(r"\b(?:\w{3,}est|most|least|worst|best|first|record)\b[^.;:\n]* since (?:\w+ )?$")  # "the lowest total since"
_REMEMBERED = 40  # dates that a later one may lean on; more would make long lists of dates slow
_REACH = 48  # characters
_NEAR = 3  # sentences back to which "the following day" may reach


@dataclass(frozen=True, slots=True)
class Said:
    """An expression that was read earlier in the text."""

    start: int
    end: int
    sentence: int
    reading: Timex


@dataclass(slots=True)
class Setting:
    """What the rules may ask about one article. `said` grows as its dates are read in text order."""

    doc: Parse
    text: str
    layout: Layout
    lexemes: Sequence[Lexeme]
    published: Anchor
    article: Article
    said: list[Said] = field(default_factory=list)
    _homes: list[str | None] = field(default_factory=list)  # none before it is asked for, which few articles do
    _named: list[frozenset[str]] = field(default_factory=list)  # likewise

    def sentence(self, offset: int) -> int:
        """The number of the sentence in which a character stands."""
        return self.layout.sentence(offset)

    def sentence_around(self, offset: int) -> str:
        """The text of the sentence in which a character stands."""
        start, end = self.layout.sentence_around(offset)
        return self.text[start:end]

    @property
    def home(self) -> str | None:
        """The country of the article, by its address, outlet or dateline."""
        if not self._homes:
            self._homes.append(home_of(self.article))
        return self._homes[0]

    def country(self, offset: int) -> str | None:
        """Whose business year or feast is meant: the one country that the sentence names, else the article's, else the one that it names."""
        near = holders_named(self.sentence_around(offset))
        if len(near) == 1 or self.home is not None:
            return next(iter(near)) if len(near) == 1 else self.home
        return next(iter(self.named)) if len(self.named) == 1 else None

    @property
    def named(self) -> frozenset[str]:
        """The countries that the whole article names."""
        if not self._named:
            self._named.append(countries_named(self.text))
        return self._named[0]

    def remember(self, start: int, end: int, reading: Timex) -> None:
        """Take note of a date, so that later ones may lean on it."""
        self.said.append(Said(start, end, self.sentence(start), reading))

    def told(self) -> list[Said]:
        """The dates said but for those that others are compared with: "in January from 3m in December" is about January."""
        return [s for s in self.going_on() if not _COMPARED.search(self.text, max(0, s.start - _REACH), s.start)]

    def going_on(self) -> list[Said]:
        """The dates said but for those of records: of "the lowest since May 2003" the text goes on with no May."""
        return [s for s in self.said[-_REMEMBERED:] if not _RECORD.search(self.text, max(0, s.start - _REACH), s.start)]

    def previous(
        self, offset: int, fits: Callable[[Period], bool], *, near: int = _NEAR, among: Sequence[Said] | None = None
    ) -> Anchor | None:
        """The last date before `offset` whose period fits, not further back than so many sentences; of all said, or of some."""
        here = self.sentence(offset)
        for said in reversed(self.said[-_REMEMBERED:] if among is None else among):
            if here - said.sentence > near:
                return None
            period = said.reading.period
            if said.reading.unit == BUSINESS_YEAR:
                return None  # "in 1986/87, down from a year earlier": what leans on it leans on no calendar date further back
            if period is not None and said.reading.timex_type in ("DATE", "TIME") and fits(period):
                return Anchor("previous_date", period.start, period, ref(said.start, said.end))
        return None

    def direction(self, offset: int) -> Direction | None:
        """Which way the clause at `offset` looks."""
        return direction_at(self.doc, offset)

    def shifted(self, unit: str, by: int, anchor: Anchor | None = None) -> Timex | None:
        """The calendar unit `by` steps from the one in which the anchor lies: "last month", "the following day"."""
        anchor = anchor or self.published
        if anchor.day is None:
            return unresolved(unit)
        return dated(Period.of(unit, anchor.day).shift(by), anchor, way_of(by))  # type: ignore[arg-type]

    def day_told(self, offset: int, *, near: int) -> Timex | None:
        """The last day said before, not further back than so many sentences, else that of publication."""
        said = self.previous(offset, lambda p: p.unit == "day", near=near)
        return dated(said.period, said, "present") if said else self.shifted("day", 0)

    def nearest(
        self, offset: int, candidates: Callable[[dt.date], Sequence[Period]], *, default: Direction | None = None, far: int = FAR
    ) -> Timex | None:
        """Of periods that an incomplete date may mean, the one that the tense of its clause speaks for.

        `candidates` gives them in order for an anchor day. Without a tense the default holds, else the nearest is taken;
        so it is where the tense would lead more than `far` days away: a writer would have named the year.
        """
        day = self.published.day
        if day is None:
            return None
        options = [p for p in candidates(day) if p.real]
        if not options:
            return None
        way = self.direction(offset)
        known = way in ("past", "future")
        chosen = self.toward(options, day, way if known else default)
        token = token_at(self.doc, offset)
        over = token is not None and is_over(token)
        if _distance(chosen, day) > far and not over:
            chosen = self.toward(options, day, None)
        start = chosen.start
        told: Direction = "past" if start and chosen.end and chosen.end < day else "future" if start and start > day else "present"
        return dated(chosen, self.published, told, ambiguous=not known and len(options) > 1 and default is None)

    @staticmethod
    def toward(options: Sequence[Period], day: dt.date, way: Direction | None) -> Period:
        """The last option that has begun (past), the first that is not over (future), else the nearest."""
        begun = [p for p in options if p.start and p.start <= day]
        ahead = [p for p in options if p.end and p.end >= day]
        if way == "past" and begun:
            return begun[-1]
        if way == "future" and ahead:
            return ahead[0]
        return min(options, key=lambda p: _distance(p, day))


def _distance(period: Period, day: dt.date) -> int:
    start, end = period.start, period.end
    if start is None or end is None:
        return 10**7
    return max((start - day).days, (day - end).days, 0)


@dataclass(frozen=True, slots=True)
class Hit:
    """A match of a rule's pattern: its named lexemes, where it stands, and the inner date if the pattern asks for one."""

    setting: Setting
    first: int  # number of the first lexeme of the expression
    last: int  # and of the last, without the inner date's
    named: dict[str, Lexeme]
    inner: Timex | None = None
    places: dict[str, int] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.named

    def get(self, name: str, kind: str) -> object:
        """The value of a named lexeme under a kind, or None."""
        lexeme = self.named.get(name)
        return lexeme.values.get(kind) if lexeme else None

    def number(self, name: str, *kinds: str) -> int | None:
        """The whole number that a named lexeme is under the first of the kinds that it has."""
        lexeme = self.named.get(name, EDGE)
        return next((int(lexeme[kind]) for kind in kinds if kind in lexeme), None)

    def unit(self, name: str = "u") -> str:
        """The unit of time that a named lexeme is, in the singular or in the plural."""
        return str(self.get(name, "unit") or self.get(name, "units"))

    @property
    def hedge(self) -> object:
        """How sure or exact the amount is said to be, by what stands before it: "MORE_THAN"."""
        return self.get("h", "hedge") or self.get("h", "over")

    def both(self, a: Timex | None, b: Timex | None) -> tuple[Piece, Piece] | None:
        """The readings of a range, up to the lexeme named a and from that named b; none where either is none."""
        if a is None or b is None:
            return None
        return Piece(self.first, self.places["a"], a), Piece(self.places["b"], self.last, b)

    @property
    def offset(self) -> int:
        return self.setting.lexemes[self.first].start

    @property
    def opening(self) -> str:
        """The lower-case text of the first lexeme of the expression."""
        return self.setting.lexemes[self.first].lower

    @property
    def words(self) -> list[str]:
        """The lower-case text of each lexeme of the expression."""
        return [one.lower for one in self.setting.lexemes[self.first : self.last + 1]]

    def word(self, step: int) -> str:
        """The lower-case text of a lexeme beside the expression: -1 the one before, 1 the one after; "" at the text's edges."""
        return self.lexeme(step).lower

    def lexeme(self, step: int) -> Lexeme:
        """The lexeme beside the expression, counted as in `word`; beyond the text's edges one without text or kinds."""
        at = self.first + step if step < 0 else self.last + step
        return self.setting.lexemes[at] if 0 <= at < len(self.setting.lexemes) else EDGE

    def within(self, outer: str, unit: str, make: Callable[[dt.date], Period | None]) -> Timex | None:
        """A date inside the inner one, which must be a whole `outer`; unresolved where that is."""
        inner = self.inner
        if inner is None or inner.unit != outer or inner.modifier or inner.timex_type != "DATE":
            return None
        if inner.period is None or inner.period.start is None:
            return unresolved(unit)
        return dated(make(inner.period.start), inner.anchor, inner.direction)

    @property
    def way(self) -> Direction | None:
        return self.setting.direction(self.offset)
