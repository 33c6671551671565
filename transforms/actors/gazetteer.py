"""The user's own gazetteer: names that settle type, canonical name and id before any other evidence.

A CSV file with the columns name, aliases (separated by "|"), type and id, and optionally country. Names are matched as written,
at word ends, by one automaton (Aho and Corasick 1975), so ten thousand names cost no more than ten.
"""

import csv
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ahocorasick_rs

from schemas.actor import ActorType
from transforms.actors.mention import Known, Name
from transforms.actors.words import Words


class GazetteerError(Exception):
    """The file is no gazetteer; the message says which line and why."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names of a gazetteer in the order of the automaton, and the actor of each."""

    actors: tuple[Known, ...]
    automaton: ahocorasick_rs.AhoCorasick


_in_use: list[Gazetteer] = []


def gazetteer(path: Path) -> Gazetteer:
    """Read a gazetteer. Raises GazetteerError for a missing column, an unknown type, an empty name or no name at all."""
    forms: list[str] = []
    actors: list[Known] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = {"name", "type"} - set(rows.fieldnames or ())
        if missing:
            raise GazetteerError(f"{path}: no column {' and no column '.join(sorted(missing))}")
        for row in rows:
            actor = _actor(row, f"{path}, line {rows.line_num}")
            for form in (actor.canonical_name, *(row.get("aliases") or "").split("|")):
                if form.strip():
                    forms.append(form.strip())
                    actors.append(actor)
    if not forms:
        raise GazetteerError(f"{path}: no names")
    found = ahocorasick_rs.AhoCorasick(forms, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return Gazetteer(tuple(actors), found)


def use(found: Gazetteer) -> None:
    """Let every later extraction of this process know the gazetteer; call it before the first, in each worker."""
    _in_use.append(found)


def clear() -> None:
    """Forget the gazetteers in use."""
    _in_use.clear()


def _actor(row: dict[str, str], where: str) -> Known:
    name, kind = (row["name"] or "").strip(), (row["type"] or "").strip()
    if not name:
        raise GazetteerError(f"{where}: no name")
    if kind not in typing.get_args(ActorType):
        raise GazetteerError(f"{where}: type {kind!r} is none of {', '.join(typing.get_args(ActorType))}")
    identity = (row.get("id") or "").strip() or None
    country = (row.get("country") or "").strip().upper() or None
    return Known(f"gazetteer:{identity or name}", name, typing.cast("ActorType", kind), country, identity)


def user_names(w: Words) -> Iterator[Name]:
    """Mentions of the gazetteers' names, where they begin and end with a token."""
    if not _in_use:
        return
    text = w.article
    starts = {offset: i for i, offset in enumerate(w.offset)}
    ends = {offset + len(w.text[i]): i + 1 for i, offset in enumerate(w.offset)}
    for given in _in_use:
        for number, start, end in given.automaton.find_matches_as_indexes(text):
            if start in starts and end in ends:
                first, last, actor = starts[start], ends[end], given.actors[number]
                yield Name(first, last, tuple(w.text[first:last]), text[start:end], actor.type, "gazetteer-name", actor)
