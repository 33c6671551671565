"""Currencies: signs before an amount, codes and names behind it, and what a shared sign stands for."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from transforms.figures import currencies
from transforms.figures.quantity import CurrencyOrigin
from transforms.words.lexicon import lexicon

_SPACE = r"[ \u00a0]?"
_NUMBER_BEFORE = re.compile(r"\d[\d.,]*[ \u00a0]\Z")
_SMALL_NUMBER = re.compile(r"\d{1,3}(?![\d.,]\d|[ \u00a0-]?(?:[mbtr]+illion|thousand|bn|m|k|tn)\b)(?!\d)")
_LONGEST_NUMBER = 20  # characters of a number before a code
_DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD")


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency as read: ISO code or None where it stays open, what it was read off, parts a whole (100 for cents) and their name."""

    code: str | None
    origin: CurrencyOrigin
    parts: int = 1
    part: str | None = None
    name: str | None = None


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data = lexicon("figures-currencies")
    symbols = "|".join(re.escape(s) for s in sorted(data["symbols"], key=len, reverse=True) if s != "kr")
    anycase = "|".join(data["codes"]["any_case"])
    codes = "|".join([*sorted(currencies.codes()), "NT"]) + f"|(?i:{anycase})"
    before = re.compile(
        rf"(?:(?P<symbol>(?<![A-Za-z])(?:{symbols}))|(?<![A-Za-z])(?:M(?=[A-Z]{{3}}(?![A-Z])))?(?P<code>(?:{codes}))\$?){_SPACE}\Z"
    )
    small = {n for n in currencies.names() if " " not in n and n not in data["names"]}
    named = f"(?i:{_any_of((currencies.names().keys() - small) | data['parts'].keys())})(?i:s)?|(?:{_any_of(small)})s?"
    after = re.compile(
        rf"(?:[ \u00a0-]?(?P<code>{codes})(?![A-Za-z\d])|[ \u00a0-]?(?P<symbol>[€£¥₹₽₡₭₩₺₪₦₱฿₫₴元]|kr|\$(?![ ]?\d))(?!\w)|[ \u00a0-]?(?P<name>{named})(?!\w)|(?P<small>p|¢)(?!\w))"
    )
    tail = re.compile(
        rf"[ \u00a0]\((?P<bracketed>{codes})\)|[ \u00a0](?P<name>{named})(?!\w)|[ \u00a0](?P<code>{codes}|US|Canadian|Australian)(?![A-Za-z])"
    )
    return before, after, tail


def _any_of(listed: Iterable[str]) -> str:
    return "|".join(re.escape(n).replace(r"\ ", "[ -]") for n in sorted(listed, key=lambda n: (-len(n), n)) if len(n) > 1)


@functools.cache
def _endings() -> frozenset[str]:
    """The last two letters of the codes and signs: most numbers have none before them, and the search is what costs."""
    data = lexicon("figures-currencies")
    anycase = data["codes"]["any_case"]
    return frozenset(
        s[-2:] for s in [*data["symbols"], *currencies.codes(), *anycase, *map(str.title, anycase), *map(str.upper, anycase), "NT"]
    )


@functools.cache
def _marks() -> frozenset[str]:
    return frozenset(s[-1] for s in lexicon("figures-currencies")["symbols"] if len(s) == 1 or not s[-1].isalpha())


def sign_before(text: str, start: int, home: str | None) -> tuple[int, Currency] | None:
    """Where the currency sign that stands right before `start` begins, and its currency."""
    if (letters := currencies.letters_before(text, start)) is not None:
        return letters[0], _of_key(letters[1], "symbol", home)
    tail = text[max(0, start - 3) : start].rstrip(" \u00a0")
    if tail[-1:] not in _marks() and tail[-2:] not in _endings():
        return None
    found = _patterns()[0].search(text, max(0, start - 8), start)
    if found is None:
        return None
    if found["code"]:
        taken = (found.end("code") < start and _of_sum_before(text, found.start())) or _numbered(text, found["code"], start)
        return None if taken else (found.start(), _coded(found["code"]))
    return found.start(), _of_key(lexicon("figures-currencies")["symbols"][found["symbol"]], "symbol", home)


