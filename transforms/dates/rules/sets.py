"""How often: "every day", "twice a week", "annual", "on Mondays"."""

from typing import Final

from transforms.dates.checks import listed
from transforms.dates.pattern import Rule, rule
from transforms.dates.setting import Hit
from transforms.dates.timex import Timex, length_value, precision_of


def _set(value: str, unit: str | None) -> Timex:
    return Timex("SET", value, precision=precision_of(unit) if unit else None)


@rule(
    "every-unit",
    "onceword? each u:unit",
    "each other u:unit",
    "onceword? each a:card u:units",
    "each a:card or|to card u:units",
    "each a:vague u:units",
    "each alternate u:unit",
    "each o:ord u:unit",
    "the? o:ord|lastword weekday|unit of each u:unit",
)
def every_unit(hit: Hit) -> Timex | None:
    """As in "every day", "every two years", "every other week"; "the first Monday of each month" comes once a month."""
    unit = hit.unit()
    if "each" in hit.setting.lexemes[hit.last - 1] and hit.first != hit.last - 1:
        return _set(length_value(1, unit), unit)
    words = hit.words
    amount = hit.get("a", "card") or hit.get("o", "ord")
    if "other" in words or "alternate" in words:
        amount = 2
    if unit == "second" and amount is None:
        return None
    if hit.get("a", "vague") is not None:
        return _set(length_value(None, unit), unit)
    return _set(length_value(float(str(amount)) if amount else 1, unit), unit)


@rule(
    "every-weekday",
    "each w:weekday p:daypart?",
    "each ord|other|alternate w:weekday",
    "w:weekdays",
    "each w:month",
    "each w:season",
    "each w:daypart",
    "w:weekday p:dayparts",
    "(at|on) w:weekends",
)
def every_weekday(hit: Hit) -> Timex | None:
    """As in "every Monday", "on Sundays", "every April", "every morning"."""
    lexeme = hit.named["w"]
    if "weekends" in lexeme:
        return _set("XXXX-WXX-WE", "weekend")
    if hit.word(1) == "times":
        return None
    tail = f"T{hit.get('p', 'daypart') or hit.get('p', 'dayparts')}" if "p" in hit else ""
    day = hit.number("w", "weekday", "weekdays")
    if day is not None:
        return _set(f"XXXX-WXX-{day + 1}{tail}", "day")
    if "month" in lexeme:
        return _set(f"XXXX-{int(lexeme['month']):02d}", "month")
    if "season" in lexeme:
        return _set(f"XXXX-{('SP', 'SU', 'FA', 'WI')[int(lexeme['season'])]}", "season")
    return _set(f"XXXX-XX-XXT{lexeme['daypart']}", "hour")


@rule(
    "times-a-unit",
    "onceword a|per u:unit",
    "n:card times a|per u:unit",
    "v:vague times a|per u:unit",
    "onceword each? a:card u:units",
    "n:card m:unit|units a|per|each u:unit",
)
def times_a_unit(hit: Hit) -> Timex | None:
    """As in "twice a week", "four times a year"; a thing that spins 300 times a minute has a speed, no dates."""
    unit = hit.unit()
    if "m" in hit and not _within(hit, unit):
        return None
    if "n" in hit and unit in ("second", "minute"):
        return None
    amount = hit.get("a", "card")
    return _set(length_value(float(str(amount)) if amount else 1, unit), unit)


def _within(hit: Hit, unit: str) -> bool:
    """Five days a week: so much of each; "ten years a month" is nothing."""
    part = hit.unit("m")
    sizes = [u for u in ("minute", "hour", "day", "night", "week", "month", "quarter", "year") if u in (part, unit)]
    return len(sizes) == len({part, unit}) > 1 and sizes[0] == part and hit.word(1) not in ("ago", "earlier", "later", "before")


@rule("rate", "a u:unit", "(per) u:unit")
def rate(hit: Hit) -> Timex | None:
    """As in "$300m a year", "visitors per week": how much in each."""
    unit = hit.unit()
    before = hit.lexeme(-1)
    if unit == "second":
        return None
    if before.lower == "per":
        return _set(length_value(1, unit), unit)
    if "units" not in before and hit.word(1) in ("ago", "earlier", "later", "after", "before", "old", "from"):
        return None
    counted = before.text[:1].isdigit() or before.text in ("%", ")") or listed(before.lower, "rate")
    return _set(length_value(1, unit), unit) if counted and hit.opening in ("a", "an") else None


@rule("how-often", "o:often")
def how_often(hit: Hit) -> Timex | None:
    """As in "annual", "daily"; the Daily Mail is a newspaper."""
    form, before, after = hit.named["o"].text, hit.lexeme(-1), hit.lexeme(1)
    if form[0].isupper() and (before.text[:1].isupper() or (after.text[:1].isupper() and before.text.isalpha())):
        return None
    if form.lower() == "weekly" and before.lower in ("a", "the") and after.text and not after.text.isalpha():
        return None
    return _set(str(hit.get("o", "often")), None)


RULES: Final[tuple[Rule, ...]] = (times_a_unit, every_unit, every_weekday, rate, how_often)
