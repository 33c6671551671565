"""What is no figure although it is a number: a year, a day of a month, a label, a part of a name, a word of an idiom."""

import functools
import re
from dataclasses import replace

from spacy.tokens import Span, Token

from transforms.figures.quantity import Quantity
from transforms.lexicon import lexicon, words

_PROPER_ENTS = frozenset({"ORG", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "FAC", "GPE", "LOC", "PERSON", "NORP", "LANGUAGE"})
_LIST_MARK = re.compile(r"(?:^|\n)[ \t]*[\[(]?\Z")
_ONE_OF = re.compile(r"[ ]of[ ](?!all\b|course\b)")
_CAMEL = re.compile(r"[a-z]+[A-Z]|[A-Z]{2,}$")
_NOT_YEAR = re.compile(
    r"\b(?:more than|at least|fewer than|less than|average of|as many as|total of|some|nearly|almost)[ ]\Z", re.IGNORECASE
)
_NUMBERED = re.compile(r"\b(?:no|nos|number)\.?[ ]?\Z|#\Z", re.IGNORECASE)
_SUPERLATIVE = re.compile(
    r"[ -](?:most|least|best|worst|(?!west|inter|test|guest|request|arrest|protest|contest|quest|forest|harvest|honest|modest)\w{2,}est)\b",
    re.IGNORECASE,
)
_RANKED = re.compile(
    r"\b(?:rank(?:s|ed|ing)?|finish(?:es|ed|ing)?|plac(?:e|es|ed|ing)|came|come|coming|seeded|lies?|lying|world|joint|equal)[ -]\Z",
    re.IGNORECASE,
)
_SEEDED = re.compile(r"\b(?:seeded|ranked|rated)[ ]\Z", re.IGNORECASE)
_RANK_GOES_ON = re.compile(
    r"[ -](?:place[ds]?|position|spot|ranked|seeded|seed|in[ ]the[ ](?:world|table|league|standings|rankings?|list|championship|charts?)|overall)\b"
)


@functools.cache
def _idioms() -> re.Pattern[str]:
    listed = sorted(words("figures-names", "idioms", "words"), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(re.escape(i) for i in listed) + r")(?!\w)", re.IGNORECASE)


@functools.cache
def _months() -> frozenset[str]:
    return words("figures-names", "months", "words")


@functools.cache
def _labels() -> frozenset[str]:
    return words("figures-names", "labels", "words")


def kept(text: str, span: Span, quantity: Quantity) -> Quantity | None:
    """The quantity, or None where its number counts nothing; a rank is named after what makes it one."""
    if quantity.kind == "rank":
        return _rank(text, quantity)
    if quantity.kind == "score":
        return quantity
    if quantity.bare and (age := _age(text, span, quantity)) is not None:
        return age
    if quantity.number.form in ("words", "fraction", "multiple") and _in_idiom(text, quantity):
        return None
    if quantity.kind in ("measure", "duration") and _model_number(text, span, quantity):
        return None
    if quantity.rule == "ratio-multiple" and not _multiplies(span):
        return None
    if not quantity.bare:
        return quantity if quantity.kind != "ratio" or quantity.rule != "ratio-fraction" or _part(text, span, quantity) else None
    if _NUMBERED.search(text, max(0, quantity.start - 8), quantity.start):
        return _numbered(text, span, quantity)
    if _SEEDED.search(text, max(0, quantity.start - 10), quantity.start):
        return replace(quantity, kind="rank", rule="rank-place")
    dropped = (
        _in_date(text, span, quantity)
        or _list_mark(text, quantity)
        or _named(text, span, quantity)
        or (quantity.number.value == 1 and quantity.number.form == "words" and not _counts_one(text, span, quantity))
    )
    return None if dropped else quantity


