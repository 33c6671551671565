"""The full text of entries that a feed gives short or cut: the pages that they name, where robots may fetch them.

A page is fetched once for each state of its entry. Which entries were done, by hashes of what the feed says of them, is remembered with
the feed's validators: an entry that is still as it was is not read again at all, since its text without the page would look like a new
version. The dataset's own rows could not tell: they hold the page's text, not what the feed said. Both commit together, so that lost
hashes cost pages fetched again, whose texts are then known.
"""

import contextlib
import datetime as dt
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pipeline.dataset.takedown import is_forgotten
from pipeline.fetch import policy
from pipeline.fetch.feed_state import Mark, key_of
from pipeline.fetch.http_client import ROBOT, Answer, Client, FetchError
from pipeline.fetch.lanes import in_lanes
from pipeline.fetch.outcome import Polled
from pipeline.fetch.robots import Robots
from pipeline.fetch.turns import StoppedError
from schemas.article import Article
from schemas.ids import digest
from transforms.read import Defaults, Source, records_in
from transforms.read.apart import ParsingError
from transforms.read.content import all_of
from transforms.read.feed import LARGEST_FEED, feed_of
from transforms.read.feed_pages import write_page_texts
from transforms.read.feed_parse import Entry
from transforms.read.web_page import page_of

SHORT: Final = 600  # characters; an article of news is longer
MOST_PAGES: Final = 50  # of one feed in one poll: at five seconds each four minutes of a host's time
TRIES: Final = 3

