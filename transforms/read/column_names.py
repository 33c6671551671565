"""Which column of a table, or field of an object, holds the text, the title and what else an article has.

The names that are known stand in `columns.toml`; what a user says with --columns goes before them.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KNOWN_NAMES: Final[dict[str, tuple[str, ...]]] = {
    field: tuple(names) for field, names in tomllib.loads((Path(__file__).parent / "columns.toml").read_text("utf-8")).items()
}
FIELDS: Final = tuple(KNOWN_NAMES)
# What no other JSON with a `uri` has but items of ninjs: in small letters.
AGENCY_NAMES: Final = frozenset(
    [
        "versioncreated",
        "pubstatus",
        "representationtype",
        "bodies",
        "body_text",
        "body_xhtml",
        "body_html",
        "headlines",
        "description_text",
        "firstcreated",
    ]
)
MOST_NAMED: Final = 20  # names that a sentence lists

_BETWEEN: Final = re.compile(r"[\W_]+")


class ColumnsError(ValueError):
    """What --columns says cannot be meant; one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the user says of columns: (our name, theirs) of each that was named."""

    named: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, option: str) -> "Columns":
        """From "text=body,title=headline". Raises ColumnsError."""
        named: dict[str, str] = {}
        for part in option.split(","):
            field, equals, name = (piece.strip() for piece in part.partition("="))
            if not equals or not name:
                raise ColumnsError(f"--columns is like text=body,title=headline; {part.strip()!r} is not")
            if field not in FIELDS:
                raise ColumnsError(f"--columns: an article has no {field!r}; it has {', '.join(FIELDS)}")
            if field in named:
                raise ColumnsError(f"--columns: {field} is named twice")
            named[field] = name
        return cls(tuple(named.items()))

    def __str__(self) -> str:
        """As the option is written."""
        return ",".join(f"{field}={name}" for field, name in self.named)


NO_COLUMNS: Final = Columns()


@functools.lru_cache(maxsize=256)
def names_by_field(columns: Columns, names: tuple[str, ...]) -> Mapping[str, str]:
    """By our name the name under which a source that has these names holds it; a name that the user gave comes first."""
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_plain(name), name)
    found = {field: plain[known] for field, all_known in KNOWN_NAMES.items() if (known := next((k for k in all_known if k in plain), ""))}
    return found | {field: name for field, name in columns.named if name in names}


def missing(columns: Columns, names: Sequence[str]) -> str | None:
    """Why articles cannot be had from a table with these columns, one sentence; None where they can."""
    for field, name in columns.named:
        if name not in names:
            return f"has no column {name!r}, which --columns names for the {field}; {listed(names)}"
        if names.count(name) > 1:
            return f"has {names.count(name)} columns called {name!r}: give each a name of its own"
    if "text" not in names_by_field(columns, tuple(names)):
        return f"has no column of texts; {listed(names)}: say which it is with --columns text=NAME"
    return None


def listed(names: Iterable[str]) -> str:
    """The names that there are, for a sentence."""
    shown = [name[:60] for name in names]
    more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
    return "it has " + ", ".join(shown[:MOST_NAMED]) + more if shown else "it has none at all"


def _plain(name: str) -> str:
    return _BETWEEN.sub("_", name.strip().casefold()).strip("_")
