"""What is no figure although it is a number: a year, a day of a month, a label, a part of a name, a word of an idiom."""

import functools
import re
from dataclasses import dataclass
from typing import Self

from transforms.figures.nouns import LONGEST_RUN, joins_names
from transforms.figures.quantity import Quantity
from transforms.figures.ranks_and_ages import is_grade, is_numbered, named_by_neighbours, rank_of
from transforms.parse.token_tree import INSIDE, Span, Token
from transforms.words.lexicon import lexicon, words

_PROPER_ENTS = frozenset({"ORG", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "FAC", "GPE", "LOC", "PERSON", "NORP", "LANGUAGE"})
_LIST_MARK = re.compile(r"(?:^|\n)[ \t]*[\[(]?\Z")
_ONE_OF = re.compile(r"[ ]of[ ](?!all\b|course\b)")
_TYPE = re.compile(r"-\d+[A-Z]+\b")
_CAMEL = re.compile(r"[a-z]+[A-Z]|[A-Z]{2,}$")
_NOT_YEAR = re.compile(
    r"\b(?:more than|at least|fewer than|less than|average of|as many as|total of|some|nearly|almost)[ ]\Z", re.IGNORECASE
)
_SINCE = re.compile(r"\b(?:from|since|until|till|before|after|by|in)[ ](?:at[ ]least|around|about|some)[ ]\Z", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|around|roughly|approximately|over|under|up to|another|estimated)[ ]\Z", re.IGNORECASE)
_FIRST_OF_NO_VERSION = 20  # versions have points up to here: "Linux 2.6"
_FIRST_YEAR = 1500  # numbers below are amounts where they stand beside a counted one
_LETTERS = 4  # of a model: "LC 500", "GTX 1060"
_NEAR_PLURAL = 4  # words between a number and its plural
_SHORTEST_DIALLED = 3
_TITLE_CASE = 0.6  # a sentence with a larger share of capitalised words is a headline in capitals


@dataclass(frozen=True, slots=True)
class _Around:
    """A number with what stands around it."""

    text: str
    span: Span
    quantity: Quantity
    before: Token | None
    after: Token | None
    plural: bool  # a plural noun follows a bare number, so that something is counted

    @classmethod
    def of(cls, text: str, span: Span, quantity: Quantity) -> Self:
        doc = span.doc
        before = doc[span.start - 1] if span.start else None
        after = doc[span.end] if span.end < len(doc) else None
        return cls(text, span, quantity, before, after, quantity.bare and _plural_noun_follows(span))

    @property
    def written(self) -> str:
        return self.text[self.quantity.start : self.quantity.end]

    @property
    def short(self) -> bool:
        """As numbers in names are: without comma and scale, below ten thousand."""
        number = self.quantity.number
        return "," not in self.written and number.scale in (1, 100) and number.value < 10_000 and self.quantity.start > 0

    @property
    def adjacent(self) -> Token | None:
        """The word before, if nothing but a blank, hyphen or apostrophe stands between."""
        return self.before if self.short and self.text[self.quantity.start - 1] in " -\u00a0’'" else None


def kept(text: str, span: Span, quantity: Quantity) -> Quantity | None:
    """The quantity, or None where its number counts nothing; ranks and ages are named after what makes them so."""
    if quantity.kind == "rank":
        return rank_of(text, quantity)
    if quantity.kind == "score":
        return quantity
    if quantity.bare and (found := named_by_neighbours(text, span, quantity)) is not None:
        return found
    around = _Around.of(text, span, quantity)
    rules = _NO_FIGURE + (_NO_COUNT if quantity.bare else ())
    return None if is_grade(text, quantity) or any(rule(around) for rule in rules) else quantity


def _in_idiom(around: _Around) -> bool:
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


def _model_number(around: _Around) -> bool:
    """The iPhone 4s: a letter that could be a unit, behind a name."""
    quantity, before = around.quantity, around.before
    glued = quantity.end - quantity.number.end == 1 and quantity.number.form == "digits"
    if quantity.kind not in ("measure", "duration") or not glued or before is None:
        return False
    named = before.pos_ == "PROPN" or _CAMEL.match(before.text) is not None
    return named and before.idx + len(before.text) < quantity.start