_CUT: Final = re.compile(r"(?i)(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\b(?:read|see) more|\bcontinue reading|\bfull (?:story|article))[\s\W]*\Z")
_ACCEPT: Final = "text/html, application/xhtml+xml;q=0.9"
_HASH: Final = 12  # hex digits: collisions would need millions of entries in one feed


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One page that is to be fetched: for which entry of which feed, known by which hashes, with how many tries left."""

    feed: int
    entry: int
    address: str
    entry_key: str
    content: str
    tries: int


@dataclass(slots=True)
class _Found:
    """What the pages of one feed gave."""

    texts: dict[int, str] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)  # entries whose page is tried again
    counts: Counter[str] = field(default_factory=Counter)
    settled: set[int] = field(default_factory=set)  # entries whose page need not be put off: entered last of all that is of them

    def copy(self) -> "_Found":
        """What is there now; of what a thread is just entering, nothing counts that is not settled."""
        settled = set(self.settled)
        return _Found(dict(self.texts), dict(self.marks), set(self.known), set(self.waiting), Counter(self.counts), settled)


def has_open(marks: Mapping[str, Mark]) -> bool:
    """Whether pages are still to be fetched: then the feed is read again though it has not changed."""
    return any(tries for _, tries in marks.values())


def wants_page(entry: Entry) -> bool:
    """Whether the feed gives less than the article."""
    return entry.link is not None and (len(entry.text) < SHORT or _CUT.search(entry.text[-100:]) is not None)


def with_pages(
    polled: list[Polled],
    client: Client,
    folder: Path,
    now: dt.datetime,
    *,
    forgotten: Collection[str] = frozenset(),
    stop: threading.Event | None = None,
) -> list[Polled]:
    """The outcomes, with the texts of pages beside the feeds that want them. `client` keeps the pace of pages. Raises OSError.

    `forgotten` has the hashes of what was taken down: its pages are not asked for. Once `stop` is set, none is.
    """
    found: defaultdict[int, _Found] = defaultdict(_Found)
    lanes: defaultdict[str, list[_Wanted]] = defaultdict(list)
    for number, each in enumerate(polled):
        if each.source and (each.feed.full_text or _is_sitemap(each.source)):
            taken_down = _taken_down(each.source, now, forgotten)
            for wanted in _wanted(number, each, found[number], taken_down):
                lanes[policy.host_of(wanted.address)].append(wanted)
    fetching = _Fetching(client, folder, now)

    def fetch(lane: list[_Wanted]) -> None:
        with contextlib.suppress(StoppedError):
            for wanted in lane:
                if not fetching.one(wanted, found[wanted.feed]):
                    return

    in_lanes(lanes.values(), fetch, stop=stop)
    # As it stands now: a lane that was left to itself may still go on.
    came = {number: each.copy() for number, each in found.items()}
    for wanted in (wanted for lane in lanes.values() for wanted in lane):
        if wanted.entry not in came[wanted.feed].settled:
            _put_off(wanted, came[wanted.feed])
    return [_completed(each, came[number]) if number in came else each for number, each in enumerate(polled)]


def _is_sitemap(source: Source) -> bool:
    """Whether the source names articles and holds none: then their pages are fetched whether or not that was asked for."""
    return source.format == "sitemap"


def _completed(polled: Polled, found: _Found) -> Polled:
    if polled.source is None:
        return polled
    beside = Path(f"{polled.source.path}.pages")
    write_page_texts(beside, found.texts)
    # A headline alone is no first version of the article whose page is still to come.
    known = found.known | found.waiting if _is_sitemap(polled.source) else found.known
    source = replace(polled.source, pages=str(beside), known=frozenset(known))
    return replace(polled, source=source, marks=found.marks, pages=dict(found.counts))


def _taken_down(source: Source, now: dt.datetime, forgotten: Collection[str]) -> frozenset[int]:
    """The entries of a feed that are articles which must not be read again, by their number."""
    if not forgotten:
        return frozenset()
    records = records_in(source, defaults=Defaults(now))
    return frozenset(r.position for r in records if isinstance(r.item, Article) and is_forgotten(r.item, forgotten))


def _wanted(number: int, polled: Polled, found: _Found, taken_down: Collection[int]) -> Iterator[_Wanted]:
    """The pages of one feed that are to be fetched now; entries that were done are marked as known."""
    left = MOST_PAGES
    for entry in _entries(polled):
        if entry.number in taken_down or not wants_page(entry):
            continue
        key = digest(entry.link or entry.guid or entry.title or "")[:_HASH]
        content = digest(entry.title or "", entry.text, entry.published or "", entry.updated or "")[:_HASH]
        before, tries = polled.before.entries.get(key, ("", TRIES))
        if before == content and tries == 0:
            found.known.add(entry.number)
            found.marks[key] = (content, 0)
            continue
        wanted = _Wanted(number, entry.number, entry.link or "", key, content, tries if before == content else TRIES)
        if left:
            left -= 1
            yield wanted
        else:
            _put_off(wanted, found)


def _entries(polled: Polled) -> tuple[Entry, ...]:
    if polled.source is None:
        return ()
    data, _ = all_of(polled.source.path, LARGEST_FEED)
    try:
        return feed_of(data, polled.source).entries
    except ParsingError:
        return ()  # reading it will say so


def _put_off(wanted: _Wanted, found: _Found) -> None:
    found.waiting.add(wanted.entry)
    found.marks[wanted.entry_key] = (wanted.content, wanted.tries)
    found.counts["put_off"] += 1


class _Fetching:
    """Pages, one after the other in each lane."""

    def __init__(self, client: Client, folder: Path, now: dt.datetime) -> None:
        self._client, self._folder, self._now = client, folder, now
        self._robots = Robots(ROBOT, self._rules)

    def one(self, wanted: _Wanted, found: _Found) -> bool:
        """Fetch one page, and enter what came of it, unless it is put off; whether its host may be asked again. Raises StoppedError."""
        if not self._robots.allows(wanted.address):
            found.counts["robots"] += 1
            found.settled.add(wanted.entry)
            return True
        spool = self._folder / f"page-{wanted.feed:05d}-{wanted.entry:05d}"
        answer: Answer | None = None
        text = None
        try:
            answer = self._client.fetch(wanted.address, spool, {"Accept": _ACCEPT})
            text = self._text(answer, spool) if answer.status == 200 else None
        except (FetchError, ParsingError):
            text = None  # counted below; the entry keeps what the feed says
        finally:
            spool.unlink(missing_ok=True)
        if answer and answer.status in policy.BUSY:
            return False
        if text is None:
            found.counts["failed"] += 1
            found.marks[wanted.entry_key] = (wanted.content, wanted.tries - 1)
            if wanted.tries > 1:
                found.waiting.add(wanted.entry)
        else:
            found.counts["fetched"] += 1
            found.texts[wanted.entry] = text
            found.marks[wanted.entry_key] = (wanted.content, 0)
        found.settled.add(wanted.entry)
        return True

    def _text(self, answer: Answer, spool: Path) -> str:
        page = page_of(
            spool.read_bytes(), fetched_at=self._now, address=key_of(answer.address), content_type=answer.headers.get("content-type")
        )
        return page.text

    def _rules(self, at: str) -> tuple[int, bytes] | None:
        spool = self._folder / f"robots-{digest(at)}"
        try:
            answer = self._client.fetch(at, spool, {"Accept": "text/plain"})
            return answer.status, spool.read_bytes() if answer.status == 200 else b""
        except FetchError:
            return None
        finally:
            spool.unlink(missing_ok=True)
