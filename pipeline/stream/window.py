"""What came of one window of the graph, and the proof that it is all that went in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce

from pipeline.account import Account, Written
from pipeline.dataset import IntegrityError
from pipeline.stream.ahead import NOTHING, Ahead
from pipeline.stream.stream_elements import Dropped, Told
from transforms.flow.receipt import Receipt

Noted = Told | Dropped | Receipt


@dataclass(slots=True)
class Window:
    """What was noted of one window."""

    slice: str  # its name
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
    def first(self) -> int:
        """The number of its first part."""
        return self.told[0].number

    @property
    def next(self) -> int:
        """The number of the part that comes after it."""
        return self.told[-1].number + 1

    @property
    def ahead(self) -> Ahead:
        """What is to be remembered of addresses and files."""
        return reduce(Ahead.plus, (told.ahead for told in self.told), NOTHING)

    @property
    def cancelled(self) -> frozenset[str]:
        """Articles that their sources have cancelled."""
        return frozenset[str]().union(*(told.cancelled for told in self.told))

    def account(self, written: Written) -> Account:
        """What became of all records that were sent into the window. Raises IntegrityError unless each came out of it once."""
        account = Account()
        for told in self.told:
            account.add(Account(dict(told.tallies)))
        parts = Counter({uri: tally.parts for uri, tally in account.sources.items()})
        for uri in {*account.sources, *written.articles, *written.rejects, *written.parts}:
            tally = account.source(uri)
            tally.articles, tally.rejects = written.articles.get(uri, 0), written.rejects.get(uri, 0)
            tally.parts = written.parts.get(uri, 0)
        for each in self.dropped:
            tally = account.source(each.source)
            match each.scope, each.fate:
                case "part", _:
                    parts[each.source] -= 1
                case _, "filtered":
                    tally.filtered += 1
                case _:
                    tally.unchanged += 1
        self._prove(account, parts)
        return account

    def _prove(self, account: Account, parts: Counter[str]) -> None:
        """Raise IntegrityError where records are missing or too many, or where parts are missing; what is worked on may add parts."""
        for uri, tally in sorted(account.sources.items()):
            came = tally.articles + tally.rejects + tally.repeats + tally.unchanged + tally.filtered
            if came != tally.records:
                raise IntegrityError(f"window {self.slice}: {uri} gave {tally.records} records, {came} came out; it was not committed")
            if tally.parts < parts[uri]:
                raise IntegrityError(
                    f"window {self.slice}: of {parts[uri]} parts of {uri} {tally.parts} are in the files; it was not committed"
                )