def _no_multiple(around: _Around) -> bool:
    """Scored twice as United won: no "twice as fast"."""
    doc, end = around.span.doc, around.span.end
    if around.quantity.rule != "ratio-multiple" or around.after is None or around.after.lower_ != "as":
        return False
    return end + 1 >= len(doc) or not doc[end + 1].tag_.startswith(("JJ", "RB"))


def _label_number(around: _Around) -> bool:
    """No 10: numbered, and no rank."""
    return is_numbered(around.text, around.quantity)


def _dialled(around: _Around) -> bool:
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


def _day(around: _Around) -> bool:
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


def _year(around: _Around) -> bool:
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


def _of_many(around: _Around) -> bool:
    """About 1000 were hurt: a round number behind "about" that is the subject of many; "around 2000 it was sold" is a year."""
    quantity, after = around.quantity, around.after
    led = _ABOUT.search(around.text, max(0, quantity.start - 16), quantity.start)
    if led is None or after is None:
        return False
    many = after.tag_ == "VBP" or after.lower_ in ("were", "have") or after.lower_ in words("figures-counting", "suffered", "words")
    return many or quantity.number.value < _FIRST_YEAR


def _counted_with_next(around: _Around) -> bool:
    """From 1000 to 2000 jobs: a number that is no year of ours, before one of four digits that counts a plural."""
    doc, at = around.span.doc, around.span.end
    if around.quantity.number.value >= _FIRST_YEAR or at + 1 >= len(doc) or doc[at].lower_ != "to" or not doc[at + 1].like_num:
        return False
    return _plural_noun_follows(doc[at + 1 : at + 2])


def _list_mark(around: _Around) -> bool:
    """The number of an item of a list, "1. Go", or of a note, "[3]", "appetite (22)."."""
    text, start, end = around.text, around.quantity.start, around.quantity.end
    if _LIST_MARK.search(text, max(0, start - 6), start) and text[end : end + 2] in (". ", ") ", ".\t"):
        return True
    boxed = text[start - 1 : start] + text[end : end + 1]
    return boxed == "[]" or (
        boxed == "()" and around.written.isdigit() and text[end + 1 : end + 2] in (".", ",", ";") and _behind_word(around)
    )


def _behind_word(around: _Around) -> bool:
    """Whether a plain word stands before the bracket: a name may have so many goals, a seed or an age."""
    opening = around.before
    before = opening.nbor(-1) if opening is not None and opening.text == "(" and opening.i else None
    return before is not None and before.text.islower()


def _pronoun(around: _Around) -> bool:
    """One is a number before a noun or "of the ...", else a pronoun: "the one", "one might think"."""
    number, after = around.quantity.number, around.after
    if number.value != 1 or number.form != "words":
        return False
    if _ONE_OF.match(around.text, around.quantity.end):
        return _of_a_kind(around)
    if around.before is not None and around.before.lower_ in words("figures-names", "pronoun_before", "words"):
        return True
    return after is None or not (after.text == "-" or after.tag_.startswith(("JJ", "NN", "VBN", "VBG")))


def _of_a_kind(around: _Around) -> bool:
    """Her life was one of ease: of a quality, not of several."""
    doc, at = around.span.doc, around.span.end + 1
    if at >= len(doc) or around.before is None or around.before.lemma_ != "be":
        return False
    if any(t.tag_ in ("POS", "NNS", "NNPS") for t in doc[at : at + 4]):
        return False
    return doc[at].tag_ in ("JJ", "NN") and doc[at].lower_ not in words("figures-names", "one_of", "words")


def _fixed(around: _Around) -> bool:
    """An index or a brand with its number, whatever follows: "FTSE 100 shares", "iPhone 4 users"."""
    before, value = around.adjacent, around.quantity.number.value
    if before is None:
        return False
    data = lexicon("figures-names")["fixed"]
    if before.tag_ == "POS" and before.i:
        before = before.nbor(-1)  # "Standard & Poor's 500"
    if before.lower_ in data["words"] and value in data["numbers"]:
        return True
    return _CAMEL.match(before.text) is not None and not before.text.isupper() and value < 100