def _age(text: str, span: Span, quantity: Quantity) -> Quantity | None:
    """Roe, 51, said; she was 51. A whole number that could be years, beside a person."""
    value, doc = quantity.number.value, span.doc
    if (
        not (value.is_integer() and 1 <= value <= _OLDEST and quantity.number.scale == 1)
        or "," in text[quantity.start : quantity.end]
        or span.start < 2
    ):
        return None
    behind = text[quantity.end : quantity.end + 1]
    aged = replace(quantity, kind="age", unit="year", unit_normalised="year")
    if (
        doc[span.start - 1].text == ","
        and behind in (",", ".", ")", ";")
        and _person(doc[span.start - 2])
        and quantity.number.form == "digits"
    ):
        return replace(aged, rule="age-apposition")
    verb = doc[span.start - 1]
    if verb.lemma_ == "be" and doc[span.start - 2].lower_ == "will":
        verb = doc[span.start - 2]
    subject = doc[verb.i - 1] if verb.i else None
    is_age = (
        verb.lower_ in ("is", "was", "will", "'s", "’s")
        and subject is not None
        and (subject.lower_ in ("he", "she", "who") or subject.ent_type_ == "PERSON")
    )
    ends = behind in (",", ".", ";", "") or (
        doc[span.end].tag_ in ("CC", "IN", "WRB") and doc[span.end].lower_ not in ("of", "in", "for", "to") if span.end < len(doc) else True
    )
    return replace(aged, rule="age-is") if is_age and ends and value >= _YOUNGEST else None


_OLDEST = 115
_YOUNGEST = 2


def _person(token: Token) -> bool:
    """A surname, by the model's entity or by the shape of a full name before it."""
    if token.ent_type_ == "PERSON":
        return True
    before = token.nbor(-1) if token.i else None
    return (
        token.tag_ == "NNP"
        and before is not None
        and before.tag_ == "NNP"
        and token.ent_type_ not in ("GPE", "ORG", "DATE", "LOC", "FAC", "EVENT")
    )


def _model_number(text: str, span: Span, quantity: Quantity) -> bool:
    """The iPhone 4s: a letter that could be a unit, behind a name."""
    before = _before(span)
    glued = quantity.end - quantity.number.end == 1 and quantity.number.form == "digits"
    return (
        glued
        and before is not None
        and bool(before.pos_ == "PROPN" or _CAMEL.match(before.text))
        and before.idx + len(before.text) < quantity.start
    )


def _multiplies(span: Span) -> bool:
    """Twice as fast, double the price; not "scored twice as United won"."""
    doc, end = span.doc, span.end
    if end < len(doc) and doc[end].lower_ == "as":
        return end + 1 < len(doc) and doc[end + 1].tag_.startswith(("JJ", "RB"))
    return True


def _before(span: Span) -> Token | None:
    return span.doc[span.start - 1] if span.start else None


def _after(span: Span) -> Token | None:
    return span.doc[span.end] if span.end < len(span.doc) else None


def _rank(text: str, quantity: Quantity) -> Quantity | None:
    """An ordinal is a rank where it places something among others: "second-largest", "35th most powerful", "finished third"."""
    if quantity.number.value < 2 and not quantity.number.form == "ordinal":
        return None
    if superlative := _SUPERLATIVE.match(text, quantity.end):
        return replace(quantity, rule="rank-superlative", end=superlative.end() if quantity.number.value > 1 else quantity.end)
    goes_on = _RANK_GOES_ON.match(text, quantity.end)
    if goes_on is not None and goes_on[0].startswith("-"):
        return replace(quantity, rule="rank-place", end=goes_on.end())
    if goes_on is not None or _RANKED.search(text, max(0, quantity.start - 12), quantity.start):
        return replace(quantity, rule="rank-place")
    return None


def _numbered(text: str, span: Span, quantity: Quantity) -> Quantity | None:
    """The No. 1 music seller: a rank where a noun follows or "the" stands before; "No 10" alone is an address or a label."""
    match = _NUMBERED.search(text, max(0, quantity.start - 8), quantity.start)
    after = _after(span)
    if match is None or after is None or not quantity.number.value.is_integer() or quantity.number.value > _LARGEST_RANK:
        return None
    noun = after.tag_.startswith(("NN", "JJ")) or after.lower_ in ("in", "on", "spot", "position", "ranked")
    lead = text[max(0, match.start() - 6) : match.start()].lower()
    if not noun and quantity.number.value in _ADDRESSES:
        return None
    if not noun and not lead.endswith(("the ", "world ", "'s ", "’s ", "at ", "a ")):
        return None
    return replace(quantity, start=match.start(), kind="rank", rule="rank-number", unit=None)


