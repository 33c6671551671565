"""Prepared rows, and a commit of them in one call."""

import datetime as dt
from typing import Any

from pipeline.dataset import Commit, Manifest, Writer
from schemas.article import Article
from schemas.figure import Figure
from schemas.ids import digest, text_sha256
from schemas.reject import Reject
from transforms.flow.write import write_rows


def article(number: int, *, version: int = 1, addition: str = "", run: str = "r") -> Article:
    """The article of a number; with an addition its text is another."""
    text = f"Article {number} counts {number} troops.{addition}"
    return Article(
        article_id=digest("article", number),
        version=version,
        source_uri="prepared",
        input_format="jsonl",
        fetched_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        published_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=number),
        text=text,
        text_sha256=text_sha256(text),
        run_id=run,
    )


def figures(of: Article) -> list[Figure]:
    """Three rows of an article."""
    start = (of.text or "").lower().index("troops")
    return [
        Figure(
            kind="count",
            start=start + at,
            end=start + at + 1,
            text=(of.text or "")[start + at],
            rule="prepared",
            row_id=digest(of.text_sha256, at),
            article_id=of.article_id,
            version=of.version,
            published_at=of.published_at,
            run_id=of.run_id,
        )
        for at in range(3)
    ]


def reject(uri: str = "prepared", *, run: str = "r") -> Reject:
    """A record that became no row."""
    return Reject(scope="record", step="parse", reason="bad_json", message="not JSON", source_uri=uri, position="line 3", run_id=run)


def commit_rows(writer: Writer, run: str, slice: str, rows: dict[str, list[Any]], **more: Any) -> Manifest:
    """Stage the rows of each table as one file and commit them; `more` goes into the Commit."""
    folder = writer.staging(run, slice)
    staged = [write_rows(table, found, folder, "0000") for table, found in rows.items() if found]
    counts = {table: len(found) for table, found in rows.items() if found}
    return writer.commit(Commit(run=run, slice=slice, staged=staged, rows=counts, **more))
