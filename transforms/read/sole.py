"""Files that are one record as a whole: the content is had whole, or the record is a reject."""

from typing import Final

from transforms.read.content import all_of
from transforms.read.record import Reading, Record

SOLE: Final = 1  # the position of the one record


def whole_of(reading: Reading, limit: int) -> tuple[bytes | None, tuple[Record, ...]]:
    """The content, or None where not all of it can be had (nobody could tell what is missing); and the reject that says what is wrong."""
    data, damage = all_of(reading.source.path, limit)
    if damage is None:
        return data, ()
    if damage.whole:
        return data, (reading.reject("part", damage.reason, damage.message, position=SOLE),)
    return None, (reading.reject("record", damage.reason, damage.message, position=SOLE, retryable=damage.retryable),)
