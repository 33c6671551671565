"""The one table of the world (`lexicons/world.toml`): money, business years and clocks by country and day.

What libraries know right is asked of them (zoneinfo for offsets); the table holds what they do not know. Feasts are in
transforms/dates/rules/named_days.py, which needs the calendar of a country.
"""

import datetime as dt
import functools
import re
import zoneinfo
from dataclasses import dataclass
from typing import Any, Final, Literal

from transforms.words.lexicon import lexicon, words

Keeper = Literal["government", "tax", "firm"]

_FIXED: Final = re.compile(r"(?P<sign>[+-])(?P<hours>\d\d)(?P<minutes>\d\d)")
_NOON: Final = dt.time(12)  # clocks change at night


def as_of() -> dt.date:
    """The day on which the table was last looked up."""
    day: dt.date = lexicon("world")["about"]["as_of"]
    return day


def currency_on(code: str, day: dt.date | None) -> str:
    """The currency that a name or sign of `code` stood for on a day: leones of 2015 are SLL. Without a day, today's."""
    if day is None or code not in _renamed():
        return code
    for entry in lexicon("world")["money"]["replaced"]:
        if code == entry["new"] and day < entry["since"]:
            return currency_on(entry["old"], day)
        if code == entry["old"] and day >= entry["since"]:
            return currency_on(entry["new"], day)
    return code


@functools.cache
def _renamed() -> frozenset[str]:
    return frozenset(code for entry in lexicon("world")["money"]["replaced"] for code in (entry["old"], entry["new"]))


@dataclass(frozen=True, slots=True)
class BusinessYear:
    """On which month and day it begins, and whether the calendar year of its end or of its start names it."""

    month: int
    day: int
    named: Literal["start", "end"]

    def first_year(self, label: int) -> int:
        """The calendar year in which the year of that label begins: FY26 of India in 2025."""
        calendar = (self.month, self.day) == (1, 1)
        return label if calendar or self.named == "start" else label - 1

    def days(self, first_year: int) -> tuple[dt.date, dt.date]:
        """The first and last day of the year that begins in a calendar year."""
        last = dt.date(first_year + 1, self.month, self.day) - dt.timedelta(1)
        return dt.date(first_year, self.month, self.day), last

    def first_year_on(self, day: dt.date) -> int:
        """The calendar year in which the business year of a day began."""
        return day.year if (day.month, day.day) >= (self.month, self.day) else day.year - 1


def business_year(country: str | None, keeper: Keeper) -> BusinessYear | None:
    """The year by which governments, taxes or firms of a country reckon, or None where each firm has its own or nobody says."""
    fiscal = lexicon("world")["fiscal"]
    if country is None or (keeper == "firm" and country not in words("world", "fiscal", "firms", "countries")):
        return None
    found: dict[str, Any] | None = fiscal["tax"].get(country) if keeper == "tax" else None
    found = found or fiscal["government"].get(country)
    return BusinessYear(found["first"][0], found["first"][1], found["named"]) if found else None


def zone_countries(zone: str) -> frozenset[str]:
    """The countries in which an abbreviation, in small letters, has a meaning of its own."""
    return frozenset(lexicon("world")["zones"].get(zone, {})) - {"else"}


def offset_on(zone: str, country: str | None, day: dt.date | None) -> str | None:
    """How far clocks of a zone (in small letters) are from Greenwich, "+05:30"; None where the country or the day must tell and does not.

    An IANA zone gives the clock of that day, whatever the abbreviation says of summer: who writes "IST" in Jerusalem in July
    means the clock on the wall.
    """
    known: dict[str, str] = lexicon("world")["zones"].get(zone, {})
    place = known.get(country or "", known.get("else"))
    if place is None:
        return None
    if fixed := _FIXED.fullmatch(place):
        return f"{fixed['sign']}{fixed['hours']}:{fixed['minutes']}"
    if day is None:
        return None
    try:
        distance = dt.datetime.combine(day, _NOON, zoneinfo.ZoneInfo(place)).utcoffset()
    except zoneinfo.ZoneInfoNotFoundError:  # a system without the zones' files: the offset stays open
        return None
    return _shown(distance) if distance is not None else None


def _shown(distance: dt.timedelta) -> str:
    minutes = round(distance.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
