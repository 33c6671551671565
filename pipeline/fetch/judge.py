"""What the answer of a server means for one feed: good, bad, nothing new, and why, in a sentence that says what to do."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.fetch.feed_list import Feed
from pipeline.fetch.feed_state import FeedState, key_of
from pipeline.fetch.http_client import Answer, FetchError
from pipeline.fetch.policy import BUSY, AddressAnswer, Bad, Good, retry_after
from transforms.read.content import head_of
from transforms.read.damage import DamageError
from transforms.read.format import HEAD_SIZE, PAGE_TYPES, Format, format_of_head, media_type

_CHALLENGE: Final = re.compile(
    rb"(?i)just a moment|cf-chl|challenge-platform|captcha|attention required|are you (?:a )?human|enable javascript and cookies"
)
_TTL: Final = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>")
_FEEDS: Final = ("feed", "jsonfeed", "sitemap")
_SAID: Final = {
    401: "wants a name and a password (401): give them as https://name:password@host/path",
    403: "is forbidden to us (403): ask its owner, or take it out of the list",
    404: "is not there (404): look up its new address, or take it out of the list",
    410: "is gone for good (410): it is not asked any more; take it out of the list",
    429: "was asked too often (429): its host is left alone for a while",
    503: "is overloaded or closed (503): its host is left alone for a while",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer, judged. `news` tells that there is something to read, `format` as what, where its bytes leave that open."""

    asked: AddressAnswer
    result: Good | Bad
    status: int | None
    news: bool = False
    format: Format | None = None


def judged(feed: Feed, before: FeedState, answer: Answer, spool: Path, *, conditions: dict[str, str], now: dt.datetime) -> Verdict:
    """What an answer means; a body is at `spool`."""
    if answer.status == 200:
        return _of_body(feed, before, answer, spool)
    if answer.status == 304 and conditions:
        return Verdict(AddressAnswer(failed=False), _good(answer, None, before.is_feed, dt.timedelta()), 304)
    return Verdict(AddressAnswer(failed=True), _bad_status(answer, now), answer.status)


def of_failure(error: FetchError) -> Verdict:
    """What it means that nothing came."""
    offline = error.kind == "offline"
    asked = AddressAnswer(failed=True, offline=offline, unreachable=offline or error.kind == "unreachable")
    return Verdict(asked, Bad(trouble=error.message, ours=error.kind == "refused"), None)


def _of_body(feed: Feed, before: FeedState, answer: Answer, spool: Path) -> Verdict:
    try:
        head = head_of(str(spool))
    except DamageError as damage:
        return Verdict(AddressAnswer(failed=True), Bad(trouble=f"sent what cannot be read: {damage.message}"), 200)
    if not head.strip(b"\0\t\n\r ") and len(head) < HEAD_SIZE:
        return Verdict(AddressAnswer(failed=True), Bad(trouble="answers with nothing: its owner must mend that"), 200)
    kind, expected = format_of_head(head), feed.listed or before.is_feed
    page = answer.sha256 if kind == "html" else ""
    if page and expected:
        wall = " of a wall against robots" if _CHALLENGE.search(head) else ""
        trouble = f"is not a feed: it answers with a web page{wall}; open it in a browser, and look up the address of the feed"
        return Verdict(AddressAnswer(failed=True, page=page), Bad(trouble=trouble), 200)
    if kind not in _FEEDS:
        kind = "feed" if expected else kind or _said_kind(answer.headers.get("content-type", ""))
    ttl = _TTL.search(head) if kind == "feed" else None
    good = _good(answer, answer.sha256, kind in _FEEDS, dt.timedelta(minutes=int(ttl[1])) if ttl else dt.timedelta())
    return Verdict(AddressAnswer(failed=False, page=page), good, 200, news=answer.sha256 != before.sha256, format=kind)


def _said_kind(content_type: str) -> Format | None:
    """What a server says that it sends."""
    said = media_type(content_type)
    if said.endswith(("/rss+xml", "/atom+xml", "/xml")):
        return "feed"
    return "html" if said in PAGE_TYPES else None


def _good(answer: Answer, sha256: str | None, is_feed: bool, ttl: dt.timedelta) -> Good:
    moved_to = key_of(answer.address) if answer.moved_for_good else None
    if moved_to and "#" in moved_to:
        moved_to = None  # it holds a secret, which is not to be stored
    return Good(sha256=sha256, headers=answer.headers, is_feed=is_feed, ttl=ttl, moved_to=moved_to)


def _bad_status(answer: Answer, now: dt.datetime) -> Bad:
    status = answer.status
    if status == 304:
        return Bad(trouble="answers that nothing is new (304) though nothing was asked about: its owner must mend that", lying=True)
    walled = status in (403, *BUSY) and ("cf-mitigated" in answer.headers or _CHALLENGE.search(answer.head))
    if walled:
        trouble = f"stands behind a bot wall ({status} with a challenge): ask its owner to let feed readers through"
    else:
        trouble = _SAID.get(status, f"answers with status {status}: try again later, or ask its owner")
    wait = retry_after(answer.headers, now)
    return Bad(trouble=trouble, wait=wait, busy=status in BUSY, gone=status == 410)
