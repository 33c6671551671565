"""Stored texts extracted again with today's rules: their rows are replaced, all in one commit."""

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipeline import engines
from pipeline.account import Account
from pipeline.dataset import Dataset, IntegrityError, writing
from pipeline.dataset.columns import read
from pipeline.dataset.errors import first_line
from pipeline.dataset.rewrite import Rewriting, versions_among
from pipeline.dataset.stores.store_address import shown
from pipeline.dataset.views import ask, connect
from pipeline.options import Engine, RunOptions, UsageError
from pipeline.parts import extracted
from pipeline.plan import SLICE
from pipeline.progress import SILENT, Progress
from pipeline.run import Outcome
from pipeline.run_id import new_run_id
from pipeline.slices import EXIT_OK
from schemas.tables import FACT_TABLES
from transforms.flow.take import FromDataset
from transforms.user_data import NONE, UserData

_REPLACED = ("articles", *FACT_TABLES)
_LOCAL = Engine()
_Chosen = list[tuple[str, int]]  # (article_id, version)


def rerun(
    output: Path,
    *,
    where: str | None,
    model: str | None,
    workers: int | None,
    own: UserData = NONE,
    engine: Engine = _LOCAL,
    progress: Progress = SILENT,
) -> Outcome:
    """Extract the stored texts again, all or those of which the SQL condition `where` holds, and replace their rows in one commit.

    The condition is over the columns of `articles`. Raises DatasetError, UsageError (texts were not kept, no article fits,
    bad SQL), OSError and EngineError; nothing is committed then.
    """
    started = time.monotonic()
    engines.check(engine)
    run_id = new_run_id(dt.datetime.now(dt.UTC))
    with writing(Dataset.open(output)) as writer:
        chosen = _chosen(writer.dataset, where)
        staging = writer.staging(run_id, "0000")
        options = RunOptions(sources=("dataset",), output=output, model=model, workers=workers, own=own, engine=engine)
        parts = ((tuple(_takes(writer.dataset, part)), len(part)) for part in _parts(chosen))
        progress.extracting(len(chosen), -(-len(chosen) // SLICE))
        written, staged = extracted(parts, len(chosen), staging, options, run_id, progress=progress)
        if sum(written.articles.values()) != len(chosen):
            raise IntegrityError(f"{len(chosen)} articles were taken, {sum(written.articles.values())} came back; nothing was committed")
        rewriting = Rewriting(writer.dataset, staging)
        for table in _REPLACED:
            rewriting.leave_out(table, ("article_id", "version"), versions_among(chosen))
        account = Account(seconds=time.monotonic() - started)
        account.source(shown(output)).records = account.source(shown(output)).articles = len(chosen)
        account.add_rows(written.rows, written.languages)
        told = {"rerun": where or "all", "model": model} | own.shown()
        writer.commit(rewriting.commit(run=run_id, slice="0000", also=staged, account=account.as_dict(), options=told))
    account.seconds = time.monotonic() - started
    return Outcome(run_id, account, (), committed=True, exit_code=EXIT_OK)


def _chosen(dataset: Dataset, where: str | None) -> _Chosen:
    """The article versions to extract again. A condition looks at the latest versions, none means every version."""
    if where is not None and not where.strip():  # a variable that was not set
        raise UsageError("--where is empty; give a condition, or leave the option out to extract all again")
    table = "articles_all" if where is None else "articles"
    with connect(dataset) as connection:
        sql = f"SELECT article_id, version, text IS NULL FROM {table} WHERE {where or 'true'} ORDER BY article_id, version"
        try:
            rows = ask(connection, sql).fetchall()
        except (ValueError, duckdb.Error) as error:
            raise UsageError(f"--where is no condition: {first_line(error)}") from error
    if not rows:
        raise UsageError("no article fits; nothing was done" if where else "the dataset holds no articles; nothing was done")
    if without := sum(1 for row in rows if row[2]):
        raise UsageError(f"{without} of {len(rows)} articles were stored with --text none: their texts cannot be extracted again")
    return [(article, version) for article, version, _ in rows]


def _parts(chosen: _Chosen) -> Iterator[_Chosen]:
    for at in range(0, len(chosen), SLICE):
        yield chosen[at : at + SLICE]


def _takes(dataset: Dataset, part: _Chosen) -> Iterator[FromDataset]:
    """Which of the wanted articles stand in which file."""
    wanted = set(part)
    for file in dataset.live_files("articles"):
        table = read(dataset, file, ("article_id", "version"))
        here = wanted & set(zip(table["article_id"].to_pylist(), table["version"].to_pylist(), strict=True))
        if here:
            yield FromDataset(str(dataset.fetched(file.path)), tuple(sorted(here)))
