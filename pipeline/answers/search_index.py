"""The words of all articles, to be searched: one SQLite file with FTS5 below the dataset, derived and kept current by whoever searches.

FTS5 since it is in Python already, keeps its index in one file, ranks by BM25 and stems English words; tantivy would be a wheel of its own for
the same, and DuckDB's extension for it is downloaded when it is first used. The file holds words and where they stand, no texts: these are
read from the tables. It is never changed in place: a copy is brought up to date and renamed, so that readers meet one or the other.

`forget` deletes it with the other indices (`dataset.index.drop_all`). One that was made beside a takedown knows an older one: it is deleted
by whoever made it, and made anew by whoever finds it.
"""

import contextlib
import errno
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from pipeline.dataset import Dataset, StoreError
from pipeline.dataset.recover import INDICES
from pipeline.options import UsageError
from transforms.flow.durable import make_folder

if TYPE_CHECKING:
    from pipeline.dataset.stores.mirror import Mirror

FILE: Final = "search.sqlite"
TOKENS: Final = "porter unicode61 remove_diacritics 2"
_FORMAT: Final = 1  # of the file; another one is made anew
_READ_ONLY: Final = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT)
_TRIES: Final = 3
_ROWS: Final = 2000  # articles fetched at once
_MANY: Final = 5000  # articles to be indexed of which a person is told, since it takes seconds
_MOST_DEAD: Final = 0.3  # share of articles in it that are no more; past that it is made anew

_TABLES: Final = f"""
CREATE VIRTUAL TABLE texts USING fts5(title, text, content='', tokenize="{TOKENS}");
CREATE TABLE docs (doc INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE, mark TEXT NOT NULL);
CREATE TABLE state (format INTEGER, takedown INTEGER, sequence INTEGER, texts INTEGER);
"""

# What there is to be searched now: `mark` changes with the text and with the run that read it.
_LIVE: Final = "SELECT article_id, version || ' ' || text_sha256 || ' ' || run_id AS mark FROM articles"

_TEXTS: Final = "SELECT article_id, title, text FROM (SELECT unnest($wanted) AS article_id) JOIN articles USING (article_id)"

# Of an article that is kept without its text, the words of its quotes and facts.
_ROWS_ALONE: Final = """
SELECT article_id, string_agg(DISTINCT text, chr(10)) FROM (SELECT unnest($wanted) AS article_id)
JOIN (SELECT article_id, text FROM quotes UNION ALL SELECT article_id, text FROM facts) USING (article_id) GROUP BY article_id
"""


