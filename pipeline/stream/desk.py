"""The desk of a watch: where its steps meet the dataset. It is in the process that holds the dataset's lock, and so are all the steps.

Windows come from the engine in any order. They are committed in the order of the looks, each as soon as those before it are: so
states of addresses, versions and copies go forward only, and what a crash leaves is a watch that was stopped earlier.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pipeline.account import Account, Tally, Written
from pipeline.copies import clusters_staged
from pipeline.dataset import Commit, IntegrityError, Writer
from pipeline.dataset.rewrite import rows_by_table
from pipeline.engines.execute import EngineError
from pipeline.stream.ahead import Ahead
from pipeline.stream.looks import Looks, Part
from pipeline.stream.told import Dropped, Told
from transforms.place import Place
from transforms.receipt import Receipt

Noted = Told | Dropped | Receipt

QUIET: Final = 3600.0  # seconds; states of addresses are committed so often where nothing new comes

_desks: Final[dict[str, "Desk"]] = {}  # those of this process, by watch


def desk(watch: str) -> "Desk":
    """The desk of a watch. Raises EngineError in any other process than the one that it was opened in."""
    if watch not in _desks:
        raise EngineError("a step of the watch runs in another process than the one that holds the dataset; run it with LOOPBACK")
    return _desks[watch]


@dataclass(slots=True)
class Window:
    """What came of one window."""

    slice: str
    told: list[Told] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    @classmethod
    def of(cls, slice: str, noted: Iterable[Noted]) -> "Window":
        """A window from all that was noted of it. Raises IntegrityError where its parts do not follow each other."""
        made = cls(slice)
        for each in noted:
            match each:
                case Told():
                    made.told.append(each)
                case Dropped():
                    made.dropped.append(each)
                case Receipt():
                    made.receipts.append(each)
        made.told.sort(key=lambda told: told.number)
        numbers = [told.number for told in made.told]
        if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            raise IntegrityError(f"window {slice} holds the parts {numbers} of what was polled, not each once; it was not committed")
        return made

    @property
    def next(self) -> int:
        """The number of the part that comes after it."""
        return self.told[-1].number + 1

    def account(self, written: Written) -> Account:
        """What became of all records that were sent into the window. Raises IntegrityError unless each came out of it once."""
        account = Account()
        for told in self.told:
            account.add(Account(dict(told.tallies)))
        sent = account.total
        for uri in {*account.sources, *written.articles, *written.rejects, *written.parts}:
            tally = account.source(uri)
            tally.articles, tally.rejects = written.articles.get(uri, 0), written.rejects.get(uri, 0)
            tally.parts = written.parts.get(uri, 0)
        lost = Counter(each.scope == "part" for each in self.dropped)
        for each in self.dropped:
            if each.scope != "part":
                tally = account.source(each.source)
                setattr(tally, each.fate, getattr(tally, each.fate) + 1)
        wrong = sorted(uri for uri, tally in account.sources.items() if not tally.balances)
        if wrong or account.total.parts + lost[True] < sent.parts:
            raise IntegrityError(_told(self.slice, wrong, account, sent))
        return account


def _told(slice: str, wrong: Sequence[str], account: Account, sent: Tally) -> str:
    if not wrong:
        return f"window {slice}: {sent.parts} parts were set aside, {account.total.parts} are in the files; it was not committed"
    tally = account.source(wrong[0])
    became = tally.articles + tally.rejects + tally.repeats + tally.unchanged + tally.filtered
    return f"window {slice}: {tally.records} records came of {wrong[0]}, {became} came out of it; it was not committed"
