"""Files of NewsML-G2 and NITF: an article an item."""

from collections.abc import Iterator
from typing import Final

from transforms.read.apart import ParsingError, parsed_apart
from transforms.read.content import all_of
from transforms.read.feed import LARGEST_FEED
from transforms.read.item import NewsItem, item_records
from transforms.read.record import Reading, Record

_PARSER: Final = "transforms.read.agency_parse:parsed_items"


def agency_records(reading: Reading) -> Iterator[Record]:
    """The items of a file, counted from 1. What is cut off or broken is told in rejects; the items before it are kept."""
    data, damage = all_of(reading.source.path, LARGEST_FEED)
    if damage and (damage.reason == "too_large" or not data):
        yield reading.reject("source", damage.reason, damage.message, retryable=damage.retryable)
        return
    try:
        told = parsed_apart(_PARSER, data)
    except ParsingError as error:
        yield reading.reject("source", error.reason, error.message)
        return
    wrong = (damage.reason, damage.message) if damage else told["wrong"]
    if wrong:
        yield reading.reject("part" if told["items"] else "source", *wrong, retryable=damage is not None and damage.retryable)
    for number, values in enumerate(told["items"], start=1):
        if reading.wants(number):
            yield from item_records(reading, number, NewsItem.of(values), where=f"item {number}")
