"""Where the rows of a graph belong."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """A staging folder, the run that its rows are marked with, and what begins the names of the files."""

    staging: Path
    run_id: str
    share: str = ""  # where other graphs write into the same folder
