"""The user's own gazetteer: names that settle type, canonical name and id before any other evidence.

A CSV file with the columns name, aliases (separated by "|"), type and id, and optionally country. Names are matched as written,
at word ends, by one automaton (Aho and Corasick 1975), so ten thousand names cost no more than ten.
"""

import csv
import re
import typing
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ahocorasick_rs

from schemas.actor import ActorType
from schemas.fact_row import Stretch
from transforms.actors.mention import Known, Name
from transforms.actors.token_view import TokenView
from transforms.user_error import UserError

_LONGEST: Final = 10_000  # characters of a value; some hundred aliases


class GazetteerError(UserError):
    """The file is no gazetteer; the message says which line, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names of a gazetteer in the order of the automaton, and the actor of each."""

    actors: tuple[Known, ...]
    automaton: ahocorasick_rs.AhoCorasick


_in_use: list[Gazetteer] = []
_KNOWN_COLUMNS: Final = ("name", "aliases", "type", "id", "country")
_COLUMNS: Final = "name, type and, where wanted, aliases (separated by |), id and country"


def gazetteer(path: Path) -> Gazetteer:
    """Read a gazetteer. Raises GazetteerError for a file that cannot be read as one, with its line, why, and what to do."""
    if path.exists() and not path.is_file():  # a pipe or a device would be read for ever
        raise GazetteerError(f"{path}: is no file; name a CSV file with the columns {_COLUMNS}")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            named = dict(_named(path, csv.DictReader(file, strict=True)))
    except OSError as error:
        raise GazetteerError(f"{path}: {error.strerror}; name a CSV file with the columns {_COLUMNS}") from error
    except UnicodeDecodeError as error:
        raise GazetteerError(f"{path}: not UTF-8 ({error.reason}); save the file as UTF-8") from error
    if not named:
        raise GazetteerError(f"{path}: no names; give one a line below the header")
    found = ahocorasick_rs.AhoCorasick(list(named), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return Gazetteer(tuple(named.values()), found)


def _named(path: Path, rows: "csv.DictReader[str]") -> Iterator[tuple[str, Known]]:
    """Each form of a name, once, with the actor that it stands for."""
    taken: dict[str, tuple[Known, int]] = {}
    try:
        _check_header(path, rows.fieldnames or ())
        for row in rows:
            where = f"{path}, line {rows.line_num}"
            _check_lengths(row, where)
            actor = _actor(row, where)
            for form in filter(None, map(str.strip, (actor.canonical_name, *(row.get("aliases") or "").split("|")))):
                before, line = taken.setdefault(form, (actor, rows.line_num))
                if before != actor:
                    raise GazetteerError(f"{where}: {form!r} stands for somebody else in line {line}; take it out of one of the two")
                yield form, actor
    except csv.Error as error:
        raise GazetteerError(f"{path}, line {rows.reader.line_num}: no valid CSV: {error}; correct that line") from error


def _check_lengths(row: Mapping[str | None, Any], where: str) -> None:
    # The reader's own bound is one of the whole process, which those who read articles raise; a name of 200,000 characters took ten minutes.
    for column, value in row.items():
        if len(value or "") > _LONGEST:
            raise GazetteerError(f"{where}: {column} has {len(value):,} characters, more than {_LONGEST:,}; shorten it")


def _check_header(path: Path, columns: Sequence[str]) -> None:
    missing = sorted({"name", "type"} - set(columns))
    if missing:
        told = f"no column {' and no column '.join(missing)}"
        raise GazetteerError(f"{path}, line 1: {told}; its first line names the columns, separated by commas: {_COLUMNS}")
    unknown = [c for c in columns if c not in _KNOWN_COLUMNS]
    if unknown:
        raise GazetteerError(f"{path}, line 1: unknown column {unknown[0]!r}; rename it or take it out: the columns are {_COLUMNS}")


def use(found: Gazetteer) -> None:
    """Let every later extraction of this process know the gazetteer; call it before the first, in each worker."""
    _in_use.append(found)


def clear() -> None:
    """Forget the gazetteers in use."""
    _in_use.clear()


def _actor(row: Mapping[str | None, Any], where: str) -> Known:
    if None in row:
        raise GazetteerError(f"{where}: more values than columns; put quotes around a value with a comma in it")
    name, kind = (row["name"] or "").strip(), (row["type"] or "").strip()
    types = typing.get_args(ActorType)
    if not name:
        raise GazetteerError(f"{where}: no name; give one or take the line out")
    if kind not in types:
        raise GazetteerError(f"{where}: type {kind!r} is none of {', '.join(types)}; write one of these")
    identity = (row.get("id") or "").strip() or None
    country = (row.get("country") or "").strip().upper() or None
    if country and not re.fullmatch("[A-Z]{2}", country):
        raise GazetteerError(f"{where}: country {country!r} is no code of two letters (ISO 3166-1); write one, such as MX")
    return Known(f"gazetteer:{identity or name}", name, typing.cast("ActorType", kind), country, identity)


def user_names(w: TokenView) -> Iterator[Name]:
    """Mentions of the gazetteers' names, where they begin and end with a token."""
    if not _in_use:
        return
    for given in _in_use:
        for number, start, end in given.automaton.find_matches_as_indexes(w.article):
            first, last = bisect_left(w.offset, start), bisect_left(w.offset, end)
            if first < last and w.place(first, last) == Stretch(start=start, end=end):
                actor = given.actors[number]
                yield Name(first, last, tuple(w.text[first:last]), w.string(first, last), actor.type, "gazetteer-name", actor)
