"""Rows of a table by an id that they have: only the files that may hold one are looked into, and only their columns that are wanted."""

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.dataset.columns import empty, kept_columns
from pipeline.dataset.core import Dataset
from pipeline.dataset.index import holding


def rows_with(dataset: Dataset, table: str, column: str, ids: Iterable[str], columns: Sequence[str]) -> pa.Table:
    """The committed rows of a table (articles or clusters) whose `column` is one of the ids.

    Memory is that of the answer and of one file's columns. Raises DamagedDatasetError where a file that may hold one is missing or
    cannot be read.
    """
    wanted = pa.array(sorted(set(ids)), pa.string())
    found = [empty(table, columns)]
    for file in holding(dataset, table, wanted.to_pylist()) if len(wanted) else ():
        rows = kept_columns(dataset, file, columns)
        found.append(rows.filter(pc.is_in(rows[column], value_set=wanted)))
    return pa.concat_tables(found)
