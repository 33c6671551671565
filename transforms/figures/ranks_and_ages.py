"""Bare numbers that say what they are by the words around them: ranks ("finished third", "No. 1") and ages ("Roe, 51,")."""

import functools
import re
from dataclasses import replace

from transforms.figures.quantity import Quantity
from transforms.parse.grammar import own_subject
from transforms.parse.token_tree import Span, Token
from transforms.words.lexicon import lexicon, words

_NUMBERED = re.compile(r"\b(?:no|nos|number)\.?[ ]?\Z|#\Z", re.IGNORECASE)
_LARGEST_RANK = 1000
_GRADE = re.compile(r"\b(?:grade|year|class|form)[ ]\Z", re.IGNORECASE)
_FROM = re.compile(r"\bfrom (?P<other>[\w-]+ to )?\Z")
_TO = re.compile(r" to (?:just )?[\w-]+(?! [a-z]+s\b)")
_PLACES_TO = re.compile(r"\b(?P<places>places? )?(?:up |down )?(?:to|at) (?:just )?\Z")
_IN_LIST = re.compile(r" in the (?:world|(?:world )?rankings?|charts?|standings|league table|table)\b")
_LISTED = re.compile(r"\b(?:in|of|down|up) (?:[\w'’]+ ){0,4}(?:charts?|rankings?|standings|leaderboard|(?:league )?table|ladder)\b")
_ADDRESSES = (10, 11)  # in Downing Street
_OLDEST = 115
_YOUNGEST = 2


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data = lexicon("figures-ranks")
    none = "|".join(w.removesuffix("est") for w in data["superlatives"]["none"])
    before, behind, seeded = ("|".join(data["places"][k]) for k in ("before", "behind", "seeded"))
    return (
        re.compile(rf"[ -](?:most|least|best|worst|(?!(?:{none})est\b)\w{{2,}}est)\b", re.IGNORECASE),
        re.compile(rf"\b(?:{before})[ -]\Z", re.IGNORECASE),
        re.compile(rf"[ -](?:{behind})\b"),
        re.compile(rf"\b(?:{seeded})[ ]\Z", re.IGNORECASE),
    )


def rank_of(text: str, quantity: Quantity) -> Quantity | None:
    """An ordinal is a rank where it places something among others: "second-largest", "35th most powerful", "finished third"."""
    superlative, before, behind, _ = _patterns()
    if found := superlative.match(text, quantity.end):
        end = found.end() if quantity.number.value > 1 else quantity.end
        return replace(quantity, rule="rank-superlative", end=end)
    goes_on = behind.match(text, quantity.end)
    if goes_on is not None and goes_on[0].startswith("-"):
        return replace(quantity, end=goes_on.end())
    led = before.search(text, max(0, quantity.start - 12), quantity.start)
    return quantity if goes_on is not None or led is not None else None


def named_by_neighbours(text: str, span: Span, quantity: Quantity) -> Quantity | None:
    """A bare number as the age or rank that the words around make it, or None."""
    return _age(text, span, quantity) or _seeded(text, quantity) or _numbered(text, span, quantity) or _moved_in_list(text, span, quantity)


def _moved_in_list(text: str, span: Span, quantity: Quantity) -> Quantity | None:
    """Crept up from six to five in the charts, slipped to 64 in the world, rose nine places to 15: places in a list that the sentence names."""
    value, sentence = quantity.number.value, span.sent
    if not value.is_integer() or not 0 < value <= _LARGEST_RANK:
        return None
    to = _PLACES_TO.search(text, max(0, quantity.start - 24), quantity.start)
    if to is not None and (to["places"] is not None or _IN_LIST.match(text, quantity.end) is not None):
        return replace(quantity, kind="rank", rule="rank-place")
    if (led := _FROM.search(text, max(0, quantity.start - 24), quantity.start)) is None:
        return None
    after = span.doc[span.end] if span.end < len(span.doc) else None
    alone = after is None or not after.tag_.startswith(("NN", "JJ", "HYPH", "$"))
    goes_on = led["other"] is not None or _TO.match(text, quantity.end) is not None
    listed = alone and goes_on and _LISTED.search(text, sentence.start_char, sentence.end_char) is not None
    return replace(quantity, kind="rank", rule="rank-place") if listed else None


