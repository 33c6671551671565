"""SQL over a dataset: DuckDB views of every table, over the committed files and nothing else.

The files of one schema version all have the same columns, so each version is one `read_parquet` of a list from the
manifests (never a glob), and versions are united by column name: opening reads one footer a version, not one a file.
Folders are no columns: a dataset below one that is called `text=x` would else have that in the place of its texts.
"""

import dataclasses
import functools
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import duckdb
import pyarrow as pa

from pipeline.dataset import comparisons
from pipeline.dataset.core import Dataset
from pipeline.dataset.corrected import Laid, corrected_tables, corrected_view, corrections_of, corrections_view, laid
from pipeline.dataset.duckdb_files import reach
from pipeline.dataset.errors import RESTORE, DamagedDatasetError, first_line
from pipeline.dataset.sentence_sql import MACROS
from pipeline.rules import rules
from schemas.arrow import arrow_schema
from schemas.sql import sql_text, sql_type
from schemas.tables import FACT_TABLES, TABLES

T = TypeVar("T")

OTHER_VIEWS: Final = {  # beside the tables: what a row is
    "runs": "One commit of a run or of an upkeep verb (of long ago: the commits of a day): when, with which options, and its account.",
    "rules": "One rule that makes rows: why it is there, and how often it was right on our own gold.",
}

_FIGURES: Final = ("records", "articles", "rejects", "repeats", "unchanged", "filtered")  # of the account, as columns of `runs`

_RUNS: Final = pa.schema(
    [
        pa.field("sequence", pa.int64(), False),
        ("run_id", pa.string()),
        ("slice", pa.string()),
        ("created_at", pa.timestamp("us", tz="UTC")),
        ("factwire", pa.string()),
        ("commits", pa.int64()),
        *((name, pa.int64()) for name in _FIGURES),
        ("rows", pa.map_(pa.string(), pa.int64())),
        ("account", pa.string()),
        ("options", pa.string()),
        ("timings", pa.string()),
    ]
)

_RULES: Final = pa.schema(
    [("table_name", pa.string()), ("rule", pa.string()), ("reason", pa.string()), ("precision", pa.float64()), ("support", pa.int64())]
)

_TRIES: Final = 5
_FILES: Final = pa.schema([("path", pa.string()), ("sequence", pa.int64())])

_LATEST: Final = """
CREATE VIEW internal.latest AS
SELECT article_id, max(version) AS version FROM main.articles_all GROUP BY article_id;

CREATE VIEW internal.newest_clusters AS
SELECT c.* FROM internal.clusters_by_file c JOIN internal.files f ON f.path = c.filename
QUALIFY row_number() OVER (PARTITION BY article_id, version ORDER BY revision DESC, f.sequence DESC, cluster_id) = 1;

CREATE VIEW main.clusters AS
SELECT * EXCLUDE (filename) FROM internal.newest_clusters SEMI JOIN internal.latest USING (article_id, version);

CREATE VIEW main.articles AS
SELECT a.*,
    coalesce(c.cluster_id, a.article_id) AS cluster_id,
    coalesce(c.is_canonical, true) AS is_canonical,
    c.duplicate_kind
FROM main.articles_all a
SEMI JOIN internal.latest USING (article_id, version)
LEFT JOIN internal.newest_clusters c USING (article_id, version);

CREATE VIEW main.rejects AS SELECT * FROM main.rejects_all;
"""


