"""A run: lock, recover, plan, then slice by slice extract, verify and commit; the account at the end."""

import datetime as dt
import secrets
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pipeline
from pipeline import engines
from pipeline.account import Account, Written
from pipeline.copies import clusters_staged
from pipeline.dataset import Commit, Dataset, Input, IntegrityError, Writer, writing
from pipeline.dataset.rewrite import rows_by_table
from pipeline.engines.reach import Reach
from pipeline.graph import Graph
from pipeline.options import RunOptions
from pipeline.plan import Plan, Slice, planned
from pipeline.sources import addresses_of, at_hand, files_of, poll_of, told_of
from transforms.read import Defaults, Sources
from transforms.read.clean import shown_path, without_secrets
from transforms.write import StagedFile

if TYPE_CHECKING:
    from pipeline.fetch.feed_list import FeedList

EXIT_OK, EXIT_BAD_INPUT = 0, 2


class Progress(Protocol):
    """What a run tells while it goes on; the command line draws it."""

    def planned(self, plan: Plan) -> None: ...
    def committed(self, slice: Slice, account: Account) -> None: ...


class Silent:
    """A progress that nobody looks at."""

    def planned(self, plan: Plan) -> None:
        """Say nothing."""

    def committed(self, slice: Slice, account: Account) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    run_id: str
    account: Account
    skipped: tuple[str, ...]  # files of folders that are of no known kind
    committed: bool
    exit_code: int

    def as_dict(self) -> dict[str, Any]:
        """The outcome as JSON takes it."""
        return {"run": self.run_id, "exit_code": self.exit_code, "skipped_files": list(self.skipped)} | self.account.as_dict()


def new_run_id(now: dt.datetime) -> str:
    """A name for a run: for people a time, for safety a random tail; nothing is ordered by it."""
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def dry_run(options: RunOptions) -> Plan:
    """What a run would do, without writing anything."""
    engines.check(options.engine)
    files, feeds = files_of(options), addresses_of(options)
    dataset = Dataset.find(options.output)
    with tempfile.TemporaryDirectory(prefix="factwire-") as folder:
        return _planned(options, files, feeds, dataset, Path(folder), dt.datetime.now(dt.UTC)).plan


def run(options: RunOptions, *, progress: Progress | None = None) -> Outcome:
    """Read the sources, extract what is new, and commit it to the dataset.

    Raises SourceError, UsageError, DatasetError, OSError (disk full) and EngineError; what was committed until then stays.
    """
    tell = progress or Silent()
    started = time.monotonic()
    files, feeds = files_of(options), addresses_of(options)
    now = dt.datetime.now(dt.UTC)
    run_id = new_run_id(now)
    with engines.started(options.engine, Reach.of(options, files.found)) as execute, writing(Dataset.create(options.output)) as writer:
        made = _planned(options, files, feeds, writer.dataset, writer.staging(run_id, "fetched"), now)
        tell.planned(made.plan)
        runner = _Run(options, run_id, made, writer, execute, tell)
        committed = runner.all_slices()
    account = made.plan.account
    account.seconds = time.monotonic() - started
    return Outcome(run_id, account, files.skipped, committed, _exit_code(account, options))


@dataclass(frozen=True, slots=True)
class _Made:
    """The plan of a run, and what is to be remembered of the addresses that it asked."""

    plan: Plan
    feeds: dict[str, Any]


def _planned(
    options: RunOptions, files: Sources, feeds: "FeedList | None", dataset: Dataset | None, folder: Path, now: dt.datetime
) -> _Made:
    """Poll the addresses, read what came and the files, and plan what is to be done."""
    polled = poll_of(feeds, dataset, options, folder=folder, now=now)
    here = at_hand(files.found, dataset, recheck=options.recheck, folder=folder)
    sources = [*here, *(polled.sources if polled else ())]
    defaults = Defaults(fetched_at=now, published_at=options.published_at)
    plan = planned(sources, dataset, defaults=defaults, limit=options.limit, recheck=options.recheck)
    return _Made(plan, told_of(polled, plan, whole=options.limit is None) if polled else {})


def _exit_code(account: Account, options: RunOptions) -> int:
    bad = account.bad_share > options.max_bad or any(t.failed for t in account.sources.values())
    return EXIT_BAD_INPUT if bad else EXIT_OK


