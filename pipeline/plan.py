"""The plan of a run: what there is to read, what of it is new, and how it is cut into slices.

The driver reads every new or changed file once to learn the identity of its records (a hash of address and text) and asks the
dataset which of them it holds. The graph then reads just the new ones. Reading twice costs 0.2 s for 2,000 articles of text (measured);
in exchange a run with nothing new starts no engine and loads no model, versions are numbered over the whole run whatever the slices,
and workers never look into the dataset.
"""

import datetime as dt
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.account import Account
from pipeline.dataset import Dataset, Input
from pipeline.dataset.seen import failed_in, item_versions_in, rejected_in, seen_in, was_rejected
from pipeline.dataset.takedown import hash_of_source
from pipeline.decide import NO_NUMBER, UNDATED, Candidate, candidate_of, decided, number_of
from pipeline.progress import SILENT, Progress
from schemas.article import Article
from schemas.reject import Reject
from transforms.flow.take import FromSource
from transforms.read import Defaults, Source, records_in

SLICE = 500  # articles that are extracted and committed at once: what bounds the memory of a run (measured: larger ones gain 5 %)
_ASK = 3000  # ids that the dataset is asked about at once
_Read = tuple[int, Candidate | Reject]  # position in the source, and what stands there
_Bad = dict[int, list[tuple[int, str]]]  # by source: (position, reason) of what is to be set aside


@dataclass(frozen=True, slots=True)
class Slice:
    """What is extracted and committed at once."""

    number: int
    takes: tuple[FromSource, ...]
    articles: int
    newest: dt.datetime | None = None  # when the last published of its articles was


@dataclass(slots=True)
class Plan:
    """What a run will do. `account` holds what is settled before anything is extracted: repeats, unchanged and bad records."""

    slices: list[Slice] = field(default_factory=list)
    account: Account = field(default_factory=Account)
    inputs: list[Input] = field(default_factory=list)  # files read anew to their ends, as they were
    stamps: dict[str, Input] = field(default_factory=dict)  # by source: every file that was read, as it was
    new_rejects: int = 0
    troubles: dict[str, str] = field(default_factory=dict)  # by source that could not be read, or not to its end: what was wrong
    retryable: list[Reject] = field(default_factory=list)  # what could not be read now, known before or not, where another try may help
    unread: set[str] = field(default_factory=set)  # sources of which the limit has left records for the next run
    left_from: dict[str, int] = field(default_factory=dict)  # by such a source that was begun: the first position that was left
    unsettled: set[str] = field(default_factory=set)  # sources to be looked at again though unchanged: they may grow, or an embargo ends
    cancelled: set[str] = field(default_factory=set)  # articles that their sources have cancelled
    skipped: tuple[str, ...] = ()  # files of folders that are of no known kind
    topics: dict[str, Any] = field(default_factory=dict)  # by address: how far topics are read with this, fit for a commit

    @property
    def articles(self) -> int:
        """How many are to be extracted."""
        return sum(slice.articles for slice in self.slices)


