"""A folder to begin with: options, sample articles and feeds, all that a first run needs, from what is installed here."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from pipeline.dataset.errors import writable
from pipeline.options import UsageError

_SAMPLES: Final = ("articles", "feeds")


def begin(folder: Path) -> list[Path]:
    """Put the files there, and return them. Raises UsageError, before anything is written, where one of them is there already."""
    samples = files("seeds")
    wanted = dict(_below(samples.joinpath("start"), folder))
    for name in _SAMPLES:
        wanted |= dict(_below(samples.joinpath(name), folder / name))
    if there := next((path for path in wanted if path.exists()), None):
        raise UsageError(f"{there}: is there already, and nothing is written over; choose another folder")
    with writable(folder):
        for path, sample in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(sample.read_bytes())
    return list(wanted)


def _below(samples: Traversable, folder: Path) -> Iterator[tuple[Path, Traversable]]:
    for sample in sorted(samples.iterdir(), key=lambda each: each.name):
        if sample.is_file():
            yield folder / sample.name, sample
