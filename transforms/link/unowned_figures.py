"""Figures that belong to nobody: a circumstance of the act, those to whom it happens, a stretch that only says when.

Whoever does something has neither the places where it is done nor the people whom it is done to. What a sum, a share or a
level is of is another matter: that stands in `counted`.
"""

import re
from collections.abc import Sequence
from typing import Final

from schemas.date import Date
from schemas.fact import Argument, Fact
from schemas.figure import Figure
from transforms.figures.nouns import belonging
from transforms.words.lexicon import words

_LONGEST_WORD: Final = 16
_WORD: Final = re.compile(r"[A-Za-z]+")
COUNTING_BEHIND: Final = (
    "noun-behind",
    "share-of",
    "hyphenated",
    "fraction-of",
    "listed",
    "series",
)  # the noun is in the figure's own phrase
_COUNTING: Final = ("count", "duration", "measure")
_PHRASE: Final = 60
_CHARGED: Final = 16  # words up to the last count of a charge
_BE: Final = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_ACCORDING: Final = re.compile(r"\b[Aa]ccording to [^.,;:\n]*\Z")  # who says it is no part of what is said
_OF: Final = re.compile(r"\b(?P<from>\w+) of (?:(?:the|only|just|about|some) )*\Z")
_AGAINST: Final = re.compile(r",? (?:while|whereas) ")
_AWAY: Final = re.compile(r" (?:away|from|off|outside|(?:to the )?(?:north|south|east|west)\w*)\b")
_SPOKEN: Final = re.compile(r": |[“\"]")  # "he asked: “Tens of thousands died …”", "the next step is new: a 10-metre rocket"
_PHRASED: Final = 3  # words between a dash and the figure of a noun that stands there: "a town of 300"
_DASH: Final = re.compile(r" [-–—] ")
_CLOSED: Final = re.compile(r"[^.\n]*? [-–—] ")
_CALLED: Final = re.compile(r"\b(?:at|about|as) [“\"][^”\"]*\Z")
_FOR_THE_FIRST: Final = re.compile(r"\b[Ff]or the (?:first|final|last|opening) \Z")
_SUPERLATIVE: Final = re.compile(
    r"\b(?:most|least|best|worst|first|(?!forest\b|interest\b|request\b|west\b)[a-z]{3,}est)\b[^.;:,]* (?:for|in) (?:more than |over |nearly |almost |at least )?\Z"
)  # "the worst in 30 years"
_TOP: Final = re.compile(r"\b(?:top|bottom)[ -]\Z")  # "three singles in the top ten"
_THAN: Final = re.compile(
    r"\b(?:than (?:the|its|their|his|her|our|my)|(?:than|above|below) (?:\w+ ){0,2}\w+['’]s) [^.,;:\n]*\Z"
)  # "is warmer than the 10-degree bag", "above May's average of $41"
_UP_TO: Final = re.compile(r"\bup to\b")


def is_nobodys(figure: Figure, fact: Fact, text: str, dates: Sequence[Date]) -> bool:
    """Whether nobody has the figure, by the clause in which it stands; `dates` are those of its sentence."""
    return not _charged_with(figure, fact, text) and (
        _apart(figure, fact, text)
        or _ACCORDING.search(text, max(0, figure.start - _PHRASE), figure.start) is not None
        or _beyond_bracket(figure, fact, text)
        or _AGAINST.search(text, fact.predicate_end, max(fact.predicate_end, figure.start))
        is not None  # of another, whose clause no parse saw
        or (figure.counted is None and _TOP.search(text, max(0, figure.start - _LONGEST_WORD), figure.start) is not None)
        or _placed_by(figure, fact)
        or by_superlative(figure, text)
        or _beside_object(figure, fact, text)
        or _THAN.search(text, fact.predicate_end if fact.predicate_end <= figure.start else max(0, figure.start - _PHRASE), figure.start)
        is not None  # the other side of a comparison
        or _far_away(figure, fact, text)
        or _of_what_is_said(figure, fact, text)
        or _of_it(figure, fact)
        or figure.counted_rule == "in-dashes"  # told of the noun before the dash
        or _behind_colon(figure, fact, text)
        or in_aside(figure, fact, text)
        or (figure.kind == "ratio" and text.startswith(" what ", figure.end))  # "twice what some had expected"
        or _of_a_set(figure, text)
        or _suffered(figure, fact, text)
        or _only_when(figure, fact, text, dates)
        or _circumstance(figure, fact, text)
        or _deep(figure, fact, text)
    )


