"""Numbers that belong together: ranges, scores, "one in five", and a unit that two numbers share."""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from transforms.figures.changes import way_of
from transforms.figures.number import product
from transforms.figures.quantity import Quantity
from transforms.parse.token_tree import Parse, Token
from transforms.words.lexicon import lexicon, words

_DASH = re.compile(r"[ ]?[-–—‑][ ]?")
_TO = re.compile(r"(?:[ \u00a0-]|-[ ])(?:up[ ])?to[ \u00a0-]")
_BETWEEN = re.compile(r"\bbetween[ ](?:(?:about|around|the|some|an?|the[ ]ages[ ]of)[ ])?\Z", re.IGNORECASE)
_FROM = re.compile(r"\bfrom[ ](?:(?:about|around|just|over|a|an)[ ]){0,2}\Z", re.IGNORECASE)
_BY = re.compile(r"\bby[ ](?:about[ ]|around[ ]|some[ ]|nearly[ ]|almost[ ])?\Z", re.IGNORECASE)
_MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?[ ]\Z")
_ONE_IN = re.compile(r"[ -](?:in|out[ ]of)[ -](?:every[ ]|the[ ]|each[ ])?")
_ONE_NOUN_IN = re.compile(r"[ ][a-z]+[ ](?:in|out[ ]of)[ ](?:every[ ])?")
_COUNTABLE = ("NN", "NNS", "NNP", "NNPS", "JJ", "CD")
_OR = re.compile(r"[ ]or[ ](?:even[ ])?")
_AND = re.compile(r"(?:,?[ ](?:and|or|to)[ ](?:a[ ]|the[ ]|about[ ])?)|-[ ](?:and|or|to)[ ]")
_WORD_BEFORE = re.compile(r"[A-Za-z]+[ -]\Z")
_RECORD = re.compile(r"[A-Z][\w.]+[ ]\((?:\d{1,2}[-–]\d{1,2},[ ])?\Z")
_SMALL = 100


@functools.cache
def _ranging() -> re.Pattern[str]:
    verbs = "|".join(lexicon("figures-change")["ranging"]["words"])
    return re.compile(rf"\b(?:{verbs})[ ](?:in[ ]\w+[ ])?from[ ](?:about[ ]|around[ ])?\Z", re.IGNORECASE)


@functools.cache
def _changing() -> re.Pattern[str]:
    """Forms of the verbs of change, right before a number: "rose 5% to 10%" is no range."""
    data = lexicon("figures-change")
    lemmas = [v for way in ("up", "down") for v in data["verbs"][way] if " " not in v]
    forms = [*(f"{v.removesuffix('e')}(?:e?s|e?d|ing|e)?" for v in lemmas), *data["irregular"]["words"], "up", "down"]
    return re.compile(rf"(?<!make )(?<!made )(?<!makes )(?<!making )\b(?:{'|'.join(forms)})[ ]\Z", re.IGNORECASE)


def joined(doc: Parse, text: str, quantities: Sequence[Quantity], scored: re.Pattern[str]) -> Iterator[Quantity]:
    """Yield the quantities with those that make one figure together put together; `scored` matches words that speak of a score."""
    at = 0
    while at < len(quantities):
        here = quantities[at]
        after = quantities[at + 1] if at + 1 < len(quantities) else None
        if after is None or after.start < here.end or after.start - here.end > 16:
            yield here
            at += 1
            continue
        if _chained(text, quantities, at):
            at = _chain_end(text, quantities, at)
            continue
        if _ONE_IN.fullmatch(text, here.end, after.start) and here.bare and _labelled(text, here):
            at += 2
            continue
        pair = _pair(text, here, after, scored) or _spanned(doc, text, here, after) or _one_noun_in(doc, text, here, after)
        if pair is not None:
            yield pair
            at += 2
            continue
        yield _with_unit_of(text, quantities, at)
        at += 1


def _chained(text: str, quantities: Sequence[Quantity], at: int) -> bool:
    """Three and more numbers on a string, "4-2-3-1": a formation, a code, a telephone number."""
    return _chain_end(text, quantities, at) - at > 2


def _chain_end(text: str, quantities: Sequence[Quantity], at: int) -> int:
    end = at + 1
    while end < len(quantities) and text[quantities[end - 1].end : quantities[end].start] in ("-", "–", "/") and quantities[end - 1].bare:
        end += 1
    return end


