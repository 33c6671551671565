"""A user's folder of lexicons, checked before anything reads it: what is no lexicon, no key of one or of another type is told.

Most tables of a lexicon have the keys that rules ask for, and no others. Some are open: their keys are the user's to add (a unit,
a currency's name, a feast day), and a new entry is shaped like those that are there.
"""

import datetime as dt
import difflib
import fnmatch
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from transforms.user_error import UserError
from transforms.words.lexicon import SHIPPED

# Tables to which keys may be added, by lexicon and path; * stands for one key.
_OPEN: Final = (
    "actors-demonyms/countries", "actors-demonyms/parts", "actors-demonyms/regions", "actors-nicknames/short_of",
    "actors-peoples/members", "actors-places/aliases", "actors-titles/same", "dates-named-days", "dates-words/*",
    "figures-country/*", "figures-currencies/alias", "figures-currencies/symbols", "figures-currencies/names",
    "figures-currencies/parts", "figures-currencies/part_names", "figures-currencies/titles", "figures-currencies/shared_names",
    "figures-currencies/shared", "figures-currencies/shared/*", "figures-currencies/before_sums",
    "figures-currencies/least", "figures-numbers/cardinals", "figures-numbers/scales",
    "figures-numbers/suffixes", "figures-numbers/vague", "figures-numbers/fractions", "figures-numbers/multiples",
    "figures-numbers/ordinals", "figures-units", "saying/verbs", "sources/nouns",
)  # fmt: skip
# Values that rules ask for by name: others would be read by nobody.
_CLOSED: Final = ("saying/verbs/*/class", "saying/verbs/*/governs", "saying/verbs/*/is", "sources/nouns/*/is")
_NAMES: Final = {dict: "a table", list: "a list", str: "text", int: "a number", float: "a number", bool: "true or false", dt.date: "a day"}


class LexiconError(UserError):
    """The folder is none of lexicons; the message says which file and line, why, and what to do."""


def check(folder: Path) -> tuple[Path, ...]:
    """The lexicons of a user's folder, by name. Raises LexiconError for the first that cannot be laid over ours, OSError."""
    if not folder.is_dir():
        raise LexiconError(f"{folder}: there is no such folder; name the folder that holds your lexicons (.toml)")
    files = tuple(sorted(folder.glob("*.toml")))
    if not files:
        raise LexiconError(
            f"{folder}: no lexicon (.toml) in it; name a file there as the lexicon that it adds to, such as figures-units.toml"
        )
    for file in files:
        _check_file(file)
    return files


def _check_file(file: Path) -> None:
    shipped = SHIPPED / file.name
    if not shipped.is_file():
        names = [f.stem for f in sorted(SHIPPED.glob("*.toml"))]
        raise LexiconError(f"{file}: there is no lexicon {file.stem!r}{_hint(file.stem, names)}; rename the file")
    if not file.is_file():  # a pipe or a device would be read for ever
        raise LexiconError(f"{file}: is no file that can be read; put a file in its place, or take it out of the folder")
    try:
        text = file.read_text("utf-8-sig")
        own = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise LexiconError(f"{file}: byte {error.start + 1} is no UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{file}{_where(error)}: no valid TOML: {_bare(error)}; correct that line") from error
    except RecursionError as error:
        raise LexiconError(f"{file}: nested too deeply; write it as the lexicon of the same name that is shipped") from error
    except ValueError as error:  # Python reads no longer ones
        raise LexiconError(f"{file}: has a number of more than 4,300 digits; correct it") from error
    ours = tomllib.loads(shipped.read_text("utf-8"))
    _Check(file, text).table(ours, own, (file.stem,))