def by_superlative(figure: Figure, text: str) -> bool:
    """The highest in six months: the stretch only says among how many."""
    return figure.kind == "duration" and _SUPERLATIVE.search(text, max(0, figure.start - _PHRASE), figure.start) is not None


def says_when(figure: Figure, text: str) -> bool:
    """Left this year after 17 years, two days before the match: a stretch that only places an act in time, and lies itself in no time."""
    if figure.kind != "duration" or text.startswith(" of ", figure.end):
        return False
    behind = _WORD.match(text, figure.end + 1)
    led = word_before(text, figure.start) in words("figures-dated", "adjunct", "lasting")
    return led or (behind is not None and behind[0].lower() in words("figures-dated", "adjunct", "behind"))


def _charged_with(figure: Figure, fact: Fact, text: str) -> bool:
    """Was found guilty of three counts of murder, was sentenced to 20 years: whoever stands trial has them."""
    if figure.counted_head not in words("figures-counting", "charges", "words") and figure.kind != "duration":
        return False
    told = text[fact.predicate_start : figure.start].lower().split()
    passive = not _BE.isdisjoint(fact.predicate.lower().split()) and bool(told) and told[0] in words("figures-counting", "charges", "led")
    if figure.kind == "duration":
        return passive and told[1:] in (["to"], ["for"])
    return (passive or "guilty" in told) and len(told) <= _CHARGED


def _apart(figure: Figure, fact: Fact, text: str) -> bool:
    """A figure before the verb in an adverbial, or in a part of the subject beside its first.

    "In 11 countries, aid workers gave"; but "with 300 staff, Acme" is told of Acme.
    """
    if figure.kind == "age":
        return False
    if figure.kind == "duration":
        before = {w.lower() for w in _WORD.findall(text[max(0, figure.start - _LONGEST_WORD) : figure.start])}
        return figure.end <= (fact.subject_start or 0) and not before.isdisjoint(words("figures-dated", "fronted", "lasting"))
    if fact.subject_end is not None and fact.subject_end <= figure.start < fact.predicate_start:
        return " and " in text[fact.subject_end : figure.start]  # "the chairman and three directors left"
    if fact.subject_start is None or fact.subject_start < figure.end or fact.start > figure.start:
        return False
    opening = _WORD.search(text, fact.start, figure.start)
    led = {word_before(text, fact.start), opening[0].lower() if opening else ""}
    return not led.isdisjoint(words("figures-dated", "fronted", "words"))


def _beyond_bracket(figure: Figure, fact: Fact, text: str) -> bool:
    """The tent (see more here) weighs 3 kg: a subject in brackets has nothing of what stands behind them."""
    between = text[fact.subject_end or figure.start : figure.start]
    return between.count(")") > between.count("(")


def _placed_by(figure: Figure, fact: Fact) -> bool:
    """Knocked Brel into second place, beat the Spanish fifth seed: the rank is of who is knocked or beaten, not of who does it."""
    if figure.kind == "rank" and figure.counted_head in words("figures-ranks", "places", "people"):
        inside = fact.object_start is not None and fact.object_end is not None and fact.object_start <= figure.start < fact.object_end
        return (
            inside and fact.predicate_end <= figure.start and fact.predicate_lemma.lower() not in words("figures-ranks", "places", "being")
        )
    before = fact.object_end is not None and fact.predicate_end <= fact.object_end <= figure.start
    return (
        figure.kind == "rank"
        and before
        and fact.predicate_lemma.lower().split()[0]
        in words("figures-change", "pushing", "words") | words("figures-change", "placing", "words")
    )


