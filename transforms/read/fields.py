"""Objects of JSON as records and sidecars hold them, and their fields, each checked."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from transforms.read.damage import ReadingError
from transforms.read.dates import Moment, moment_of_iso

# What Python says of a number that it does not read, with advice that is none to a user.
_TOO_LONG: Final = re.compile(r"Exceeds the limit \(\d+ digits\) .*", re.DOTALL)


class FieldError(ReadingError):
    """What is wrong with an object or with one of its fields."""


def object_in(text: str) -> dict[str, Any]:
    """The one object that the text is. Raises FieldError, also for NaN and for names given twice."""
    try:
        value = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except RecursionError as error:
        raise FieldError("bad_json", "is no JSON that can be read: nested too deeply") from error
    except ValueError as error:
        raise FieldError("bad_json", f"is no JSON: {_TOO_LONG.sub('a number is longer than 4,300 digits', str(error))}") from error
    if not isinstance(value, dict):
        raise FieldError("bad_type", f"must be an object with a text, not {kind_of(value)}")
    return value


def text_of(record: Mapping[str, Any], name: str) -> str | None:
    """A field that holds text, or None where it is null or not there."""
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise FieldError("bad_type", f"`{name}` must be text, not {kind_of(value)}")
    return value


def identifier_of(record: Mapping[str, Any], name: str) -> str | None:
    """A field that holds an identifier: text or a whole number."""
    value = record.get(name)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text_of(record, name)


def moment_of(record: Mapping[str, Any], name: str, read: Callable[[str], Moment | None] = moment_of_iso) -> Moment | None:
    """A field that holds an ISO 8601 date or time, or what else `read` reads."""
    given = text_of(record, name)
    if given is None or not given.strip():
        return None
    moment = read(given)
    if moment is None:
        raise FieldError("bad_date", f"`{name}` is no ISO 8601 date or time: {given[:60]!r}")
    return moment


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(n for n in names if names.count(n) > 1)!r} is given twice")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def kind_of(value: object) -> str:
    """What a value of JSON is, in words."""
    kinds = {dict: "an object", list: "a list", str: "text", int: "a number", float: "a number", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), type(value).__name__)  # what is read from JSON has no others; what a program gives may
