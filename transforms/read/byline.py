"""Author lines: the names in what a source gives, without mail addresses, labels, initials and offices."""

import re
from collections.abc import Iterable
from typing import Final

from transforms.read.page_title import key_of

LONGEST_NAME: Final = 80  # characters
LONGEST_LINE: Final = 2_000  # characters that are looked at

_ADDRESS: Final = re.compile(r"\(?(?:https?://|www\.)[^\s)]*\)?|<?[\w.+-]+@[\w-]+\.[\w.-]+>?", re.IGNORECASE)
# "Ada Holm Monday, 3 May"
_WHEN: Final = re.compile(r"[\s,]*\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Updated|Published)\b|\d{1,2}:\d\d).*", re.DOTALL)
_LABEL: Final = re.compile(
    r"(?:(?:[^\W\d]+\s)?by|von|par|por|door|autor(?:in|en|es)?|authors?|auteurs?|text|tekst)(?::\s*|\s+)(?=\S+\s)", re.IGNORECASE
)
_INITIALS: Final = re.compile(r"\s*\((?:[\w.]{1,5}|https?:[^)]*|www\.[^)]*)?\)")
_OFFICE: Final = re.compile(r"\s+[/|]\s+.*")  # "Ada Holm / Journalist"
_AND: Final = re.compile(r"\s*[,;]\s+|\s+(?:and|und|og|och|et|y|e|en|&)\s+(?=\S+\s+\S)", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"\s*;\s+|\s*,\s+")


def names_in(given: Iterable[str]) -> list[str]:
    """The names in what is given, each once. Numbers, addresses and what a picture's credit says are none."""
    kept: dict[str, str] = {}
    for text in given:
        for name in _split(_bare(text[:LONGEST_LINE])):
            plain = " ".join(name.split()).strip(" ,;:-–|/")
            if key_of(plain) and len(plain) <= LONGEST_NAME and ":" not in plain and not plain.isdecimal() and plain[0] not in "@(":
                kept.setdefault(key_of(plain), plain)
    return list(kept.values())


def _bare(text: str) -> str:
    """What is left of names without addresses, initials, days and offices, and the label before them."""
    for wrong in (_ADDRESS, _INITIALS, _WHEN, _OFFICE):
        text = wrong.sub("", text)
    return _LABEL.sub("", text.strip(), count=1)


def _split(text: str) -> list[str]:
    """The names of a list. "and" joins two only where a first name and a surname follow and went before: "Le Figaro et AFP" is one."""
    parts = _AND.split(text)
    return parts if len(parts) > 1 and all(" " in part.strip() for part in parts[:1]) else _SEVERAL.split(text)
