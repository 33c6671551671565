"""What a text is compared by: its words, hashed as a whole and as a MinHash signature.

The arithmetic is written out here, on integers of a fixed width, because signatures are stored: those of today must be
comparable with those of any later release, on any machine. MinHash: Broder 1997; permutations by multiply-shift
(Dietzfelbinger et al. 1997); constants from splitmix64 (Steele et al. 2014).
"""

import hashlib
import re
import typing
import unicodedata
import zlib
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.column import UInt32

MINIMA: Final = 128
SHINGLE: Final = 3
FEWEST_WORDS: Final = 50
_BLOCK: Final = 4096  # shingles hashed at a time: bounds memory at 4 MiB, whatever the text's length

_WORD: Final = re.compile(r"[^\W_]+")

Hashes = npt.NDArray[np.uint64]


class Fingerprint(NamedTuple):
    """The columns of `articles` that copies are found by."""

    word_count: int
    words_sha256: str
    signature: tuple[UInt32, ...] | None


def fingerprint(text: str) -> Fingerprint:
    """What copies of a text are found by: `replace(article, **fingerprint(text)._asdict())`.

    `words_sha256` is that of the words in small letters with one space between, so that case, white space and punctuation
    make no difference; a text without any word is hashed as it is, lest all such texts count as one.
    """
    words = _words(text)
    whole = " ".join(words) if words else text
    return Fingerprint(len(words), hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest(), _minima(words))


def signature(text: str) -> tuple[UInt32, ...] | None:
    """The 128 MinHash minima of a text's 3-word shingles, the same on every machine; null under 50 words."""
    return _minima(_words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def _minima(words: list[str]) -> tuple[UInt32, ...] | None:
    if len(words) < FEWEST_WORDS:
        return None
    shingles = _shingles(words)
    minima = np.full(MINIMA, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(shingles), _BLOCK):
        permuted = _FACTORS * shingles[start : start + _BLOCK] + _SUMMANDS
        np.minimum(minima, permuted.min(axis=1), out=minima)
    return typing.cast("tuple[UInt32, ...]", tuple((minima >> np.uint64(32)).tolist()))


def _shingles(words: list[str]) -> Hashes:
    """A 64-bit hash for each run of three words; overflow wraps round, as is meant."""
    crc = zlib.crc32
    each = np.fromiter((crc(w.encode("utf-8", "surrogatepass")) for w in words), np.uint64, len(words))
    mixed = sum(each[i : len(each) - SHINGLE + 1 + i] * _WEIGHTS[i] for i in range(SHINGLE))
    return _mix(typing.cast("Hashes", mixed))


def _mix(numbers: Hashes) -> Hashes:
    """The finaliser of splitmix64: every bit of the input sways every bit of the output."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def _splitmix(count: int) -> Hashes:
    return _mix(np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


_CONSTANTS: Final = _splitmix(SHINGLE + 2 * MINIMA)
_WEIGHTS: Final = _CONSTANTS[:SHINGLE] | np.uint64(1)
_FACTORS: Final = _CONSTANTS[SHINGLE : SHINGLE + MINIMA, None] | np.uint64(1)
_SUMMANDS: Final = _CONSTANTS[SHINGLE + MINIMA :, None]