def planned(
    sources: Sequence[Source],
    dataset: Dataset | None,
    *,
    defaults: Defaults,
    limit: int | None = None,
    recheck: bool = False,
    growing: Collection[str] = (),
    tell: Progress = SILENT,
) -> Plan:
    """Read the sources' records, tell new from known, and cut the new ones into slices. `dataset` is None where there is none yet.

    With `limit`, sources are read on to the first new record that is one too many. With `recheck`, nothing is left out because of
    what is known of its source, or because the model could not take it before. Of sources in `growing` (by uri) somebody may still be
    writing the end: nothing is set aside for being cut off there.
    """
    plan = Plan()
    seen = _Seen(dataset, failed=not recheck)
    left = None if limit is None else _Limit(limit, seen)
    candidates: list[Candidate] = []
    bad: _Bad = {}
    forgotten = dataset.log.forgotten if dataset else frozenset[str]()
    for number, source in enumerate(sources):
        if plan.unread:
            plan.unread.add(source.uri)
            continue
        tally = plan.account.source(source.uri)
        if forgotten and hash_of_source(source.uri) in forgotten:
            tally.records = tally.filtered = 1
            continue
        known = unchanged(source, dataset) if dataset and not recheck else None
        if known:
            tally.records = tally.unchanged = known.records
            continue
        now = _input_of(source)
        if now:
            plan.stamps[source.uri] = now
        tell.reading(number + 1, len(sources), source.uri)
        scan = _Scan(source, number, plan, seen)
        whole = scan.read(defaults, forgotten, left)
        candidates += scan.candidates
        if source.uri in growing and scan.without_end():
            plan.unsettled.add(source.uri)
        bad[number] = scan.new_rejects(tell)
        if scan.embargoed:
            plan.unsettled.add(source.uri)
        if not whole:
            plan.unread.add(source.uri)
        elif source.uri in plan.unsettled:
            pass  # it is looked at again
        elif now and not scan.retryable and not scan.holds_nothing_else:
            plan.inputs.append(Input(source.uri, now.size, now.mtime_ns, scan.records, done=True))
    candidates = [replace(c, forgotten=True) if c.article_id in plan.cancelled else c for c in candidates]
    versions = _classified(candidates, sources, seen, plan.account)
    plan.slices = list(_slices(sources, versions, bad, defaults))
    return plan


def unchanged(source: Source, dataset: Dataset) -> Input | None:
    """What the dataset says of a file that was read to its end and is as it was then; None for any other source."""
    known, now = dataset.inputs.get(source.uri), _input_of(source)
    return known if known and known.done and now and (known.size, known.mtime_ns) == (now.size, now.mtime_ns) else None


class _Seen:
    """What the dataset holds already, asked where it is wanted."""

    def __init__(self, dataset: Dataset | None, *, failed: bool) -> None:
        self._dataset, self._leaves_failed = dataset, failed
        self._failed: frozenset[str] | None = None
        self._rejected: dict[str, frozenset[str]] = {}

    def texts(self, ids: Sequence[str]) -> dict[str, dict[str, int]]:
        """By article: the versions of its texts, by their sha256."""
        found = seen_in(self._dataset, ids) if self._dataset else {}
        return {article: {text.text_sha256: text.version for text in texts} for article, texts in found.items()}

    def with_outdated(self, block: Sequence[_Read]) -> list[_Read]:
        """What was read, with those texts marked that came after later versions of their items."""
        ids = sorted({item.article_id for _, item in block if isinstance(item, Candidate) and item.item_version != NO_NUMBER})
        if not ids or not self._dataset:
            return list(block)
        newest = {article: max(map(number_of, versions)) for article, versions in item_versions_in(self._dataset, ids).items()}
        return [
            (position, replace(item, outdated=True))
            if isinstance(item, Candidate) and NO_NUMBER != item.item_version < newest.get(item.article_id, NO_NUMBER)
            else (position, item)
            for position, item in block
        ]

    @property
    def failed(self) -> frozenset[str]:
        """The texts that the model could not take."""
        if self._failed is None:
            self._failed = failed_in(self._dataset) if self._dataset and self._leaves_failed else frozenset()
        return self._failed

    def holds(self, reject: Reject) -> bool:
        """Whether the same was set aside before."""
        uri = reject.source_uri
        if uri not in self._rejected:
            self._rejected[uri] = rejected_in(self._dataset, uri) if self._dataset else frozenset()
        return was_rejected(reject, self._rejected[uri])


