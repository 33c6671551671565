"""How the larger elements of the graph get from one stage to the next: as compressed pickles, or within one process by reference.

The local runner keeps what a GroupByKey holds as bytes, restores it for grouping, and does both once more for the step behind it. In a
process that runs all steps itself, that is a tenth of the work on an article (measured): there the bytes are but a number, under which
the next stage takes out what the one before has put in. Each element is taken out as often as it was put in, or the run fails.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from transforms.flow.packed import Packed, inflated, squeezed

_NUMBER: Final = 8  # bytes
_SIZE: Final = 4  # bytes

_holding: Final[list[dict[int, Any]]] = []  # one at most
_numbers: Final = itertools.count()


@contextmanager
def by_reference() -> Iterator[None]:
    """Hand elements over by reference for as long as the block lasts: all stages must run in this process."""
    _holding[:] = [{}]
    try:
        yield
    finally:
        _holding.clear()


def put(element: Any) -> bytes:
    """The bytes for which `taken` gives the element: a Doc and a record pickle themselves compactly."""
    return _held(element) if _holding else _told(squeezed(element))


def taken(told: bytes) -> Any:
    """The element that was `put`. By reference it is gone then: raises KeyError where a stage takes it a second time."""
    return _released(told) if _holding else inflated(_packed_in(told))


def put_packed(rows: Packed) -> bytes:
    """As `put`, for what is squeezed already."""
    return _held(rows) if _holding else _told(rows)


def taken_packed(told: bytes) -> Packed:
    """As `taken`, for what was `put_packed`: it stays squeezed."""
    rows: Packed = _released(told) if _holding else _packed_in(told)
    return rows


def _held(element: Any) -> bytes:
    number = next(_numbers)
    _holding[0][number] = element
    return number.to_bytes(_NUMBER, "big")


def _released(told: bytes) -> Any:
    return _holding[0].pop(int.from_bytes(told, "big"))


def _told(thing: Packed) -> bytes:
    return thing.size.to_bytes(_SIZE, "big") + thing.data


def _packed_in(told: bytes) -> Packed:
    return Packed(int.from_bytes(told[:_SIZE], "big"), told[_SIZE:])