@contextlib.contextmanager
def index_of(dataset: Dataset, connection: duckdb.DuckDBPyConnection, tell: Callable[[str], None]) -> Iterator[sqlite3.Connection]:
    """The index of a dataset as `connection` shows it, brought up to date. Raises UsageError where this Python's SQLite lacks FTS5."""
    path = dataset.root / INDICES / FILE
    if dataset.mirror:
        dataset.mirror.fetch_derived(FILE)
    kept = path if _state(path) == _wanted(dataset) else _renewed(dataset, connection, path, tell)
    try:
        opened = sqlite3.connect(f"{kept.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        with contextlib.closing(opened):
            yield opened
    finally:
        if kept != path:
            kept.unlink(missing_ok=True)


def _wanted(dataset: Dataset) -> tuple[int, int, int]:
    return _FORMAT, dataset.log.takedown, dataset.log.sequence


def _state(path: Path) -> tuple[int, int, int] | None:
    """Format, takedown and sequence of an index; None where there is none, or it is not whole."""
    if not path.is_file():
        return None
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            found = db.execute("SELECT format, takedown, sequence FROM state").fetchone()
    except sqlite3.Error:
        return None
    return tuple(found) if found else None


def _renewed(dataset: Dataset, connection: duckdb.DuckDBPyConnection, path: Path, tell: Callable[[str], None]) -> Path:
    """Where an index that is up to date lies: in its place, or in a temporary file where that cannot be written."""
    for _ in range(_TRIES):
        try:
            _renew(dataset, connection, path, tell)
        except FileNotFoundError:  # a writer that began meanwhile has cleared away what was unfinished
            continue
        except OSError as error:
            if error.errno not in _READ_ONLY:
                raise
            tell(f"{path.parent}: cannot be written ({error.strerror}), so the index is made anew for each search")
            break
        if dataset.mirror:
            _publish(dataset.mirror, tell)
        if Dataset.open(dataset.root).log.takedown != dataset.log.takedown:  # what was just written may hold what was just forgotten
            path.unlink(missing_ok=True)
            if dataset.mirror:
                dataset.mirror.drop_derived(FILE)
            raise duckdb.IOException("an article was taken out meanwhile")  # `steadily` begins again
        return path
    handle, aside = tempfile.mkstemp(prefix="factwire-", suffix=".sqlite")
    os.close(handle)
    _fill(Path(aside), dataset, connection, tell)
    return Path(aside)


def _publish(mirror: "Mirror", tell: Callable[[str], None]) -> None:
    """Let others have the index too; whoever may only read a store does without."""
    try:
        mirror.keep_derived(FILE)
    except StoreError as error:
        tell(f"{error}; so the index is made anew for each search")


def _renew(dataset: Dataset, connection: duckdb.DuckDBPyConnection, path: Path, tell: Callable[[str], None]) -> None:
    """Put an index in its place that is up to date. Raises OSError."""
    unfinished = path.with_name(f".{FILE}.{secrets.token_hex(4)}.tmp")
    make_folder(path.parent)
    unfinished.touch()
    try:
        state = _state(path)
        if state and state[:2] == _wanted(dataset)[:2]:
            shutil.copyfile(path, unfinished)
        _fill(unfinished, dataset, connection, tell)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _fill(path: Path, dataset: Dataset, connection: duckdb.DuckDBPyConnection, tell: Callable[[str], None]) -> None:
    """Bring the index at `path` to what the tables hold; an empty file is one that holds nothing."""
    live = dict(connection.execute(_LIVE).fetchall())
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")  # nobody else has it, and a broken one is thrown away
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        known = _still_known(db, live) if path.stat().st_size else None
        if known is None:
            _create(db)
            known = {}
        fresh = [article for article, mark in live.items() if known.get(article) != mark]
        if len(fresh) > _MANY:
            tell(f"indexing {len(fresh):,} articles; later searches index what is new")
        for at in range(0, len(fresh), _ROWS):
            for article, title, text in _texts(connection, fresh[at : at + _ROWS]):
                doc = db.execute("INSERT INTO docs (article_id, mark) VALUES (?, ?)", (article, live[article])).lastrowid
                db.execute("INSERT INTO texts (rowid, title, text) VALUES (?, ?, ?)", (doc, title, text))
        ever = _ever(db) + len(fresh)
        db.execute("DELETE FROM state")
        db.execute("INSERT INTO state VALUES (?, ?, ?, ?)", (*_wanted(dataset), ever))
        db.execute("COMMIT")


def _texts(connection: duckdb.DuckDBPyConnection, wanted: Sequence[str]) -> Iterator[tuple[str, str | None, str | None]]:
    """Articles with their titles and what of their words is kept."""
    found = connection.execute(_TEXTS, {"wanted": wanted}).fetchall()
    alone = [article for article, _, text in found if text is None]
    instead = dict(connection.execute(_ROWS_ALONE, {"wanted": alone}).fetchall()) if alone else {}
    for article, title, text in found:
        yield article, title, text if text is not None else instead.get(article)


def _still_known(db: sqlite3.Connection, live: dict[str, str]) -> dict[str, str] | None:
    """What an index tells of that still is as it was; the rest is no longer found. None where so much is gone that it is made anew."""
    known: dict[str, str] = dict(db.execute("SELECT article_id, mark FROM docs"))
    dead = [article for article, mark in known.items() if live.get(article) != mark]
    if len(known) - len(dead) < (1 - _MOST_DEAD) * _ever(db):
        for table in ("texts", "docs", "state"):
            db.execute(f"DROP TABLE {table}")
        return None
    db.executemany("DELETE FROM docs WHERE article_id = ?", ((article,) for article in dead))
    return {article: mark for article, mark in known.items() if live.get(article) == mark}


def _ever(db: sqlite3.Connection) -> int:
    """How many articles were ever written to it."""
    found = db.execute("SELECT texts FROM state").fetchone()
    return found[0] if found else 0


def _create(db: sqlite3.Connection) -> None:
    try:
        for statement in _TABLES.split(";"):
            db.execute(statement)
    except sqlite3.OperationalError as error:
        if "fts5" in str(error):
            raise UsageError("the SQLite of this Python was built without FTS5, which searches; use another build of Python") from error
        raise
