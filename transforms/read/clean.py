"""The one place where characters are taken out of what was read; everything else is kept as given."""

import os
import re
from typing import Final

LONGEST_EXCERPT: Final = 500  # characters

# C0 but for tab and line feed, DEL and C1, lone surrogates (which fail a whole Arrow batch), and the two
# code points that are no characters at all.
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE: Final = re.compile(r"\s+")
_SECRET_VALUE: Final = re.compile(r"(?i)([?&;#][\w.\[\]-]*(?:key|token|sig|signature|secret|password|passwd|auth)=)[^&#\s\"'<>]*")
_USER_INFO: Final = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,20}://)[^/?#\s\"'<>]{0,500}@")


def clean_text(text: str) -> str:
    """The text with CRLF and CR made LF, and without control characters and lone surrogates."""
    return _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str | None) -> str | None:
    """A name, title or byline: cleaned, on one line, null where nothing is left."""
    return _SPACE.sub(" ", clean_text(text)).strip() or None if text else None


def without_secrets(text: str) -> str:
    """The text with the credentials of addresses in it taken out: userinfo and the values of secret parameters."""
    return _SECRET_VALUE.sub(r"\1", _USER_INFO.sub(r"\1", text))


def excerpt(text: str) -> str:
    """The beginning of what was set aside, fit to be stored and shown."""
    return without_secrets(clean_text(text[: LONGEST_EXCERPT * 2]))[:LONGEST_EXCERPT]


def shown_path(path: str) -> str:
    """A path as it is stored: bytes that are no UTF-8 are escaped, since no text column can hold them."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