def is_numbered(text: str, quantity: Quantity) -> bool:
    """Whether "No." or the like stands before the number: it is a rank or a label, never an amount."""
    return _NUMBERED.search(text, max(0, quantity.start - 8), quantity.start) is not None


def is_grade(text: str, quantity: Quantity) -> bool:
    """Her grade eight year: the number is the grade's, and no year has been counted."""
    led = quantity.kind == "duration" and "-" not in quantity_text(text, quantity) and quantity.value != 1
    return led and text[quantity.end - 1] != "s" and _GRADE.search(text, max(0, quantity.start - 8), quantity.start) is not None


def _seeded(text: str, quantity: Quantity) -> Quantity | None:
    """Seeded four, ranked 12."""
    led = _patterns()[3].search(text, max(0, quantity.start - 10), quantity.start)
    return replace(quantity, kind="rank", rule="rank-place") if led else None


def _numbered(text: str, span: Span, quantity: Quantity) -> Quantity | None:
    """The No. 1 music seller: a rank where a noun follows or "the" stands before; "No 10" alone is an address or a label."""
    match = _NUMBERED.search(text, max(0, quantity.start - 8), quantity.start)
    after = span.doc[span.end] if span.end < len(span.doc) else None
    value = quantity.number.value
    if match is None or after is None or not value.is_integer() or value > _LARGEST_RANK:
        return None
    noun = after.tag_.startswith(("NN", "JJ")) or after.lower_ in ("in", "on", "spot", "position", "ranked")
    lead = text[max(0, match.start() - 6) : match.start()].lower()
    led = value not in _ADDRESSES and lead.endswith(("the ", "world ", "'s ", "’s ", "at ", "a "))
    return replace(quantity, start=match.start(), kind="rank", rule="rank-number") if noun or led else None


def _age(text: str, span: Span, quantity: Quantity) -> Quantity | None:
    """Roe, 51, said; she was 51. A whole number that could be years, beside a person."""
    value, doc = quantity.number.value, span.doc
    years = value.is_integer() and 1 <= value <= _OLDEST and quantity.number.scale == 1 and "," not in quantity_text(text, quantity)
    if not years or span.start < 1:
        return None
    aged = replace(quantity, kind="age", unit="year", unit_normalised="year")
    behind = text[quantity.end : quantity.end + 1]
    comma = span.start - 1 - (doc[span.start - 1].lower_ in words("figures-counting", "around_age", "at_the_time"))  # "Roe, now 34,"
    between_commas = doc[comma].text == "," and behind in (",", ".", ")", ";") and quantity.number.form in ("digits", "words")
    if between_commas and comma and (_person(doc[comma - 1]) or _lone_name(span, doc[comma - 1], behind)):
        return replace(aged, rule="age-apposition")
    if value >= _YOUNGEST and _at_age(span):
        return replace(aged, rule="age-aged")
    if value >= _YOUNGEST and _of_people(span) and _ends(span, behind):
        return replace(aged, rule="age-aged")
    is_ = value >= _YOUNGEST and (_is_years(span) or _of_age(span)) and _ends(span, behind)
    return replace(aged, rule="age-is") if is_ else None


def _of_people(span: Span) -> bool:
    """People under 65, men over 50: how old they are who are told apart so."""
    doc, at = span.doc, span.start - 1
    led = at > 0 and doc[at].lower_ in ("under", "over", "above", "below")
    if led and at > 1 and doc[at - 1].lower_ in ("are", "were", "aged", "is", "was"):
        at -= 1  # "people who are over 80" counts nobody
    if led and at > 1 and doc[at - 1].lower_ == "who":
        at -= 1
    return led and doc[at - 1].lower_ in words("figures-counting", "of_an_age", "words")


