"""A run: lock, recover, plan, then slice by slice extract, verify and commit; the account at the end."""

import datetime as dt
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline import engines
from pipeline.account import Account
from pipeline.dataset import Dataset, Writer, writing
from pipeline.engines.reach import Reach
from pipeline.fresh import dataset_for
from pipeline.kafka.offsets import MOST
from pipeline.kafka.topic_address import Topic
from pipeline.options import RunOptions
from pipeline.plan import Plan, planned
from pipeline.progress import SILENT, Progress
from pipeline.run_id import new_run_id
from pipeline.slices import Slices, exit_code_of
from pipeline.sources import addresses_of, at_hand, defaults_of, enter_topics, files_of, poll_of, taken_of, told_of, topics_of
from transforms.read import Sources

if TYPE_CHECKING:
    from pipeline.fetch.feed_list import FeedList
    from pipeline.kafka.topic_files import Took


_NO_FILES: Final = Sources((), ())


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
    given = Given.of(options)
    dataset = Dataset.find(options.output)
    with tempfile.TemporaryDirectory(prefix="factwire-") as folder:
        return looked(replace(given, at_once=None), dataset, folder=Path(folder), now=dt.datetime.now(dt.UTC)).plan


def run(options: RunOptions, *, progress: Progress = SILENT) -> Outcome:
    """Read the sources, extract what is new, and commit it to the dataset.

    Raises SourceError, UsageError, DatasetError, OSError (disk full) and EngineError; what was committed until then stays.
    """
    started = time.monotonic()
    given = Given.of(options)
    now = dt.datetime.now(dt.UTC)
    run_id = new_run_id(now)
    account, committed = Account(), False
    with (
        engines.started(options.engine, Reach.of(options, given.files.found)) as execute,
        dataset_for(options.output) as dataset,
        writing(dataset) as writer,
    ):
        for number, made in enumerate(_rounds(given, writer, run_id, now, progress)):
            progress.planned(made.plan.account, made.plan.articles, len(made.plan.slices))
            name = run_id if number == 0 else new_run_id(dt.datetime.now(dt.UTC))
            committed = Slices(options, name, made.plan, made.feeds, writer, execute, progress).all() or committed
            account.follow(made.plan.account)
        writer.finish()  # what a watch that was killed has left for readers: after a run, a plain glob finds each row once
    account.seconds = time.monotonic() - started
    return Outcome(run_id, account, given.files.skipped, committed, exit_code_of(account, options))


@dataclass(frozen=True, slots=True)
class Given:
    """What a run was given to read."""

    options: RunOptions
    files: Sources = _NO_FILES
    feeds: "FeedList | None" = None
    topics: tuple[Topic, ...] = ()
    at_once: int | None = MOST  # messages of a topic; None: all that there are

    @classmethod
    def of(cls, options: RunOptions) -> "Given":
        """What the options name. Raises SourceError, UsageError. Where nothing may be committed before all is known, all is read at once."""
        return cls(options, files_of(options), addresses_of(options), topics_of(options), None if options.strict else MOST)


@dataclass(frozen=True, slots=True)
class Made:
    """The plan of a run, what is to be remembered of the addresses that it asked, and what it took of topics."""

    plan: Plan
    feeds: dict[str, Any]
    taken: "Sequence[Took]" = ()


def looked(
    given: Given,
    dataset: Dataset | None,
    *,
    folder: Path,
    now: dt.datetime,
    before: "Sequence[Took] | None" = None,
    stop: threading.Event | None = None,
    tell: Progress = SILENT,
) -> Made:
    """Poll the addresses, read what came, the files and the topics, and plan what is to be done. Once `stop` is set, nothing more is asked.

    Of topics what `before` has left is read, up to where they ended then.
    """
    options = given.options
    if addresses := len(given.feeds.feeds if given.feeds else ()) + len(given.topics):
        tell.asking(addresses)
    polled = poll_of(given.feeds, dataset, options, folder=folder, now=now, stop=stop)
    here = at_hand(given.files.found, dataset, recheck=options.recheck, folder=folder)
    taken = taken_of(given.topics, dataset, options, folder=folder, most=given.at_once, before=before)
    sources = [*here, *(polled.sources if polled else ()), *(took.source for took in taken if took.source)]
    plan = planned(sources, dataset, defaults=defaults_of(options, now), limit=options.limit, recheck=options.recheck, tell=tell)
    plan.skipped = given.files.skipped
    if taken:
        enter_topics(taken, plan, dataset, now)
    return Made(plan, told_of(polled, plan) if polled else {}, taken)


def _rounds(given: Given, writer: Writer, run_id: str, now: dt.datetime, tell: Progress) -> Iterator[Made]:
    """All there is to read; of topics what was there at the beginning, so many messages at once. The next round is made when one was committed."""
    made = looked(given, writer.dataset, folder=writer.staging(run_id, "fetched"), now=now, tell=tell)
    number = 0
    while True:
        given = _left_of(given, made)
        yield made
        for path in (took.source.path for took in made.taken if took.source):
            Path(path).unlink()
        if not given.topics:
            return
        number += 1
        folder = writer.staging(run_id, f"fetched{number:04d}")
        made = looked(given, writer.dataset, folder=folder, now=dt.datetime.now(dt.UTC), before=made.taken, tell=tell)


def _left_of(given: Given, made: Made) -> Given:
    """What is to be read once a plan is done: the topics that have more, up to what the limit leaves."""
    limit = given.options.limit
    if limit is not None:
        limit -= made.plan.articles + made.plan.account.total.rejects
    more = tuple(took.topic for took in made.taken if took.has_more)
    if made.plan.unread or (limit is not None and limit < 1):
        more = ()
    return Given(replace(given.options, limit=limit) if more else given.options, topics=more, at_once=given.at_once)
