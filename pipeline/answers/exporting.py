"""A dataset in files that other programs open: one file a table, or a script of views."""

from collections.abc import Callable
from pathlib import Path

from pipeline.answers import exported_files
from pipeline.dataset import Dataset
from pipeline.dataset.views import OTHER_VIEWS, connect, script, steadily
from pipeline.options import UsageError
from schemas.tables import TABLES

_HEAD = """-- The tables of a Factwire dataset as views for DuckDB, over its files as of commit {sequence}:
--   {root}
-- <table> has the latest version of each article, <table>_all has every version; sentence_at(articles.text, "start", "end") is a row's sentence.
-- In a notebook or the command line: .read {name}; in DBeaver or Python: run it as it is. Later commits are not in it: write it anew
-- with factwire views.
"""


def export(path: Path, folder: Path, form: str, told: Callable[[str], None]) -> dict[Path, int]:
    """Write one file a table, the latest version of each article, into a folder; the rows of each. Files of an earlier export are replaced.

    Raises UsageError for a folder inside the dataset, DatasetError, OSError.
    """
    inside = folder.resolve()
    if inside.is_relative_to(path.resolve()):
        raise UsageError(f"{folder}: lies inside the dataset, whose files are its own; name a folder outside {path}")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is not a folder; name one")
    folder.mkdir(parents=True, exist_ok=True)
    return steadily(path, lambda dataset: _exported(dataset, folder, form, told))


def _exported(dataset: Dataset, folder: Path, form: str, told: Callable[[str], None]) -> dict[Path, int]:
    counts = {}
    with connect(dataset) as connection:
        for table in (*TABLES, *OTHER_VIEWS):
            file = folder / f"{table}{exported_files.ENDINGS[form]}"
            counts[file] = exported_files.write(file, form, connection, f"FROM {table}", told)
    return counts


def views(path: Path, name: str) -> str:
    """A script that makes a dataset's views in any DuckDB. Raises DatasetError."""
    return steadily(
        path,
        lambda dataset: (
            _HEAD.format(
                sequence=dataset.log.sequence, root=dataset.mirror.address if dataset.mirror else dataset.root.resolve(), name=name
            )
            + "\n"
            + script(dataset)
        ),
    )
