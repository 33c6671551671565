"""Takes extracted part by part into one staging folder, for verbs that commit all of it at once."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline import engines
from pipeline.account import Written
from pipeline.engines.reach import Reach
from pipeline.graph import Graph
from pipeline.options import RunOptions
from pipeline.progress import Progress
from transforms.flow.take import Take
from transforms.flow.write import StagedFile

Part = tuple[Sequence[Take], int]  # takes, and how many articles they hold


def extracted(
    parts: Iterable[Part], articles: int, staging: Path, options: RunOptions, run_id: str, *, progress: Progress
) -> tuple[Written, list[StagedFile]]:
    """The rows of all parts, staged: a graph a part bounds the memory. `articles` is how many there are in all.

    Raises what `engines.started` says.
    """
    receipts, files = [], []
    with engines.started(options.engine, Reach.of(options)) as execute:
        for number, (takes, count) in enumerate(parts):
            folder = staging / f"part{number:04d}"
            folder.mkdir()
            graph = Graph.of(takes, count, options, staging=folder, run_id=run_id)
            progress.began(graph)
            got = execute(graph, options.workers_for(articles))
            progress.ended(graph)
            receipts += got
            files += [_moved(f, folder, staging, number) for r in got for f in r.files]
    return Written.of(receipts), files


def _moved(file: StagedFile, folder: Path, staging: Path, number: int) -> StagedFile:
    """A file of one part under a name that no other part has, in the staging folder that is committed."""
    name = f"{file.table}/p{number:04d}.{Path(file.path).name}"
    (staging / file.table).mkdir(exist_ok=True)
    (folder / file.path).rename(staging / name)
    return StagedFile(file.table, name, file.rows, file.bytes, file.sha256)
