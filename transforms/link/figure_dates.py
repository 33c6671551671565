"""Which date holds for a figure: the one right behind it, or the one that governs its clause; where it is unclear, none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.date import Date
from schemas.fact import Fact
from schemas.figure import Figure
from transforms.link.unowned_figures import COUNTING_BEHIND, by_superlative, in_aside, says_when, word_before
from transforms.parse.clause import Clause
from transforms.words.lexicon import words

_OLD_VALUE: Final = re.compile(
    r"\b(?:against|from|versus|vs|compared (?:with|to)|relative to) (?:the |an? |about |just |only )?(?:revised |(?:[a-z-]+ ){1,3}of )?[^\s\d,;]?\d[\d.,]*%?(?: ?[A-Za-z]+){0,3} (?:in |on |at |for )?(?:the )?\Z"
)  # "against 6.3bn kronor last year", "compared with a loss of 5m in 2003"
_CONVERTED: Final = re.compile(r"\s*\([^()]{1,40}\)|[^()\n]{0,25}\)")  # "$5m (£3m; 4m euros) in 2004", seen from any of the three
_OPPONENT: Final = re.compile(r" (?:over|against|at|to|by|with) (?:[A-Z][\w'’.-]*(?= ) ?){1,4}")  # "a 4-0 win over Lund on Saturday"
_WORD: Final = re.compile(r"[A-Za-z]+")
_STRETCHES: Final = ("year", "quarter", "month", "decade", "season", "week")  # "on the year" compares, "on Monday" does not
_SAME_SUBJECT: Final = ("complement", "noun", "purpose", "adverbial")
_OLD: Final = 64  # between a date and where the old value begins that it is of
_UNITS_TO: Final = re.compile(r"\b(?:weeks|months|quarters|years) (?:to|ended|ending|through|up to) (?:the )?\Z")
_GENITIVE: Final = re.compile(r"['’]s? (?:[a-z]+ )?")  # "2003's 784m euro figure", "last year's record 5% rise"
_DATED_AGES: Final = ("age-aged", "age-is")  # "died in 1994 aged 72"; who is a 12-year-old did something on a day, the age is of no day
_FAR: Final = 40  # characters between a figure and a date right behind it, its noun among them
_NEAR: Final = 14  # characters before the number of a subject: "more than 30 people"
_STRETCHING: Final = {("between", "and"), *((led, joined) for led in ("from", "since") for joined in ("to", "until", "till", "through"))}
_WORDS: Final = 2  # "a 10% rise in output this year"
_CLIMBS: Final = 4  # clauses upwards in which a date is looked for


@dataclass(frozen=True, slots=True)
class Dating:
    """What the dates of an article's figures are read off: its text, dates, clauses and the facts made of them."""

    text: str
    dates: Mapping[str, Date]
    in_sentence: Mapping[int, Sequence[Date]]  # days and times, no durations
    facts: Mapping[int, Sequence[Fact]]  # by sentence
    clauses: Mapping[int, Clause]  # by where the predicate starts

    def date_of(self, figure: Figure, fact: Fact | None) -> Date | None:
        """The date that holds for a figure; `fact` is the innermost clause in which it stands."""
        if by_superlative(figure, self.text):
            return None
        found, alone = (
            self._genitive(figure) or self._behind(figure),
            (figure.kind == "age" and figure.rule not in _DATED_AGES) or figure.counted_rule == "in-dashes",
        )
        placed = figure.kind == "rank" and fact is not None and figure.end <= fact.predicate_start  # "its second-largest bank left"
        if found is not None or fact is None or alone or placed or figure.change_role == "from" or _of_before(figure):
            return found  # what it was before the change is of an earlier time
        if in_aside(figure, fact, self.text):
            return None
        for of in (
            self._of(fact),
            self._fronted(fact, figure),
            self._of_participle(figure),
            self._above(fact),
            self._of_subject(figure, fact),
        ):
            if dates := [d for d in of if self._holds(d, figure, fact)]:
                return min(dates, key=lambda d: (max(d.start - figure.end, figure.start - d.end), d.start))
        return self._alone(figure, fact) if not says_when(figure, self.text) else None

    def _holds(self, date: Date, figure: Figure, fact: Fact) -> bool:
        """Whether a date of a figure's clause is its own: no end of a stretch, none of an old value, and none where the figure says when."""
        if says_when(figure, self.text) and not (date.start <= figure.start and figure.end <= date.end):
            return False
        return not (self._of_old_value(date, figure) or self._bounds(date) or self._began(date, figure, fact))

    def _of(self, fact: Fact) -> list[Date]:
        dates = [self.dates[i] for i in fact.date_ids]
        return [d for d in dates if d.timex_type in ("DATE", "TIME") and not (self._compared(d) or self._ends(d))]

    def _ends(self, date: Date) -> bool:
        """Gave the firm until Monday: how long it may go on, and not when it was given."""
        return word_before(self.text, date.start) in words("figures-dated", "ending", "words")

    def _began(self, date: Date, figure: Figure, fact: Fact) -> bool:
        """Fell to $3bn from March: when a change that is over began; "will rise to $3bn from March" says when it comes."""
        led = figure.change_role is not None and fact.status == "occurred" and figure.end <= date.start
        return led and word_before(self.text, date.start) == "from"

    def _genitive(self, figure: Figure) -> Date | None:
        """2003's 784m euro figure: the date whose genitive stands right before the figure."""
        before = (d for d in self.in_sentence.get(figure.sentence, ()) if 0 < figure.start - d.end <= _FAR)
        return next((d for d in before if _GENITIVE.fullmatch(self.text, d.end, figure.start)), None)

    def _fronted(self, fact: Fact, figure: Figure) -> list[Date]:
        """On a hot day this April, the site had three tents: a date right before the subject, which the parse has hung on another noun."""
        subject = fact.subject_start
        if subject is None or not subject <= fact.predicate_start <= figure.start:
            return []
        dates = [d for d in self.in_sentence.get(figure.sentence, ()) if self._opens(d)]
        fronted = [d for d in dates if d.timex_type == "DATE" and self.text[d.end : subject].strip() == "," and d.end <= subject]
        led = words("figures-dated", "fronted", "lasting")
        return [d for d in fronted if word_before(self.text, d.start) not in led and not self._compared(d)]

    def _opens(self, date: Date) -> bool:
        """Whether a date stands in a clause whose verb comes only behind it: "showed that as of May, the firm had 30 mills"."""
        before = [f.predicate_end for f in self.facts.get(date.sentence, ()) if f.predicate_end <= date.start]
        return not before or re.search(r"\bthat\b|[:—–]", self.text[max(before) : date.start]) is not None

    def _of_old_value(self, date: Date, figure: Figure) -> bool:
        """Was $9bn against $6bn last year: the date of what the figure is compared with."""
        old = _OLD_VALUE.search(self.text, max(0, date.start - _OLD), date.start)
        return old is not None and figure.end <= old.start()

    def _bounds(self, date: Date) -> bool:
        """Between 1996 and 2002, from May to July, three months to May: no end of a stretch is the time of what filled it."""
        if _UNITS_TO.search(self.text, max(0, date.start - 24), date.start):
            return True
        ends = (d for d in self.in_sentence.get(date.sentence, ()) if d is not date)
        return any(self._spans(*sorted((date, other), key=lambda d: d.start)) for other in ends)

    def _spans(self, first: Date, last: Date) -> bool:
        """Whether two dates are the ends of one stretch, by the words before and between them."""
        return (word_before(self.text, first.start), self.text[first.end : last.start].strip()) in _STRETCHING

    def _compared(self, date: Date) -> bool:
        """Up 21% on the previous year, more than in 2003: what the figure is compared with, and no date of it."""
        before = " ".join(["", *_WORD.findall(self.text[max(0, date.start - 24) : date.start].lower())]).removesuffix(" the")
        led = words("figures-dated", "compared", "words")
        return any(before.endswith(f" {w}") for w in led) or (before.endswith(" on") and date.precision in _STRETCHES)

    def _behind(self, figure: Figure) -> Date | None:
        """Rose 5% in January, from $30m a year earlier, cut 300 jobs last week: the date behind the figure or what it counts."""
        for date in self.in_sentence.get(figure.sentence, ()):
            if figure.end <= date.start <= figure.end + _FAR + len(figure.counted or ""):
                return date if self._leads(figure, date) else None
        return None

    def _leads(self, figure: Figure, date: Date) -> bool:
        gap = self.text[figure.end : date.start]
        if figure.counted and (at := gap.find(figure.counted)) >= 0 and len(gap[:at].split()) <= _WORDS:
            gap = gap[at + len(figure.counted) :]
        if figure.kind == "score" and (against := _OPPONENT.match(gap)) is not None:
            gap = gap[against.end() :]
        if closed := _CONVERTED.match(gap):
            gap = gap[closed.end() :]
        if figure.kind == "rank" and gap.split()[:1] and gap.split()[0] in words("figures-ranks", "places", "nouns"):
            gap = gap.split(None, 1)[1] if len(gap.split()) > 1 else " "  # "in tenth place last year"
        if (gap.strip() and not _words_only(gap)) or self._compared(date) or self._bounds(date):
            return False
        return bool(gap) and not self.text.startswith(("'", "’", "-"), date.end)

    def _of_participle(self, figure: Figure) -> list[Date]:
        """The profit of $5m reaped in 2004, 30 people killed on Monday: the date of a participle that is about the figure's noun."""
        for fact in self.facts.get(figure.sentence, ()):
            clause = self.clauses.get(fact.predicate_start)
            if clause is None or clause.relation != "relative" or fact.predicate_start < figure.end or " " in fact.predicate:
                continue
            about = any(p is not None and p.start <= figure.start < p.end for p in (clause.subject, clause.object))
            if about and self.text[figure.end : fact.predicate_start].rsplit(None, 1)[-1:] not in (["who"], ["which"], ["that"]):
                return self._of(fact)
        return []

    def _above(self, fact: Fact) -> list[Date]:
        """The dates of the clause above whose act this one is part of: "in February, she agreed to send 10,000 troops"."""
        by_start = {f.predicate_start: f for f in self.facts.get(fact.sentence, ())}
        for clause, above in self._upwards(fact.predicate_start):
            found = self._of(by_start[above.predicate_start]) if above.predicate_start in by_start else []
            if clause.relation == "conj":
                found = [d for d in found if d.end <= above.predicate_start]
            if found:
                return found
        return []

    def _upwards(self, predicate_start: int) -> Iterator[tuple[Clause, Clause]]:
        """(a clause, the clause above it) as long as both are about the same subject and the same time."""
        clause = self.clauses.get(predicate_start)
        for _ in range(_CLIMBS):
            above = self.clauses.get(clause.above) if clause is not None and clause.above is not None else None
            if clause is None or above is None or clause.relation not in {*_SAME_SUBJECT, "conj"}:
                return
            same = clause.subject is not None and above.subject is not None and clause.subject.start == above.subject.start
            if not same or (clause.relation != "conj" and _apart(self.text, clause)):
                return
            yield clause, above
            clause = above

    def _of_subject(self, figure: Figure, fact: Fact) -> list[Date]:
        """Profit in the year to June was $5m, 2004 saw 300 deaths: a date that the subject is or that it is of."""
        start, end = fact.subject_start, fact.predicate_start
        if start is None or fact.subject is None or not start <= end <= figure.start:
            return []
        dates = [d for d in self.in_sentence.get(figure.sentence, ()) if start <= d.start and d.end <= end]
        about = figure.counted is not None and figure.counted[:20] in self.text[start:end]
        whole = [d for d in dates if d.start == start and d.end >= (fact.subject_end or start)]
        other = any(start < f.predicate_start < end for f in self.facts.get(figure.sentence, ()))
        return whole or ([d for d in dates if not self.text.startswith(("'", "’"), d.end)] if about and not other else [])

    def _alone(self, figure: Figure, fact: Fact) -> Date | None:
        """The only date of a sentence of one clause, behind its verb and a preposition of time: the parse has hung it on a noun."""
        dates, facts = self.in_sentence.get(figure.sentence, ()), self.facts.get(figure.sentence, ())
        told = figure.kind != "rank" and (fact.predicate_end <= figure.start or figure.start - _NEAR <= (fact.subject_start or 0))
        if not told or len(facts) != 1 or not dates or any(d.timex_type != "DATE" for d in dates) or dates[0].start < fact.predicate_end:
            return None
        before = word_before(self.text, dates[0].start)
        led = before in words("figures-dated", "setting", "words")
        lone = led and len(dates) == 1 and not self._compared(dates[0]) and not self._of_old_value(dates[0], figure)
        return dates[0] if lone else None


def _of_before(figure: Figure) -> bool:
    """An initial target of £500: what was, or was meant, before that of which the clause tells."""
    counted = (figure.counted or "").lower().split() if figure.counted_rule not in COUNTING_BEHIND else []
    return not words("figures-counting", "earlier", "words").isdisjoint(counted[:2])


def _words_only(gap: str) -> bool:
    found = _WORD.findall(gap)
    listed = words("figures-dated", "behind", "words")
    return "".join(found) == "".join(gap.split()) and (all(w in listed for w in found) or " ".join(found) in listed)


def _apart(text: str, clause: Clause) -> bool:
    return word_before(text, clause.predicate_start) in words("figures-dated", "apart", "words")