_LARGEST_RANK = 1000
_ADDRESSES = (10, 11)  # in Downing Street


def _in_idiom(text: str, quantity: Quantity) -> bool:
    around = max(0, quantity.start - 20)
    return any(
        m.start() < quantity.end and quantity.start < m.end() for m in _idioms().finditer(text, around, min(len(text), quantity.end + 20))
    )


def _part(text: str, span: Span, quantity: Quantity) -> bool:
    """A fraction without a whole is one only where the text goes on as a fraction does ("a quarter of", not "this quarter")."""
    return quantity.number.value < 1 or span[-1].tag_ == "CD" or text[quantity.start].isdigit()


def plural_noun_follows(span: Span) -> bool:
    """Behind the number stands a plural noun, at most two adjectives or nouns on: so it is counted."""
    doc, i = span.doc, span.end
    for token in doc[i : i + 4]:
        if token.tag_ in ("NNS", "NNPS"):
            return True
        if token.lower_ in ("people", "staff", "police", "personnel"):
            return True
        if not token.tag_.startswith(("JJ", "NN", "VBN", "VBG", "HYPH")):
            return False
    return False


def _in_date(text: str, span: Span, quantity: Quantity) -> bool:
    """A year, or a day beside a month."""
    value, number = quantity.number.value, quantity.number
    if number.form != "digits" or not value.is_integer():
        return False
    written = text[quantity.start : quantity.end]
    before, after = _before(span), _after(span)
    if 1 <= value <= 31 and len(written) <= 2:
        for neighbour in (before, after):
            if neighbour is not None and neighbour.text[:1].isupper() and neighbour.lower_.rstrip(".") in _months():
                return True
        if (
            before is not None
            and before.text in ("-", "–", "and", "&", "to")
            and before.i >= 2
            and before.nbor(-2).lower_.rstrip(".") in _months()
        ):
            return True
    if len(written) == 4 and 1000 <= value <= 2100 and not _NOT_YEAR.search(text, max(0, quantity.start - 14), quantity.start):
        return not plural_noun_follows(span) or span[0].ent_type_ == "DATE"
    return False


def _list_mark(text: str, quantity: Quantity) -> bool:
    """The number of an item of a list, "1. Go", or of a note, "[3]"."""
    if _LIST_MARK.search(text, max(0, quantity.start - 6), quantity.start) and text[quantity.end : quantity.end + 2] in (". ", ") ", ".\t"):
        return True
    return text[quantity.start - 1 : quantity.start] == "[" and text[quantity.end : quantity.end + 1] == "]"


def _named(text: str, span: Span, quantity: Quantity) -> bool:
    """The number belongs to a name or a label: "Apollo 11", "page 5", "Six Nations", "FTSE 100"."""
    before, after = _before(span), _after(span)
    if quantity.number.value < 0 and before is not None and before.text[:1].isupper() and not before.is_sent_start:
        return True  # "Covid -19"
    plural = plural_noun_follows(span)
    value, written = quantity.number.value, text[quantity.start : quantity.end]
    short = "," not in written and quantity.number.scale in (1, 100) and value < 10_000 and quantity.start > 0
    if before is not None and short and text[quantity.start - 1] in " -\u00a0’'" and _fixed(before, value):
        return True
    if before is not None and short and written[:1].islower() and not _labelled(before):
        return _inside_entity(span, plural=plural)
    if before is not None and short and text[quantity.start - 1] in " -\u00a0’'" and not plural:
        if _labelled(before):
            return True
        titled = before.tag_ in ("JJ", "NN") and before.text[:1].isupper() and not before.is_sent_start
        if (
            (before.pos_ == "PROPN" or titled)
            and before.text[:1].isupper()
            and before.ent_type_ != "DATE"
            and (value.is_integer() or value < 20)
        ):
            return not _verb_like(before)
    if quantity.number.form == "words" and written[:1].isupper() and not span[0].is_sent_start:
        return _title_part(span, before, after)
    if _inside_entity(span, plural=plural):
        return True
    if (
        before is not None
        and short
        and before.text.isupper()
        and len(before.text) > 1
        and before.is_alpha
        and not plural
        and not span.sent.text.isupper()
    ):
        return True
    return (
        after is not None
        and after.tag_ == "NNP"
        and value.is_integer()
        and quantity.number.form == "digits"
        and short
        and not plural
        and _name_run(span)
    )


