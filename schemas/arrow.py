"""Records to Arrow: schema, documentation, validation and golden text, all derived from the record classes."""

import dataclasses
import datetime as dt
import functools
import typing
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import pyarrow as pa

from schemas.column import Column, UInt32, columns_of, type_name

_SCALARS: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int32(),
    UInt32: pa.uint32(),
    float: pa.float64(),
    bool: pa.bool_(),
    dt.date: pa.date32(),
    dt.datetime: pa.timestamp("us", tz="UTC"),
}


def arrow_type(annotation: Any) -> pa.DataType:
    """The Arrow type of a column's Python type."""
    origin = typing.get_origin(annotation)
    if origin is Literal:
        return pa.string()
    if origin is tuple:
        return pa.list_(arrow_type(typing.get_args(annotation)[0]))
    if dataclasses.is_dataclass(annotation):
        return pa.struct([pa.field(c.name, arrow_type(c.annotation), c.nullable) for c in columns_of(typing.cast("type[Any]", annotation))])
    return _SCALARS[annotation]


@functools.cache
def arrow_schema(cls: Any) -> pa.Schema:
    """The Arrow schema of a table's record class; its metadata names the table and its version."""
    fields = [
        pa.field(c.name, arrow_type(c.annotation), c.nullable, {"description": c.description} | ({"unit": c.unit} if c.unit else {}))
        for c in columns_of(cls)
    ]
    return pa.schema(fields, {"factwire.table": cls.TABLE, "factwire.version": str(cls.VERSION)})


def to_table(cls: Any, rows: Iterable[Any]) -> pa.Table:
    """Rows of one record class as an Arrow table with its schema, nested records as structs."""
    names = [c.name for c in columns_of(cls)]
    nested = {c.name for c in columns_of(cls) if typing.get_origin(c.annotation) is tuple}
    got = list(rows)
    arrays = {n: [_plain(getattr(r, n)) if n in nested else getattr(r, n) for r in got] for n in names}
    return pa.Table.from_pydict(arrays, schema=arrow_schema(cls))


def _plain(items: Sequence[Any] | None) -> list[Any] | None:
    if items is None:
        return None
    return [_as_dict(i) if dataclasses.is_dataclass(i) else i for i in items]


def _as_dict(item: Any) -> dict[str, Any]:
    return {f.name: getattr(item, f.name) for f in dataclasses.fields(item)}


def from_dict(cls: type[Any], row: dict[str, Any]) -> Any:
    """A record from a row as pyarrow gives it: the inverse of `to_table`, for one row. Unknown columns are left out."""
    values = {}
    for c in columns_of(cls):
        value = row.get(c.name)
        if value is None and not c.nullable:
            continue  # written by an older version without this column: the default stands
        if value is not None and typing.get_origin(c.annotation) is tuple:
            inner = typing.get_args(c.annotation)[0]
            value = tuple(inner(**v) if dataclasses.is_dataclass(inner) and isinstance(inner, type) else v for v in value)
        values[c.name] = value
    return cls(**values)


@functools.cache
def _checks(cls: Any) -> tuple[tuple[Column, tuple[str, ...] | None], ...]:
    """The columns in which a value may be wrong, with the values that are allowed."""
    return tuple((c, c.allowed) for c in columns_of(cls) if c.allowed is not None or not c.nullable)


def complaints(row: Any) -> list[str]:
    """What is wrong with a record's values by its own schema; empty when it is right."""
    found = []
    for c, allowed in _checks(row.__class__):
        value = getattr(row, c.name)
        if value is None:
            if not c.nullable:
                found.append(f"{c.name} is null")
        elif allowed is not None and value not in allowed:
            found.append(f"{c.name} is {value!r}, not one of {', '.join(allowed)}")
    return found


def describe(cls: type[Any]) -> list[tuple[str, str, str, str]]:
    """(column, type, unit, meaning) for each column, as `factwire schema` prints it."""
    lines = []
    for c in columns_of(cls):
        meaning = c.description + (f" (one of: {', '.join(c.allowed)})" if c.allowed else "")
        lines.append((c.name, type_name(c.annotation) + ("" if not c.nullable else ", may be null"), c.unit or "", meaning))
    return lines


def golden_text(classes: Iterable[Any]) -> str:
    """All tables with version, columns, types and meanings: what the golden file holds."""
    parts = []
    for cls in classes:
        parts.append(f"[{cls.TABLE} version {cls.VERSION}]")
        for field, (_, _, unit, meaning) in zip(arrow_schema(cls), describe(cls), strict=True):
            null = "" if field.nullable else " not null"
            parts.append(f"{field.name}: {field.type}{null}" + (f" [{unit}]" if unit else "") + f" -- {meaning}")
        parts.append("")
    return "\n".join(parts)
