"""What a run needs of workers on other machines: it is asked of them before the run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.dataset.stores.open_mirrors import mirror_of
from pipeline.options import RunOptions
from transforms.parse.pinned_model import PINNED_MODEL
from transforms.read import Source

_ASKED: Final = 500  # files that each worker is asked about; of more, so many that lie evenly among them


@dataclass(frozen=True, slots=True)
class Reach:
    """The folder that is staged in (the dataset's, or its mirror's), the files that are to be read, and the model."""

    output: Path
    files: tuple[Path, ...]
    model: str

    @classmethod
    def of(cls, options: RunOptions, sources: Sequence[Source] = ()) -> "Reach":
        """What a run with these options over these sources needs. What is fetched lies in the dataset's folder."""
        files = [Path(source.path) for source in sources if not source.origin and not source.address]
        own = [each for each in (options.own.lexicons, options.own.gazetteer) if each]
        step = max(1, -(-len(files) // _ASKED))
        mirror = mirror_of(options.output)
        return cls(mirror.root if mirror else options.output, (*files[::step], *own), options.model or PINNED_MODEL)
