"""What is no figure although it is a number: a year, a day of a month, a label, a part of a name, a word of an idiom."""

import functools
import re

from transforms.figures.around import Around, plural_noun_follows
from transforms.figures.name_numbers import BARE_IN_NAMES, IN_NAMES
from transforms.figures.quantity import Quantity
from transforms.figures.ranks_and_ages import is_grade, named_by_neighbours, rank_of
from transforms.parse.token_tree import Span
from transforms.words.lexicon import lexicon, words

_LIST_MARK = re.compile(r"(?:^|\n)[ \t]*[\[(]?\Z")
_ONE_OF = re.compile(r"[ ]of[ ](?!all\b|course\b)")
_NOT_YEAR = re.compile(
    r"\b(?:more than|at least|fewer than|less than|average of|as many as|total of|some|nearly|almost)[ ]\Z", re.IGNORECASE
)
_SINCE = re.compile(r"\b(?:from|since|until|till|before|after|by|in)[ ](?:at[ ]least|around|about|some)[ ]\Z", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|around|roughly|approximately|over|under|up to|another|estimated)[ ]\Z", re.IGNORECASE)
_FIRST_YEAR = 1500  # numbers below are amounts where they stand beside a counted one
_SHORTEST_DIALLED = 3


def kept(text: str, span: Span, quantity: Quantity) -> Quantity | None:
    """The quantity, or None where its number counts nothing; ranks and ages are named after what makes them so."""
    if quantity.kind == "rank":
        return rank_of(text, quantity)
    if quantity.kind == "score":
        return quantity
    if quantity.bare and (found := named_by_neighbours(text, span, quantity)) is not None:
        return found
    around = Around.of(text, span, quantity)
    rules = _NO_FIGURE + (_NO_COUNT if quantity.bare else ())
    return None if is_grade(text, quantity) or any(rule(around) for rule in rules) else quantity


def _in_idiom(around: Around) -> bool:
    """A word of an idiom: "a one-off", "square one"."""
    quantity = around.quantity
    if quantity.number.form not in ("words", "fraction", "multiple"):
        return False
    window = _idioms().finditer(around.text, max(0, quantity.start - 20), min(len(around.text), quantity.end + 20))
    return any(m.start(1) < quantity.end and quantity.start < m.end(1) for m in window)


@functools.cache
def _idioms() -> re.Pattern[str]:
    listed = sorted(words("figures-names", "idioms", "words"), key=len, reverse=True)
    return re.compile(r"\b(?=((?:" + "|".join(re.escape(i).replace(r"\-", "(?:-|[ ]-[ ])") for i in listed) + r")(?!\w)))", re.IGNORECASE)


def _in_degree(around: Around) -> bool:
    """100 per cent wrong: a way to say how very."""
    quantity, after = around.quantity, around.after
    return (
        quantity.kind == "percent"
        and quantity.value == 100
        and after is not None
        and after.lower_ in words("figures-names", "degrees", "words")
    )


def _no_multiple(around: Around) -> bool:
    """Scored twice as United won: no "twice as fast"."""
    doc, end = around.span.doc, around.span.end
    if around.quantity.rule != "ratio-multiple" or around.after is None or around.after.lower_ != "as":
        return False
    return end + 1 >= len(doc) or not doc[end + 1].tag_.startswith(("JJ", "RB"))


def _dialled(around: Around) -> bool:
    """Call 911, dial 999, ring them on 116 123; a 911 dispatcher."""
    data, number = lexicon("figures-names")["telephones"], around.quantity.number
    if not around.written.isdigit() or len(around.written) < _SHORTEST_DIALLED or around.plural:
        return False
    if number.value in data["known"] and around.after is not None and around.after.lower_ in data["named"]:
        return True
    before = around.before
    while before is not None and before.i and before.text.isdigit():  # "116 123"
        before = before.nbor(-1)
    if before is None:
        return False
    if before.lemma_.lower() in data["verbs"]:
        return before.pos_ == "VERB"
    called = before.dep_ == "prep" and before.lower_ in data["leading"] and before.head.lemma_.lower() in data["behind_on"]
    return called and before.head.pos_ == "VERB"


def _day(around: Around) -> bool:
    """A day beside its month: "25 May", "May 18-22"."""
    value, before = around.quantity.number.value, around.before
    if around.quantity.number.form != "digits" or not value.is_integer() or not 1 <= value <= 31 or len(around.written) > 2:
        return False
    months = words("figures-names", "months", "words")
    if before is not None and before.text == "." and before.i:  # "nov . 15", as tokenised text has it
        return before.nbor(-1).lower_ in months
    beside = [t for t in (before, around.after) if t is not None and t.text[:1].isupper()]
    if any(t.lower_.rstrip(".") in months for t in beside):
        return True
    second = before is not None and before.i >= 2 and before.text in ("-", "–", "and", "&", "to")
    return second and before is not None and before.nbor(-2).lower_.rstrip(".") in months


