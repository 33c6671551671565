"""Where a dateline ends: "NAIROBI, March 11 (Agency) - The company said" begins with a place that says nothing."""

import functools
import re
from typing import Final

from transforms.towns import towns

_HEAD: Final = 600  # characters in which a dateline can stand: behind a title, perhaps a byline
_LARGE: Final = 100_000  # inhabitants of a place that a colon behind it makes a dateline: "Mumbai: The bank said"
_PLACE: Final = r"[A-Z][\w.'’-]*(?:[ /][A-Za-z][\w.'’-]*){0,4}"
_LOUD: Final = r"[A-Z][A-Z.'’-]+(?:[ /][A-Z][A-Z.'’-]*){0,4}"
_DAY: Final = r"(?:[A-Z][a-z]{2,8}\.?\s\d{1,2}|\d{1,2}\s[A-Z][a-z]{2,8}\.?)(?:,?\s\d{4})?"
_AGENCY: Final = r"\([A-Za-z][\w ./&-]{1,40}\)"
_DATELINE: Final = re.compile(
    rf"""^[ \t]*
      (?: {_LOUD}(?:,\s{_PLACE})?(?:,\s{_DAY})?(?:\s{_AGENCY})?   # a place in capitals is enough
        | {_PLACE}(?:,\s{_PLACE})?(?:,\s{_DAY}(?:\s{_AGENCY})?|\s{_AGENCY})  # another needs its day or its agency
      )
      \s*(?:--?|–|—)[ \t]+(?=["“‘'A-Z0-9$£€])""",
    re.VERBOSE | re.MULTILINE,
)
_WITH_COLON: Final = re.compile(rf"^[ \t]*(?P<place>{_PLACE})(?:,\s{_DAY})?:[ \t]+(?=[\"“‘'A-Z0-9$£€])", re.MULTILINE)


def dateline_end(text: str) -> int | None:
    """The offset behind the dateline at the head of a text, where its first sentence begins, or None."""
    found = _DATELINE.search(text, 0, _HEAD)
    if found is None:
        found = next((m for m in _WITH_COLON.finditer(text, 0, _HEAD) if m["place"].title() in _cities()), None)
    return found.end() if found else None


@functools.cache
def _cities() -> frozenset[str]:
    return frozenset(c["name"] for c in towns() if c["population"] >= _LARGE)
