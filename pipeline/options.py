"""What a run was asked to do: frozen options, checked once. Nothing heavy is imported here."""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from transforms.user_data import NONE, UserData
from transforms.user_error import UserError

LOCAL = ("local", "DirectRunner")  # one engine: users know the second name
PRISM = ("prism", "PrismRunner")
DASK = ("dask", "DaskRunner")
_FEW = 200  # articles; below that a second process costs more than it brings (it loads Beam and the model again)


class UsageError(UserError):
    """What the user asked for cannot be done as asked; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """How addresses are fetched."""

    private: bool = False  # addresses that are not public may be fetched too, at any port
    ports: frozenset[int] = frozenset()  # of public addresses, beside 80 and 443
    ask: Literal["due", "now", "afresh"] = "due"  # those that are due; all but hosts that asked us to wait; all, and whole
    feed_gap: float = 1.0  # seconds between two requests to one host
    page_gap: float = 5.0  # the same where an article's page is fetched
    least: dt.timedelta = dt.timedelta()  # from one poll of an address to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What runs the graph."""

    name: str = "local"
    scheduler: str | None = None  # of a Dask cluster, its address
    prism: Path | None = None  # where the program is
    beam: tuple[str, ...] = ()  # Beam's own options


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """The options of `factwire run`."""

    sources: tuple[str, ...]
    output: Path
    published_at: dt.date | None = None
    columns: str = ""  # what columns are called, as --columns says it
    model: str | None = None
    workers: int | None = None  # None: auto, one a core where there is enough to do
    engine: Engine = Engine()
    max_bad: float = 0.05
    strict: bool = False
    limit: int | None = None
    recheck: bool = False
    texts: Literal["full", "none"] = "full"
    feeds: Path | None = None  # a list of feeds
    fetching: Fetching = Fetching()
    kafka_options: Path | None = None  # how the brokers of topics are spoken to
    allow_empty: bool = False  # a folder or glob without articles is no error
    own: UserData = NONE  # lexicons and gazetteer of the user

    def __post_init__(self) -> None:
        if not self.sources and self.feeds is None:
            raise UsageError("no source given; name a file, a folder, a glob or an address, or a list of feeds with --feeds")
        if not 0 <= self.max_bad <= 1:
            raise UsageError(f"--max-bad is a share from 0 to 1, not {self.max_bad}")
        if self.engine.scheduler and self.workers is not None:
            raise UsageError("--workers is about processes of this machine; a cluster behind --scheduler has its own")
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"--limit is a number of new records from 1, not {self.limit}")

    def workers_for(self, articles: int) -> int:
        """How many processes to use for so many articles."""
        if self.workers is not None:
            return self.workers
        return 1 if articles < _FEW else os.cpu_count() or 1


def day(given: str) -> dt.date:
    """A date as a user writes it, YYYY-MM-DD. Raises UsageError."""
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        raise UsageError(f"{given!r} is no date; write it as YYYY-MM-DD, for example 2025-05-05") from None


def workers(given: str) -> int | None:
    """A number of worker processes, or None for "auto". Raises UsageError."""
    if given == "auto":
        return None
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given[:9]) <= 256:
        raise UsageError(f"--workers is a number from 1 to 256 or auto, not {given!r}")
    return int(given)
