"""What a dataset has seen already. Read from its own tables: there is no second store that could disagree."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.dataset.core import Dataset


@dataclass(frozen=True, slots=True)
class SeenText:
    """One committed text of an article."""

    text_sha256: str
    version: int
    run_id: str


def seen_in(dataset: Dataset, ids: Sequence[str]) -> dict[str, tuple[SeenText, ...]]:
    """The committed texts of the articles with these ids, by version; ids not there are left out.

    Memory is that of the ids and their answers, not of the dataset.
    """
    raise NotImplementedError
