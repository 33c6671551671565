"""Beam and spaCy as a worker of ours loads them: without what neither has a use for there.

With Beam come clients of stores and databases, as far as they are installed, and with spaCy the commands of its own command line with what
makes pages of templates: a twelfth of a worker's start, and 18 MB of each worker (measured). A worker reads local files alone. What is
left out can be loaded later all the same.
"""

import logging
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_CLIENTS: Final = ("boto3", "pymongo", "hdfs", "google.cloud.bigquery")  # Beam loads each if it is there
_COMMANDS: Final = "spacy.cli"


def load() -> None:
    """Load both, where they are not loaded yet. For a process of our own: in others they may be wanted whole."""
    with _without_clients():
        import apache_beam  # noqa: F401
    with _without_commands():
        import spacy  # noqa: F401


@contextmanager
def _without_clients() -> Iterator[None]:
    left_out = [name for name in _CLIENTS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(left_out))  # type: ignore[arg-type]  # None: not to be found
    told = logging.root.manager.disable
    logging.disable(logging.WARNING)  # Beam warns of what it does not find
    try:
        yield
    finally:
        logging.disable(told)
        for name in left_out:
            del sys.modules[name]


@contextmanager
def _without_commands() -> Iterator[None]:
    if "spacy" in sys.modules:
        yield
        return
    commands, info = types.ModuleType(_COMMANDS), types.ModuleType(f"{_COMMANDS}.info")
    commands.__path__ = []
    info.info = None  # type: ignore[attr-defined]  # all that spaCy itself takes of them
    sys.modules |= {module.__name__: module for module in (commands, info)}
    try:
        yield
    finally:
        for module in (commands, info):
            del sys.modules[module.__name__]
