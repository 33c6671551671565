"""Retryable rejects run again: what can be read now becomes rows, and its reject goes in the same commit; what still fails stays.

A source is read as the run that set it aside read it: the options stand in that run's manifest.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from pipeline import engines
from pipeline.account import Account, Written
from pipeline.copies import clusters_staged
from pipeline.dataset import Dataset, IntegrityError, Writer, writing
from pipeline.dataset.rewrite import Rewriting, rows_by_table
from pipeline.dataset.views import connect
from pipeline.kafka.client_options import options_in
from pipeline.kafka.topic_address import Topic
from pipeline.kafka.topic_state import Place, states_of
from pipeline.options import Engine, Fetching, RunOptions, UsageError
from pipeline.parts import extracted
from pipeline.plan import Plan, planned
from pipeline.progress import SILENT, Progress
from pipeline.run_id import new_run_id
from pipeline.slices import EXIT_BAD_INPUT, EXIT_OK
from pipeline.sources import addresses_of, at_hand, defaults_of, files_of, is_file, poll_of, told_of, topics_of
from schemas.ids import text_key
from schemas.reject import Reject
from transforms.flow.write import StagedFile, write_table
from transforms.read import Source, SourceError
from transforms.read.messages import message_at
from transforms.user_data import checked as user_data

if TYPE_CHECKING:
    from pipeline.fetch.feed_list import FeedList
    from pipeline.kafka.topic_files import Took

# What a reject is known by: what was set aside, and why. What has a key of its own is known by that, wherever it stands.
_WHAT: Final = ("source_uri", "scope", "step", "reason", "article_id")
_WHERE: Final = ("position", "payload")
_KEY: Final = (*_WHAT, *_WHERE, "record_key")
# By which options of a run its sources were read.
_READ_WITH: Final = (
    *("sources", "feeds", "fetching", "published_at", "columns", "model", "texts", "kafka_options", "lexicons", "gazetteer"),
)

Key = tuple[Any, ...]


@dataclass(slots=True)
class Retried:
    """How a retry ended."""

    tried: int = 0  # retryable rejects
    settled: int = 0  # of them, those that are rejects no more
    missing: tuple[str, ...] = ()  # sources that are not there any more
    account: Account = field(default_factory=Account)

    @property
    def exit_code(self) -> int:
        return EXIT_OK if self.settled == self.tried else EXIT_BAD_INPUT

    def as_dict(self) -> dict[str, Any]:
        """The outcome as JSON takes it."""
        told = {"tried": self.tried, "settled": self.settled, "missing_sources": list(self.missing), "exit_code": self.exit_code}
        return told | self.account.as_dict()


@dataclass(slots=True)
class _Batch:
    """Sources that were read with the same options."""

    options: RunOptions
    told: dict[str, Any]  # the options as the manifest has them
    sources: list[Source]  # files
    feeds: "FeedList"  # addresses
    topics: dict[Topic, frozenset[Place] | None]  # topics, and the messages that are to be read again; None: all that were read


def retry(output: Path, *, workers: int | None, beam: tuple[str, ...] = (), progress: Progress = SILENT) -> Retried:
    """Run the retryable rejects of a dataset again, one commit for each set of options that they were met with.

    Beam's options are given anew: they may hold secrets, so no manifest keeps them.

    Raises UsageError, DatasetError, OSError and EngineError; nothing of the batch at hand is committed then.
    """
    started, now = time.monotonic(), dt.datetime.now(dt.UTC)
    given = RunOptions(sources=("dataset",), output=output, workers=workers, engine=Engine(beam=beam))
    engines.check(given.engine)
    run_id = new_run_id(now)
    retried = Retried()
    with writing(Dataset.open(output)) as writer:
        waiting = _waiting(writer.dataset)
        retried.tried = sum(map(len, waiting.values()))
        read: set[str] = set()
        for number, batch in enumerate(_batches(writer.dataset, waiting, given)):
            read |= _Retry(writer, batch, run_id, f"{number:04d}", retried, progress).run(now)
        retried.missing = tuple(sorted(waiting.keys() - read))
    retried.account.seconds = time.monotonic() - started
    return retried


def _waiting(dataset: Dataset) -> dict[str, list[str]]:
    """By source that has retryable rejects, the runs that set them aside."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    with connect(dataset) as connection:
        for uri, run in connection.sql("SELECT source_uri, run_id FROM rejects WHERE retryable ORDER BY ALL").fetchall():
            found[uri].append(run)
    return found


