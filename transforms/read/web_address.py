"""Web addresses as they are kept: http and https only, normalised, without secrets."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from transforms.read.clean import clean_text

LONGEST_URL: Final = 2048  # characters

# Of "api_key", "X-Amz-Signature" and "authToken" the last part tells; "keywords" and "author" are no secrets.
_SECRET_NAME: Final = re.compile(r"(?i)(?:key|token|sig|signature|secret|password|passwd|auth)$")
_SPACE: Final = re.compile(r"\s")


def canonical_url(address: str | None) -> str | None:
    """The address in the form that identifies an article, or None where it is no address of the web.

    Userinfo and the values of `key|token|sig|secret|password|auth` parameters are taken out before anything else,
    then courlan sorts the query and drops trackers. Addresses over 2,048 characters are none.
    """
    plain = web_address(address)
    if plain is None:
        return None
    from courlan import normalize_url  # it takes a tenth of a run that finds nothing new, which has no use for it

    try:
        return normalize_url(plain)
    except (ValueError, UnicodeError):
        return None


def web_address(address: str | None) -> str | None:
    """The address as given but for its secrets, or None where it is not http or https, or too long."""
    if not address or len(address) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(_SPACE.sub("", clean_text(address)))
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return None
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(SplitResult(parts.scheme, host, parts.path, _public(parts.query), _public(parts.fragment)))
    except (ValueError, UnicodeError):
        return None


def _public(query: str) -> str:
    """A query without its secret parameters."""
    return "&".join(part for part in query.split("&") if not ("=" in part and _SECRET_NAME.search(part.partition("=")[0])))
