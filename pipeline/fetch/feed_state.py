"""What is known of each address that was fetched; it is kept in the manifests, under `feeds`, and commits with the rows."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from transforms.read.web_address import web_address

Off = Literal["gone", "failing"]
Mark = tuple[str, int]  # hash of what a feed says of an entry, and how often its page is still to be tried; 0: done

_FINGERPRINT: Final = 4  # hex digits: enough to tell a user's own feeds apart, too few to tell a secret
_ROUNDS: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """One address as it stood when it was last asked. All times are UTC."""

    address: str  # what the state is kept under, see `key_of`
    asked_at: dt.datetime | None = None
    due_at: dt.datetime | None = None  # not to be asked again before
    wait_until: dt.datetime | None = None  # its host asked for that; counts for all addresses of the host
    etag: str | None = None
    last_modified: str | None = None
    full_at: dt.datetime | None = None  # when the body was last had whole
    sha256: str | None = None  # of that body
    is_feed: bool = False  # it once was one, so a web page in its place is an error
    failures: int = 0  # in a row
    trouble: str | None = None  # what was wrong the last time, a sentence
    off: Off | None = None  # not asked any more: its server said that it is gone, or it failed too often
    moved_to: str | None = None  # where permanent redirects lead
    moved_since: dt.datetime | None = None
    moved_times: int = 0  # good fetches that they led there
    entries: Mapping[str, Mark] = field(default_factory=dict)  # of a feed with full text: see `pages`

    def as_json(self) -> dict[str, Any]:
        """The state as a manifest keeps it: what is not known is left out."""
        told: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name != "address" and value not in (None, False, 0, {}):
                told[f.name] = value.isoformat(timespec="seconds") if isinstance(value, dt.datetime) else value
        return told


def state_of(address: str, told: object) -> FeedState:
    """The state from a manifest's JSON, or as it is. What cannot be understood is not known: the address is then asked afresh, and no row doubles."""
    if isinstance(told, FeedState):
        return told
    if not isinstance(told, dict):
        return FeedState(address=address)
    known: dict[str, Any] = {}
    try:
        for f in fields(FeedState):
            if f.name in told and f.name != "address":
                known[f.name] = _READ[f.name](told[f.name]) if f.name in _READ else told[f.name]
    except (TypeError, ValueError, AttributeError):
        return FeedState(address=address)
    return FeedState(address=address, **known)


def key_of(address: str) -> str:
    """What an address is called everywhere outside of the request: without its secrets, but apart from one that differs in them alone.

    For that a few digits of a slow hash of the secret stand in the fragment. Raises ValueError for what is no address.
    """
    plain = web_address(address)
    if plain is None:
        raise ValueError("no address")
    plain = plain.partition("#")[0]
    given = address.strip().partition("#")[0]
    if given == plain or urlsplit(given).geturl() == plain:
        return plain
    mark = hashlib.pbkdf2_hmac("sha256", given.encode("utf-8", "replace"), plain.encode(), _ROUNDS).hex()[:_FINGERPRINT]
    return f"{plain}#{mark}"


def _moment(told: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(told)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _marks(told: Mapping[str, Any]) -> dict[str, Mark]:
    return {str(entry): (str(content), int(missed)) for entry, (content, missed) in told.items()}


_READ: Final[dict[str, Any]] = {
    **dict.fromkeys(("asked_at", "due_at", "wait_until", "full_at", "moved_since"), _moment),
    **dict.fromkeys(("failures", "moved_times"), int),
    "entries": _marks,
}