def _numbered(text: str, code: str, start: int) -> bool:
    """COP30, TOP 10: a code that is as well the name of something, before a number too small for money of that name."""
    digits = _SMALL_NUMBER.match(text, start)
    return digits is not None and code in lexicon("figures-currencies")["codes"]["names_too"]


def _of_sum_before(text: str, at: int) -> bool:
    """Whether a code that stands at `at` belongs to the number before it, "10 USD 20 EUR"; not where that has its own, "RMB 10 USD 20"."""
    number = _NUMBER_BEFORE.search(text, max(0, at - _LONGEST_NUMBER), at)
    return number is not None and sign_before(text, number.start(), None) is None


def ends_in_sign(text: str, start: int) -> bool:
    """Whether the letters that end at `start` are a code or sign of a currency, so that the digits behind them are a sum."""
    found = sign_before(text, start, None)
    return found is not None and not text[found[0] - 1 : found[0]].isalnum()


def name_after(text: str, end: int, home: str | None) -> tuple[int, Currency] | None:
    """Where the currency name, code or symbol that stands right behind `end` ends, and its currency."""
    found = _patterns()[1].match(text, end)
    if found is None:
        return None
    data = lexicon("figures-currencies")
    if found["code"]:
        return found.end(), _coded(found["code"])
    if found["symbol"]:
        return found.end(), _of_key(data["symbols"][found["symbol"]], "symbol", home)
    name = (found["name"] or found["small"]).lower().replace("-", " ")
    if name not in data["parts"] and name not in currencies.names():
        name = name.removesuffix("s")
    if name in data["parts"]:
        key, parts = data["parts"][name]
        whole = _of_key(key, "name", home) if key != "$" else _cent_of(text, home)
        return found.end(), Currency(whole.code, whole.origin, parts, data["part_names"].get(name, name))
    return found.end(), _of_key(currencies.names()[name], "name", home)


def tail_after(text: str, end: int, known: Currency, home: str | None) -> tuple[int, Currency]:
    """What says a sign's currency again or more exactly behind the amount: "$99 (USD)", "$500 US", "$5 billion dollars"."""
    found = _patterns()[2].match(text, end)
    if found is None or known.origin == "code":
        return end, known
    national = {"US": "USD", "Canadian": "CAD", "Australian": "AUD"}
    if code := found["bracketed"] or found["code"]:
        exact = _coded(national.get(code) or code)
        follows = text[found.end() : found.end() + 2].strip()
        if code in national and (code != "US" or follows[:1].isalpha()):
            return end, known  # "$5m US offer", "$5 Canadian whisky"
        return (found.end(), exact) if known.code in {exact.code, *_DOLLARS} and exact.code in _DOLLARS else (end, known)
    read = name_after(text, end, home)
    if read is None or read[1].parts != 1:
        return end, known
    if known.code in _DOLLARS and read[1].code in _DOLLARS:
        return found.end(), known if read[1].code == known.code else replace(read[1], origin="name")
    return (found.end(), known) if read[1].code == known.code else (end, known)


def millions_of_code(text: str, at: int) -> bool:
    """Whether a code in millions begins at `at`, as the annual reports of Europe write it: "120 MEUR", "MSEK 48"."""
    return text.startswith("M", at) and text[at + 1 : at + 4] in currencies.codes() and not text[at + 4 : at + 5].isalpha()


def _coded(written: str) -> Currency:
    code = lexicon("figures-currencies")["alias"].get(written) or lexicon("figures-currencies")["alias"].get(
        written.upper(), written.upper()
    )
    return Currency(code, "code", name=currencies.title(code))


def _cent_of(text: str, home: str | None) -> Currency:
    """A cent is of the dollar where the article is at home there or writes a dollar, of the euro where it writes one, else open."""
    if home in (currencies.shared("$") or ()) or any(word in text for word in ("$", "dollar", "dlr")):
        return _of_key("$", "name", home)
    return Currency("EUR" if "€" in text or " euro" in text else None, "name")


def _of_key(key: str, origin: CurrencyOrigin, home: str | None) -> Currency:
    """A shared sign is the home country's where it has one of that name, else the default, else open."""
    shared = currencies.shared(key)
    if shared is None:
        return Currency(key, origin, name=currencies.title(key))
    name = lexicon("figures-currencies")["shared_names"].get(key, key)
    if home in shared:
        return Currency(shared[home], "country", name=name)
    return Currency(shared.get("default"), origin, name=name)
