"""What is to be watched and how, checked once."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.kafka.topic_address import is_topic
from pipeline.options import LOCAL, PRISM, RunOptions, UsageError
from pipeline.remote import is_remote
from pipeline.sources import is_file
from transforms.read.clean import without_secrets

UNBOUNDED: Final = (*LOCAL, *PRISM)  # the engines that watch

_TIME: Final = re.compile(r"([0-9]{1,6})\s*([smhd])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOptions:
    """The options of `factwire watch`."""

    run: RunOptions  # what is read, and how: as a run does
    every: dt.timedelta = dt.timedelta(minutes=5)  # between two looks at a folder, and the least between two polls of a feed
    window: dt.timedelta = dt.timedelta(minutes=1)  # of an unbounded engine: what is committed at once

    def __post_init__(self) -> None:
        check_engine(self.run.engine.name)
        for source in self.run.sources:
            if is_topic(source):
                if self.run.engine.name in PRISM:
                    raise UsageError(
                        f"{without_secrets(source)}: watch reads topics on the local engine only; leave out --runner {self.run.engine.name}"
                    )
            elif is_remote(source):
                raise UsageError(
                    f"{without_secrets(source)}: watch reads feeds and folders of this machine; let a schedule call factwire run for a store"
                )

    @property
    def folders(self) -> tuple[str, ...]:
        """The sources that are neither addresses nor topics."""
        return tuple(source for source in self.run.sources if is_file(source))


def check_engine(name: str) -> None:
    """Raises UsageError for an engine that cannot watch."""
    if name == "dask":
        raise UsageError(
            "--runner dask: a Dask cluster reads what has an end, and would watch without ever writing; take local or prism, "
            "or let a schedule call factwire run --runner dask"
        )
    if name not in UNBOUNDED:
        raise UsageError(f"--runner {name}: watch runs on local, DirectRunner or prism")


def duration(given: str, option: str) -> dt.timedelta:
    """A time as a user writes it: 30s, 5m, 1h, 1d. Raises UsageError."""
    found = _TIME.fullmatch(given.strip())
    if not found or not int(found[1]):
        raise UsageError(f"{option} is a time like 30s, 5m or 1h, not {given!r}")
    return dt.timedelta(**{_UNITS[found[2]]: int(found[1])})


def shown(time: dt.timedelta) -> str:
    """A time as a user would write it."""
    seconds = round(time.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{time.total_seconds():g}s"


def counted(addresses: int, folders: Sequence[str], topics: int = 0) -> str:
    """How much is watched, in words."""
    from pipeline.wording import many

    parts = ([many(addresses, "feed")] if addresses else []) + ([many(len(folders), "folder or file")] if folders else [])
    parts += [many(topics, "topic")] if topics else []
    return " and ".join(parts).replace("folder or files", "folders or files")
