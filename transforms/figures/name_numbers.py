"""Numbers that are part of a name or a label: "FTSE 100 shares", "Section 230", "Apollo 11", "Six Nations", "787 Dreamliner"."""

import re

from transforms.figures.around import Around
from transforms.figures.ranks_and_ages import is_numbered
from transforms.parse.token_tree import INSIDE, Span, Token
from transforms.words.lexicon import lexicon, words

_PROPER_ENTS = frozenset({"ORG", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "FAC", "GPE", "LOC", "PERSON", "NORP", "LANGUAGE"})
_VERSION = re.compile(r"\d\.0")  # "USB 2.0 ports": nobody counts things to a tenth
_TYPE = re.compile(r"-\d+[A-Z]+\b")
_CAMEL = re.compile(r"[a-z]+[A-Z]|[A-Z]{2,}$")
_FIRST_OF_NO_VERSION = 20  # versions have points up to here: "Linux 2.6"
_SHORTEST_RACE = 50
_LETTERS = 4  # of a model: "LC 500", "GTX 1060"
_TITLE_CASE = 0.6  # a sentence with a larger share of capitalised words is a headline in capitals


def _fixed(around: Around) -> bool:
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


def _product(around: Around) -> bool:
    """The 737 Max, a 911 Turbo: a number that is itself the name of a product, before a part of that name or what it is."""
    data, after = lexicon("figures-names")["products"], around.after
    typed = _TYPE.match(around.text, around.quantity.end) is not None  # "the 777-200LR"
    return typed or (around.written in data["numbers"] and after is not None and after.text in data["behind"])


def _resolution(around: Around) -> bool:
    """4K television, 8K video: a resolution's name, with a letter that stands for neither thousands nor kelvin."""
    data, after = lexicon("figures-names")["resolutions"], around.after
    if around.written.upper() in data["lines"]:
        return True  # "720p", which is no price
    if around.written.upper() not in data["names"] or after is None:
        return False
    beyond = after.nbor(1).lemma_.lower() if after.i + 1 < len(after.doc) else ""
    return not {after.lemma_.lower(), after.lower_, beyond}.isdisjoint(data["behind"])


def _label(around: Around) -> bool:
    """Page 5, Section 230, version 4."""
    before = around.adjacent
    if before is not None and before.i > 1 and before.lower_ in words("figures-names", "joining", "words") and before.nbor(-1).tag_ == "CD":
        before = before.nbor(-2)  # "articles 5 and 4"
    if before is None or not _labels(before):
        return False
    titled = before.text[:1].isupper() and (not before.is_sent_start or before.lower_ in words("figures-names", "classes", "words"))
    return not around.plural or (titled and before.tag_ not in ("NNS", "NNPS") and before.pos_ != "VERB")  # "Model 3 cars"


def _labels(before: Token) -> bool:
    listed = words("figures-names", "labels", "words")
    return before.lower_.rstrip(".") in listed and before.pos_ in ("NOUN", "PROPN", "X", "NUM")


def _behind_name(around: Around) -> bool:
    """Apollo 11, Linux 2.6, the Big 12: behind a capitalised word, with nothing to count behind it."""
    before, value = around.adjacent, around.quantity.number.value
    if before is None:
        return False
    versioned = _VERSION.fullmatch(around.written) is not None and (before.pos_ == "PROPN" or before.text.isupper())
    if versioned or _model(before, around):
        return True
    if around.plural or around.written[:1].islower() or not before.text[:1].isupper():
        return False
    return _acronym(before, around) or (_named(before) and (value.is_integer() or value < _FIRST_OF_NO_VERSION))


def _named(before: Token) -> bool:
    """Whether a capitalised word is a name's, and not a verb or preposition that only opens its sentence: "Take 11"."""
    opens = before.is_sent_start is True
    verb = opens and before.dep_ in ("ROOT", "aux", "prep") and before.nbor(1).pos_ != "PROPN"
    return not verb and (before.pos_ == "PROPN" or (before.tag_ in ("JJ", "NN") and not opens))


def _acronym(before: Token, around: Around) -> bool:
    return before.text.isupper() and len(before.text) > 1 and before.is_alpha and not around.span.sent.text.isupper()


def _model(before: Token, around: Around) -> bool:
    """The LC 500 Convertible: a number between capital letters and a name is part of it, whatever plural follows."""
    after = around.after
    letters = before.text.isupper() and before.text.isalpha() and 1 < len(before.text) <= _LETTERS
    return letters and after is not None and after.tag_ == "NNP" and after.text[:1].isupper() and not around.span.sent.text.isupper()


def _model_number(around: Around) -> bool:
    """The iPhone 4s: a letter that could be a unit, behind a name."""
    quantity, before = around.quantity, around.before
    glued = quantity.end - quantity.number.end == 1 and quantity.number.form == "digits"
    race = quantity.unit_normalised == "metre" and quantity.number.value >= _SHORTEST_RACE  # "the Olympic 100m"
    if quantity.kind not in ("measure", "duration") or not glued or before is None or race:
        return False
    named = before.pos_ == "PROPN" or _CAMEL.match(before.text) is not None
    return named and before.idx + len(before.text) < quantity.start


def _named_cent(around: Around) -> bool:
    """50 Cent, the rapper."""
    return around.quantity.rule == "money-part" and around.written.endswith(" Cent") and not _in_title_case(around.span)


def _titled(around: Around) -> bool:
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


def _inside_entity(around: Around) -> bool:
    """The model holds the number for part of a name, and a capitalised word of that name stands beside it."""
    first = around.span[0]
    if around.plural or first.ent_type_ not in _PROPER_ENTS:
        return False
    beside = [t for t in (around.before, around.after) if t is not None and t.ent_type_ == first.ent_type_]
    continues = [t for t in beside if t.ent_iob == INSIDE or (t.i < first.i and first.ent_iob == INSIDE)]
    return any(t.text[:1].isupper() for t in continues)


def _before_names(around: Around) -> bool:
    """Only names stand behind the number, no common noun: "787 Dreamliner"."""
    number = around.quantity.number
    if number.form != "digits" or not number.value.is_integer() or not around.short or around.plural:
        return False
    run = [t.tag_ for t in around.span.doc[around.span.end : around.span.end + 6]]
    names = next((i for i, tag in enumerate(run) if not tag.startswith(("NNP", "JJ"))), len(run))
    if around.after is None or len(around.after.text) == 1:  # "18 R": a sign, whatever it stands for, and no name
        return False
    return names > 0 and run[0] == "NNP" and not any(tag in ("NN", "NNS", "NNPS") for tag in run[: names + 1])


def _label_number(around: Around) -> bool:
    """No 10: numbered, and no rank."""
    return is_numbered(around.text, around.quantity)


# Those that hold for any figure, and those that hold for a bare number.
IN_NAMES = (_named_cent, _model_number, _resolution)
BARE_IN_NAMES = (_label_number, _fixed, _product, _label, _behind_name, _titled, _inside_entity, _before_names)
