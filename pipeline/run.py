"""A run: lock, recover, plan, then slice by slice extract, verify and commit; the account at the end."""

import datetime as dt
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline import engines
from pipeline.account import Account
from pipeline.dataset import Dataset, writing
from pipeline.engines.reach import Reach
from pipeline.fresh import dataset_for
from pipeline.options import RunOptions
from pipeline.plan import Plan, planned
from pipeline.progress import Progress, Silent
from pipeline.run_id import new_run_id
from pipeline.slices import Slices, exit_code_of
from pipeline.sources import addresses_of, at_hand, defaults_of, files_of, poll_of, told_of
from transforms.read import Sources

if TYPE_CHECKING:
    from pipeline.fetch.feed_list import FeedList


_SILENT: Final = Silent()


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


def dry_run(options: RunOptions) -> Plan:
    """What a run would do, without writing anything."""
    engines.check(options.engine)
    files, feeds = files_of(options), addresses_of(options)
    dataset = Dataset.find(options.output)
    with tempfile.TemporaryDirectory(prefix="factwire-") as folder:
        return looked(options, files, feeds, dataset, folder=Path(folder), now=dt.datetime.now(dt.UTC)).plan


def run(options: RunOptions, *, progress: Progress | None = None) -> Outcome:
    """Read the sources, extract what is new, and commit it to the dataset.

    Raises SourceError, UsageError, DatasetError, OSError (disk full) and EngineError; what was committed until then stays.
    """
    tell = progress or _SILENT
    started = time.monotonic()
    files, feeds = files_of(options), addresses_of(options)
    now = dt.datetime.now(dt.UTC)
    run_id = new_run_id(now)
    with (
        engines.started(options.engine, Reach.of(options, files.found)) as execute,
        dataset_for(options.output) as dataset,
        writing(dataset) as writer,
    ):
        made = looked(options, files, feeds, writer.dataset, folder=writer.staging(run_id, "fetched"), now=now, tell=tell)
        tell.planned(made.plan.account, made.plan.articles, len(made.plan.slices))
        committed = Slices(options, run_id, made.plan, made.feeds, writer, execute, tell).all()
        writer.finish()  # what a watch that was killed has left for readers: after a run, a plain glob finds each row once
    account = made.plan.account
    account.seconds = time.monotonic() - started
    return Outcome(run_id, account, files.skipped, committed, exit_code_of(account, options))


@dataclass(frozen=True, slots=True)
class Made:
    """The plan of a run, and what is to be remembered of the addresses that it asked."""

    plan: Plan
    feeds: dict[str, Any]


def looked(
    options: RunOptions,
    files: Sources,
    feeds: "FeedList | None",
    dataset: Dataset | None,
    *,
    folder: Path,
    now: dt.datetime,
    stop: threading.Event | None = None,
    tell: Progress = _SILENT,
) -> Made:
    """Poll the addresses, read what came and the files, and plan what is to be done. Once `stop` is set, nothing more is asked."""
    if feeds and feeds.feeds:
        tell.asking(len(feeds.feeds))
    polled = poll_of(feeds, dataset, options, folder=folder, now=now, stop=stop)
    here = at_hand(files.found, dataset, recheck=options.recheck, folder=folder)
    sources = [*here, *(polled.sources if polled else ())]
    plan = planned(sources, dataset, defaults=defaults_of(options, now), limit=options.limit, recheck=options.recheck, tell=tell)
    plan.skipped = files.skipped
    return Made(plan, told_of(polled, plan) if polled else {})
