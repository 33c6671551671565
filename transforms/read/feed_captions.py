"""Captions in feeds: what Media RSS says of a picture is no text of the entry that shows it."""

import re
from typing import Final

ENTRY_END: Final = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)

# The namespace as the format gives it, and as many write it, without the last slash.
_MEDIA: Final = re.compile(rb"\bxmlns:([\w.-]{1,40})\s*=\s*[\"']http://search\.yahoo\.com/mrss/?[\"']")
_REST_OF_TAG: Final = rb"[^<>]{0,200}?"  # the format knows one attribute, type


def without_captions(data: bytes) -> bytes:
    """The feed without the descriptions of its pictures and films; the same bytes where it has none.

    feedparser (6.0.14, its namespaces/mediarss.py) hands on <media:description> as it does <description>: whichever stands first in an entry
    is the `summary`, and the other one `content`, where full texts are. Nothing there tells the two apart.
    """
    prefixes = {re.escape(prefix) for prefix in _MEDIA.findall(data)}
    if not prefixes:
        return data
    caption = b"<(?P<closes>/?)(?:" + b"|".join(sorted(prefixes)) + rb"):description\b" + _REST_OF_TAG + b"(?P<is_whole>/?)>"
    kept: list[bytes] = []
    kept_to, opened = 0, -1
    for found in re.finditer(caption + b"|" + ENTRY_END.pattern, data, re.IGNORECASE):
        if found["closes"] is None:  # the end of an entry: what is open there was only spoken of, in a text
            opened = -1
            continue
        if opened < 0 and not found["closes"]:
            opened = found.start()
        if opened >= 0 and (found["closes"] or found["is_whole"]):
            kept.append(data[kept_to:opened])
            kept_to, opened = found.end(), -1
    return b"".join((*kept, data[kept_to:]))
