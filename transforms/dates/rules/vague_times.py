"""The present, the past and the future at large: "now", "recently", "in the future". They have no interval (GUIDELINES.md)."""

from typing import Final

from transforms.dates.checks import is_title, listed
from transforms.dates.pattern import Rule, rule
from transforms.dates.setting import Hit
from transforms.dates.timex import Timex, vaguely


@rule("present", "p:present")
def present(hit: Hit) -> Timex | None:
    """As in "now", "currently": the present at large; "this time" only after "at", "now that" is a conjunction."""
    form = hit.named["p"].lower
    if form == "these days" and hit.word(-1) in ("of", "all"):
        return None
    if form == "this time" and hit.word(-1) not in ("at", "around", "by"):
        return None
    if is_title(hit) or (form == "now" and hit.word(1) in ("that", "-", "defunct", "famous")):
        return None
    return vaguely("PRESENT_REF", hit.setting.published)


@rule("vaguely", "v:vaguely")
def at_large(hit: Hit) -> Timex | None:
    """As in "recently", "soon": the past or the future at large; "as soon as" is neither."""
    form = hit.named["v"].lower
    if form == "soon" and (hit.word(1) in ("as", "after", "afterwards", "afterward") or hit.word(-1) in ("as", "too", "so", "how")):
        return None
    if form == "soon" and hit.way == "past":
        return None  # soon after what is told, not after today
    return vaguely(str(hit.get("v", "vaguely")), hit.setting.published)


@rule("moment", "the|this n:nouned", "(at) n:nouned")
def moment(hit: Hit) -> Timex | None:
    """As in "at the moment", "in the past", "in the future": only where nothing follows that they belong to."""
    form, before, after = hit.named["n"].lower, hit.word(-1), hit.lexeme(1)
    alone = hit.first == hit.last
    if form in ("past", "future"):
        goes_on = after.text.isalpha() and not listed(after.lower, "goes_on")
        tied = goes_on or after.text[:1].isdigit() or after.text in ("-", "–")
        told = not alone and before in ("in", "of", "for", "at") and not tied
        return vaguely(str(hit.get("n", "nouned")), hit.setting.published) if told else None
    if before not in ("at", "for", "until") or after.lower in ("of", "when", "that", "in"):
        return None
    if alone != (form == "present") or (form == "point" and hit.opening != "this"):
        return None
    return vaguely("PRESENT_REF", hit.setting.published)


@rule("one-day", "a:card u:unit")
def one_day(hit: Hit) -> Timex | None:
    """As in "One day the United States might ...": some time to come."""
    if hit.named["a"].lower != "one" or hit.get("u", "unit") != "day" or hit.way != "future":
        return None
    before = hit.word(-1)
    if listed(before, "before_length") or hit.word(1) in ("after", "before", "later", "earlier", "of"):
        return None
    return vaguely("FUTURE_REF", hit.setting.published)


@rule("term", "the s:shortlong hyphen? term")
def in_the_term(hit: Hit) -> Timex | None:
    """As in "in the long term": the future at large; "the long-term plan" is none."""
    after = hit.lexeme(1)
    if after is not None and after.text.isalpha() and not listed(after.lower, "goes_on") and after.lower not in ("we", "i"):
        return None
    return vaguely("FUTURE_REF", hit.setting.published)


RULES: Final[tuple[Rule, ...]] = (present, at_large, moment, one_day, in_the_term)
