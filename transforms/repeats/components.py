"""Copies of copies: candidates in groups, each a connected component of the relation "is a copy of".

Candidates are compared only where they meet: under the hash of their words, or in a band of their signatures (locality
sensitive hashing, Indyk and Motwani 1998; bands as in Leskovec et al., Mining of Massive Datasets, 3.4). With 42 bands of
3 minima, texts of Jaccard index J meet with a chance of 1 - (1 - J^3)^42: .996 at .5, .84 at .35 (a text cut to that
share), .04 at .1. Broad on purpose: what meets is then measured, and unrelated articles have an index near 0.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.repeats.candidate import Candidate
from transforms.repeats.fingerprint import MINIMA, SHINGLE

ROWS_OF_BAND: Final = 3
BANDS: Final = MINIMA // ROWS_OF_BAND
JACCARD: Final = 0.6
CONTAINMENT: Final = 0.8
WINDOW: Final = dt.timedelta(days=7)

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)

_BAND: Final = np.dtype((np.void, ROWS_OF_BAND * np.dtype(np.uint32).itemsize))  # a band as one value

Indices = npt.NDArray[np.intp]
Booleans = npt.NDArray[np.bool_]
Alike = Callable[[int, Indices], Booleans]


def components(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """The candidates (one an article) in groups of copies, singletons included; each group in the order given."""
    labels: Indices = np.arange(len(candidates))
    in_time = _in_time(candidates)
    words = np.array([c.words_sha256.encode() for c in candidates], np.bytes_)
    for bucket in _buckets(words, np.arange(len(candidates))):
        _join(labels, bucket, in_time)
    signed = np.array([i for i, c in enumerate(candidates) if c.signature is not None], np.intp)
    if signed.size > 1:
        signatures = np.array([candidates[i].signature for i in signed], np.uint32)
        near = _near(candidates, signed, signatures)
        for band in range(BANDS):
            minima = np.ascontiguousarray(signatures[:, band * ROWS_OF_BAND : (band + 1) * ROWS_OF_BAND])
            for bucket in _buckets(minima.view(_BAND).ravel(), signed):
                _join(labels, bucket, lambda one, others: near(one, others) & in_time(one, others))
    groups = defaultdict(list)
    for label, candidate in zip(labels.tolist(), candidates, strict=True):
        groups[label].append(candidate)
    return list(groups.values())


def _buckets(keys: npt.NDArray[Any], indices: Indices) -> Iterator[Indices]:
    """The indices in groups of equal keys, but for those that are alone."""
    order = np.argsort(keys, kind="stable")
    other = np.flatnonzero(keys[order[1:]] != keys[order[:-1]]) + 1  # where another key begins
    starts, ends = np.concatenate(([0], other)), np.concatenate((other, [len(order)]))
    return (indices[order[start:end]] for start, end in zip(starts, ends, strict=True) if end - start > 1)


def _join(labels: Indices, bucket: Indices, alike: Alike) -> None:
    """Give one label to all of a bucket that are tied by likeness, pair by pair or through others.

    A pair that has one label already needs no comparing, so a thousand copies of one text cost a thousand comparisons, not half
    a million.
    """
    for place in range(len(bucket) - 1):
        one, rest = bucket[place], bucket[place + 1 :]
        others = rest[labels[rest] != labels[one]]
        if not others.size:
            continue
        tied = labels[others[alike(int(one), others)]]
        if tied.size:
            labels[np.isin(labels, tied)] = labels[one]


def _in_time(candidates: Sequence[Candidate]) -> Alike:
    """Whether two were published within the window; where either has no date, whether they were fetched within it."""
    dated = np.array([c.published_at is not None for c in candidates], np.bool_)
    published = np.array([_microseconds(c.published_at or c.fetched_at) for c in candidates], np.int64)
    fetched = np.array([_microseconds(c.fetched_at) for c in candidates], np.int64)
    window = WINDOW // _MICROSECOND

    def alike(one: int, others: Indices) -> Booleans:
        by_publication = np.abs(published[others] - published[one]) <= window
        by_fetching = np.abs(fetched[others] - fetched[one]) <= window
        chosen: Booleans = np.where(dated[others] & dated[one], by_publication, by_fetching)
        return chosen

    return alike


def _near(candidates: Sequence[Candidate], signed: Indices, signatures: npt.NDArray[np.uint32]) -> Alike:
    """Whether two texts have most of their shingles in common, or one has most of the other's.

    The share of equal minima estimates the Jaccard index J. With a and b shingles (word counts less two: few occur twice), the
    texts share J (a + b) / (1 + J) of them; that over the smaller of a and b is the containment.
    """
    row_of = np.zeros(len(candidates), np.intp)
    row_of[signed] = np.arange(len(signed))
    sizes = np.array([c.word_count - SHINGLE + 1 for c in candidates], np.float64)

    def alike(one: int, others: Indices) -> Booleans:
        jaccard = (signatures[row_of[others]] == signatures[row_of[one]]).mean(axis=1)
        shared = jaccard * (sizes[others] + sizes[one]) / (1 + jaccard)
        contained = shared / np.minimum(sizes[others], sizes[one])
        enough: Booleans = (jaccard >= JACCARD) | (contained >= CONTAINMENT)
        return enough

    return alike


def _microseconds(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