def _behind_colon(figure: Figure, fact: Fact, text: str) -> bool:
    """Asked: "Were 300 people there?"; the next step is new: a 10-metre rocket. What a colon leads to, or words of a speaker, are another's."""
    found = _SPOKEN.search(text, fact.predicate_end, max(fact.predicate_end, figure.start))
    return found is not None and (fact.is_reporting or found[0] == ": ")


def in_aside(figure: Figure, fact: Fact, text: str) -> bool:
    """Said, referring to Norvia and Brel — partners for 30 years —: what stands between dashes is told of the noun before them."""
    dashes = list(_DASH.finditer(text, fact.predicate_end, max(fact.predicate_end, figure.start)))
    if len(dashes) % 2 == 0 or len(text[dashes[-1].end() : figure.start].split()) < _PHRASED:
        return False  # "amassed a fortune — at least $500,000 —" says how large it was
    return fact.is_reporting or _CLOSED.match(text, figure.end) is not None


def _of_what_is_said(figure: Figure, fact: Fact, text: str) -> bool:
    """Says that fees amount to $5, pokes fun at "one of the best": what is said, or called so in quotes, is of another than who says it."""
    between = text[fact.predicate_end : max(fact.predicate_end, figure.start)]
    return (fact.is_reporting and between.startswith((" that ", ", that "))) or _CALLED.search(between) is not None


def _of_it(figure: Figure, fact: Fact) -> bool:
    """Wants to increase it to 10%: the level is of what the pronoun stands for, not of who changes it."""
    return figure.change_role is not None and (fact.object or "").lower() in ("it", "them", "this", "that", "these", "those")


def _far_away(figure: Figure, fact: Fact, text: str) -> bool:
    """Moved to Pokro, a town 60 km from Marlin: how far a place is from another, where a comma parts it from the verb."""
    behind = figure.kind == "measure" and _AWAY.match(text, figure.end) is not None
    return behind and "," in text[fact.predicate_end : figure.start]


def _of_a_set(figure: Figure, text: str) -> bool:
    """The older of two daughters, leaders of the five parties: those who are told apart, or to whom people belong, are nobody's."""
    led = _OF.search(text, max(0, figure.start - _LONGEST_WORD * 2), figure.start) if figure.kind == "count" else None
    return led is not None and led["from"].lower() in words("figures-counting", "from_a_set", "words") | belonging()


def _suffered(figure: Figure, fact: Fact, text: str) -> bool:
    """Three shot dead; fatally shooting three people: those who are counted suffer it, whoever shoots has none of them."""
    if figure.kind != "count":
        return False
    if fact.predicate_lemma.lower() in words("figures-dated", "oblique", "telling"):
        return True  # "a review showed two officers asleep"
    behind = _WORD.match(text, figure.end + 1)
    if behind is not None and behind[0].lower() in words("figures-counting", "suffered", "words"):
        return True
    level = figure.counted is not None and figure.counted_rule not in COUNTING_BEHIND  # "Acme's sales hit 3,000"
    return (
        not level and fact.predicate_end <= figure.start and fact.predicate_lemma.lower() in words("figures-counting", "harming", "words")
    )


def _only_when(figure: Figure, fact: Fact, text: str, dates: Sequence[Date]) -> bool:
    """A stretch of time that says when or how soon: "in three years", "seven minutes later"; "for three years" is somebody's."""
    before, behind = word_before(text, figure.start), _WORD.match(text, figure.end + 1)
    if figure.kind != "duration" or before == "for":
        return False
    near = max(0, figure.start - _LONGEST_WORD * 2)
    frame, opening = _OF.search(text, near, figure.start), _FOR_THE_FIRST.search(text, near, figure.start)
    framed = frame is not None and frame["from"].lower() in words("figures-counting", "time_frames", "words")
    if framed or (opening is not None and text.startswith(" of ", figure.end)):
        return True  # "over the course of two days", "for the first nine months of the war"
    if figure.counted is not None and text.startswith(" of ", figure.end):
        return before in words("figures-dated", "adjunct", "lasting")
    soon = behind is not None and behind[0].lower() in words("figures-dated", "adjunct", "behind")
    if soon or before in words("figures-dated", "adjunct", "words") or any(d.start <= figure.start and figure.end <= d.end for d in dates):
        return True
    argument = _argument_of(figure, fact)
    if argument is None or argument.role != "time" or fact.predicate_end <= argument.start <= fact.predicate_end + 1:
        return False  # "has passed 60 days"
    led = {before, word_before(text, argument.start)}  # "for 3 years, 2 months"
    return led.isdisjoint(words("figures-dated", "adjunct", "through"))


