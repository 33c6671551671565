"""The slices of one run, extracted, proved and committed one after the other."""

import datetime as dt
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline import engines
from pipeline.account import Account, Written
from pipeline.committing import Extracted, commit
from pipeline.dataset import Input, IntegrityError, Manifest, Writer
from pipeline.graph import Graph
from pipeline.options import RunOptions
from pipeline.plan import Plan, Slice
from pipeline.progress import Progress
from transforms.read import Source

EXIT_OK, EXIT_BAD_INPUT = 0, 2


def exit_code_of(account: Account, options: RunOptions) -> int:
    """What the records of a run mean for its exit code."""
    bad = account.bad_share > options.max_bad or any(t.failed for t in account.sources.values())
    return EXIT_BAD_INPUT if bad else EXIT_OK


class Slices:
    """The slices of one run. `feeds` is what is to be remembered of addresses: it goes with the last of them.

    Files that upkeep merges on the way stay for readers for as long as `grace`.
    """

    def __init__(
        self,
        options: RunOptions,
        run_id: str,
        plan: Plan,
        feeds: Mapping[str, Any],
        writer: Writer,
        execute: engines.Execute,
        progress: Progress,
        *,
        grace: dt.timedelta = dt.timedelta(),
    ) -> None:
        self._options, self._run_id, self._writer, self._execute, self._progress = options, run_id, writer, execute, progress
        self._plan, self._feeds, self._grace = plan, feeds, grace
        self._workers = options.workers_for(plan.articles)
        self._told = Account()  # what the slices so far have told of
        self.left = len(plan.slices)  # slices that are not committed

    def all(self, *, stop: threading.Event | None = None) -> bool:
        """Extract and commit each slice; whether anything was committed. Once `stop` is set, the slice at hand, or the first, is the last."""
        if self._options.strict and exit_code_of(self._plan.account, self._options) != EXIT_OK:
            for slice in self._plan.slices:
                for take in slice.takes:
                    self._plan.account.source(take.source.uri).filtered += len(take.versions)
            return False
        if self._plan.cancelled:  # before all else, so that nobody reads it any longer
            from pipeline.cancelled import taken_down

            self._plan.account.notes += taken_down(self._writer, self._plan.cancelled)
        if not self._plan.slices:
            return self.remembered() is not None
        from pipeline.upkeep import tidied  # with what merges files, of which a run with nothing new has no use

        for number, slice in enumerate(self._plan.slices):
            if number and stop and stop.is_set():
                break
            made = self._one(slice, last=slice is self._plan.slices[-1])
            self.left -= 1
            self._progress.committed(slice.number, slice.newest, self._plan.account, made)
            tidied(self._writer, self._run_id, dt.datetime.now(dt.UTC), grace=self._grace)
        return True

    def remembered(self) -> Manifest | None:
        """Commit what files were looked at, addresses asked and topics read, though nothing in them was new; None where there was no such."""
        known = self._writer.dataset.inputs
        self._plan.inputs = [i for i in self._plan.inputs if known.get(i.uri) != i]
        if not self._plan.inputs and not self._feeds and not self._plan.topics:
            return None
        return self._commit("0000", Extracted(), self._plan.account, last=True, timings={})

    def _one(self, slice: Slice, *, last: bool) -> Manifest:
        name = f"{slice.number:04d}"
        started = time.monotonic()
        staging = self._writer.staging(self._run_id, name)
        graph = Graph.of(slice.takes, slice.articles, self._options, staging=staging, run_id=self._run_id)
        self._progress.began(graph)
        receipts = self._execute(graph, self._workers)
        self._progress.ended(graph)
        written = Written.of(receipts)
        self._settle(slice, written)
        seconds = round(time.monotonic() - started, 3)
        extracted = Extracted.of(receipts, written, staging, self._writer.dataset, run=self._run_id)
        account = self._plan.account.less(self._told) if last else written.account()  # the last one also tells of what reached no slice
        self._told.add(account)
        for each in (account, self._plan.account):
            each.add_rows(extracted.rows, written.languages)
        return self._commit(name, extracted, account, last=last, timings={"extract": seconds})

    def _settle(self, slice: Slice, written: Written) -> None:
        """Enter what became of the slice's records; a source that changed under the run's hands is a failed source."""
        for take in slice.takes:
            uri = take.source.uri
            tally, came, bad, parts = self._plan.account.source(uri), *written.of_source(uri)
            tally.articles += came
            late = len(take.versions) - came
            if came + bad + parts < take.entries and changed(take.source, self._plan.stamps):
                gone = max(0, tally.rejects - bad) if take.rejects else 0
                tally.records -= late + gone
                tally.rejects -= gone
                tally.failed = True
                self._plan.inputs = [i for i in self._plan.inputs if i.uri != uri]
            else:
                tally.rejects += late  # the model could not take them: each is a reject, or the sum is wrong and nothing is committed
        expected, got = sum(t.entries for t in slice.takes), written.entries
        if got < expected and not any(self._plan.account.source(t.source.uri).failed for t in slice.takes):
            raise IntegrityError(f"{expected - got} of {expected} records of this slice are in no table; nothing of it was committed")

    def _commit(self, name: str, extracted: Extracted, account: Account, *, last: bool, timings: Mapping[str, float]) -> Manifest:
        return commit(
            self._writer,
            self._options,
            extracted,
            account,
            run=self._run_id,
            slice=name,
            inputs=self._plan.inputs if last else (),
            feeds=self._feeds if last else {},
            topics=self._plan.topics if last else {},
            timings=timings,
        )


def changed(source: Source, stamps: Mapping[str, Input]) -> bool:
    """Whether a file is not any more what the plan read."""
    planned = stamps.get(source.uri)
    try:
        now = Path(source.path).stat()
    except OSError:
        return True
    return planned is not None and (planned.size, planned.mtime_ns) != (now.st_size, now.st_mtime_ns)