def connect(dataset: Dataset) -> duckdb.DuckDBPyConnection:
    """A connection with a view `<table>` (latest version of each article) and `<table>_all` of each table, and `runs`.

    `articles` has cluster_id, is_canonical and duplicate_kind beside its own columns; an article that nobody has
    clustered stands for itself. `runs` has one row a commit, with its account but for the single sources; of long ago, one row for the `commits` of a day. `rules` has
    the rules that make rows, with their precision on our own gold and how many rows were judged there. A table without
    rows has its columns too. Times are shown in UTC. No file but the committed ones can be opened and no setting
    changed; SQL that a user gives goes through `ask`, since those files could still be written to.
    """
    files = {dataset.path_of(added): added.sequence for added in dataset.log.files.values()}
    connection = duckdb.connect(":memory:")
    reach(connection, dataset, files)
    connection.execute(f"SET TimeZone = 'UTC'; CREATE SCHEMA internal; {_empty_tables()}")
    _make_table(connection, "internal.files", pa.table([list(files), list(files.values())], schema=_FILES))
    try:
        connection.execute(_views(dataset, laid(corrections_of(dataset))))
    except (duckdb.Error, FileNotFoundError) as error:  # it looks into the files for their columns
        raise DamagedDatasetError(
            f"{dataset.shown}: a committed file is missing or cannot be read ({first_line(error)}); {RESTORE}"
        ) from error
    connection.execute(MACROS + comparisons.macro())
    for name, rows in (("runs", _runs(dataset)), ("rules", _rules())):
        _make_table(connection, f"internal.{name}", rows)
        connection.execute(f"CREATE VIEW main.{name} AS FROM internal.{name}")
    _lock_down(connection, list(files))
    return connection


def _views(dataset: Dataset, corrected: dict[str, Laid]) -> str:
    """SQL for the views of all tables, over the tables in `internal` that must be there. Those that were corrected show what holds."""
    views = []
    for table in TABLES:
        made = f"internal.{table}_made" if table in corrected else f"main.{table}_all"
        views.append(f"CREATE VIEW {made} AS {_rows_of(dataset, table)}")
        if table in corrected:
            views.append(f"CREATE VIEW main.{table}_all AS {corrected_view(table, corrected[table])}")
    views += [f"CREATE VIEW internal.clusters_by_file AS {_rows_of(dataset, 'clusters', 'filename')}", _LATEST]
    views += [
        f"CREATE VIEW main.{table} AS FROM main.{table}_all SEMI JOIN internal.latest USING (article_id, version)" for table in FACT_TABLES
    ]
    views.append(f"CREATE VIEW main.corrections AS {corrections_view(corrected)}")
    return corrected_tables(corrected) + "\n\n" + ";\n\n".join(each.strip().rstrip(";") for each in views) + ";\n"


def script(dataset: Dataset) -> str:
    """SQL that makes the same views in any DuckDB, over the committed files by their whole paths; `runs` is not among them."""
    whole = dataset if dataset.mirror else dataclasses.replace(dataset, root=dataset.root.resolve())
    files = [(whole.path_of(added), added.sequence) for added in whole.log.files.values()]
    listed = ",\n    ".join(f"({sql_text(path)}, {sequence})" for path, sequence in files)
    rules = ",\n    ".join(f"({', '.join(map(sql_text, row.values()))})" for row in _rules().to_pylist())
    names = ", ".join(_RULES.names)
    empty = _empty_tables().replace("CREATE TABLE", "CREATE OR REPLACE TABLE").replace(";", ";\n")
    made = [
        "CREATE SCHEMA IF NOT EXISTS internal;",
        f"{empty};",
        "CREATE OR REPLACE TABLE internal.files (path VARCHAR, sequence BIGINT);",
        *([f"INSERT INTO internal.files VALUES\n    {listed};"] if files else []),
        _views(whole, laid(corrections_of(whole))).replace("CREATE VIEW", "CREATE OR REPLACE VIEW"),
        f"CREATE OR REPLACE VIEW main.rules AS FROM (VALUES\n    {rules}) AS r({names});",
        (MACROS + comparisons.macro()).strip().replace("CREATE MACRO", "CREATE OR REPLACE MACRO"),
    ]
    return "\n\n".join(made) + "\n"


def steadily(path: Path, work: Callable[[Dataset], T]) -> T:
    """What `work` makes of the dataset at `path`; once more where a writer has meanwhile merged files away from under it.

    Readers take no lock. Raises what `Dataset.open` and `work` raise.
    """
    for left in reversed(range(_TRIES)):
        dataset = Dataset.open(path)
        try:
            return work(dataset)
        except (DamagedDatasetError, duckdb.Error):  # DuckDB has several words for a file that is gone
            if not left or Dataset.open(path).log.sequence == dataset.log.sequence:
                raise
    raise AssertionError  # the last try returns or raises