def _circumstance(figure: Figure, fact: Fact, text: str) -> bool:
    """Sold in 30 towns, spoke to 100 pupils, worked with two firms: what is counted is a circumstance of the act."""
    argument = _argument_of(figure, fact)
    if argument is None or figure.change_role is not None or figure.kind not in _COUNTING:
        return False
    level = figure.counted is not None and figure.counted_rule not in COUNTING_BEHIND  # "debts stood at 5 tonnes"
    if level or word_before(text, figure.start) in words("figures-dated", "oblique", "own"):  # "learned from their two defeats"
        return False
    role = argument.role.split()[0]
    if role in words("figures-dated", "oblique", "places"):
        return True
    if figure.kind != "count":
        return False
    if role == "with":  # "worked with two firms"; but "walked away with three trophies", "leads, with three wins"
        beside = fact.predicate_end <= argument.start and text[fact.predicate_end : argument.start].split()[:1] == ["with"]
        return beside and " " not in fact.predicate
    return role in words("figures-dated", "oblique", "aims")


def _beside_object(figure: Figure, fact: Fact, text: str) -> bool:
    """Built the largest firm, with a value of $5bn: what a comma and "with" add is rather told of the object than of who did it."""
    argument = _argument_of(figure, fact)
    added = argument is not None and argument.role == "with" and text.endswith(", with ", 0, argument.start)
    return added and figure.kind not in ("count", "age", "rank") and fact.predicate_end < (fact.object_start or 0)


def _deep(figure: Figure, fact: Fact, text: str) -> bool:
    """Won the records of three firms: what is counted belongs to a part of what is won, not to whoever wins."""
    argument = _argument_of(figure, fact)
    start = argument.start if argument is not None else fact.object_start
    if figure.kind not in _COUNTING or figure.counted_rule not in COUNTING_BEHIND or start is None:
        return False
    if argument is None and not start <= figure.start < (fact.object_end or start):
        return False
    if start < fact.predicate_end or (argument is not None and argument.role == "complement"):
        return False  # "was capable of 80 megaflops"
    before = [w.lower() for w in _WORD.findall(_UP_TO.sub("", text[start : figure.start]))]
    last = max((i for i, w in enumerate(before) if w in words("figures-dated", "oblique", "inside")), default=0)
    if not last or "and" in before[last:] or any(w.endswith("ing") for w in before[last:]):
        return False  # "two tonnes of wheat and 500 cows", "capable of holding 500 songs"
    having = words("figures-dated", "oblique", "having") | words("figures-counting", "no_whole", "words")
    return before[last - 1] not in having


def _argument_of(figure: Figure, fact: Fact) -> Argument | None:
    """The narrowest argument of the clause in which the figure stands; an object is none."""
    if fact.object_start is not None and fact.object_end is not None and fact.object_start <= figure.start < fact.object_end:
        return None
    around = [a for a in fact.arguments if a.start <= figure.start < a.end]
    return min(around, key=lambda a: a.end - a.start, default=None)


def word_at(text: str, at: int) -> str:
    """The word that begins at a place or behind a blank there, in small letters; empty where none does."""
    found = _WORD.match(text, at + text.startswith(" ", at))
    return found[0].lower() if found is not None else ""


def word_before(text: str, at: int) -> str:
    """The last word in front of a place, in small letters; empty where none is near."""
    found = _WORD.findall(text[max(0, at - _LONGEST_WORD) : at])
    return found[-1].lower() if found else ""
