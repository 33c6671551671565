"""How a table is declared: a frozen, slotted dataclass whose fields carry their meaning.

A field is written once. Its Arrow type, its place in the column documentation, its validator and its line in
the golden schema text are all read off that one declaration (see `arrow.py`).
"""

import dataclasses
import datetime as dt
import functools
import operator
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, NewType, TypeVar, dataclass_transform

Record = TypeVar("Record")
UInt32 = NewType("UInt32", int)  # an integer that needs all 32 bits, without a sign

_META = "factwire"


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: what a reader of the data needs to know about it."""

    name: str
    annotation: Any  # the Python type without `| None`
    nullable: bool
    description: str
    unit: str | None

    @property
    def allowed(self) -> tuple[str, ...] | None:
        """The values that an enumerated column may take, or None for a free one."""
        return typing.get_args(self.annotation) if typing.get_origin(self.annotation) is Literal else None


def column(description: str, *, unit: str | None = None, default: Any = dataclasses.MISSING) -> Any:
    """Declare a field of a record; without a default it must be given.

    `unit` is what a number is in ("characters", "UTC"). `default` is for columns that a later step fills.
    """
    return dataclasses.field(default=default, metadata={_META: (description, unit)})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(column,))
def record(cls: type[Record]) -> type[Record]:
    """Make a frozen, slotted, keyword-only dataclass that pickles itself as the plain tuple of its values.

    Records cross from branch to branch as pickles; what dataclasses do by themselves takes twice as long (measured).
    """
    made: Any = dataclasses.dataclass(frozen=True, slots=True, kw_only=True)(cls)
    names = [field.name for field in dataclasses.fields(made)]
    values_of = operator.attrgetter(*names)
    setters = [getattr(made, name).__set__ for name in names]

    def state_of(self: Any) -> Any:
        return values_of(self)

    def restore(self: Any, state: tuple[Any, ...]) -> None:
        for put, value in zip(setters, state, strict=True):
            put(self, value)

    made.__getstate__, made.__setstate__ = state_of, restore
    made.PLACES = {name: place for place, name in enumerate(names)}
    return typing.cast("type[Record]", made)


def changed(row: Record, columns: Mapping[str, Any]) -> Record:
    """A copy of a record with some columns changed: `dataclasses.replace`, twice as fast, for the one place where every row passes."""
    known: Any = row
    values, places = list(known.__getstate__()), known.PLACES
    for name, value in columns.items():
        values[places[name]] = value
    made: Any = object.__new__(row.__class__)
    made.__setstate__(values)
    return typing.cast("Record", made)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(column,))
def table(name: str, *, version: int) -> Callable[[type[Record]], type[Record]]:
    """Make a record the schema of the table `name`. A changed column asks for a higher `version`."""

    def declare(cls: type[Record]) -> type[Record]:
        made: Any = record(cls)
        made.TABLE = name
        made.VERSION = version
        return typing.cast("type[Record]", made)

    return declare


def columns_of(cls: type[Any]) -> tuple[Column, ...]:
    """The columns of a record class, in the order in which they are declared (inherited ones first)."""
    declaring: Any = cls
    return _declared_by(declaring)


@functools.cache  # to ask a class for the types that it declares takes a millisecond or two
def _declared_by(cls: Any) -> tuple[Column, ...]:
    hints = typing.get_type_hints(cls)
    found = []
    for field in dataclasses.fields(cls):
        description, unit = field.metadata[_META]
        annotation, nullable = _splits(hints[field.name])
        found.append(Column(field.name, annotation, nullable, description, unit))
    return tuple(found)


def _splits(annotation: Any) -> tuple[Any, bool]:
    """An annotation without `| None`, and whether it had it."""
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        inner = [a for a in typing.get_args(annotation) if a is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"a column has one type, not {annotation}")
        return inner[0], True
    return annotation, False


def type_name(annotation: Any) -> str:
    """The type as a reader of the documentation sees it."""
    if typing.get_origin(annotation) is Literal:
        return "text"
    if typing.get_origin(annotation) is tuple:
        return f"list of {type_name(typing.get_args(annotation)[0])}"
    if dataclasses.is_dataclass(annotation):
        return "(" + ", ".join(c.name for c in columns_of(typing.cast("type[Any]", annotation))) + ")"
    names = {str: "text", int: "integer", UInt32: "integer", float: "number", bool: "true/false", dt.date: "date", dt.datetime: "time"}
    return names[annotation]
