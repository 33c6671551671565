"""Parts of longer times: "early 2009", "mid-April", "the end of next month", "earlier this year"."""

from typing import Final

from transforms.dates.pattern import Rule, rule
from transforms.dates.setting import Hit
from transforms.dates.timex import Timex, part_of


@rule("early-late", "the? p:part hyphen? to? p2:part? hyphen? the? DATE", "the? p:part hyphen? DATE")
def early_late(hit: Hit) -> Timex | None:
    """As in "early 2009", "mid-April", "the late 1980s", "late Friday"."""
    if "p2" in hit or hit.inner is None or hit.inner.modifier:
        return None
    return part_of(hit.inner, str(hit.get("p", "part")), hit.setting.published)


@rule("edge-of", "the? e:edge of? DATE", "p:part in|on DATE", "e:edge hyphen DATE")
def edge_of(hit: Hit) -> Timex | None:
    """As in "the end of last year", "the beginning of the year", "the rest of the week", "late in 2010"."""
    if hit.inner is None:
        return None
    part = str(hit.get("e", "edge") or hit.get("p", "part"))
    last = hit.words[-1]
    joined = last in ("of", "-", "–")
    named = joined or (hit.opening == "the" and last in ("end", "start", "beginning"))
    led = hit.opening == "the" or hit.word(-1) in ("at", "by", "until", "since", "from", "before", "to", "the")
    if "e" in hit and not (named and led):
        return None
    return part_of(hit.inner, part, hit.setting.published)


@rule("earlier-later", "s:sooner in? on? DATE")
def earlier_later(hit: Hit) -> Timex | None:
    """As in "earlier this week", which ends at publication, and "later this year", which begins there."""
    inner = hit.inner
    if inner is None or not inner.relative or inner.modifier:
        return None
    if inner.unit == "day" and inner.direction == "past":
        return inner  # "earlier Tuesday" is told on Wednesday: on that day
    return part_of(inner, str(hit.get("s", "sooner")), hit.setting.published)


RULES: Final[tuple[Rule, ...]] = (early_late, edge_of, earlier_later)
