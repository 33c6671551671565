"""What a run reads: the files that its arguments name, here or in a store, what its addresses gave when they were polled, and its topics."""

import datetime as dt
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.account import FeedReport
from pipeline.dataset import Dataset
from pipeline.dataset.takedown import hash_of_source
from pipeline.kafka.client_options import check_installed, options_in
from pipeline.kafka.topic_address import Topic, is_topic, topic_of
from pipeline.kafka.topic_state import states_of
from pipeline.options import RunOptions, UsageError
from pipeline.plan import Plan, unchanged
from pipeline.remote import copied, is_remote, listed, told_apart
from transforms.read import Defaults, NothingMatchedError, Source, Sources, sources_in
from transforms.read.column_names import NO_COLUMNS, Columns

if TYPE_CHECKING:
    from pipeline.fetch.feed_list import FeedList
    from pipeline.fetch.poll import Poll
    from pipeline.kafka.topic_files import Took

_FAILED: Final = ("refused", "failed", "gone")
_WEB: Final = re.compile(r"(?i)\s*https?://")


def is_address(source: str) -> bool:
    """Whether a source of a run is an address of the Web rather than a file."""
    return _WEB.match(source) is not None


def is_file(source: str) -> bool:
    """Whether a source of a run names files, here or in a store, rather than an address or a topic."""
    return not is_address(source) and not is_topic(source)


def files_of(options: RunOptions) -> Sources:
    """The files of a run. Raises SourceError where an argument names nothing; an empty folder or glob only unless that is allowed.

    Those that lie in a store are named only: `at_hand` has them copied.
    """
    files = [source for source in options.sources if is_file(source)]
    remote = [source for source in files if is_remote(source)]
    local = _named_by(sources_in, [source for source in files if not is_remote(source)], options)
    if not remote:
        return local
    stored = _named_by(partial(listed, beam_options=options.engine.beam), remote, options)
    return Sources((*local.found, *told_apart(stored.found, local.found)), (*local.skipped, *stored.skipped))


def _named_by(naming: Callable[[Sequence[str]], Sources], arguments: list[str], options: RunOptions) -> Sources:
    while arguments:
        try:
            return naming(arguments)
        except NothingMatchedError as error:
            if not options.allow_empty:
                raise
            arguments.remove(error.argument)
    return Sources((), ())


def at_hand(found: Sequence[Source], dataset: Dataset | None, *, recheck: bool, folder: Path) -> list[Source]:
    """The files of a run, those of stores copied into `folder` where there may be news in them. Raises OSError where that cannot be written."""

    def may_have_news(source: Source) -> bool:
        if dataset is None:
            return True
        return (recheck or unchanged(source, dataset) is None) and hash_of_source(source.uri) not in dataset.log.forgotten

    return [
        copied(source, folder / f"file-{number:05d}") if source.origin and may_have_news(source) else source
        for number, source in enumerate(found)
    ]


def defaults_of(options: RunOptions, now: dt.datetime) -> Defaults:
    """What a run that reads now says of all its articles."""
    columns = Columns.of(options.columns) if options.columns else NO_COLUMNS
    return Defaults(fetched_at=now, published_at=options.published_at, columns=columns)


def addresses_of(options: RunOptions) -> "FeedList | None":
    """The addresses of a run, from its arguments and its list of feeds, or None. Raises UsageError for what is none."""
    addresses = [source for source in options.sources if is_address(source)]
    if not addresses and options.feeds is None:
        return None
    from pipeline.fetch.feed_list import feed_list

    listed = feed_list(addresses, options.feeds)
    if not listed.feeds and not options.allow_empty:
        raise UsageError(f"{options.feeds}: names no feed to read; give each an xmlUrl, or a [[feed]] table with a url")
    return listed


def topics_of(options: RunOptions) -> tuple[Topic, ...]:
    """The topics of a run, each once. Raises UsageError for what is none, and where the client that reads them is not installed."""
    topics = {topic.uri: topic for source in options.sources if is_topic(source) for topic in [topic_of(source)]}
    check_installed(topics)
    return tuple(topics.values())


def poll_of(
    feeds: "FeedList | None",
    dataset: Dataset | None,
    options: RunOptions,
    *,
    folder: Path,
    now: dt.datetime,
    stop: threading.Event | None = None,
) -> "Poll | None":
    """What the addresses gave, spooled into `folder`; None where there are none. Once `stop` is set, nothing more is asked.

    Raises OSError where what came cannot be written.
    """
    if feeds is None:
        return None
    from pipeline.fetch.poll import poll

    fetching = replace(options.fetching, ask="afresh") if options.recheck else options.fetching
    known, forgotten = (dataset.feeds, dataset.log.forgotten) if dataset else ({}, frozenset[str]())
    made = poll(feeds.feeds, known, fetching, folder=folder, now=now, forgotten=forgotten, stop=stop)
    return replace(made, notes=feeds.notes)


def told_of(poll: "Poll", plan: Plan) -> dict[str, Any]:
    """Enter into the account how each address fared; what is to be remembered of them, fit for a commit.

    Nothing is of those that the plan's limit has left records of: the rest of such a feed would never be read.
    """
    left = {polled.feed.key for polled in poll.polled if polled.uri in plan.unread}
    states = {address: state for address, state in poll.states(plan.troubles).items() if address not in left}
    plan.account.notes += [*poll.notes, *([poll.lost] if poll.lost else ())]
    for polled in poll.polled:
        wrong = polled.trouble or plan.troubles.get(polled.uri)
        status = "failed" if polled.source and wrong else polled.status
        tally = plan.account.source(polled.uri)
        tally.failed = tally.failed or status in _FAILED
        if status == "forgotten":
            tally.records = tally.filtered = 1
        due = states.get(polled.feed.key, polled.before).due_at
        plan.account.feeds[polled.feed.key] = FeedReport(
            status=status,
            source=polled.uri,
            http=polled.http,
            trouble=wrong,
            warnings=polled.warnings,
            next_due=due.isoformat(timespec="seconds") if due else None,
            pages=dict(polled.pages),
        )
    return {address: state.as_json() for address, state in states.items()}


def taken_of(
    topics: Sequence[Topic],
    dataset: Dataset | None,
    options: RunOptions,
    *,
    folder: Path,
    most: int | None,
    before: "Sequence[Took] | None" = None,
) -> "Sequence[Took]":
    """What is new in topics, or what `before` has left of them, at most so many messages of each, spooled into `folder`.

    Raises UsageError for options that their client does not take, OSError where what came cannot be written.
    """
    if not topics:
        return ()
    from pipeline.kafka.topic_files import HowToRead, take

    asked = HowToRead(options_in(options.kafka_options), folder, most, afresh=options.recheck)
    return take(topics, states_of(dataset.topics if dataset else {}), asked, before)


def enter_topics(taken: "Sequence[Took]", plan: Plan, dataset: Dataset | None, now: dt.datetime) -> None:
    """Enter into the plan how each topic fared, and what is to be remembered of it."""
    from pipeline.kafka.topic_files import as_json, told_of_topics

    plan.topics = as_json(told_of_topics(taken, plan, states_of(dataset.topics if dataset else {}), now))
