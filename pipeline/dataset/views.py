"""SQL over a dataset: DuckDB views of every table, over the committed files and nothing else."""

import duckdb

from pipeline.dataset.core import Dataset


def connect(dataset: Dataset) -> duckdb.DuckDBPyConnection:
    """A connection with a view `<table>` (latest version of each article) and `<table>_all` of each table, and `runs`.

    `articles` has cluster_id, is_canonical and duplicate_kind beside its own columns. Nothing but the dataset's
    committed files can be read through it, and its settings are locked.
    """
    raise NotImplementedError


def ask(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
    """Run one SELECT (or DESCRIBE, SHOW, SUMMARIZE, VALUES). Raises duckdb.Error, and ValueError for any other statement."""
    raise NotImplementedError