class _Run:
    """The slices of one run, one after the other."""

    def __init__(self, options: RunOptions, run_id: str, made: _Made, writer: Writer, execute: engines.Execute, progress: Progress) -> None:
        self._options, self._run_id, self._writer, self._execute, self._progress = options, run_id, writer, execute, progress
        self._plan, self._feeds = made.plan, made.feeds
        articles = sum(s.articles for s in made.plan.slices)
        self._workers = options.workers_for(articles)
        self._told = Account()  # what the slices so far have told of

    def all_slices(self) -> bool:
        """Extract and commit each slice; whether anything was committed."""
        if self._options.strict and _exit_code(self._plan.account, self._options) != EXIT_OK:
            for slice in self._plan.slices:
                for take in slice.takes:
                    self._plan.account.source(take.source.uri).filtered += len(take.versions)
            return False
        if not self._plan.slices:
            return self._commit_inputs()
        for slice in self._plan.slices:
            self._one(slice, last=slice is self._plan.slices[-1])
            self._progress.committed(slice, self._plan.account)
        return True

    def _one(self, slice: Slice, *, last: bool) -> None:
        name = f"{slice.number:04d}"
        started = time.monotonic()
        staging = self._writer.staging(self._run_id, name)
        graph = Graph.of(slice.takes, slice.articles, self._options, staging=staging, run_id=self._run_id)
        receipts = self._execute(graph, self._workers)
        written = Written.of(receipts)
        self._settle(slice, written)
        extracted = time.monotonic()
        staged = [f for r in receipts for f in r.files]
        clusters = clusters_staged(staged, staging, self._writer.dataset, run_id=self._run_id)
        timings = {
            "extract": round(extracted - started, 3),
            "copies": round(time.monotonic() - extracted, 3),
            "worker_peak_mb": max((r.peak for r in receipts), default=0.0),
        }
        self._commit(name, [*staged, *clusters], written, last=last, timings=timings)

    def _settle(self, slice: Slice, written: Written) -> None:
        """Enter what became of the slice's records; a source that changed under the run's hands is a failed source."""
        for take in slice.takes:
            uri = take.source.uri
            tally, came = self._plan.account.source(uri), written.articles.get(uri, 0)
            tally.articles += came
            if came == len(take.versions):
                continue
            late = len(take.versions) - came
            if _changed(take.source.path, self._plan.inputs):
                tally.records -= late
                tally.failed = True
                self._plan.inputs = [i for i in self._plan.inputs if i.uri != uri]
            else:
                tally.rejects += late  # the model could not take them: each is a reject, or the sum is wrong and nothing is committed
        expected, got = sum(t.entries for t in slice.takes), written.entries
        if got < expected and not any(self._plan.account.source(t.source.uri).failed for t in slice.takes):
            raise IntegrityError(f"{expected - got} of {expected} records of this slice are in no table; nothing of it was committed")

    def _commit(self, name: str, staged: Sequence[StagedFile], written: Written, *, last: bool, timings: dict[str, float]) -> None:
        """Commit a slice with its own account; the last one also tells of all records that never reached a slice."""
        rows = dict(written.rows) | rows_by_table(f for f in staged if f.table == "clusters")
        account = self._plan.account.less(self._told) if last else written.account()
        self._told.add(account)
        for each in (account, self._plan.account):
            each.add_rows(rows, written.languages)
        self._writer.commit(
            Commit(
                run=self._run_id,
                slice=name,
                staged=staged,
                rows=rows,
                inputs=tuple(self._plan.inputs) if last else (),
                feeds=self._feeds if last else {},
                account=account.for_manifest(),
                options=_shown(self._options),
                timings=timings,
            )
        )

    def _commit_inputs(self) -> bool:
        """Files that were looked at and addresses that were asked are remembered, though nothing in them was new."""
        known = self._writer.dataset.inputs
        news = [i for i in self._plan.inputs if known.get(i.uri) != i]
        if news or self._feeds:
            self._writer.commit(
                Commit(
                    run=self._run_id,
                    slice="0000",
                    staged=(),
                    rows={},
                    inputs=tuple(news),
                    feeds=self._feeds,
                    account=self._plan.account.for_manifest(),
                    options=_shown(self._options),
                )
            )
        return bool(news or self._feeds)


def _changed(path: str, inputs: Iterable[Input]) -> bool:
    uri = shown_path(path)
    planned = next((i for i in inputs if i.uri == uri), None)
    try:
        now = Path(path).stat()
    except OSError:
        return True
    return planned is not None and (planned.size, planned.mtime_ns) != (now.st_size, now.st_mtime_ns)


def _shown(options: RunOptions) -> dict[str, Any]:
    """The options as the manifest keeps them, without secrets."""
    shown = {f: getattr(options, f) for f in options.__dataclass_fields__ if f not in ("engine", "sources", "own", "fetching")}
    fetching = {"private": options.fetching.private, "ports": sorted(options.fetching.ports)}
    plain = {k: v if v is None or isinstance(v, bool | int | float) else without_secrets(str(v)) for k, v in shown.items()}
    return (
        plain
        | options.own.shown()
        | {
            "runner": options.engine.name,
            "sources": [without_secrets(shown_path(s)) for s in options.sources],
            "fetching": fetching,
            "factwire": pipeline.__version__,
        }
    )
