"""What becomes of the texts that a source gives of one article: one decision, made alike by the plan of a run and by a stream.

Pure: what is known of the article and what comes go in, the fate of each text comes out.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.dataset.takedown import is_forgotten
from schemas.article import Article
from schemas.ids import text_key

MOST_VERSIONS: Final = 24  # of an article from a feed or address: one that tells the time would else have a version a poll
_FEEDS: Final = ("rss", "atom", "jsonfeed", "sitemap")
NO_NUMBER: Final = -1
_MOST_DIGITS: Final = 18
UNDATED: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)  # stands for the date of what has none

Fate = Literal[
    "new",
    "unchanged",  # committed already, or known to be beyond the model
    "repeat",  # the same text came twice at once
    "filtered",  # one version too many, or one that came after a later one
    "forgotten",  # taken down
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be new: enough of its article to tell."""

    place: tuple[int, int]  # number of its source, position in it
    article_id: str
    text_sha256: str
    updated_at: dt.datetime
    published_at: dt.datetime
    most_versions: int | None  # None: as many as there are
    forgotten: bool = False
    item_version: int = NO_NUMBER  # the source's own number of this version
    outdated: bool = False  # a later one of the source's own numbers is committed

    @property
    def order(self) -> tuple[int, dt.datetime, dt.datetime, str, tuple[int, int]]:
        """Which of two texts of one article is the earlier, whatever the order of the input: by the source's own word, then by dates."""
        return self.item_version, self.updated_at, self.published_at, self.text_sha256, self.place


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one text; its version where it is new."""

    fate: Fate
    version: int | None = None


def candidate_of(article: Article, place: tuple[int, int], *, fetched: bool, forgotten: Collection[str]) -> Candidate:
    """An article that was read, as a candidate. `fetched` tells that it came from an address, `forgotten` has the hashes of takedowns."""
    return Candidate(
        place=place,
        article_id=article.article_id,
        text_sha256=article.text_sha256,
        updated_at=article.updated_at or UNDATED,
        published_at=article.published_at or UNDATED,
        most_versions=MOST_VERSIONS if fetched or article.input_format in _FEEDS else None,
        forgotten=is_forgotten(article, forgotten),
        item_version=number_of(article.item_version),
    )


def number_of(item_version: str | None) -> int:
    """A source's own number of a version, or NO_NUMBER where it gives none that is one."""
    given = item_version.strip() if item_version else ""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= _MOST_DIGITS else NO_NUMBER


def decided(
    known: Mapping[str, int], candidates: Iterable[Candidate], *, failed: Collection[str] = (), after: int = 0
) -> Iterator[tuple[Candidate, Decision]]:
    """The fate of each text of one article, the earliest first.

    `known` has the versions of its committed texts, by their sha256; `failed` the keys (see `ids.text_key`) of texts that the model
    could not take. New texts are numbered on from the highest version, be it one of those or `after`.
    """
    version = max((*known.values(), after))
    here: set[str] = set()
    for candidate in sorted(candidates, key=lambda c: c.order):
        text = candidate.text_sha256
        if candidate.forgotten:
            fate: Fate = "forgotten"
        elif text in known or (failed and text_key(candidate.article_id, text) in failed):
            fate = "unchanged"
        elif text in here:
            fate = "repeat"
        elif candidate.outdated or (candidate.most_versions is not None and version >= candidate.most_versions):
            fate = "filtered"
        else:
            fate = "new"
            here.add(text)
            version += 1
        yield candidate, Decision(fate, version if fate == "new" else None)
