"""How one address fared in a poll."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.fetch.feed_list import Feed
from pipeline.fetch.feed_state import FeedState, Mark
from pipeline.fetch.policy import Bad, Good
from transforms.read import Source

Status = Literal["read", "unchanged", "not_due", "waiting", "off", "refused", "failed", "gone", "same", "put_off", "forgotten"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """How one address fared in a poll. A sentence of `trouble` or `warnings` begins behind the address."""

    feed: Feed
    before: FeedState
    status: Status
    trouble: str | None = None  # what is wrong and what to do
    http: int | None = None
    result: Good | Bad | None = None  # None: it was not asked
    source: Source | None = None  # what came and is to be read
    warnings: tuple[str, ...] = ()
    marks: Mapping[str, Mark] | None = None  # of the entries whose pages were looked for, see `pages`
    pages: Mapping[str, int] = field(default_factory=dict)  # how many were fetched, failed, forbidden to robots, put off

    @property
    def uri(self) -> str:
        """What the account calls it: where it was found, else its own address."""
        return self.source.uri if self.source else self.feed.key