class _Limit:
    """How many new records are still to be taken."""

    def __init__(self, left: int, seen: _Seen) -> None:
        self._left, self._seen = left, seen
        self._texts: dict[str, dict[str, int]] = {}
        self._rejected: set[str] = set()

    def fits(self, block: Sequence[_Read]) -> int:
        """How many of these go before the first new record that is one too many."""
        unknown = {item.article_id for _, item in block if isinstance(item, Candidate)}.difference(self._texts)
        self._texts |= self._seen.texts(sorted(unknown))
        for number, (_, item) in enumerate(block):
            if self._is_new(item):
                if not self._left:
                    return number
                self._left -= 1
        return len(block)

    def _is_new(self, item: Candidate | Reject) -> bool:
        if isinstance(item, Reject):
            new = item.scope == "record" and item.key not in self._rejected and not self._seen.holds(item)
            self._rejected.add(item.key)
            return new
        texts = self._texts.get(item.article_id, {})
        ((_, decision),) = decided(texts, [item], failed=self._seen.failed)
        if decision.version is not None:
            self._texts[item.article_id] = texts | {item.text_sha256: decision.version}
        return decision.version is not None


class _Scan:
    """One source read for its records' identity."""

    def __init__(self, source: Source, number: int, plan: Plan, seen: _Seen) -> None:
        self._source, self._number, self._plan, self._seen = source, number, plan, seen
        self._tally = plan.account.source(source.uri)
        self._rejects: list[tuple[int, Reject]] = []
        self._forgotten: set[int] = set()
        self.candidates: list[Candidate] = []  # what may be an article
        self.records = 0
        self.embargoed = False  # whether something of it may be used later
        self.retryable = False  # whether another run might find more here, so that the file must be looked at again

    @property
    def holds_nothing_else(self) -> bool:
        """Whether all that it holds was taken down: then not even its name is kept."""
        return self.records > 0 and len(self._forgotten) == self.records

    def read(self, defaults: Defaults, forgotten: Collection[str], limit: _Limit | None) -> bool:
        """Read the source to its end, or to where the limit ends it; whether to its end."""
        known = len(self._source.known)
        self._tally.records += known
        self._tally.unchanged += known
        items = self._items(defaults, forgotten)
        while block := self._seen.with_outdated(list(islice(items, _ASK))):
            fitting = len(block) if limit is None else limit.fits(block)
            for position, item in block[:fitting]:
                self._enter(position, item)
            if fitting < len(block):
                self._plan.left_from[self._source.uri] = block[fitting][0]
                return False
        return True

    def _items(self, defaults: Defaults, forgotten: Collection[str]) -> Iterator[_Read]:
        fetched = self._source.address is not None
        for record in records_in(self._source, defaults=defaults, positions=_AllBut(self._source.known)):
            item, place = record.item, (self._number, record.position)
            if isinstance(item, Article):
                yield record.position, candidate_of(item, place, fetched=fetched, forgotten=forgotten)
            else:
                yield record.position, item

    def _enter(self, position: int, item: Candidate | Reject) -> None:
        if isinstance(item, Candidate) or item.scope == "record":
            self.records += 1
            self._tally.records += 1
        if isinstance(item, Candidate):
            if item.forgotten:
                self._forgotten.add(position)
            self.candidates.append(item)
        elif position not in self._forgotten:  # else a part of an article that was taken down
            self._rejects.append((position, item))
            self.retryable = self.retryable or item.retryable
            self.embargoed = self.embargoed or (item.reason == "embargoed" and item.retryable)
            self._plan.retryable += [item] if item.retryable else []
            if item.reason == "canceled" and item.article_id:
                self._plan.cancelled.add(item.article_id)

    def without_end(self) -> bool:
        """Take out what was set aside for the source's being cut off, or for what its last record is; whether there was such."""
        last = max((*(position for position, _ in self._rejects), *(c.place[1] for c in self.candidates)), default=0)
        left = [
            (position, reject) for position, reject in self._rejects if reject.fails_source or (position == last and not reject.is_held)
        ]
        self._rejects = [each for each in self._rejects if each not in left]
        self._tally.records -= sum(reject.scope == "record" for _, reject in left)
        return bool(left)

    def new_rejects(self, tell: Progress) -> list[tuple[int, str]]:
        """Positions and reasons of rejects that the dataset does not hold yet; a bad record that it holds counts as unchanged."""
        wanted: dict[tuple[int, str], None] = {}
        here: set[str] = set()
        for position, reject in self._rejects:
            old = self._seen.holds(reject)
            again = reject.record_key is not None and reject.key in here  # the same entry stands twice in its feed
            new = not old and not again
            here.add(reject.key)
            if reject.fails_source and self._source.format != "messages":  # of those each came by itself
                self._tally.failed = True
                self._plan.troubles.setdefault(self._source.uri, reject.message)
            if reject.scope == "record":
                self._tally.unchanged += old
                self._tally.repeats += again and not old
                self._tally.rejects += new
                self._tally.held += new and reject.is_held
            else:
                self._tally.parts += new
            if new:
                tell.set_aside(reject)
                wanted[position, reject.reason] = None
        self._plan.new_rejects += len(wanted)
        return sorted(wanted)