def _pair(text: str, low: Quantity, high: Quantity, scored: re.Pattern[str]) -> Quantity | None:
    """The two as one figure, or None."""
    if not {"vague", "ordinal"}.isdisjoint({low.number.form, high.number.form}) or (low.unit is None and _like_year(text, low)):
        return None
    gap = text[low.end : high.start]
    if low.kind == "money" and high.kind == "measure" and text[high.number.end : high.end] == "m":
        high = Quantity.of(high.number.times(1e6, end=high.end), "count", high.rule)  # "£5-7m"
    return _ratio(text, low, high, gap) or _dashed(text, low, high, gap, scored) or _worded(text, low, high, gap)


def _ratio(text: str, part: Quantity, whole: Quantity, gap: str) -> Quantity | None:
    """One in five; 3:2."""
    if not (part.bare and whole.bare and part.number.value > 0 and whole.number.value > 0):
        return None
    if gap == ":":
        rule = "ratio-colon"
    elif _ONE_IN.fullmatch(gap) and part.number.value < whole.number.value and not _like_year(text, whole):
        rule = "ratio-one-in"
    else:
        return None
    number = replace(part.number, form="fraction")
    return Quantity(part.start, whole.end, number, "ratio", rule, value=part.number.value / whole.number.value)


def _one_noun_in(doc: Parse, text: str, part: Quantity, whole: Quantity) -> Quantity | None:
    """One driver in three was: the noun stands inside the share, and none behind it."""
    alike = part.bare and whole.bare and part.number.value == 1 and part.number.form == "words" and whole.number.value > 1
    if not alike or _like_year(text, whole) or _ONE_NOUN_IN.fullmatch(text, part.end, whole.start) is None:
        return None
    found = doc.char_span(whole.start, whole.end)
    after = doc[found.end] if found is not None and found.end < len(doc) else None
    if found is None or (after is not None and (after.tag_ in _COUNTABLE or after.text == "-")):
        return None  # "one goal in three games"
    number = replace(part.number, form="fraction")
    return Quantity(part.start, whole.end, number, "ratio", "ratio-one-in", value=1 / whole.number.value)


def _labelled(text: str, part: Quantity) -> bool:
    """A Level 3 out of 5 warning: a label with its scale, and no share."""
    before = _WORD_BEFORE.search(text, max(0, part.start - 16), part.start)
    return before is not None and before[0].strip(" -").lower() in words("figures-names", "labels", "words")


def _dashed(text: str, low: Quantity, high: Quantity, gap: str, scored: re.Pattern[str]) -> Quantity | None:
    """A score or a range with a dash: "2-1", "15-20 trucks"."""
    if not _DASH.fullmatch(gap):
        return None
    if low.bare and high.bare and _is_score(text, low, high, scored):
        return Quantity(low.start, high.end, low.number, "score", "score")
    return None if low.bare and _in_date(text, low) else _range(low, high, "range-dash")


def _worded(text: str, low: Quantity, high: Quantity, gap: str) -> Quantity | None:
    """A range with a word: "between 5 and 7", "20 to 25", "three or four"."""
    if gap == " and " and _BETWEEN.search(text, max(0, low.start - 20), low.start):
        return _range(low, high, "range-between")
    if _TO.fullmatch(gap) and _is_to_range(text, low, high):
        return _range(low, high, "range-to")
    if _OR.fullmatch(gap) and low.bare and low.number.value < _SMALL and low.number.form == high.number.form:
        step = high.number.value / high.number.scale - low.number.value
        signed = high.kind == "money" and high.start < high.number.start  # "8 or $9" are two sums
        return _range(low, high, "range-or") if 0 < step <= max(2, low.number.value / 2) and not signed else None
    return None


def _in_date(text: str, quantity: Quantity) -> bool:
    """Oct. 17: a month stands right before the number."""
    return _MONTH.search(text, max(0, quantity.start - 12), quantity.start) is not None


def _like_year(text: str, quantity: Quantity) -> bool:
    return 1500 <= quantity.number.value <= 2100 and quantity.number.form == "digits" and "," not in text[quantity.start : quantity.end]


def _is_score(text: str, low: Quantity, high: Quantity, scored: re.Pattern[str]) -> bool:
    """Two whole numbers with a dash: a score where the first is the larger or the words around speak of one."""
    a, b = low.number, high.number
    whole = a.value.is_integer() and b.value.is_integer() and a.value < 1000 and b.value < 1000 and "." not in text[low.start : high.end]
    if not whole or a.form != "digits" or b.form != "digits":
        return False
    if _RECORD.search(text, max(0, low.start - 24), low.start) and text[high.end : high.end + 1] in (")", ","):
        return True  # "Space Coast (0-1)": won and lost
    return a.value >= b.value or a.value == 0 or scored.search(text, max(0, low.start - 60), min(len(text), high.end + 30)) is not None