def _year(around: Around) -> bool:
    """Four digits that count nothing: "in 1998"."""
    quantity = around.quantity
    value = quantity.number.value
    if quantity.number.form != "digits" or not value.is_integer() or len(around.written) != 4 or not 1000 <= value <= 2100:
        return False
    if _counted_with_next(around):
        return False
    bounded = _NOT_YEAR.search(around.text, max(0, quantity.start - 14), quantity.start) or _of_many(around)
    if bounded and _SINCE.search(around.text, max(0, quantity.start - 24), quantity.start):
        return not around.plural  # "from at least 2002 to 2005"
    return not bounded and (not around.plural or around.span[0].ent_type_ == "DATE")


def _of_many(around: Around) -> bool:
    """About 1000 were hurt: a round number behind "about" that is the subject of many; "around 2000 it was sold" is a year."""
    quantity, after = around.quantity, around.after
    led = _ABOUT.search(around.text, max(0, quantity.start - 16), quantity.start)
    if led is None or after is None:
        return False
    many = after.tag_ == "VBP" or after.lower_ in ("were", "have") or after.lower_ in words("figures-counting", "suffered", "words")
    return many or quantity.number.value < _FIRST_YEAR


def _counted_with_next(around: Around) -> bool:
    """From 1000 to 2000 jobs: a number that is no year of ours, before one of four digits that counts a plural."""
    doc, at = around.span.doc, around.span.end
    if around.quantity.number.value >= _FIRST_YEAR or at + 1 >= len(doc) or doc[at].lower_ != "to" or not doc[at + 1].like_num:
        return False
    return plural_noun_follows(doc[at + 1 : at + 2])


def _list_mark(around: Around) -> bool:
    """The number of an item of a list, "1. Go", or of a note, "[3]", "appetite (22)."."""
    text, start, end = around.text, around.quantity.start, around.quantity.end
    if _LIST_MARK.search(text, max(0, start - 6), start) and text[end : end + 2] in (". ", ") ", ".\t"):
        return True
    boxed = text[start - 1 : start] + text[end : end + 1]
    return boxed == "[]" or (
        boxed == "()" and around.written.isdigit() and text[end + 1 : end + 2] in (".", ",", ";") and _behind_word(around)
    )


def _behind_word(around: Around) -> bool:
    """Whether a plain word stands before the bracket: a name may have so many goals, a seed or an age."""
    opening = around.before
    before = opening.nbor(-1) if opening is not None and opening.text == "(" and opening.i else None
    return before is not None and before.text.islower()


def _pronoun(around: Around) -> bool:
    """One is a number before a noun or "of the ...", else a pronoun: "the one", "one might think"."""
    number, after = around.quantity.number, around.after
    if number.value != 1 or number.form != "words":
        return False
    if _ONE_OF.match(around.text, around.quantity.end):
        return _of_a_kind(around)
    if around.before is not None and around.before.lower_ in words("figures-names", "pronoun_before", "words"):
        return True
    return after is None or not (after.text == "-" or after.tag_.startswith(("JJ", "NN", "VBN", "VBG")))


def _of_a_kind(around: Around) -> bool:
    """Her life was one of ease: of a quality, not of several."""
    doc, at = around.span.doc, around.span.end + 1
    if at >= len(doc) or around.before is None or around.before.lemma_ != "be":
        return False
    if any(t.tag_ in ("POS", "NNS", "NNPS") for t in doc[at : at + 4]):
        return False
    return doc[at].tag_ in ("JJ", "NN") and doc[at].lower_ not in words("figures-names", "one_of", "words")


def _stage(around: Around) -> bool:
    """In the last eight, the final 16: a stage of a contest, where no noun is counted; a top five maker, two more top 20 hits."""
    before, stages = around.before, lexicon("figures-names")["stages"]
    if before is not None and before.lower_ in stages["open"]:
        ranked = around.after is not None and around.after.tag_.startswith(("NN", "JJ")) and not around.plural
        return ranked or (before.i > 0 and before.nbor(-1).lower_ == "more")
    if before is None or before.lower_ not in stages["words"] or around.quantity.number.value not in stages["numbers"]:
        return False
    return around.after is None or not around.after.tag_.startswith(("NN", "JJ", "VBN", "VBG", "HYPH", "CD"))


def _genitive(around: Around) -> bool:
    """3's marketing director: a firm or a channel that is called so."""
    return around.quantity.number.form == "digits" and around.text.startswith(("'s ", "’s "), around.quantity.end)


_NO_FIGURE = (*IN_NAMES, _in_idiom, _no_multiple, _in_degree)
_NO_COUNT = (*BARE_IN_NAMES, _genitive, _dialled, _day, _year, _list_mark, _pronoun, _stage)


@functools.cache
def scored_words() -> re.Pattern[str]:
    """Words that speak of a score or a vote, in any of their forms."""
    data = lexicon("figures-scores")["words"]
    forms = [*data["nouns"], *data["verbs"], *data["irregular"]]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, forms)) + r")(?:s|es|ed|ing)?\b", re.IGNORECASE)
