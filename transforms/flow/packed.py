"""Rows on their way to the writer: columns without class, compressed, so that a slice of a run fits into memory.

The local runner keeps everything that a GroupByKey holds. The rows of an average article take 150 KB as objects and
about 10 KB here (measured).
"""

import dataclasses
import functools
import itertools
import operator
import pickle
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from schemas.arrow import arrow_schema
from schemas.column import columns_of
from schemas.tables import TABLES

_CODEC = "zstd"
_CHUNK = 5000  # rows made Arrow, or squeezed, at once
_MOST = 20_000  # rows packed at once: an article of 5 million characters has a quarter of a million, which took 360 MB more (measured)


@dataclass(frozen=True, slots=True)
class Packed:
    """Some finished rows of any tables."""

    size: int  # bytes when inflated
    data: bytes


def squeezed(thing: Any) -> Packed:
    """Anything that pickles, compressed."""
    raw = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
    return Packed(len(raw), pa.compress(raw, codec=_CODEC, asbytes=True))


def squeezed_some(things: Iterable[Any]) -> Iterator[Packed]:
    """Lists of things, some thousands at once, each squeezed as soon as it is there."""
    rest = iter(things)
    while some := list(itertools.islice(rest, _CHUNK)):
        yield squeezed(some)


def inflated(packed: Packed) -> Any:
    """What was `squeezed`."""
    return pickle.loads(pa.decompress(packed.data, packed.size, codec=_CODEC, asbytes=True))


def in_parts(rows: Mapping[str, Sequence[Any]]) -> Iterator[Mapping[str, Sequence[Any]]]:
    """The records of each table, so few at a time that their copies fit into memory: nearly always all of them."""
    if sum(map(len, rows.values())) <= _MOST:
        yield rows
        return
    for table, records in rows.items():
        for first in range(0, len(records), _MOST):
            yield {table: records[first : first + _MOST]}


def packed(rows: Mapping[str, Iterable[Any]]) -> Packed:
    """The records of each table, packed."""
    return squeezed({table: list(map(_tuple_of(_class_of(table)), records)) for table, records in rows.items()})


def tables_of(packs: Iterable[Packed], *, run_id: str) -> dict[str, pa.Table]:
    """The packed rows as one Arrow table a table, each row marked with the run; tables without rows are left out.

    Rows become Arrow a few thousand at a time: as Python values a shard's rows would take five times the memory.
    """
    waiting: dict[str, list[tuple[Any, ...]]] = {}
    done: dict[str, list[pa.Table]] = {}

    def flush(table: str) -> None:
        done.setdefault(table, []).append(_arrow(TABLES[table], waiting.pop(table), run_id))

    for pack in packs:
        for table, rows in inflated(pack).items():
            waiting.setdefault(table, []).extend(rows)
            if len(waiting[table]) >= _CHUNK:
                flush(table)
    for table in [table for table, rows in waiting.items() if rows]:
        flush(table)
    return {table: pa.concat_tables(parts) for table, parts in done.items()}


def _arrow(cls: Any, rows: list[tuple[Any, ...]], run_id: str) -> pa.Table:
    schema = arrow_schema(cls)
    arrays = []
    for field, values in zip(schema, zip(*rows, strict=True), strict=True):
        arrays.append(pa.array([run_id] * len(rows) if field.name == "run_id" else values, type=field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


@functools.cache
def _tuple_of(cls: Any) -> Callable[[Any], tuple[Any, ...]]:
    """A function from a record of this class to its values, nested records as tuples."""
    names = [c.name for c in columns_of(cls)]
    values_of: Callable[[Any], tuple[Any, ...]] = operator.attrgetter(*names)
    nested = [i for i, c in enumerate(columns_of(cls)) if _holds_records(c.annotation)]
    if not nested:
        return values_of

    def flat(record: Any) -> tuple[Any, ...]:
        values = list(values_of(record))
        for i in nested:
            values[i] = [_tuple_of(item.__class__)(item) for item in values[i] or ()]
        return tuple(values)

    return flat


def _class_of(table: str) -> Any:
    return TABLES[table]


def _holds_records(annotation: Any) -> bool:
    return typing.get_origin(annotation) is tuple and dataclasses.is_dataclass(typing.get_args(annotation)[0])
