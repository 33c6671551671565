"""Beam and spaCy as a worker of ours loads them: without what neither has a use for there.

With Beam come clients of stores and databases, as far as they are installed, and with spaCy the commands of its own command line with what
makes pages of templates: a twelfth of a worker's start, and 18 MB of each worker (measured). A worker reads local files alone. What is
left out can be loaded later all the same.
"""

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipeline.engines.beam_options import silenced

_CLIENTS: Final = ("boto3", "pymongo", "hdfs", "google.cloud.bigquery")  # Beam loads each if it is there
_COMMANDS: Final = "spacy.cli"


def load() -> None:
    """Load both, where they are not loaded yet. For a process of our own: in others they may be wanted whole."""
    with silenced(), _in_place_of(dict.fromkeys(_CLIENTS)):  # Beam warns of what it does not find
        import apache_beam  # noqa: F401
    with _in_place_of(_commands()):
        import spacy  # noqa: F401


def _commands() -> dict[str, types.ModuleType | None]:
    """All that spaCy itself takes of its commands."""
    commands, info = types.ModuleType(_COMMANDS), types.ModuleType(f"{_COMMANDS}.info")
    commands.__path__ = []
    info.info = None  # type: ignore[attr-defined]
    return {module.__name__: module for module in (commands, info)}


@contextmanager
def _in_place_of(modules: dict[str, types.ModuleType | None]) -> Iterator[None]:
    """While others are loaded: these for modules that are not loaded yet; None is not to be found."""
    left_out = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(left_out)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in left_out:
            del sys.modules[name]