def _batches(dataset: Dataset, waiting: dict[str, list[str]], given: RunOptions) -> Iterable[_Batch]:
    """The sources that are still there, each with the options of the newest run that set something of it aside.

    `given` has the options that are those of the retry.
    """
    told = {run: dict(commit.options) for commit in dataset.commits for run in (*commit.runs, commit.run)}
    order = {run: number for number, run in enumerate(told)}
    by_options: dict[str, tuple[dict[str, Any], set[str]]] = {}
    for uri, runs in waiting.items():
        options = told.get(max(runs, key=lambda run: order.get(run, -1)), {})
        if options.get("sources") or options.get("feeds"):
            by_options.setdefault(_same(options), (options, set()))[1].add(uri)
    for _, (options, uris) in sorted(by_options.items()):
        again = _options(options, given)
        sources = [source for source in _still_there(again) if source.uri in uris]
        feeds = _still_listed(again, uris, dataset)
        topics = {topic: _places(dataset, topic.uri) for topic in topics_of(again) if topic.uri in uris}
        if sources or feeds.feeds or topics:
            yield _Batch(again, options, sources, feeds, topics)


def _same(options: dict[str, Any]) -> str:
    return repr([options.get(name) for name in _READ_WITH])


def _options(told: dict[str, Any], given: RunOptions) -> RunOptions:
    """Raises what `user_data.checked` raises where the user's lexicons or gazetteer are not there any more."""
    published, fetching = told.get("published_at"), told.get("fetching") or {}
    return replace(
        given,
        sources=tuple(told["sources"]),
        published_at=dt.date.fromisoformat(published) if published else None,
        columns=told.get("columns") or "",
        model=told.get("model"),
        texts="none" if told.get("texts") == "none" else "full",
        feeds=Path(told["feeds"]) if told.get("feeds") else None,
        kafka_options=Path(told["kafka_options"]) if told.get("kafka_options") else None,
        fetching=Fetching(private=bool(fetching.get("private")), ports=frozenset(fetching.get("ports", ())), ask="afresh"),
        own=user_data(*(Path(told[name]) if told.get(name) else None for name in ("lexicons", "gazetteer"))),
    )


def _still_listed(options: RunOptions, uris: set[str], dataset: Dataset) -> "FeedList":
    """The addresses that lead to what was set aside. A list of feeds that is not there any more lists none."""
    from pipeline.fetch.feed_list import FeedList

    try:
        listed = addresses_of(options)
    except UsageError:
        return FeedList()
    known = dataset.feeds
    return FeedList(tuple(f for f in listed.feeds if uris & {f.key, known.get(f.key, {}).get("moved_to")}) if listed else ())


def _places(dataset: Dataset, uri: str) -> frozenset[Place] | None:
    """Which messages of a topic have retryable rejects; None where one of them tells of its article alone."""
    with connect(dataset) as connection:
        found = connection.execute("SELECT DISTINCT position FROM rejects WHERE retryable AND source_uri = $uri", {"uri": uri}).fetchall()
    places = [message_at(position) for (position,) in found]
    return None if None in places else frozenset(place for place in places if place)


def _still_there(options: RunOptions) -> Sequence[Source]:
    """The files that the sources name now. One that names nothing any more takes none of the others with it."""
    there = tuple(source for source in options.sources if is_file(source) and _names_something(replace(options, sources=(source,))))
    return files_of(replace(options, sources=there)).found if there else ()


def _names_something(options: RunOptions) -> bool:
    try:
        return bool(files_of(options).found)
    except SourceError:
        return False


