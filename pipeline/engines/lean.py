"""Beam and spaCy as a worker of ours loads them: without what neither has a use for there.

With Beam come clients of stores and databases, as far as they are installed, and with spaCy the commands of its own command line with what
makes pages of templates, and the kinship of all languages: a sixth of a worker's start, and 18 MB of each worker (measured). A worker reads
local files alone, in English. What is left out can be loaded later all the same.
"""

import importlib
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipeline.engines.beam_options import silenced

# Beam loads each if it is there
_CLIENTS: Final = ("boto3", "pymongo", "hdfs", "google.cloud.bigquery", "apache_beam.io.gcp.bigquery")
_COMMANDS: Final = "spacy.cli"
_LANGUAGES: Final = "langcodes"


def load() -> None:
    """Load both, where they are not loaded yet. For a process of our own: in others they may be wanted whole."""
    with silenced(), _in_place_of(dict.fromkeys(_CLIENTS)):  # Beam warns of what it does not find
        import apache_beam  # noqa: F401
    with _in_place_of(_commands() | {_LANGUAGES: _loaded_when_asked(_LANGUAGES)}):
        import spacy
    from spacy.lang.en import English

    spacy.util.set_lang_class("en", English)  # else each known language is asked how near it is to English


def _loaded_when_asked(name: str) -> types.ModuleType:
    """A module that stands for another until something of that one is asked for."""
    module = types.ModuleType(name)
    module.__getattr__ = lambda asked: getattr(importlib.import_module(name), asked)  # type: ignore[method-assign]
    return module


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
