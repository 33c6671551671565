"""Which articles are copies of one another, and the rows of `clusters` that say so (clusters.is_canonical).

Two articles are copies if they lie within seven days of each other and
- their words are the same (exact), or
- their signatures share a band (LSH) and their shingles have a Jaccard index of .6, or one holds .8 of the other (near).
Copies of copies are copies: a cluster is a connected component. All of this reads only the articles themselves, never
what was found before, so the end is the same in whatever order and slices they come; the rows written before serve
only to leave out those that would say nothing new.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from schemas.cluster import Cluster
from transforms.repeats.candidate import Candidate
from transforms.repeats.components import components


def clusters_of(fresh: Sequence[Candidate], recent: Sequence[Candidate], *, run_id: str = "") -> list[Cluster]:
    """The rows to add to `clusters`, by article_id: for what is new, and for what now stands elsewhere.

    `fresh` are the articles of this slice; `recent` the committed ones that may be touched (see `recent.recent`), which is
    whole clusters: all members of each cluster that has a member near a fresh article, or an earlier version of one.
    Of several versions of an article the highest counts. To settle a cluster from which an article was taken away,
    give the members that remain as `recent`.
    """
    given = sorted((*fresh, *recent), key=lambda c: (c.article_id, c.version, c.words_sha256))
    articles = [list(versions) for _, versions in groupby(given, key=lambda c: c.article_id)]
    counting = [versions[-1] for versions in articles]
    standing = {versions[-1].article_id: _newest(versions) for versions in articles}
    rows = [row for copies in components(counting) for row in _rows(copies, standing, run_id)]
    return sorted(rows, key=lambda row: row.article_id)


def _newest(versions: Sequence[Candidate]) -> Cluster | None:
    rows = [c.standing for c in versions if c.standing is not None]
    return max(rows, key=lambda row: row.revision, default=None)


def _rows(copies: Sequence[Candidate], standing: Mapping[str, Cluster | None], run_id: str) -> Iterator[Cluster]:
    """The rows of one whole cluster that its members do not have yet."""
    canonical = min(copies, key=_precedence)
    smallest = min(c.article_id for c in copies)
    for copy in copies:
        before = standing[copy.article_id]
        row = Cluster(
            article_id=copy.article_id,
            version=copy.version,
            published_at=copy.published_at,
            cluster_id=smallest,
            is_canonical=copy is canonical,
            duplicate_kind=_kind(copy, canonical),
            revision=before.revision + 1 if before else 1,
            run_id=run_id,
        )
        if before is None or replace(before, revision=row.revision, run_id=run_id) != row:
            yield row


def _precedence(candidate: Candidate) -> tuple[bool, dt.datetime, str]:
    """Sorts the canonical copy first; an article without a date comes after all that have one."""
    published = candidate.published_at
    return published is None, published or candidate.fetched_at, candidate.article_id


def _kind(copy: Candidate, canonical: Candidate) -> Literal["exact", "near"] | None:
    if copy is canonical:
        return None
    return "exact" if copy.words_sha256 == canonical.words_sha256 else "near"
