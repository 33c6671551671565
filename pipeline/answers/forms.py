"""Rows as text on standard output: csv, json lines, json, markdown. Nothing is cut, whatever it is."""

import csv
import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import count
from typing import IO, Any, Final

Rows = Iterable[Sequence[Any]]
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run when it opens a CSV file


def write_csv(columns: Sequence[str], rows: Rows, file: IO[str]) -> None:
    """Comma-separated values. Lists and structs are JSON."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(v) for v in row])


def write_json(columns: Sequence[str], rows: Rows, file: IO[str]) -> None:
    """One array of objects."""
    file.write("[")
    for number, each in enumerate(objects(columns, rows)):
        file.write(("," if number else "") + "\n" + each)
    file.write("\n]\n")


def write_jsonl(columns: Sequence[str], rows: Rows, file: IO[str]) -> None:
    """An object a line."""
    for each in objects(columns, rows):
        file.write(each + "\n")


def write_markdown(columns: Sequence[str], rows: Rows, file: IO[str]) -> None:
    """A table as GitHub has it."""
    file.write("| " + " | ".join(map(_cell, columns)) + " |\n")
    file.write("|" + " --- |" * len(columns) + "\n")
    for row in rows:
        file.write("| " + " | ".join(_cell(v) for v in row) + " |\n")


def objects(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """Each row as a JSON object."""
    keys = unique(columns)
    for row in rows:
        yield as_json(dict(zip(keys, row, strict=True)))


def unique(columns: Sequence[str]) -> list[str]:
    """The columns' names, each once as an object's keys must be: a second `text` is `text_1`, as DuckDB has it where it needs one name."""
    keys: dict[str, None] = {}
    for name in columns:
        keys[next(each for n in count() if (each := f"{name}_{n}" if n else name) not in keys)] = None
    return list(keys)


def as_json(value: Any) -> str:
    """A value of DuckDB's as JSON. It knows no NaN and no infinity (RFC 8259): null stands for them, as in JavaScript and pandas."""
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return as_json(value) if isinstance(value, list | tuple | dict) else value


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case Decimal():
            return _plain(float(value))
        case float() if not math.isfinite(value):
            return None
        case None | bool() | int() | float():
            return value
    return str(value)


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    for given, escaped in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("\n", " ")):
        text = text.replace(given, escaped)
    return text


FORMS: Final = {"csv": write_csv, "json": write_json, "jsonl": write_jsonl, "markdown": write_markdown}


def printed(form: str, columns: Sequence[str], rows: Rows) -> None:
    """Write rows to standard output in one of the FORMS."""
    FORMS[form](columns, rows, sys.stdout)