def ask(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
    """Run one query that a user gives, and return the connection to fetch its rows from. Raises as `check` does."""
    check(connection, sql)
    return connection.execute(sql)


def check(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Look whether SQL that a user gives may be asked.

    Raises duckdb.Error for SQL that is wrong, ValueError for what is not one statement that reads: DuckDB counts
    `WITH x AS (COPY ...) SELECT` as a SELECT, so its own `query()` is asked, which takes nothing that writes.
    """
    if any("\ud800" <= character <= "\udfff" for character in sql):
        raise ValueError("the query holds bytes that are no UTF-8; write it in UTF-8")
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ValueError("only one SELECT (or FROM, WITH, VALUES, DESCRIBE, SHOW, SUMMARIZE) can be asked of a dataset")
    try:
        connection.execute("SELECT * FROM query($sql) LIMIT 0", {"sql": sql})
    except duckdb.Error as error:
        connection.execute(f"EXPLAIN {sql}")  # raises what is wrong in the words of the user's own SQL
        raise ValueError("a query of a dataset cannot write") from error


def _rows_of(dataset: Dataset, table: str, *extra: str) -> str:
    """SQL for all committed rows of a table with its columns as they are today; older files lack some, which are null.

    `extra` names virtual columns of the files that are wanted too, such as DuckDB's `filename`.
    """
    by_schema: defaultdict[int, list[str]] = defaultdict(list)
    for added in dataset.live_files(table):
        by_schema[added.schema].append(dataset.path_of(added))
    columns = ", ".join(("*", *extra))
    empty = ", ".join(("*", *(f"NULL::VARCHAR AS {name}" for name in extra)))
    parts = [f"SELECT {empty} FROM internal.{table}_columns"]
    # The paths stand in the SQL: a view cannot take parameters.
    parts += [f"SELECT {columns} FROM read_parquet({sql_text(paths)}, hive_partitioning = false)" for _, paths in sorted(by_schema.items())]
    return " UNION ALL BY NAME ".join(parts)


@functools.cache
def _empty_tables() -> str:
    """SQL for a table without rows for each of ours: its columns are there even where no file is."""
    made = []
    records: dict[str, Any] = TABLES
    for table, cls in records.items():
        columns = ", ".join(f'"{field.name}" {sql_type(field.type)}' for field in arrow_schema(cls))
        made.append(f"CREATE TABLE internal.{table}_columns ({columns})")
    return ";".join(made)


@functools.cache
def _rules() -> pa.Table:
    """The list of rules, made once: a run connects for each of its slices."""
    rows = [(rule.table, rule.name, rule.reason, rule.precision, rule.support) for rule in rules()]
    return pa.table([list(column) for column in zip(*rows, strict=True)], schema=_RULES)


def _make_table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    connection.register("arriving", rows)
    connection.execute(f"CREATE TABLE {name} AS FROM arriving")
    connection.unregister("arriving")


def _runs(dataset: Dataset) -> pa.Table:
    """One row a commit: its name, what it wrote, and its account."""
    rows = [
        {
            "sequence": commit.sequence,
            "run_id": commit.run,
            "slice": commit.slice,
            "created_at": commit.moment,
            "factwire": commit.factwire,
            "commits": commit.commits,
            **{name: commit.account.get(name) for name in _FIGURES},
            "rows": list(commit.rows.items()),
            "account": json.dumps(commit.account),
            "options": json.dumps(commit.options),
            "timings": json.dumps(commit.timings),
        }
        for commit in dataset.commits
    ]
    return pa.Table.from_pylist(rows, schema=_RUNS)


def _lock_down(connection: duckdb.DuckDBPyConnection, paths: list[str]) -> None:
    """Leave a connection no file but these, no extension, no setting; what does not fit in memory spills to a temporary folder."""
    spill = Path(tempfile.gettempdir()) / f"factwire-query-{os.getpid()}"
    connection.execute(f"SET temp_directory = {sql_text(str(spill))}")
    connection.execute(f"SET allowed_paths = {sql_text(paths)}")
    connection.execute("SET autoload_known_extensions = false; SET autoinstall_known_extensions = false")
    connection.execute("SET python_enable_replacements = false")  # FROM x is a table, never a variable of the caller
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")
