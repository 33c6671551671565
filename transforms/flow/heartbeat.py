"""What a process that works on articles tells of itself meanwhile: lines in a file of its own, which whoever waits for it reads.

An engine hands nothing back before a graph's end, but the processes of this machine can all write into the staging folder. A line takes
15 microseconds, an article 60 milliseconds (measured). Where no file was named, as in pipelines of others, nothing is told.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from schemas.article import Article
from schemas.reject import Reject

SUFFIX: Final = ".heartbeat"

Step = Literal["read", "annotate", "extract", "link", "write"]


@dataclass(frozen=True, slots=True)
class Beat:
    """What a process begins with; how far it is by then."""

    at: float  # seconds since 1970
    step: Step
    extracted: int  # articles behind which it has all five extractors, but for the one at hand
    linked: int  # articles whose rows are made
    article: str = ""  # the article at hand, or the longest of several, by its title or source
    characters: int = 0  # how long that is
    together: int = 0  # articles that are taken at once


@dataclass(slots=True)
class _Heart:
    """The file of this process, and how far the process is."""

    handle: int
    extracted: int = 0
    linked: int = 0

    def tell(self, told: dict[str, object]) -> None:
        # What tells of work must not cost it: a disk that is full makes the work fail soon enough, in its own words.
        with contextlib.suppress(OSError):
            os.write(self.handle, json.dumps(told).encode() + b"\n")


_beating: Final[list[_Heart]] = []  # one at most


@contextlib.contextmanager
def beating(staging: Path, name: str) -> Iterator[None]:
    """Tell of the steps of this process, for as long as the block lasts, in a file of that name in the staging folder."""
    handle = os.open(staging / f"{name}{SUFFIX}", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
    _beating[:] = [_Heart(handle)]
    try:
        yield
    finally:
        _beating.clear()
        os.close(handle)


def beat(step: Step, *articles: Article) -> None:
    """Tell that this process begins with a step, on these articles."""
    for heart in _beating:
        longest = max(articles, key=_length, default=None)
        now = Beat(
            time.time(),
            step,
            heart.extracted,
            heart.linked,
            (longest.title or longest.source_uri) if longest else "",
            _length(longest) if longest else 0,
            len(articles),
        )
        heart.tell(asdict(now))
        heart.extracted += step == "extract"
        heart.linked += step == "link"


def set_aside(reject: Reject) -> None:
    """Tell of a reject that comes of the work itself; what reading sets aside is known before."""
    for heart in _beating:
        heart.tell({"reject": [reject.reason, reject.source_uri, reject.message]})


def _length(article: Article) -> int:
    return len(article.text or "")
