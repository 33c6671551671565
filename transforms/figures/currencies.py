"""The world's currencies: their codes, names and signs, from CLDR and from the lexicon, which says what CLDR does not.

CLDR knows which currency each country pays in and what it is called in English. The lexicon adds how news write it
("Rs", "quid", "N5bn"), and which codes and names are also words.
"""

import functools
import re
from typing import Any, Final

import pycountry
from babel.numbers import get_currency_name, get_territory_currencies

from transforms.words.lexicon import lexicon, words
from transforms.words.spelling import without_accents

# A number that can only be a sum, so that the letters in front of it are a sign: "N5.2bn", but "N95", "R4", "K2" are no money.
_SUM: Final = re.compile(
    r"\d+(?:\.\d+)?[ ]?(?:m|bn|tn|k|[mbtr]+illion|lakh|crore)\b|\d{1,3}(?:,\d{3})+\b(?!\.\d{3})|\d+\.\d\d\b(?!\.)", re.IGNORECASE
)
_LONGEST_SIGN: Final = 8  # characters, blank included


@functools.cache
def tender() -> dict[str, tuple[str, ...]]:
    """The currencies of each country (ISO 3166), the first being its own."""
    return {country.alpha_2: tuple(get_territory_currencies(country.alpha_2)) for country in pycountry.countries}


@functools.cache
def _in_use() -> frozenset[str]:
    return frozenset(code for own in tender().values() for code in own)


@functools.cache
def codes() -> frozenset[str]:
    """The codes that are read beside an amount: all in use, but for those that are words or other abbreviations."""
    return (_in_use() | {"RMB"}) - words("figures-currencies", "codes", "not")


@functools.cache
def names() -> dict[str, str]:
    """Each name in small letters, singular, with plurals that are not in -s: the code, or the name that several countries share."""
    listed: dict[str, str] = lexicon("figures-currencies")["names"]
    not_alone = words("figures-currencies", "codes", "no_names")
    found: dict[str, str] = {}
    for code in _in_use():
        one, many = (_name(code, count) for count in (1, 2))
        found[one] = found[many] = code
        word, plural = one.rpartition(" ")[2], many.rpartition(" ")[2]
        if word not in not_alone:
            meant = listed.get(word, word if found.get(word, code) != code else code)
            found[word], found[plural] = meant, code if meant in _in_use() else meant  # of krona, "kronur" is Iceland's alone
    return {name: of for name, of in found.items() if name.removesuffix("s") == name or name.removesuffix("s") not in found} | listed


@functools.cache
def shared(key: str) -> dict[str, str] | None:
    """Which currency a shared sign or name stands for, by country; `default` where no country is known. None where it is not shared."""
    listed: dict[str, str] | None = lexicon("figures-currencies")["shared"].get(key)
    word = lexicon("figures-currencies")["shared_names"].get(key, key)
    own = {country: used[0] for country, used in tender().items() if used and word in _name(used[0], 1)}
    if listed is None and (len(set(own.values())) < 2 or names().get(key) != key):
        return None
    return own | (listed or {})


def _name(code: str, count: int) -> str:
    """CLDR's English name of so many of a currency, as news write it: in small letters without accents."""
    return without_accents(get_currency_name(code, count, locale="en").lower())


@functools.cache
def title(code: str) -> str:
    """The English name of a currency, singular, by CLDR, but for the few that the lexicon names."""
    listed = lexicon("figures-currencies")["titles"]
    return str(listed.get(code) or get_currency_name(code, locale="en").lower())


def letters_before(text: str, start: int) -> tuple[int, str] | None:
    """Where the letters before a sum that are a sign only there begin, and what they stand for: "N500 million", "LE 2.5bn", "PS2.7m"."""
    found = _letters().search(text, max(0, start - _LONGEST_SIGN), start)
    if found is None or (found["gap"] and len(found["sign"]) == 1) or not _SUM.match(text, start):
        return None
    key: str = lexicon("figures-currencies")["before_sums"][found["sign"]]
    return found.start(), key


@functools.cache
def _letters() -> re.Pattern[str]:
    signs: dict[str, Any] = lexicon("figures-currencies")["before_sums"]
    return re.compile(rf"(?<![\w.'’&-])(?P<sign>{'|'.join(sorted(map(re.escape, signs), key=len, reverse=True))})(?P<gap>[ \u00a0]?)\Z")
