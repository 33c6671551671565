"""What a rate is per: "$52 a barrel", "visitors per week", "C$6 ($4) a share" (figures.per)."""

import functools
import re

from transforms.words.lexicon import lexicon

_CLOSED = re.compile(r"\)")
CONVERSION = re.compile(r"[ ]\([^()\n]{1,30}\)")  # an "11.6-inch (29.5-cm) screen"


@functools.cache
def per() -> re.Pattern[str]:
    data = lexicon("figures-counting")["per"]
    units = "|".join(sorted(map(re.escape, set(data["units"])), key=len, reverse=True))
    lead = "|".join(data["words"])
    slashed = "|".join(sorted(map(re.escape, data["slashed"]), key=len, reverse=True))
    return re.compile(
        rf"[ -](?:{lead})[ -](?P<per>{units})(?:e?s)?\b(?! (?:before|ago|earlier|later|after|from now)\b)|[ ]?/[ ]?(?P<slash>(?:{units})s?|{slashed})(?![\w/])",
        re.IGNORECASE,
    )


@functools.cache
def _per_any() -> re.Pattern[str]:
    """Per whatever: behind "per" and "for every" any noun is one, with its number and what commonly stands before it."""
    data = lexicon("figures-counting")["per"]
    before = "|".join(map(re.escape, data["before"]))
    none = "|".join(data["no_unit"])
    noun = rf"(?:(?:{before})[ ]){{0,3}}(?!(?:compared|based)\b)[A-Za-z][A-Za-z]+(?:-[a-z]+)*"
    return re.compile(
        rf"[ -]per[ -](?!(?:{none})\b)(?P<any>\d[\d,]*(?:[ ]{noun}(?<=s))?|{noun})|[ ]for[ ](?:each|every)[ ](?P<each>(?:[A-Z]\w+[ ])?(?:{noun}))\b"
    )


def per_after(text: str, ends: tuple[int, ...]) -> str | None:
    """The unit that a rate is per, behind the number, what it counts or a conversion: "$52 a barrel", "visitors per week", "C$6 ($4) a share"."""
    asides = (aside.end() for end in ends if (aside := CONVERSION.match(text, end) or _CLOSED.match(text, end)) is not None)
    for end in (*ends, *asides):
        if found := per().match(text, end):
            unit = found["per"] or found["slash"]
            return str(lexicon("figures-counting")["per"]["names"].get(unit.lower(), unit))
        if found := _per_any().match(text, end):
            return str(found["any"] or found["each"])
    return None