def _labelled(before: Token) -> bool:
    return before.lower_.rstrip(".") in _labels() and before.pos_ in ("NOUN", "PROPN", "X", "NUM")


def _fixed(before: Token, value: float) -> bool:
    """An index or a brand with its number, whatever follows: "FTSE 100 shares", "iPhone 4 users"."""
    data = lexicon("figures-names")["fixed"]
    if before.lower_ in data["words"] and value in data["numbers"]:
        return True
    return bool(_CAMEL.match(before.text)) and not before.text.isupper() and value < 100


def _verb_like(token: Token) -> bool:
    return token.is_sent_start is True and token.nbor(1).pos_ != "PROPN" and token.dep_ in ("ROOT", "aux", "prep")


def _title_part(span: Span, before: Token | None, after: Token | None) -> bool:
    """A number word with a capital inside a sentence that is not all in capitals, beside a capitalised word."""
    sentence = span.sent
    wordy = [t for t in sentence if t.is_alpha and len(t) > 3]
    if wordy and sum(t.text[:1].isupper() for t in wordy) > len(wordy) * 0.6:
        return _inside_entity(span, plural=plural_noun_follows(span))
    if after is not None and after.text == "-" and not after.whitespace_ and after.i + 1 < len(span.doc):
        after = after.nbor(1)
    return any(t is not None and t.text[:1].isupper() and t.is_alpha for t in (before, after)) or span[0].ent_type_ in _PROPER_ENTS


def _inside_entity(span: Span, *, plural: bool) -> bool:
    """The model holds the number for part of a name, and a capitalised word of that name stands beside it."""
    first = span[0]
    if first.ent_type_ not in _PROPER_ENTS:
        return False
    neighbours = [t for t in (_before(span), _after(span)) if t is not None and t.ent_type_ == first.ent_type_ and t.ent_iob_ == "I"]
    own = _before(span)
    if first.ent_iob_ == "I" and own is not None and own.text[:1].isupper():
        return not plural
    return not plural and any(t.text[:1].isupper() for t in neighbours)


def _name_run(span: Span) -> bool:
    """Only names stand behind the number, no common noun: "787 Dreamliner"."""
    doc = span.doc
    for token in doc[span.end : span.end + 6]:
        if token.tag_ in ("NN", "NNS", "NNPS"):
            return False
        if not token.tag_.startswith(("NNP", "JJ")):
            break
    return True


def _counts_one(text: str, span: Span, quantity: Quantity) -> bool:
    """One is a number before a noun or "of the ...", else a pronoun: "the one", "one might think"."""
    if _ONE_OF.match(text, quantity.end):
        return True
    before, after = _before(span), _after(span)
    if before is not None and before.lower_ in words("figures-names", "pronoun_before", "words"):
        return False
    if after is None or after.is_punct:
        return after is not None and after.text == "-"
    return after.tag_.startswith(("JJ", "NN", "VBN", "VBG"))


@functools.cache
def scored_words() -> re.Pattern[str]:
    """Words that speak of a score or a vote, in any of their forms."""
    data = lexicon("figures-scores")["words"]
    forms = [
        *data["nouns"],
        *data["verbs"],
        "won",
        "lost",
        "beaten",
        "drew",
        "drawn",
        "led",
        "voted",
        "winning",
        "losing",
        "beating",
        "leading",
    ]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, forms)) + r")(?:s|es|ed|ing)?\b", re.IGNORECASE)
