"""Lexicons: the data that the rules read, TOML files in `transforms/lexicons/`, loaded once a process.

A user's own folder of the same file names is laid over ours (`overlay`): its lists are added to ours, its values replace ours.
"""

import functools
import tomllib
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent / "lexicons"
_overlays: list[Path] = []


def overlay(folder: Path) -> None:
    """Lay a user's folder of lexicons over ours; call it before any rule has read one."""
    if folder not in _overlays:
        _overlays.append(folder)
        lexicon.cache_clear()
        words.cache_clear()


@functools.cache
def lexicon(name: str) -> dict[str, Any]:
    """The lexicon `lexicons/<name>.toml` as nested dicts and lists. Raises FileNotFoundError for a name that is none."""
    merged: dict[str, Any] = {}
    for folder in (_HERE, *_overlays):
        path = folder / f"{name}.toml"
        if path.exists() or folder is _HERE:
            merged = _merged(merged, tomllib.loads(path.read_text("utf-8")))
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