class _Check:
    """One file's tables against ours."""

    def __init__(self, file: Path, text: str) -> None:
        self._file, self._lines = file, text.splitlines()

    def table(self, ours: dict[str, Any], own: dict[str, Any], path: tuple[str, ...]) -> None:
        """Every key is one of ours or the table is open; every value is of the type that ours is."""
        for key, value in own.items():
            if any(_is((*path, key), pattern) for pattern in _CLOSED):
                self._known(value, path, key)
            if key in ours:
                self._value([ours[key]], value, (*path, key))
            elif any(_is(path, pattern) for pattern in _OPEN):
                self._value(list(ours.values()), value, (*path, key))
                self._complete(ours.values(), value, (*path, key))
            else:
                raise self._error(path, key, f"there is no key {key!r} in {_shown(path)}{_hint(key, list(ours))}")

    def _value(self, like: list[Any], value: Any, path: tuple[str, ...]) -> None:
        """A value is of the type that those like it have, to any depth."""
        known = [v for v in like if _same_type(v, value)]
        if like and not known:
            wanted = sorted({_NAMES[type(v)] for v in like})
            told = f"{_shown(path)} is {' or '.join(wanted)}, not {_NAMES.get(type(value), type(value).__name__)}"
            raise self._error(path[:-1], path[-1], told)
        if isinstance(value, dict):
            self.table({k: v for table in known for k, v in table.items()}, value, path)
        elif isinstance(value, list):
            entries = [v for each in known for v in each]
            for entry in value:
                self._value(entries, entry, path)
                self._complete(entries, entry, path)

    def _known(self, value: Any, path: tuple[str, ...], key: str) -> None:
        """Every value is one that an entry of ours has there."""
        rows = tomllib.loads((SHIPPED / f"{path[0]}.toml").read_text("utf-8"))[path[1]].values()
        known = {v for row in rows if key in row for v in _listed(row[key])}
        for unknown in [v for v in _listed(value) if isinstance(v, str) and v not in known]:
            raise self._error(path, key, f"{key} {unknown!r} of {_shown(path)} is none that rules know{_hint(unknown, sorted(known))}")

    def _complete(self, like: Iterable[Any], value: Any, path: tuple[str, ...]) -> None:
        """A new entry that is a table has the keys that all have which share one with it."""
        tables = [set(v) for v in like if isinstance(v, dict) and isinstance(value, dict) and set(v) & set(value)]
        if isinstance(value, dict) and tables and (missing := sorted(set.intersection(*tables) - set(value))):
            raise self._error(path[:-1], path[-1], f"an entry of {_shown(path)} has no {' and no '.join(missing)}")

    def _error(self, path: tuple[str, ...], key: str, told: str) -> LexiconError:
        return LexiconError(
            f"{self._file}{self._line(path[1:], key)}: {told}; correct it as in the lexicon of the same name that is shipped"
        )

    def _line(self, tables: tuple[str, ...], key: str) -> str:
        """Where the key stands: the first line behind its table's header, if it has one, that sets it or opens a table by its name."""
        quoted = _quotable(key)
        wanted = re.compile(rf"\s*(?:{quoted}\s*[.=]|\[+(?:[^\]]*\.)?\s*{quoted}\s*(?:\.[^\]]*)?\]|[^#]*[{{,]\s*{quoted}\s*=)")
        joined = r"\s*\.\s*".join(map(_quotable, tables))
        header = re.compile(rf"\s*\[+\s*{joined}\s*\]") if tables else None
        start = next((n for n, line in enumerate(self._lines) if header and header.match(line)), 0)
        number = next((n for n in range(start, len(self._lines)) if wanted.match(self._lines[n])), None)
        return "" if number is None else f", line {number + 1}"


def _quotable(key: str) -> str:
    return rf"[\"']?{re.escape(key)}[\"']?"


def _is(path: tuple[str, ...], pattern: str) -> bool:
    parts = pattern.split("/")
    return len(parts) == len(path) and all(fnmatch.fnmatchcase(a, b) for a, b in zip(path, parts, strict=True))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _same_type(ours: Any, own: Any) -> bool:
    numbers = (int, float)
    if isinstance(ours, numbers) and isinstance(own, numbers):
        return isinstance(ours, bool) == isinstance(own, bool)
    return type(ours) is type(own)


def _shown(path: tuple[str, ...]) -> str:
    return f"the lexicon {path[0]}" if len(path) == 1 else f"[{'.'.join(path[1:])}]"


def _hint(given: str, names: list[str]) -> str:
    close = difflib.get_close_matches(given, names, 1)
    return f" (is it {close[0]!r}?)" if close else f"; there are {', '.join(names[:40])}"


def _where(error: tomllib.TOMLDecodeError) -> str:
    m = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    return f", line {m[1]}, column {m[2]}" if m else ", at its end"


def _bare(error: tomllib.TOMLDecodeError) -> str:
    told = re.sub(r"\s*\(at .*\)$", "", str(error))
    return told[:1].lower() + told[1:]
