"""Where a dateline ends: "NAIROBI, March 11 (Agency) - The company said" begins with a place that says nothing."""

import re
from typing import Final

_HEAD: Final = 600  # characters in which a dateline can stand: behind a title, perhaps a byline
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


def dateline_end(text: str) -> int | None:
    """The offset behind the dateline at the head of a text, where its first sentence begins, or None."""
    found = _DATELINE.search(text, 0, _HEAD)
    return found.end() if found else None
