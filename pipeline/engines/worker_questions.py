"""What a worker is asked before a run. The text of this file is sent to it, since it may have no Factwire: Python's own modules only."""

import contextlib
import sys
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any


def told(distributions: list[str], model: str, files: list[tuple[str, int]], probe: str) -> dict[str, Any]:
    """What the worker is and sees: its Python, versions, which code of ours, which of the files (path, bytes) it sees otherwise.

    `probe` is a folder into which it is to write; "unwritten" tells why it cannot.
    """
    return {
        "python": python(),
        "distributions": {name: version_of(name) for name in distributions},
        "model": version_of(model),
        "stamp": stamp(),
        "unseen": [path for path, size in files if size_of(path) != size],
        "unwritten": unwritten(probe),
    }


def python() -> str:
    """Which Python it runs, without what does not matter to other Pythons."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def version_of(name: str) -> str | None:
    """The version of an installed distribution, or of a model its folder's size on disk; None where it is not there."""
    if (size := size_of(f"{name}/meta.json")) is not None:
        return f"of {size} bytes"
    with contextlib.suppress(metadata.PackageNotFoundError, ValueError):
        return metadata.version(name)
    return None


def stamp() -> str | None:
    """Which code of ours it runs, or None where it has none, or another's by that name."""
    try:
        from pipeline.engines.stamp import STAMP
    except Exception:  # whatever it is that bears the name
        return None
    return STAMP


def size_of(path: str) -> int | None:
    """The size of a file in bytes, or None where it cannot be looked at."""
    with contextlib.suppress(OSError):
        return Path(path).stat().st_size
    return None


def unwritten(probe: str) -> str | None:
    """Why it cannot write there, or None where it can."""
    try:
        (Path(probe) / uuid.uuid4().hex).touch()
    except OSError as error:
        return error.strerror or str(error)
    return None
