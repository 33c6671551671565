"""Times of day: clocks with their zones, noon and midnight, morning to night."""

import re
from dataclasses import replace
from typing import Final

from transforms.article.home_country import countries_named
from transforms.dates.checks import is_title, listed
from transforms.dates.pattern import Rule, rule
from transforms.dates.setting import Hit
from transforms.dates.timex import Piece, Timex, dated, unresolved
from transforms.words.world import offset_on, zone_countries

_NO_OFFSET: Final = 1000  # "local time"
_BY_COUNTRY: Final = 2000  # a zone of the table of the world: its distance from Greenwich depends on the country or the day


def _day_for(hit: Hit) -> Timex | None:
    """The day on which a clock time without a date falls: a day said in the same sentence, else the day of publication."""
    return hit.setting.day_told(hit.offset, near=0)


def at_time(day: Timex | None, clock: str, precision: str) -> Timex | None:
    """A TIME on a day: value "2009-06-01T12:00Z", interval the day."""
    if day is None or day.unit != "day" or day.timex_type != "DATE" or day.modifier == "MID":
        return None
    if day.period is None:
        return replace(unresolved("day", "TIME"), value=f"T{clock}", precision=precision)  # type: ignore[arg-type]
    return replace(day, timex_type="TIME", value=f"{day.value}T{clock}", precision=precision)  # type: ignore[arg-type]


def _told(hit: Hit, name: str, half: int | None) -> tuple[str, str] | None:
    """The clock of a named lexeme in a half of the day (0 or 12; None: as it is) and how fine it is; None where it cannot be one."""
    lexeme = hit.named[name]
    hour, minute, second = 0, None, None
    if "hhmm" in lexeme and half is None:
        hour, minute = int(lexeme.text[:2]), int(lexeme.text[2:])
    elif "clock" in lexeme or "dotclock" in lexeme:
        numbers = [int(n) for n in re.findall(r"\d+", lexeme.text)]
        hour, minute = numbers[0], numbers[1]
        second = numbers[2] if len(numbers) > 2 else None
    elif "hour" in lexeme:
        hour = int(lexeme["hour"])
    else:
        return None
    if half is not None and (hour > 12 or (hour == 0 and half)):
        return None
    hour = hour if half is None else hour % 12 + half
    if hour > 24:
        return None
    value = f"{hour:02d}" + (f":{minute:02d}" if minute is not None else ":00") + (f":{second:02d}" if second is not None else "")
    precision = "second" if second is not None else "minute" if minute is not None else "hour"
    return value, precision


def _offset(hit: Hit, day: Timex | None) -> str:
    """What a zone adds to a clock on a day: "-05:00"; nothing where it depends on the country and no one says which."""
    east = hit.get("z", "zone")
    if not isinstance(east, int):
        return ""
    if east == _BY_COUNTRY:
        zone = " ".join(hit.named["z"].lower.split())
        return offset_on(zone, _country_of_zone(hit, zone), day.start if day is not None else None) or ""
    if east == _NO_OFFSET:
        return ""
    if east == 0:
        return "Z"
    sign = "+" if east > 0 else "-"
    return f"{sign}{abs(east) // 60:02d}:{abs(east) % 60:02d}"


def _country_of_zone(hit: Hit, zone: str) -> str | None:
    """The article's country where the zone has a meaning there, else the one of its countries that the text names."""
    known, setting = zone_countries(zone), hit.setting
    if not known or setting.home in known:
        return setting.home
    named = countries_named(setting.text) & known
    return next(iter(named)) if len(named) == 1 else None


def _race_time(hit: Hit) -> Timex | None:
    """Ran it in 3:07:35: hours, minutes and seconds that somebody took."""
    found = re.fullmatch(r"(\d{1,2}):(\d\d):(\d\d)", hit.named["t"].text)
    if found is None or "m" in hit or "z" in hit or hit.inner is not None or not listed(hit.word(-1), "before_race_time"):
        return None
    hours, minutes, seconds = (int(n) for n in found.groups())
    parts = [f"{n}{letter}" for n, letter in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n]
    return Timex("DURATION", f"PT{''.join(parts) or '0S'}", precision="second")


