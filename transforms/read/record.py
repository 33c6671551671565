"""What reading yields: one article or one reject for each record of a source, and what the source itself has to say."""

import datetime as dt
import math
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from schemas.article import Article
from schemas.reject import Reason, Reject, Scope
from transforms.read.clean import clean_text, excerpt, without_secrets
from transforms.read.column_names import NO_COLUMNS, Columns
from transforms.read.damage import DamageError
from transforms.read.source import Source

SOURCE_POSITION: Final = 0  # records are counted from 1
MEMBER: Final = 1 << 32  # in an archive, the position of a record is that in its member and so much for each member up to that


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a run says of all its articles: when it reads them, the day of those that carry no date, and what columns are called."""

    fetched_at: dt.datetime
    published_at: dt.date | None = None
    columns: Columns = NO_COLUMNS


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a source, counted from 1: an Article, or the Reject of scope record that stands for it.

    A reject of scope part or source is no record and counts against none: it stands at the position of the record
    that it concerns, or at 0 where it concerns the source.
    """

    position: int
    item: Article | Reject


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of one source: whose records, with which defaults, and which of them are wanted (None: all)."""

    source: Source
    defaults: Defaults
    positions: Container[int] | None = None

    def wants(self, position: int) -> bool:
        return self.positions is None or position in self.positions

    @property
    def last(self) -> float:
        """The last position that is wanted, behind which nothing need be read; infinity where what is told at the end is wanted too."""
        known = isinstance(self.positions, frozenset) and SOURCE_POSITION not in self.positions
        return max(self.positions, default=0) if known else math.inf  # type: ignore[call-overload]

    def wanted(self, records: Iterable[Record]) -> Iterator[Record]:
        return (record for record in records if self.wants(record.position))

    def reject(
        self,
        scope: Scope,
        reason: Reason,
        message: str,
        *,
        position: int = SOURCE_POSITION,
        where: str | None = None,
        key: str | None = None,
        payload: str | None = None,
        retryable: bool = False,
        article: str | None = None,
    ) -> Record:
        """A reject, ready to be yielded. `where` says in words where in the source it was ("line 12").

        `key` is what the record is known by where its position may change, `article` the id of the article that is concerned.
        """
        return Record(
            position,
            Reject(
                scope=scope,
                step="read",
                reason=reason,
                message=without_secrets(clean_text(message)),
                source_uri=self.source.uri,
                position=where,
                article_id=article,
                record_key=key,
                payload=None if payload is None else excerpt(payload),
                retryable=retryable,
                rejected_at=self.defaults.fetched_at,
            ),
        )

    def damaged(self, damage: DamageError, number: int, unit: str) -> Record:
        """The reject for damage behind so many items or rows that were read; where there are none, of the source."""
        if not number:
            return self.reject("source", damage.reason, damage.message, retryable=damage.retryable)
        message = f"{damage.message}; the {number} {unit}s before were read"
        return self.reject("part", damage.reason, message, where=f"after {unit} {number}", retryable=damage.retryable)


def place_of(position: int) -> str:
    """A position as a person finds it."""
    member, record = divmod(position, MEMBER)
    return f"record {record} of member {member}" if member else f"record {record}"
