"""Fourth look, behind the number: what a figure counts, read off the parse; adjacent words help out where the parse is wrong.

The division into what is counted and the whole that a share is of follows Almasian et al. 2023 (CQE), who read both off
dependency paths.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from transforms.figures.changes import Move
from transforms.figures.nouns import (
    NOTHING,
    NOUNS,
    Counted,
    counted,
    in_hyphened,
    multiplies,
    names_time,
    noun_right,
    numeric,
    object_of,
    preposition_of,
    run_head,
    unnumbered,
    wide,
    with_joined,
)
from transforms.figures.quantity import SIZED, Quantity
from transforms.figures.rates import CONVERSION, per
from transforms.parse.grammar import RELATIVE_TAGS, phrase
from transforms.parse.token_tree import Parse, Span, Token
from transforms.words.lexicon import words

_SHARES = ("percent", "ratio", "percentage_point")
SIZED_OR_AGED = (*SIZED, "age")
_LENGTHS = ("duration", "measure")
_DATING = ("last", "this", "next")
_NO_GERUND = ("duration", "measure", "money", "percent")  # "three weeks learning Hindi", "15 ppm requiring action"
_NO_NOUN_PHRASE = frozenset(
    {"CC", ",", ".", ":", "-LRB-", "-RRB-", "IN", "_SP", "DT", "PRP$", "PDT", "WDT", "PRP", "EX", "WP", "WRB", "TO", "MD"}
)
_ASIDE_OF = re.compile(
    r"(?:,[ ]or[ ][^,.;\n]{1,30},|,|[ ]or[ ](?:more|less|fewer|so)|[ ]\([^()\n]{1,40}\)|\))[ ]of\b"
)  # "789, or about a quarter, of", "5% or more of", "8 miles (13 km) of"
_CONVERTED = re.compile(r"[ ]\([^()\n]{1,30}\)|(?:;[^();\n]{1,20})?\)")
_COMPARED = re.compile(r"[ ](?:year|quarter|month|week)[- ](?:on|over)[- ](?:year|quarter|month|week)\b")  # "fell 18% year-on-year"

Look = Callable[[str, Span, Quantity, Move | None], Counted | None]


def counted_behind(text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted:
    """What stands behind the figure and is counted by it: "10,000 troops", "a third of the workers", "$5m in aid"."""
    if _COMPARED.match(text, quantity.end):
        return NOTHING
    slashed = text.startswith(("/", " /"), quantity.end)
    if slashed and (rate := per().match(text, quantity.end)) and rate["slash"] and _with_aside(text, span, quantity) is span:
        return NOTHING  # "€80/MWh": the tokens of the rate are no noun
    if quantity.rule == "ratio-one-in" and len(span) > 3 and (noun := span.doc[span.start + 1]).tag_ in NOUNS:  # "one driver in three"
        whole = span.doc[noun.i : noun.i + 1]
        return replace(counted(whole, noun, whole), rule="noun-behind")
    return first_of(_BEHIND, text, span, quantity, move)


def first_of(looks: Mapping[str, Look], text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted:
    """What the first look finds that finds anything outside the figure itself, with the look's name."""
    for name, look in looks.items():
        found = look(text, span, quantity, move)
        if found is not None and not _overlaps(found, span):
            return replace(found, rule=name)
    return NOTHING


def _overlaps(found: Counted, span: Span) -> bool:
    inside = found.head is not None and found.phrase is not None
    return inside and found.phrase is not None and found.phrase.start < span.end and span.start < found.phrase.end