def _at_age(span: Span) -> bool:
    """At 16, he went to college: a sentence that begins with somebody's age."""
    doc, at = span.doc, span.end
    opens = span.start > 0 and doc[span.start - 1].lower_ == "at" and doc[span.start - 1].is_sent_start
    if not opens or at + 1 >= len(doc) or doc[at].text != ",":
        return False
    return doc[at + 1].lower_ in ("he", "she", "i") or doc[at + 1].ent_type_ == "PERSON"


def quantity_text(text: str, quantity: Quantity) -> str:
    """The figure as it is written."""
    return text[quantity.start : quantity.end]


def _is_years(span: Span) -> bool:
    """Before the number stands a person and "is": "she was 51", "who will be 35", "he was only 12"."""
    doc, i = span.doc, span.start - 1
    while i > 1 and doc[i].lower_ in words("figures-counting", "around_age", "stressing"):
        i -= 1
    if doc[i].lemma_ == "be" and doc[i - 1].lower_ == "will":
        i -= 1
    subject = doc[i - 1] if i else None
    is_ = doc[i].lower_ in ("is", "was", "will", "'s", "’s", "am", "'m", "’m")
    return is_ and subject is not None and (subject.lower_ in ("he", "she", "who", "i") or subject.ent_type_ == "PERSON")


def _of_age(span: Span) -> bool:
    """The average age of participants was 68."""
    verb = span.root.head
    subject = own_subject(verb) if verb.lemma_ == "be" and span.root.dep_ == "attr" else None
    return subject is not None and subject.lemma_.lower() == "age" and verb.i < span.start


def _ends(span: Span, behind: str) -> bool:
    """The clause ends behind the number, so that nothing can be counted by it."""
    if behind in (",", ".", ";", "") or span.end >= len(span.doc) or span.doc[span.end].text == "(":
        return True
    after = span.doc[span.end]
    if after.lower_ in words("figures-counting", "around_age", "at_the_time"):
        return True  # "I'm 30 now"
    if after.lower_ == "in" and span.end + 1 < len(span.doc) and span.doc[span.end + 1].ent_type_ == "DATE":
        return True  # "was 12 in 1976"
    return after.tag_ in ("CC", "IN", "WRB") and after.lower_ not in ("of", "in", "for", "to")


def _lone_name(span: Span, name: Token, behind: str) -> bool:
    """Doe, 22, has: a name alone, as later mentions have it, before two digits and the clause's verb or who."""
    at = span.end + 1
    while at + 1 < len(span.doc) and at < span.end + 3 and span.doc[at].tag_ == "RB":  # "Doe, 65, now faces trial"
        at += 1
    goes_on = behind == "," and at < len(span.doc) and span.doc[at].tag_.startswith(("VB", "MD", "WP"))
    personal = name.ent_type_ in ("", "PERSON", "NORP", "ORG") or (goes_on and span.doc[at].lower_ == "who")
    said = name.dep_ == "nsubj" and name.head.i == name.i - 1 and behind in (",", ".")  # "said Hynde, 53."
    # "Gary Holm, 43, admitted it", although a model takes him for a place: places do not stand so
    full = goes_on and name.dep_ == "nsubj" and name.head.i == at and name.i > 0 and name.nbor(-1).tag_ == "NNP"
    return (goes_on or said) and (personal or full) and len(span.text) == 2 and name.tag_ == "NNP"


def _person(token: Token) -> bool:
    """A surname, by the model's entity or by the shape of a full name before it."""
    if token.ent_type_ == "PERSON" and not token.like_num:
        return True
    before = token.nbor(-1) if token.i else None
    return (
        token.tag_ == "NNP"
        and before is not None
        and before.tag_ == "NNP"
        and token.ent_type_ not in ("GPE", "ORG", "DATE", "LOC", "FAC", "EVENT")
    )