def _is_to_range(text: str, low: Quantity, high: Quantity) -> bool:
    """A "to" that spans a range and not the step of a change: "20 to 25 percent", not "rose 5% to 10%", "from $3 to $5"."""
    if _ranging().search(text, max(0, low.start - 30), low.start):
        return True
    if _FROM.search(text, max(0, low.start - 24), low.start):
        return False
    if low.bare and not high.bare:
        return not _changing().search(text, max(0, low.start - 14), low.start)
    if low.kind == "age" and high.bare:
        return high.number.form == low.number.form
    if low.kind == "money" and high.bare and (high.number.scaled or not low.number.scaled):
        return not _changing().search(text, max(0, low.start - 14), low.start)
    same = low.kind == high.kind and low.currency == high.currency and not _BY.search(text, max(0, low.start - 12), low.start)
    return same and not _changing().search(text, max(0, low.start - 14), low.start)


_LONGEST_CLIMB = 6  # heads above "from" in which a word of change is looked for


def _spanned(doc: Parse, text: str, low: Quantity, high: Quantity) -> Quantity | None:
    """Fines from $250,000 to $1 million: one range of several things, or of what names a span, where nothing moves."""
    leading = _FROM.search(text, max(0, low.start - 24), low.start)
    if leading is None or not _TO.fullmatch(text, low.end, high.start):
        return None
    found = doc.char_span(leading.start(), leading.start() + len("from"))
    return _range(low, high, "range-to") if found is not None and found[0].i and _spanning(found[0]) else None


def _spanning(preposition: Token) -> bool:
    """Whether "from" stands behind a plural or a word like "scale", below no word of change."""
    noun = preposition.nbor(-1)
    spans = words("figures-change", "spans", "words")
    if noun.tag_ not in ("NNS", "NNPS") and noun.lemma_.lower() not in spans:
        return False
    token = preposition
    for _ in range(_LONGEST_CLIMB):
        if way_of(token) is not None or any(_moves(word) for word in (token, *token.children)):
            return False
        if token.head == token:
            break
        token = token.head
    return True


def _moves(word: Token) -> bool:
    """A word of moving, or a noun of change that is the subject or object of a verb."""
    lemma = word.lemma_.lower()
    if lemma in words("figures-change", "moving", "words"):
        return word.dep_ in ("nsubj", "dobj") or word.pos_ == "VERB"
    return word.dep_ in ("nsubj", "dobj") and any(lemma in words("figures-change", "nouns", way) for way in ("up", "down"))


def _range(low: Quantity, high: Quantity, rule: str) -> Quantity | None:
    """One figure from the lower to the upper end; the lower takes unit and scale of the upper where it has none of its own."""
    a, b = low.number, high.number
    bottom = product(a.value, b.scale) if b.scaled and not a.scaled and a.value < b.value / b.scale and low.unit is None else a.value
    one_currency = (
        low.kind == "money" and low.currency is not None and low.unit == high.unit
    )  # "US $89 to $93 billion" names its dollar once
    same_unit = one_currency or low.unit_normalised == high.unit_normalised
    compatible = low.bare or (low.kind == high.kind and low.currency == high.currency and same_unit)
    lends = high.bare and low.kind in ("money", "age")  # "US$300 to 350 million", "aged 18 to 34"
    if not (compatible or lends) or bottom >= b.value or "fraction" in (a.form, b.form) or high.kind in ("rank", "score"):
        return None
    rich = low if lends else high
    return replace(
        rich, start=low.start, end=high.end, number=replace(rich.number, form=b.form), rule=rule, value=None, low=bottom, high=b.value
    )


def _with_unit_of(text: str, quantities: Sequence[Quantity], at: int) -> Quantity:
    """A bare number that shares the unit of the next: "eight and fourteen percent", "1.83 and 2 GHz", "8 or $9"."""
    here, after = quantities[at], quantities[at + 1]
    gap = text[here.end : after.start]
    if (
        not here.bare
        or after.bare
        or after.kind in ("rank", "score", "ratio")
        or not _AND.fullmatch(gap)
        or _like_year(text, here)
        or _in_date(text, here)
    ):
        return here
    number = here.number
    return replace(after, start=here.start, end=here.end, number=number, rule="shared-unit", value=number.value, low=None, high=None)