def _hyphenated(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """11-member bloc, six-speed gearbox: the word that hangs on the number is counted."""
    if not quantity.bare:
        return None
    doc, last = span.doc, span[-1]
    if span.end + 1 < len(doc) and doc[span.end].text == "-" and not doc[span.end].whitespace_ and doc[span.end + 1].is_alpha:
        head = doc[span.end + 1]
        if head.lower_ in words("figures-counting", "hung", "words") and (holder := run_head(doc, span.end + 2)) is not None:
            return counted(doc[span.end + 2 : holder.i + 1], holder)  # a "four-time champion", a "300-strong audience", "50-odd people"
        return counted(doc[head.i : head.i + 1], head) if head.tag_ in ("NN", "NNS", "JJ") else NOTHING
    hung = last.text[quantity.end - last.idx : quantity.end - last.idx + 2]
    if hung[:1] == "-" and hung[1:].isalpha():  # of "four- and five-door cars" the first goes without
        return Counted(span, None)  # one token, "12-page": the caller cuts the word off
    return None


def _worth_of(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Five million dollars worth of aid."""
    if quantity.kind not in ("money", "measure", "duration"):
        return None
    for token in span.doc[span.end : span.end + 3]:
        if token.lower_ == "worth" and token.i + 2 < len(span.doc) and token.nbor(1).lower_ == "of":
            return object_of(token.nbor(1))
    return None


def _share_of(text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted | None:
    """A third of the workers, 70% of sales, thousands of people: the whole is counted, and of a share it is the base."""
    if quantity.kind in ("rank", "score", "age") or span.end >= len(span.doc):
        return None
    of = _of_behind(text, span, quantity)
    found = object_of(of) if of is not None else None
    if (
        found is not None
        and found.head is not None
        and (found.head.lower_ in ("this", "these", "that", "those") or found.head.tag_ in ("CD", "PRP"))
    ):
        return NOTHING  # "one of these", "two of them", "lost 10 of 22"
    if found is not None and found.head is not None and found.head.tag_ in RELATIVE_TAGS:
        return _antecedent(span.root) if quantity.kind == "count" else NOTHING
    if found is None or found.phrase is None or quantity.kind not in {*_SHARES, "count"}:
        return _part_of_whole(span, quantity, found)
    if move is not None and move.role == "to" and _said_before(found):
        return Counted(base=found.phrase)
    definite = found.phrase[0].tag_ in ("DT", "PRP$", "PDT", "NNP", "NNPS")
    whole = found.phrase if quantity.kind in _SHARES or (definite and not _belongs(span, quantity, found.phrase)) else None
    return Counted(found.phrase, found.head, whole, found.qualifier)


def _part_of_whole(span: Span, quantity: Quantity, found: Counted | None) -> Counted | None:
    """42 weeks of the year, the first nine months of the war: a part of a whole that counts nothing; within two points of defeat, neither."""
    if found is None or found.phrase is None or quantity.kind not in _LENGTHS:
        return found
    if span.start and span.doc[span.start - 1].lower_ == "within":
        return NOTHING
    parts = quantity.kind == "duration" or quantity.unit_normalised == "point"  # "the last four points of the first set"
    definite = parts and found.phrase[0].lower_ in words("figures-counting", "definite", "words")
    return Counted(base=found.phrase) if definite else found


def _said_before(found: Counted) -> bool:
    """Salaries were cut to 60% of the original amount: a whole that only says how much there was of what was cut."""
    if found.head is None or found.head.lemma_.lower() not in words("figures-counting", "amounts_before", "words"):
        return False
    before = words("figures-counting", "earlier", "words") | words("figures-counting", "earlier", "unchanged")
    return any(t.lower_ in before for t in found.head.lefts)


def _antecedent(token: Token) -> Counted:
    """Protesters, thousands of whom marched: a relative pronoun stands for the noun that its clause is about."""
    for _ in range(4):
        if token.dep_ == "relcl":
            return unnumbered(counted(phrase(token.head), token.head)) if token.head.tag_ in ("NNS", "NNPS") else NOTHING
        token = token.head
    return NOTHING


def _belongs(span: Span, quantity: Quantity, whole: Span) -> bool:
    """Whether "one of" says where something belongs and not how many there are: "it is one of the best"."""
    if quantity.value != 1 or not quantity.bare:
        return False
    return span.root.dep_ in ("attr", "appos") or any(t.tag_ in ("JJS", "RBS") for t in whole)


def _of_behind(text: str, span: Span, quantity: Quantity) -> Token | None:
    """The "of" behind a figure, also across "789, or about a quarter, of" and "5 gigabytes (GB) of"."""
    doc = span.doc
    if doc[span.end].lower_ == "of":
        return doc[span.end]
    if aside := _ASIDE_OF.match(text, quantity.end):
        found = doc.char_span(aside.end() - len("of"), aside.end())
        return found[0] if found is not None else None
    return None


def _fraction_of(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """Half the price, twice the speed: a fraction before a noun phrase."""
    if quantity.rule not in ("ratio-fraction", "ratio-multiple", "ratio-times"):
        return None
    if (start := _behind_comparison(span)) is not None:  # "half as many nurses", "a third fewer visits"
        head = run_head(span.doc, start)
        return counted(span.doc[start : head.i + 1], head) if head is not None else None
    of_it = quantity.rule != "ratio-times" or _definite(span)  # "three times the total", not "five times a week"
    head = noun_right(span) if of_it else None
    if head is None or (names_time(head) and span.doc[span.end].lower_ in _DATING):
        return None
    whole = phrase(head)
    whole = span.doc[max(whole.start, span.end) : whole.end]
    return counted(whole, head, None if multiplies(span) else whole) if len(whole) else None


def _definite(span: Span) -> bool:
    """Whether a definite noun phrase begins behind the figure."""
    return span.end < len(span.doc) and span.doc[span.end].lower_ in words("figures-counting", "definite", "words")


def _behind_comparison(span: Span) -> int | None:
    """Where the noun begins behind "as many" or "fewer", if these stand behind the figure."""
    doc, at = span.doc, span.end
    if at < len(doc) and doc[at].lower_ in ("fewer", "more", "less"):
        return at + 1
    many = at + 1 < len(doc) and doc[at].lower_ == "as" and doc[at + 1].lower_ in ("many", "much")
    return at + 2 if many else None


def _noun_behind(text: str, span: Span, quantity: Quantity, move: Move | None) -> Counted | None:
    """10,000 troops, a 25% tariff on imports, a five-year deal: the noun that the number modifies."""
    span = _with_or_so(_with_aside(text, span, quantity), quantity)
    head = _countable(text, span, quantity)
    if head is None or (move is not None and move.word.i == head.i):
        return of_change(head) if head is not None else None
    if quantity.kind == "age" and (owner := next((t for t in span.doc[span.end : head.i] if t.tag_ == "POS"), None)) is not None:
        return counted(span.doc[span.end : owner.i], owner.nbor(-1)) if owner.i > span.end else NOTHING  # "the 37-year-old mayor's chances"
    if quantity.bare and quantity.number.value != 1 and (first := _unit_noun(span, head)) is not None:
        return counted(span.doc[first.i : first.i + 1], first)
    start = _phrase_start(span, head, quantity)
    if quantity.kind == "rank":
        return _placed(span.doc, start, head)
    if (base := _base_behind(head, quantity)) is not None:
        return counted(span.doc[start : head.i + 1], head, base)
    end = max(_of_object_end(head), wide(head).end) if quantity.kind in SIZED_OR_AGED else _of_object_end(head)
    whole = span.doc[start:end]
    return counted(whole, head, whole if quantity.rule in ("ratio-times", "ratio-one-in") else None)


def _phrase_start(span: Span, head: Token, quantity: Quantity) -> int:
    """Where what is counted begins: behind hyphens and blanks, of a rank also behind its superlative."""
    start = span.end
    while start < head.i and (span.doc[start].is_punct or span.doc[start].is_space) and span.doc[start].text not in "\"“'‘":
        start += 1
    superlative = span.end < start < head.i and quantity.kind == "rank" and span.doc[start].tag_ in ("VBG", "VBN", "NN")
    return start + 1 if superlative else start  # "the second highest-grossing film"


def _placed(doc: Parse, start: int, head: Token) -> Counted:
    """What has a place: the finish of "third place finish", nothing behind "59th position", the seed of "fourth seed Ann Roe"."""
    while start <= head.i and doc[start].lower_ in words("figures-ranks", "places", "nouns"):
        start += 1
    last = head
    while last.i > start and last.tag_ in ("NNP", "NNPS"):
        last = last.nbor(-1)
    if last.tag_ == "NN" and last.text.islower() and last.i >= start:
        head = last
    end = max(_of_object_end(head), head.i + 1)
    return counted(doc[start:end], head) if start <= head.i else NOTHING


def _base_behind(head: Token, quantity: Quantity) -> Span | None:
    """The whole that a share of something is of: the imports of "a 25% tariff on imports"."""
    preposition = preposition_of(head, ("on", "of", "in", "over", "for")) if quantity.kind in ("percent", "ratio") else None
    found = object_of(preposition) if preposition is not None else None
    return found.phrase if found is not None else None


def _with_aside(text: str, span: Span, quantity: Quantity) -> Span:
    """The figure with a conversion or a rate behind it, if the noun comes only then: "11.6-inch (29.5-cm) screen"."""
    closed = CONVERSION.match(text, quantity.end)
    rate = per().match(text, closed.end() if closed is not None else quantity.end)
    aside = rate or closed  # "£20 ($38) a month wi-fi tariff"
    inner = span.doc.char_span(quantity.end, aside.end()) if aside else None  # "t." at a sentence's end
    follows = span.doc[inner.end] if inner is not None and inner.end < len(span.doc) else None
    goes_on = follows is not None and not follows.is_sent_start and follows.tag_.startswith(("NN", "JJ"))
    return span.doc[span.start : inner.end] if inner is not None and goes_on else span


def _with_or_so(span: Span, quantity: Quantity) -> Span:
    """The number with "or so" behind it, before the noun: "the other 30 or so houses"."""
    behind = [t.lower_ for t in span.doc[span.end : span.end + 2]]
    follows = span.doc[span.end + 2] if quantity.bare and behind == ["or", "so"] and span.end + 2 < len(span.doc) else None
    return span.doc[span.start : span.end + 2] if follows is not None and follows.tag_.startswith(("NN", "JJ")) else span


def _countable(text: str, span: Span, quantity: Quantity) -> Token | None:
    """The noun behind a figure, if it can be what the figure counts."""
    if span.end >= len(span.doc) or _bare_age(text, quantity) or _in_gerund(span, quantity):
        return None
    head, follows = noun_right(span), span.doc[span.end]
    if follows.tag_ in _NO_NOUN_PHRASE and not (quantity.bare and in_hyphened(follows)):
        return None
    if (
        head is None
        or "°" in span.doc[span.end : head.i + 1].text
        or head.lower_ in words("figures-counting", "no_noun", "words")
        or head.lower_ == "get"
    ):
        return None
    if quantity.bare and (
        (quantity.value != 1 and head.tag_ == "NN" and (_tells(follows) or follows.tag_ in ("VBD", "VBN")))
        or (names_time(head) and follows.lower_ in _DATING)
    ):
        return None  # "2.1 last year"
    return None if _listed_market(text, head, quantity) or _dates(head, quantity) else head


def _bare_age(text: str, quantity: Quantity) -> bool:
    """Roe, 51, left: without "old" an age is nobody's who stands behind it."""
    return quantity.kind == "age" and "old" not in text[quantity.start : quantity.end + 5]


def _in_gerund(span: Span, quantity: Quantity) -> bool:
    """Three weeks learning Hindi."""
    follows = span.doc[span.end]
    return quantity.kind in _NO_GERUND and follows.tag_ == "VBG" and follows.dep_ in ("acl", "advcl", "pcomp", "xcomp", "ROOT", "ccomp")


def _listed_market(text: str, head: Token, quantity: Quantity) -> bool:
    """FTSE -0.6% DAX -1.6%: a list of markets, each name before its number."""
    return head.tag_ == "NNP" and quantity.kind == "percent" and text[quantity.start] in "-−–+"


def _dates(head: Token, quantity: Quantity) -> bool:
    """2.955 last night."""
    return head.ent_type_ in ("DATE", "TIME") and (quantity.kind != "count" or head.tag_ == "NN")


def _tells(follows: Token) -> bool:
    """Three shot dead, 38,000 die, 3m need aid: a verb that taggers take for the noun; "30 injured passengers" have a plural."""
    return follows.lower_ in words("figures-counting", "suffered", "words") | words("figures-counting", "acting", "words")


def _unit_noun(span: Span, head: Token) -> Token | None:
    """A 12 page document has 12 pages: the singular noun next to the number, where a singular noun follows."""
    first = span.doc[span.end]
    unit = first.tag_ == "NN" and not first.lower_.endswith("ing")  # "four receiving antennae"
    return first if unit and head.tag_ == "NN" and head.i > first.i else None


def of_change(noun: Token) -> Counted:
    """A 45% drop in sales: what changed is counted; without it the change itself."""
    for name in ("in", "of", "for", "on", "to"):
        preposition = preposition_of(noun, (name,))
        found = object_of(preposition) if preposition is not None else None
        if name == "on" and found is not None and found.phrase is not None and found.phrase[0].ent_type_ == "DATE":
            continue  # "a rise of 20% on last year's figures"
        placed = name == "in" and found is not None and found.head is not None and found.head.ent_type_ in ("GPE", "LOC")
        if found is not None and found.head is not None and found.head.ent_type_ not in ("DATE", "TIME", "MONEY", "PERCENT") and not placed:
            return found
    doc, start = noun.doc, noun.i
    while start > 0 and doc[start - 1].tag_ in ("NN", "NNS", "NNP", "JJ") and doc[start - 1].head == noun and not numeric(doc[start - 1]):
        start -= 1
    return counted(doc[start : noun.i + 1], noun)


def _noun_in(text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """$14 billion in funds: a bare noun behind "in"."""
    doc, i = span.doc, span.end
    closed = _CONVERTED.match(text, quantity.end) if quantity.kind == "money" else None
    if closed is not None and (aside := doc.char_span(quantity.end, closed.end())) is not None:
        i = aside.end  # "30bn baht (£4m; $7m) in earnings", seen from any of the three
    if quantity.kind == "money" and i < len(doc) and doc[i].tag_ == "RB":
        i += 1
    if quantity.kind != "money" or i + 1 >= len(doc) or doc[i].lower_ != "in":
        return None
    head = run_head(doc, i + 1)
    if head is None or names_time(head) or head.ent_type_ in ("DATE", "GPE", "LOC", "TIME") or doc[i + 1].ent_type_ == "TIME":
        return None  # "at 458.5p in morning trade"
    return counted(with_joined(doc[i + 1 : head.i + 1], head), head)


def _off(_text: str, span: Span, quantity: Quantity, _move: Move | None) -> Counted | None:
    """$550 off a laptop, 20 per cent off all fares: what is cheaper by it, or loses it."""
    if quantity.kind not in ("money", "percent") or span.end >= len(span.doc) or span.doc[span.end].lower_ != "off":
        return None
    head = run_head(span.doc, span.end + 1)
    return counted(span.doc[span.end + 1 : head.i + 1], head) if head is not None else None


_BEHIND: dict[str, Look] = {
    "hyphenated": _hyphenated,
    "worth-of": _worth_of,
    "share-of": _share_of,
    "fraction-of": _fraction_of,
    "noun-behind": _noun_behind,
    "noun-in": _noun_in,
    "off": _off,
}


def _of_object_end(head: Token) -> int:
    """Where the phrase of a counted noun ends: an "of" behind it belongs to it ("barrels of oil", "members of the Academy")."""
    preposition = preposition_of(head, ("of",))
    if preposition is None or preposition.i != head.i + 1:
        return head.i + 1
    definite = preposition.nbor(1).tag_ in ("DT", "PRP$")
    inner = run_head(head.doc, preposition.i + 1) if definite else next((c for c in preposition.children if c.dep_ == "pobj"), None)
    if (
        inner is None
        or inner.i - preposition.i > 4
        or preposition.nbor(1).tag_ in ("CD", "PRP", "WDT")
        or inner.ent_type_ in ("DATE", "TIME")
    ):
        return head.i + 1
    return inner.i + 1
