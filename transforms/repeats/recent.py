"""Which committed articles a slice may touch: the second argument of `clusters_of`.

Those are whole clusters: all members of each cluster that has a member near a fresh article, or an earlier version of one. Without
the others, members would be torn off that no fresh article comes near. Nothing is decided here: it may give too many. What is asked
of the dataset grows with the slice, its window of time and its copies, and not with the dataset.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.arrow import from_dict
from schemas.cluster import Cluster
from transforms.repeats.candidate import Candidate
from transforms.repeats.components import BANDS, ROWS_OF_BAND
from transforms.repeats.time_window import Booleans, Window

_ROWS: Final = 5_000

Signatures = npt.NDArray[np.uint32]


class Committed(Protocol):
    """What is asked of a dataset. Each answer may have more rows than were asked for, but for those of `clusters`."""

    def about(self, window: Window) -> Iterable[pa.Table]:
        """The articles of a window of time: article_id, published_at, fetched_at, words_sha256, signature."""

    def articles(self, ids: Iterable[str]) -> pa.Table:
        """All versions of articles, with the columns of a candidate."""

    def clusters(self, column: str, ids: Iterable[str]) -> pa.Table:
        """The rows of `clusters` whose `article_id` or `cluster_id` is one of these."""


def recent(fresh: pa.Table, committed: Committed) -> list[Candidate]:
    """The committed articles that may be touched by fresh ones (rows of `articles`), each latest version with its newest row in `clusters`."""
    near = set(fresh["article_id"].to_pylist())
    window, bands, words = Window.of(fresh), _Bands(_signatures(fresh)[1]), fresh["words_sha256"].combine_chunks()
    for rows in _together(committed.about(window)):
        same = pc.is_in(rows["words_sha256"], value_set=words).to_numpy()
        alike = rows.filter(pa.array(window.holds(rows) & (same | bands.shared_by(rows))))
        near.update(alike["article_id"].to_pylist())
    touched = {row["cluster_id"] for row in _newest(committed.clusters("article_id", near), "revision").values()}
    members = committed.clusters("cluster_id", touched)["article_id"].to_pylist()
    standing = _newest(committed.clusters("article_id", set(members)), "revision")
    standing = {article: row for article, row in standing.items() if row["cluster_id"] in touched}
    texts = _newest(committed.articles(standing), "version")
    return [candidate_of({**texts[article], "standing": row}) for article, row in sorted(standing.items()) if article in texts]


def _together(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in fewer tables, each of some thousand rows: what is done with one takes longer to begin than to do."""
    found: list[pa.Table] = []
    for table in tables:
        found.append(table)
        if sum(t.num_rows for t in found) >= _ROWS:
            yield pa.concat_tables(found)
            found.clear()
    if found:
        yield pa.concat_tables(found)


def _newest(rows: pa.Table, number: str) -> dict[str, dict[str, Any]]:
    """Of each article, the row with the highest number."""
    return {row["article_id"]: row for row in rows.sort_by(number).to_pylist()}


def _signatures(rows: pa.Table) -> tuple[npt.NDArray[np.intp], Signatures]:
    """Which rows have a signature, and their signatures, a row each."""
    column = rows["signature"].combine_chunks()
    signed = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    minima: Signatures = column.drop_null().flatten().to_numpy()
    return signed, minima.reshape(len(signed), -1) if len(signed) else minima.reshape(0, BANDS * ROWS_OF_BAND)


class _Bands:
    """The bands of some signatures, each minimum by half of its bits: a look into a table tells whether another has it."""

    def __init__(self, signatures: Signatures) -> None:
        self._tables = np.zeros((BANDS * ROWS_OF_BAND if len(signatures) else 0, 1 << 16), np.bool_)
        for table, minima in zip(self._tables, signatures.T, strict=False):  # some minima are in no band
            table[minima >> 16] = True

    def shared_by(self, rows: pa.Table) -> Booleans:
        """Which rows have a band in common with one of them: all that have, and one in very many that has not."""
        shared = np.zeros(rows.num_rows, np.bool_)
        signed, signatures = _signatures(rows)
        for first in range(0, len(self._tables), ROWS_OF_BAND):
            left = np.arange(len(signatures))
            for column in range(first, first + ROWS_OF_BAND):
                left = left[self._tables[column][signatures[left, column] >> 16]]
            shared[signed[left]] = True
        return shared


def candidate_of(row: Mapping[str, Any]) -> Candidate:
    """A candidate from a row of `articles` as a dict, with the newest row that it has in `clusters` as `standing` where it has one.

    Raises KeyError where a column is missing, and ValueError for an article that was not given its fingerprint: compared by
    nothing, it would silently stand alone.
    """
    if row["words_sha256"] is None:
        raise ValueError(f"article {row['article_id']} has no fingerprint")
    standing = row.get("standing")
    signature = row["signature"]
    return Candidate(
        article_id=row["article_id"],
        version=row["version"],
        published_at=row["published_at"],
        fetched_at=row["fetched_at"],
        words_sha256=row["words_sha256"],
        word_count=row["word_count"],
        signature=None if signature is None else tuple(signature),
        standing=None if standing is None else from_dict(Cluster, standing),
    )
