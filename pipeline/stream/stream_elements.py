"""What travels through the unbounded graph beside articles and rejects: what was shown, and what is told of it to the commit."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.account import Tally
from pipeline.stream.ahead import NOTHING, Ahead
from schemas.article import Article
from schemas.reject import Reject

Scope = Literal["article", "record", "part"]  # a record that is an article, one that is a reject, a reject that is no record


@dataclass(frozen=True, slots=True)
class Shown:
    """What one look has of one article that the dataset does not hold: its texts, the earliest version first. Or one reject."""

    items: tuple[Article | Reject, ...]
    fetched: bool  # it came from an address
    after: int = 0  # the highest version of the article that is committed


@dataclass(frozen=True, slots=True)
class Dropped:
    """A record, or a part of one, that was on its way already, or is one version too many."""

    source: str
    scope: Scope
    fate: Literal["unchanged", "filtered"]


@dataclass(frozen=True, slots=True)
class Told:
    """What a look says of one part of what it found: the counts that must come out of the graph again, and what is to be remembered."""

    number: int  # of the part, since the watch began
    tallies: Mapping[str, Tally]  # by source, as the part was sent on
    looked_at: dt.datetime
    newest: dt.datetime | None = None  # when the last published of its articles was
    ahead: Ahead = NOTHING  # with the last part of a look, as is
    cancelled: frozenset[str] = frozenset()  # articles that their sources have cancelled

    @property
    def articles(self) -> int:
        """How many articles were sent on."""
        return sum(tally.articles for tally in self.tallies.values())
