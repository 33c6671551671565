"""What one graph is built from; apart from `build`, so that a run with nothing to do need not load Beam."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.options import RunOptions
from transforms.pinned import PINNED_MODEL
from transforms.take import Take
from transforms.user_data import NONE, UserData


@dataclass(frozen=True, slots=True)
class Graph:
    """What to take, with which model, and where to leave the rows."""

    takes: tuple[Take, ...]
    articles: int  # how many articles the takes hold
    model: str
    texts: Literal["full", "none"]
    staging: Path
    run_id: str
    own: UserData = NONE  # lexicons and gazetteer of the user

    @classmethod
    def of(cls, takes: Sequence[Take], articles: int, options: RunOptions, *, staging: Path, run_id: str) -> "Graph":
        """The graph that a run's options ask for."""
        return cls(tuple(takes), articles, options.model or PINNED_MODEL, options.texts, staging, run_id, options.own)
