"""The account of a run: what became of every record, per source, and whether the sum is right."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from transforms.flow.receipt import Receipt


@dataclass(slots=True)
class Tally:
    """The records of one source and what became of them; parts are bits of a source that are no records."""

    records: int = 0
    articles: int = 0
    rejects: int = 0
    repeats: int = 0
    unchanged: int = 0
    filtered: int = 0
    parts: int = 0
    held: int = 0  # of the rejects, those that their sources hold back or that are no text: nothing is wrong with them
    failed: bool = False  # the source could not be read, or not to its end

    def add(self, other: "Tally") -> None:
        """Add another tally to this one."""
        for f in fields(self):
            if f.name != "failed":
                setattr(self, f.name, getattr(self, f.name) + getattr(other, f.name))
        self.failed = self.failed or other.failed

    def less(self, other: "Tally") -> "Tally":
        """What this tally has beyond another."""
        rest = Tally(failed=self.failed)
        for f in fields(self):
            if f.name != "failed":
                setattr(rest, f.name, getattr(self, f.name) - getattr(other, f.name))
        return rest

    @property
    def balances(self) -> bool:
        """Whether each record ended in exactly one of the five."""
        return self.records == self.articles + self.rejects + self.repeats + self.unchanged + self.filtered


@dataclass(frozen=True, slots=True)
class FeedReport:
    """How one address fared: what became of its records stands under `source`, its name among the sources."""

    status: str  # read, unchanged, not_due, waiting, same, off, refused, failed, gone, put_off (stopped before),
    # forgotten (taken down)
    source: str
    http: int | None = None  # the status that its server gave
    trouble: str | None = None  # what is wrong and what to do
    warnings: tuple[str, ...] = ()
    next_due: str | None = None  # ISO 8601, UTC
    pages: Mapping[str, int] = field(default_factory=dict)  # full texts: fetched, failed, robots (forbidden), put_off


@dataclass(slots=True)
class Account:
    """The account of a run, or of one slice of it."""

    sources: dict[str, Tally] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    feeds: dict[str, FeedReport] = field(default_factory=dict)  # by address
    notes: list[str] = field(default_factory=list)  # what concerns no single source

    def source(self, uri: str) -> Tally:
        """The tally of a source, made if it is new."""
        return self.sources.setdefault(uri, Tally())

    @property
    def total(self) -> Tally:
        """All sources together."""
        whole = Tally()
        for tally in self.sources.values():
            whole.add(tally)
        return whole

    @property
    def bad_share(self) -> float:
        """Rejected records as a share of the records that were looked at anew, but for those that are only held back."""
        total = self.total
        fresh = total.records - total.unchanged
        return (total.rejects - total.held) / fresh if fresh else 0.0

    def add(self, other: "Account") -> None:
        """Add another account, source by source."""
        for uri, tally in other.sources.items():
            self.source(uri).add(tally)

    def follow(self, other: "Account") -> None:
        """Add another account, of what was read after this: of an address that was asked in both, the later counts, and the warnings of both."""
        self.add(other)
        self.add_rows(other.rows, other.languages)
        for address, report in other.feeds.items():
            before = self.feeds.get(address)
            self.feeds[address] = replace(report, warnings=tuple(dict.fromkeys((*(before.warnings if before else ()), *report.warnings))))
        self.notes += other.notes

    def less(self, other: "Account") -> "Account":
        """The tallies that this account has beyond another: what a last slice has to tell."""
        return Account({uri: tally.less(other.sources.get(uri, Tally())) for uri, tally in self.sources.items()})

    def add_rows(self, rows: Mapping[str, int], languages: Mapping[str, int]) -> None:
        """Count rows that were committed."""
        self.rows.update(rows)
        self.languages.update(languages)

    def as_dict(self) -> dict[str, Any]:
        """The account as JSON takes it."""
        total = asdict(self.total)
        failed = sorted(uri for uri, t in self.sources.items() if t.failed)
        return {
            "records": total.pop("records"),
            **{k: v for k, v in total.items() if k != "failed"},
            "failed_sources": failed,
            "rows": dict(sorted(self.rows.items())),
            "languages": dict(sorted(self.languages.items())),
            "seconds": round(self.seconds, 3),
            "sources": {uri: asdict(t) for uri, t in sorted(self.sources.items())},
            "feeds": {address: asdict(f) for address, f in sorted(self.feeds.items())},
            "notes": self.notes,
        }

    def for_manifest(self) -> dict[str, Any]:
        """The account as a commit keeps it: sources in which nothing was new stand in the sums alone.

        Else a manifest would grow with them, and tell where stands what was taken down.
        """
        told = self.as_dict()
        del told["feeds"], told["notes"]  # what is known of feeds, a manifest keeps apart
        told["sources"] = {uri: t for uri, t in told["sources"].items() if t["failed"] or t["records"] != t["unchanged"] + t["filtered"]}
        return told


@dataclass(frozen=True, slots=True)
class Written:
    """What the receipts of one slice add up to."""

    rows: dict[str, int]
    languages: dict[str, int]
    articles: dict[str, int]  # by source
    rejects: dict[str, int]
    parts: dict[str, int]

    @classmethod
    def of(cls, receipts: Iterable[Receipt]) -> "Written":
        rows, languages = Counter[str](), Counter[str]()
        articles, rejects, parts = Counter[str](), Counter[str](), Counter[str]()
        for r in receipts:
            for f in r.files:
                rows[f.table] += f.rows
            languages.update(r.languages)
            articles.update(r.articles)
            rejects.update(r.rejects)
            parts.update(r.parts)
        return cls(dict(rows), dict(languages), dict(articles), dict(rejects), dict(parts))

    @property
    def entries(self) -> int:
        """Articles and rejects that were written, parts among them."""
        return sum(sum(counts.values()) for counts in (self.articles, self.rejects, self.parts))

    def of_source(self, uri: str) -> tuple[int, int, int]:
        """Articles, rejects and parts of one source."""
        return self.articles.get(uri, 0), self.rejects.get(uri, 0), self.parts.get(uri, 0)

    def account(self) -> Account:
        """The account of the slice alone: every record that it took became an article or a reject."""
        told = Account()
        for uri in {*self.articles, *self.rejects, *self.parts}:
            came, bad, parts = self.of_source(uri)
            told.sources[uri] = Tally(records=came + bad, articles=came, rejects=bad, parts=parts)
        return told