@rule(
    "clock",
    "t:clock|dotclock|hour m:ampm z:zone? comma? DATE",
    "t:clock|hhmm z:zone comma? DATE",
    "t:clock DATE",
    "t:clock|dotclock|hour m:ampm z:zone?",
    "t:clock|hhmm z:zone",
    "t:hour oclock z:zone?",
    "t:clock",
)
def clock(hit: Hit) -> Timex | None:
    """As in "3:30 p.m.", "1200 GMT", "16:15 UTC, June 1st"; a bare "4:05" only after a word that a clock follows."""
    if race := _race_time(hit):
        return race
    if "m" not in hit and "z" not in hit and "hour" not in hit.named["t"] and not listed(hit.word(-1), "before_clock"):
        return None
    half = hit.get("m", "ampm")
    found = _told(hit, "t", int(str(half)) if half is not None else None)
    if found is None:
        return None
    value, precision = found
    day = hit.inner or _day_for(hit)
    return at_time(day, value + _offset(hit, day), precision)


@rule("clock-range", "a:clock|hour|dotclock hyphen|to|and b:clock|hour|dotclock m:ampm z:zone?")
def clock_range(hit: Hit) -> tuple[Piece, ...] | None:
    """As in "between 2 and 4 pm", "10-11:30 a.m.": the half of the day holds for both, unless the first would be the later."""
    if "and" in {one.lower for one in hit.setting.lexemes[hit.first : hit.last]} and hit.word(-1) != "between":
        return None
    half = int(str(hit.get("m", "ampm")))
    second = _told(hit, "b", half)
    first = _told(hit, "a", half)
    if first is not None and second is not None and first[0] > second[0]:
        first = _told(hit, "a", 12 - half)
    if first is None or second is None:
        return None
    day = _day_for(hit)
    return hit.both(*(at_time(day, value + _offset(hit, day), precision) for value, precision in (first, second)))


@rule("noon", "n:noon z:zone? DATE", "n:noon z:zone?")
def noon(hit: Hit) -> Timex | None:
    """Noon and midnight, which is the end of its day."""
    if hit.word(1) in ("mass", "-", "sun", "express"):
        return None
    hour = hit.number("n", "noon") or 0
    value = f"{hour:02d}:00" if hour else "24:00"
    day = hit.inner or _day_for(hit)
    return at_time(day, value + _offset(hit, day), "hour")


@rule("this-morning", "r:last d:daypart", "the r:last d:daypart", "tonight", "overnight", "the r:beside d:daypart")
def this_morning(hit: Hit) -> Timex | None:
    """As in "this morning", "last night", "tonight"."""
    word = hit.opening
    if word in ("tonight", "overnight"):
        after = hit.word(1)
        if word == "overnight" and hit.word(-1) in ("an", "the", "of"):
            return None
        if is_title(hit) or (word == "tonight" and after == "show"):
            return None
        return at_time(hit.setting.shifted("day", 0), "NI", "hour")
    part = str(hit.get("d", "daypart"))
    by = hit.number("r", "last")
    told = word == "the" and by == 1 and hit.way != "future"  # "the next morning" of a story
    if by is None or told:
        by = by or hit.number("r", "beside") or 0
        anchor = hit.setting.previous(hit.offset, lambda p: p.unit == "day")
        return at_time(hit.setting.shifted("day", by, anchor), part, "hour")
    return at_time(hit.setting.shifted("day", by), part, "hour")


@rule(
    "part-of-day",
    "the? p:part? d:daypart of DATE",
    "(in|by|of|during|until|through|on) the? p:part? d:daypart",
    "that same? d:daypart",
    "the same d:daypart",
    "the d:daypart b:beforeafter",
)
def part_of_day(hit: Hit) -> Timex | None:
    """As in "the night of March 3", "in the morning", "that evening": on the day that was said, else that of publication."""
    part = str(hit.get("d", "daypart"))
    if hit.inner is not None:
        return at_time(hit.inner, part, "hour")
    words = hit.words
    if "b" in hit:
        if hit.word(1).isalpha() and hit.word(1) not in ("and", "but", "when"):
            return None
        anchor = hit.setting.previous(hit.offset, lambda p: p.unit == "day")
        return at_time(hit.setting.shifted("day", hit.number("b", "beforeafter") or 0, anchor), part, "hour")
    if hit.word(1) in ("of", "-") or (words[0] not in ("the", "that") and hit.word(-1) not in ("in", "during")):
        return None
    if words[0] == "that" or "same" in words:
        anchor = hit.setting.previous(hit.offset, lambda p: p.unit == "day", near=5)
        return at_time(dated(anchor.period, anchor, "present"), part, "hour") if anchor else None
    return at_time(_day_for(hit), part, "hour")


RULES: Final[tuple[Rule, ...]] = (clock_range, clock, noon, this_morning, part_of_day)
