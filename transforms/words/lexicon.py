"""Lexicons: the data that the rules read, TOML files in `transforms/lexicons/`, loaded once a process.

A user's own folder of the same file names is laid over ours (`overlay`): its lists are added to ours, its values replace ours.
"""

import functools
import tomllib
from pathlib import Path
from typing import Any, Final

SHIPPED: Final = Path(__file__).parent.parent / "lexicons"
_over: list[Path] = []  # none, or the user's folder


def overlay(folder: Path | None) -> None:
    """Lay a user's folder of lexicons over ours in place of an earlier one; None: ours alone.

    What rules have made of a lexicon stays as it was: `user_data.use` forgets that too.
    """
    _over[:] = [folder] if folder else []
    lexicon.cache_clear()
    words.cache_clear()


@functools.cache
def lexicon(name: str) -> dict[str, Any]:
    """The lexicon `lexicons/<name>.toml` as nested dicts and lists. Raises FileNotFoundError for a name that is none."""
    merged: dict[str, Any] = {}
    for folder in (SHIPPED, *_over):
        path = folder / f"{name}.toml"
        if path.exists() or folder is SHIPPED:
            merged = _merged(merged, tomllib.loads(path.read_text("utf-8-sig")))
    return merged


@functools.cache
def words(name: str, *keys: str) -> frozenset[str]:
    """A list of words in a lexicon as a set: `words("bounds", "at_least", "before")`."""
    found: Any = lexicon(name)
    for key in keys:
        found = found[key]
    return frozenset(found)


def _merged(under: Any, over: Any) -> Any:
    if isinstance(under, dict) and isinstance(over, dict):
        return under | {k: _merged(under[k], v) if k in under else v for k, v in over.items()}
    if isinstance(under, list) and isinstance(over, list):
        return under + [v for v in over if v not in under]
    return over