@dataclass(frozen=True, slots=True)
class _AllBut(Container[int]):
    """All positions but those that need not be read."""

    known: frozenset[int]

    def __contains__(self, position: object) -> bool:
        return position not in self.known


def _input_of(source: Source) -> Input | None:
    """The file as it is now, or None where it cannot be looked at (reading says why), or is but what was fetched for this run."""
    if source.address:
        return None
    if source.origin:
        return Input(source.uri, *source.origin.stamp, 0, done=False) if source.origin.stamp else None
    try:
        stat = Path(source.path).stat()
    except OSError:
        return None
    return Input(source.uri, stat.st_size, stat.st_mtime_ns, 0, done=False)


def _classified(candidates: Sequence[Candidate], sources: Sequence[Source], seen: _Seen, account: Account) -> list[tuple[Candidate, int]]:
    """The new texts with their versions, in the order of the sources; what becomes of the others is counted."""
    fresh: list[tuple[Candidate, int]] = []
    for group, known in _with_known(candidates, seen):
        failed = seen.failed if any(c.text_sha256 not in known for c in group) else ()
        for candidate, decision in decided(known, group, failed=failed):
            tally = account.source(sources[candidate.place[0]].uri)
            match decision.fate:
                case "new":
                    fresh.append((candidate, decision.version or 0))
                case "unchanged":
                    tally.unchanged += 1
                case "repeat":
                    tally.repeats += 1
                case "filtered" | "forgotten":
                    tally.filtered += 1
    return sorted(fresh, key=lambda f: f[0].place)


def _with_known(candidates: Sequence[Candidate], seen: _Seen) -> Iterator[tuple[list[Candidate], Mapping[str, int]]]:
    """The candidates of each article together with the texts that the dataset holds of it."""
    by_id: dict[str, list[Candidate]] = {}
    for c in candidates:
        by_id.setdefault(c.article_id, []).append(c)
    ids = sorted(by_id)
    for at in range(0, len(ids), _ASK):
        part = ids[at : at + _ASK]
        texts = seen.texts(part)
        yield from ((by_id[i], texts.get(i, {})) for i in part)


def _slices(sources: Sequence[Source], fresh: Sequence[tuple[Candidate, int]], bad: _Bad, defaults: Defaults) -> Iterator[Slice]:
    """Cut the new articles into slices; a source's rejects go with its first slice, those of sources without new articles with the first."""
    chunks: list[Sequence[tuple[Candidate, int]]] = [fresh[i : i + SLICE] for i in range(0, len(fresh), SLICE)]
    waiting = {n: tuple(places) for n, places in bad.items() if places}
    if waiting and not chunks:
        chunks = [()]
    fruitful = {c.place[0] for c, _ in fresh}
    for number, chunk in enumerate(chunks):
        here: dict[int, list[tuple[int, int]]] = {}
        for c, version in chunk:
            source, position = c.place
            here.setdefault(source, []).append((position, version))
        if number == 0:
            here |= {n: [] for n in waiting if n not in fruitful}
        takes = [FromSource(sources[n], defaults, tuple(here[n]), waiting.pop(n, ())) for n in sorted(here)]
        newest = max((c.published_at for c, _ in chunk), default=UNDATED)
        yield Slice(number, tuple(takes), len(chunk), newest if newest > UNDATED else None)