def _product(around: _Around) -> bool:
    """The 737 Max, a 911 Turbo: a number that is itself the name of a product, before a part of that name or what it is."""
    data, after = lexicon("figures-names")["products"], around.after
    typed = _TYPE.match(around.text, around.quantity.end) is not None  # "the 777-200LR"
    return typed or (around.written in data["numbers"] and after is not None and after.text in data["behind"])


def _resolution(around: _Around) -> bool:
    """4K television, 8K video: a resolution's name, with a letter that stands for neither thousands nor kelvin."""
    data, after = lexicon("figures-names")["resolutions"], around.after
    if around.written.upper() in data["lines"]:
        return True  # "720p", which is no price
    if around.written.upper() not in data["names"] or after is None:
        return False
    beyond = after.nbor(1).lemma_.lower() if after.i + 1 < len(after.doc) else ""
    return not {after.lemma_.lower(), after.lower_, beyond}.isdisjoint(data["behind"])


def _label(around: _Around) -> bool:
    """Page 5, Section 230, version 4."""
    before = around.adjacent
    if before is None or not _labels(before):
        return False
    titled = before.text[:1].isupper() and (not before.is_sent_start or before.lower_ in words("figures-names", "classes", "words"))
    return not around.plural or (titled and before.tag_ not in ("NNS", "NNPS") and before.pos_ != "VERB")  # "Model 3 cars"


def _labels(before: Token) -> bool:
    listed = words("figures-names", "labels", "words")
    return before.lower_.rstrip(".") in listed and before.pos_ in ("NOUN", "PROPN", "X", "NUM")


def _behind_name(around: _Around) -> bool:
    """Apollo 11, Linux 2.6, the Big 12: behind a capitalised word, with nothing to count behind it."""
    before, value = around.adjacent, around.quantity.number.value
    if before is None:
        return False
    if _model(before, around):
        return True
    if around.plural or around.written[:1].islower() or before.ent_type_ == "DATE" or not before.text[:1].isupper():
        return False
    return _acronym(before, around) or (_named(before) and (value.is_integer() or value < _FIRST_OF_NO_VERSION))


def _named(before: Token) -> bool:
    """Whether a capitalised word is a name's, and not a verb or preposition that only opens its sentence: "Take 11"."""
    opens = before.is_sent_start is True
    verb = opens and before.dep_ in ("ROOT", "aux", "prep") and before.nbor(1).pos_ != "PROPN"
    return not verb and (before.pos_ == "PROPN" or (before.tag_ in ("JJ", "NN") and not opens))


def _acronym(before: Token, around: _Around) -> bool:
    return before.text.isupper() and len(before.text) > 1 and before.is_alpha and not around.span.sent.text.isupper()


def _model(before: Token, around: _Around) -> bool:
    """The LC 500 Convertible: a number between capital letters and a name is part of it, whatever plural follows."""
    after = around.after
    letters = before.text.isupper() and before.text.isalpha() and 1 < len(before.text) <= _LETTERS
    return letters and after is not None and after.tag_ == "NNP" and after.text[:1].isupper() and not around.span.sent.text.isupper()


def _stage(around: _Around) -> bool:
    """In the last eight, the final 16: a stage of a contest, where no noun is counted; a top five maker, two more top 20 hits."""
    before, stages = around.before, lexicon("figures-names")["stages"]
    if before is not None and before.lower_ in stages["open"]:
        ranked = around.after is not None and around.after.tag_.startswith(("NN", "JJ")) and not around.plural
        return ranked or (before.i > 0 and before.nbor(-1).lower_ == "more")
    if before is None or before.lower_ not in stages["words"] or around.quantity.number.value not in stages["numbers"]:
        return False
    return around.after is None or not around.after.tag_.startswith(("NN", "JJ", "VBN", "VBG", "HYPH", "CD"))


