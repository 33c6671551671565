"""The words of a text that dates are made of, each with its kinds: what the patterns match instead of the words themselves.

A lexeme's set of kinds is written as one character, so that a whole article becomes a short string over which patterns run
as plain regular expressions. The idea of typed tokens is SUTime's (Chang and Manning, 2012); the vocabulary is data
(`lexicons/dates-words.toml`).
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from transforms.words.lexicon import lexicon, words

OTHER: Final = "·"  # the code of a word that belongs to no date
_FIRST_CODE = 0x4E00  # codes are letters to `re`, and none is special in a character class

# Most words are "plain": told first, they are spared the search for digits in them.
_TOKEN = re.compile(
    r"""
      (?P<plain>[^\W\d_FQH][^\W\d_]+(?![\w'’]))
    | (?P<iso>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-]))
    | (?P<slashed>(?:\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)|\d{4}/\d\d/\d\d|\d{1,2}\.\d{1,2}\.(?:19|20)\d\d|\d{1,2}-\d{1,2}-(?:19|20)\d\d)(?![\w/-]))
    | (?P<clock>\d{1,2}:[0-5]\d(?::[0-5]\d)?(?=[ap]\.?m|\W|$)(?!:|\.\d))
    | (?P<decade>(?:1\d|20)\d0['’]?s\b|['’‘][2-9]0['’]?s\b|\b[2-9]0['’]?s\b)
    | (?P<shortyear>['’‘]\d\d(?!\w))
    | (?P<fiscallabel>(?=[QHF1-4])(?:(?:[QH][1-4]|[1-4][QH])[ ]?(?:of[ ])?)?FY[ ]?['’]?(?:\d{4}|\d\d)(?:[-–/](?:\d{4}|\d\d))?[Ee]?(?![\w%]|[.,]\d))
    | (?P<ordinal>\d{1,3}(?:st|nd|rd|th)\b)
    | (?P<chain>\d+(?:[./-]\d+){2,}\w*)
    | (?P<label>(?:Q[1-4]|[Hh][12])(?!\w))
    | (?P<number>\d+(?:,\d{3})*(?:\.\d+)?(?=[ap]\.?m\b|[^\w]|$))
    | (?P<mixed>\w*\d\w*)
    | (?P<meridiem>[aApP]\.\s?[mM]\.?(?!\w))
    | (?P<word>[^\W\d_]+(?:['’](?=[^\W\d_])(?![sS]\b)[^\W\d_]+)?)
    | (?P<possessive>['’](?:[sS]\b|(?!\w)))
    | (?P<hyphen>(?<=\w)[-–—/](?=['’‘]?\w))
    | (?P<dash>[–—-]+)
    | (?P<comma>,)
    | (?P<dot>\.)
    | (?P<bracket>[()\[\]])
    | (?P<lineend>\n)
    | (?P<sign>[^\s\w])
    """,
    re.VERBOSE,
)
_NO_DATE = ("%", "bn", "percent", "per cent")  # what follows a number that is no part of a date
_SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_CAPITALISED = ("month", "mon", "weekday", "wday", "named", "zone")  # kinds that some words have only with a capital letter
_REMEMBERED: Final = 20_000  # words: some megabytes
_CURRENCY = "$£€¥₹#"
_WORD = re.compile(r"[^\W\d_]+|\d+")
_AROUND: Final = 48  # characters on either side of a word of time in which its expression may lie
_YEAR_DIGITS: Final = 4
_TIED: Final = frozenset(":/.-'’snrtapSNRTAP")  # what may follow the digits of a clock, a decade, an ordinal
_HEART_KINDS: Final = frozenset({
    "month", "mon", "weekday", "wday", "weekdays", "unit", "units", "season", "daypart", "dayparts", "noon", "today", "age", "ampm",
    "often", "present", "vaguely", "nouned", "named", "tonight", "overnight", "term", "then", "period", "oclock", "label", "times",
})  # fmt: skip
_WEAK: Final = frozenset({"the", "of", "a", "to", "on", "more", "most", "very", "this", "just", "these", "not", "too", "all", "s", "st"})


@dataclass(slots=True)  # not frozen: hundreds an article, and a frozen one takes three times as long to make
class Lexeme:
    """A word, number or sign at start..end of the text, the kinds it may be, and its value under each."""

    code: str
    start: int
    end: int
    text: str
    lower: str
    values: dict[str, Any]

    def __getitem__(self, kind: str) -> Any:
        return self.values[kind]

    def __contains__(self, kind: str) -> bool:
        return kind in self.values


EDGE: Final = Lexeme(OTHER, 0, 0, "", "", {})  # what stands beyond the first and the last lexeme of a text


class Vocabulary:
    """All words of the lexicon with their kinds, and the code of each set of kinds."""

    def __init__(self) -> None:
        self._codes: dict[frozenset[str], str] = {frozenset(): OTHER}
        self.words: dict[str, dict[str, Any]] = {}
        self.phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], str]]] = {}  # by the first two words, the longest first
        self.openers: set[str] = set()  # words with which a phrase begins
        self._closed = False
        self._capital = words("dates-checks", "capital", "words")
        for kind, entries in lexicon("dates-words").items():
            if kind == "plain":
                for name, forms in entries.items():
                    for form in forms:
                        self._add(form, name, form)
            else:
                for form, value in entries.items():
                    self._add(form, kind, value)
        for name in lexicon("dates-named-days"):
            self._add(name, "named", name)
        for kinds in self.words.values():
            self.code(kinds)

    def _add(self, form: str, kind: str, value: Any) -> None:
        self.words.setdefault(form, {})[kind] = value
        parts = tuple(m.group() for m in _TOKEN.finditer(form))
        if len(parts) > 1:
            self.openers.add(parts[0])
            known = self.phrases.setdefault((parts[0], parts[1]), [])
            if (parts, form) not in known:
                known.append((parts, form))
                known.sort(key=lambda entry: len(entry[0]), reverse=True)

    def code(self, kinds: dict[str, Any]) -> str:
        """The character that stands for a set of kinds; OTHER for one that came up only after `close`."""
        key = frozenset(kinds)
        found = self._codes.get(key)
        if found is None:
            if self._closed:
                return OTHER
            found = self._codes[key] = chr(_FIRST_CODE + len(self._codes))
        return found

    def close(self) -> None:
        """No more sets of kinds: patterns are about to be compiled over the codes there are."""
        self._closed = True

    def codes_of(self, kind: str) -> str:
        """All characters whose set of kinds has this one."""
        return "".join(code for kinds, code in self._codes.items() if kind in kinds)

    def lookup(self, form: str, lower: str) -> dict[str, Any]:
        """The kinds of a single word; a word that must have a capital letter has none without."""
        found = self.words.get(lower)
        if found is None:
            return {}
        if lower in self._capital and not form[0].isupper():
            return {k: v for k, v in found.items() if k not in _CAPITALISED}
        return found


@functools.cache
def vocabulary() -> Vocabulary:
    """The vocabulary, built once a process, with a code for every set of kinds that a number can have."""
    made = Vocabulary()
    for n in range(2500):
        for sample in (str(n), f"{n:02d}", f"{n:04d}"):
            made.code(_number(sample))
    for sample in ("12345", "2.15", "2.75", "1.5", "1,500"):
        made.code(_number(sample))
    for kind in _TOKEN.groupindex:
        made.code({kind: None})
    for kinds in ({"ord": 1}, {"ord": 1, "dayord": 1}, {"card": 1, "decimal": 1}, {"card": 1}, {"ampm": 0}):
        made.code(kinds)
    for word in list(made.words.values()):
        if "ord" in word or "card" in word:
            made.code(_with_days(word))
    made.code({"month": 1})
    for short in made.words:
        made.code({k: v for k, v in made.words[short].items() if k not in _CAPITALISED})
    made.close()
    return made


def lexemes_in(text: str) -> list[Lexeme]:
    """The lexemes of a text around its words of time, in order; other words are there too, under the code OTHER.

    Stretches without any word of time are passed over; a line end stands for each.
    """
    found: list[Lexeme] = []
    for start, end in _windows(text):
        found.extend(_joined(_raw(text, start, end), text))
        found.append(Lexeme(OTHER, end, end, "\n", "\n", {}))
    return found


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of text around what may be the heart of a date: a word of time, a year, a clock."""
    hearts = _hearts()
    start = end = -1
    for m in _WORD.finditer(text):
        form = m.group()
        if form.lower() not in hearts and not (form[0].isdigit() and (len(form) == _YEAR_DIGITS or text[m.end() : m.end() + 1] in _TIED)):
            continue
        if m.start() - _AROUND > end:
            if end >= 0:
                yield start, end
            start = _word_edge(text, m.start() - _AROUND, -1)
        end = _word_edge(text, m.end() + _AROUND, 1)
    if end >= 0:
        yield start, end


def _word_edge(text: str, at: int, step: int) -> int:
    """The next place at or beyond `at` where no word or number is cut; blanks are looked for over a short way only."""
    at = max(0, min(at, len(text)))
    for _ in range(_AROUND):
        if at in (0, len(text)) or text[at - 1].isspace():
            return at
        at += step
    return at


@functools.cache
def _hearts() -> frozenset[str]:
    """Words around which there may be a date, all in lower case."""
    known = vocabulary()
    hearts = {form for form, kinds in known.words.items() if _HEART_KINDS & set(kinds)}
    return frozenset({part for form in hearts for part in _WORD.findall(form)} - _WEAK | {"fy"})


def _raw(text: str, start: int, end: int) -> list[Lexeme]:
    made = []
    for m in _TOKEN.finditer(text, start, end):
        kind = m.lastgroup or ""
        at, behind = m.span()
        if kind == "number" and _is_amount(text, at, behind):
            kind = "sign"
        code, form, lower, values = _read(kind, m.group())
        made.append(Lexeme(code, at, behind, form, lower, values))
    return made


@functools.lru_cache(_REMEMBERED)
def _read(kind: str, form: str) -> tuple[str, str, str, dict[str, Any]]:
    """(code, form, small letters, kinds) of a word, number or sign; all that are written so share the objects."""
    if kind in ("mixed", "chain", "sign"):
        return OTHER, form, form.lower(), {}
    known = vocabulary()
    lower = form.lower().replace("’", "'")
    values = _of_word(known, form, lower) if kind in ("plain", "word") else _values(kind, form)
    return known.code(values) if values else OTHER, form, lower, values


def _of_word(known: Vocabulary, form: str, lower: str) -> dict[str, Any]:
    values = known.lookup(form, lower)
    return _with_days(values) if "ord" in values or "card" in values else values


def _with_days(values: dict[str, Any]) -> dict[str, Any]:
    """Number words may be days and hours too: "the third of May", "three o'clock"."""
    made = dict(values)
    if isinstance(values.get("ord"), int) and values["ord"] <= 31:
        made["dayord"] = values["ord"]
    if isinstance(values.get("card"), int) and 0 < values["card"] <= 12:
        made["hour"] = values["card"]
    return made


def _values(kind: str, form: str) -> dict[str, Any]:
    if kind == "number":
        return _number(form)
    if kind == "ordinal":
        n = int(re.sub(r"\D", "", form))
        return {"ord": n, "dayord": n} if 1 <= n <= 31 else {"ord": n}
    if kind == "decade":
        return {"decade": int(re.sub(r"\D", "", form))}
    if kind == "shortyear":
        return {"shortyear": int(form[1:])}
    if kind == "meridiem":
        return {"ampm": 12 if form[0] in "pP" else 0}
    return {kind: form}


def _is_amount(text: str, start: int, end: int) -> bool:
    """Money or a percentage: "$2010", "5%"."""
    if start and text[start - 1] in _CURRENCY:
        return True
    after = text[end : end + 9].lstrip().lower()
    return after.startswith(_NO_DATE)


def _number(form: str) -> dict[str, Any]:
    if "," in form:
        return {"card": float(form.replace(",", ""))}
    if "." in form:
        made: dict[str, Any] = {"card": float(form), "decimal": form}
        hour, minute = form.split(".")
        if len(minute) == 2 and int(hour) <= 24 and int(minute) < 60:
            made["dotclock"] = form
        return made
    n = int(form) if len(form) < 10 else 10**9
    made = {"card": n}
    if 1 <= n <= 31 and len(form) <= 2:
        made["day"] = n
    if 0 <= n <= 24 and len(form) <= 2:
        made["hour"] = n
    if len(form) == 2:
        made["yy"] = n
    if len(form) == 4:
        if n // 100 <= 24 and n % 100 < 60:
            made["hhmm"] = form
        if 1000 <= n < 2200:
            made["year"] = n
    return made


def _joined(raw: list[Lexeme], text: str) -> Iterator[Lexeme]:
    """Lexemes with phrases and number words put together: "a few", "twenty-five", "two and a half"."""
    known = vocabulary()
    i, count = 0, len(raw)
    while i < count:
        one = raw[i]
        length, values = _phrase(raw, i, known) if one.lower in known.openers else (0, one.values)
        if ("mon" in values or "wday" in values) and i + 1 < count and raw[i + 1].text == "." and raw[i + 1].start == one.end:
            length = 2  # an abbreviation with its stop: "Sept. 3"
        if "card" in (values if length else one.values):
            length, values = _number_words(raw, i, max(1, length), values if length else one.values)
        if length > 1:
            start, end = one.start, raw[i + length - 1].end
            form = text[start:end]
            yield Lexeme(known.code(values), start, end, form, form.lower(), values)
            i += length
        else:
            yield one
            i += 1


def _phrase(raw: list[Lexeme], i: int, known: Vocabulary) -> tuple[int, dict[str, Any]]:
    if i + 1 >= len(raw):
        return 0, {}
    for parts, form in known.phrases.get((raw[i].lower, raw[i + 1].lower), ()):
        if i + len(parts) <= len(raw) and all(raw[i + k].lower == part for k, part in enumerate(parts)):
            values = known.words[form]
            if "named" in values and raw[i].text[0].islower():
                continue
            return len(parts), values
    return 0, {}


def _number_words(raw: list[Lexeme], i: int, length: int, values: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """A number that runs on: tens with ones ("twenty-five"), "a hundred", and a half ("two and a half")."""
    value = values["card"]
    spelt = raw[i].text.isalpha()
    if spelt and isinstance(value, int) and 20 <= value <= 90 and value % 10 == 0:
        step = 2 if i + 1 < len(raw) and "hyphen" in raw[i + 1] else 1
        ones = raw[i + step] if i + step < len(raw) else None
        if ones is not None and ones.text.isalpha() and 1 <= ones.values.get("card", 0) <= 9:
            value, length = value + ones["card"], step + 1
        elif ones is not None and ones.text.isalpha() and 1 <= ones.values.get("ord", 0) <= 9 and "unit" not in ones:
            n = value + ones["ord"]
            return step + 1, ({"ord": n, "dayord": n} if n <= 31 else {"ord": n})
    while i + length < len(raw) and raw[i + length].lower in _SCALES:
        value, length = value * _SCALES[raw[i + length].lower], length + 1
    half = [one.lower for one in raw[i + length : i + length + 3]]
    if half == ["and", "a", "half"]:
        return length + 3, {"card": value + 0.5, "decimal": None}
    return length, ({"card": value} if length > 1 and value != values["card"] else values)