class _Retry:
    """One batch, read again and committed."""

    def __init__(self, writer: Writer, batch: _Batch, run_id: str, slice: str, retried: Retried, progress: Progress) -> None:
        self._writer, self._batch, self._run_id, self._slice, self._retried = writer, batch, run_id, slice, retried
        self._progress = progress
        self._taken: dict[str, Took] = {}  # by topic

    def run(self, now: dt.datetime) -> set[str]:
        """Read, extract, and commit if anything came of it; which sources could be read at all."""
        options, dataset = self._batch.options, self._writer.dataset
        fetched = self._writer.staging(self._run_id, f"fetched{self._slice}")
        if self._batch.feeds.feeds:
            self._progress.asking(len(self._batch.feeds.feeds))
        polled = poll_of(self._batch.feeds, dataset, options, folder=fetched, now=now)
        sources = [
            *at_hand(self._batch.sources, dataset, recheck=True, folder=fetched),
            *(polled.sources if polled else ()),
            *self._messages(fetched),
        ]
        plan = planned(sources, dataset, defaults=defaults_of(options, now), recheck=True, tell=self._progress)
        feeds = told_of(polled, plan) if polled else {}
        staging = self._writer.staging(self._run_id, self._slice)
        self._progress.planned(plan.account, plan.articles, len(plan.slices))
        parts = ((s.takes, s.articles) for s in plan.slices)
        written, staged = extracted(parts, plan.articles, staging, options, self._run_id, progress=self._progress)
        _settle(plan, written)
        failing = {_key_of(reject) for reject in plan.retryable}
        read = {source.uri for source in sources}
        rewriting = Rewriting(dataset, staging)
        staged = self._without_known(rewriting, staged, failing)
        came = self._texts(rewriting, staged) if self._taken else frozenset()
        settled = self._take_settled_out(rewriting, failing, read, came)
        self._retried.settled += settled
        self._retried.account.add(plan.account)
        if settled or staged:
            staged += clusters_staged(staged, staging, dataset, run_id=self._run_id)
            self._commit(rewriting, staged, plan, written, feeds)
        return read

    def _messages(self, folder: Path) -> list[Source]:
        """The messages that are to be read again, in a file a topic. A topic that cannot be read, or has none of them any more, gives none."""
        if not self._batch.topics:
            return []
        from pipeline.kafka.topic_files import HowToRead, take_places

        asked = HowToRead(options_in(self._batch.options.kafka_options), folder, most=None)
        states = states_of(self._writer.dataset.topics)
        for topic, places in self._batch.topics.items():
            self._taken[topic.uri] = take_places(topic, states, asked, places)
        return [took.source for took in self._taken.values() if took.source]

    def _without_known(self, rewriting: Rewriting, staged: Sequence[StagedFile], failing: set[Key]) -> list[StagedFile]:
        """The staged files without rejects that the dataset has already; all that were met again go into `failing`."""
        known = {key for file in rewriting.dataset.live_files("rejects") for key in _keys(rewriting.read(file, _KEY))}
        kept = [file for file in staged if file.table != "rejects"]
        for number, file in enumerate(file for file in staged if file.table == "rejects"):
            rows = rewriting.read_staged(file)
            keys = _keys(rows)
            failing.update(keys)
            fresh = rows.filter(pa.array([key not in known for key in keys], pa.bool_()))
            if fresh.num_rows:
                kept.append(write_table("rejects", fresh, rewriting.staging, f"fresh{number:04d}"))
        return kept

    def _texts(self, rewriting: Rewriting, staged: Sequence[StagedFile]) -> frozenset[str]:
        """The keys of the texts that have become articles."""
        rows = (row for file in staged if file.table == "articles" for row in rewriting.read_staged(file).to_pylist())
        return frozenset(text_key(row["article_id"], row["text_sha256"]) for row in rows)

    def _take_settled_out(self, rewriting: Rewriting, failing: set[Key], uris: set[str], came: frozenset[str]) -> int:
        """Leave out the retryable rejects of these sources that were read and not met again; how many those are."""

        def is_settled(row: dict[str, Any]) -> bool:
            if not row["retryable"] or row["source_uri"] not in uris or _key(row) in failing:
                return False
            taken = self._taken.get(row["source_uri"])
            return taken is None or taken.was_read(row["position"], row.get("record_key"), came)

        def settled(rows: pa.Table) -> Any:
            wanted = [name for name in (*_KEY, "retryable") if name in rows.column_names]
            return pa.array([is_settled(row) for row in rows.select(wanted).to_pylist()], pa.bool_())

        return rewriting.leave_out("rejects", (*_KEY, "retryable"), settled)

    def _commit(self, rewriting: Rewriting, staged: Sequence[StagedFile], plan: Plan, written: Written, feeds: dict[str, Any]) -> None:
        rows = rows_by_table(staged)
        for account in (plan.account, self._retried.account):
            account.add_rows(rows, written.languages)
        commit = rewriting.commit(
            run=self._run_id,
            slice=self._slice,
            also=staged,
            inputs=plan.inputs,
            feeds=feeds,
            account=plan.account.for_manifest(),
            options=self._batch.told | {"retry": True},
        )
        self._writer.commit(commit)


def _settle(plan: Plan, written: Written) -> None:
    """Enter what became of the records that were taken. Raises IntegrityError where some are in no table."""
    takes = [take for slice in plan.slices for take in slice.takes]
    if written.entries < sum(take.entries for take in takes):
        raise IntegrityError("a source was changed while it was read: nothing was committed; run it again when it is complete")
    wanted: defaultdict[str, int] = defaultdict(int)
    for take in takes:
        wanted[take.source.uri] += len(take.versions)
    for uri, count in wanted.items():
        came = written.articles.get(uri, 0)
        plan.account.source(uri).articles += came
        plan.account.source(uri).rejects += count - came  # the model could not take them


def _key_of(reject: Reject) -> Key:
    return _key({name: getattr(reject, name) for name in _KEY})


def _keys(rows: pa.Table) -> list[Key]:
    """The keys of rows; those of before version 2 lack a column."""
    return [_key(row) for row in rows.select([name for name in _KEY if name in rows.column_names]).to_pylist()]


def _key(row: Mapping[str, Any]) -> Key:
    own = row.get("record_key")
    return (*(row[name] for name in _WHAT), *((own,) if own else (row[name] for name in _WHERE)))