def _titled(around: _Around) -> bool:
    """Six Nations, the Big Four: a capitalised number word inside a sentence, beside a capitalised word."""
    span = around.span
    capital = around.quantity.number.form == "words" and around.written[:1].isupper()
    if not capital or span[0].is_sent_start or _in_title_case(span):
        return False
    after = _behind_hyphen(around.after)
    if any(t is not None and t.text[:1].isupper() and t.is_alpha for t in (around.before, after)) or span[0].ent_type_ in _PROPER_ENTS:
        return True
    if after is None or around.before is None or around.before.tag_ not in ("IN", "DT"):
        return False
    return after.lower_ != "of" and not after.tag_.startswith(("NN", "JJ", "VB", "HYPH", "CD"))  # "the film on Five"


def _in_title_case(span: Span) -> bool:
    """Whether so many words of the sentence have a capital that one more says nothing."""
    wordy = [t for t in span.sent if t.is_alpha and len(t.text) > 3]
    return sum(t.text[:1].isupper() for t in wordy) > len(wordy) * _TITLE_CASE


def _behind_hyphen(after: Token | None) -> Token | None:
    """The word behind a number, or behind the hyphen that ties it: the "Nations" of "Six-Nations"."""
    tied = after is not None and after.text == "-" and not after.whitespace_ and after.i + 1 < len(after.doc)
    return after.nbor(1) if after is not None and tied else after


def _inside_entity(around: _Around) -> bool:
    """The model holds the number for part of a name, and a capitalised word of that name stands beside it."""
    first = around.span[0]
    if around.plural or first.ent_type_ not in _PROPER_ENTS:
        return False
    beside = [t for t in (around.before, around.after) if t is not None and t.ent_type_ == first.ent_type_]
    continues = [t for t in beside if t.ent_iob == INSIDE or (t.i < first.i and first.ent_iob == INSIDE)]
    return any(t.text[:1].isupper() for t in continues)


def _before_names(around: _Around) -> bool:
    """Only names stand behind the number, no common noun: "787 Dreamliner"."""
    number = around.quantity.number
    if number.form != "digits" or not number.value.is_integer() or not around.short or around.plural:
        return False
    run = [t.tag_ for t in around.span.doc[around.span.end : around.span.end + 6]]
    names = next((i for i, tag in enumerate(run) if not tag.startswith(("NNP", "JJ"))), len(run))
    if around.after is None or len(around.after.text) == 1:  # "18 R": a sign, whatever it stands for, and no name
        return False
    return names > 0 and run[0] == "NNP" and not any(tag in ("NN", "NNS", "NNPS") for tag in run[: names + 1])


def _named_cent(around: _Around) -> bool:
    """50 Cent, the rapper."""
    return around.quantity.rule == "money-part" and around.written.endswith(" Cent") and not _in_title_case(around.span)


_NO_FIGURE = (_named_cent, _in_idiom, _model_number, _no_multiple, _resolution)
_NO_COUNT = (
    _label_number,
    _dialled,
    _day,
    _year,
    _list_mark,
    _pronoun,
    _fixed,
    _product,
    _label,
    _behind_name,
    _titled,
    _inside_entity,
    _before_names,
    _stage,
)


def _plural_noun_follows(span: Span) -> bool:
    """Behind the number stands a plural noun, at most three adjectives or nouns on, or more names: so it is counted."""
    limit = span.end + _NEAR_PLURAL
    for token in span.doc[span.end : span.end + LONGEST_RUN]:
        if token.i >= limit:
            return False
        if token.tag_ in ("NNS", "NNPS") or token.lower_ in words("figures-counting", "plurals", "words"):
            return True
        if token.i > span.end and joins_names(token, token.nbor(-1)):
            limit = span.end + LONGEST_RUN
        elif not token.tag_.startswith(("JJ", "NN", "VBN", "VBG", "HYPH")):
            return False
    return False


@functools.cache
def scored_words() -> re.Pattern[str]:
    """Words that speak of a score or a vote, in any of their forms."""
    data = lexicon("figures-scores")["words"]
    forms = [*data["nouns"], *data["verbs"], *data["irregular"]]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, forms)) + r")(?:s|es|ed|ing)?\b", re.IGNORECASE)
